"""Faults of a declaration are reported together; what follows from one of them is none of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.tables import DeclarationError, Spot
from tests.given import MINI, copy_of, replace_in


def fault(what: str) -> DeclarationError:
    return DeclarationError("a.csv, line 2", what, "Mend it", Spot("a.csv", 2))


def found(faults: Faults) -> list[str]:
    with pytest.raises(DeclarationError) as raised:
        faults.raise_found()
    return [one.what for one in raised.value.faults]


def test_faults__none__raise_nothing() -> None:
    faults = Faults()
    faults.raise_found()
    assert not faults


def test_faults__of_several_that_are_missing__those_that_no_fault_explains() -> None:
    faults = Faults()
    faults.add(fault("“wells” has no label"), "wells")
    assert faults.of_their_own(["wells", "pipes"]) == ["pipes"]
    assert faults.of_their_own(["wells"]) == ["wells"]


def test_faults__an_indicator_twice__is_said_whatever_else_is_wrong_with_it(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    lines = (folder / "indicators.csv").read_text(encoding="utf-8").splitlines()
    code, type_, *rest = lines[1].split(",")
    lines[1:2] = [",".join((code, "NONE", *rest)), ",".join((code, type_, *rest))]
    (folder / "indicators.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DeclarationError) as raised:
        read_instrument(folder)
    assert [one.what for one in raised.value.faults] == [f"“{code}” stands twice", "“NONE” is not an indicator type"]


def test_faults__what_names_something_lost__is_left_out() -> None:
    faults = Faults()
    faults.add(fault("“wells” has no label"), "wells")
    faults.add(fault("the question wells is not declared"), "W01")
    faults.add(fault("W01 is not asked anything"))
    faults.add(fault("the question wells_dug is not declared"))
    assert found(faults) == ["“wells” has no label", "the question wells_dug is not declared"]
    assert faults.has_lost("W01")


def test_faults__identifiers_lost__leave_out_what_names_just_these() -> None:
    faults = Faults(lost=["1.a", "1"])
    told = [
        "there are 1 levels",
        "1.a.1 is asked nothing",
        "1.a-2 is unknown",
        "11 is asked nothing",
        "in “I1_ab.n”, “I1_ab” is no question",
    ]
    follow = ["1.a is asked nothing", "the indicator 1 has no design", "“1” is not in table.csv", "1 is asked nothing"]
    follow += ["in “I1_a.n > 2”, “I1_a.n” is not a question"]
    for what in (*follow, *told):
        faults.add(fault(what))
    assert found(faults) == told


def test_faults__list_called_missing_lost__hides_nothing_that_is_missing() -> None:
    faults = Faults(lost=["missing"])
    for what in ("the text is missing", "“missing” is not a code list", "the code list missing is missing"):
        faults.add(fault(what))
    assert found(faults) == ["the text is missing"]


def test_faults__question_called_as_sentences_speak__hides_only_what_names_it() -> None:
    faults = Faults(lost=["value", "level"])
    told = ["the instrument declares no reference value “aims”; there is none", "there is no level 7"]
    follow = ["the question value is not declared", "W1 is not asked its level, the question level"]
    follow += ["in “value > 2”, “value” is not a question of this instrument: see the first column of questions.csv"]
    for what in (*follow, *told):
        faults.add(fault(what))
    assert found(faults) == told


def test_read_instrument__reference_values_at_fault__end_nothing(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    with (folder / "instrument.toml").open("a", encoding="utf-8") as file:
        for item in ("Base line", "aims", "aims"):
            file.write(f'\n[[reference]]\nitem = "{item}"\nlabel = {{ en = "{item}" }}\n')
    replace_in(folder / "rules.toml", 'severity = "info"', 'severity = "grave"')
    with pytest.raises(DeclarationError) as raised:
        read_instrument(folder)
    assert [one.what for one in raised.value.faults] == [
        "“Base line” is not a code",
        "“aims” stands twice",
        "“grave” is not known",
    ]


def test_faults__one__is_raised_as_itself_and_several_as_lines() -> None:
    faults, one = Faults(), fault("first")
    faults.add(one)
    with pytest.raises(DeclarationError) as raised:
        faults.raise_found()
    assert raised.value is one
    faults.add(fault("second"))
    with pytest.raises(DeclarationError) as raised:
        faults.raise_found()
    assert str(raised.value) == "a.csv, line 2: first. Mend it\na.csv, line 2: second. Mend it"


def test_faults__what_ends_the_reading__is_reported_with_the_others_and_once() -> None:
    faults = Faults()
    faults.add(fault("first"))
    with pytest.raises(DeclarationError) as raised, faults.together():
        raise fault("second")
    assert [one.what for one in raised.value.faults] == ["first", "second"]


def test_faults__at_once__raises_the_first() -> None:
    with pytest.raises(DeclarationError, match="first"):
        AT_ONCE.add(fault("first"))


def test_faults__known_to_be_lost__leaves_out_what_names_it() -> None:
    faults = Faults(lost=["wells"])
    faults.add(fault("the question wells is not declared"))
    faults.raise_found()


def test_read_instrument__faults_in_several_files__come_together_with_their_places(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    replace_in(folder / "codelists.csv", "regions,SOUTH", "regions,NORTH")
    replace_in(folder / "questions.csv", "depth,number", "depth,decimal")
    replace_in(folder / "questions.csv", "status >= 1,status >= 3", "stage >= 1,status >= 3")
    replace_in(folder / "indicator_types.csv", "spent planned", "spent plan")
    replace_in(folder / "indicators.csv", "W02,COUNT", "W02,COUNTS")
    replace_in(folder / "translations.csv", "objective,W02", "objective,W09")
    replace_in(folder / "rules.toml", 'severity = "info"', 'severity = "grave"')
    with pytest.raises(DeclarationError) as raised:
        read_instrument(folder)
    assert [(one.spot.file, one.spot.part, one.spot.name) for one in raised.value.faults if one.spot] == [
        ("codelists.csv", 17, "code"),
        ("questions.csv", 18, "type"),
        ("indicator_types.csv", 3, "questions"),
        ("indicators.csv", 4, "indicator_type"),
        ("questions.csv", 3, "relevant_when"),
        ("translations.csv", 6, "code"),
        ("rules.toml", "rule 5", "severity"),
    ]
    assert len(raised.value.faults) == 7


def test_faults__raised_half_way__are_reported_once() -> None:
    faults = Faults()
    faults.add(fault("first"))
    with pytest.raises(DeclarationError) as raised, faults.together():
        faults.raise_found()
    assert [one.what for one in raised.value.faults] == ["first"]


def test_rule__about_an_indicator_that_the_table_lacks__is_read_and_the_lack_is_reported(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    with (folder / "indicators.csv").open("a", encoding="utf-8") as file:
        file.write("Z09,COUNT,,,,\n")
    replace_in(folder / "rules.toml", "total - 1 <= W01a.total", "total - 1 <= Z09.total")
    with pytest.raises(DeclarationError) as raised:
        read_instrument(folder)
    assert [one.what for one in raised.value.faults] == ["Z09 is not in table.txt"]


def test_faults__attempt__keeps_what_is_wrong_and_goes_on() -> None:
    faults = Faults()

    def wrong(text: str) -> str:
        raise fault(text)

    assert faults.attempt(wrong, "one") is None
    assert faults.attempt(str.upper, "two") == "TWO"
    faults.lose("")
    assert faults.attempt(wrong, "“three” stands twice") is None
    assert (faults.count, found(faults)) == (2, ["one", "“three” stands twice"])
    with pytest.raises(DeclarationError):
        AT_ONCE.attempt(wrong, "one")
