"""Older wordings: what wordings_before.csv says, and how a fault in it is reported."""

from pathlib import Path

import pytest

from questionnaire.declaration.earlier.wordings_before import WordingBefore
from questionnaire.declaration.instrument import read_instrument
from questionnaire.tables import DeclarationError
from tests.given import MINI, copy_of, mini, seed

HEAD = "kind,code,language,wording\n"


def _with(root: Path, *lines: str) -> Path:
    folder = copy_of(MINI, root / "mini")
    (folder / "wordings_before.csv").write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def test_wordings_before__of_each_kind__are_read_and_change_nothing_else(tmp_path: Path) -> None:
    lines = "question,urban,en,In the cities", "option,regions.NORTH,fr,Le Nord", "indicator,W02,en,Schools"
    read = read_instrument(_with(tmp_path, *lines))
    assert read.wordings_before == (
        WordingBefore("question", "urban", "In the cities"),
        WordingBefore("option", "regions.NORTH", "Le Nord"),
        WordingBefore("indicator", "W02", "Schools"),
    )
    assert read.structure == mini().structure


def test_wordings_before__no_file__are_none() -> None:
    assert mini().wordings_before == ()


def test_wordings_before__of_the_seed__are_those_that_were_sent() -> None:
    assert {before.code for before in seed().wordings_before} == {"trained_health"}


def test_wording_of_a_question_of_another_block__can_be_an_older_one(tmp_path: Path) -> None:
    """No block asks both, so that a row with these words can mean one of them only."""
    read = read_instrument(_with(tmp_path, "question,depth,en,Amount spent"))
    assert [before.code for before in read.wordings_before] == ["depth"]


@pytest.mark.parametrize(
    ("lines", "where", "what"),
    [
        (["field,urban,en,In the cities"], "line 2, column kind", "“field” is not known"),
        (["question,suburban,en,In the cities"], "line 2, column code", "there is no question suburban"),
        (["question,spent.currency,en,Of what"], "line 2, column code", "there is no question spent.currency"),
        (["option,regions.EAST,en,The East"], "line 2, column code", "there is no option regions.EAST"),
        (["indicator,Z01,en,Schools"], "line 2, column code", "there is no indicator Z01"),
        (["question,urban,de,In der Stadt"], "line 2, column language", "“de” is no language of this instrument"),
        (["question,urban,en,"], "line 2, column wording", "the older wording is missing"),
        (["question,urban,en,… IN  towns"], "line 2, column wording", "it is worded so already"),
        (["question,urban,en,Cities", "question,urban,fr,Cities"], "line 3, column wording", "worded so already"),
        (
            ["question,urban,en,… in the country"],
            "line 2, column wording",
            "W01a has the question rural under that wording",
        ),
        (
            ["question,urban,en,Cities", "question,rural,en,Cities"],
            "line 3, column wording",
            "W01a has the question urban under that wording",
        ),
    ],
)
def test_wordings_before__malformed__name_line_column_and_remedy(
    tmp_path: Path, lines: list[str], where: str, what: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        read_instrument(_with(tmp_path, *lines))
    assert caught.value.where == f"wordings_before.csv, {where}"
    assert what in caught.value.what
    assert caught.value.remedy


def test_wording_of_another_indicator__is_refused_as_an_older_one(tmp_path: Path) -> None:
    other = mini().indicator("W01b").text["en"]
    with pytest.raises(DeclarationError) as caught:
        read_instrument(_with(tmp_path, f'indicator,W02,en,"{other}"'))
    assert caught.value.what == "W01b is worded so"


def test_wordings_before__a_column_is_missing__names_the_first_line(tmp_path: Path) -> None:
    folder = _with(tmp_path)
    (folder / "wordings_before.csv").write_text("kind,code,wording\n", encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        read_instrument(folder)
    assert caught.value.where == "wordings_before.csv, line 1"
