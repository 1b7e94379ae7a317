"""What the gate is shown of the published tables: each fault, in whichever edition, with table and column."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.publication.gate import observed_tables
from pipeline.publication.gate.observed import indicators_query, observe
from questionnaire.rounds.access import Access
from tests.pipeline.tables.made import Made
from tests.pipeline.tables.test_disclosure import seven_states
from tests.schemas.tidy_rows import mini_round

RESTRICTED, PUBLIC = Access.RESTRICTED, Access.PUBLIC
FAULTS = {
    "tables": ("lacking", "repeated", "lost", "contradicted"),
    "public": ("undeclared", "small", "suppressed_shown", "uncleared"),
}
Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return seven_states(tmp_path_factory.mktemp("observed"))


def changed(folder: Path, table: str, change: Change) -> None:
    """Rewrite a Parquet file after a change; the types of its columns stay."""
    path = folder / f"{table}.parquet"
    schema = pq.read_schema(path).remove_metadata()
    frame = change(pd.read_parquet(path))
    kept = [schema.field(name) if name in schema.names else pa.field(name, pa.string()) for name in frame.columns]
    pq.write_table(pa.Table.from_pandas(frame, schema=pa.schema(kept), preserve_index=False), path)


def spoilt(made: Made, folder: Path, *changes: tuple[Access, str, Change]) -> dict[Access, Path]:
    """The folders of both editions, copied and changed."""
    folders = {access: folder / access for access in Access}
    for access, copy in folders.items():
        shutil.copytree(made.folders[access], copy)
    for access, table, change in changes:
        changed(folders[access], table, change)
    return folders


def faults(made: Made, folders: dict[Access, Path]) -> dict[str, list[str]]:
    """Every fault by its sort."""
    observed = dict(observe(made.round, made.tables.values(), folders))
    found = {name: observed[suite][name].dropna().tolist() for suite, names in FAULTS.items() for name in names}
    return {name: texts for name, texts in found.items() if texts}


def where(changed_column: str, value: object, **equal: object) -> Change:
    """Another value in the rows where other columns have these."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = pd.Series(True, index=frame.index)
        for name, given in equal.items():
            chosen &= frame[name] == given
        return frame.assign(**{changed_column: frame[changed_column].mask(chosen, value)})

    return change


def put(column: str, respondent: str, value: object) -> Change:
    """Another value in the rows of a respondent."""
    return where(column, value, respondent=respondent)


def test_observed__as_made__has_no_fault_and_every_table(made: Made) -> None:
    assert faults(made, made.folders) == {}
    observed = dict(observe(made.round, made.tables.values(), made.folders))
    assert set(observed["tables"]["table"]) == set(made.tables)
    assert observed["respondents"].to_numpy().tolist() == [[f"{letter * 3}", 1, 1, 1] for letter in "ABCDEFG"]
    assert set(observed["reconciliation"]["unaccounted"]) == {0}
    assert observed["values"]["reached"].dropna().tolist() == [0, 90]
    assert observed["values"]["cases.victims"].dropna().tolist() == [0, 10, 20]


def test_observed__values__are_all_codes_and_the_ends_of_numbers(made: Made, tmp_path: Path) -> None:
    folders = spoilt(
        made, tmp_path, (RESTRICTED, "cases", lambda frame: frame.assign(about=[*"YWX", *["Z"] * (len(frame) - 3)]))
    )
    values = dict(observe(made.round, made.tables.values(), folders))["values"]
    assert values["cases.about"].dropna().tolist() == ["V01", "W", "X", "Y", "Z"]


def test_observed__what_is_computed__is_no_answer_of_a_return(made: Made, tmp_path: Path) -> None:
    computed = where("parsed_by", "computed", field="clinics", respondent="AAA")
    folders = spoilt(made, tmp_path, (RESTRICTED, "answers", computed))
    observed = dict(observe(made.round, made.tables.values(), folders))["reconciliation"]
    assert observed.set_index("respondent")["unaccounted"].to_dict() == {
        "AAA": 1, **dict.fromkeys([letter * 3 for letter in "BCDEFG"], 0)
    }  # fmt: skip


