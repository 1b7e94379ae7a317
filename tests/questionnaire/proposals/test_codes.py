"""Sections and indicators get codes that the other files, the workbook and the dataset can have."""

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


def test_identifiers__as_printed_made_safe() -> None:
    printed = ["1.a.1", "I.7", "A.CT.1", "BPfA-REP-001", "i.7"]
    assert codes(*(("Water", "1", one) for one in printed)) == ["I1_a_1", "W01b", "A_CT_1", "BPfA_REP_001", "W01e"]


def test_identifiers__that_come_again__replaced_by_section_objective_and_letter() -> None:
    assert codes(("Water", "1", "1"), ("Water", "2", "1"), ("", "1.b", "")) == ["W01", "W02", "S101_b"]


def test_thirty_indicators_of_one_objective__a_to_z_then_aa() -> None:
    found = codes(*[("Water", "1", "")] * 30)
    assert (found[0], found[25], found[26], found[29]) == ("W01a", "W01z", "W01aa", "W01ad")


def test_objectives_without_number__counted_within_their_section() -> None:
    entries = [Indicator("A", "", aim, 0, "", 0, "", "", 1) for aim in ("x", "x", "y")]
    entries += [Indicator("B", "", "z", 0, "", 0, "", "", 1)]
    assert objective_numbers(entries) == ["1", "1", "2", "1"]


def test_sections__printed_code_else_first_letter_else_counted() -> None:
    assert section_codes(["Water", "Fire"], {"Water": "A1", "Fire": "B"}) == {"Water": "A1", "Fire": "B"}
    assert section_codes(["Water", "Éducation"], {"Water": "1", "Éducation": "2"}) == {"Water": "W", "Éducation": "E"}
    assert section_codes(["Water", "Wind"], {}) == {"Water": "A", "Wind": "B"}
    assert section_codes([""], {}) == {"": "S"}
    assert list(section_codes([f"W{n}" for n in range(28)], {}).values())[24:] == ["Y", "Z", "AA", "AB"]
