"""Decides whether a text can be told from its ground by their colours and its size, the same for every format."""

import re

BLACK, WHITE = "000000", "FFFFFF"

_RGB = re.compile(r"[0-9A-F]{6}")
_FAINTEST = 1.25
"""Contrast of two colours (WCAG 2.2, 1.4.3) below which nobody sees a text: white on a pale yellow has 1.1."""

SMALLEST = 4
"""Points below which nobody reads a text."""

_MUCH = 0.4
_DARK, _LIGHT = 4.5, 1.5
"""Contrast with white of a text that is dark, and of a ground that is light."""

PATTERNS = {
    "none": 0, "solid": 1, "mediumGray": 0.5, "darkGray": 0.75, "lightGray": 0.25,
    "darkHorizontal": 0.5, "darkVertical": 0.5, "darkDown": 0.5, "darkUp": 0.5, "darkGrid": 0.5, "darkTrellis": 0.75,
    "lightHorizontal": 0.25, "lightVertical": 0.25, "lightDown": 0.25, "lightUp": 0.25, "lightGrid": 0.4,
    "lightTrellis": 0.3, "gray125": 0.125, "gray0625": 0.0625,
}  # fmt: skip
"""What part of a cell each pattern of a fill covers; binary formats number them in this order."""


def grounds_of(share: float, fore: str, back: str) -> tuple[str, ...]:
    """The colours of a fill that cover much of a cell; `share` is the part that has the colour in front."""
    parts = ((fore, share), (back, 1 - share)) if share else ()
    return tuple(colour for colour, part in parts if part >= _MUCH)


def numbered_grounds(pattern: int, fore: str, back: str) -> tuple[str, ...]:
    """The same by the number of a pattern; of one that nobody knows both colours count."""
    shares = list(PATTERNS.values())
    return grounds_of(shares[pattern], fore, back) if pattern < len(shares) else (fore, back)


def is_unusual(text: str, *grounds: str) -> bool:
    """True for colours other than a dark text on a light ground."""
    inks, under = text or BLACK, [ground or WHITE for ground in grounds]
    return _contrast(inks, WHITE) < _DARK or any(_contrast(ground, WHITE) > _LIGHT for ground in under)


def is_faint(text: str, *grounds: str) -> bool:
    """True for a text that nobody sees on any of its grounds; colours are RRGGBB, "" for the usual one."""
    return all(_is_faint(text or BLACK, ground or WHITE) for ground in grounds or ("",))


def _is_faint(text: str, ground: str) -> bool:
    if text == ground:
        return True
    if not (_RGB.fullmatch(text) and _RGB.fullmatch(ground)):
        return False
    return _contrast(text, ground) < _FAINTEST


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