def test_observed__what_is_wrong__is_named_with_its_table(made: Made, tmp_path: Path) -> None:
    folders = spoilt(
        made,
        tmp_path,
        (RESTRICTED, "regional", lambda frame: pd.concat([frame, frame[:1]])),
        (RESTRICTED, "answers", lambda frame: pd.concat([frame, frame[frame["field"] == "clinics"][:1]])),
        (RESTRICTED, "respondents", lambda frame: frame.drop(columns="phone")),
        (RESTRICTED, "type_t", put("offices", "GGG", None)),
        (PUBLIC, "codes", lambda frame: frame.drop(columns="label_en")),
        (PUBLIC, "regional", lambda frame: frame.assign(respondent=frame["respondent"].replace("GGG", "QQQ"))),
        (PUBLIC, "respondents", lambda frame: frame.assign(email="ann@example.org")),
        (PUBLIC, "type_t", put("reached", "EEE", 2)),
        (PUBLIC, "type_t", put("reached", "AAA", 50)),
        (PUBLIC, "type_t", put("report", "BBB", "Told by BBB")),
        (PUBLIC, "observations", where("OBS_VALUE", "4", REF_AREA="DDD", MEASURE="minors")),
        (PUBLIC, "measure_sums", where("sum", 3, column="reached")),
        (PUBLIC, "measure_sums", where("sum", 3, column="offices")),
    )
    shutil.copy(folders[RESTRICTED] / "damage.parquet", folders[PUBLIC])
    shutil.copy(folders[RESTRICTED] / "codes.parquet", folders[RESTRICTED] / "more.parquet")
    (folders[PUBLIC] / "measure_adoption.parquet").unlink()
    with duckdb.connect(str(folders[PUBLIC] / "dataset.duckdb")) as database:
        database.execute("ALTER TABLE respondents ADD COLUMN phone VARCHAR")
    adoption = ", ".join(f"public.{name}" for name in made.tables["measure_adoption"].names)
    damage = ", ".join(made.tables["damage"].names)
    assert faults(made, folders) == {
        "lacking": [
            "codes: public.label_en", f"measure_adoption: {adoption}", "more: more", "respondents: restricted.phone",
        ],
        "repeated": ["answers: restricted 1", "regional: restricted 1"],
        "lost": ["type_t: clinics 7 ≠ 8, offices 6 ≠ 7"],
        "contradicted": ["observations: 1", "regional: 1", "type_t: 3"],
        "undeclared": [f"damage: {damage}", "respondents: email, phone"],
        "small": ["measure_sums: sum 1", "observations: OBS_VALUE 1", "type_t: reached 1"],
        "suppressed_shown": ["type_t: reached 1"],
        "uncleared": ["type_t: report 1"],
    }  # fmt: skip


def test_observed__public_rows_in_another_order__contradict_nothing(made: Made, tmp_path: Path) -> None:
    folders = spoilt(made, tmp_path, (PUBLIC, "regional", lambda frame: frame[::-1]))
    assert faults(made, folders) == {}


def test_differ__a_key_twice__is_found_in_whichever_part_of_all_hashes_it_is(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observed_tables, "_HASHES_AT_A_TIME", 3)
    with observed_tables.Editions(made.tables.values(), made.folders) as editions:
        for again in (*range(8), None):
            twice = "" if again is None else f" UNION ALL SELECT {again}"
            editions._duckdb.execute(f"CREATE OR REPLACE TABLE seen AS SELECT range AS key FROM range(8){twice}")
            assert observed_tables._differ(editions, "seen", "key") == (again is None)


@pytest.mark.parametrize(
    ("pairs", "share"),
    [
        (["00", "11", "22", "33"], 0.0),
        (["01", "01", "01", "01"], 0.0),
        (["01", "10", "22", "33", "44"], 0.0),
        (["01", "01", "22", "33", "44"], 0.4),
        (["04"] * 5, 1.0),
        (["04"] * 5 + ["0-", "-4"], 1.0),
    ],
)
def test_indicators__shifted__is_the_share_that_would_have_to_move_of_those_in_both_rounds(
    pairs: list[str], share: float
) -> None:
    rows = ", ".join(f"('W02', {pair[0]}, {pair[1]})".replace("-", "NULL") for pair in pairs)
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA restricted")
    connection.execute(
        f"CREATE VIEW restricted.regional AS FROM (VALUES {rows}) AS t (indicator, previous_level, level)"
    )
    found = connection.sql(indicators_query(replace(mini_round()))).fetchall()
    assert {indicator: (count, moved) for indicator, count, moved in found} == {
        "W01a": (0, 0), "W01b": (0, 0), "W02": (len(pairs), pytest.approx(share)), "F01": (0, 0),
    }  # fmt: skip
