"""Lines of the previous round on the sheet of a list: what an x before them means, and what it means that there is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.previous_round.previous_answers import with_shown_answers
from pipeline.reading.confirming import confirmed
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.lines.marked_lines import counting
from pipeline.reading.places.place import Place
from pipeline.reading.reading import Reading
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import Column, Layout, ListSheet
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.office import AS_IT_IS, calculated
from tests.pipeline.reading.list_rows import judged, rows_of
from tests.pipeline.reading.workbooks.test_grids import repack
from tests.with_list import instrument, list_round

PREVIOUS_LINES = (
    {"indicator": Answer("W01a"), "partner": Answer("BBB"), "begun": Answer(2001.0), "free_use": Answer("Y")},
    {"indicator": Answer("W01a"), "partner": Answer("OTHER"), "name": Answer("=Utopia  &\n co")},
    {"indicator": Answer("F01"), "partner": Answer("CCC")},
)
ENGLISH = (
    {"indicator": "W01a – Wells", "partner": "Betaland", "begun": 2001, "free_use": "Yes"},
    {"indicator": "W01a – Wells", "partner": "Elsewhere", "name": "'=Utopia & co"},
    {"indicator": "F01 – Trees", "partner": "Gammaland"},
)
"""The lines as the sheet shows them."""

READ = {
    1: ("W01a", "BBB", None, 2001.0, "Y"),
    2: ("W01a", "OTHER", "=Utopia  &\n co", None, None),
    3: ("F01", "CCC", None, None, None),
}
COLUMNS = ("indicator", "partner", "name", "begun", "free_use")
Typed = Mapping[str, CellValue]


@dataclass(frozen=True)
class Case:
    """What is typed, by line; what is found, and in which column; what is read; what the check says line by line."""

    typed: Mapping[int, Typed]
    found: tuple[tuple[str, str, str], ...] = ()
    lines: Mapping[int, tuple[object, ...]] = field(default_factory=dict)
    change: Mapping[int, str] = field(default_factory=dict)
    signs: str = "–––."


def cleared(**kept: CellValue) -> Typed:
    return {**dict.fromkeys(COLUMNS), **kept}


CHANGED = ("W01a", "BBB", None, 2005.0, "Y")
NEW = {"indicator": "F01", "partner": "Bétalande"}
FREE = ("F01", "BBB", None, None, None)
NONE = (("lines_unconfirmed", "warning", "L1"),)
CASES: Mapping[str, Case] = {
    "nothing": Case({}, NONE),
    "an x": Case({1: {"confirm": "x"}}, lines={1: READ[1]}, change={1: "cc-cc"}, signs="✓––."),
    "every x": Case(
        {1: {"confirm": "x"}, 2: {"confirm": " X\u00a0"}, 3: {"confirm": "x"}},
        lines=READ, change={1: "cc-cc", 2: "ccc--", 3: "cc---"}, signs="✓✓✓.",
    ),
    "a line changed in place": Case(
        {1: {"confirm": "x", "begun": 2005}}, (("line_changed", "info", "L1"),),
        {1: CHANGED}, {1: "cc-hc"}, "✓––.",
    ),
    "a cell cleared in place": Case(
        {1: {"confirm": "x", "free_use": None}}, (("line_changed", "info", "L1"),),
        {1: (*READ[1][:4], None)}, {1: "cc-c-"}, "✓––.",
    ),
    "a cell filled in place": Case(
        {3: {"confirm": "x", "begun": 2005}}, (("line_changed", "info", "L3"),),
        {3: ("F01", "CCC", None, 2005.0, None)}, {3: "cc-n-"}, "––✓.",
    ),
    "a line changed without an x": Case(
        {1: {"begun": 2005}}, (("line_unmarked", "error", "L1"),), {1: CHANGED}, {1: "cc-hc"}, "●––.",
    ),
    "a new line": Case({4: NEW}, lines={4: FREE}, change={4: "nn---"}, signs="–––✓"),
    "a new line with an x": Case({4: {**NEW, "confirm": "x"}}, lines={4: FREE}, change={4: "nn---"}, signs="–––✓"),
    "a previous line typed anew": Case(
        {4: {"indicator": "F01", "partner": "CCC"}}, (("line_moved", "warning", "L4"),),
        {4: READ[3]}, {4: "cc---"}, "–––✓",
    ),
    "a line with an x and the same typed anew": Case(
        {3: {"confirm": "x"}, 4: {"indicator": "F01", "partner": "CCC"}},
        (("line_moved", "warning", "L4"), *(("line_repeated", "warning", line) for line in ("L3", "L4"))), {3: READ[3], 4: READ[3]}, {3: "cc---", 4: "cc---"}, "––!!",
    ),
    "a line cleared": Case({1: cleared()}, (("lines_unconfirmed", "warning", "L2"),), signs=".––."),
    "a line cleared but for its x": Case(
        {1: cleared(confirm="x")}, (("line_mark_alone", "error", "L1"),), signs="×––.",
    ),
    "an x on a free line": Case({4: {"confirm": "x"}}, (("line_mark_alone", "error", "L4"),), signs="–––×"),
    "another sign than an x": Case(
        {1: {"confirm": "yes"}}, (("line_mark", "error", "L1"),), {1: READ[1]}, {1: "cc-cc"}, "×––.",
    ),
    "a number for an x": Case(
        {1: {"confirm": 1}}, (("line_mark", "error", "L1"),), {1: READ[1]}, {1: "cc-cc"}, "×––.",
    ),
    "lines moved up": Case(
        {1: {**cleared(**ENGLISH[1]), "confirm": "x"}, 2: cleared(**ENGLISH[2]), 3: cleared()},
        (("line_moved", "warning", "L1"), ("line_unmarked", "error", "L2")),
        {1: READ[2], 2: READ[3]}, {1: "ccc--", 2: "hh---"}, "✓●..",
    ),
    "an incomplete line": Case(
        {3: {"confirm": "x", "partner": None}},
        (("line_changed", "info", "L3"), ("line_incomplete", "error", "L3")),
        {3: ("F01", None, None, None, None)}, {3: "c----"}, "––●.",
    ),
}  # fmt: skip


@cache
def layout() -> Layout:
    return Layout(instrument(), prefilled=True)


@cache
def sheet() -> ListSheet:
    return layout().lists[0]


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return marked_round(tmp_path_factory.mktemp("marked"))


def marked_round(root: Path) -> Round:
    """A round in whose previous round AAA had the lines of PREVIOUS_LINES."""
    made = list_round(root)
    previous = Previous(Path("answers.parquet"), "1", "2022–2023")
    return replace(
        made,
        previous=previous,
        previous_answers={"AAA": {("W01a", "total"): Answer(2.0)}},
        previous_lines={"AAA": {"projects": PREVIOUS_LINES}},
    )


@pytest.fixture(scope="module")
def sent(round_: Round, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "AAA.xlsx"
    write_questionnaire(path, with_shown_answers(round_), round_.participants[0], layout())
    return path


def at(line: int, column: str) -> str:
    return f"{column_letter(sheet().columns[column])}{sheet().row(line) + 1}"


def fill(sent: Path, target: Path, lines: Mapping[int, Typed]) -> Path:
    tabs = tab_names(layout())
    book = FilledWorkbook(sent, layout(), tabs, "en")
    for line, cells in lines.items():
        for column, value in cells.items():
            book.type_at(sheet().code, at(line, column), value)
    book.type(layout().slot("W01a", "status"), "2 – Adopted")
    book.save(target, dt.datetime(2026, 3, 1, 8))
    return target


def read(round_: Round, path: Path) -> Submission:
    return judged(round_, tidy(receive_file(path), path.read_bytes(), round_, layout()))


def found(submission: Submission) -> tuple[tuple[str, str, str], ...]:
    """The findings on the sheet of the list: code, severity, line."""
    own = [entry for entry in submission.findings if entry.field.startswith("projects.")]
    rows = {sheet().row(line) + 1: sheet().number(line) for line in range(1, 5)}
    return tuple((entry.code, str(entry.severity), rows[int(entry.cell[1:])]) for entry in own)


def lines(submission: Submission) -> dict[int, tuple[object, ...]]:
    """What each line says, column by column."""
    rows = rows_of(submission)
    reported: dict[int, list[object]] = {}
    for place, line in enumerate(rows["line"]):
        values = (rows[name][place] for name in ("code", "number", "text"))
        reported.setdefault(int(str(line)), []).append(next((value for value in values if value is not None), None))
    return {line: tuple(values) for line, values in reported.items()}


def changes(submission: Submission) -> dict[int, str]:
    """Of each cell whether it is (n)ew, (c)onfirmed, c(h)anged."""
    rows = rows_of(submission)
    reported: dict[int, str] = {}
    for line, change in zip(rows["line"], rows["change"], strict=True):
        sign = {"": "-", "changed": "h"}.get(str(change), str(change)[:1])
        reported[int(str(line))] = reported.get(int(str(line)), "") + sign
    return reported


@pytest.mark.parametrize("name", CASES)
def test_lines__whatever_stands_before_them__count_as_described(
    round_: Round, sent: Path, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", case.typed))
    assert found(submission) == case.found
    assert lines(submission) == case.lines
    assert changes(submission) == case.change


def test_x__crossed_out_before_a_line__confirms_nothing(round_: Round, sent: Path, tmp_path: Path) -> None:
    path = fill(sent, tmp_path / "r.xlsx", {})
    struck = "<is><r><rPr><strike/></rPr><t>x</t></r></is>"
    crossed = re.compile(rf'<c r="{at(1, "confirm")}"( s="\d+")?/>'.encode())

    def edited(name: str, part: bytes) -> bytes:
        cell = rf'<c r="{at(1, "confirm")}"\1 t="inlineStr">{struck}</c>'.encode()
        return crossed.sub(cell, part) if "/worksheets/" in name else part

    path.write_bytes(repack(edited, path.read_bytes()))
    submission = read(round_, path)
    assert found(submission) == (("line_mark", "error", "L1"),)


def test_findings__of_every_case__are_worded_in_every_language(round_: Round, sent: Path, tmp_path: Path) -> None:
    for case in CASES.values():
        for entry in read(round_, fill(sent, tmp_path / "r.xlsx", case.typed)).findings:
            for language in LANGUAGES:
                assert "{" not in entry.message_in(language) + entry.remedy_in(language), entry.code


def test_cells__of_a_changed_line__tell_what_they_said(round_: Round, sent: Path, tmp_path: Path) -> None:
    rows = rows_of(read(round_, fill(sent, tmp_path / "r.xlsx", {1: {"confirm": "x", "begun": 2005}})))
    reported = ("field", "raw", "cell", "parsed_by", "change", "previous")
    assert list(zip(*(rows[name] for name in reported), strict=True)) == [
        ("indicator", "W01a – Wells", "D7", "confirmed", "confirmed", "W01a"),
        ("partner", "Betaland", "E7", "confirmed", "confirmed", "BBB"),
        ("name", "", "F7", "blank", "", ""),
        ("begun", "2005", "G7", "number", "changed", "2001"),
        ("free_use", "Yes", "H7", "confirmed", "confirmed", "Y"),
    ]


def test_cells__of_a_confirmed_line__come_from_the_dataset(round_: Round, sent: Path, tmp_path: Path) -> None:
    rows = rows_of(read(round_, fill(sent, tmp_path / "r.xlsx", {2: {"confirm": "x"}})))
    assert (rows["text"][2], rows["raw"][2], rows["parsed_by"][2]) == ("=Utopia  &\n co", "'=Utopia & co", "confirmed")


@given(st.data())
def test_counting__whole_rows_in_any_order__confirms_exactly_those_with_an_x(data: st.DataObject) -> None:
    previous = data.draw(st.lists(st.sampled_from(PREVIOUS_LINES), max_size=6))
    rows = data.draw(st.permutations(list(enumerate(previous, 1))))
    marked = data.draw(st.sets(st.sampled_from(range(1, 8))))
    kept, noted = counting([_line(number, then, "x" if number in marked else "") for number, then in rows], previous)
    assert [line.number for line in kept] == [number for number, _ in rows if number in marked]
    assert all(cell.parsed.parsed_by in ("confirmed", "blank") for line in kept for cell in line.cells.values())
    assert [entry.code for entry in noted] == ["lines_unconfirmed"] * bool(rows and not kept)


@given(st.data())
def test_counting__cells_sorted_under_their_x__is_never_silent(data: st.DataObject) -> None:
    previous = data.draw(st.lists(st.sampled_from(PREVIOUS_LINES), min_size=1, max_size=3, unique_by=id))
    moved = data.draw(st.permutations(previous))
    marks = data.draw(st.lists(st.sampled_from(("", "x")), min_size=len(previous), max_size=len(previous)))
    lines = [_line(number, then, mark) for number, (then, mark) in enumerate(zip(moved, marks, strict=True), 1)]
    _, noted = counting(lines, previous)
    reported = {entry.code for entry in noted} & {"line_moved", "line_unmarked"}
    assert bool(reported) == any(now is not then for now, then in zip(moved, previous, strict=True))


def test_counting__lines_that_were_alike__are_each_the_one_that_stood_in_its_row() -> None:
    last = (PREVIOUS_LINES[2], dict(PREVIOUS_LINES[2]))
    lines = [_line(number, PREVIOUS_LINES[2], "x") for number in (1, 2)]
    kept, noted = counting(lines, last)
    assert [line.previous is then for line, then in zip(kept, last, strict=True)] == [True, True]
    assert noted == []
    assert [entry.code for entry in counting([replace(lines[1], mark="")], last)[1]] == ["lines_unconfirmed"]


@pytest.mark.parametrize("number", [1, 4], ids=["of the previous round", "free"])
def test_counting__an_emptied_line_with_something_else_than_an_x__is_no_line(number: int) -> None:
    kept, noted = counting([_line(number, {}, "?")], PREVIOUS_LINES)
    assert kept == []
    assert [entry.code for entry in noted] == ["line_mark"]


@pytest.mark.parametrize("says", [PREVIOUS_LINES[0], PREVIOUS_LINES[2]])
def test_counting__a_row_without_a_number__is_the_previous_line_that_it_says_wherever_it_stands(says: Line) -> None:
    """Rows pasted into a new sheet have lost their numbers: their place is no evidence of having been moved."""
    pasted = replace(_line(4, says, ""), stated=0)
    kept, noted = counting([pasted], PREVIOUS_LINES)
    assert (kept, [entry.code for entry in noted]) == ([], ["lines_unconfirmed"])
    kept, noted = counting([replace(pasted, mark="x")], PREVIOUS_LINES)
    assert ([line.previous for line in kept], noted) == ([says], [])


def _line(number: int, says: Line, mark: str) -> ReadLine:
    """The line of that number as it is read where it says this."""
    cells = {}
    for slot in sheet().slots(number):
        code = slot.field.code
        parsed = confirmed(slot.field.type, says.get(code))
        place = Place(slot, "List", slot.row, slot.columns[Column.ANSWER], None)
        cells[code] = Reading(slot, place, replace(parsed, parsed_by="typed") if code in says else parsed)
    return ReadLine(sheet().block, number, cells, mark, at(number, "confirm"), number)


@pytest.mark.libreoffice
def test_check__of_every_case__agrees_with_the_reader(sent: Path, tmp_path: Path, uno_python: Path) -> None:
    paths = [fill(sent, tmp_path / f"{number}.xlsx", case.typed) for number, case in enumerate(CASES.values())]
    reported = calculated(uno_python, [(path, [AS_IT_IS]) for path in paths])
    tab = tab_names(layout())[sheet().code]
    for (name, case), (step,) in zip(CASES.items(), reported, strict=True):
        checks = [str(step.sheets[tab][sheet().row(line)][sheet().columns["check"]]) for line in range(1, 5)]
        assert "".join(check[:1] or "." for check in checks) == case.signs, name
        grave = {line for _, severity, line in case.found if severity == "error"}
        open_ = {sheet().number(n) for n, check in enumerate(checks, 1) if check[:1] in ("×", "●")}
        assert open_ == grave, name


@pytest.mark.libreoffice
def test_first_values__calculated_anew__stay_as_they_were_written(sent: Path, uno_python: Path) -> None:
    tab = tab_names(layout())[sheet().code]
    [[step]] = calculated(uno_python, [(sent, [AS_IT_IS])])
    written = CalamineWorkbook.from_path(str(sent)).get_sheet_by_name(tab).to_python(skip_empty_area=False)
    for row in range(sheet().first, sheet().last + 1):
        assert [str(cell) for cell in step.sheets[tab][row]] == [str(cell) for cell in written[row]]
