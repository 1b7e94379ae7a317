"""Older editions: what editions.csv says of their codes, and how a fault in it is reported."""

from pathlib import Path

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.moved_answers import moved_answers
from questionnaire.tables import DeclarationError
from tests.given import MINI, copy_of, mini, replace_in, seed


@pytest.mark.parametrize(
    ("indicator", "field", "now"),
    [
        ("W01", "total", ("W01a", "total")),
        ("W03", "begun", ("W02", "started")),
        ("W03", "regions.NORTH", ("W02", "regions.NORTH")),
        ("F01", "targeted.WEST", ("F01", "targeted.WEST")),
        ("W02", "total", None),
        ("W01a", "total", None),
        ("W03", "started", None),
        ("X09", "total", None),
    ],
)
def test_now__codes_of_then__are_those_of_today_or_nothing(
    indicator: str, field: str, now: tuple[str, str] | None
) -> None:
    edition = mini().older_edition("0")
    assert edition
    assert edition.now(indicator, field) == now


def test_now__codes_exchanged__go_crosswise(tmp_path: Path) -> None:
    lines = "edition,kind,code_then,code\n0,indicator,W02,F01\n0,indicator,F01,W02\n"
    (edition,) = read_instrument(_with(tmp_path, lines)).editions
    assert (edition.now("W02", "status"), edition.now("F01", "status")) == (("F01", "status"), ("W02", "status"))


def test_editions__not_listed_or_no_file__are_not_mapped() -> None:
    assert [edition.name for edition in mini().editions] == ["0"]
    assert mini().older_edition("1") is None
    assert [edition.name for edition in seed().editions] == ["2026.1"]


def test_editions__nothing_changed__one_line_says_so(tmp_path: Path) -> None:
    (edition,) = read_instrument(_with(tmp_path, "edition;kind;code_then;code\n0;indicator;W02;W02\n")).editions
    assert edition.now("W01b", "spent.currency") == ("W01b", "spent.currency")


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("0,indicator,W01,", "1,indicator,W01,", "line 2, column edition", "“1” is not an older edition"),
        ("0,indicator,W01,", ",indicator,W01,", "line 2, column edition", "“” is not an older edition"),
        ("question", "field", "line 5, column kind", "“field” is none of these"),
        ("begun", "", "line 5, column code_then", "the code of the question in edition 0 is missing"),
        ("begun,started", "begun,stopped", "line 5, column code", "there is no question stopped"),
        ("W01a", "W01", "line 2, column code", "there is no indicator W01"),
        ("W03,W02", "W01,W02", "line 3, column code_then", "W01 stands twice for edition 0"),
        ("W03,W02", "W03,W01a", "line 3, column code", "two codes of edition 0 become W01a"),
        ("code_then", "old", "line 1", "the column code_then is missing"),
        (
            "begun,started",
            "begun,started\n0,value,total,free=Y",
            "line 6, column code_then",
            "“total” is no question with",
        ),
        (
            "begun,started",
            "begun,started\n0,value,gone=9,free=Y",
            "line 6, column code_then",
            "no question gone of then",
        ),
        (
            "begun,started",
            "begun,started\n0,value,total=*,free=Y",
            "line 6, column code_then",
            "total has no unit that",
        ),
        (
            "begun,started",
            "begun,started\n0,value,total=9,spent.unit=EUR",
            "line 6, column code",
            "no question spent.unit",
        ),
        ("begun,started", "begun,started\n0,value,total=9,life=Y", "line 6, column code", "there is no question life"),
        ("begun,started", "begun,started\n0,value,total=9,free=X", "line 6, column code", "“X” is no answer to free"),
        ("begun,started", "begun,started\n0,value,total=9,started=soon", "line 6, column code", "“soon” is no answer"),
        (
            "begun,started",
            "begun,started\n0,value,total=9,free=Y\n0,value,total=9,free=N",
            "line 7, column code",
            "total=9 answers free twice",
        ),
    ],
)
def test_editions__malformed__names_line_column_and_remedy(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    replace_in(folder / "editions.csv", old, new)
    with pytest.raises(DeclarationError) as caught:
        read_instrument(folder)
    assert caught.value.where == f"editions.csv, {where}"
    assert what in caught.value.what
    assert caught.value.remedy


def test_editions__value_that_moved__stands_under_todays_code_with_all_that_it_says(tmp_path: Path) -> None:
    lines = "edition,kind,code_then,code\n0,question,begun,started\n0,value,begun=9999,free=Y\n0,value,begun=9999,started=ND\n"
    (edition,) = read_instrument(_with(tmp_path, lines)).editions
    assert edition.moved == {("started", "9999"): {"free": "Y", "started": AnswerStatus.NOT_AVAILABLE}}


def test_editions__number_that_had_one_unit__says_which_of_those_of_today(tmp_path: Path) -> None:
    lines = "edition,kind,code_then,code\n0,question,cost,spent\n0,value,cost=*,spent.currency=EUR\n"
    instrument = read_instrument(_with(tmp_path, lines))
    (edition,), block = instrument.editions, instrument.blocks["W01b"]
    assert edition.moved == {("spent", "*"): {"spent.currency": "EUR"}}
    assert moved_answers(edition, block, "spent", Answer(14.0)) == {
        "spent": Answer(14.0), "spent.currency": Answer("EUR"),
    }  # fmt: skip
    unknown = Answer(None, AnswerStatus.NOT_AVAILABLE)
    assert moved_answers(edition, block, "spent", unknown) == {}, "what is not known has no unit"


def _with(root: Path, lines: str) -> Path:
    folder = copy_of(MINI, root / "mini")
    (folder / "editions.csv").write_text(lines, encoding="utf-8")
    return folder
