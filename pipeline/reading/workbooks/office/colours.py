"""Reads the colours of an Office workbook: its theme, its palette, those of fonts and of fills."""

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import BLACK, PATTERNS, WHITE, grounds_of
from pipeline.reading.workbooks.xml_parts import tree, truth

_THEME = (
    WHITE, BLACK, "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47", "0563C1", "954F72",
)  # fmt: skip
"""The colours of Office itself, in the order in which cells number them."""

_RGB = re.compile(r"[0-9A-F]{6}")
_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
_FIRST = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
_PALETTE = (
    *_FIRST, *_FIRST,
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF", "993366", "FFFFCC",
    "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000",
    "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF",
    "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300",
    "993300", "993366", "333399", "333333", BLACK, WHITE,
)  # fmt: skip
"""The last two are those of texts and of windows."""


@dataclass(frozen=True)
class Colours:
    """What the numbers of colours stand for in a workbook."""

    theme: Sequence[str] = _THEME
    palette: Sequence[str] = _PALETTE

    def of(self, element: Element | None) -> str:
        """A colour as RRGGBB; "" for the usual one, and for one that nobody knows."""
        if element is None or truth(element.get("auto")):
            return ""
        if rgb := element.get("rgb"):
            return rgb[-6:].upper()
        if (indexed := element.get("indexed")) is not None:
            return self.indexed(int(indexed))
        theme = element.get("theme")
        return "" if theme is None else self.themed(int(theme), float(element.get("tint", "0")))

    def indexed(self, number: int) -> str:
        """A colour of the palette."""
        return self.palette[number] if number < len(self.palette) else ""

    def themed(self, number: int, tint: float) -> str:
        """A colour of the theme, darker or lighter by a tint ([ECMA-376-1] 18.8.19)."""
        if number >= len(self.theme):
            return ""
        rgb = (int(self.theme[number][at : at + 2], 16) / 255 for at in (0, 2, 4))
        hue, light, saturation = colorsys.rgb_to_hls(*rgb)
        light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
        return "".join(
            f"{min(max(round(part * 255), 0), 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation)
        )

    def grounds(self, fill: Element | None) -> tuple[str, ...]:
        """The colours that a fill puts behind a text."""
        pattern = fill.find("patternFill") if fill is not None else None
        if pattern is None:
            return tuple(map(self.of, fill.iter("color"))) if fill is not None else ()
        share = PATTERNS.get(pattern.get("patternType", "none"), 0)
        return grounds_of(share, self.of(pattern.find("fgColor")), self.of(pattern.find("bgColor")))


OFFICE = Colours()


def read_theme(part: bytes) -> tuple[str, ...]:
    """The colours of a theme, as cells number them; raises PartError."""
    scheme = next(tree(part).iter("clrScheme"), None)
    found = {entry.tag: _themes_own(entry) for entry in scheme} if scheme is not None else {}
    return tuple(found.get(name) or usual for name, usual in zip(_ORDER, _THEME, strict=True))


def read_palette(root: Element) -> tuple[str, ...]:
    """The palette of a workbook by its styles: its own, or the usual one."""
    own = [entry.get("rgb", "")[-6:].upper() for entry in root.iterfind("colors/indexedColors/rgbColor")]
    return (*own, *_PALETTE[len(own) :])


def _themes_own(entry: Element) -> str:
    value = next(iter(entry), None)
    said = (value.get("lastClr") or value.get("val") or "").upper() if value is not None else ""
    return said if _RGB.fullmatch(said) else ""
