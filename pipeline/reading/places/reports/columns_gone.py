"""Reports the columns of a section or of a list that somebody deleted, with all that stood in them, or moved."""

from collections.abc import Iterable, Iterator

from pipeline.findings import Finding, finding
from pipeline.reading.places.lines.list_sheets import FoundList
from pipeline.reading.places.place import SectionReading
from questionnaire.codelists import Wording
from questionnaire.layout import Column
from questionnaire.messages import wording
from questionnaire.rules.rule import Severity

_OF_SECTION = {
    Column.ANSWER: ("column_answer", Severity.ERROR),
    Column.IF_NONE: ("column_if_none", Severity.ERROR),
    Column.COMMENT: ("column_comment", Severity.WARNING),
}
"""The columns that people write in: their headings, and how grave it is that they are gone."""


def columns_gone(sections: Iterable[SectionReading], lists: Iterable[FoundList]) -> Iterator[Finding]:
    """What cannot be read because its column is no longer there; nothing that moved into its place is taken for it."""
    for section in sections:
        for column, (heading, severity) in _OF_SECTION.items():
            if column in section.map.gone:
                yield _gone(section.sheet.name, wording("workbook", heading), severity)
    for found in lists:
        for field in found.layout.block.fields:
            if field.code in found.map.gone:
                yield _gone(found.sheet.name, field.label, Severity.ERROR, f"{found.layout.block.code}.{field.code}")


def columns_elsewhere(found: FoundList) -> Iterator[Finding]:
    """That columns of a list were moved, or that its hidden header and its headings disagree on where they are."""
    name, head = found.sheet.name, max(found.map.first_row - 1, 0)
    if found.disagreeing:
        there = [at for name in found.disagreeing if (at := found.map.columns[name]) >= 0]
        cell = found.sheet.address((head, there[0])) if there else ""
        yield finding("columns_disagree", Severity.WARNING, {"sheet": name}, sheet=name, cell=cell)
    elif found.moved:
        cell = found.sheet.address((head, found.map.columns[found.moved[0]]))
        yield finding("columns_moved", Severity.INFO, {"sheet": name}, sheet=name, cell=cell)


def _gone(sheet: str, heading: Wording, severity: Severity, field: str = "") -> Finding:
    return finding("column_gone", severity, {"sheet": sheet, "column": heading}, sheet=sheet, field=field)
