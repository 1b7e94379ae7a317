"""Naming a respondent: by code, name in any language, or alias, with what comes nearest to a slip."""

from pathlib import Path

import pytest

from pipeline.desk.naming import UnknownError, field_named, indicator_named, respondent_named
from questionnaire.rounds.naming import find_respondent, nearest, nearest_respondents
from questionnaire.rounds.round import Round
from tests.given import mini, mini_round


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    return mini_round(tmp_path)


@pytest.mark.parametrize("named", ["BBB", "bbb", "Betaland", "BÉTALANDE", "betalande", " Beta-land "])
def test_find__a_code_or_a_name_in_any_language__however_it_is_written(round_: Round, named: str) -> None:
    found = find_respondent(round_, named)
    assert found is not None
    assert found.code == "BBB"


def test_find__an_alias__is_a_name(round_: Round) -> None:
    found = find_respondent(round_, "ALPHA")
    assert found is not None
    assert found.code == "AAA"


@pytest.mark.parametrize("named", ["", "–", "land", "Betalan"])
def test_find__what_is_no_whole_name__finds_nobody(round_: Round, named: str) -> None:
    assert find_respondent(round_, named) is None


def test_unknown__a_slip__is_answered_with_the_nearest_first(round_: Round) -> None:
    with pytest.raises(UnknownError, match=r"Gamaland is not in the frame .* mean CCC\? The nearest: CCC Gammaland, "):
        respondent_named(round_, "Gamaland")
    with pytest.raises(UnknownError, match=r"XYZ is not in the frame .* It has, among others: "):
        respondent_named(round_, "XYZ")
    assert nearest_respondents(round_, "Deltalnd")[0].code == "DDD"


def test_unknown__a_question__is_answered_with_what_there_is_the_nearest_first() -> None:
    assert indicator_named(mini(), "w01A", "en") == "W01a"
    with pytest.raises(UnknownError, match=r"W01 is not an indicator of this instrument; its indicators: W01a, "):
        indicator_named(mini(), "W01", "en")
    assert field_named(mini(), "W01a", "Total", "en") == "total"
    with pytest.raises(UnknownError, match=r"totals is not a question of W01a; its questions: total, "):
        field_named(mini(), "W01a", "totals", "en")
    assert nearest("b", ("a", "b", "c")) == ("b", "a", "c")
