"""Reports what became of a design workbook, written or taken back: every finding with its sheet and cell."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.design_workbook.remarks import CATALOGUE
from pipeline.design_workbook.take_back import TakenBack
from pipeline.design_workbook.written import WrittenDesign
from pipeline.findings import Finding
from questionnaire.messages import say
from questionnaire.rules.rule import Severity

_MOST_SHOWN = 40
_OF_TRANSLATIONS = ("translation_missing", "translation_new")


def written_lines(written: WrittenDesign, given: str, shown: Callable[[Path], str]) -> Iterator[str]:
    """What was written, in the language of the instrument."""
    language, file = written.language, shown(written.file)
    values = {"lines": written.lines, "sheets": written.sheets, "name": shlex.quote(given), "quoted": shlex.quote(file)}
    yield say(CATALOGUE, "written", language, file=file, **values)
    if written.kept:
        yield say(CATALOGUE, "kept", language, file=shown(written.kept))
    if written.untranslated:
        yield say(CATALOGUE, "untranslated", language, count=written.untranslated)


def taken_lines(taken: TakenBack, folder: str, file: str, language: str) -> Iterator[str]:
    """What is wrong, or what was written, and what to look at."""
    wrong = [one for one in taken.findings if one.severity is Severity.ERROR]
    asked = [one for one in taken.findings if one.severity is not Severity.ERROR]
    if wrong:
        yield say(CATALOGUE, "wrong", language, count=len(wrong), file=file)
        yield from _listed(wrong, language)
    if asked:
        yield say(CATALOGUE, "asked", language, count=len(asked))
        yield from _shortened(asked, language)
    if not taken.is_taken:
        return
    if not taken.written and not taken.removed:
        yield say(CATALOGUE, "same", language, folder=folder)
        return
    yield say(CATALOGUE, "taken", language, folder=folder, files=", ".join(taken.written) or "–")
    for sheet, names in taken.added.items():
        yield say(CATALOGUE, "added", language, sheet=sheet, names=", ".join(names))
    yield say(CATALOGUE, "comments", language)
    for key, files in (("removed", taken.removed), ("unread", taken.unread)):
        if files:
            yield say(CATALOGUE, key, language, files=", ".join(files))


def _shortened(findings: Sequence[Finding], language: str) -> Iterator[str]:
    """The findings; of translations no more than can be read, since the sheet Texts lists them all."""
    texts = [one for one in findings if one.code in _OF_TRANSLATIONS]
    left_out = texts[_MOST_SHOWN:]
    yield from _listed([one for one in findings if one not in left_out], language)
    if left_out:
        yield "  " + say(CATALOGUE, "more", language, count=len(left_out))


def _listed(findings: Sequence[Finding], language: str) -> Iterator[str]:
    for one in findings:
        place = " ".join(filter(None, (one.sheet, one.cell)))
        message, remedy = (_sentence(text) for text in (one.message_in(language), one.remedy_in(language)))
        yield "  " + (
            say(CATALOGUE, "finding", language, place=place, message=message, remedy=remedy)
            if place
            else f"{message} {remedy}"
        )


def _sentence(text: str) -> str:
    """A text that ends as sentences do, and begins so."""
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."
