"""A return of which the file can be read only in part says so, and claims nothing that was not looked at."""

from __future__ import annotations

import pytest

from pipeline.findings import Finding
from pipeline.merging.verdicts import own_judgement
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.workbooks import legacy_sheets
from pipeline.reading.workbooks.grids import read_grids
from pipeline.receiving.formats import Format
from questionnaire.rounds.standings import VERDICTS, Outcome, Verdict
from questionnaire.rules.rule import Severity
from tests.pipeline.reading.workbooks.marks import FILES
from tests.pipeline.reading.workbooks.test_grids import repack
from tests.pipeline.returned import answer_of, book, codes, layout, mini_round, received, write

SHEET = "xl/worksheets/sheet2.xml"
"""The part of the section W."""


def submission(old: bytes, new: bytes, part: str = SHEET) -> Submission:
    data = repack(lambda name, content: content.replace(old, new) if name == part else content, write(book()))
    return tidy(received(data), data, mini_round(), layout())


def test_sheet_whose_part_is_not_understood__is_an_error_and_nothing_else_is_said_of_it() -> None:
    read = submission(b"</worksheet>", b"<a b='1' b='2'/></worksheet>")
    [found] = read.findings
    assert (found.code, str(found.severity), found.sheet) == ("unreadable_in_part", "error", "W")
    assert answer_of(read, "W01a", "total")["number"] == 12


def test_workbook_whose_styles_are_not_understood__is_an_error_on_every_sheet_with_cells() -> None:
    read = submission(b"</styleSheet>", b"</styleSheet><", "xl/styles.xml")
    assert codes(read) == ["unreadable_in_part"] * 4
    assert {found.sheet for found in read.findings} == {"Cover", "W", "F", "_acopio"}


def test_file_readable_in_part__waits_until_somebody_who_compared_its_cells_has_chosen_it() -> None:
    read = submission(b"</worksheet>", b"<a b='1' b='2'/></worksheet>")
    assert own_judgement(read.findings).verdict is Verdict.UNREADABLE_IN_PART
    assert VERDICTS[Verdict.UNREADABLE_IN_PART].outcome is Outcome.WAITING
    assert own_judgement(read.findings, is_chosen=True).verdict is Verdict.ACCEPTED
    wrong = (*read.findings, Finding("range", Severity.ERROR, {}, {}, submission=read.submission))
    assert own_judgement(wrong, is_chosen=True).verdict is Verdict.TO_CORRECT


def test_ods_whose_styles_are_not_understood__has_no_sheet_that_was_seen() -> None:
    data = repack(
        lambda name, content: content + b"<" if name == "styles.xml" else content, (FILES / "marks.ods").read_bytes()
    )
    workbook = read_grids(data, Format.ODS)
    assert [(sheet.rows[0][0], sheet.metadata.is_seen) for sheet in workbook.sheets] == [("plain", False)]


def test_xls_whose_records_are_not_understood__has_no_sheet_that_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (FILES / "marks.xls").read_bytes()
    for name, stumble in (("_sheet_records", lambda _: {}), ("marks_on", None), ("looks_of", None)):
        with monkeypatch.context() as patch:
            patch.setattr(legacy_sheets, name, stumble)
            workbook = read_grids(data, Format.XLS)
        assert [(sheet.rows[0][0], sheet.metadata.is_seen) for sheet in workbook.sheets] == [("plain", False)]
    assert read_grids(data, Format.XLS).sheets[0].metadata.is_seen
