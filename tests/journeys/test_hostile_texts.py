"""A return whose texts are meant for the programs that will show them: everything we write is harmless, nothing is lost."""

import csv
import datetime as dt

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.questionnaires import folder, write_questionnaires
from pipeline.journey import consolidate_round
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Column, Layout
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name
from tests.given import mini_round

# field of W02 -> what is typed; the last two are where a number and a choice are asked, so that findings quote them.
TYPED = {
    "report": '=HYPERLINK("http://x.example","ok")',
    "source": "https://x.example/\u202egpj.exe",
    "total": "@SUM(1)\x7f<script>alert(1)</script>",
    "status": "-1+cmd|' /C calc'!A0",
}
COMMENT = "\u200b+1 <img src=x onerror=alert(1)> \u2028fake line"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Round:
    round_ = mini_round(tmp_path_factory.mktemp("hostile"))
    write_questionnaires(round_)
    layout = Layout(round_.instrument)
    respondent = round_.respondent("AAA")
    assert respondent is not None
    name = file_name(round_, respondent)
    filled = FilledWorkbook(folder(round_) / name, layout, tab_names(layout), "en")
    for field, text in TYPED.items():
        filled.type(layout.slot("W02", field), text)
    filled.type_at("W", layout.slot("W02", "report").cell(Column.COMMENT), COMMENT)
    round_.returns.mkdir(exist_ok=True)
    filled.save(round_.returns / name, dt.datetime(2026, 3, 1))
    consolidate_round(round_)
    return round_


def test_hostile_texts__parquet__keeps_them_verbatim(done: Round) -> None:
    answers = pd.read_parquet(done.results(Access.RESTRICTED) / "answers.parquet")
    raw = answers[answers["indicator"] == "W02"].set_index("field")["raw"]
    assert {field: raw[field] for field in TYPED} == TYPED
    comments = set(answers["comment"])
    assert COMMENT in comments


def test_hostile_texts__every_csv__has_no_formula_and_nothing_unseen(done: Round) -> None:
    cells = []
    for path in sorted(done.outputs.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert "'" + TYPED["report"] in cells
    assert "https://x.example/gpj.exe" in cells
    assert "'@SUM(1)<script>alert(1)</script>" in cells
    assert "'+1 <img src=x onerror=alert(1)> \nfake line" in cells
    assert not [cell for cell in cells if _obeyed(cell)]


def test_hostile_texts__regional_workbook__has_texts_and_no_formula_or_link(done: Round) -> None:
    book = openpyxl.load_workbook(done.results(Access.RESTRICTED) / "regional_dataset.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or (cell.hyperlink and cell.hyperlink.target)]
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and _obeyed(cell.value)]
    assert "'" + TYPED["status"] in [cell.value for cell in cells]


def test_hostile_texts__every_page__shows_them_as_text(done: Round) -> None:
    results = done.results(Access.RESTRICTED)
    pages = [
        path.read_text(encoding="utf-8") for path in (*results.glob("data_docs/*.html"), *results.glob("report/*.html"))
    ]
    assert len(pages) > len(list(results.glob("report/*.html"))) == 4
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert not set(page) & set("\u202e\u200b\x7f\x1b")


@pytest.mark.parametrize("form", ["text", "csv"])
def test_hostile_texts__check_on_a_terminal__no_control_characters(
    done: Round, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.desk.check.read_round", lambda _: done)
    path = next(done.returns.glob("*.xlsx"))
    printed = CliRunner().invoke(main, ["check", str(path), "--round", str(done.folder), "--format", form])
    assert printed.exit_code == 1, printed.output
    assert "cmd|" in printed.output
    assert not set(printed.output) & set("\u202e\u200b\u2028\x7f\x1b")


def _obeyed(text: str) -> bool:
    number = text.lstrip("-").replace(".", "", 1).isdigit()
    starts = text.lstrip()[:1] in ("=", "+", "-", "@") and not number
    return starts or bool(set(text) & set("\u202e\u200b\u2028\x7f\x1b"))
