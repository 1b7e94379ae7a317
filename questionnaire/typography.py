"""Keeps the marks that a language sets apart by a space on the line of their word, wherever the text is broken."""

import re

_NO_BREAK = "\u00a0"
_SPACED = {"fr": re.compile(r"(?<=\S) (?=[?!:;»%](?!\w))|(?<=«) "), "es": re.compile(r"(?<=[\d}]) (?=%)")}


def unbroken(text: str, language: str) -> str:
    """The text with no-break spaces beside the marks of its language; readers take every space for the same."""
    spaced = _SPACED.get(language)
    return spaced.sub(_NO_BREAK, text) if spaced else text
