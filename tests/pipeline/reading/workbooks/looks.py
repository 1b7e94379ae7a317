"""Makes a workbook whose cells hide their values by looks; `files/` has it as LibreOffice 7.4 saved it (.ods, .xls).

To make these again: write `looks_book()` to looks.xlsx, then `soffice --convert-to ods looks.xlsx`, and the same to xls.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

HIDDEN, DOUBTED, SEEN = "hidden", "doubted", "seen"

# What stands in each row of column A, the format of its cell, its conditional format, and what becomes of it in .xlsx and
# .ods: which conditions hold is not judged in the others.
ROWS: Sequence[tuple[Any, dict[str, Any], dict[str, Any] | None, str]] = (
    (5, {"font_color": "#FFFFFF"}, None, HIDDEN),
    ("x", {"font_color": "#FFFFFF", "bg_color": "#FFF8DF"}, None, HIDDEN),
    (5, {"font_color": "#FFFFFF", "bg_color": "#1D3A5C"}, None, SEEN),
    (5, {"font_color": "#1D3A5C", "bg_color": "#1D3A5C"}, None, HIDDEN),
    (5, {"font_color": "#999999"}, None, SEEN),
    (0, {}, None, HIDDEN),
    ("0", {}, None, SEEN),
    (7, {}, {"type": "cell", "criteria": "<", "value": 10, "format": {"num_format": ";;;"}}, HIDDEN),
    (70, {}, {"type": "cell", "criteria": "<", "value": 10, "format": {"num_format": ";;;"}}, SEEN),
    (7, {}, {"type": "cell", "criteria": "between", "minimum": 5, "maximum": 9, "format": {"font_color": "#FFFFFF"}}, HIDDEN),
    (7, {}, {"type": "formula", "criteria": "=$A$1=5", "format": {"num_format": '"<10"'}}, DOUBTED),
    ("x", {}, {"type": "formula", "criteria": "=$A$1=5", "format": {"num_format": ";;;"}}, DOUBTED),
    (7, {}, {"type": "formula", "criteria": "=$A$1=5", "format": {"bg_color": "#FFF0C9", "font_color": "#6B4A00"}}, SEEN),
    (7, {}, {"type": "data_bar", "bar_only": True}, HIDDEN),
    (7, {}, {"type": "data_bar"}, SEEN),
)  # fmt: skip


def looks_book() -> bytes:
    """A sheet that shows no zeros; each row of column A has a look of its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Uno")
        sheet.hide_zero()
        for row, (value, form, condition, _) in enumerate(ROWS):
            sheet.write(row, 0, value, book.add_format(form))
            if condition:
                made = {"format": book.add_format(condition["format"])} if "format" in condition else {}
                sheet.conditional_format(row, 0, row, 0, condition | made)
    return buffer.getvalue()
