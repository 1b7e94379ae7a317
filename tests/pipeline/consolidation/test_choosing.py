"""What is reported of files that stand where another content was received before."""

from __future__ import annotations

from pathlib import Path

from pipeline.consolidation.choosing import edited_findings
from pipeline.merging.verdicts import Judged
from pipeline.receiving.register import History
from tests.given import mini_round


def test_file__whose_name_had_another_content__is_reported_unless_that_one_still_stands_under_another_name(
    tmp_path: Path,
) -> None:
    round_, history = mini_round(tmp_path), History(names={"a.xlsx": ("old", "new")})
    edited = Judged("new", "a.xlsx", "AAA")
    assert [found.file for found in edited_findings(round_, [edited], history, {"new"})] == ["a.xlsx"]
    assert list(edited_findings(round_, [edited], history, {"new", "old"})) == []
