"""Owns looking into one file received, in a child process: what it is."""

from pipeline.formats import sniff
from pipeline.received import ReceivedFile
from pipeline.store import Store
from questionnaire.limits import Limits


def open_file(_: tuple[Store, Limits], file: ReceivedFile) -> tuple[ReceivedFile, ...]:
    """The file with its format."""
    return (file.of_format(sniff(file.path.read_bytes())),)
