"""Owns finding every slot of the questionnaire in a returned workbook, whatever was done to its rows and columns.

The visible number in a row decides; the hidden key stands in for it and, where the two disagree, is reported. Nothing
with content is passed over in silence: a slot found twice, a row or a sheet that nothing explains is a finding.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.findings import Finding, finding
from pipeline.grids import CellValue, Sheet, Workbook
from pipeline.own_texts import OwnTexts
from pipeline.parsing import cell_text
from pipeline.roster_sheets import FoundRoster, find_roster, missing_rosters
from pipeline.sheet_map import PRINTED, READ, Marks, SheetMap, cell_at, find_marks, map_sheet
from questionnaire.blanks import is_blank
from questionnaire.identity import Identity
from questionnaire.layout import LISTS_SHEET, TEXTS_SHEET, Column, Layout, Slot, column_letter
from questionnaire.rules import Severity


@dataclass(frozen=True)
class Sighting:
    """An identity text and where it stands."""

    identity: Identity
    sheet: str
    cell: str


@dataclass(frozen=True)
class Place:
    """Where a slot was found, and what stands in the cells a respondent writes in. `row` and `column` count from 0.

    `printed` is what the questionnaire shows of the round before: the answer, its code, its number.
    """

    slot: Slot
    sheet: str
    row: int
    column: int
    answer: CellValue
    if_none: CellValue
    comment: CellValue
    confirm: CellValue = None
    printed: tuple[CellValue, ...] = ()

    @property
    def cell(self) -> str:
        """The address of the answer cell."""
        return f"{column_letter(self.column)}{self.row + 1}"

    @property
    def content(self) -> tuple[str, ...]:
        return cell_text(self.answer), cell_text(self.if_none), cell_text(self.comment), cell_text(self.confirm)


@dataclass(frozen=True)
class Located:
    """What a workbook holds of the questionnaire.

    `places` gives for each slot's key where it was found: more than one place where rows with different content claim
    the same slot, none for a row that is gone.
    """

    identities: tuple[Sighting, ...]
    places: Mapping[str, tuple[Place, ...]]
    findings: tuple[Finding, ...]
    rosters: tuple[FoundRoster, ...] = ()


def locate(workbook: Workbook, layout: Layout) -> Located:
    """Every slot of the layout in a workbook; the findings name sheet and cell and leave file and respondent open."""
    texts = _own_texts(layout)
    identities: list[Sighting] = []
    claims: dict[str, list[Place]] = defaultdict(list)
    rosters: list[FoundRoster] = []
    findings = [
        finding("sheet_name_repeated", Severity.ERROR, {"sheet": name}, sheet=name) for name in workbook.repeated
    ]
    for sheet in workbook.sheets:
        if sheet.name in (LISTS_SHEET, TEXTS_SHEET):
            continue
        marks = find_marks(sheet, layout, texts)
        identities += [Sighting(found, sheet.name, _address(row, column)) for row, column, found in marks.identities]
        sheet_map = map_sheet(sheet, marks, texts)
        if sheet_map is None:
            if roster := find_roster(sheet, layout, texts):
                rosters.append(roster)
            else:
                findings += _added(sheet, marks, texts)
            continue
        reading = _SectionReading(sheet, sheet_map, texts)
        for place in reading.places():
            claims[place.slot.key].append(place)
        findings += reading.findings()
    places = {key: _distinct(found) for key, found in claims.items()}
    if places:
        findings += [*_repeated(claims, places), *_missing(layout, places), *missing_rosters(layout, rosters)]
    return Located(tuple(identities), places, tuple(findings), tuple(rosters))


@lru_cache(maxsize=64)
def _own_texts(layout: Layout) -> OwnTexts:
    return OwnTexts(layout)


class _SectionReading:
    """One section sheet: its rows, and what is odd about them."""

    def __init__(self, sheet: Sheet, sheet_map: SheetMap, texts: OwnTexts) -> None:
        self._sheet, self._map, self._texts = sheet, sheet_map, texts
        self._slots = {**sheet_map.by_key, **sheet_map.by_number}

    def places(self) -> Iterator[Place]:
        """Each row that names a slot: by its visible number, else by its hidden key."""
        written, printed = ([self._map.columns.get(column, -1) for column in some] for some in (READ, PRINTED))
        for row, slot in sorted(self._slots.items()):
            cells = self._sheet.rows[row]
            answer, if_none, comment, confirm = (cell_at(cells, column) for column in written)
            last = tuple(cell_at(cells, column) for column in printed)
            yield Place(slot, self._sheet.name, row, written[0], answer, if_none, comment, confirm, last)

    def findings(self) -> Iterator[Finding]:
        yield from self._disagreeing_rows()
        if self._map.without:
            for code in self._map.without:
                yield self._note(f"{code}_lost", Severity.INFO)
        if self._map.disagreeing:
            column = self._map.columns[self._map.disagreeing[0]]
            yield self._note(
                "columns_disagree", Severity.WARNING, cell=_address(max(self._map.first_row - 1, 0), column)
            )
        yield from self._unplaced()

    def _disagreeing_rows(self) -> Iterator[Finding]:
        rows = [
            row
            for row, slot in sorted(self._map.by_number.items())
            if (key := self._map.by_key.get(row)) is not None and key is not slot
        ]
        if rows:
            values = {"count": len(rows)}
            yield self._note("rows_moved", Severity.WARNING, values, self._address(rows[0], Column.NUMBER))

    def _unplaced(self) -> Iterator[Finding]:
        """Content that no slot explains: in rows of no slot, and beside the questionnaire's own columns."""
        width = max(map(len, self._sheet.rows))
        beside = sorted(set(range(width)) - set(self._map.columns.values()))
        for row, cells in enumerate(self._sheet.rows[self._map.first_row :], self._map.first_row):
            if row in self._slots:
                looked_at = beside
            elif any(isinstance(value, str) and value and self._texts.is_own(value) for value in cells):
                looked_at = [self._map.columns[column] for column in READ if column in self._map.columns]
            else:
                looked_at = list(range(len(cells)))
            found = [column for column in looked_at if self._is_foreign(cell_at(cells, column))]
            if found:
                typed = " | ".join(cell_text(cells[column]) for column in found)
                yield self._note("unplaced", Severity.WARNING, {"typed": typed}, _address(row, found[0]), typed)

    def _is_foreign(self, value: CellValue) -> bool:
        return value != "" and not is_blank(value) and not (isinstance(value, str) and self._texts.is_own(value))

    def _address(self, row: int, column: Column) -> str:
        return _address(row, max(self._map.columns[column], 0))

    def _note(
        self, code: str, severity: Severity, values: Mapping[str, object] | None = None, cell: str = "", value: str = ""
    ) -> Finding:
        all_values = {"sheet": self._sheet.name, **(values or {})}
        return finding(code, severity, all_values, sheet=self._sheet.name, cell=cell, value=value)


