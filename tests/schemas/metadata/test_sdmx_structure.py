"""SDMX takes no dots in codes: an indicator has a safe one there, and its own in the name."""

from pathlib import Path
from xml.etree import ElementTree as ET

from schemas.metadata.sdmx_structure import sdmx_structure
from tests.made_instruments import Made, indicators, sections


def test_codes__of_indicators_as_printed__are_safe_and_their_names_have_what_is_printed(tmp_path: Path) -> None:
    lines = "1.a.1,WATER,1,Aim,Wells\nW2,WATER,1,Aim,Pipes\n"
    text = f"code,section,objective_code,objective,indicator\n{lines}"
    made = Made(text, ("n,whole_number,,,,,,,,How many?",), "n", indicators("1.a.1", "W2"), sections(("1", "WATER")))
    root = ET.fromstring(sdmx_structure(made.round(tmp_path, ["AAA"])))
    listed = next(one for one in root.iter() if one.get("id") == "CL_INDICATOR")
    codes = [one for one in listed if one.tag.endswith("}Code")]
    assert [(one.get("id"), one[0].text) for one in codes] == [("I1_a_1", "1.a.1 Wells"), ("W2", "Pipes")]
