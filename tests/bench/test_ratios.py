"""The benchmark runs to its end, whatever it measures: its figures are no matter of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.simulation.simulate import simulate
from tests.bench.ratios import Bench
from tests.given import mini_round


@pytest.mark.wide
def test_ratios__a_tiny_round__says_what_each_is_of(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    simulate(round_, seed=1)
    found = list(Bench(round_, few=1, many=2, repeats=1).ratios())
    assert [(ratio.what, ratio.floor) for ratio in found if ratio.value <= 0] == []
    assert len({(ratio.what, ratio.floor) for ratio in found}) == len(found) == 7
    assert {str(ratio)[0] for ratio in found} <= {" ", "!"}
