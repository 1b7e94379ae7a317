"""A respondent's files that nothing puts in order: where they say the same, nobody need choose."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.desk import questionnaires
from tests.given import mini_round
from tests.journeys.test_held_returns import ROUND, acopio, known, send


def verdicts() -> dict[str, str]:
    done = acopio("consolidate", ROUND)
    assert done.exit_code == 0, done.stderr
    returns = pd.read_parquet("outputs/mini/restricted/returns.parquet")
    return dict(zip(returns["file"], returns["verdict"], strict=True))


@pytest.mark.wide
def test_later_file__that_says_it_is_older__and_answers_the_same__waits_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch)
    monkeypatch.chdir(tmp_path)
    round_ = mini_round(Path())
    questionnaires.write_questionnaires(round_)
    send(round_, "AAA", "AAA.xlsx", days=20)
    assert verdicts() == {"AAA.xlsx": "accepted"}
    # The register is of this very second; what comes in the next run must come later.
    monkeypatch.setattr("pipeline.receiving.register.time_text", lambda at: f"{at.year + 1}-01-01T00:00:00Z")
    send(round_, "AAA", "AAA corrected.xlsx", days=10)
    # Both answer the same: nothing contradicts, and nobody need choose.
    assert set(verdicts().values()) == {"accepted", "superseded"}
    assert pd.read_parquet("outputs/mini/restricted/conflicts.parquet").empty
