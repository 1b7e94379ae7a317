"""The benchmark of whole rounds runs to its end, and both ways of reading give the same answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.rounds import measured
from tests.bench.stamped import accepted
from tests.given import MINI, mini_round


@pytest.mark.wide
def test_rounds__a_tiny_one__is_read_alike_by_hand_and_by_acopio(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    stamped = tmp_path / "stamped"
    stamped.mkdir()
    (stamped / "instruments").symlink_to(MINI.parent)
    lines = list(measured(accepted(round_), round_, stamped, 2))
    [said] = [line for line in lines if line.startswith("One new return")]
    assert "are the same and 0 differ." in said
    assert int(said.split("By hand and by Acopio, ")[1].split()[0]) > 0
    assert [line for line in lines if "parent 0 MB" in line or "together 0 MB" in line] == []
