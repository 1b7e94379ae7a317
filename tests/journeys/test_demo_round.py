"""The demo round from end to end, by the commands that a user types: what is planted is found, and nothing else."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from frictionless import Package

from pipeline.cli.main import main
from pipeline.consolidation.work import READING_CACHE
from pipeline.publication.formats.metadata_files import DATA_PACKAGE
from pipeline.publication.made_before import NOTE
from pipeline.publication.manifest import DATED
from questionnaire.rounds.round import read_round
from tests.documentation import analyst_page
from tests.documentation.examples import Example, not_printed
from tests.given import DEMO, PATIENCE, SEED, copy_of, seed
from tests.journeys.recount import MEASURES, Recount, differences, hidden_in, published
from tests.pipeline.tables.attack import Attack

ROOT = Path(__file__).parents[2]


def acopio(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, run in a folder of its own as a user would."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    command = [sys.executable, "-c", "from pipeline.cli.main import main; main()", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo round was simulated with seed 1 and consolidated."""
    folder = tmp_path_factory.mktemp("demo")
    copy_of(DEMO, folder / "rounds" / "demo")
    for arguments in (("simulate", "rounds/demo", "--seed", "1"), ("consolidate", "rounds/demo")):
        done = acopio(folder, *arguments)
        assert done.returncode == 0, done.stderr
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table(root: Path, name: str) -> list[dict[str, str]]:
    return rows(root / "outputs" / "demo" / "restricted" / f"{name}.csv")


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file that is the same bytes whenever it is written."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in DATED and path.name != NOTE
    }


def test_findings__every_planted_fault__is_found_in_its_cell_and_nothing_else(root: Path) -> None:
    planted: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows(root / "rounds" / "demo" / "simulated.csv"):
        planted[row["file"]] |= {(row["finding"], row["severity"], row["sheet"], row["cell"])} - {("", "", "", "")}
    for row in table(root, "findings"):
        found[row["file"]].add((row["code"], row["severity"], row["sheet"], row["cell"]))
    assert {file: found[file] for file in planted} == dict(planted)
    assert found.keys() <= planted.keys()
    assert sum(map(len, planted.values())) > 30


def test_returns__every_file__has_the_verdict_of_its_story(root: Path) -> None:
    expected = {row["file"]: row["verdict"] for row in rows(root / "rounds" / "demo" / "simulated.csv")}
    assert {row["file"]: row["verdict"] for row in table(root, "returns")} == expected
    assert set(expected.values()) == {
        "accepted", "superseded", "to_correct", "unverified", "not_usable", "duplicate", "not_a_return",
    }  # fmt: skip


def test_regional__every_participant__has_all_53_indicators(root: Path) -> None:
    regional = pd.read_parquet(root / "outputs" / "demo" / "restricted" / "regional.parquet")
    codes = [indicator.code for indicator in seed().indicators]
    assert len(regional) == 32 * 53
    assert all(list(rows["indicator"]) == codes for _, rows in regional.groupby("respondent", observed=True))
    accepted = {row["respondent"] for row in table(root, "returns") if row["verdict"] == "accepted"}
    assert set(regional.loc[regional["response"] == "accepted", "respondent"]) == accepted
    assert regional.loc[regional["response"] != "accepted", "level"].isna().all()


