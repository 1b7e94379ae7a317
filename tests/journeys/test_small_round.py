"""A small round: what a run leaves when there is nothing to read, when it is killed, and when the gate says no."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from pipeline.journey import NoReturnsError, NotPublishedError, consolidate_round
from pipeline.publication.manifest import MANIFEST
from pipeline.publication.publish import PUBLISHING, Staging
from pipeline.simulation.simulate import simulate
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
    return {name: value for name, value in hashes(round_.outputs).items() if not name.startswith("questionnaires/")}


def test_consolidate__no_returns__leaves_the_last_good_results(done: Round, tmp_path: Path) -> None:
    before = results(done)
    moved = tmp_path / "returns"
    done.returns.rename(moved)
    try:
        with pytest.raises(NoReturnsError):
            consolidate_round(done)
    finally:
        moved.rename(done.returns)
    assert results(done) == before


def test_consolidate__the_gate_says_no__leaves_the_last_good_results(
    done: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results(done)
    shape = expectations._shape

    def wrong(round_: Round):  # type: ignore[no-untyped-def]
        one_more = dataclasses.replace(round_, respondents=(*round_.respondents, round_.respondents[0]))
        return shape(one_more)

    monkeypatch.setattr(expectations, "_shape", wrong)
    with pytest.raises(NotPublishedError) as caught:
        consolidate_round(done)
    assert caught.value.failed
    assert results(done) == before


def test_measures__of_a_simulated_round__are_those_that_its_workbooks_give(done: Round) -> None:
    """An independent count: the levels are taken from the named cells of the workbooks, and nothing else is used."""
    accepted = [row for row in rows(done.results(Access.RESTRICTED) / "returns.csv") if row["verdict"] == "accepted"]
    levels: dict[tuple[str, str], str] = {}
    for row in accepted:
        book = openpyxl.load_workbook(done.returns / row["file"], data_only=True)
        for name, place in book.defined_names.items():
            if name.startswith("ans_") and name.endswith("_status"):
                ((sheet, cell),) = place.destinations
                levels[row["respondent"], name.removeprefix("ans_").removesuffix("_status")] = str(
                    book[sheet][cell].value
                )
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
        pytest.param("pipeline.consolidation.batch", "_answers", 1, id="reading"),
        pytest.param("pipeline.journey", "write_csv", 3, id="writing aside"),
        pytest.param("pipeline.publication.publish", "_replace", 4, id="moving into place"),
        pytest.param("pipeline.journey", "receive", 1, id="receiving", marks=pytest.mark.wide),
        pytest.param("pipeline.publication.publish", "_replace", 1, id="before the first", marks=pytest.mark.wide),
        pytest.param("pipeline.publication.publish", "_replace", 10, id="near the last", marks=pytest.mark.wide),
    ],
)
def test_consolidate__killed_at_some_moment__the_next_run_is_right(
    done: Round, module: str, function: str, count: int
) -> None:
    before = results(done)
    command = [sys.executable, "-c", _KILLED, str(done.folder), str(MINI.parent), module, function, str(count)]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False, timeout=PATIENCE)
    assert run.returncode == -signal.SIGKILL
    # Killed while publishing: files of two runs stand there, and status says so.
    assert (done.outputs / PUBLISHING).exists() is (function == "_replace")
    consolidate_round(read_round(done.folder, MINI.parent))
    assert results(done) == before
    assert not list(done.outputs.glob(".staging-*"))


def test_staging__not_committed__replaces_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "restricted"
    folder.mkdir()
    (folder / "a.csv").write_text("old", encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
    assert (folder / "a.csv").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.rglob("*")) == [folder, folder / "a.csv"]
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.commit()
    assert (folder / "a.csv").read_text(encoding="utf-8") == "new"
    assert (folder / MANIFEST).exists()


def test_simulate__the_same_seed_and_key__gives_the_same_files(tmp_path: Path) -> None:
    first, second = (mini_round(tmp_path / name) for name in ("a", "b"))
    shutil.copy(first.folder / KEY, second.folder / KEY)
    simulate(first, seed=5)
    simulate(second, seed=5)
    assert hashes(first.returns) == hashes(second.returns)
    assert hashes(first.outputs) == hashes(second.outputs)
