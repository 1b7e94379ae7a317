"""Stata and SPSS files: numbers with labels, a missing value for each reason, texts that fit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyreadstat
import pytest

from pipeline.publication.formats.labelled_files import REASONS, _Variable, _write_spss, _write_stata, write_labelled
from questionnaire.blanks import AnswerStatus
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Answers
from tests.pipeline.tables.made import Made, round_of
from tests.schemas.tidy_rows import mini

ANSWERS: Answers = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(0.0),
    ("W01a", "urban"): Answer(None, AnswerStatus.NOTHING_TO_REPORT),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W02", "status"): Answer(None, AnswerStatus.CONFIDENTIAL),
    ("W02", "free"): Answer("N"),
    ("W02", "opened"): Answer(dt.date(2024, 5, 1)),
    ("W02", "report"): Answer("é" * 1500),
    ("F01", "status"): Answer("0"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    found = Made(round_of(mini(), "AAA", "BBB"), tmp_path_factory.mktemp("made"), {"AAA": ANSWERS}, BBB="no_return")
    write_labelled(found.tables["type_count"], found.folders[Access.RESTRICTED], found.round.instrument, "fr")
    return found


def test_stata__values_are_numbers_with_labels__and_reasons_are_extended_missing_values(made: Made) -> None:
    rows, about = pyreadstat.read_dta(made.folders[Access.RESTRICTED] / "stata" / "type_count.dta", user_missing=True)
    first, second, third = rows.to_dict("records")[:3]
    assert (first["indicator"], first["level"], first["total"], first["urban"]) == ("W01a", 3, 0, "d")
    assert (first["regions__WEST"], first["regions__NORTH"], second["regions__WEST"]) == (1, 0, "e")
    assert (second["level"], second["free"], second["opened"]) == ("c", 0, dt.date(2024, 5, 1))
    assert (second["report"], first["report"]) == ("é" * 1500, "")
    assert (third["indicator"], third["level"]) == ("F01", 0)
    assert about.variable_value_labels["level"] == {
        0: "0 – Aucun", 1: "1 – Prévu", 2: "2 – Adopté", 3: "3 – En partie", 4: "4 – En entier", "c": "confidentiel",
    }  # fmt: skip
    assert about.variable_value_labels["free"][0] == "Non"
    assert about.column_names_to_labels["total"] == "Combien en tout ?"
    assert "level__answer_status" not in rows
    assert "report__answer_status" in rows


def test_stata__a_first_number_after_a_hundred_reasons__is_a_number(tmp_path: Path) -> None:
    reasons = ["blank"] * 150 + ["answered"]
    variables = [_Variable("total", "Total", pa.array([None] * 150 + [7.0]), {}, pa.array(reasons))]
    _write_stata(variables, tmp_path / "t.dta", "t", "en")
    rows, _ = pyreadstat.read_dta(tmp_path / "t.dta", user_missing=True)
    assert sorted(rows["total"].tolist(), key=str) == [7.0, *["e"] * 150]


def test_stata_and_spss__a_first_date_after_a_hundred_missing_ones__is_a_date(tmp_path: Path) -> None:
    days = [dt.date(2024, 2, 29), dt.date(1900, 1, 1)]
    for dates in (days, []):
        variables = [_Variable("opened", "Opened", pa.array([*[None] * 150, *dates], pa.date32()), {})]
        _write_stata(variables, tmp_path / "t.dta", "t", "en")
        _write_spss(variables, tmp_path / "t.sav", "t", "en")
        for (rows, about), shown in (
            (pyreadstat.read_dta(tmp_path / "t.dta"), "%td"), (pyreadstat.read_sav(tmp_path / "t.sav"), "DATE11"),
        ):  # fmt: skip
            assert rows["opened"].dropna().tolist() == dates
            assert (len(rows), about.original_variable_types) == (150 + len(dates), {"opened": shown})


def test_stata__without_an_accepted_return__is_plainly_missing(made: Made) -> None:
    rows, _ = pyreadstat.read_dta(made.folders[Access.RESTRICTED] / "stata" / "type_count.dta", user_missing=True)
    assert rows[rows["respondent"] == "BBB"]["level"].isna().all()


def test_stata__for_everybody__has_no_texts_that_are_not_cleared(made: Made) -> None:
    public = made.tables["type_count"].for_(Access.PUBLIC)
    assert public
    write_labelled(public, made.folders[Access.PUBLIC], made.round.instrument, "en")
    rows, _ = pyreadstat.read_dta(made.folders[Access.PUBLIC] / "stata" / "type_count.dta", user_missing=True)
    first, second = rows.to_dict("records")[:2]
    assert (first["level"], first["total"], second["report"]) == (3, 0, "")
    assert "submission" not in rows.columns


def test_spss__reasons_are_declared_missing__and_have_labels(made: Made) -> None:
    path = made.folders[Access.RESTRICTED] / "spss" / "type_count.sav"
    plain, about = pyreadstat.read_sav(path)
    first = plain.to_dict("records")[0]
    assert (first["level"], first["total"], first["regions__WEST"]) == (3, 0, 1)
    assert plain["urban"].isna().all()
    coded, _ = pyreadstat.read_sav(path, user_missing=True)
    assert about.variable_value_labels["urban"][coded["urban"][0]] == "rien à signaler"
    assert plain["report"][1] == "é" * 1500


def test_spss__each_reason__also_that_of_what_is_suppressed__is_missing(tmp_path: Path) -> None:
    values, reasons = pa.array([None] * (len(REASONS) + 1) + [7.0]), pa.array([*REASONS, None, "answered"])
    variables = [_Variable("total", "Total", values, {}, reasons)]
    _write_spss(variables, tmp_path / "t.sav", "t", "en")
    rows, _ = pyreadstat.read_sav(tmp_path / "t.sav")
    assert rows["total"].dropna().tolist() == [7.0]
    coded, _ = pyreadstat.read_sav(tmp_path / "t.sav", user_missing=True)
    assert coded["total"].isna().tolist() == [False] * len(REASONS) + [True, False]
    # SYSMIS (PSPP Developers’ Guide, “Machine Floating-Point Info Record”).
    assert (tmp_path / "t.sav").read_bytes()[-16:-8] == b"\xff\xff\xff\xff\xff\xff\xef\xff"
