"""The copy for signature: what was answered and nothing else, as text, in letters that can be read on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pipeline.desk.signature_copy import signature_copy
from questionnaire.layout import Column
from tests.pipeline.returned import book, mini_round, put, read
from tests.with_list import list_round

HOSTILE = "<script>alert(1)</script>"


def page(language: str = "en") -> str:
    sheets = put(book({("W01a", "status"): "2", ("W01a", "total"): 40}), "W01a", "urban", "ND", Column.IF_NONE)
    put(sheets, "W01a", "total", HOSTILE, Column.COMMENT)
    return signature_copy(mini_round(), read(sheets), language)


SAID = re.compile(r"<p><span>(.*?)</span>.*? <b>(.*?)</b>(?: – <i>(.*?)</i>)?</p>")


def test_copy__shows_answers_reasons_and_comments() -> None:
    said = {number: (value, comment) for number, value, comment in SAID.findall(page())}
    assert said["W01a-1"] == ("2 – Adopted", "")
    assert ("40", "&lt;script&gt;alert(1)&lt;/script&gt;") in said.values()
    assert ("Not available", "") in said.values()
    assert not any(number.startswith(("W02", "F01")) for number in said)


def test_copy__of_a_full_return__has_two_columns_and_the_sign_off_in_one_piece() -> None:
    # 5 pages instead of 11 for a full return of the demonstration: what takes the room of a line, and what may not be cut.
    assert ".said { columns: 2;" in page()
    assert ".sign { break-inside: avoid;" in page()
    answers, sign_off = page().split("<div class='said'>")[1].split("</div>", 1)
    assert "<table" not in answers
    assert sign_off.count("<tr>") == 3


def test_copy__whatever_was_written__is_text() -> None:
    assert "<script" not in page()


def test_copy__in_another_language__is_worded_in_it() -> None:
    assert "2 – Adopté" in page("fr")
    assert "Signature" in page("fr")
    assert "Où en est-on\u00a0?" in page("fr")


def test_copy__a_line_of_a_list__says_each_thing_behind_its_heading(tmp_path: Path) -> None:
    submission = read(book({("W01a", "total"): 40}))
    at = submission.rows["field"].index("total")
    of_line = {"block": "projects", "line": 1, "field": "name", "code": None, "number": None, "text": "Well {a} ; b"}
    rows = {name: [of_line.get(name, column[at])] for name, column in submission.rows.items()}
    said = signature_copy(list_round(tmp_path), replace(submission, rows=rows), "fr")
    assert "Son nom\u00a0: Well {a} ; b" in said


def test_letters__on_paper__are_large_enough_to_read() -> None:
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: ([\d.]+)pt", page())]
    assert len(sizes) > 3
    assert min(sizes) >= 7.5
