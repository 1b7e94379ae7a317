"""Owns the number formats of an Office package (.xlsx, .xlsm): the format code that each style of a cell has."""

import html
import re
from collections.abc import Mapping

# Those that a file need not spell out (ECMA-376-1, 18.8.30).
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip

_FORMAT = re.compile(r"<(?:\w+:)?numFmt\s[^>]*>")
_FORMS = re.compile(r"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORM = re.compile(r"<(?:\w+:)?xf[\s/>][^>]*")
_ATTRIBUTE = re.compile(r"(\w+)=(?:\"([^\"]*)\"|'([^']*)')")


def read_number_formats(styles: str) -> Mapping[str, str]:
    """The format code of each style of a cell that has one other than General, by the part of the styles."""
    codes = {str(number): code for number, code in _BUILT_IN.items()}
    for tag in _FORMAT.findall(styles):
        attributes = _attributes(tag)
        codes[attributes.get("numFmtId", "")] = html.unescape(attributes.get("formatCode", ""))
    forms = _FORMS.search(styles)
    numbers = (_attributes(tag).get("numFmtId", "0") for tag in _FORM.findall(forms[0] if forms else ""))
    return {str(style): code for style, number in enumerate(numbers) if _tells(code := codes.get(number, ""))}


def _tells(code: str) -> bool:
    return code.casefold() not in ("", "general")


def _attributes(tag: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}
