"""Tables from returned workbooks to the regional outputs: every cell with its dimensions, checked and traceable."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pysdmx.io import get_datasets, read_sdmx

from pipeline.cli.main import main
from pipeline.desk import questionnaires
from pipeline.journey import consolidate_round
from pipeline.publication.formats.metadata_files import SDMX_CSV, SDMX_STRUCTURE
from pipeline.report.write import REPORT
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import REASON, Layout, TableSheet
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.sample import Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name
from tests.given import PERIOD
from tests.pipeline.report.pages import ReportPage
from tests.with_table import table_round

PLANTED = {1: 50, 2: 30, 4: 70, 5: 50, 6: 100}


def send(round_: Round, code: str, cells: dict[tuple[str, int, str], CellValue]) -> None:
    """Answers that are all in order, with these cells of tables."""
    respondent, layout = round_.respondent(code), Layout.of(round_)
    assert respondent
    sent = questionnaires.folder(round_) / file_name(round_, respondent)
    book = FilledWorkbook(sent, layout, tab_names(layout), respondent.language)
    book.answer(Sampler(round_.instrument, PERIOD, Random(code), respondent.language).valid())
    for (table, line, column), value in cells.items():
        sheet = layout.list_of(table)
        assert isinstance(sheet, TableSheet)
        row = sheet.row(line) if line else sheet.whole
        book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{row + 1}", value)
    book.save(round_.returns / f"{code}.xlsx", dt.datetime(2026, 3, 1))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Round:
    round_ = table_round(tmp_path_factory.mktemp("tables"))
    round_.returns.mkdir(exist_ok=True)
    questionnaires.write_questionnaires(round_)
    planted: dict[tuple[str, int, str], CellValue] = {("trees", line, "planted"): n for line, n in PLANTED.items()}
    planted |= {("trees", 0, REASON): "ND", ("wells", 0, REASON): "CF", ("wells", 1, "dug_2024"): 3}
    planted |= {("birds", 0, REASON): "CF", ("birds", 1, "birds"): 0.2}
    send(round_, "AAA", planted)
    send(round_, "BBB", {**planted, ("trees", 6, "planted"): 99})
    consolidate_round(round_)
    return round_


def rows(round_: Round, name: str, access: Access = Access.RESTRICTED) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(round_.results(access) / f"{name}.parquet").to_pylist()
    return found


def test_total_that_is_no_sum__keeps_the_return_out_and_names_its_cell(done: Round) -> None:
    verdicts = {row["file"]: row["verdict"] for row in rows(done, "returns")}
    assert verdicts == {"AAA.xlsx": "accepted", "BBB.xlsx": "to_correct"}
    errors = [(row["code"], row["sheet"], row["cell"]) for row in rows(done, "findings") if row["severity"] == "error"]
    assert errors == [("lines_total", "F01 ≡", "E13")]


def test_long_table__has_a_row_for_every_cell_that_is_asked(done: Round) -> None:
    found = {(row["sorts"], row["grounds"], row["measure"]): row for row in rows(done, "long_trees")}
    assert {key: row["value"] for key, row in found.items() if key[2] == "planted"} == {
        ("OAK", "HILL", "planted"): 50, ("OAK", "PLAIN", "planted"): 30, ("PALM", "PLAIN", "planted"): 70,
        ("T", "HILL", "planted"): 50, ("T", "PLAIN", "planted"): 100,
    }  # fmt: skip
    row = found["T", "PLAIN", "alive"]
    row.pop("sheet")
    assert row == {
        "respondent": "AAA", "indicator": "F01", "sorts": "T", "grounds": "PLAIN", "measure": "alive", "value": None,
        "unit": "%", "answer_status": "not_available", "line": 6, "file": "AAA.xlsx", "cell": "F13",
    }  # fmt: skip


def test_long_table__columns_that_are_codes__are_a_dimension_like_the_others(done: Round) -> None:
    found = {
        (row["grounds"], row["years"]): (row["measure"], row["value"], row["answer_status"])
        for row in rows(done, "long_wells")
    }
    assert found["HILL", "2024"] == ("dug", 3, "answered")
    assert found["PLAIN", "ALL"] == ("dug", None, "confidential")
    assert len(found) == 6


def test_sums__leave_total_lines_out(done: Round) -> None:
    (row,) = [row for row in rows(done, "measure_sums") if (row["table"], row["column"]) == ("trees", "planted")]
    assert (row["indicator"], row["sum"], row["reporting"]) == ("F01", 150, 1)


def test_item_nonresponse__of_tables__is_of_the_cells_that_occur_and_that_somebody_fills_in(done: Round) -> None:
    counts = ("cells", "responding", "answered", "not_available", "confidential", "applicable", "nonresponse")
    found = {row["field"]: row for row in rows(done, "measure_item_nonresponse") if "." in row["field"]}
    names = ("trees.planted", "trees.alive", "wells.dug_2024", "birds.birds", "nests.nests_2024")
    assert {name: tuple(found[name][count] for count in counts) for name in names} == {
        "trees.planted": (5, 1, 5, 0, 0, 5, 0),
        "trees.alive": (5, 1, 0, 5, 0, 5, 5),
        "wells.dug_2024": (2, 1, 1, 0, 1, 2, 1),
        # Of both, nobody fills totals in; palms had no nests in 2024.
        "birds.birds": (4, 1, 1, 0, 3, 4, 3),
        "nests.nests_2024": (1, 1, 0, 0, 0, 1, 1),
    }
    assert "nests.nests_all" not in found
    assert [found[name]["indicator"] for name in names] == ["F01", "F01", "W01a", "W01a", "W01a"]


def test_report__of_item_nonresponse__names_the_table_and_its_column(done: Round) -> None:
    page = ReportPage((done.results(Access.RESTRICTED) / REPORT / "index.html").read_text(encoding="utf-8"))
    worst = {row[0]: row[1:4] for row in page.rows("nonresponse", 1)}
    assert worst["W01a Wells dug: 2025"] == ["2", "2", "100%"]


def test_observations__of_tables__have_their_dimensions_and_what_is_not_in_a_table_none(done: Round) -> None:
    found = {
        (row["MEASURE"], row["SORTS"], row["GROUNDS"], row["YEARS"]): (row["OBS_VALUE"], row["OBS_STATUS"], row["UNIT_MEASURE"])
        for row in rows(done, "observations")
        if row["REF_AREA"] == "AAA"
    }  # fmt: skip
    assert found["trees__planted", "T", "PLAIN", "_Z"] == ("100", "A", "NUMBER")
    assert found["trees__alive", "OAK", "HILL", "_Z"] == (None, "L", "PERCENT")
    assert found["wells__dug", "_Z", "HILL", "2024"] == ("3", "A", "NUMBER")
    assert found["wells__dug", "_Z", "PLAIN", "ALL"] == (None, "Q", "NUMBER")
    assert found["level", "_Z", "_Z", "_Z"][1] == "A"
    assert sum(key[0].startswith(("trees", "wells", "dry")) for key in found) == 10 + 6 + 6


def test_sdmx__of_tables__is_read_by_pysdmx(done: Round) -> None:
    folder = done.results(Access.RESTRICTED)
    message = read_sdmx(folder / SDMX_STRUCTURE, validate=True)
    codes = {codelist.id: [code.id for code in codelist] for codelist in message.get_codelists()}
    assert (codes["CL_SORTS"], codes["CL_YEARS"]) == (["OAK", "PALM", "T", "_Z"], ["2024", "2025", "ALL", "_Z"])
    (data,) = get_datasets(folder / SDMX_CSV, folder / SDMX_STRUCTURE)
    assert len(data.data) == len(rows(done, "observations"))
    assert {name: set(data.data[name]) - set(codes[f"CL_{name}"]) for name in ("SORTS", "GROUNDS", "YEARS", "MEASURE")} == {
        "SORTS": set(), "GROUNDS": set(), "YEARS": set(), "MEASURE": set(),
    }  # fmt: skip


def test_report__of_tables__adds_up_each_cell_and_says_how_many_gave_a_number(done: Round) -> None:
    page = ReportPage((done.results(Access.RESTRICTED) / REPORT / "index.html").read_text(encoding="utf-8"))
    assert page.rows("tables") == [
        ["Line", "Planted", "Participants"],
        ["Oak · On hills", "50", "1"],
        ["Oak · In the plain", "30", "1"],
        ["Palm · On hills", "", ""],
        ["Palm · In the plain", "70", "1"],
        ["All sorts · On hills", "50", "1"],
        ["All sorts · In the plain", "100", "1"],
    ]
    assert page.rows("tables", 1)[1] == ["On hills", "3", "–", "–", "0 to 1"]


def test_public__without_traces__has_the_same_cells(done: Round) -> None:
    public = rows(done, "long_trees", Access.PUBLIC)
    assert len(public) == len(rows(done, "long_trees"))
    assert {"file", "sheet", "cell"}.isdisjoint(public[0])


def test_explain__coordinates__give_the_cell_and_its_rules(done: Round) -> None:
    command = ["explain", str(done.folder), "BBB", "trees", "planted", "sorts=T", "grounds=PLAIN"]
    said = CliRunner().invoke(main, command, catch_exceptions=False)
    assert "planted (sorts=T, grounds=PLAIN) = 99" in said.output
    assert "BBB.xlsx · F01 ≡ · E13" in said.output
    assert "lines_total" in said.output
    assert "sorts=OAK" not in said.output


def test_explain__labels_in_any_language__are_the_codes(done: Round) -> None:
    command = ["explain", str(done.folder), "BBB", "trees", "planted", "sorts=toutes espèces", "grounds=In the plain"]
    said = CliRunner().invoke(main, command, catch_exceptions=False)
    assert "planted (sorts=T, grounds=PLAIN) = 99" in said.output


def test_explain__a_code_there_is_not__names_those_there_are(done: Round) -> None:
    said = CliRunner().invoke(main, ["explain", str(done.folder), "AAA", "trees", "sorts=ELM"])
    assert said.exit_code != 0
    assert "“sorts=ELM” names nothing in the table trees" in said.output
    assert "sorts=OAK|PALM|T" in said.output


def test_correct__a_part_that_makes_its_total_impossible__is_refused(done: Round) -> None:
    asked = [
        "correct",
        str(done.folder),
        "AAA",
        "birds[sorts=PALM,grounds=HILL].birds",
        "90%",
        "--by",
        "Eva",
        "--why",
        "-",
    ]
    said = CliRunner().invoke(main, asked)
    assert said.exit_code != 0
    assert "Nothing was recorded" in said.output


def test_long_table__totals_of_what_is_known__are_marked(done: Round) -> None:
    birds = {row["line"]: row for row in rows(done, "long_birds") if row["respondent"] == "AAA"}
    assert [birds[line]["incomplete"] for line in (1, 3, 5, 6)] == [False, False, True, False]
    assert (birds[5]["value"], birds[5]["answer_status"]) == (20, "answered")
    assert "incomplete" not in rows(done, "long_nests")[0]
