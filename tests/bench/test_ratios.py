"""The benchmark runs to its end, whatever it measures: its figures are no matter of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.simulation.simulate import simulate
from tests.bench.ratios import Bench
from tests.given import MINI, mini_round


@pytest.mark.wide
def test_ratios__a_tiny_round__says_what_each_is_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    bench = Bench(round_, MINI.parent, few=1, many=2, repeats=1)
    # One run takes seconds: it stands for all of them.
    seconds, memory = measured = bench._consolidated(round_.folder)
    monkeypatch.setattr(Bench, "_consolidated", lambda *_: measured)
    found = list(bench.ratios())
    assert (seconds > 0, memory > 0) == (True, True)
    assert [(ratio.what, ratio.floor) for ratio in found if ratio.value <= 0] == []
    assert len({(ratio.what, ratio.floor) for ratio in found}) == len(found) == 7
    assert {str(ratio)[0] for ratio in found} <= {" ", "!"}
    returns = {folder.name: len(list(folder.glob("rounds/*/returns/*"))) for folder in round_.outputs.glob("bench-*")}
    assert returns == {"bench-1": 1, "bench-2": 2}
