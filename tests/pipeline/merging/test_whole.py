"""Rules asked of the whole: not where one of their answers is still in conflict."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.findings import Finding
from pipeline.merging.whole import broken_rules
from questionnaire.layout import Layout
from questionnaire.rules.rule import Severity
from tests.given import mini_round


def test_rule__that_looks_at_an_answer_in_conflict__is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    parts, status = (
        Finding(code, Severity.ERROR, {}, {}, respondent="AAA", indicator="W01a", field="total")
        for code in ("parts", "required")
    )
    monkeypatch.setattr("pipeline.merging.whole.validate", lambda *_: [parts, status])
    whole, layout = pd.DataFrame({"respondent": ["AAA"], "indicator": ["W01a"]}), Layout.of(round_)
    assert broken_rules(round_, layout, whole, {}) == [parts, status]
    assert broken_rules(round_, layout, whole, {"AAA": {("W01a", "urban")}}) == [status]
    assert broken_rules(round_, layout, whole, {"BBB": {("W01a", "urban")}}) == [parts, status]
