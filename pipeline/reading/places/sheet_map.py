"""Finds where the columns and rows of a sheet of the form went: which column holds what, which row is whose.

It looks at one sheet at a time, whatever its name, and reads no answer. What is to be found is a plan
(`pipeline.reading.places.plans`), that of the sections or that of a list.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Generic, TypeVar

from pipeline.reading.workbooks.grids import CellValue, Sheet
from pipeline.reading.workbooks.metadata import At
from questionnaire.codelists import choice_key
from questionnaire.rounds.identity import MARK

Name = TypeVar("Name", bound=Hashable)
"""What a column is called."""

Whose = TypeVar("Whose")
"""What a row is for: a slot of a section, or the number of a line of a list."""

Pick = Callable[[list[CellValue]], tuple[CellValue, ...]]
"""Takes some cells out of a row."""

_FEWEST_HEADINGS = 3
_FEWEST_KEYS = 2
_KEPT, _LONGEST_KEPT = 16_384, 1024
"""How many texts are known to name neither a row nor a column, and their characters."""


@dataclass(frozen=True)
class Plan(Generic[Name, Whose]):
    """How a sheet was sent, and the texts by which its columns and rows are known again.

    `columns` are its columns by name; those in `optional` are there only where a heading or header says so. A sheet
    that was sent earlier had them in the places `earlier`: there the first of `earlier_if` stands left of the second.
    `header_keys` are the texts of the hidden header, `headings` the visible ones as `choice_key`; a row of headings has
    all that are `needed` and one of `one_of` (if there are some), within the first `heading_rows` rows of the sheet.
    `key` and `number` are the columns that say whose a row is, which `row_of_key` and `row_of_number` read; without any
    such row, a sheet is none of the plan if `rows_needed`. `silent` are texts seen before that name nothing: most of a
    sheet is the same in every return.
    """

    columns: Mapping[Name, int]
    earlier: Mapping[Name, int]
    earlier_if: tuple[Name, Name]
    optional: frozenset[Name]
    header_keys: Mapping[str, Name]
    headings: Mapping[str, Name]
    needed: frozenset[Name]
    key: Name
    number: Name
    row_of_key: Callable[[str], Whose | None]
    row_of_number: Callable[[str], Whose | None]
    rows_needed: bool = True
    heading_rows: int | None = None
    one_of: frozenset[Name] = frozenset()
    silent: set[str] = field(default_factory=set, compare=False)


@dataclass
class Marks(Generic[Name, Whose]):
    """The texts of one sheet that say what stands where, each with its row and column."""

    header: dict[Name, list[At]] = field(default_factory=lambda: defaultdict(list))
    headings: dict[Name, list[At]] = field(default_factory=dict)
    keys: dict[int, dict[int, Whose]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[int, dict[int, Whose]] = field(default_factory=lambda: defaultdict(dict))
    identities: list[int] = field(default_factory=list)


NOWHERE = -1
"""The place of a column that is gone."""


@dataclass(frozen=True)
class SheetMap(Generic[Name, Whose]):
    """Where things stand on a sheet, rows and columns counted from 0.

    `by_key` and `by_number` say whose a row is; `disagreeing` are columns that hidden header and visible heading
    place differently; `first_row` is the first below the head. `without` says what was lost: header, keys, numbers.
    `gone` are columns that are not there any more: their place is -1, where nothing stands. `sent` is where the columns
    stood when the sheet was sent. `seen` are the columns that a visible heading names, in the row `headings` (-1 if
    none is there), `keyed` those that the hidden header names: where the others are follows from where these are.
    """

    columns: Mapping[Name, int]
    by_key: Mapping[int, Whose]
    by_number: Mapping[int, Whose]
    first_row: int
    disagreeing: tuple[Name, ...]
    without: tuple[str, ...]
    gone: tuple[Name, ...]
    sent: Mapping[Name, int]
    seen: frozenset[Name] = frozenset()
    keyed: frozenset[Name] = frozenset()
    headings: int = NOWHERE

    @cached_property
    def rows(self) -> Mapping[int, Whose]:
        """Whose each row is: by its visible number, else by its hidden key."""
        return {**self.by_key, **self.by_number}


def find_marks(sheet: Sheet, plan: Plan[Name, Whose]) -> Marks[Name, Whose]:
    """Every text of a sheet that says where something stands, in one pass."""
    marks: Marks[Name, Whose] = Marks()
    named = [place for place in sheet.texts if place[2] not in plan.silent]
    for r, c, text in named:
        if text.startswith(MARK):
            if text in plan.header_keys:
                marks.header[plan.header_keys[text]].append((r, c))
            else:
                marks.identities.append(r)
        elif (keyed := plan.row_of_key(text)) is not None:
            marks.keys[c][r] = keyed
        elif (numbered := plan.row_of_number(text)) is not None:
            marks.numbers[c][r] = numbered
        else:
            _keep_silent(text, plan)
    if marks.keys or marks.numbers or not plan.rows_needed:
        marks.headings = _headings(sheet, plan, named)
    return marks


def names_something(text: str, plan: Plan[Name, Whose]) -> bool:
    """True for a text, without blanks around it, that may say whose a row is, or what a column holds."""
    if text in plan.silent:
        return False
    is_named = plan.row_of_key(text) is not None or plan.row_of_number(text) is not None
    return text.startswith(MARK) or is_named or not _keep_silent(text, plan)


def _keep_silent(text: str, plan: Plan[Name, Whose]) -> bool:
    """True for a text that is no heading either, which is kept."""
    is_silent = _heading(text) not in plan.headings
    if is_silent and len(text) <= _LONGEST_KEPT and len(plan.silent) < _KEPT:
        plan.silent.add(text)
    return is_silent


def _heading(text: str) -> str:
    """What a text may be as a heading: below that of the previous answers stands what period they are of."""
    return choice_key(text.partition("\n")[0])


def _headings(sheet: Sheet, plan: Plan[Name, Whose], named: Iterable[tuple[int, int, str]]) -> dict[Name, list[At]]:
    """The row with the most different headings, if all that are needed are among them; `named` are texts to look at."""
    rows: dict[int, dict[Name, list[At]]] = defaultdict(lambda: defaultdict(list))
    for r, c, _ in named:
        if plan.heading_rows is not None and r >= plan.heading_rows:
            break
        heading = _heading(str(sheet.rows[r][c]))
        if heading and (name := plan.headings.get(heading)) is not None:
            rows[r][name].append((r, c))
    for r, named_there in rows.items() if any(map(str.isdecimal, plan.headings)) else ():
        for c, value in enumerate(sheet.rows[r]):
            if (name := plan.headings.get(_year(value))) is not None:
                named_there[name].append((r, c))
    best: dict[Name, list[At]] = max(rows.values(), key=len, default={})
    enough = len(best) >= min(_FEWEST_HEADINGS, len(plan.headings)) and plan.needed <= best.keys()
    return best if enough and not (plan.one_of and plan.one_of.isdisjoint(best)) else {}


def _year(value: CellValue) -> str:
    """What a number may be as a heading: programs make numbers of headings such as 2025."""
    return str(int(value)) if isinstance(value, int | float) and value % 1 == 0 else ""


def map_sheet(
    marks: Marks[Name, Whose], plan: Plan[Name, Whose], vouched: Callable[[Mapping[int, Whose], int], bool]
) -> SheetMap[Name, Whose] | None:
    """Where things stand on a sheet; None for a sheet that is none of the plan.

    `vouched` decides by the rows found, and by where the number column was, where nothing else proves that it is one.
    """
    visible = _single(marks.headings)
    taken = {at: name for name, at in visible.items()}
    header = _single(marks.header)
    # Where a heading in sight names another column than the header above it, it names it alone.
    hidden = {name: at for name, at in header.items() if taken.get(at, name) == name}
    key_column = _fullest(marks.keys, hidden.get(plan.key))
    number_column = _fullest(marks.numbers, visible.get(plan.number, hidden.get(plan.number)))
    by_key, by_number = marks.keys.get(key_column, {}), marks.numbers.get(number_column, {})
    if plan.rows_needed and not by_key and not by_number:
        return None
    named = bool(header) and plan.needed <= hidden.keys() and not (plan.one_of and plan.one_of.isdisjoint(hidden))
    known = named or bool(visible) or len(by_key) >= _FEWEST_KEYS
    if not known and not (by_number and vouched(by_number, number_column)):
        return None
    found = {**hidden, **visible}
    found |= {plan.key: key_column} if by_key else {}
    found |= {plan.number: number_column} if by_number else {}
    plan = _as_sent(plan, found)
    anchor = _anchor(plan, number_column if by_number else None, key_column if by_key else None, visible)
    columns = {
        name: found.get(name, anchor + at)
        for name, at in plan.columns.items()
        if name not in plan.optional or name in visible or name in hidden
    }
    columns |= dict.fromkeys(gone := _gone(plan, columns, found), NOWHERE)
    lost = (("header", bool(header)), ("keys", bool(by_key)), ("numbers", bool(by_number)))
    first = min((*by_key, *by_number), default=None)
    return SheetMap(
        columns,
        by_key,
        by_number,
        _first_row(marks, first, plan.rows_needed),
        tuple(name for name, at in header.items() if visible.get(name, at) != at or taken.get(at, name) != name),
        tuple(name for name, there in lost if not there),
        gone,
        plan.columns,
        frozenset(visible),
        frozenset(hidden),
        next((places[0][0] for places in marks.headings.values()), NOWHERE),
    )


def cell_at(row: list[CellValue], column: int) -> CellValue:
    """The cell of a row, None beyond its end."""
    return row[column] if 0 <= column < len(row) else None


@lru_cache(maxsize=256)
def picking(columns: frozenset[int]) -> Pick:
    """What takes the cells of these columns out of a row."""
    places = sorted(columns)
    if not places:
        return _nothing
    # Of one place alone it would give the cell, and no tuple.
    return itemgetter(*places, places[-1])


def _nothing(_: list[CellValue]) -> tuple[CellValue, ...]:
    return ()


def _as_sent(plan: Plan[Name, Whose], found: Mapping[Name, int]) -> Plan[Name, Whose]:
    """The plan with the columns where they stood when the sheet was sent; `found` are those that are known."""
    left, right = plan.earlier_if
    if left not in found:
        return plan
    at, now, earlier = found[left], plan.columns[left], plan.earlier[left]
    is_earlier = at < found[right] if right in found else abs(at - earlier) < abs(at - now)
    return replace(plan, columns=plan.earlier) if is_earlier else plan


def _gone(plan: Plan[Name, Whose], columns: Mapping[Name, int], found: Mapping[Name, int]) -> tuple[Name, ...]:
    """The columns without a text of their own that were deleted: their neighbours have closed up over them."""
    gone: list[Name] = []
    run: list[Name] = []
    left: Name | None = None
    for name in sorted(columns, key=lambda name: plan.columns[name]):
        if name not in found and name not in (plan.key, plan.number):
            run.append(name)
            continue
        at = found.get(name, columns[name])
        if run and left is not None:
            closer = (plan.columns[name] - plan.columns[left]) - (at - found.get(left, columns[left]))
            gone += run if closer >= len(run) else [other for other in run if columns[other] == at]
        left, run = name, []
    taken = set(found.values())
    return (*gone, *(name for name, at in columns.items() if name not in found and at in taken and name not in gone))


def _first_row(marks: Marks[Name, Whose], first: int | None, rows_needed: bool) -> int:
    """The row below the head; what stands further down may have been sorted in among the rows."""
    placed = [row for places in (*marks.header.values(), *marks.headings.values()) for row, _ in places]
    above = [row + 1 for row in (*placed, *marks.identities) if first is None or row < first]
    return max(above, default=first if rows_needed and first is not None else 0)


def _anchor(plan: Plan[Name, Whose], numbers: int | None, keys: int | None, visible: Mapping[Name, int]) -> int:
    """How far all columns were moved: without a number column, the key column serves to count from."""
    if numbers is not None:
        return numbers - plan.columns[plan.number]
    if keys is not None:
        return keys - plan.columns[plan.key]
    return next((at - plan.columns[name] for name, at in visible.items()), 0)


def _single(found: Mapping[Name, list[At]]) -> dict[Name, int]:
    """The columns whose text stands once: one that stands twice proves nothing."""
    return {name: places[0][1] for name, places in found.items() if len({c for _, c in places}) == 1}


def _fullest(found: Mapping[int, Mapping[int, Whose]], preferred: int | None) -> int:
    """The column where most rows are named; the preferred one if it names any."""
    if preferred is not None and found.get(preferred):
        return preferred
    return max(found, key=lambda column: (len(found[column]), -column), default=0)
