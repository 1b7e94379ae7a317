"""Lines of a list from returned workbooks to the regional outputs: published once, balanced, traceable."""

import datetime as dt
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.desk import questionnaires
from pipeline.journey import consolidate_round
from pipeline.simulation import simulated_lines
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.sample import Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name
from tests.given import PERIOD
from tests.with_list import list_round

LINE = {"indicator": "F01 – Trees", "partner": "CCC", "begun": 2001, "free_use": "Yes"}


def send(round_: Round, code: str, lines: list[dict[str, object]], name: str, days: int) -> None:
    """Answers that are all in order, with these lines."""
    respondent, layout = round_.respondent(code), Layout.of(round_)
    assert respondent
    tabs = tab_names(layout)
    book = FilledWorkbook(
        questionnaires.folder(round_) / file_name(round_, respondent), layout, tabs, respondent.language
    )
    book.answer(Sampler(round_.instrument, PERIOD, Random(code), respondent.language).valid())
    (sheet,) = layout.lists
    for number, line in enumerate(lines, 1):
        for column, value in line.items():
            cell = f"{column_letter(sheet.columns[column])}{sheet.row(number) + 1}"
            book.type_at(sheet.code, cell, value)  # type: ignore[arg-type]
    book.save(round_.returns / name, dt.datetime(2026, 3, 1) + dt.timedelta(days=days))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Round:
    round_ = list_round(tmp_path_factory.mktemp("listed"))
    round_.returns.mkdir(exist_ok=True)
    questionnaires.write_questionnaires(round_)
    send(round_, "AAA", [{**LINE, "begun": 1999}], "AAA_first.xlsx", 1)
    send(round_, "AAA", [LINE], "AAA_second.xlsx", 2)
    send(round_, "BBB", [LINE, {"partner": "AAA"}], "BBB.xlsx", 3)
    send(round_, "CCC", [], "CCC.xlsx", 4)
    consolidate_round(round_)
    return round_


def table(round_: Round, name: str) -> pd.DataFrame:
    return pd.read_csv(round_.results(Access.RESTRICTED) / f"{name}.csv", encoding="utf-8-sig")


def test_simulated_lines__a_respondent_that_no_line_can_name__is_not_planted_as_a_partner(done: Round) -> None:
    (sheet,) = Layout.of(done).lists
    partner, year = sheet.block.field("partner"), sheet.block.field("begun")
    assert [simulated_lines.can_name(partner, code) for code in ("AAA", "AAA2", "")] == [True, False, False]
    assert not simulated_lines.can_name(year, "AAA")


def test_lines__of_what_is_published__are_a_table(done: Round) -> None:
    (line,) = table(done, "projects").to_dict("records")
    reported = {key: value for key, value in line.items() if value == value}  # noqa: PLR0124  NaN differs from itself
    assert len(reported.pop("submission")) == 64
    assert reported == {
        "respondent": "AAA", "number": 1, "indicator": "F01", "partner": "CCC", "begun": 2001, "free_use": "Y",
        "confirmed_by_both": False, "file": "AAA_second.xlsx", "sheet": "≡", "row": 7,
    }  # fmt: skip
    parquet = pq.read_table(done.results(Access.RESTRICTED) / "projects.parquet")
    assert str(parquet.schema.field("begun").type) == "int32"


def test_cells__of_every_return__are_kept_and_balance(done: Round) -> None:
    answers = table(done, "answers")
    cells = answers[answers["block"] == "projects"]
    assert cells.groupby("file")["outcome"].unique().map(list).to_dict() == {
        "AAA_first.xlsx": ["superseded"], "AAA_second.xlsx": ["published"], "BBB.xlsx": ["rejected"],
    }  # fmt: skip
    counts = table(done, "reconciliation").set_index("file")
    assert counts["balanced"].all()
    asked = answers[answers["block"] != "projects"]
    given = asked[~asked["status"].isin(("blank", "skipped"))].groupby("file").size()
    assert (counts["read"] - given).to_dict() == {
        "AAA_first.xlsx": 4, "AAA_second.xlsx": 4, "BBB.xlsx": 5, "CCC.xlsx": 0,
    }  # fmt: skip


def test_findings__of_a_line__name_its_cell(done: Round) -> None:
    findings = table(done, "findings")
    found = findings[findings["field"].astype("str").str.startswith("projects.")]
    assert found[["code", "file", "sheet", "cell"]].to_numpy().tolist() == [
        ["bilateral_consistency", "AAA_second.xlsx", "≡", "D7"],
        ["line_incomplete", "BBB.xlsx", "≡", "C8"],
    ]


def test_bilateral_consistency__a_partner_that_is_published_and_names_nobody__is_a_warning_and_rejects_nothing(
    done: Round,
) -> None:
    warnings = [
        (row["code"], row["respondent"], row["message_to_respondent"])
        for row in table(done, "findings").to_dict("records")
        if (row["file"], row["severity"]) == ("AAA_second.xlsx", "warning")
    ]
    assert sorted(warnings)[:1] == [
        (
            "bilateral_consistency", "AAA",
            "Line L1: Alphaland names Gammaland, but Gammaland does not name Alphaland for this indicator.",
        ),
    ]  # fmt: skip
    [own] = [row for row in table(done, "returns").to_dict("records") if row["file"] == "AAA_second.xlsx"]
    assert (own["verdict"], own["warnings"]) == ("accepted", len(warnings))


@pytest.mark.wide
def test_outputs__of_a_round_without_lines__are_empty_tables(tmp_path: Path) -> None:
    round_ = list_round(tmp_path)
    round_.returns.mkdir(exist_ok=True)
    questionnaires.write_questionnaires(round_)
    send(round_, "CCC", [], "CCC.xlsx", 4)
    consolidate_round(round_)
    assert len(table(round_, "projects")) == 0
    assert "partner" in table(round_, "projects").columns
