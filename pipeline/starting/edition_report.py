"""Reports what became of an instrument from one edition to the next, with the reason of each proposal."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.starting.next_edition import Proposed
from questionnaire.declaration.earlier.editions import EDITIONS
from questionnaire.declaration.earlier.wordings_before import WORDINGS_BEFORE
from questionnaire.messages import LANGUAGES, say
from questionnaire.proposals.edition_changes import Change, How

_WORDS = "editions"


def language_of_report(official: str) -> str:
    """The language of the report: that of the instrument, where Acopio speaks it."""
    return official if official in LANGUAGES else "en"


def edition_lines(proposed: Proposed, folder: Path, shown: Callable[[Path], str]) -> Iterator[str]:
    """The report: what changed and was written, then what is to be decided, each with the lines to choose from."""
    language = language_of_report(proposed.now.official_language)
    yield say(_WORDS, "compared", language, then=proposed.then.edition, now=proposed.now.edition)
    certain = [one for one in proposed.changes if one.how is not How.ASKED]
    asked = [one for one in proposed.changes if one.how is How.ASKED]
    if not proposed.changes:
        yield say(_WORDS, "nothing", language)
    yield from (f"  {_said(one, language)}" for one in certain)
    for line in proposed.ambiguous:
        yield say(_WORDS, "wording_left_out", language, line=",".join(line))
    files = {"editions_file": shown(folder / EDITIONS), "wordings_file": shown(folder / WORDINGS_BEFORE)}
    counts = {"editions": len(proposed.editions), "wordings": len(proposed.wordings)}
    yield say(_WORDS, "written", language, **files, **counts)
    if asked:
        yield ""
        yield say(_WORDS, "questions", language, count=len(asked), file=shown(folder / EDITIONS))
    for one in asked:
        yield f"  {_said(one, language)}"
        begin = f"{proposed.then.edition},{one.kind},{one.then}"
        for code in one.candidates:
            yield f"      {say(_WORDS, 'line_same', language, line=f'{begin},{code}')}"
        yield f"      {say(_WORDS, 'line_gone', language, line=f'{begin},')}"


def _said(change: Change, language: str) -> str:
    return say(
        _WORDS,
        change.how,
        language,
        kind=say(_WORDS, f"kind_{change.kind}", language),
        then=change.then,
        now=change.now or say(_WORDS, "no_longer", language),
        reason=say(_WORDS, change.reason, language, **change.values),
    )
