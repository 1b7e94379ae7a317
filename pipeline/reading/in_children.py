"""Says what child processes that read are given, and asked to do with one file; what does it is loaded there alone."""

from dataclasses import replace

from pipeline.reading.packed import Packed
from pipeline.reading.submission import Submission, as_read
from pipeline.receiving.isolation import Lost
from pipeline.receiving.received import ReceivedFile
from questionnaire.layout import Layout
from questionnaire.rounds.identity import Identity
from questionnaire.rounds.round import Round


def given_to_readers(round_: Round) -> tuple[Round, Layout]:
    """What all of them are given: the round `as_read`, and the layout of its instrument.

    Of the previous round, which may be larger than all else, each takes little memory.
    """
    asked = as_read(round_)
    answers, lines = Packed(asked.previous_answers), Packed(asked.previous_lines)
    less = replace(asked, previous_answers=answers, previous_lines=lines, previous_suppressed=None)
    return less, Layout.of(asked)


def read_return(shared: tuple[Round, Layout], file: ReceivedFile) -> Submission:
    """Read one file; `shared` is the round `as_read` and the layout of its instrument."""
    from pipeline.reading import one_return  # noqa: PLC0415

    return one_return.read_return(shared, file)


def read_identity(_: object, file: ReceivedFile) -> Identity | Lost | None:
    """The identity that a file states first, if any; Lost for one that cannot be read."""
    from pipeline.reading import one_return  # noqa: PLC0415

    return one_return.read_identity(None, file)
