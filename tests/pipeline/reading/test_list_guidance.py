"""What helps with the columns of a list, worded otherwise when it was sent, is nobody's remark."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.addresses import address
from questionnaire.layout import GUIDANCE, Layout
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.with_list import list_round


def test_guidance__of_an_earlier_wording__is_no_finding_and_what_is_typed_over_it_is(tmp_path: Path) -> None:
    round_ = list_round(tmp_path)
    layout, (listed,) = Layout.of(round_), Layout.of(round_).lists
    helped = next(question for question in listed.block.questions if question.help.get("en"))
    cell = address(GUIDANCE, listed.columns[helped.code])
    for typed in (False, True):
        path = tmp_path / "sent.xlsx"
        write_questionnaire(path, round_, round_.participants[0], layout)
        book = FilledWorkbook(path, layout, tab_names(layout), "en")
        if typed:
            book.type_at(listed.code, cell, "Ask the ministry first")
        else:
            book.replace(helped.help["en"], "As it was worded before")
        book.save(path, dt.datetime(2026, 3, 1))
        found = tidy(receive_file(path), path.read_bytes(), round_, layout).findings
        cells = [entry.cell for entry in found if entry.code == "unplaced"]
        assert cells == ([cell] if typed else [])
