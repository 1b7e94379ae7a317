"""Reads the colours of an Office workbook: of fonts, of fills, and of what conditional formats put on."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import BLACK, WHITE

# The first colours of a theme are those of windows and their texts; the palette has black and white at these places.
_THEME: Mapping[int, str] = {0: WHITE, 1: BLACK}
_PALETTE: Mapping[int, str] = {0: BLACK, 1: WHITE, 8: BLACK, 9: WHITE, 64: BLACK, 65: WHITE}
_NONE, _SOLID = "none", "solid"


def colour_of(element: Element | None) -> str:
    """A colour as RRGGBB where that is known, else by the name it has in the file; "" for the usual one."""
    if element is None or element.get("auto") in ("1", "true"):
        return ""
    if rgb := element.get("rgb"):
        return rgb[-6:].upper()
    if (indexed := element.get("indexed")) is not None:
        return indexed_colour(int(indexed))
    theme = element.get("theme")
    return "" if theme is None else theme_colour(int(theme), float(element.get("tint", "0")))


def indexed_colour(number: int) -> str:
    """A colour of the palette."""
    return _PALETTE.get(number, f"palette {number}")


def theme_colour(number: int, tint: float) -> str:
    """A colour of the theme, darker or lighter by a tint ([ECMA-376-1] 18.8.19)."""
    if number not in _THEME:
        return f"theme {number} {tint:.3f}"
    light = 1.0 if _THEME[number] == WHITE else 0.0
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return 3 * f"{min(max(round(light * 255), 0), 255):02X}"


def ground_of(fill: Element | None) -> str:
    """The colour of a fill; one with a pattern has its own name, since it has two."""
    pattern = fill.find("patternFill") if fill is not None else None
    if pattern is None:
        return "" if fill is None or not len(fill) else "a gradient"
    sort = pattern.get("patternType", _NONE)
    if sort == _NONE:
        return ""
    return colour_of(pattern.find("fgColor")) if sort == _SOLID else "a pattern"


def ground_put_on(fill: Element | None) -> str:
    """The colour of the fill of a conditional format, which has the two colours the other way round."""
    pattern = fill.find("patternFill") if fill is not None else None
    return colour_of(pattern.find("bgColor")) if pattern is not None else ""
