"""What numbers are counted in: declared per question and column, in words, as a code of SDMX, and as a power of ten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.units import UnitOfMeasure
from questionnaire.tables import DeclarationError
from schemas.questions import question_rows
from schemas.tables.own_codes import unit_codes
from tests.made_instruments import Made, indicators, sections, table

HEAD = "question,type,codelist,minimum,maximum,max_length,relevant_when,required_when,label_en,decimals,unit_en,unit_measure,unit_mult"
TABLE = """
[[table]]
code = "catch"
indicator = "W01"
label = { en = "Catch" }

[[table.dimension]]
codelist = "colours"
label = { en = "Colour" }

[table.across]
codelist = "seas"

[[table.column]]
column = "caught"
type = "number"
label = { en = "Caught" }
unit = { en = "tonnes" }
unit_measure = "TNE"
unit_mult = 6
"""


def declared(folder: Path, *questions: str, tables: str = TABLE) -> Path:
    lines = questions or (
        "people,whole_number,,,,,,,How many people?,,persons,PS,3", "area,number,,,,,,,How large?,3,km²,KM2,",
        "spent,amount,colours,,,,,,How much?,,,,6", "share,percent,,,,,,,What share?,,,,",
        "note,text,,,,,,,What else?,,,,",
    )  # fmt: skip
    asked = " ".join(line.split(",")[0] for line in lines)
    made = Made(
        table(("WATER", [["One thing"]])), lines, asked, indicators("W01"), sections(("W", "WATER")),
        codelists="seas,NORTH,,,North\nseas,SOUTH,,,South\n", head=HEAD, tables=tables,
    )  # fmt: skip
    return made.write(folder / "made")


def test_units__of_questions_and_columns__stand_in_the_table_of_questions(tmp_path: Path) -> None:
    instrument = read_instrument(declared(tmp_path))
    names = ("field", "unit", "unit_measure", "unit_mult", "decimals")
    assert [tuple(row[name] for name in names) for row in question_rows(instrument, "en")] == [
        ("people", "persons (in thousands)", "PS", "3", "0"),
        ("area", "km²", "KM2", "0", "3"),
        ("spent", "in millions", "", "6", "2"),
        ("spent.currency", "", "", "", ""),
        ("share", "%", "PERCENT", "0", "1"),
        ("note", "", "", "", ""),
        ("catch.colours", "", "", "", ""),
        ("catch.caught_north", "tonnes (in millions)", "TNE", "6", "2"),
        ("catch.caught_south", "tonnes (in millions)", "TNE", "6", "2"),
    ]


def test_unit_codes__declared_ones__are_named_by_their_words(tmp_path: Path) -> None:
    codes = {code.code: code.label["en"] for code in unit_codes(read_instrument(declared(tmp_path)))}
    assert codes | {"PS": "persons", "KM2": "km²", "TNE": "tonnes"} == codes
    assert list(codes)[:3] == ["NUMBER", "PERCENT", "_Z"]


def test_unit__in_words__names_its_multiplier_in_each_language() -> None:
    assert UnitOfMeasure("PS", 3, {"fr": "personnes", "en": "persons"}).shown == {
        "fr": "personnes (en milliers)", "en": "persons (in thousands)",
    }  # fmt: skip
    assert UnitOfMeasure("PS", 0, {"fr": "personnes"}).shown == {"fr": "personnes"}
    assert UnitOfMeasure(mult=6).shown["pt"] == "em milhões"


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ("year,year,,,,,,,When?,,,PS,", "column unit_measure", "a year has no unit of its own"),
        ("people,whole_number,,,,,,,How many?,,,persons,", "column unit_measure", "“persons” is not a code"),
        ("share,percent,,,,,,,What share?,,,,3", "column unit_mult", "a percent is never given in thousands"),
        ("people,whole_number,,,,,,,How many?,,,,2", "column unit_mult", "2 is no usual power of ten"),
        ("note,text,,,,,,,What else?,,words,,", "column unit_en", "a question of type text has no unit"),
    ],
)
def test_question__in_a_unit_that_it_cannot_have__names_the_column(
    tmp_path: Path, line: str, where: str, what: str
) -> None:
    with pytest.raises(DeclarationError, match=re.escape(what)) as raised:
        read_instrument(declared(tmp_path, line))
    assert where in str(raised.value)


def test_column__in_a_unit_that_it_cannot_have__names_the_key(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="1 is no usual power of ten") as raised:
        read_instrument(declared(tmp_path, tables=TABLE.replace("unit_mult = 6", "unit_mult = 1")))
    assert "unit_mult" in str(raised.value)
