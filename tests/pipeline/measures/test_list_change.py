"""What became of the lines of lists since the previous round: on the matched panel, and as everybody may see it."""

from __future__ import annotations

import pytest

from pipeline.report.edition import Edition
from pipeline.report.list_changes import compares_lists
from pipeline.report.source import Source
from pipeline.report.write import report_page
from pipeline.validation.completeness import Coverage
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Line, Responses
from tests import with_list
from tests.given import replace_in
from tests.pipeline.report.pages import ReportPage
from tests.pipeline.tables.made import Made, round_of

HELPED = """
[[list.column]]
column = "helped"
type = "whole_number"
discloses = "persons"
label = { en = "Persons helped", fr = "Personnes aidées" }
"""
ANSWERED = {("W01a", "status"): Answer("3"), ("F01", "status"): Answer("2")}
PAGE = ("list", "number", "line_change", "indicator", "line_key", "column", "previous_value", "value")


def line(indicator: str, partner: str, begun: float, name: str = "", helped: float | None = None) -> Line:
    cells = {"indicator": Answer(indicator), "partner": Answer(partner), "begun": Answer(begun)}
    cells |= {"name": Answer(name)} if name else {}
    return cells | ({"helped": Answer(helped)} if helped is not None else {})


NOW = {
    "AAA": (
        line("W01a", "CCC", 2012, "River"),
        line("W01a", "BBB", 2019, "Old well", 7),
        line("W01a", "BBB", 2001),
        line("F01", "OTHER", 2020),
    ),
    "BBB": (line("W01a", "AAA", 2019), line("F01", "AAA", 2019)),
    "CCC": (line("W01a", "BBB", 2019),),
    "EEE": (line("F01", "AAA", 2001), line("F01", "AAA", 2001), line("W01a", "AAA", 2001)),
}
BEFORE = {
    "AAA": (
        line("W01a", "BBB", 2001),
        line("W01a", "BBB", 2018, "Well", 3),
        line("W01a", "CCC", 2012, "Lake"),
        line("F01", "CCC", 1999),
    ),
    "BBB": (line("F01", "CCC", 2010), line("W01a", "AAA", 2019)),
    "DDD": (line("W01a", "AAA", 2010),),
    "EEE": (line("W01a", "AAA", 2001), line("F01", "AAA", 2001)),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """AAA answered on both indicators in both rounds; BBB on F01 only now; CCC only now, DDD only then; EEE on W01a only then."""
    folder = with_list.instrument_folder(tmp_path_factory.mktemp("instrument") / "mini")
    replace_in(
        folder / "lists.toml", '[[list.count]]\nquestion = "total"', f'{HELPED}\n[[list.count]]\nquestion = "total"'
    )
    answers = {"AAA": ANSWERED, "BBB": {("W01a", "status"): Answer("1")}, "DDD": ANSWERED, "EEE": ANSWERED}
    round_ = round_of(
        read_instrument(folder), "AAA", "BBB", "CCC", "DDD", "EEE",
        previous_answers=answers, previous_lines={code: {"projects": had} for code, had in BEFORE.items()},
    )  # fmt: skip
    answered = {"EEE": {("F01", "status"): Answer("2")}}
    published = {
        code: Responses(answered.get(code, ANSWERED), {"projects": dict(enumerate(lines, 1))})
        for code, lines in NOW.items()
    }
    return Made(round_, tmp_path_factory.mktemp("made"), published, cleared=("AAA",), DDD="no_return")


def test_list_change__lines_of_both_rounds__are_the_same_changed_added_or_dropped(made: Made) -> None:
    bbb = "indicator=W01a; partner=BBB"
    assert made.rows("measure_list_change", *PAGE, respondent="AAA") == [
        ("projects", 1, "changed", "W01a", "indicator=W01a; partner=CCC", "name", "Lake", "River"),
        ("projects", 2, "changed", "W01a", bbb, "name", "Well", "Old well"),
        ("projects", 2, "changed", "W01a", bbb, "begun", "2018", "2019"),
        ("projects", 2, "changed", "W01a", bbb, "helped", "3", "7"),
        ("projects", 3, "same", "W01a", bbb, "", None, None),
        ("projects", 4, "added", "F01", "indicator=F01; partner=OTHER", "", None, None),
        ("projects", 5, "dropped", "F01", "indicator=F01; partner=CCC", "", None, None),
    ]


def test_list_change__indicators_not_answered_in_both_rounds__are_left_out(made: Made) -> None:
    assert made.rows("measure_list_change", *PAGE[2:5], respondent="BBB") == [
        ("same", "W01a", "indicator=W01a; partner=AAA")
    ]
    assert made.rows("measure_list_change", "number", respondent="CCC") == []
    assert made.rows("measure_list_change", "number", respondent="DDD") == []


def test_list_change__of_two_lines_that_say_the_same__one_was_added(made: Made) -> None:
    assert made.rows("measure_list_change", *PAGE[1:4], respondent="EEE") == [
        (1, "same", "F01"),
        (2, "added", "F01"),
    ]


def test_list_change__as_everybody_may_see_it__has_no_text_and_no_number_of_persons(made: Made) -> None:
    shown = zip(
        *(made.public("measure_list_change", name) for name in ("respondent", *PAGE[1:3], *PAGE[5:])), strict=True
    )
    assert list(shown) == [
        ("AAA", 1, "same", "", None, None),
        ("AAA", 2, "changed", "begun", "2018", "2019"),
        ("AAA", 3, "same", "", None, None),
        ("AAA", 4, "added", "", None, None),
        ("AAA", 5, "dropped", "", None, None),
        ("BBB", 1, "same", "", None, None),
        ("EEE", 1, "same", "", None, None),
        ("EEE", 2, "added", "", None, None),
    ]


def test_report__of_an_instrument_with_tables_alone__compares_no_lists() -> None:
    tables = round_of(read_instrument(INSTRUMENTS / "criminal-justice"), previous_lines={"AAA": {"victims": ({},)}})
    assert not compares_lists(tables)


@pytest.mark.parametrize("access", Access)
def test_report__of_a_round_with_a_previous_one__counts_the_lines(made: Made, access: Access) -> None:
    edition = Edition(made.round, access, "en", Source(made.folders[access]), Coverage(3, 4, 0, 0))
    page = ReportPage(report_page(edition))
    head, *rows = page.rows("list_changes")
    assert head == ["Indicator", "Unchanged", "Changed", "Added", "Dropped"]
    changed = {Access.RESTRICTED: ["W01a", "2", "2", "0", "0"], Access.PUBLIC: ["W01a", "3", "1", "0", "0"]}
    assert rows == [changed[access], ["F01", "1", "0", "2", "1"]]
