"""Finds every slot of the questionnaire in a returned workbook, whatever was done to its rows and columns.

The question in sight decides with the visible number; the hidden key stands in for a number and, where they disagree,
is reported. Nothing with content is passed over in silence: a slot found twice, a row or a sheet that nothing explains
is a finding.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import islice

from pipeline.findings import Finding, finding
from pipeline.reading.places.beside import Unanswered
from pipeline.reading.places.copied_blocks import copied_blocks
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.known_sections import known_sections
from pipeline.reading.places.lines.found_table import find_lines
from pipeline.reading.places.lines.list_sheets import FoundList, missing_lists
from pipeline.reading.places.lines.narrow_tables import apart
from pipeline.reading.places.named_places import Named, fill_by_names
from pipeline.reading.places.place import Place, SectionReading
from pipeline.reading.places.plans import section_plan
from pipeline.reading.places.reports.added_sheets import AddedSheets
from pipeline.reading.places.reports.columns_gone import columns_gone
from pipeline.reading.places.reports.over_cells import over_cells
from pipeline.reading.places.reports.sheet_findings import SheetFindings, attached_comments, drawn_over
from pipeline.reading.places.sheet_map import cell_at, find_marks, map_sheet
from pipeline.reading.places.visible_questions import compare
from pipeline.reading.workbooks.grids import ErrorText, Sheet, Workbook
from pipeline.reading.workbooks.metadata import At, Drawn
from questionnaire.addresses import address
from questionnaire.blanks import is_blank
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rounds.identity import Identity, find_identity
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import IDENTITY_SHEET, LISTS_SHEET, REFERENCES_SHEET, TEXTS_SHEET


@dataclass(frozen=True)
class Sighting:
    """An identity text and where it stands."""

    identity: Identity
    sheet: str
    cell: str


@dataclass(frozen=True)
class Found:
    """The sheets of a workbook by what they are: sections, lists, added ones, those of the form that ask nothing."""

    workbook: Workbook
    identities: tuple[Sighting, ...]
    sections: tuple[SectionReading, ...]
    lists: tuple[FoundList, ...]
    added: tuple[Sheet, ...]
    unasked: tuple[Sheet, ...]

    def within(self, part: Layout) -> "Found":
        """The same where only a part of the questionnaire is asked."""
        sections = (reading.within(part) for reading in self.sections)
        lists = {sheet.block.code: sheet for sheet in part.lists}
        return replace(
            self,
            sections=tuple(reading for reading in sections if reading is not None),
            lists=tuple(
                replace(found, layout=replace(found.layout, block=lists[found.layout.block.code].block))
                for found in self.lists
                if found.layout.block.code in lists
            ),
        )


@dataclass(frozen=True)
class Located:
    """What a workbook holds of the questionnaire.

    `places` gives for each slot's key where it was found: more than one place where rows with different content claim
    the same slot, none for a row that is gone. `unasked` are the sheets of the form that ask no question; `sections`
    the sheets with rows of each section, whether these count or not.
    """

    identities: tuple[Sighting, ...]
    places: Mapping[str, tuple[Place, ...]]
    findings: tuple[Finding, ...]
    lists: tuple[FoundList, ...] = ()
    unasked: tuple[Sheet, ...] = ()
    sections: Mapping[str, frozenset[str]] = field(default_factory=dict)


def identities_in(workbook: Workbook) -> tuple[Sighting, ...]:
    """Every identity that stands in a cell of a workbook, sheet by sheet."""
    sheets = (sheet for sheet in workbook.sheets if sheet.name not in (LISTS_SHEET, TEXTS_SHEET))
    return tuple(sighting for sheet in sheets for sighting in _sightings(sheet))


def _sightings(sheet: Sheet) -> Iterator[Sighting]:
    stated = {word: identity for word in sheet.words if (identity := find_identity(word)) is not None}
    for row, cells in enumerate(sheet.rows) if stated else ():
        if not stated.keys().isdisjoint(cells):
            for column, value in enumerate(cells):
                if isinstance(value, str) and value in stated:
                    yield Sighting(stated[value], sheet.name, address(row, column))


def find(workbook: Workbook, identities: tuple[Sighting, ...], layout: Layout) -> Found:
    """The sheets of a workbook by what they are, whatever their names."""
    texts, signed = form_texts(layout), {sighting.sheet for sighting in identities}
    plan = section_plan(layout, texts)
    sections: list[SectionReading] = []
    lists: list[FoundList] = []
    added: list[Sheet] = []
    unasked: list[Sheet] = []
    for sheet in workbook.sheets:
        if sheet.name in (LISTS_SHEET, TEXTS_SHEET, REFERENCES_SHEET):
            continue
        if (known := known_sections(layout, texts).like(sheet)) and not apart(sheet, known.map, layout, texts)[1]:
            sections.append(known)
            continue
        vouched = partial(_is_asked, sheet, texts)
        marks = find_marks(sheet, plan)
        if section := map_sheet(marks, plan, vouched):
            rest, tables = apart(sheet, section, layout, texts)
            copies = tuple(copied_blocks(rest, marks, section, texts))
            sections.append(SectionReading(rest, section, compare(rest, section, texts), copies))
            on_it = (find_lines(own, layout, texts, code) for code, own in tables.items())
            lists += (found for found in on_it if found is not None)
        elif listed := find_lines(sheet, layout, texts):
            lists.append(listed)
        elif sheet.name not in signed and not texts.is_own_sheet(sheet.name):
            added.append(sheet)
        elif sheet.name != IDENTITY_SHEET:
            unasked.append(sheet)
    return Found(workbook, identities, tuple(sections), tuple(lists), tuple(added), tuple(unasked))


def locate(found: Found, layout: Layout) -> Located:
    """Every slot of the layout in a workbook; the findings name sheet and cell and leave file and respondent open."""
    workbook = found.workbook
    claims: dict[str, list[Place]] = defaultdict(list)
    for place in (place for section in found.sections for place in section.places()):
        claims[place.slot.key].append(place)
    distinct = {key: _distinct(places) for key, places in claims.items()}
    named = fill_by_names(distinct, workbook, layout, found.sections)
    findings = [
        finding("sheet_name_repeated", Severity.ERROR, {"sheet": name}, sheet=name) for name in workbook.repeated
    ]
    findings += _unseen(workbook)
    findings += columns_gone(found.sections, found.lists)
    unanswered = Unanswered(named.places, layout, found.lists)
    for section in found.sections:
        findings += _section_findings(section, layout, named.taken_on(section.sheet), unanswered)
    findings += _beside_the_form(found, layout, named, unanswered)
    if named.places:
        findings += [*_repeated(claims, named.places), *_missing(layout, named.places)]
        findings += [*missing_lists(layout, found.lists), *named.findings, *_calculated(named.places)]
    sections = _sections_of(found.sections)
    return Located(found.identities, named.places, tuple(findings), found.lists, found.unasked, sections)


def _sections_of(readings: Iterable[SectionReading]) -> Mapping[str, frozenset[str]]:
    """The names of the sheets on which each section stands."""
    names: dict[str, set[str]] = defaultdict(set)
    for reading in readings:
        for slot in islice(reading.slots.values(), 1):
            names[slot.sheet].add(reading.sheet.name)
    return {section: frozenset(there) for section, there in names.items()}


def _beside_the_form(found: Found, layout: Layout, named: Named, unanswered: Unanswered) -> Iterator[Finding]:
    """What stands on sheets that were added, and over or behind the cells of all sheets."""
    asked = {section.sheet.name: section for section in found.sections}
    added = AddedSheets(layout, form_texts(layout), named.places, unanswered)
    for sheet in found.added:
        yield from added.findings(sheet, named.taken_on(sheet))
    silent = {block.code for block in unanswered.silent}
    for sheet in found.workbook.sheets:
        section = asked.get(sheet.name)
        yield from attached_comments(sheet, {}) if section is None else ()
        slots = section.slots if section else {}
        empty = [own for own in found.lists if own.sheet.name == sheet.name and own.layout.block.code in silent]
        yield from drawn_over(sheet, slots, unanswered, partial(_is_over, empty, is_section=section is not None))
        yield from over_cells(sheet, section)


def _is_over(lists: Iterable[FoundList], drawn: Drawn, *, is_section: bool) -> bool:
    """True for something on the sheet of such a list; where questions stand on it too, for something over its lines."""
    return any(not is_section or (drawn.at is not None and drawn.at[0] in own.lines) for own in lists)


def _section_findings(
    section: SectionReading, layout: Layout, taken: frozenset[At], unanswered: Unanswered
) -> Sequence[Finding]:
    """What is odd about a section sheet; one about which nothing is will be known again."""
    if section.kept is not None:
        return ()
    texts = form_texts(layout)
    found = tuple(SheetFindings(section, texts, taken, unanswered).all())
    if not found and not taken:
        known_sections(layout, texts).remember(section)
    return found


def _is_asked(sheet: Sheet, texts: FormTexts, by_number: Mapping[int, Slot], column: int) -> bool:
    """True if most numbers stand beside their question: other sheets may list numbers too."""
    question = column + Column.QUESTION - Column.NUMBER
    votes = Counter(texts.asks(slot, str(cell_at(sheet.rows[row], question) or "")) for row, slot in by_number.items())
    return votes[True] > votes[False]


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
            if (extra.sheet, extra.row) == (places[key][0].sheet, places[key][0].row):
                continue  # a copy beside the block, which is reported as a whole
            idle[extra.sheet].append(extra)
    for sheet, extra_places in idle.items():
        values = {"sheet": sheet, "count": len(extra_places)}
        yield finding("rows_copied", Severity.INFO, values, sheet=sheet, cell=extra_places[0].cell)


def _missing(layout: Layout, places: Mapping[str, object]) -> Iterator[Finding]:
    """Slots whose row is gone: one finding a section, an indicator or a row, whichever is gone as a whole."""
    if layout.by_key.keys() <= places.keys():
        return
    for sheet in layout.sheets:
        gone = [slot for slot in sheet.slots if slot.key not in places]
        if not gone:
            continue
        if len(gone) == len(list(sheet.slots)):
            yield finding("section_missing", Severity.ERROR, {"section": sheet.code})
            continue
        by_indicator: dict[str, list[Slot]] = defaultdict(list)
        for slot in gone:
            by_indicator[slot.block.code].append(slot)
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
        indicator=place.slot.block.code, field=place.slot.field.code,
        sheet=place.sheet, cell=place.cell, value=typed,
    )  # fmt: skip
