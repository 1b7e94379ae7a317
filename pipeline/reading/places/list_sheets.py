"""Owns finding the sheets of rosters in a returned workbook: which sheet, which columns, which rows are lines.

It looks at one sheet at a time, whatever its name, and reads no answer.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.findings import Finding, finding
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.codelists import choice_key
from questionnaire.layout import Layout
from questionnaire.list_layout import CHECK, CONFIRM, KEY, LAST, LINE, RosterSheet, helper_name, roster_sheets
from questionnaire.messages import wording
from questionnaire.rounds.identity import MARK
from questionnaire.rules.rule import Severity

_NUMBER = re.compile(r"L([1-9]\d{0,3})")
_FEWEST_KEYS = 2
_FEWEST_HEADERS = 3

_Places = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class FoundRoster:
    """The sheet of a roster as it came back, rows and columns counted from 0.

    `columns` are those of the layout by name, `own` all that the questionnaire put there. `lines` gives the number of
    the line that a row states, `gone` are those that no row states any more; `first_row` is the first below the head.
    `disagreeing` are columns that hidden header and visible heading place differently. Where the column for the x is
    gone, it is not among the columns.
    """

    layout: RosterSheet
    sheet: Sheet
    texts: FormTexts
    columns: Mapping[str, int]
    own: frozenset[int]
    lines: Mapping[int, int]
    gone: tuple[int, ...]
    first_row: int
    disagreeing: tuple[str, ...]


@dataclass
class _Marks:
    """The texts of a sheet that say what stands where."""

    header: _Places = field(default_factory=lambda: defaultdict(list))
    headings: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    keys: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    identities: list[int] = field(default_factory=list)


def find_roster(sheet: Sheet, layout: Layout, texts: FormTexts) -> FoundRoster | None:
    """The roster that a sheet is of, None for a sheet that is of none."""
    for roster in roster_sheets(layout):
        found = _find(sheet, roster, texts)
        if found is not None:
            return found
    return None


def missing_rosters(layout: Layout, found: Iterable[FoundRoster]) -> Iterator[Finding]:
    """A note for each roster whose sheet is gone: its lines, if there were any, cannot be read."""
    there = {roster.layout.roster.code for roster in found}
    for roster in roster_sheets(layout):
        if roster.roster.code not in there:
            yield finding("roster_missing", Severity.WARNING, {"roster": roster.roster.code})


def _find(sheet: Sheet, roster: RosterSheet, texts: FormTexts) -> FoundRoster | None:
    marks = _marks(sheet, roster)
    if roster.prefilled and marks.header and marks.header.keys().isdisjoint((CONFIRM, LAST)):
        # Of an edition that was sent without the lines of the previous round.
        return _find(sheet, replace(roster, prefilled=False), texts)
    hidden = {name: places[0][1] for name, places in marks.header.items() if len({c for _, c in places}) == 1}
    heading_row = max(marks.headings, key=lambda row: len(marks.headings[row]), default=-1)
    visible = marks.headings[heading_row] if heading_row >= 0 else {}
    needed = {column.code for column in roster.roster.columns if column.required}
    if not needed <= visible.keys():
        visible, heading_row = {}, -1
    keys = _fullest(marks.keys, hidden.get(KEY))
    known = len(hidden) >= _FEWEST_HEADERS or len(marks.keys.get(keys, {})) >= _FEWEST_KEYS or bool(visible)
    if not known:
        return None
    anchor = keys if keys >= 0 else visible.get(LINE, 1) - roster.columns[LINE]
    columns = {name: visible.get(name, hidden.get(name, anchor + at)) for name, at in roster.columns.items()}
    if CONFIRM not in visible and CONFIRM not in hidden and (visible or hidden):
        columns.pop(CONFIRM, None)
    numbers = _fullest(marks.numbers, visible.get(LINE, hidden.get(LINE)))
    by_key, by_number = marks.keys.get(keys, {}), marks.numbers.get(numbers, {})
    lines = {**by_key, **by_number}
    stated = {*by_key.values(), *by_number.values()}
    first = min(lines, default=len(sheet.rows))
    head = [row for places in marks.header.values() for row, _ in places]
    return FoundRoster(
        layout=roster,
        sheet=sheet,
        texts=texts,
        columns=columns,
        own=frozenset((*columns.values(), *_helpers(roster, hidden, columns))),
        lines=lines,
        gone=tuple(line for line in range(1, roster.roster.lines + 1) if line not in stated) if stated else (),
        # The head may have been sorted in among the lines.
        first_row=max((row for row in (*head, *marks.identities, heading_row) if row < first), default=-1) + 1,
        disagreeing=tuple(
            column.code
            for column in roster.roster.columns
            if column.code in hidden and columns[column.code] != hidden[column.code]
        ),
    )


def _marks(sheet: Sheet, roster: RosterSheet) -> _Marks:
    marks = _Marks()
    headings, prefix = _headings(roster), f"{roster.roster.code}:"
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if not isinstance(value, str) or not value:
                continue
            text = value.strip()
            if text in roster.header_keys:
                marks.header[roster.header_keys[text]].append((r, c))
            elif text.startswith(MARK):
                marks.identities.append(r)
            elif text.startswith(prefix) and text.removeprefix(prefix).isdecimal():
                marks.keys[c][r] = int(text.removeprefix(prefix))
            elif number := _NUMBER.fullmatch(text):
                marks.numbers[c][r] = int(number[1])
            elif (name := headings.get(choice_key(text))) is not None:
                marks.headings[r].setdefault(name, c)
    return marks


def _headings(roster: RosterSheet) -> dict[str, str]:
    """The names of columns by their visible heading, in any language."""
    named = {LINE: wording("workbook", "column_number"), CHECK: wording("workbook", "column_check")}
    if roster.prefilled:
        named[CONFIRM] = wording("workbook", "column_still_valid")
    named |= {column.code: column.label for column in roster.roster.columns}
    return {choice_key(text): name for name, texts in named.items() for text in texts.values()}


def _fullest(found: Mapping[int, Mapping[int, int]], preferred: int | None) -> int:
    """The column where most lines are named; the preferred one if it names any; -1 without any."""
    if preferred is not None and found.get(preferred):
        return preferred
    return max(found, key=lambda column: (len(found[column]), -column), default=-1)


def _helpers(roster: RosterSheet, hidden: Mapping[str, int], columns: Mapping[str, int]) -> Iterable[int]:
    """Where the helpers of the choices stand: by their header, else as far from the check as they were."""
    shift = columns[CHECK] - roster.columns[CHECK]
    return (hidden.get(helper_name(code), at + shift) for code, at in roster.helpers.items())
