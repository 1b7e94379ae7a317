"""A small round: what a run leaves when there is nothing to read, when it is killed, and when the gate says no."""

import dataclasses
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import openpyxl
import pytest
from _pytest.outcomes import Failed
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.consolidation.work import READING_CACHE
from pipeline.desk.summary import summary
from pipeline.desk.verify import verify
from pipeline.journey import NoReturnsError, consolidate_round
from pipeline.publication.made_before import NOTE
from pipeline.publication.manifest import MANIFEST, software
from pipeline.publication.outcome import NotPublishedError
from pipeline.publication.publish import PUBLISHING
from pipeline.publication.results import NotConsolidatedError
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from pipeline.receiving.store import Store
from pipeline.simulation.simulate import simulate
from pipeline.tables import dataset
from questionnaire.messages import say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round, read_round
from questionnaire.rounds.round_key import KEY
from schemas import expectations
from tests.given import MINI, PATIENCE, mini_round
from tests.journeys.test_demo_round import ROOT, hashes, rows


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """A round that was simulated and consolidated once."""
    round_ = mini_round(tmp_path_factory.mktemp("mini"))
    simulate(round_, seed=1)
    consolidate_round(round_)
    return round_


def results(round_: Round) -> dict[str, str]:
    return {
        name: one
        for name, one in hashes(round_.outputs).items()
        if not name.startswith(("questionnaires/", "refused/"))
    }


def test_consolidate__no_returns__leaves_the_last_good_results(done: Round, tmp_path: Path) -> None:
    before = results(done)
    moved = done.returns.rename(tmp_path / "returns")
    try:
        with pytest.raises(NoReturnsError):
            consolidate_round(done)
    finally:
        moved.rename(done.returns)
    assert results(done) == before


