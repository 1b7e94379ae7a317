"""A respondent's files that nothing puts in order: they wait, the published one stays, and a choice settles it."""

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
def test_later_file__that_says_it_is_older__waits_until_one_is_chosen(
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
    assert verdicts() == {"AAA.xlsx": "accepted", "AAA corrected.xlsx": "to_choose"}
    shown = acopio("status", ROUND).stdout
    said = " ".join(shown.split())
    assert "For us to settle (1)" in said
    assert "(order_contradicted; saved 2026-03-11T00:00, mailed –). If it is AAA corrected.xlsx:" in said
    assert "Counts meanwhile (saved 2026-03-21T00:00, mailed –). If it is AAA.xlsx:" in said
    assert acopio("choose", ROUND, "AAA corrected.xlsx", "--why", "the focal point says so").exit_code == 0
    assert verdicts() == {"AAA.xlsx": "superseded", "AAA corrected.xlsx": "accepted"}
    assert acopio("choose", ROUND, "AAA corrected.xlsx", "--undo", "--why", "a mistake").exit_code == 0
    assert verdicts() == {"AAA.xlsx": "accepted", "AAA corrected.xlsx": "to_choose"}
