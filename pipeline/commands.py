"""Writes the commands that a message tells a person to type: exact, quoted, safe to paste whatever a file is called."""

import shlex
from collections.abc import Collection, Mapping

from pipeline.reading.attribution.file_names import named_in
from pipeline.receiving.store import Store
from pipeline.safe_text import harmless
from questionnaire.rounds.round import Round

_UNKNOWN = "CODE"
_SHORT_HASH = 12


def accept_command(round_: Round, file: str, sha256: str, claimed: str, slice_: str = "") -> str:
    """The command that accepts a file as that of the respondent it claims to be of, else of the one its name names.

    `slice_` is the part of the questionnaire that it seems to be, "" for the whole or where the file says so itself.
    """
    asked = {respondent.code for respondent in round_.participants}
    named = [code for code in named_in(file, round_.respondents) if code in asked]
    likely = claimed if claimed in asked else named[0] if len(named) == 1 else _UNKNOWN
    part = f" --slice {slice_}" if slice_ else ""
    return f'acopio accept {_folder(round_)} {_named(file, sha256)} --as {likely}{part} --why "..."'


def undo_command(round_: Round, file: str, sha256: str) -> str:
    """The command that takes an acceptance back."""
    return f'acopio accept {_folder(round_)} {_named(file, sha256)} --undo --why "..."'


def choose_command(round_: Round, file: str, sha256: str) -> str:
    """The command that makes a file count for its respondent."""
    return f'acopio choose {_folder(round_)} {_named(file, sha256)} --why "..."'


def undo_choice_command(round_: Round, file: str, sha256: str) -> str:
    """The command that takes a choice back."""
    return f'acopio choose {_folder(round_)} {_named(file, sha256)} --undo --why "..."'


def resolve_command(round_: Round, respondent: str, question: str, file: str, sha256: str) -> str:
    """The command that settles a conflict by the answer of one file."""
    about = f"{_folder(round_)} {respondent} {shlex.quote(question)}"
    return f'acopio resolve {about} --take {_named(file, sha256)} --why "..."'


def correct_command(round_: Round, respondent: str, given: Mapping[str, str]) -> str:
    """The command that corrects several answers together."""
    answers = (f"{shlex.quote(question)} {shlex.quote(value)}" for question, value in given.items())
    return f'acopio correct {_folder(round_)} {respondent} {" ".join(answers)} --by "..." --why "..."'


def undo_correction_command(round_: Round, respondent: str, question: str) -> str:
    """The command that takes a correction back."""
    return f'acopio correct {_folder(round_)} {respondent} {shlex.quote(question)} --undo --why "..."'


def approve_command(round_: Round, respondent: str) -> str:
    """The command that approves what a respondent has sent."""
    return f'acopio approve {_folder(round_)} {respondent} --why "..."'


def feedback_command(round_: Round, respondent: str) -> str:
    """The command that writes the workbook in which a respondent corrects what it sent, and a letter."""
    return f"acopio feedback {_folder(round_)} {respondent}"


def remind_command(round_: Round, respondent: str) -> str:
    """The command that writes a reminder to a respondent."""
    return f"acopio mail {_folder(round_)} {respondent} --what reminder"


def check_command(round_: Round, file: str) -> str:
    """The command that shows what is found in a file of the folder of returns, or in what a mail or archive holds."""
    return f"acopio check {shlex.quote(f'{_unquoted(round_)}/{round_.returns.name}/{file}')}"


def bring_back_command(round_: Round, file: str, sha256: str, taken: Collection[str]) -> str:
    """The command that copies a content from the store into the returns; `taken` are the names of files there."""
    name = file.rpartition("/")[2]
    target = f"{sha256[:_SHORT_HASH]}_{name}" if name in taken else name
    kept = Store(round_.store).path(sha256).relative_to(round_.folder).as_posix()
    return f"cp {_folder(round_)}/{kept} {_folder(round_)}/{round_.returns.name}/{_named(target, sha256)}"


def _folder(round_: Round) -> str:
    """The folder of a round as it is named from where its outputs stand: the same wherever a run is started."""
    return shlex.quote(_unquoted(round_))


def _unquoted(round_: Round) -> str:
    folder = round_.folder.resolve()
    return f"{folder.parent.name}/{folder.name}"


def _named(file: str, sha256: str) -> str:
    """A file's name as a shell takes it; of one that cannot be typed, the beginning of its hash."""
    return shlex.quote(file) if file.isprintable() and file == harmless(file) else sha256[:_SHORT_HASH]
