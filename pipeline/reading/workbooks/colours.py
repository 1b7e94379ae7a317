"""Decides whether a text can be told from its ground by their colours, the same for every format."""

import re

BLACK, WHITE = "000000", "FFFFFF"

_RGB = re.compile(r"[0-9A-F]{6}")
_FAINTEST = 1.25
"""Contrast of two colours (WCAG 2.2, 1.4.3) below which nobody sees a text: white on a pale yellow has 1.1."""


def is_faint(text: str, ground: str) -> bool:
    """True for a text that nobody sees; colours are RRGGBB, "" for the usual one, or names that are equal or not."""
    text, ground = text or BLACK, ground or WHITE
    if text == ground:
        return True
    if not (_RGB.fullmatch(text) and _RGB.fullmatch(ground)):
        return False
    darker, lighter = sorted((_luminance(text), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05) < _FAINTEST


def _luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
