"""Owns the line grammar of an indicator table: what each line is by itself; never decides by its neighbours.

    blank        nothing but white space
    number       "5."  "5.1 text"  "5) text"  "(5)"  "Objective 5: text"
    indicator    "a) text"  "(a) text"  "a. text"  "- text"  or TAB text
    column head  OBJECTIF, INDICATEUR DE RÉSULTAT and the like, or two cells in capitals
    heading      a line in capitals, perhaps after "A." or "II."
    text         anything else

A TAB inside a line, other than the one after a number, letter or bullet, starts a new cell: an indicator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_LINE_END = re.compile(r"\r\n|\n|\r")
_NUMBER = re.compile(
    r"\s*(?P<word>(?:objecti(?:f|ve)|objetivo)\s+)?"
    r"\(?(?P<mark>0?[1-9]\d{0,2}(?:\.(?:[1-9]\d{0,2}|[a-z](?=[.):]?\s))){0,3})"
    r"(?P<stop>\.-|[.)°º]+|(?=\s*$|\s+[^\W\d_])|\s?[:–—-](?=\s))"
    r"(?P<gap>\s*)(?=[^\d\s%]|$)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\s*\(?(?P<mark>[a-z]|[ivx]{2,6}|a[a-z](?=\)))(?:\)|\.-|\.(?=\s|$))(?P<gap>\s*)", re.IGNORECASE)
_BULLET = re.compile(r"\s*[-–—•*·▪◦‣](?P<gap>\s+)(?=\S)")
_OBJECTIVE_HEAD = re.compile(
    r"(?:(?:specific|general|strategic) )?(?:objecti(?:f|ve)s?|objetivos?)"
    r"(?: (?:specifique|especifico|general|generaux|generale|strategique|estrategico)s?)?"
)
_INDICATOR_HEAD = re.compile(
    r"(?:(?:outcome|output|results?|performance|progress|impact) )?indica(?:teur|tor|dor|dore)s?"
    r"(?: (?:de |du |des |of )?(?:resultat|resultado|outcome|suivi|progres|seguimiento)s?)?"
)


class Kind(StrEnum):
    """What a line, or a cell of it, is."""

    BLANK = "blank"
    HEADING = "heading"
    COLUMN_HEAD = "column head"
    NUMBER = "number"
    INDICATOR = "indicator"
    TEXT = "text"


@dataclass(frozen=True)
class Token:
    """A line or a cell: `mark` is the number, letter or code before the text, `gap` the space after it."""

    line: int
    kind: Kind
    raw: str
    text: str = ""
    mark: str = ""
    gap: str = ""
    tabbed: bool = False


def split_lines(text: str) -> list[str]:
    """The lines of a text; only CR, LF and CRLF end a line."""
    return _LINE_END.split(text)


def normalise(text: str) -> str:
    """Text to show and compare: accents composed, every run of white space one space, ends stripped."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def is_capitals(text: str) -> bool:
    """Whether a text has at least two capital letters and no small letter."""
    categories = [unicodedata.category(character) for character in text]
    return categories.count("Lu") >= 2 and "Ll" not in categories


def is_objective_head(text: str) -> bool:
    """Whether a text is what a column of objectives is called, in French, Spanish, English or Portuguese."""
    return _OBJECTIVE_HEAD.fullmatch(_plain(text)) is not None


def is_indicator_head(text: str) -> bool:
    """Whether a text is what a column of indicators is called, in French, Spanish, English or Portuguese."""
    return _INDICATOR_HEAD.fullmatch(_plain(text)) is not None


def tokenise(text: str) -> list[Token]:
    """The document as tokens in reading order: one per line, or one per cell of a line with several cells."""
    return [token for line, raw in enumerate(split_lines(text), 1) for token in _tokens_of_line(line, raw)]


def numbered(line: int, raw: str) -> Token | None:
    """The cell as a numbered objective, or None if it does not start with a number."""
    match = _NUMBER.match(raw)
    if match is None or not (match["stop"] or match["word"] or "." in match["mark"]):
        return None
    return Token(line, Kind.NUMBER, raw, normalise(raw[match.end() :]), match["mark"], match["gap"])


def indicator(line: int, raw: str, tabbed: bool = True) -> Token:
    """The cell as an indicator, lettered or not."""
    match = _LETTER.match(raw) or _BULLET.match(raw)
    mark = match.groupdict().get("mark", "").lower() if match else ""
    gap = match["gap"] if match else ""
    text = normalise(raw[match.end() :] if match else raw)
    return Token(line, Kind.INDICATOR, raw, text, mark, gap, tabbed)


def _tokens_of_line(line: int, raw: str) -> Iterator[Token]:
    if not normalise(raw):
        yield Token(line, Kind.BLANK, raw)
        return
    first, *others = _cells(raw)
    if others and numbered(line, raw) is None and all(_may_be_head(cell) for cell in (first, *others)):
        yield Token(line, Kind.COLUMN_HEAD, raw, normalise(raw))
        return
    yield _classify(line, first)
    for cell in others:
        yield indicator(line, "\t" + cell)


def _cells(raw: str) -> list[str]:
    """The cells of a line; the TAB after a number, letter or bullet, and those at its ends, separate none."""
    match = _NUMBER.match(raw) or _LETTER.match(raw) or _BULLET.match(raw)
    start = match.end() if match else len(raw) - len(raw.lstrip())
    first, *others = raw[start:].split("\t")
    return [raw[:start] + first, *(cell for cell in others if cell.strip())]


def _classify(line: int, raw: str) -> Token:
    text = normalise(raw)
    tabbed = "\t" in raw[: len(raw) - len(raw.lstrip())]
    if _is_column_head(text):
        return Token(line, Kind.COLUMN_HEAD, raw, text, tabbed=tabbed)
    number = numbered(line, raw)
    if number:
        return number
    letter, bullet = _LETTER.match(raw), _BULLET.match(raw)
    heading = raw[letter.end() :] if letter else raw
    if is_capitals(heading) and is_capitals(text) and not bullet:
        code = letter["mark"] if letter else ""
        return Token(line, Kind.HEADING, raw, normalise(heading), code, tabbed=tabbed)
    if tabbed or letter or bullet:
        return indicator(line, raw, tabbed)
    return Token(line, Kind.TEXT, raw, text)


def _may_be_head(cell: str) -> bool:
    return is_capitals(cell) or _is_column_head(normalise(cell))


def _is_column_head(text: str) -> bool:
    return is_objective_head(text) or is_indicator_head(text)


def _plain(text: str) -> str:
    """A short text without accents, case or final colon."""
    letters = unicodedata.normalize("NFD", text.casefold().rstrip(" :")[:60])
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
