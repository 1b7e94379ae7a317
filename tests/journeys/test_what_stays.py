"""A run after a change writes what is made of changed tables, and leaves the same files as a full run."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.journey import consolidate_round
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


@pytest.mark.parametrize(("fewer", "expected"), [(1, ["gate", "read"]), (0, ["read", "gate"])])
def test_consolidate__gate_gets_ready__at_once_but_behind_many_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fewer: int, expected: list[str]
) -> None:
    happened: dict[str, None] = {}

    def noted(name: str, function: Any) -> Any:
        return lambda *given, **named: (happened.setdefault(name), function(*given, **named))[1]

    monkeypatch.setattr(Gate, "start", noted("gate", Gate.start))
    monkeypatch.setattr("pipeline.consolidation.work.read_new", noted("read", read_new))
    monkeypatch.setattr("pipeline.made_anew.make_tables", no_tables)
    round_ = mini_round(tmp_path)
    returns = simulate(round_, seed=1)
    monkeypatch.setattr("pipeline.made_anew._KEEP_BUSY", len(returns) + fewer)
    with pytest.raises(TablesError):
        consolidate_round(round_, jobs=1)
    assert list(happened) == expected


@pytest.mark.wide
def test_consolidate__other_processes_write__the_same_files__and_none_where_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    consolidate_round(round_, jobs=1)
    alone = [hashes(round_.results(access)) for access in Access]
    monkeypatch.setattr("pipeline.made_anew._WORTH_A_CHILD", 1)
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
