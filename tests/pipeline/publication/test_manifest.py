"""The manifest of an edition: what it was made of, with what, and nothing that depends on when or where."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.manifest import (
    MANIFEST,
    about,
    files_listed,
    inputs_of,
    manifest_text,
    read_manifest,
    software,
)
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from pipeline.receiving.received import ReceivedFile
from questionnaire.rounds.access import Access
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round_key import KEY
from tests.given import mini_round

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def received(name: str, sha256: str, container: str = "") -> ReceivedFile:
    return ReceivedFile(name, Path(name), sha256, 1, NOW, container=container)


FILES = (
    received("b.eml", "bb"),
    received("b.eml/x.xlsx", "xx", "b.eml"),
    received("a.xlsx", "aa"),
    received("pipe", ""),
)


def test_inputs__are_named_by_hash__and_what_stands_in_a_mail_by_that_of_the_mail(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    inputs = inputs_of(round_, FILES)
    assert inputs["returns"] == {"b.eml": "bb", "a.xlsx": "aa", "pipe": None}
    declared = {name: hashlib.sha256((round_.folder / name).read_bytes()).hexdigest() for name in inputs["declared"]}
    assert declared.keys() == {"round.toml", "respondents.csv"}
    assert inputs["declared"] == declared
    assert inputs["previous"] is None
    # The key is secret: not even its hash is handed on.
    assert hashlib.sha256((round_.folder / KEY).read_bytes()).hexdigest() not in json.dumps(inputs)
    answers = tmp_path / "answers.parquet"
    answers.write_bytes(b"of the previous round")
    previous = inputs_of(replace(round_, previous=Previous(answers, "1", "2022–2023")), ())["previous"]
    assert previous == hashlib.sha256(b"of the previous round").hexdigest()


def test_inputs__a_decision_or_one_taken_back__is_another_input(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    none = inputs_of(round_, ())["decisions"]
    register.record(round_, [received("a.xlsx", "aa")], NOW)
    assert inputs_of(round_, ())["decisions"] == none
    decision = Decision(Kind.ACCEPT, "AAA", "ann", "2026-05-01T10:00:00Z", "confirmed by telephone", "aa")
    register.decide(round_, decision)
    decided = inputs_of(round_, ())["decisions"]
    assert decided != none
    register.decide(round_, replace(decision, undo=True))
    # The table of decisions has what was taken back too.
    assert inputs_of(round_, ())["decisions"] not in (none, decided)


def test_about__each_edition__counts_its_tables_and_only_one_names_the_returns(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    pq.write_table(pa.table({"a": [1, 2, 3]}), tmp_path / "regional.parquet")
    inputs = inputs_of(round_, FILES)
    restricted, public = (about(round_, access, tmp_path, inputs, Flavour.EXCEL, "fr") for access in Access)
    assert restricted["counts"] == public["counts"] == {"regional": 3}
    assert restricted["inputs"] == inputs
    assert public["inputs"]["returns"] == {
        "files": 3, "sha256": hashlib.sha256(b"None\naa\nbb").hexdigest(),
    }  # fmt: skip
    assert "a.xlsx" not in json.dumps(public)
    assert restricted["settings"] == {"csv": "excel", "labels": "fr"}
    assert restricted["instrument"] == {
        "name": "mini", "edition": "1", "fingerprint": round_.instrument.fingerprint,
    }  # fmt: skip
    software = restricted["software"]
    assert (software["python"], software["duckdb"]) == (platform.python_version(), duckdb.__version__)
    assert {"acopio", "pandas", "pandera", "great-expectations"} <= software.keys()


def test_read_manifest__its_own_text__and_nothing_of_another_version(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    made = about(round_, Access.PUBLIC, tmp_path, inputs_of(round_, FILES), Flavour.PLAIN, "en")
    (tmp_path / MANIFEST).write_text(manifest_text(made, {"a.csv": "aa", "x.duckdb": None}), encoding="utf-8")
    assert read_manifest(tmp_path) == {**made, "outputs": {"a.csv": "aa", "x.duckdb": None}}
    assert files_listed(tmp_path) == {"a.csv", "x.duckdb"}
    for text, listed in (('{"a.csv": "aa"}', {"a.csv"}), ("[1]", set()), ("{", set())):
        (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
        assert not read_manifest(tmp_path)
        assert set(files_listed(tmp_path)) == listed


def test_software__of_an_extra__is_neither_asked_for_nor_named(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["pandas>=2", 'nobody-has-this>=1; extra == "dask"']
    monkeypatch.setattr("pipeline.publication.manifest.metadata.requires", lambda _: needed)
    assert software().keys() == {"acopio", "python", "pandas"}
