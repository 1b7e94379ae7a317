"""What changed between two submissions: answers added, removed, changed, with cells; lines of lists by what they say."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.naming import UnknownError
from pipeline.follow_up.difference_formats import as_json, as_text, as_workbook
from pipeline.follow_up.differences import NothingToCompareError, change_lines, compare
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from tests.given import MINI, mini_round
from tests.pipeline.follow_up.published import publish, sha

NOW = dt.datetime(2026, 4, 22, 10, 0, tzinfo=dt.UTC)
OLD, NEW = "old.xlsx", "mail.eml/new.xlsx"
Key = tuple[str, int, str]
HOSTILE = "=HYPERLINK(1)\x1b[31m"


def answers(file: str, given: dict[Key, Any], **more: Any) -> list[dict[str, Any]]:
    """The rows of a file: each answer a number or a text; None for blank, ... for not available."""
    rows = []
    for place, ((block, line, field), value) in enumerate(given.items(), 2):
        status = "blank" if value is None else "not_available" if value is ... else "answered"
        number = float(value) if isinstance(value, int | float) else None
        rows.append(
            {
                "submission": sha(file), "file": file, "block": block, "line": line, "field": field,
                "indicator": block if block != "projects" else "", "status": status, "code": None, "number": number,
                "date": dt.date(2026, 1, 1) if value == "date" else None,
                "text": value if isinstance(value, str) and value != "date" else None,
                "raw": str(value) if status == "answered" else "", "sheet": "Water", "cell": f"D{place}",
                "change": "", "previous": "",
            } | more
        )  # fmt: skip
    return rows


def published(tmp_path: Path, old: dict[Key, Any], new: dict[Key, Any]) -> Round:
    round_ = mini_round(tmp_path)
    returns = [
        {"file": OLD, "respondent": "AAA", "verdict": "superseded", "saved": "2026-03-01T00:00:00Z", "answers": 3},
        {"file": NEW, "respondent": "AAA", "verdict": "accepted", "mail_date": "2026-04-01T00:00:00Z", "answers": 3},
        {"file": "unread.xlsx", "respondent": "AAA", "verdict": "not_usable", "saved": "2026-04-09T00:00:00Z", "answers": 0},
        {"file": "b.xlsx", "respondent": "BBB", "verdict": "accepted", "saved": "2026-03-01T00:00:00Z", "answers": 1},
    ]  # fmt: skip
    rows = [*answers(OLD, old), *answers(NEW, new), *answers("b.xlsx", {("F01", 1, "total"): 7})]
    publish(round_, returns, NOW, answers=rows)
    return round_


OF_INDICATORS = (
    {("W01a", 1, "total"): 12, ("W01a", 1, "note"): "as is", ("F01", 1, "total"): 7, ("F01", 1, "note"): None,
     ("W02", 1, "status"): ..., ("W02", 1, "opened"): "date"},
    {("W01a", 1, "total"): 12.5, ("W01a", 1, "note"): "as is", ("F01", 1, "total"): None, ("F01", 1, "note"): HOSTILE,
     ("W02", 1, "status"): 3, ("W02", 1, "opened"): "date"},
)  # fmt: skip


def test_compare__two_files__gives_each_answer_that_differs_with_both_cells(tmp_path: Path) -> None:
    compared = compare(published(tmp_path, *OF_INDICATORS), "Alphaland")
    assert (compared.earlier, compared.later) == (OLD, NEW)
    assert [
        (str(one.sort), one.block, one.field, one.before, one.after, one.cell_before, one.cell_after)
        for one in compared.differences
    ] == [
        ("changed", "W01a", "total", "12", "12.5", "Water!D2", "Water!D2"),
        ("removed", "F01", "total", "7", "", "Water!D4", "Water!D4"),
        ("added", "F01", "note", "", HOSTILE, "Water!D5", "Water!D5"),
        ("changed", "W02", "status", "not available", "3", "Water!D6", "Water!D6"),
    ]
    assert compared.counts == {"added": 1, "removed": 1, "changed": 2}


def test_compare__lines_of_a_list__one_put_in_between_changes_no_other(tmp_path: Path) -> None:
    def lines(*names: str) -> dict[Key, Any]:
        return {("projects", number, "name"): name for number, name in enumerate(names, 1)}

    compared = compare(published(tmp_path, lines("dam", "well"), lines("dam", "pump", "well")), "AAA")
    assert [(str(one.sort), one.line, one.before, one.after) for one in compared.differences] == [
        ("added", 2, "", "pump")
    ]
    other = compare(published(tmp_path / "2", lines("dam", "well"), lines("dyke", "well")), "AAA")
    assert [(str(one.sort), one.before, one.after) for one in other.differences] == [("changed", "dam", "dyke")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(OLD, NEW, (OLD, NEW)), ("new.xlsx", OLD, (NEW, OLD)), (sha(OLD)[:8], "", (OLD, NEW)), ("", OLD, None)],
)
def test_compare__of_files_named__takes_these(
    tmp_path: Path, first: str, second: str, expected: tuple[str, str] | None
) -> None:
    round_ = published(tmp_path, *OF_INDICATORS)
    if expected is None:
        with pytest.raises(NothingToCompareError):
            compare(round_, "AAA", first, second)
        return
    compared = compare(round_, "AAA", first, second)
    assert (compared.earlier, compared.later) == expected


def test_compare__what_there_is_not__says_what_there_is(tmp_path: Path) -> None:
    round_ = published(tmp_path, *OF_INDICATORS)
    with pytest.raises(UnknownError, match=f"There are: {NEW}, {OLD}"):
        compare(round_, "AAA", "b.xlsx")
    with pytest.raises(NothingToCompareError, match="BBB sent one file alone"):
        compare(round_, "BBB")
    with pytest.raises(NothingToCompareError, match="no answer of CCC"):
        compare(round_, "CCC")


def test_compare__with_the_previous_round__by_what_the_answers_say_of_it(tmp_path: Path) -> None:
    round_ = replace(mini_round(tmp_path), previous=Previous(Path("answers.parquet"), "1", "2022–2023"))
    rows = [
        *answers("a.xlsx", {("W01a", 1, "total"): 12}, change="changed", previous="9"),
        *answers("a.xlsx", {("W01a", 1, "note"): "same"}, change="confirmed", previous="same"),
        *answers("a.xlsx", {("F01", 1, "total"): 7}, change="new"),
        *answers("a.xlsx", {("F01", 1, "note"): None}, previous="gone"),
    ]
    publish(round_, [{"file": "a.xlsx", "respondent": "AAA", "verdict": "accepted", "answers": 3}], NOW, answers=rows)
    compared = compare(round_, "AAA")
    assert compared.earlier == "2022–2023"
    assert [(str(one.sort), one.before, one.after) for one in compared.differences] == [
        ("changed", "9", "12"), ("added", "", "7"), ("removed", "gone", ""),
    ]  # fmt: skip


def test_lines__of_a_round__are_of_whom_sent_more_than_one(tmp_path: Path) -> None:
    assert change_lines(published(tmp_path, *OF_INDICATORS)) == {
        "AAA": "since old.xlsx: 1 answer added, 1 removed, 2 changed"
    }


def test_formats__of_a_comparison__obey_nothing_that_was_typed(tmp_path: Path) -> None:
    round_ = published(tmp_path, *OF_INDICATORS)
    compared = compare(round_, "AAA")
    text = as_text(round_, compared).splitlines()
    assert text[0] == f"AAA Alphaland, {NEW}: since {OLD}: 1 answer added, 1 removed, 2 changed"
    assert text[1:3] == ["  changed  W01a total  Water!D2", "      “12” → “12.5”"]
    assert "\x1b" not in "".join(text)
    assert json.loads(as_json(round_, compared))["differences"][2]["after"] == HOSTILE
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(round_, compared))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0][:3] == ["Answer", "Indicator", "Line"]
    assert rows[3] == ["added", "F01", 1, "note", "", "'=HYPERLINK(1)[31m", "Water!D5", "Water!D5"]
    assert as_workbook(round_, compared) == as_workbook(round_, compared)


def test_command__diff__prints_it_and_writes_a_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    folder = str(published(tmp_path, *OF_INDICATORS).folder)
    book = tmp_path / "diff.xlsx"
    done = CliRunner().invoke(main, ["diff", folder, "alphaland", "--xlsx", str(book)])
    assert (done.exit_code, done.output.splitlines()[1], book.exists()) == (0, "  changed  W01a total  Water!D2", True)
    for arguments, code in ((["BBB"], 1), (["CCC"], 1), (["AAA", "none.xlsx"], 2), (["Alphalnd"], 2)):
        assert CliRunner().invoke(main, ["diff", folder, *arguments]).exit_code == code
