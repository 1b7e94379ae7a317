"""A run after a change writes what is made of changed tables, and leaves the same files as a full run."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.journey import consolidate_round
from pipeline.processes import Processes
from pipeline.publication.formats.csv_files import write_csv
from pipeline.publication.gate.gate import Gate
from pipeline.publication.made_before import NOTE
from pipeline.simulation.simulate import simulate
from pipeline.validation.batch import read_new
from questionnaire.rounds.access import Access
from questionnaire.rounds.standings import Verdict
from tests.given import mini_round
from tests.journeys.test_demo_round import hashes
from tests.pipeline.consolidation.test_flow import lost
from tests.pipeline.tasks import disk_full

DECLARED = {"codes", "questions", "indicators", "codebook"}


@pytest.mark.wide
def test_consolidate__one_return_less__writes_what_changed_and_gives_the_same_as_a_full_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    consolidate_round(round_)
    written: list[str] = []

    def watched(parquet: Path, *rest: Any) -> None:
        written.append(parquet.stem)
        write_csv(parquet, *rest)

    monkeypatch.setattr("pipeline.publication.writing.write_csv", watched)
    min(round_.returns.iterdir()).unlink()
    assert consolidate_round(round_, jobs=1).is_new
    assert {"answers", "regional"} <= set(written)
    assert not DECLARED & set(written)
    in_part = [hashes(round_.results(access)) for access in Access]
    (round_.outputs / NOTE).unlink()
    consolidate_round(round_, jobs=1)
    assert [hashes(round_.results(access)) for access in Access] == in_part
    assert set(written) >= DECLARED


class TablesError(Exception):
    """Tables were to be made."""


def no_tables(*_: object, **__: object) -> None:
    raise TablesError


@pytest.mark.parametrize(
    ("many", "known", "expected"),
    [
        ("more than came", False, ["gate", "read"]),
        ("as many as came", False, ["children", "read", "gate"]),
        ("as many as came", True, ["read", "gate", "children"]),
    ],
)
def test_consolidate__children_get_ready__at_once_but_not_before_few_of_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: str, known: bool, expected: list[str]
) -> None:
    happened: dict[str, None] = {}

    def noted(name: str, function: Any) -> Any:
        return lambda *given, **named: (happened.setdefault(name), function(*given, **named))[1]

    def consolidate() -> None:
        with pytest.raises(TablesError):
            consolidate_round(round_, jobs=1)

    monkeypatch.setattr("pipeline.made_anew.make_tables", no_tables)
    monkeypatch.setattr("pipeline.consolidation.groups._RESPONDENTS", 1)
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    returns = sorted(round_.returns.glob("*.xlsx"))
    if known:
        late = returns[-1].rename(tmp_path / "late.xlsx")
        consolidate()
        late.rename(returns[-1])
    monkeypatch.setattr(Gate, "start", noted("gate", Gate.start))
    monkeypatch.setattr(Processes, "start", noted("children", Processes.start))
    monkeypatch.setattr("pipeline.consolidation.work.read_new", noted("read", read_new))
    monkeypatch.setattr("pipeline.made_anew._MANY", len(returns) + (many == "more than came"))
    consolidate()
    assert list(happened) == expected


@pytest.mark.wide
def test_consolidate__other_processes_write__the_same_files__and_none_where_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    consolidate_round(round_, jobs=1)
    alone = [hashes(round_.results(access)) for access in Access]
    monkeypatch.setattr("pipeline.made_anew._MANY", 1)
    (round_.outputs / NOTE).unlink()
    consolidate_round(round_, jobs=2)
    assert [hashes(round_.results(access)) for access in Access] == alone
    (round_.outputs / NOTE).unlink()
    monkeypatch.setattr("pipeline.publication.writing.write_workbook", disk_full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        consolidate_round(round_, jobs=2)
    assert [hashes(round_.results(access)) for access in Access] == alone
    assert list(round_.outputs.glob(".staging*")) == []


@pytest.mark.wide
def test_consolidate__of_a_file_nothing_is_kept__reads_it_again_and_makes_anew_only_what_it_then_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    with zipfile.ZipFile(round_.returns / "broken.xlsx", "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "and no more")
    first = consolidate_round(round_, jobs=1)
    assert first.figures.verdicts[Verdict.NOT_USABLE] == 1
    again = consolidate_round(round_, jobs=1)
    assert (again.is_new, again.figures) == (False, first.figures)
    monkeypatch.setattr("pipeline.consolidation.work.read_new", lost("reading_died"))
    assert consolidate_round(round_, jobs=1).is_new
