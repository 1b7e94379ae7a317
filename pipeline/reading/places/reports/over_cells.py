"""Reports things over a sheet's cells or behind them: boxes to tick, and addresses that texts lead to.

It reads no answer.
"""

from collections.abc import Iterator

from pipeline.findings import Finding, finding
from pipeline.reading.places.place import SectionReading
from pipeline.reading.places.sheet_map import cell_at
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.addresses import address
from questionnaire.declaration.answer_types import WebReference
from questionnaire.rules.evaluate import WEB_PREFIXES
from questionnaire.rules.rule import Severity


def over_cells(sheet: Sheet, section: SectionReading | None) -> Iterator[Finding]:
    """What is over and behind the cells of a sheet; `section` is how it was read where it asks questions."""
    yield from _boxes(sheet, section)
    yield from _links(sheet, section)


def _boxes(sheet: Sheet, section: SectionReading | None) -> Iterator[Finding]:
    """Every box to tick, but for those that stand for the mark of an option."""
    for box in sheet.metadata.checkboxes:
        if section is None or section.marks.isdisjoint(box.cells):
            code, severity = (
                ("checkbox_ticked", Severity.WARNING) if box.is_ticked else ("checkbox_empty", Severity.INFO)
            )
            values = {"sheet": sheet.name, "typed": box.text or "–"}
            cell = address(*box.cells[0]) if box.cells else ""
            yield finding(code, severity, values, sheet=sheet.name, cell=cell, value=box.text)


def _links(sheet: Sheet, section: SectionReading | None) -> Iterator[Finding]:
    """Every address outside the file to which a text leads that does not say it."""
    for (row, column), target in sorted(sheet.metadata.links.items()):
        slot = section.slots.get(row) if section else None
        text = cell_text(cell_at(sheet.rows[row], column)) if row < len(sheet.rows) else ""
        # Where an address is asked for, it is the answer.
        is_used = slot is not None and isinstance(slot.field.type, WebReference) and target.startswith(WEB_PREFIXES)
        if text and _bare(target) not in _bare(text) and not is_used:
            where = {"indicator": slot.indicator.code, "field": slot.field.code} if slot else {}
            values = {"typed": text, "address": target}
            cell = address(row, column)
            yield finding("link_behind", Severity.INFO, values, sheet=sheet.name, cell=cell, value=target, **where)


def _bare(target: str) -> str:
    """An address without what programs put around it."""
    return target.strip().lower().removeprefix("mailto:").rpartition("://")[2].removeprefix("www.").rstrip("/")
