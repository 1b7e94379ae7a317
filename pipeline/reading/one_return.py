"""Reads one return in a child process, from the bytes kept; it raises nothing for a bad file."""

from pipeline.reading.submission import Submission, unread
from pipeline.reading.tidy import identity_of, tidy
from pipeline.reading.workbooks.grids import ReadError
from pipeline.receiving.isolation import Lost
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import ChangedError, read_unchanged
from questionnaire.garbage import without_collecting
from questionnaire.layout import Layout
from questionnaire.rounds.identity import Identity
from questionnaire.rounds.round import Round


def read_return(shared: tuple[Round, Layout], file: ReceivedFile) -> Submission:
    """Read one file; `shared` is the round `as_read` and the layout of its instrument."""
    round_, layout = shared
    try:
        data = read_unchanged(file.path, file.sha256)
    except ChangedError as error:
        return unread(file, "file_changed", str(error))
    # A return leaves no garbage in cycles, and looking for some was a sixth of the time.
    with without_collecting():
        return tidy(file, data, round_, layout)


def read_identity(_: object, file: ReceivedFile) -> Identity | Lost | None:
    """The identity that a file states first, if any; Lost for one that cannot be read."""
    try:
        return identity_of(read_unchanged(file.path, file.sha256))
    except ReadError as fault:
        return Lost(fault.code, fault.detail)
    except ChangedError as error:
        return Lost("file_changed", str(error))
