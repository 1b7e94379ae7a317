"""Reads slices: which part of a respondent's questionnaire one ministry fills in, read from `slices.csv` of a round.

It knows no cell: a slice has the keys, numbers and names of the whole questionnaire (`questionnaire.layout`).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from questionnaire.codelists import Wording
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.form import Instrument
from questionnaire.declared_files import required_columns
from questionnaire.rules.conditions import Ref, refs
from questionnaire.tables import Row, read_rows

EVERYBODY = "*"
"""What stands in the column `respondent` of a slice that every participant gets."""

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Slice:
    """A part of the questionnaire: for whom (a code of the frame or `EVERYBODY`) and which indicators."""

    code: str
    respondent: str
    title: Wording
    indicators: frozenset[str]

    @property
    def asked(self) -> tuple[object, ...]:
        """The same for slices that look the same and ask the same, whosever they are."""
        return self.code, tuple(self.title.items()), self.indicators


def read_slices(
    path: Path, instrument: Instrument, participants: Collection[str], languages: tuple[str, ...]
) -> tuple[Slice, ...]:
    """The slices of a round, in the order of the file; none if there is no such file.

    Raises DeclarationError (file, line, column, remedy) for a code, section, indicator or respondent there is not.
    """
    if not path.exists():
        return ()
    found: dict[tuple[str, str], Slice] = {}
    alone: set[frozenset[str]] = set()
    for row in read_rows(path, required_columns("slices.csv")):
        part = _slice(row, instrument, participants, languages)
        # Many respondents have the same slices.
        if part.indicators not in alone:
            _check_alone(row, instrument, part.indicators)
            alone.add(part.indicators)
        if (part.respondent, part.code) in found:
            what = f"the slice {part.code} stands twice for {part.respondent}"
            raise row.fault("slice", what, "Remove one of the two lines, or give one of them another code")
        found[part.respondent, part.code] = part
    return tuple(found.values())


def slices_of(slices: tuple[Slice, ...], respondent: str) -> tuple[Slice, ...]:
    """The slices of one respondent; a line of its own stands in for the line for everybody with the same code."""
    chosen: dict[str, Slice] = {}
    for part in slices:
        if part.respondent == respondent or (part.respondent == EVERYBODY and part.code not in chosen):
            chosen[part.code] = part
    return tuple(chosen.values())


def _slice(row: Row, instrument: Instrument, participants: Collection[str], languages: tuple[str, ...]) -> Slice:
    code, respondent = row["slice"], row["respondent"]
    if respondent != EVERYBODY and respondent not in participants:
        what = f"“{respondent}” does not take part in this round"
        raise row.fault("respondent", what, f"Use a code of respondents.csv that does, or {EVERYBODY} for all")
    if not _CODE.fullmatch(code):
        remedy = "Use small letters, digits and hyphens, as in justice: it becomes part of the file's name"
        raise row.fault("slice", f"“{code}” is not a code", remedy)
    title = row.wording("title", languages)
    if missing := [language for language in languages if language not in title]:
        raise row.fault(f"title_{missing[0]}", "the name of the slice is missing", "Write it: it stands on the cover")
    indicators = frozenset(_indicators(row, instrument))
    if not indicators:
        what = "the slice has neither sections nor indicators"
        raise row.fault("indicators", what, "Write the codes that this ministry answers, with spaces between")
    return Slice(code, respondent, title, indicators)


def _indicators(row: Row, instrument: Instrument) -> Iterator[str]:
    sections = {section.code: section for section in instrument.sections}
    for code in row["sections"].split():
        if code not in sections:
            raise row.fault("sections", f"there is no section {code}", f"Use {', '.join(sections)}")
        yield from (indicator.code for indicator in sections[code].indicators)
    known = {indicator.code for indicator in instrument.indicators}
    for code in row["indicators"].split():
        if code not in known:
            remedy = "Use codes of indicators.csv, with spaces between"
            raise row.fault("indicators", f"there is no indicator {code}", remedy)
        yield code


def _check_alone(row: Row, instrument: Instrument, indicators: frozenset[str]) -> None:
    """A question that another indicator calls for cannot be asked without that indicator."""
    for code in sorted(indicators):
        for question in instrument.indicator(code).questions:
            needed = {ref.indicator for ref in (*refs(question.relevant_when), *_required(question)) if ref.indicator}
            for absent in sorted(needed - indicators):
                what = f"whether {question.code} of {code} is asked depends on {absent}, which the slice lacks"
                raise row.fault("indicators", what, f"Add {absent}, or leave out {code}")
            for absent in sorted(_computed_from(question) - indicators):
                what = f"{question.code} of {code} is computed from answers of {absent}, which the slice lacks"
                raise row.fault("indicators", what, f"Add {absent}, or leave out {code}")


def _computed_from(question: Question) -> set[str]:
    """The other indicators whose answers a computed one follows from."""
    formula = question.formula
    return {ref.indicator for ref in refs(formula.value) if ref.indicator} if formula is not None else set()


def _required(question: Question) -> tuple[Ref, ...]:
    return refs(question.required_when) if question.required_when is not None else ()