def _distinct(places: list[Place]) -> tuple[Place, ...]:
    """The places of a slot that say different things; where some are empty, those that are not."""
    if len(places) == 1:
        return (places[0],)
    filled: dict[tuple[str, ...], Place] = {}
    for place in places:
        if any(place.content):
            filled.setdefault(place.content, place)
    return tuple(filled.values()) or (places[0],)


def _repeated(claims: Mapping[str, list[Place]], places: Mapping[str, tuple[Place, ...]]) -> Iterator[Finding]:
    """Slots that stand twice: an error where they say different things, else one note a sheet."""
    idle: dict[str, list[Place]] = defaultdict(list)
    for key, found in claims.items():
        if len(places[key]) > 1:
            first, *others = places[key]
            also = ", ".join(f"{place.sheet} {place.cell}" for place in others)
            typed = " | ".join(place.content[0] or place.content[1] for place in places[key])
            yield _of_slot(first, "row_repeated", Severity.ERROR, {"other": also, "typed": typed}, typed)
        elif len(found) > 1:
            extra = next(place for place in reversed(found) if place is not places[key][0])
            idle[extra.sheet].append(extra)
    for sheet, extra_places in idle.items():
        values = {"sheet": sheet, "count": len(extra_places)}
        yield finding("rows_copied", Severity.INFO, values, sheet=sheet, cell=extra_places[0].cell)


def _missing(layout: Layout, places: Mapping[str, object]) -> Iterator[Finding]:
    """Slots whose row is gone: one finding a section, an indicator or a row, whichever is gone as a whole."""
    for sheet in layout.sheets:
        gone = [slot for slot in sheet.slots if slot.key not in places]
        if not gone:
            continue
        if len(gone) == len(list(sheet.slots)):
            yield finding("section_missing", Severity.ERROR, {"section": sheet.code})
            continue
        by_indicator: dict[str, list[Slot]] = defaultdict(list)
        for slot in gone:
            by_indicator[slot.indicator.code].append(slot)
        for code, slots in by_indicator.items():
            if len(slots) == len(slots[0].indicator.fields):
                yield finding("indicator_missing", Severity.ERROR, {"indicator": code}, indicator=code)
                continue
            for slot in slots:
                values = {"number": slot.number}
                yield finding("row_missing", Severity.ERROR, values, indicator=code, field=slot.field.code)


def _added(sheet: Sheet, marks: Marks, texts: OwnTexts) -> Iterator[Finding]:
    """A sheet that is none of the questionnaire's, with content."""
    if marks.identities or texts.is_own_sheet(sheet.name):
        return
    foreign = [
        (r, c, value)
        for r, row in enumerate(sheet.rows)
        for c, value in enumerate(row)
        if not is_blank(value) and not (isinstance(value, str) and texts.is_own(value))
    ]
    if foreign:
        row, column, value = foreign[0]
        values = {"sheet": sheet.name, "count": len(foreign), "typed": cell_text(value)}
        cell = _address(row, column)
        yield finding("sheet_added", Severity.WARNING, values, sheet=sheet.name, cell=cell, value=cell_text(value))


def _of_slot(place: Place, code: str, severity: Severity, values: Mapping[str, object], typed: str) -> Finding:
    return finding(
        code, severity, values,
        indicator=place.slot.indicator.code, field=place.slot.field.code,
        sheet=place.sheet, cell=place.cell, value=typed,
    )  # fmt: skip


def _address(row: int, column: int) -> str:
    return f"{column_letter(column)}{row + 1}"
