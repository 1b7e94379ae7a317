"""Owns a workbook in which cells show more than their values; `files/` has it as LibreOffice 7.4 saved it as .ods and .xls.

To make these again: write `marks_book()` to marks.xlsx, then `soffice --convert-to ods marks.xlsx`, and the same to xls.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
from pathlib import Path
from typing import Any

import xlsxwriter

FILES = Path(__file__).parent / "files"
DAY = dt.date(2014, 5, 1)

# What stands in column B, its format, and what is seen there; None where the value itself is seen.
SHOWN: tuple[tuple[Any, str, str | None], ...] = (
    (0.12, "0%", "12%"),
    (1200, "#,##0.00 [$€-40A]", "1200 €"),
    (1200, "[$USD] #,##0", "USD 1200"),
    (5, '0" mil"', "5 mil"),
    (5, '0" (estimado)"', "5 (estimado)"),
    (5, '"<"0', "<5"),
    (5, '[<1000]0" pocos";0', "5 pocos"),
    (5, '0" "%', "500 %"),
    (-5, "0;0", "5"),
    (5000, "0,", "hidden_value"),
    (5, ";;;", "hidden_value"),
    ("x", ";;;", "hidden_value"),
    (0, "#,###", "hidden_value"),
    (DAY, "yyyy", "2014"),
    (DAY, "d-mmm", "1-May"),
    (DAY, "yyyy-mm-dd", None),
    (1200, "#,##0", None),
    (-5, "#,##0;[Red]-#,##0", None),
    (0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', None),
    (7, "General", None),
    ("x", "@", None),
)

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def marks_book() -> bytes:
    """Column A has formats within texts, B number formats, C links and a comment, D what is no text at all."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Uno")
        struck, raised = book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1})
        lowered = book.add_format({"font_script": 2})
        sheet.write("A1", "plain")
        sheet.write_rich_string("A2", struck, "12", "15")
        sheet.write_rich_string("A3", "8", raised, "1")
        sheet.write("A4", 5, struck)
        sheet.write_rich_string("A5", "H", lowered, "2", "O")
        for row, (value, code, _) in enumerate(SHOWN):
            form = book.add_format({"num_format": code})
            (sheet.write_datetime if isinstance(value, dt.date) else sheet.write)(row, 1, value, form)
        sheet.write_url("C1", "https://example.org/law?id=1", string="Law 1")
        sheet.write_formula("C2", "=NA()", None, "#N/A")
        sheet.write_comment("C3", "ask Ana")
        sheet.write_formula("C4", '=HYPERLINK("https://example.org/2","Law 2")', None, "Law 2")
        sheet.write_url("C5", "internal:Uno!A1", string="up")
    return buffer.getvalue()


def new_book() -> bytes:
    """What only Excel of today has: boxes to tick in cells, and a picture placed in one."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Uno")
        sheet.insert_checkbox("A1", True)
        sheet.insert_checkbox("A2", False)
        sheet.write_boolean("A3", False)
        sheet.embed_image("A4", "dot.png", {"image_data": io.BytesIO(_PICTURE)})
    return buffer.getvalue()
