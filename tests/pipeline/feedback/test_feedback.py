"""The corrected return: a respondent's own workbook goes back with its answers, is corrected, and is accepted."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.consolidation.consolidate import Consolidation
from pipeline.feedback import feedback
from pipeline.feedback.feedback import Feedback, due, folder, write_feedback
from pipeline.publication.results import read_arrow, read_results
from pipeline.receiving import register
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Respondent, Round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook import corrected
from tests.given import write_questionnaire
from tests.office import recalculate
from tests.pipeline.consolidated import frame
from tests.pipeline.feedback.judged import judge, judged
from tests.with_list import list_round

FIRST = dt.datetime(2026, 3, 1, 9, 30)
LATER = dt.datetime(2026, 3, 9, 9, 30)

TYPED: Mapping[tuple[str, str, Column], CellValue] = {
    ("W01a", "status", Column.ANSWER): "1 – Planned",
    ("W01a", "total", Column.ANSWER): "many",
    ("W01a", "total", Column.COMMENT): '=HYPERLINK("http://x") we guess',
    ("W01a", "urban", Column.ANSWER): 4,
    ("W01a", "rural", Column.IF_NONE): "Not available",
    ("F01", "covered", Column.ANSWER): 0.25,
    ("F01", "depth", Column.ANSWER): 77.5,
}
LINE = ["W01a – Wells", "Betaland"]


class Returned(NamedTuple):
    """A return of AAA with two errors, what was written about it, and the round."""

    round: Round
    respondent: Respondent
    layout: Layout
    feedback: Feedback

    def book(self) -> FilledWorkbook:
        return opened(self.feedback.workbook, self.layout)


def opened(path: Path, layout: Layout) -> FilledWorkbook:
    return FilledWorkbook(path, layout, tab_names(layout), "en")


def put_in(round_: Round, book: FilledWorkbook, name: str, saved: dt.datetime) -> None:
    round_.returns.mkdir(parents=True, exist_ok=True)
    book.save(round_.returns / name, saved)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    round_ = list_round(tmp_path_factory.mktemp("feedback"))
    respondent, layout = round_.participants[0], Layout.of(round_)
    sent = round_.outputs / "sent.xlsx"
    sent.parent.mkdir(parents=True)
    write_questionnaire(sent, round_, respondent, layout)
    book = opened(sent, layout)
    for (indicator, field, column), value in TYPED.items():
        book.type(layout.slot(indicator, field), value, column)
    (listed,) = layout.lists
    for asked, value in zip(listed.block.fields, LINE, strict=False):
        book.type_at(listed.code, f"{chr(65 + listed.columns[asked.code])}{listed.row(1) + 1}", value)
    for name, text in (("focal_point", "Ana"), ("email", "ana@aaa.example"), ("signed_off_by", "The minister")):
        book.type_named(COVER_ENTRIES[name].name, text)
    put_in(round_, book, "AAA.xlsx", FIRST)
    judge(round_)
    # As if it had come in a mail, whose name nobody outside knows.
    wrong = [replace(entry, file={**entry.file, "file": "mail.eml/AAA.xlsx"}) for entry in due(round_)]
    (written,) = write_feedback(round_, wrong)
    return Returned(round_, respondent, layout, written)


def answers(made: Consolidation, file: str) -> dict[tuple[str, str, int], tuple[str, ...]]:
    own = frame(made.answers)[frame(made.answers)["file"] == file]
    wanted = ["block", "field", "line", "status", "code", "number", "text", "date", "raw", "if_none", "comment"]
    return {(row[0], row[1], row[2]): tuple(map(str, row[3:])) for row in own[wanted].itertuples(index=False)}


def test_feedback__sent_back_as_it_is__says_the_same_but_is_not_signed(returned: Returned) -> None:
    put_in(returned.round, returned.book(), "back.xlsx", LATER)
    made = judged(returned.round)
    (returned.round.returns / "back.xlsx").unlink()
    given, before = answers(made, "back.xlsx"), answers(made, "AAA.xlsx")
    assert given == before
    assert given["W01a", "total", 1][-3:] == ("many", "", '=HYPERLINK("http://x") we guess')
    assert ("projects", "partner", 1) in given
    row = made.returns.set_index("file").loc["back.xlsx"]
    assert (row["focal_point"], row["email"], row["signed_off_by"]) == ("Ana", "ana@aaa.example", "")


def test_feedback__corrected_and_sent_back__is_accepted_and_supersedes_the_first(returned: Returned) -> None:
    book, layout = returned.book(), returned.layout
    book.type(layout.slot("W01a", "total"), 12)
    book.type(layout.slot("F01", "depth"), 7.5)
    put_in(returned.round, book, "back.xlsx", LATER)
    made = judged(returned.round)
    (returned.round.returns / "back.xlsx").unlink()
    verdicts = dict(zip(made.returns["file"], made.returns["verdict"], strict=True))
    assert verdicts == {"AAA.xlsx": "superseded", "back.xlsx": "accepted"}


def test_feedback__its_points__name_question_answer_and_cell(returned: Returned) -> None:
    text = returned.feedback.letter.text
    assert "Thank you for returning the questionnaire of Alphaland, “AAA.xlsx”. 4 points are left" in text
    assert "W01a-2 How many in all? — your answer: “many”" in text
    assert "F01-" in text
    assert "30 April 2026" in text
    assert folder(returned.round).stat().st_mode & 0o077 == 0


def test_feedback__first_sheet__links_to_the_cells_and_marks_them_until_they_change(returned: Returned) -> None:
    with zipfile.ZipFile(returned.feedback.workbook) as package:
        first = unescape(package.read("xl/worksheets/sheet1.xml").decode())
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    cells = [
        returned.layout.slot("W01a", "total").cell(Column.ANSWER),
        returned.layout.slot("F01", "depth").cell(Column.ANSWER),
    ]
    linked = re.findall(r'location="\'?[^"!]+\'?!([A-Z]+\d+)"', first)
    assert set(cells) <= set(linked)
    assert len(linked) == 6, "three questions without an answer are one point with three links"
    assert any(f'EXACT(LEFT({cells[0]}&amp;"",4),"many")' in sheet for sheet in sheets)
    assert any(f"{cells[1]}=77.5" in sheet for sheet in sheets)
    typed = '<is><t xml:space="preserve">many</t></is>'
    assert any(typed in sheet for sheet in sheets), "what was typed is a text, never a formula"
    assert "<f>HYPERLINK" not in "".join(sheets)


def test_feedback__its_letter__names_the_file_as_the_respondent_did(returned: Returned) -> None:
    assert "AAA.xlsx" in returned.feedback.letter.text
    assert "mail.eml" not in returned.feedback.letter.text


def test_feedback__the_same_twice__is_the_same_bytes(returned: Returned) -> None:
    before = returned.feedback.workbook.read_bytes()
    (again,) = write_feedback(returned.round, due(returned.round, ("AAA",)))
    assert again.workbook.read_bytes() == before
    assert due(returned.round, ("BBB",)) == []


def test_feedback__of_more_returns__reads_tables_and_register_once_and_writes_one_questionnaire(
    returned: Returned, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def watched(module: Any, name: str) -> None:
        function = getattr(module, name)

        def noted(*given: Any) -> Any:
            looked.append(name)
            return function(*given)

        monkeypatch.setattr(module, name, noted)

    for module, name in (
        (register, "decisions"),
        (feedback, "read_arrow"),
        (corrected, "blank_for_nobody"),
    ):
        watched(module, name)
    whose = due(returned.round)
    looked.clear()
    (one,) = write_feedback(returned.round, whose)
    of_one = list(looked)
    looked.clear()
    assert write_feedback(returned.round, whose * 3) == [one] * 3
    assert looked == of_one == ["read_arrow", "read_arrow", "decisions", "blank_for_nobody"]


def test_feedback__rows_of_another_return_between__gives_back_its_own_in_their_order(
    returned: Returned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mixed(round_: Round, name: str, columns: Sequence[str]) -> pa.Table:
        own = read_arrow(round_, name, columns).to_pandas()
        both = pd.concat([own, own.assign(submission="f" * 64)]).sort_index(kind="stable")
        return pa.Table.from_pandas(both, preserve_index=False)

    before = returned.feedback.workbook.read_bytes()
    monkeypatch.setattr(feedback, "read_arrow", mixed)
    (again,) = write_feedback(returned.round, [returned.feedback.due])
    assert (again.workbook.read_bytes(), again.points) == (before, returned.feedback.points)


def test_due__of_many_returns__are_in_the_order_of_the_frame_and_looked_for_once(
    returned: Returned, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0

    class Code(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str(self) == other

    (given,) = read_results(returned.round, "returns").to_dict("records")
    codes = [f"A{number}" for number in range(50)]
    rows = [{**given, "respondent": code, "slice": ""} for code in codes]
    monkeypatch.setattr(feedback, "read_results", lambda *_: pd.DataFrame(rows))
    frame_ = tuple(replace(returned.respondent, code=Code(code)) for code in reversed(codes))
    found = due(replace(returned.round, respondents=frame_))
    assert [entry.respondent.code for entry in found] == codes[::-1]
    assert [entry.file["respondent"] for entry in found] == codes[::-1]
    assert compared < 3 * 2 * len(codes), "each is looked up, not compared with every other"


@pytest.mark.libreoffice
@pytest.mark.wide
def test_feedback__opened_in_libreoffice__shows_the_verdict_of_the_answers_in_it(
    returned: Returned, tmp_path: Path
) -> None:
    (saved,) = recalculate([returned.feedback.workbook], tmp_path)
    put = returned.round.returns / "saved.xlsx"
    put.write_bytes(saved.read_bytes())
    made = judged(returned.round)
    put.unlink()
    found = frame(made.findings)[frame(made.findings)["file"] == "saved.xlsx"]
    assert sorted(found.loc[found["severity"] == "error", "code"]) == ["not_a_number", "range"]
