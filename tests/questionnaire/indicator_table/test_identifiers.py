"""Identifiers are distinguished from texts by their form and by what stands beside them, and are made safe without a clash."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.indicator_table.identifiers import (
    CODE,
    identified,
    is_below,
    looks_like_code,
    safe_name,
    split_identifier,
)

KINDS = ("1.a.1", "17.19.2", "I.7", "A.CT.1", "BPfA-REP-001", "II.q1", "3.2a", "R1.2", "GBF_4")


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("stop", [" ", ". ", ") ", ": ", " - ", " – ", "\t"])
def test_split__any_identifier_and_stop__kept_as_it_is(code: str, stop: str) -> None:
    found = split_identifier(f"{code}{stop}Share of women")
    assert found is not None
    assert (found.code, found.text) == (code, "Share of women")


@pytest.mark.parametrize(
    ("text", "code", "rest", "label"),
    [
        ("1. Aim", "1", "Aim", ""),
        ("1)Aim", "1", "Aim", ""),
        ("1.-Uno", "1", "Uno", ""),
        ("(a) Plan", "a", "Plan", ""),
        ("b. Plan", "b", "Plan", ""),
        ("IV. Education", "IV", "Education", ""),
        ("[2.1] Law", "2.1", "Law", ""),
        ("1.a Ensure", "1.a", "Ensure", ""),
        ("Goal 1. End poverty", "1", "End poverty", "Goal"),
        ("Objectif spécifique 2 : Former", "2", "Former", "Objectif spécifique"),
        ("Meta 1.1 – Criar comitê", "1.1", "Criar comitê", "Meta"),
        ("Output 2.1 Design", "2.1", "Design", "Output"),
        ("GOAL A", "A", "", "GOAL"),
    ],
)
def test_split__identifier_and_label(text: str, code: str, rest: str, label: str) -> None:
    found = split_identifier(text)
    assert found is not None
    assert (found.code, found.text, found.label) == (code, rest, label)


@pytest.mark.parametrize(
    "text",
    ["A plan exists", "3 countries", "I am here", "2030 agenda", "HIV/AIDS rate", "(a plan", "Plan", "", "1,5 kg"],
)
def test_split__words_and_amounts__no_identifier(text: str) -> None:
    assert split_identifier(text) is None


def test_identified__half_of_a_column__counts_for_those_that_have_one() -> None:
    found = identified(["1.1 Adopt", "1.2 Train", "Shelter", ""])
    assert [(split.code, split.text) for split in found] == [
        ("1.1", "Adopt"),
        ("1.2", "Train"),
        ("", "Shelter"),
        ("", ""),
    ]


def test_identified__few_of_a_column__words_unless_sure() -> None:
    texts = ["COVID-19 cases", "1.5 million reached", "1.a.1 Total aid", "Rate", "Share", "Number", "Law"]
    assert [split.code for split in identified(texts)] == ["", "", "1.a.1", "", "", "", ""]
    assert identified(texts)[0].text == "COVID-19 cases"


def test_identified__same_word_everywhere__no_identifier() -> None:
    assert [split.code for split in identified(["COVID-19 cases", "COVID-19 deaths", "COVID-19 tests"])] == ["", "", ""]


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (["1 Hours of work", "2 Rate", "3 Share"], ["1", "2", "3"]),
        (["O1 Health", "O2 Schools"], ["O1", "O2"]),
        (["3 plans adopted", "1 law adopted"], ["", ""]),
        (["CO2 per head", "Rate"], ["", ""]),
        (["1 plan", "Rate", "Share", "2 laws"], ["", "", "", ""]),
    ],
)
def test_identified__without_a_stop__only_if_they_count_up(texts: list[str], codes: list[str]) -> None:
    assert [split.code for split in identified(texts)] == codes


def test_looks_like_code__alone() -> None:
    assert all(map(looks_like_code, [*KINDS, "1", "1.", "a)", "(b)", "IV"]))
    assert not any(map(looks_like_code, ["Health", "", "2030", "Rate 1", "12 %"]))


def test_is_below__whole_parts_only() -> None:
    assert is_below("1.1", "1")
    assert is_below("1.a", "1")
    assert not is_below("11", "1")
    assert not is_below("1", "1")
    assert not is_below("1.1", "")


@given(st.one_of(st.sampled_from([*KINDS, "1-a-1", "ñ", "№", "٣"]), st.text(max_size=8)))
def test_safe_name__of_anything__is_a_name_that_stays_itself(code: str) -> None:
    name = safe_name(code)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("W01a", "W01a"), ("a__b_", "a__b_"), ("1.a.1", "I1_a_1"), ("A.CT.1", "A_CT_1"), ("I.7", "I_7"), ("IV", "IV"),
        ("BPfA-REP-001", "BPfA_REP_001"), ("16.b(ii)", "I16_b_ii"), ("ação.1", "acao_1"), ("指1", "u63071"),
    ],
)  # fmt: skip
def test_safe_name__of_a_printed_identifier__keeps_letters_and_digits(code: str, name: str) -> None:
    assert safe_name(code) == name


@pytest.mark.parametrize("code", [*KINDS, "1", "b", "IV", "4(b)", "16.b(ii)", "2/3", "Ñ.1", "W01_a", "x" * 40])
def test_code__of_a_printed_identifier__is_one(code: str) -> None:
    assert CODE.fullmatch(code)


NO_CODES = ["", " 1", "1 a", "=1+1", "-1", "+1", "@x", "1.", "1:2", "a'b", 'a"b', "1,2", "x" * 41, "e\u0301", "1\u200b"]


@pytest.mark.parametrize("text", NO_CODES)
def test_code__of_what_a_program_or_a_person_would_misread__is_none(text: str) -> None:
    assert not CODE.fullmatch(text)


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(["Share", "of", "women", "école", "%"]), min_size=1))
def test_split__then_joined_again__loses_nothing(code: str, words: list[str]) -> None:
    text = f"{code} {' '.join(words)}"
    found = split_identifier(text)
    assert found is not None
    assert f"{found.code} {found.text}" == text
