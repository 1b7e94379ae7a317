"""Reports what a return went through as a file: what is gone of the form around its answers, and what came in.

It reads no answer and stops none: everything it reports is for whoever wonders why a workbook looks as it does.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.findings import Finding, finding
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.locate import Located
from pipeline.reading.places.place import Place
from pipeline.reading.workbooks.grids import Workbook
from pipeline.reading.workbooks.metadata import Area, At, SheetMetadata
from questionnaire.declaration.answer_types import Selection, Written
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import IDENTITY_SHEET, LISTS_SHEET, TEXTS_SHEET

_HIDDEN = (LISTS_SHEET, TEXTS_SHEET, IDENTITY_SHEET)


def form_findings(workbook: Workbook, located: Located, texts: FormTexts) -> Iterator[Finding]:
    """What a return lost of the form, and what it brought, as far as its format shows."""
    metadata = workbook.metadata
    if metadata.has_macros:
        yield finding("macros_found", Severity.WARNING)
    if metadata.external_links:
        yield finding("external_links", Severity.INFO, {"count": metadata.external_links})
    if not located.places:
        return
    places = [found[0] for found in located.places.values() if found]
    sheets = {sheet.name: sheet.metadata for sheet in workbook.sheets}
    by_sheet: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_sheet[place.sheet].append(place)
    sections = {name: found[-1].slot.sheet for name, found in by_sheet.items()}
    unnamed = [place for place in places if metadata.names.get(place.slot.name) is None]
    read = [sheets[name] for name in sections]
    if not all(seen.is_seen for seen in read):
        return
    if not metadata.is_complete:
        yield finding("not_looked_at", Severity.INFO)
        return
    if len(unnamed) == len(places) and not any(metadata.validations or metadata.is_protected for metadata in read):
        yield finding("only_values", Severity.INFO)
        return
    if unnamed:
        yield _of_place("names_lost", unnamed)
    yield from _sheets(workbook, sections, located, texts)
    # A copy of a list counts beside it, and need not be as the list was sent.
    lists = {found.layout.block.code: found.sheet.name for found in reversed(located.lists)}
    yield from _lost(sheets, list(sections), [name for name in reversed(lists.values()) if sheets[name].is_seen])
    for name, own in by_sheet.items():
        yield from _pasted_over(own, sheets[name])


def _sheets(workbook: Workbook, sections: Mapping[str, str], located: Located, texts: FormTexts) -> Iterator[Finding]:
    names = [sheet.name for sheet in workbook.sheets]
    for name, section in sections.items():
        # Where the answers stand on a copy, the sheet itself may be there under its own name.
        if not any(texts.is_section_sheet(there, section) for there in (name, *located.sections.get(section, ()))):
            yield finding("sheet_renamed", Severity.INFO, {"sheet": name, "section": section}, sheet=name)
    gone = [*(name for name in _HIDDEN if name not in names), *texts.absent_sheets(names)]
    if gone:
        yield finding("sheets_removed", Severity.INFO, {"sheets": ", ".join(gone)}, value=", ".join(gone))


def _lost(sheets: Mapping[str, SheetMetadata], sections: Sequence[str], lists: Sequence[str]) -> Iterator[Finding]:
    """One finding for each thing that every sheet of a section or a list was sent with."""
    both = tuple(dict.fromkeys((*sections, *lists)))
    # LibreOffice saves no conditional formats of a list in .xls.
    for code, lost in (
        ("validations_lost", [name for name in both if not sheets[name].validations]),
        ("formats_lost", [name for name in sections if not sheets[name].formats]),
        ("protection_removed", [name for name in both if not sheets[name].is_protected]),
    ):
        if lost:
            yield finding(code, Severity.INFO, {"sheets": ", ".join(lost)}, sheet=lost[0])


def _pasted_over(places: Sequence[Place], metadata: SheetMetadata) -> Iterator[Finding]:
    """Answer cells without the list or limit that the others on their sheet still have."""
    if not metadata.validations or metadata.validated is None:
        return
    limited = [place for place in places if not isinstance(place.slot.field.type, _UNLIMITED)]
    rows, columns = tuple(sorted([place.row for place in limited])), frozenset([place.column for place in limited])
    covered = _covered(metadata.validated, rows, columns)
    if pasted := [place for place in limited if (place.row, place.column) not in covered]:
        yield _of_place("pasted_over", pasted)


@lru_cache(maxsize=64)
def _covered(areas: tuple[Area, ...], rows: tuple[int, ...], columns: frozenset[int]) -> frozenset[At]:
    """The cells of these rows and columns that lie in one of the areas: sheets as they were sent have the same."""
    return frozenset(
        (row, column)
        for first, left, last, right in areas
        for row in rows[bisect_left(rows, first) : bisect_right(rows, last)]
        for column in columns
        if left <= column <= right
    )


_UNLIMITED = (Selection, Written)


def _of_place(code: str, places: Sequence[Place]) -> Finding:
    first = places[0]
    values = {"count": len(places), "sheet": first.sheet, "cell": first.cell}
    return finding(code, Severity.INFO, values, sheet=first.sheet, cell=first.cell)
