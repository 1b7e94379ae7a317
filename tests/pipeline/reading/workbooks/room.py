"""Makes a workbook whose cells hide by themes, patterns, sizes and room; `files/` has it as LibreOffice 7.4 saved it.

To make these again: write `room_book()` to room.xlsx, then `soffice --convert-to ods room.xlsx`, and the same to xls.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.color import Color

HIDDEN, NARROW, SEEN = "hidden", "narrow", "seen"
ACCENT, DARK = "#4F81BD", "#1D3A5C"

# What stands in each row, its format, and what becomes of it. The second column is two digits wide, the third hidden.
ROWS: Sequence[tuple[int, Any, dict[str, Any], str]] = (
    (0, 5, {"font_color": Color.theme(4, 0), "bg_color": ACCENT}, HIDDEN),
    (0, 5, {"font_color": Color.theme(4, 0)}, SEEN),
    (0, 5, {"font_color": Color.theme(0, 1)}, HIDDEN),
    (0, 5, {"font_color": "white", "pattern": 17, "fg_color": "black", "bg_color": "white"}, HIDDEN),
    (0, 5, {"font_color": "black", "pattern": 17, "fg_color": "black", "bg_color": "white"}, SEEN),
    (0, 5, {"font_size": 1}, HIDDEN),
    (0, 5, {"font_size": 8}, SEEN),
    (0, 8, {"align": "fill"}, HIDDEN),
    (0, "a text that is longer than half of its column", {"align": "fill"}, SEEN),
    (0, 1200000, {}, SEEN),
    (1, 1200, {"num_format": "0"}, NARROW),
    (1, 1200000, {}, NARROW),
    (1, 12, {}, SEEN),
    (1, 1200, {"num_format": "0", "shrink": True}, SEEN),
    (1, "1200", {}, SEEN),
    (2, 1200, {}, SEEN),
)
WHITE_ON_DARK, WHITE_ON_WHITE, TINY, BLACK_IN_WHITE = range(len(ROWS), len(ROWS) + 4)


def room_book() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Uno")
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 1, 2)
        sheet.set_column(2, 2, 12, None, {"hidden": True})
        sheet.set_row(1, 0)
        for row, (column, value, form, _) in enumerate(ROWS):
            sheet.write(row, column, value, book.add_format(form))
        white, dark = (
            book.add_format({"font_color": "white"}),
            book.add_format({"bg_color": DARK, "font_color": "white"}),
        )
        tiny, black = book.add_format({"font_size": 1}), book.add_format({"font_color": "#000001"})
        sheet.write_rich_string(WHITE_ON_DARK, 0, white, "new", white, "law", dark)
        sheet.write_rich_string(WHITE_ON_WHITE, 0, "seen", white, "unseen")
        sheet.write_rich_string(TINY, 0, "seen", tiny, "1")
        sheet.write_rich_string(BLACK_IN_WHITE, 0, black, "one", black, "two", white)
    return buffer.getvalue()
