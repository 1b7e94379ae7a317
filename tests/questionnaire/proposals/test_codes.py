"""Sections and indicators get codes that the other files, the workbook and the dataset can have."""

import pytest

from questionnaire.indicator_table.records import Indicator
from questionnaire.proposals.codes import indicator_codes, objective_numbers, section_codes


def indicators(*entries: tuple[str, str, str]) -> list[Indicator]:
    """Indicators of (section, objective's number, identifier)."""
    return [
        Indicator(section, number, f"Aim {number}", 0, "", line, "text", "text", 1, identifier=identifier)
        for line, (section, number, identifier) in enumerate(entries)
    ]


def codes(*entries: tuple[str, str, str]) -> list[str]:
    return indicator_codes(indicators(*entries), {"Water": "W", "": "S1"})


def test_identifiers__as_printed__are_the_codes() -> None:
    printed = ["1.a.1", "I.7", "A.CT.1", "BPfA-REP-001", "IV", "4(b)", "1.10", "1.1"]
    assert codes(*(("Water", "1", one) for one in printed)) == printed


def test_identifiers__that_programs_take_for_the_same__are_replaced() -> None:
    printed = ["I.7", "i.7", "1-a", "1.a", "I1_b", "1.b", "W01a"]
    found = codes(*(("Water", "1", one) for one in printed))
    assert found == ["W01a_2", "W01b", "W01c", "W01d", "W01e", "W01f", "W01a"]


@pytest.mark.parametrize("printed", ["=1+1", "-1", "1 a", "1'a", "x" * 41])
def test_identifiers__that_cannot_be_codes__are_replaced(printed: str) -> None:
    assert codes(("Water", "1", printed)) == ["W01"]


def test_identifiers__that_come_again__replaced_by_section_objective_and_letter() -> None:
    assert codes(("Water", "1", "1"), ("Water", "2", "1"), ("", "1.b", "")) == ["W01", "W02", "S101_b"]


@pytest.mark.parametrize(
    ("section", "number", "code"),
    [
        ("1", "1.1", "1.1"),
        ("III", "III.2", "III.2"),
        ("1", "11", "1.11"),
        ("1", "2.1", "1.02_1"),
        ("1", "1.x y", "1.01_x_y"),
    ],
)
def test_objective__whose_number_continues_its_section__gives_that_as_code(
    section: str, number: str, code: str
) -> None:
    found = indicator_codes(indicators(("Water", number, ""), ("Water", number, "")), {"Water": section})
    assert found == [f"{code}a", f"{code}b"]


def test_thirty_indicators_of_one_objective__a_to_z_then_aa() -> None:
    found = codes(*[("Water", "1", "")] * 30)
    assert (found[0], found[25], found[26], found[29]) == ("W01a", "W01z", "W01aa", "W01ad")


def test_objectives_without_number__counted_within_their_section() -> None:
    entries = [Indicator("A", "", aim, 0, "", 0, "", "", 1) for aim in ("x", "x", "y")]
    entries += [Indicator("B", "", "z", 0, "", 0, "", "", 1)]
    assert objective_numbers(entries) == ["1", "1", "2", "1"]


def test_objectives_without_number__beside_numbered_ones__take_none_of_theirs() -> None:
    unnumbered = [Indicator("A", number, aim, 0, "", 0, "", "", 1) for number, aim in (("1", "x"), ("", "y"))]
    assert objective_numbers([unnumbered[1], *unnumbered]) == ["2", "1", "2"]
    two = [Indicator("A", number, aim, 0, "", 0, "", "", 1) for number, aim in (("", "y"), ("", "z"), ("1", "x"))]
    assert objective_numbers(two) == ["2", "3", "1"]
    aims = (("", "general"), ("1", "first"), ("", "other"), ("4", "fourth"), ("1", "first"))
    entries = [Indicator("A", number, aim, 0, "", 0, "", "", 1) for number, aim in aims]
    assert objective_numbers(entries) == ["2", "1", "3", "4", "1"]


def test_sections__printed_code_else_first_letter_else_counted() -> None:
    assert section_codes(["Water", "Fire"], {"Water": "A1", "Fire": "B"}) == {"Water": "A1", "Fire": "B"}
    assert section_codes(["Water", "Éducation"], {"Water": "1", "Éducation": "2"}) == {"Water": "1", "Éducation": "2"}
    assert section_codes(["Water", "Éducation"], {"Water": "1", "Éducation": ""}) == {"Water": "W", "Éducation": "E"}
    assert section_codes(["Water", "Éducation"], {"Water": "a", "Éducation": "A"}) == {"Water": "W", "Éducation": "E"}
    assert section_codes(["Water", "Wind"], {}) == {"Water": "A", "Wind": "B"}
    assert section_codes([""], {}) == {"": "S"}
    assert list(section_codes([f"W{n}" for n in range(28)], {}).values())[24:] == ["Y", "Z", "AA", "AB"]


def test_letters__that_come_again_in_another_objective__are_no_codes_of_their_own() -> None:
    given = (("1", "a"), ("2", "a"), ("2", "b"))
    entries = [
        Indicator("Water", number, "Aim", 0, letter, 0, "", "", 1, identifier=letter) for number, letter in given
    ]
    entries[2] = Indicator("Water", "2", "Aim", 0, "b", 0, "", "", 1, identifier="b2")
    assert indicator_codes(entries, {"Water": "W"}) == ["W01", "W02a", "W02b"]
