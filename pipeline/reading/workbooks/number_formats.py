"""Lists the number formats that an Office workbook names by a number alone ([ECMA-376-1], 18.8.30).

Where such a format has a currency, it is that of the program that shows it: the file says none, and neither do we.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from pipeline.reading.workbooks.colours import BLACK, WHITE, is_faint

GENERAL = "General"

BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: "#,##0;-#,##0", 6: "#,##0;[Red]-#,##0", 7: "#,##0.00;-#,##0.00", 8: "#,##0.00;[Red]-#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip

_NAMED: Mapping[str, str] = {
    "black": BLACK, "white": WHITE, "red": "FF0000", "green": "00FF00", "blue": "0000FF", "yellow": "FFFF00",
    "magenta": "FF00FF", "cyan": "00FFFF",
}  # fmt: skip
_COLOUR = re.compile(
    rf'"[^"]*"?|\\.|\[(?:(?P<name>{"|".join(_NAMED)})|color\s*(?P<number>\d+)|\#(?P<rgb>[0-9A-F]{{6}}))\]',
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_FIRST = 7
"""The first colour that a format names by a number stands behind so many others in the palette."""


def format_code(number: int, own: Mapping[int, str]) -> str:
    """The format of a number; `own` are those that the workbook writes out. General for one that nobody knows."""
    return own.get(number) or BUILT_IN.get(number, GENERAL)


def in_seen_colours(code: str, grounds: Sequence[str], palette: Callable[[int], str]) -> str:
    """The format on a cell of these grounds: [White] for letters that nobody sees there, [Red] for other coloured ones.

    `palette` gives the colours that a format names by a number.
    """

    def judged(found: re.Match[str]) -> str:
        if not (colour := found["rgb"] or _NAMED.get((found["name"] or "").lower(), "")):
            if not found["number"]:
                return found[0]
            colour = palette(int(found["number"]) + _BEFORE_FIRST)
        return "[White]" if is_faint(colour.upper(), *grounds) else "[Red]"

    return _COLOUR.sub(judged, code) if "[" in code else code