def test_consolidate__nothing_new__leaves_every_file_and_says_the_same(
    done: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = consolidate_round(done)
    written = {path: path.stat().st_mtime_ns for access in Access for path in done.results(access).rglob("*")}
    monkeypatch.setattr("pipeline.publication.gate.gate.subprocess.Popen", lambda *_, **__: pytest.fail("a gate"))
    again = consolidate_round(done)
    assert {path: path.stat().st_mtime_ns for path in written} == written
    assert not again.is_new
    lines = [line for line in summary(done, again, "x") if line != say("summary", "nothing_new", "en")]
    assert lines == [line for line in summary(done, first, "x") if line != say("summary", "nothing_new", "en")]
    assert again.figures == first.figures
    with pytest.raises(Failed, match="a gate"):
        consolidate_round(done, labels="fr")


def test_consolidate__the_gate_says_no__leaves_the_last_good_results(
    done: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results(done)
    coverage = expectations._coverage

    def wrong(round_: Round):  # type: ignore[no-untyped-def]
        one_more = dataclasses.replace(round_, respondents=(*round_.respondents, round_.respondents[0]))
        return coverage(one_more)

    monkeypatch.setattr(expectations, "_coverage", wrong)
    (done.outputs / NOTE).unlink()
    with pytest.raises(NotPublishedError) as caught:
        consolidate_round(done)
    assert caught.value.failed
    assert results(done) == before
    refused = caught.value.pages / "index.html"
    assert refused == done.outputs / "refused" / "index.html"
    assert caught.value.failed[0].partition(" (")[0] in refused.read_text(encoding="utf-8")


def test_consolidate__what_cannot_be_written__says_first_what_the_gate_has_against_it(
    done: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results(done)
    queries = dataset.regional_queries
    beyond = "SELECT * REPLACE (level + 9 AS level) FROM ({})"
    monkeypatch.setattr("pipeline.tables.make.regional_queries", lambda *given: map(beyond.format, queries(*given)))
    (done.outputs / NOTE).unlink(missing_ok=True)
    with pytest.raises(NotPublishedError) as caught:
        consolidate_round(done)
    assert isinstance(caught.value.__context__, KeyError)
    assert results(done) == before


def test_measures__of_a_simulated_round__are_those_that_its_workbooks_give(done: Round) -> None:
    """An independent count: the levels are taken from the named cells of the workbooks, and nothing else is used."""
    returns = sorted(rows(done.results(Access.RESTRICTED) / "returns.csv"), key=lambda row: row["saved"])
    accepted = [row for row in returns if row["verdict"] == "accepted"]
    levels: dict[tuple[str, str], str] = {}
    for row in accepted:
        book = openpyxl.load_workbook(done.returns / row["file"], data_only=True)
        for name, place in book.defined_names.items():
            if name.startswith("ans_") and name.endswith("_status"):
                ((sheet, cell),) = place.destinations
                # What a later file leaves blank, an earlier one goes on answering.
                if (level := book[sheet][cell].value) is not None:
                    levels[row["respondent"], name.removeprefix("ans_").removesuffix("_status")] = str(level)
    assert accepted
    for measured in rows(done.results(Access.RESTRICTED) / "measure_share_met.csv"):
        if measured["scope"] != "indicator":
            continue
        given = [level for (_, indicator), level in levels.items() if indicator == measured["indicator"]]
        known = [int(level[0]) for level in given if level[0].isdigit()]
        idle = sum(level in ("Not applicable", "Sans objet") for level in given)
        met = sum(level >= int(measured["met_from_level"]) for level in known)
        missing = len(done.participants) - idle - len(known)
        counts = [int(measured[name]) for name in ("known", "not_applicable", "met", "met_at_most")]
        assert counts == [len(known), idle, met, met + missing], measured
        assert float(measured["share_at_most"]) == (met + missing) / (len(done.participants) - idle)


# Runs the command until a function is called for the nth time, and dies there as by kill -9.
_KILLED = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
from pipeline.journey import consolidate_round
from questionnaire.rounds.round import read_round

folder, instruments, module, name, count = sys.argv[1:]
*owner, name = name.split(".")
place = getattr(import_module(module), *owner) if owner else import_module(module)
function, calls = getattr(place, name), []

def deadly(*arguments):
    calls.append(arguments)
    if len(calls) == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*arguments)

setattr(place, name, deadly)
consolidate_round(read_round(Path(folder), Path(instruments)))
"""


@pytest.mark.parametrize(
    ("module", "function", "count"),
    [
        pytest.param("pipeline.consolidation.work", "KeptGroups.find", 1, id="judging", marks=pytest.mark.wide),
        pytest.param("pipeline.publication.writing", "write_csv", 3, id="writing aside", marks=pytest.mark.wide),
        pytest.param("pipeline.publication.publish", "_replace", 4, id="moving into place", marks=pytest.mark.wide),
        pytest.param("pipeline.journey", "receive", 1, id="receiving", marks=pytest.mark.wide),
        pytest.param("pipeline.publication.publish", "_replace", 1, id="before the first", marks=pytest.mark.wide),
        pytest.param("pipeline.publication.publish", "_replace", 10, id="near the last", marks=pytest.mark.wide),
    ],
)
def test_consolidate__killed_at_some_moment__the_next_run_is_right(
    done: Round, module: str, function: str, count: int
) -> None:
    before = results(done)
    (done.outputs / NOTE).unlink(missing_ok=True)
    command = [sys.executable, "-c", _KILLED, str(done.folder), str(MINI.parent), module, function, str(count)]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False, timeout=PATIENCE)
    assert run.returncode == -signal.SIGKILL
    # Killed while publishing: files of two runs stand there, and status says so.
    assert (done.outputs / PUBLISHING).exists() is (function == "_replace")
    consolidate_round(read_round(done.folder, MINI.parent))
    assert results(done) == before
    assert not list(done.outputs.glob(".staging-*"))


@pytest.mark.wide
def test_consolidate__stopped_by_ctrl_c__ends_with_a_sentence_and_goes_on_next_time(done: Round) -> None:
    before = results(done)
    readings = done.outputs / READING_CACHE
    shutil.rmtree(readings)
    (done.outputs / NOTE).unlink()
    code = f"import questionnaire.rounds.round as r; r.read_round.__defaults__ = (__import__('pathlib').Path({str(MINI.parent)!r}),)"
    code += "; from pipeline.cli.main import main; main()"
    command = [sys.executable, "-c", code, "consolidate", str(done.folder), "--jobs", "1"]
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        while not (readings.is_dir() and list(readings.glob("[!.]*"))):
            assert run.poll() is None
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        said = run.communicate(timeout=PATIENCE)[1]
    assert (run.returncode, said.splitlines()) == (130, [say("summary", "interrupted", done.working_language)])
    assert not list(done.outputs.glob(".staging-*"))
    # What it was just writing may stand beside, under a name that begins with a dot, until the next run.
    kept = {path: path.stat().st_mtime_ns for path in readings.glob("[!.]*")}
    consolidate_round(read_round(done.folder, MINI.parent))
    assert results(done) == before
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_simulate__the_same_seed_and_key__gives_the_same_files(tmp_path: Path) -> None:
    first, second = (mini_round(tmp_path / name) for name in ("a", "b"))
    shutil.copy(first.folder / KEY, second.folder / KEY)
    simulate(first, seed=5)
    simulate(second, seed=5)
    assert hashes(first.returns) == hashes(second.returns)
    assert hashes(first.outputs) == hashes(second.outputs)


def said(round_: Round) -> tuple[bool, tuple[str, ...]]:
    verified = verify(round_)
    return verified.well, verified.lines


@contextmanager
def changed(path: Path, content: bytes | None) -> Iterator[None]:
    """A file with another content, or none, for a while."""
    before, mode = path.read_bytes(), path.stat().st_mode
    try:
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        yield
    finally:
        path.write_bytes(before)
        path.chmod(mode)


@pytest.fixture
def made_again(done: Round, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Making all again takes seconds: here it gives what was made at first."""
    results = {
        access: shutil.copytree(done.results(access), done.outputs.parent / f"again-{access}") for access in Access
    }

    def copied(again: Round, *_: object) -> None:
        for access, folder in results.items():
            shutil.copytree(folder, again.results(access))

    monkeypatch.setattr("pipeline.desk.verify.consolidate_round", copied)
    yield
    for folder in results.values():
        shutil.rmtree(folder)


def test_verify__nothing_changed__makes_the_same_again(done: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.INSTRUMENTS", MINI.parent)
    before = hashes(done.folder)
    run = CliRunner().invoke(main, ["verify", str(done.folder)])
    assert run.exit_code == 0, run.output
    count = sum(len(json.loads((done.results(access) / MANIFEST).read_text())["outputs"]) for access in Access)
    files = len(list(done.returns.iterdir()))
    assert run.output == (
        f"All is well: {count} files are what the manifest says;"
        f" made again from what was received ({files} files), they are the same.\n"
    )
    assert hashes(done.folder) == before


@pytest.mark.usefixtures("made_again")
def test_verify__a_byte_of_an_output_changed__names_the_file(done: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.INSTRUMENTS", MINI.parent)
    path = done.results(Access.PUBLIC) / "regional.csv"
    with changed(path, path.read_bytes().replace(b"AAA", b"AAB", 1)):
        well, lines = said(done)
        run = CliRunner().invoke(main, ["verify", str(done.folder)])
    assert not well
    assert lines[0] == "public/regional.csv: this is not the file that the run wrote; it was changed since."
    assert lines[1].startswith("1 point does not agree. Run “make consolidate ROUND=")
    assert (run.exit_code, run.output.splitlines()[0]) == (1, lines[0])


@pytest.mark.usefixtures("made_again")
def test_verify__an_output_gone__names_the_file(done: Round) -> None:
    with changed(done.results(Access.RESTRICTED) / "regional_dataset.xlsx", None):
        assert said(done)[1][0] == "restricted/regional_dataset.xlsx: the file is no longer there."


@pytest.mark.usefixtures("made_again")
def test_verify__a_file_changed_and_its_hash_as_well__is_not_the_same_when_made_again(done: Round) -> None:
    folder = done.results(Access.RESTRICTED)
    path, manifest = folder / "findings.csv", json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    content = path.read_bytes() + b"x"
    manifest["outputs"]["findings.csv"] = hashlib.sha256(content).hexdigest()
    with changed(path, content), changed(folder / MANIFEST, json.dumps(manifest).encode()):
        well, (line, _) = said(done)
    assert not well
    assert line == "restricted/findings.csv: made again from the returns that are kept, this file is not the same."


@pytest.mark.usefixtures("made_again")
def test_verify__a_value_in_the_database_changed__is_not_the_same_when_made_again(done: Round) -> None:
    path = done.results(Access.RESTRICTED) / "dataset.duckdb"
    with changed(path, path.read_bytes()):
        assert said(done)[0]
        with duckdb.connect(str(path)) as database:
            database.execute("UPDATE regional SET level = 4 WHERE respondent = 'AAA'")
        assert "restricted/dataset.duckdb: made again" in said(done)[1][0]


def test_verify__a_return_gone_from_the_store__is_named_and_nothing_made_again(done: Round) -> None:
    path = next(path for path in sorted(done.returns.iterdir()) if path.name.startswith("AAA"))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = Store(done.store).path(sha256)
    for content, sentence in (
        (None, "this return is no longer in mini/store. Take it back from a backup."),
        (b"x", "what mini/store keeps is no longer what was received. Take it back from a backup."),
    ):
        with changed(kept, content):
            well, lines = said(done)
        assert not well
        assert lines[:2] == (
            f"{path.name} (SHA-256 {sha256[:12]}…): {sentence}",
            "The results were not made again: for that, what they were made of is needed.",
        )


def test_verify__what_was_declared_changed__is_named(done: Round) -> None:
    path = done.folder / "respondents.csv"
    with changed(path, path.read_bytes() + b"\n"):
        assert said(read_round(done.folder, MINI.parent))[1][0] == (
            "respondents.csv: this file was changed, added or removed since the run."
        )
    other = dataclasses.replace(done, instrument=dataclasses.replace(done.instrument, fingerprint="x"))
    assert said(other)[1][0] == "The instrument mini was changed since the run."


@pytest.mark.usefixtures("made_again")
def test_verify__a_decision_taken_since__is_noted_and_one_lost_is_a_fault(done: Round, tmp_path: Path) -> None:
    copy = dataclasses.replace(done, folder=tmp_path / "rounds" / "mini")
    shutil.copytree(done.folder, copy.folder)
    shutil.copytree(done.outputs, copy.outputs)
    sha256 = hashlib.sha256(next(iter(sorted(done.returns.iterdir()))).read_bytes()).hexdigest()
    at, why = "2026-05-01T10:00:00Z", "confirmed by telephone"
    register.decide(copy, Decision(Kind.ACCEPT, "AAA", "ann", at, why, sha256))
    well, lines = said(copy)
    assert well
    assert lines[0].startswith("Since the run, 1 decision has been recorded; run “make consolidate")
    path = copy.results(Access.RESTRICTED) / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["inputs"]["decisions"] = "0" * 64
    with changed(path, json.dumps(manifest).encode()):
        well, lines = said(copy)
    assert not well
    assert lines[0].startswith("register.sqlite: the decisions from before the run no longer stand there")


@pytest.mark.usefixtures("made_again")
def test_verify__other_software__is_noted_and_no_fault_of_its_own(done: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.desk.verify.software", lambda: software() | {"duckdb": "0.1"})
    well, lines = said(done)
    assert well
    assert lines[0] == f"Note: the run was made with duckdb {software()['duckdb']}, the verification with 0.1."


def test_verify__no_results_or_of_an_earlier_version__says_what_to_do(done: Round, tmp_path: Path) -> None:
    nothing = dataclasses.replace(done, folder=tmp_path / "rounds" / "mini")
    with pytest.raises(NotConsolidatedError):
        verify(nothing)
    (done.outputs / PUBLISHING).touch()
    try:
        assert said(done)[1][0].startswith("A run was stopped while it put its results in place")
    finally:
        (done.outputs / PUBLISHING).unlink()
    with changed(done.results(Access.PUBLIC) / MANIFEST, b'{"regional.csv": "0"}'):
        assert said(done)[1][0].startswith("public/manifest.json: this manifest is missing, cannot be read, or")
