"""Declares the workbook's palette, fonts and formats. A colour never says anything that a word or a sign does not.

The palette keeps apart for colour-blind readers (after Okabe and Ito) and every text stands out from its ground by
4.5 : 1 at least (WCAG 2.1, AA); a test holds it to that.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from questionnaire.workbook.formulas.checks import Sign

FONT = "Calibri"

# Ink
BLACK = "#1B2733"
MUTED = "#55606E"
WHITE = "#FFFFFF"
LINK = "#1A4E8A"

# Grounds and lines
NAVY = "#1D3A5C"
MIST = "#E9EFF6"
PAPER = "#F5F7FA"
HAZE = "#D5E0EC"
RULE = "#D3DBE5"
FIELD = "#FFF8DF"
FIELD_EDGE = "#B39B4F"
MARGIN = "#FFFDF6"
MARGIN_EDGE = "#D8CDA8"

# What a check says: ink and ground of each
CORRECT = ("#8A2A06", "#FCE5D8")
ANSWER = ("#6B4A00", "#FFF0C9")
REASON = ("#1A4E8A", "#E1ECF9")
FINE = ("#0A5A43", "#E0F2EB")
IDLE = ("#5A636E", "#E8EAED")

COLOURS = {Sign.ERROR: CORRECT, Sign.TO_DO: ANSWER, Sign.WARNING: REASON, Sign.OK: FINE, Sign.NOT_NEEDED: IDLE}
"""The colours that go with the signs of the check column."""

INK_ON_GROUND = (
    (BLACK, WHITE), (BLACK, FIELD), (BLACK, MIST), (BLACK, PAPER), (MUTED, WHITE), (MUTED, PAPER), (MUTED, MIST),
    (NAVY, HAZE), (BLACK, MARGIN), (MUTED, FIELD),
    (LINK, WHITE), (LINK, MIST), (LINK, PAPER), (WHITE, NAVY), (RULE, NAVY), CORRECT, ANSWER, REASON, FINE, IDLE,
)  # fmt: skip
"""Every pair that occurs, for the test of contrast."""


_HATCH = 14  # thin diagonal stripes, in the numbering of XlsxWriter


@dataclass(frozen=True)
class Look:
    """One way a cell looks. Names of colours and sides; `open` cells may be written in."""

    size: float = 10
    ink: str = BLACK
    ground: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    align: str = "left"
    valign: str = "top"
    indent: int = 0
    wrap: bool = True
    open: bool = False
    boxed: bool = False
    edge: str = FIELD_EDGE
    ruled: bool = False
    number: str = ""
    hatched: bool = False


def properties(look: Look) -> dict[str, Any]:
    """The look in the words of XlsxWriter."""
    given: dict[str, Any] = {
        "font_name": FONT,
        "font_size": look.size,
        "font_color": look.ink,
        "align": look.align,
        "valign": look.valign,
        "locked": not look.open,
    }
    switches = {
        "bold": look.bold,
        "italic": look.italic,
        "underline": look.underline,
        "text_wrap": look.wrap,
        "indent": look.indent,
        "num_format": look.number,
        "bg_color": look.ground,
    }
    given |= {name: value for name, value in switches.items() if value}
    if look.hatched:
        given |= {"pattern": _HATCH, "fg_color": RULE}
    if look.boxed:
        given |= {"border": 1, "border_color": look.edge}
    elif look.ruled:
        given |= {"bottom": 1, "bottom_color": RULE}
    return given


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[Look, Any] = {}
        self._conditional: dict[tuple[str, str, bool, bool, str], Any] = {}

    def __call__(self, look: Look) -> Any:
        if look not in self._formats:
            self._formats[look] = self._workbook.add_format(properties(look))
        return self._formats[look]

    def conditional(
        self, ink: str, ground: str = "", *, bold: bool = False, hatched: bool = False, edge: str = ""
    ) -> Any:
        """A format that a condition lays over a cell; conditions that lay the same one share it."""
        key = (ink, ground, bold, hatched, edge)
        if key not in self._conditional:
            given: dict[str, Any] = {"font_color": ink}
            given |= {"bold": True} if bold else {}
            given |= {"bg_color": ground} if ground else {}
            given |= {"pattern": _HATCH, "fg_color": RULE} if hatched else {}
            given |= (
                {"top": 1, "bottom": 1, "left": 1, "right": 1, "top_color": edge, "bottom_color": edge} if edge else {}
            )
            given |= {"left_color": ground, "right_color": ground} if edge else {}
            self._conditional[key] = self._workbook.add_format(given)
        return self._conditional[key]


@cache
def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- looks that several sheets share ------------------------------------------------------------------------

TITLE = Look(size=20, bold=True, ink=NAVY, valign="vcenter", wrap=False)
SUBTITLE = Look(size=9.5, ink=MUTED, valign="vcenter", wrap=False)
HEADING = Look(size=10, bold=True, ink=NAVY, ground=HAZE, valign="vcenter", indent=1)
CENTRED_HEADING = Look(size=10, bold=True, ink=NAVY, ground=HAZE, align="center", valign="vcenter")
BAND = Look(size=12, bold=True, ink=WHITE, ground=NAVY, valign="vcenter", indent=1)
BAND_LINK = replace(BAND, underline=True, wrap=False)
PART_HEADING = Look(size=13, bold=True, ink=NAVY, valign="vcenter", wrap=False)
HELPER = Look(wrap=False)
"""A hidden cell that is filled in for some respondents only: without a look it would not be written at all."""

NOTE = Look(size=9, ink=MUTED)
CELL = Look(ruled=True, valign="vcenter", indent=1)
CENTRED = Look(ruled=True, align="center", valign="vcenter")
COUNT = Look(ruled=True, align="center", valign="vcenter", number='0;-0;"–"')
JUMP = Look(ruled=True, ink=LINK, underline=True, valign="vcenter", indent=1)
ENTRY = Look(size=11, ground=FIELD, open=True, boxed=True, valign="vcenter", indent=1)
ENTRY_TEXT = replace(ENTRY, number="@")
ENTRY_DATE = replace(ENTRY, number="yyyy-mm-dd")
