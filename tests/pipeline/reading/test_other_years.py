"""A questionnaire of an older edition whose time series had other years: every number stays with its year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.reading.places.lines.found_table import FoundTable, find_lines
from pipeline.reading.places.lines.list_sheets import not_asked_then
from pipeline.reading.places.locate import form_texts
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.workbooks.grids import read_grids
from pipeline.receiving.formats import sniff
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout, TableSheet
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from tests.given import replace_in, write_questionnaire
from tests.made_instruments import Made, indicators, sections, table

TABLES = """
[[table]]
code = "tried"
indicator = "V01"
totals = "computed"
label = { en = "Persons tried" }
[[table.dimension]]
codelist = "sexes"
total = "T"
label = { en = "Sex" }
[table.across]
codelist = "period"
years = 3
[[table.column]]
column = "persons"
type = "whole_number"
label = { en = "Persons" }

[[table]]
code = "held"
indicator = "V01"
label = { en = "Persons held" }
[[table.dimension]]
codelist = "period"
years = 3
label = { en = "Year" }
[[table.column]]
column = "persons"
type = "whole_number"
label = { en = "Persons" }
"""

DECLARED = Made(
    table(("VICTIMS", [["Victims protected"]])),
    ("note,text,,,,,,,,A note",),
    "note",
    indicators("V01"),
    sections(("V", "VICTIMS")),
    codelists="sexes,F,,,Women\nsexes,M,,,Men\nsexes,T,,,All\n",
    tables=TABLES,
)
TRIED = {(1, 2022): 21, (1, 2023): 22, (1, 2024): 23, (2, 2022): 31, (2, 2023): 32, (2, 2024): 33}
HELD = {2022: 41, 2023: 42, 2024: 43}


@dataclass(frozen=True)
class Older:
    """A return of edition 0, about 2022 to 2024, read in a round about 2023 to 2025."""

    round: Round
    path: Path
    read: Submission

    def cells(self, block: str) -> dict[tuple[int, str], object]:
        names = ("block", "line", "field", "number")
        rows = zip(*(self.read.rows[name] for name in names), strict=True)
        return {
            (line, field): number for at, line, field, number in rows if at == block and field.startswith("persons")
        }


def edition(folder: Path, instrument: Path, before: str, after: str, years: tuple[str, str]) -> Round:
    for path in (instrument / "instrument.toml", folder / "round.toml"):
        replace_in(path, f'edition = "{before}"', f'edition = "{after}"')
    replace_in(folder / "round.toml", *years)
    return read_round(folder, instrument.parent)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Older:
    root = tmp_path_factory.mktemp("years")
    folder, instrument = DECLARED.round(root, ["AAA"]).folder, root / "instruments" / "made"
    now, before = "start = 2024, end = 2025", "start = 2023, end = 2024"
    then = edition(folder, instrument, "1", "0", (now, before))
    layout, path = Layout.of(then), root / "sent.xlsx"
    write_questionnaire(path, then, then.participants[0], layout)
    book = FilledWorkbook(path, layout, tab_names(layout), "en")
    typed = {("tried", line, f"persons_{year}"): number for (line, year), number in TRIED.items()}
    typed |= {("held", line, "persons"): number for line, number in enumerate(HELD.values(), 1)}
    for (code, line, column), number in typed.items():
        sheet = layout.list_of(code)
        assert isinstance(sheet, TableSheet)
        book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}", number)
    book.save(root / "AAA.xlsx", dt.datetime(2026, 3, 1))
    (instrument / "editions.csv").write_text("edition,kind,code_then,code\n0,question,note,note\n", encoding="utf-8")
    today = edition(folder, instrument, "0", "1", (before, now))
    path = root / "AAA.xlsx"
    return Older(today, path, tidy(receive_file(path), path.read_bytes(), today, Layout.of(today)))


def test_numbers__of_years_that_both_editions_ask__stay_with_their_year(older: Older) -> None:
    assert older.cells("tried") == {
        (1, "persons_2023"): 22, (1, "persons_2024"): 23, (1, "persons_2025"): None,
        (2, "persons_2023"): 32, (2, "persons_2024"): 33, (2, "persons_2025"): None,
        (3, "persons_2023"): 54, (3, "persons_2024"): 56, (3, "persons_2025"): None,
    }  # fmt: skip
    assert older.cells("held") == {(1, "persons"): 42, (2, "persons"): 43, (3, "persons"): None}


def test_findings__say_which_years_were_not_asked_and_which_are_no_longer(older: Older) -> None:
    tables = [found for found in older.read.findings if found.code.startswith("year_")]
    # The narrower table stands on the sheet of its section.
    assert [(found.code, found.sheet, found.cell, found.value) for found in tables] == [
        ("year_not_asked", "V…", "", ""), ("year_no_longer_asked", "V…", "D14", "41"),
        ("year_not_asked", "V01 ≡", "", ""), ("year_no_longer_asked", "V01 ≡", "D8", "21 | 31"),
    ]  # fmt: skip
    assert {found.severity for found in tables} == {Severity.WARNING}
    assert [(found.values["years"], found.values["count"]) for found in tables] == [
        ("2025", 1), ("2022", 1), ("2025", 3), ("2022", 2),
    ]  # fmt: skip


def test_column__that_was_deleted_from_it__is_no_year_that_it_did_not_ask(older: Older) -> None:
    layout, data = Layout.of(older.round), older.path.read_bytes()
    sheets = read_grids(data, sniff(data)).sheets
    found = [own for sheet in sheets if (own := find_lines(sheet, layout, form_texts(layout)))]
    tried = next(own for own in found if own.layout.block.code == "tried")
    assert not_asked_then(tried) == {"persons_2025"}
    gone = replace(tried, map=replace(tried.map, gone=(*tried.map.gone, "persons_2024")))
    assert not_asked_then(gone) == {"persons_2025"}
    headless = replace(tried, map=replace(tried.map, without=("header",)))
    assert not_asked_then(headless) == frozenset()


def test_year__after_those_of_today__in_an_older_return__is_no_year_that_was_asked_then(older: Older) -> None:
    layout, data = Layout.of(older.round), older.path.read_bytes()
    sheet = next(sheet for sheet in read_grids(data, sniff(data)).sheets if sheet.name == "V01 ≡")
    found = find_lines(sheet, layout, form_texts(layout))
    assert found is not None
    assert isinstance(found.layout, TableSheet)
    assert FoundTable(found, found.layout, is_older=True).other_columns == {3: "2022"}
    found.sheet.rows[found.map.headings][3] = "2031"
    assert FoundTable(found, found.layout, is_older=True).other_columns == {}
