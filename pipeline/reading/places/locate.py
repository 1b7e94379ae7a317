"""Owns finding every slot of the questionnaire in a returned workbook, whatever was done to its rows and columns.

The visible number in a row decides; the hidden key stands in for it and, where the two disagree, is reported. Nothing
with content is passed over in silence: a slot found twice, a row or a sheet that nothing explains is a finding.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.findings import Finding, finding
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.list_sheets import FoundRoster, find_roster, missing_rosters
from pipeline.reading.places.named_places import fill_by_names
from pipeline.reading.places.over_cells import over_cells
from pipeline.reading.places.place import Place, SectionReading, address
from pipeline.reading.places.sheet_findings import SheetFindings, added_sheet, attached_comments, drawn_over
from pipeline.reading.places.sheet_map import find_marks, map_sheet
from pipeline.reading.workbooks.grids import ErrorText, Sheet, Workbook
from questionnaire.blanks import is_blank
from questionnaire.layout import IDENTITY_SHEET, LISTS_SHEET, TEXTS_SHEET, Layout, Slot
from questionnaire.rounds.identity import Identity
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class Sighting:
    """An identity text and where it stands."""

    identity: Identity
    sheet: str
    cell: str


@dataclass(frozen=True)
class Located:
    """What a workbook holds of the questionnaire.

    `places` gives for each slot's key where it was found: more than one place where rows with different content claim
    the same slot, none for a row that is gone. `unasked` are the sheets of the form that ask no question.
    """

    identities: tuple[Sighting, ...]
    places: Mapping[str, tuple[Place, ...]]
    findings: tuple[Finding, ...]
    rosters: tuple[FoundRoster, ...] = ()
    unasked: tuple[Sheet, ...] = ()


def locate(workbook: Workbook, layout: Layout) -> Located:
    """Every slot of the layout in a workbook; the findings name sheet and cell and leave file and respondent open."""
    texts = form_texts(layout)
    identities: list[Sighting] = []
    readings: list[SectionReading] = []
    rosters: list[FoundRoster] = []
    added: list[Sheet] = []
    unasked: list[Sheet] = []
    for sheet in workbook.sheets:
        if sheet.name in (LISTS_SHEET, TEXTS_SHEET):
            continue
        marks = find_marks(sheet, layout, texts)
        identities += [Sighting(found, sheet.name, address(row, column)) for row, column, found in marks.identities]
        if sheet_map := map_sheet(sheet, marks, texts):
            readings.append(SectionReading(sheet, sheet_map))
        elif roster := find_roster(sheet, layout, texts):
            rosters.append(roster)
        elif not marks.identities and not texts.is_own_sheet(sheet.name):
            added.append(sheet)
        elif sheet.name != IDENTITY_SHEET:
            unasked.append(sheet)
    claims: dict[str, list[Place]] = defaultdict(list)
    for place in (place for reading in readings for place in reading.places()):
        claims[place.slot.key].append(place)
    named = fill_by_names({key: _distinct(found) for key, found in claims.items()}, workbook, layout, readings)
    findings = [
        finding("sheet_name_repeated", Severity.ERROR, {"sheet": name}, sheet=name) for name in workbook.repeated
    ]
    findings += _unseen(workbook)
    for reading in readings:
        findings += SheetFindings(reading, texts, named.taken_on(reading.sheet)).all()
    for sheet in added:
        findings += added_sheet(sheet, texts, named.taken_on(sheet))
    sections = {reading.sheet.name: reading for reading in readings}
    for sheet in workbook.sheets:
        findings += attached_comments(sheet, {}) if sheet.name not in sections else ()
        findings += drawn_over(sheet)
        findings += over_cells(sheet, sections.get(sheet.name))
    if named.places:
        findings += [*_repeated(claims, named.places), *_missing(layout, named.places)]
        findings += [*missing_rosters(layout, rosters), *named.findings, *_calculated(named.places)]
    return Located(tuple(identities), named.places, tuple(findings), tuple(rosters), tuple(unasked))


@lru_cache(maxsize=64)
def form_texts(layout: Layout) -> FormTexts:
    """The texts of a layout's instrument, made ready once."""
    return FormTexts(layout)


def _unseen(workbook: Workbook) -> Iterator[Finding]:
    """Sheets of which only the cells could be read: that nothing is known behind them proves nothing."""
    for sheet in workbook.sheets:
        if not sheet.metadata.is_seen and any(not is_blank(cell) for row in sheet.rows for cell in row):
            yield finding("unreadable_in_part", Severity.ERROR, {"sheet": sheet.name}, sheet=sheet.name)


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


def _calculated(places: Mapping[str, tuple[Place, ...]]) -> Iterator[Finding]:
    """One note a sheet on answers that are formulas: the result that was saved is read."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in (place for some in places.values() for place in some):
        if place.has_formula and not isinstance(place.answer, ErrorText) and not is_blank(place.answer):
            found[place.sheet].append(place)
    for sheet, some in found.items():
        values = {"sheet": sheet, "count": len(some)}
        yield finding("answers_calculated", Severity.INFO, values, sheet=sheet, cell=some[0].cell)


def _of_slot(place: Place, code: str, severity: Severity, values: Mapping[str, object], typed: str) -> Finding:
    return finding(
        code, severity, values,
        indicator=place.slot.indicator.code, field=place.slot.field.code,
        sheet=place.sheet, cell=place.cell, value=typed,
    )  # fmt: skip
