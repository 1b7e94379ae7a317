"""The workbook of conflicts: what a respondent is asked about, in its language, and nothing of others."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd

from pipeline.consolidation.conflicts import COLUMNS
from pipeline.publication.formats.conflicts_workbook import write_conflicts
from tests.given import mini_round

HOSTILE = '=HYPERLINK("http://x","y")'


def conflict(respondent: str, answer: str, file: str, **more: str) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "") | {"respondent": respondent, "question": "W01a.total", "cell": "D8"}
    return row | {"answer": answer, "file": file, "signed_off_by": "Director", "saved": "2026-03-11"} | more


def test_workbook__of_each_respondent__has_both_answers_with_file_cell_and_signature_in_its_language(
    tmp_path: Path,
) -> None:
    round_ = mini_round(tmp_path)
    rows = [conflict("BBB", "7", "water.xlsx"), conflict("BBB", HOSTILE, "parks.xlsx"), conflict("CCC", "9", "c.xlsx")]
    table = pd.DataFrame(rows)
    french = table.assign(question_text="Combien en tout ?")
    write_conflicts(round_, {"en": table, "fr": french}, tmp_path)
    made = sorted(path.parent.name for path in tmp_path.glob("conflicts/*/conflicts.xlsx"))
    assert made == ["BBB", "CCC"]
    (sheet,) = openpyxl.load_workbook(tmp_path / "conflicts/BBB/conflicts.xlsx").worksheets
    head, first, second = (list(row) for row in sheet.iter_rows())
    assert head[0].value == "question sur laquelle porte la décision"
    assert all(cell.value for cell in head)
    values = [[cell.value for cell in row] for row in (first, second)]
    assert [[row[0], row[2], row[3], row[4], row[6], row[8]] for row in values] == [
        ["W01a.total", "Combien en tout ?", "7", "water.xlsx", "D8", "Director"],
        ["W01a.total", "Combien en tout ?", f"'{HOSTILE}", "parks.xlsx", "D8", "Director"],
    ]
    assert (second[3].data_type, second[3].value) == ("s", f"'{HOSTILE}")
    assert "c.xlsx" not in str(values)


def test_workbook__of_an_answer_longer_than_a_cell__has_its_beginning(tmp_path: Path) -> None:
    table = pd.DataFrame([conflict("BBB", "😀" * 20_000, "water.xlsx")])
    write_conflicts(mini_round(tmp_path), {"en": table, "fr": table}, tmp_path)
    (sheet,) = openpyxl.load_workbook(tmp_path / "conflicts/BBB/conflicts.xlsx").worksheets
    assert sheet["D2"].value == "😀" * 16_383
