"""Slices: what slices.csv says, for whom, and how a fault in it is reported."""

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.layout import Layout
from questionnaire.rounds import slices
from questionnaire.rounds.round import Round, read_round
from questionnaire.tables import DeclarationError
from tests.given import DEMO, MINI, copy_of, mini, mini_round, replace_in
from tests.with_ratio import ratio_round

SLICES = """respondent,slice,title_en,title_fr,sections,indicators
*,water,Water authority,Autorité de l’eau,W,
*,forests,Forest office,Office des forêts,,F01
AAA,water,Ministry of Water,Ministère de l’eau,F,W01a W02
"""


def sliced(root: Path, text: str = SLICES) -> Round:
    """The small round with slices: two for everybody, one of which AAA has otherwise."""
    round_ = mini_round(root)
    (round_.folder / "slices.csv").write_text(text, encoding="utf-8")
    return read_round(round_.folder, MINI.parent)


def test_slices__sections_and_indicators__are_taken_together(tmp_path: Path) -> None:
    round_ = sliced(tmp_path)
    asked = {part.code: sorted(part.indicators) for part in round_.slices_of("BBB")}
    assert asked == {"water": ["W01a", "W01b", "W02"], "forests": ["F01"]}
    part = round_.slice_of("AAA", "water")
    assert part
    assert part.indicators == {"W01a", "W02", "F01"}
    assert part.title == {"en": "Ministry of Water", "fr": "Ministère de l’eau"}
    assert [part.code for part in round_.slices_of("AAA")] == ["water", "forests"]
    assert round_.slice_of("BBB", "fire") is None


def test_slices__of_one_respondent_among_those_of_all__are_in_the_order_of_the_file(tmp_path: Path) -> None:
    head, water, forests, own = SLICES.splitlines()
    round_ = sliced(tmp_path, "\n".join((head, forests, own, water, "")))
    assert [(part.respondent, part.code) for part in round_.slices_of("AAA")] == [("*", "forests"), ("AAA", "water")]
    assert [part.code for part in round_.slices_of("BBB")] == ["forests", "water"]


def test_slices__of_many_that_ask_the_same__are_checked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[frozenset[str]] = []
    monkeypatch.setattr(slices, "_check_alone", lambda _row, _instrument, indicators: checked.append(indicators))
    sliced(tmp_path, SLICES + "".join(f"{code},lakes,L,L,W,\n" for code in ("AAA", "BBB", "CCC")))
    assert checked == [{"W01a", "W01b", "W02"}, {"F01"}, {"W01a", "W02", "F01"}]


def test_slices__for_all_and_of_others__look_the_same_where_they_ask_the_same(tmp_path: Path) -> None:
    round_ = sliced(tmp_path, SLICES + "BBB,water,Ministry of Water,Ministère de l’eau,F,W01a W02\n")
    of_all, own, same = (round_.slice_of(whose, "water") for whose in ("CCC", "AAA", "BBB"))
    assert [part and part.asked == (own and own.asked) for part in (of_all, own, same)] == [False, True, True]
    assert own
    assert replace(own, title={**own.title, "fr": "Office de l’eau"}).asked != own.asked, "its name stands on the Cover"


def test_slices__no_file__there_are_none(tmp_path: Path) -> None:
    assert mini_round(tmp_path).slices_of("AAA") == ()


def test_slices__the_demo__give_every_indicator_to_one_ministry() -> None:
    round_ = read_round(DEMO)
    listed = [code for part in round_.slices for code in part.indicators]
    assert sorted(listed) == sorted(indicator.code for indicator in round_.instrument.indicators)
    assert [part.code for part in round_.slices] == ["justice", "social", "foreign-affairs"]


def test_part__keys_numbers_and_names__are_those_of_the_whole() -> None:
    whole = Layout(mini())
    part = whole.part(frozenset({"W02", "F01"}))
    assert part.by_key.keys() == {slot.key for slot in whole.slots if slot.block.code in ("W02", "F01")}
    for slot in part.slots:
        other = whole.by_key[slot.key]
        assert (slot.number, slot.name, slot.sheet) == (other.number, other.name, other.sheet)
    assert part.slot("W02", "status").row < whole.slot("W02", "status").row
    assert part is whole.part(frozenset({"F01", "W02"}))


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("AAA,", "DDD,", "line 4, column respondent", "“DDD” does not take part"),
        ("AAA,water", "AAA,Water works", "line 4, column slice", "“Water works” is not a code"),
        ("AAA,", "*,", "line 4, column slice", "water stands twice for *"),
        ("Office des forêts", "", "line 3, column title_fr", "the name of the slice is missing"),
        (",W,", ",X,", "line 2, column sections", "there is no section X"),
        ("F01", "F01 F99", "line 3, column indicators", "there is no indicator F99"),
        ("F01", "", "line 3, column indicators", "neither sections nor indicators"),
        ("indicators", "questions", "line 1", "the column indicators is missing"),
    ],
)
def test_slices__malformed__names_line_column_and_remedy(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        sliced(tmp_path, SLICES.replace(old, new, 1))
    assert caught.value.where == f"slices.csv, {where}"
    assert what in caught.value.what
    assert caught.value.remedy


def test_slices__a_question_depends_on_another_indicator__both_belong_together(tmp_path: Path) -> None:
    instrument = copy_of(MINI, tmp_path / "instruments" / "mini")
    replace_in(instrument / "questions.csv", "free,yes_no,,,,,,,", "free,yes_no,,,,,,F01.status >= 1,")
    round_ = sliced(tmp_path, "respondent,slice,title_en,title_fr,sections,indicators\n*,water,W,E,,W02 F01\n")
    assert read_round(round_.folder, instrument.parent).slices
    replace_in(round_.folder / "slices.csv", "W02 F01", "W02")
    with pytest.raises(DeclarationError, match="whether free of W02 is asked depends on F01"):
        read_round(round_.folder, instrument.parent)


def test_slices__computed_from_another_indicator__both_belong_together(tmp_path: Path) -> None:
    folder = ratio_round(tmp_path).folder
    text = "respondent,slice,title_en,title_fr,sections,indicators\n*,water,Water,Eau,,W01\n"
    (folder / "slices.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match="twice of W01 is computed from answers of W02, which the slice lacks"):
        read_round(folder, tmp_path / "instruments")