def test_answers__every_published_value__names_file_sheet_and_cell(root: Path) -> None:
    answers = pd.read_parquet(root / "outputs" / "demo" / "restricted" / "answers.parquet")
    published = answers[(answers["outcome"] == "published") & (answers["status"] == "answered")]
    assert len(published) > 5000
    assert published["cell"].astype("str").str.fullmatch(r"[A-Z]+[0-9]+").all()
    assert (published[["file", "sheet", "submission", "parsed_by"]].astype("str") != "").all(axis=None)
    files = dict(zip(published["file"].astype("str"), published["submission"].astype("str"), strict=True))
    for name, sha256 in files.items():
        content = (root / "rounds" / "demo" / "returns" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256


def test_reconciliation__each_return__balances(root: Path) -> None:
    for row in table(root, "reconciliation"):
        parts = int(row["published"]) + int(row["rejected"]) + int(row["superseded"]) + int(row["waiting"])
        assert (int(row["read"]), row["balanced"]) == (parts, "True"), row["file"]


@pytest.mark.wide
def test_consolidate__run_again__gives_the_same_bytes_from_what_was_read_before(root: Path) -> None:
    outputs = root / "outputs" / "demo"
    before = hashes(outputs)
    assert len(list((outputs / READING_CACHE).iterdir())) == len(table(root, "reconciliation"))
    (outputs / NOTE).unlink()
    assert acopio(root, "consolidate", "rounds/demo").returncode == 0
    assert hashes(outputs) == before
    manifest = json.loads((outputs / "restricted" / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert manifest == {name: before.get(f"restricted/{name}") for name in manifest}
    assert {Path(name).suffix for name, value in manifest.items() if value is None} == set(DATED)
    assert {"answers.parquet", "answers.csv", "regional.parquet", "regional.csv", "regional_dataset.xlsx"} <= set(
        manifest
    )
    assert {"findings.csv", "findings.parquet", "returns.csv", "reconciliation.csv", "codebook.csv"} <= set(manifest)
    assert "data_docs/index.html" in manifest


def test_data_docs__every_page__needs_no_network(root: Path) -> None:
    pages = list((root / "outputs" / "demo" / "restricted" / "data_docs").rglob("*.html"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for attribute in ('src="http', 'href="http', 'src="//', 'href="//', "url(http", "@import"):
            assert attribute not in text, f"{page.name} has {attribute}"


def test_status__after_a_run__names_every_participant(root: Path) -> None:
    done = acopio(root, "status", "rounds/demo")
    assert done.returncode == 0
    frame = [row for row in rows(root / "rounds" / "demo" / "respondents.csv") if row["participates"] == "yes"]
    assert [row["respondent"] for row in frame if f"\n{row['respondent']} " not in f"\n{done.stdout}"] == []
    assert "Owed by respondents (14)" in done.stdout
    assert "Traceback" not in done.stderr


def test_explain__a_published_value__reports_file_sheet_cell_and_rule(root: Path) -> None:
    answers = pd.read_parquet(root / "outputs" / "demo" / "restricted" / "answers.parquet")
    published = answers[(answers["outcome"] == "published") & (answers["field"] == "status")]
    value = published[published["status"] == "answered"].iloc[0]
    done = acopio(root, "explain", "rounds/demo", value["respondent"], value["indicator"], "status")
    assert done.returncode == 0
    assert f"{value['file']} · {value['sheet']} · {value['cell']}" in done.stdout
    assert value["raw"] in done.stdout
    assert "choice:label" in done.stdout
    assert "unanswered" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "rounds/demo", "XXX", "P01"), "XXX is not in the frame"),
        (("explain", "rounds/demo", "BRA", "P99"), "P99 is not an indicator"),
        (("explain", "rounds/demo", "BRA", "P01", "nothing"), "nothing is not a question of P01"),
        (("status", "rounds/none"), "no round.toml"),
        (("check", "nowhere.xlsx"), "There is no file nowhere.xlsx"),
        (("table", "nowhere.txt"), "nowhere.txt"),
    ],
)
def test_commands__something_unknown__exit_2_and_say_what(
    root: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(root)
    done = CliRunner().invoke(main, list(arguments))
    assert (done.exit_code, type(done.exception)) == (2, SystemExit)
    assert said in done.stderr


def test_check__files_with_and_without_errors__exit_1_and_0(root: Path) -> None:
    stories = rows(root / "rounds" / "demo" / "simulated.csv")
    returns = Path("rounds") / "demo" / "returns"
    wrong = next(row for row in stories if row["verdict"] == "to_correct")
    right = next(row for row in stories if row["story"] == "all in order")
    done = acopio(root, "check", str(returns / wrong["file"]), "--format", "json", "--language", "en")
    assert done.returncode == 1
    assert wrong["cell"] in {entry["cell"] for entry in json.loads(done.stdout)}
    clean = acopio(root, "check", str(returns / right["file"]), "--language", "en")
    assert (clean.returncode, clean.stdout) == (0, f"{right['file']}: no findings.\n")


def test_simulate__returns_there_already__changes_nothing(root: Path) -> None:
    before = hashes(root / "rounds" / "demo" / "returns")
    done = acopio(root, "simulate", "rounds/demo", "--seed", "2")
    assert done.returncode == 1
    assert "nothing was simulated" in done.stderr
    assert hashes(root / "rounds" / "demo" / "returns") == before


def test_analyst_page__its_figures__are_those_of_the_round(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert analyst_page.python_faults() == ""


@pytest.mark.wide
@pytest.mark.parametrize("example", analyst_page.COMMANDS, ids=lambda example: example.command)
def test_analyst_page__its_commands__print_what_is_shown(root: Path, example: Example) -> None:
    done = acopio(root, *example.command.split()[1:])
    assert done.returncode == 0
    assert not_printed(example.shown, done.stdout) is None, done.stdout


@pytest.mark.wide
@pytest.mark.parametrize("access", ["restricted", "public"])
def test_data_package__of_the_demonstration__is_valid(root: Path, access: str) -> None:
    report = Package(str(root / "outputs" / "demo" / access / DATA_PACKAGE)).validate()
    assert report.flatten(["type", "message"]) == []


@pytest.mark.parametrize("access", ["restricted", "public"])
def test_measures__recounted_from_the_cells_of_the_returns__are_the_same(root: Path, access: str) -> None:
    outputs = root / "outputs" / "demo"
    again = Recount(root / "rounds" / "demo", SEED, outputs / "restricted" / "returns.csv", hidden_in(outputs / access))
    measures = {path.stem.removeprefix("measure_") for path in (outputs / access).glob("measure_*.parquet")}
    assert measures == {*MEASURES, "list_change"}
    assert pd.read_parquet(outputs / access / "measure_list_change.parquet").empty  # there is no previous round
    for measure in MEASURES:
        found = published(outputs / access, measure)
        assert differences(found, getattr(again, measure)()) == [], measure
        assert found or measure == "level_transitions"


@pytest.mark.wide
def test_changes__recounted_from_the_cells_of_two_rounds__are_the_same(root: Path, tmp_path: Path) -> None:
    """The previous answers of each respondent are those that the accepted one before it gave today."""
    outputs, again = root / "outputs" / "demo", tmp_path / "rounds" / "demo"
    shutil.copytree(root / "rounds" / "demo", again)
    returns = outputs / "restricted" / "returns.csv"
    today = Recount(again, SEED, returns)
    codes = list(today.books)
    before = dict(zip(codes, (*codes[1:], codes[0]), strict=True))
    answers = pd.read_parquet(outputs / "restricted" / "answers.parquet").query("outcome == 'published'")
    answers["respondent"] = answers["respondent"].map(dict(zip(before.values(), before, strict=True)))
    answers.to_parquet(tmp_path / "previous.parquet")
    with (again / "round.toml").open("a", encoding="utf-8") as file:
        file.write('\n[previous]\nanswers = "../../previous.parquet"\nedition = "2026.2"\nperiod = "2022–2023"\n')
    assert acopio(tmp_path, "consolidate", "rounds/demo").returncode == 0
    results = tmp_path / "outputs" / "demo" / "restricted"
    previous = {code: today.levels[other] for code, other in before.items()}
    both = Recount(again, SEED, results / "returns.csv", previous=previous)
    for measure in MEASURES:
        found = published(results, measure)
        assert differences(found, getattr(both, measure)()) == [], measure
        assert found


@pytest.mark.wide
def test_public__attacked__gives_no_small_count_of_persons_away(root: Path) -> None:
    outputs = root / "outputs" / "demo"
    attack = Attack(read_round(DEMO).instrument, outputs / "public", {})
    true = attack.true(outputs / "restricted")
    assert len(true) == len(attack.hidden) > 100
    assert attack.given_away(true) == []
