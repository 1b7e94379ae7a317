"""Works out what the defined names of answer cells add to what rows and columns show: they follow cells cut and pasted.

A name fills a gap; where it went to another cell than its question, that is an error, and no answer is chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.findings import Finding, finding
from pipeline.reading.places.place import Place, SectionReading, calculated
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.grids import Sheet, Workbook
from pipeline.reading.workbooks.metadata import At
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.declaration.answer_types import Derived
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rules.rule import Severity

Cell = tuple[str, At]
"""A sheet, and the place of a cell on it."""


@dataclass(frozen=True)
class Named:
    """The places of all slots with the gaps filled; `taken` are the cells that names filled them from."""

    places: dict[str, tuple[Place, ...]]
    taken: frozenset[Cell]
    findings: tuple[Finding, ...]

    def taken_on(self, sheet: Sheet) -> frozenset[At]:
        """The cells of one sheet among them."""
        return frozenset(at for name, at in self.taken if name == sheet.name)


def fill_by_names(
    places: Mapping[str, tuple[Place, ...]], workbook: Workbook, layout: Layout, readings: Sequence[SectionReading]
) -> Named:
    """Look up each slot's name: its content fills a blank answer or a row that is gone, if no other slot claims it."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    claimed: set[Cell] | None = None
    filled, taken, findings = dict(places), set[Cell](), []
    # Where rows changed their order, which is reported, names did not follow.
    in_order = {reading.sheet.name for reading in readings if reading.has_order}
    for slot, sheet, at in _named(places, workbook, layout, sheets):
        found = places.get(slot.key, ())
        if claimed is None:
            claimed = {(reading.sheet.name, at) for reading in readings for at in reading.cells()}
        value = calculated(sheet, at)
        is_free = (sheet.name, at) not in claimed and not is_blank(value)
        if is_free and all(_is_empty(place) for place in found):
            moved = _moved(slot, sheet, at, found)
            filled[slot.key] = (moved,)
            taken.add((sheet.name, at))
            findings.append(_answer_moved(moved, found))
        elif found and found[0].sheet in in_order and at != (slot.row, Column.ANSWER):
            # A name that still points to where its answer was sent did not follow anything.
            says_something = not is_blank(value) or not all(map(_is_empty, found))
            if says_something and ((sheet.name, at) in claimed or not is_blank(value)):
                findings.append(_disagreeing(found[0], sheet, at))
    return Named(filled, frozenset(taken), tuple(findings))


def _named(
    places: Mapping[str, tuple[Place, ...]], workbook: Workbook, layout: Layout, sheets: Mapping[str, Sheet]
) -> Iterator[tuple[Slot, Sheet, At]]:
    """The slots whose name points to another cell than where they were found, with that cell."""
    names = workbook.metadata.names
    for slot in _typed(layout):
        target = names.get(slot.name)
        if target is None or target.sheet not in sheets:
            continue
        row, column = target.at
        for place in places.get(slot.key, ()):
            if place.row == row and place.column == column and place.sheet == target.sheet:
                break
        else:
            yield slot, sheets[target.sheet], target.at


@lru_cache(maxsize=64)
def _typed(layout: Layout) -> tuple[Slot, ...]:
    """All slots but those whose cells calculate: what they show is no answer that could have been moved."""
    return tuple(slot for slot in layout.slots if not isinstance(slot.field.type, Derived))


def _is_empty(place: Place) -> bool:
    return all(map(is_blank, (place.answer, place.if_none, place.confirm)))


def _moved(slot: Slot, sheet: Sheet, at: At, found: Sequence[Place]) -> Place:
    """The place of a slot whose answer stands at another cell; what stands beside its question stays with it."""
    has_formula, note = at in sheet.metadata.formulas, sheet.metadata.notes.get(at, "")
    answer = calculated(sheet, at)
    if found:
        comment = found[0].comment if not is_blank(found[0].comment) else note
        moved = found[0]._replace(sheet=sheet.name, row=at[0], column=at[1], answer=answer, comment=comment)
        return moved._replace(has_formula=has_formula, note=note)
    return Place(slot, sheet.name, *at, answer, None, note, has_formula=has_formula, note=note)


def _answer_moved(moved: Place, found: Sequence[Place]) -> Finding:
    from_cell = f"{found[0].sheet} {found[0].cell}" if found else "—"
    typed = cell_text(moved.answer)
    return finding(
        "answer_moved", Severity.WARNING, {"from": from_cell, "number": moved.slot.number, "typed": typed},
        indicator=moved.slot.block.code, field=moved.slot.field.code,
        sheet=moved.sheet, cell=moved.cell, value=typed,
    )  # fmt: skip


def _disagreeing(place: Place, sheet: Sheet, at: At) -> Finding:
    """At the cell beside the question: what stands there may answer another one, or its answer may be missing."""
    typed = cell_text(place.answer)
    values = {"number": place.slot.number, "to": f"{sheet.name} {address(*at)}", "typed": typed or "–"}
    return finding(
        "names_disagree", Severity.ERROR, values,
        indicator=place.slot.block.code, field=place.slot.field.code,
        sheet=place.sheet, cell=place.cell, value=typed,
    )  # fmt: skip
