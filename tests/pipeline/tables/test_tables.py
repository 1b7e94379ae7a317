"""The published tables, their database and what everybody may see of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.tables import dataset, parts, slices
from pipeline.tables.database import DATABASE, Database
from pipeline.tables.dataset import time_period
from pipeline.tables.lent import frame_rows
from pipeline.tables.make import make_tables
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import is_text
from questionnaire.messages import in_language
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Period
from questionnaire.rules.evaluate import Answer, Answers, Responses
from schemas.tables.published import published_tables
from schemas.tables.table import Sensitivity, arrow_schema
from tests import with_list
from tests.made_instruments import Made as MadeInstrument
from tests.made_instruments import indicators, sections, table
from tests.pipeline.consolidated import frame, rows_of
from tests.pipeline.tables.made import Made, made_of, round_of

SO = Answer(None, AnswerStatus.NOT_APPLICABLE)
CONFIDENTIAL = Answer(None, AnswerStatus.CONFIDENTIAL)
ANSWERS: Answers = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(0.0),
    ("W01a", "urban"): Answer(None, AnswerStatus.NOTHING_TO_REPORT),
    ("W01a", "regions"): Answer("WEST"),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W01b", "status"): SO,
    ("W01b", "spent"): Answer(2.5),
    ("W01b", "spent.currency"): Answer("EUR"),
    ("W02", "status"): Answer("2"),
    ("W02", "opened"): Answer(dt.date(2024, 5, 1)),
    ("W02", "report"): Answer('It\'s a "title"'),
    ("F01", "status"): CONFIDENTIAL,
    ("F01", "total"): Answer(None, AnswerStatus.SKIPPED),
    ("F01", "covered"): Answer(27.3),
}
LINES = {"projects": {2: {"indicator": Answer("F01"), "partner": Answer("OTHER"), "name": Answer("=Utopia")}}}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """AAA is published; of BBB nothing came back; ZZZ does not take part."""
    round_ = round_of(with_list.instrument(), "AAA", "BBB", previous_answers={"AAA": {("W01a", "status"): Answer("4")}})
    return Made(round_, tmp_path_factory.mktemp("made"), {"AAA": Responses(ANSWERS, LINES)}, BBB="no_return")


def test_regional__every_participant_and_indicator__with_the_level_as_a_number(made: Made) -> None:
    columns = ("respondent", "indicator", "response", "level", "level_code", "met", "obs_status", "submission")
    assert made.rows("regional", *columns) == [
        ("AAA", "W01a", "accepted", 3, "3", True, "A", "aaa"),
        ("AAA", "W01b", "accepted", None, None, None, "M", "aaa"),
        ("AAA", "W02", "accepted", 2, "2", False, "A", "aaa"),
        ("AAA", "F01", "accepted", None, None, None, "Q", "aaa"),
        ("BBB", "W01a", "no_return", None, None, None, "O", None),
        ("BBB", "W01b", "no_return", None, None, None, "O", None),
        ("BBB", "W02", "no_return", None, None, None, "O", None),
        ("BBB", "F01", "no_return", None, None, None, "O", None),
    ]


def test_regional__the_previous_level__is_compared(made: Made) -> None:
    columns = ("previous_level", "level_change")
    assert made.row("regional", *columns, respondent="AAA", indicator="W01a") == (4, -1)
    assert made.row("regional", *columns, respondent="AAA", indicator="W02") == (None, None)


def test_regional__says_what_became_of_the_questions(made: Made) -> None:
    columns = ("questions", "applicable", "answered", "nothing_to_report", "blank", "skipped", "completeness")
    # W01a: status, total, regions and urban of status, total, urban, rural, regions, targeted.
    assert made.row("regional", *columns, respondent="AAA", indicator="W01a") == (6, 6, 3, 1, 2, 0, 4 / 6)
    assert made.row("regional", *columns, respondent="BBB", indicator="W01a") == (6, None, None, None, None, None, None)


def test_type_table__has_only_the_columns_that_its_indicators_ask(made: Made) -> None:
    money = [name for name in made.tables["type_money"].names if "status" not in name]
    assert money == [
        "round", "respondent", "respondent_name", "section", "indicator", "response", "level", "spent",
        "spent__currency", "planned", "planned__currency", "submission",
    ]  # fmt: skip
    columns = ("indicator", "level", "level__answer_status", "spent", "spent__currency", "planned__answer_status")
    assert made.rows("type_money", *columns, respondent="AAA") == [
        ("W01b", None, "not_applicable", 2.5, "EUR", "blank")
    ]
    assert made.rows("type_money", *columns, respondent="BBB") == [("W01b", None, None, None, None, None)]


def test_type_table__options__are_false_only_where_the_question_was_answered(made: Made) -> None:
    columns = ("regions", "regions__NORTH", "regions__WEST", "regions__answer_status")
    assert made.row("type_count", *columns, respondent="AAA", indicator="W01a") == ("WEST", False, True, "answered")
    assert made.row("type_count", *columns, respondent="AAA", indicator="W02") == (None, None, None, "blank")
    assert made.row("type_count", *columns, respondent="AAA", indicator="F01") == (None, None, None, None)


def test_type_table__values__are_typed_and_verbatim(made: Made) -> None:
    columns = ("total", "urban__answer_status", "opened", "report")
    assert made.row("type_count", *columns, respondent="AAA", indicator="W01a") == (0, "nothing_to_report", None, None)
    assert made.row("type_count", *columns, respondent="AAA", indicator="W02")[2:] == (
        dt.date(2024, 5, 1),
        'It\'s a "title"',
    )


def test_list__its_lines__name_their_row(made: Made) -> None:
    columns = ("respondent", "indicator", "partner", "name", "begun", "confirmed_by_both", "row", "file")
    assert made.rows("projects", *columns) == [("AAA", "F01", "OTHER", "=Utopia", None, None, 8, "aaa.xlsx")]


def test_list__of_several_files_and_with_a_correction__numbers_its_lines_and_has_the_correction_in_its_line(
    tmp_path: Path,
) -> None:
    round_ = round_of(with_list.instrument(), "AAA", "BBB")
    lines = {"projects": {1: {"indicator": Answer("F01"), "partner": Answer("BBB"), "begun": Answer(2001)}}}
    made = made_of(round_, {"AAA": Responses(ANSWERS, lines)}, {"BBB": "accepted"})
    answers = frame(made.answers)
    own = answers[answers["block"] == "projects"]
    other = own.assign(submission="bbb", file="bbb.xlsx")
    said = own[own["field"] == "begun"].assign(submission="decision-4", file="register.sqlite", number=1999.0)
    kept = answers.drop(index=own[own["field"] == "begun"].index)
    decisions = made.decisions.reindex([0]).assign(number=4, sha256="aaa", takes_back=False, in_force=True)
    next_ = own.assign(respondent="BBB", submission="ccc", file="ccc.xlsx")
    whole = pd.concat([kept, other, said, next_], ignore_index=True)
    made = replace(made, answers=rows_of("answers", whole), decisions=decisions.fillna(""))
    folders = {access: tmp_path / access for access in Access}
    for folder in folders.values():
        folder.mkdir()
    make_tables(round_, made, folders)
    columns = ["number", "partner", "begun", "file"]
    rows = pq.read_table(folders[Access.RESTRICTED] / "projects.parquet").select(columns).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (1, "BBB", 1999, "aaa.xlsx"),
        (2, "BBB", 2001, "bbb.xlsx"),
        (1, "BBB", 2001, "ccc.xlsx"),
    ]
    assert pq.read_table(folders[Access.PUBLIC] / "projects.parquet")["number"].to_pylist() == [1, 2, 1]


def test_respondents__the_whole_frame__with_what_came_of_each(made: Made) -> None:
    columns = (
        "respondent",
        "participates",
        "not_asked_because",
        "response",
        "published",
        "files",
        "signed_off",
        "levels",
    )
    assert made.rows("respondents", *columns) == [
        ("AAA", True, None, "accepted", True, 1, True, 2), ("BBB", True, None, "no_return", False, 0, None, 0),
        ("ZZZ", False, "It left.", None, False, 0, None, None),
    ]  # fmt: skip


def test_observations__of_numbers__say_their_power_of_ten_and_their_decimals(made: Made) -> None:
    rows = made.rows("observations", "MEASURE", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS")
    found = {measure: tuple(scale) for measure, *scale in rows}
    assert found["total"] == ("NUMBER", 0, 0)
    assert found["covered"] == ("PERCENT", 0, 1)
    assert found["depth"] == ("NUMBER", 0, 1)
    assert found["level"] == ("_Z", None, None)


def test_observations__in_the_shape_of_sdmx(made: Made) -> None:
    found = {
        row[:2]: row[2:]
        for row in made.rows("observations", "INDICATOR", "MEASURE", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE")
    }
    assert found["W01a", "level"] == ("3", "A", "_Z")
    assert found["W01a", "total"] == ("0", "A", "NUMBER")
    assert found["W01a", "urban"] == (None, "M", "NUMBER")
    assert found["W01a", "regions__WEST"] == ("1", "A", "_Z")
    assert found["W01a", "regions__NORTH"] == ("0", "A", "_Z")
    assert found["W01a", "targeted__NORTH"] == (None, "O", "_Z")
    assert found["W01b", "level"] == (None, "M", "_Z")
    assert found["W01b", "spent"] == ("2.5", "A", "EUR")
    assert found["W02", "opened"] == ("2024-05-01", "A", "_Z")
    assert found["F01", "level"] == (None, "Q", "_Z")
    assert found["F01", "covered"] == ("27.3", "A", "PERCENT")
    assert not {measure for _, measure in found} & {"report", "note", "source", "regions", "spent__currency"}
    assert set(made.rows("observations", "FREQ", "REF_AREA", "TIME_PERIOD")) == {("_U", "AAA", "2024-01-01/P2Y")}


def test_time_period__of_one_year__is_the_year() -> None:
    assert [time_period(Period(2024, end)) for end in (2024, 2026)] == ["2024", "2024-01-01/P3Y"]


def test_files__have_the_columns_and_types_that_are_declared__for_each_access(made: Made) -> None:
    for access in Access:
        files = {path.stem for path in made.folders[access].glob("*.parquet")}
        declared = {name: part for name, table in made.tables.items() if (part := table.for_(access))}
        assert files == declared.keys()
        for name, part in declared.items():
            schema = pq.read_schema(made.folders[access] / f"{name}.parquet")
            assert schema.equals(arrow_schema(part)), name
            assert schema.field(0).metadata[b"meaning"]


def test_public__has_no_contact_no_trace_and_no_text_that_is_not_cleared(made: Made) -> None:
    assert not {"answers", "returns", "findings", "damage", "reconciliation"} & {
        path.stem for path in made.folders[Access.PUBLIC].iterdir()
    }
    secret = {"email", "focal_point", "phone", "file", "sheet", "submission", "comment", "raw"}
    for name, table_ in made.tables.items():
        part = table_.for_(Access.PUBLIC)
        for column in part.columns if part else ():
            assert column.sensitivity not in (Sensitivity.CONTACT, Sensitivity.FREE_TEXT, Sensitivity.TRACE), name
            assert column.name not in secret, name
            if column.field is not None and not column.is_status and is_text(column.field.type):
                assert not any(made.public(name, column.name)), name
    public = made.folders[Access.PUBLIC] / DATABASE
    assert all(text not in public.read_bytes() for text in (b"Utopia", b"aaa.xlsx", b"It's a"))


def test_database__every_table_and_column__is_described_as_in_the_codebook(made: Made) -> None:
    for access in Access:
        with duckdb.connect(str(made.folders[access] / DATABASE), read_only=True) as database:
            found = database.sql(
                "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
            ).fetchall()
            views = {
                name for (name,) in database.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
            }
            for view in views:
                assert database.sql(f"FROM {view}").fetchall()
            asked = database.sql("SELECT respondent FROM view_completeness ORDER BY respondent").fetchall()
            assert [code for (code,) in asked] == [one.code for one in made.round.participants]
            titles = dict(database.sql("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert views == {"view_matrix", "view_shares", "view_completeness"}
        comments = {(name, column): comment for name, column, comment in found if name not in views}
        parts = [part for item in made.tables.values() if (part := item.for_(access))]
        assert comments == {
            (part.name, column.name): in_language(column.label, "en") for part in parts for column in part.columns
        }
        assert titles == {part.name: in_language(part.title, "en") for part in parts}


def test_codebook__one_row_for_every_column_of_every_table(made: Made) -> None:
    rows = made.rows("codebook", "table", "column")
    assert rows == [
        (item.name, column.name) for item in published_tables(made.round.instrument) for column in item.columns
    ]
    meanings = made.rows("codebook", "table_title", "type", "label_fr", "label_es", "label_en", "label_pt")
    assert all(all(texts) for texts in meanings)
    columns = ("short_name", "type", "is_key", "codelist", "codes", "unit", "access", "sensitivity", "label_fr")
    levels = "0 = 0 – None; 1 = 1 – Planned; 2 = 2 – Adopted; 3 = 3 – Partly; 4 = 4 – Fully"
    assert made.row("codebook", *columns, table="type_count", column="level") == (
        "level", "int32", False, "status", levels, "", "public", "", "Où en est-on ?",
    )  # fmt: skip
    assert made.row("codebook", *columns, table="type_count", column="depth") == (
        "depth", "double", False, "", "", "metres", "public", "", "Profondeur moyenne des racines",
    )  # fmt: skip
    assert made.row("codebook", "access", "sensitivity", table="answers", column="field") == ("restricted", "")
    assert made.row("codebook", "access", "sensitivity", table="type_count", column="report") == (
        "public", "answer_text",
    )  # fmt: skip


def test_codebook__a_column_that_rules_look_at__names_them_with_their_reasons(made: Made) -> None:
    columns = ("rules", "rule_reasons_en", "rule_reasons_pt")
    rules, reasons, in_portuguese = made.row("codebook", *columns, table="type_count", column="urban")
    assert rules.split() == list(
        dict.fromkeys(
            rule.code for code in ("W01a", "W02", "F01") for rule in made.round.instrument.rules_for(code, "urban")
        )
    )
    assert [part.partition(" = ")[0] for part in reasons.split("; ") if " = " in part] == rules.split()
    assert "not_relevant = Há uma resposta onde outra diz que não há nada a informar." in in_portuguese.split("; ")
    (of_total,) = made.row("codebook", "rule_reasons_pt", table="type_count", column="total")
    assert "parts = Parts add up to their total." in of_total, "an English text alone stands in every language"
    assert made.row("codebook", "rules", table="regional", column="respondent") == ("",)
    assert made.row("codebook", "rules", table="type_count", column="level__answer_status") == ("",)
    named = {rule for (row,) in made.rows("codebook", "rules", table="projects") for rule in row.split()}
    assert {"line_repeated", "line_incomplete"} <= named


def test_codebook__what_acopio_itself_writes__has_a_code_list_with_labels_in_every_language(made: Made) -> None:
    lists = {
        column: made.row("codebook", "codelist", table="regional", column=column)
        for column in ("response", "obs_status")
    }
    assert lists == {"response": ("CL_RESPONSE",), "obs_status": ("CL_OBS_STATUS",)}
    assert made.row("codebook", "codelist", table="type_count", column="urban__answer_status") == ("CL_ANSWER_STATUS",)
    assert made.row("codes", "label_en", "label_fr", codelist="CL_RESPONSE", code="no_return") == (
        "nothing received",
        "rien reçu",
    )
    named = {name for (name,) in made.rows("codebook", "codelist") if name}
    assert named <= {name for (name,) in made.rows("codes", "codelist")}
    units = [code for (code,) in made.rows("codes", "code", codelist="CL_UNIT_MEASURE")]
    assert units[:3] == ["NUMBER", "PERCENT", "_Z"]
    assert "EUR" in units


def test_own_code_lists__every_value_written__is_a_code_of_its_column(made: Made) -> None:
    for item in made.tables.values():
        for column in item.columns:
            if column.codelist is None or not column.codelist.name.startswith("CL_"):
                continue
            values = {value for (value,) in made.rows(item.name, column.name) if value}
            assert values <= {code.code for code in column.codelist}, (item.name, column.name)
            assert all(len(code.label) >= 4 for code in column.codelist.codes[:3])


def test_indicators__each__says_from_which_level_it_counts_as_met_and_what_that_means(made: Made) -> None:
    assert made.row("indicators", "met_from_level", "met_reason", "text_fr", indicator="W01b")[:2] == (
        2, "Met from “2 – Adopted”: for this type of indicator (Money), that level means “adopted”.",
    )  # fmt: skip


def test_codes__every_code__with_rank_and_what_it_declares(made: Made) -> None:
    columns = ("rank", "missing", "label_fr")
    assert made.row("codes", *columns, codelist="status", code="2") == (2, None, "2 – Adopté")
    assert made.row("codes", *columns, codelist="status", code="ND") == (None, "not_available", "Non disponible")


def test_tables__made_twice__are_the_same_bytes(made: Made, tmp_path: Path) -> None:
    again = Made(made.round, tmp_path, {"AAA": Responses(ANSWERS, LINES)}, BBB="no_return")
    for access in Access:
        for path in made.folders[access].glob("*.parquet"):
            assert path.read_bytes() == (again.folders[access] / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("first", "more", "named"), [(1, ("weather",), "file, weather"), (0, ("weather",), "weather"), (1, (), "file")]
)
def test_fill__a_column_too_many_or_too_few__is_refused(
    first: int, more: tuple[str, ...], named: str, tmp_path: Path
) -> None:
    (returns,) = (item for item in published_tables(with_list.instrument()) if item.name == "returns")
    rows = pa.table({name: pa.array([""]) for name in (*returns.names[first:], *more)})
    with (
        Database(tmp_path / "x.duckdb") as database,
        pytest.raises(ValueError, match=f"^returns: {named} in only one"),
    ):
        database.fill(returns, rows)


def test_frame__a_respondent_without_a_name__goes_by_its_code() -> None:
    round_ = round_of(with_list.instrument(), "AAA", "BBB")
    nameless = replace(round_.respondents[1], name={})
    round_ = replace(round_, respondents=(round_.respondents[0], nameless, *round_.respondents[2:]))
    names = frame_rows(round_, {}).column("respondent_name").to_pylist()
    assert names == ["State AAA", "BBB", "State ZZZ"]


def test_tables__of_an_instrument_without_a_level__say_nothing_of_levels(tmp_path: Path) -> None:
    questions = ("count,whole_number,,,,,,,,How many?",)
    made_ = MadeInstrument(
        table(("WATER", [["Wells"]])), questions, "count", indicators("W01"), sections(("W", "WATER"))
    )
    round_ = made_.round(tmp_path, ["AAA", "BBB"])
    (tmp_path / "made").mkdir()
    found = Made(round_, tmp_path / "made", {"AAA": {("W01", "count"): Answer(3.0)}}, BBB="no_return")
    assert not [
        column for item in found.tables.values() for column in item.names if "level" in column or column == "met"
    ]
    assert found.rows("regional", "respondent", "answered", "completeness") == [("AAA", 1, 1), ("BBB", None, None)]
    assert found.row("measure_sums", "sum", "reporting", "unknown_no_return", column="count") == (3, 1, 1)


def test_tables__turned_for_few_respondents_at_a_time__are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instrument = with_list.instrument()
    instrument = replace(instrument, lists=tuple(replace(block, bilateral=None) for block in instrument.lists))
    round_ = round_of(instrument, "CCC", "AAA", "BBB")
    answered = {"CCC": 7.0, "AAA": 8.0}
    given = {code: Responses({**ANSWERS, ("W01a", "total"): Answer(said)}, LINES) for code, said in answered.items()}

    def made_in(name: str) -> tuple[Made, dict[Path, bytes]]:
        (folder := tmp_path / name).mkdir()
        made = Made(round_, folder, given, BBB="no_return")
        return made, {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")}

    _, together = made_in("together")
    monkeypatch.setattr(slices, "_CELLS_AT_A_TIME", 1)
    found, apart = made_in("apart")
    assert apart == together
    assert len(parts.type_queries(round_, found.tables["type_count"])) == len(round_.respondents)
    assert len(parts.list_queries(round_, found.tables["projects"], instrument.lists[0])) == len(round_.respondents)
    assert len(dataset.regional_queries(round_, found.tables["regional"])) == len(round_.respondents)
    assert len(dataset.observations_queries(round_)) == len(round_.respondents)
    totals = found.rows("type_count", "respondent", "total", indicator="W01a")
    assert totals == [("CCC", 7), ("AAA", 8), ("BBB", None)]
    assert found.rows("projects", "respondent", "number") == [("AAA", 1), ("CCC", 1)]
