"""A made instrument with one large table: cases by sex, age and form (40 lines), with the years as columns."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from tests.made_instruments import Made, indicators, sections, table

YEARS = (2021, 2022, 2023, 2024, 2025)
TABLES = """
[[table]]
code = "cases"
indicator = "C01"
label = { en = "Cases by sex, age and form" }

[[table.dimension]]
codelist = "sex"
label = { en = "Sex" }

[[table.dimension]]
codelist = "age"
total = "ALL"
label = { en = "Age" }

[[table.dimension]]
codelist = "form"
label = { en = "Form" }

[table.across]
codelist = "years"

[[table.column]]
column = "cases"
type = "whole_number"
label = { en = "Cases" }
"""
CODES = "".join(
    f"{codelist},{code},,,{label}\n"
    for codelist, code, label in (
        ("sex", "F", "Women"),
        ("sex", "M", "Men"),
        ("age", "A0_11", "Under 12"),
        ("age", "A12_17", "12 to 17"),
        ("age", "A18", "18 and over"),
        ("age", "ALL", "All ages"),
        ("form", "SEX", "Sexual exploitation"),
        ("form", "LABOUR", "Forced labour"),
        ("form", "CRIME", "Forced crime"),
        ("form", "BEGGING", "Begging"),
        ("form", "OTHER", "Other forms"),
        *(("years", str(year), str(year)) for year in YEARS),
    )
)


def made(tables: str = TABLES, codelists: str = CODES) -> Made:
    """The instrument, or one that differs from it in its tables and codes."""
    return Made(
        table=table(("CASES", [["Cases that were reported"]])),
        questions=("source,text,,,,100,,,,Where do the figures come from?,,",),
        asked="source",
        indicators=indicators("C01"),
        settings=sections(("C", "CASES")),
        codelists=codelists,
        tables=tables,
    )


@cache
def instrument() -> Instrument:
    """The instrument."""
    with TemporaryDirectory() as folder:
        return read_instrument(made().write(Path(folder) / "made"))


def block() -> TableBlock:
    """Its table."""
    found = instrument().blocks["cases"]
    assert isinstance(found, TableBlock)
    return found
