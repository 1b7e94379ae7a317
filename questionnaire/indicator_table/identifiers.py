"""Recognises identifiers as tables print them: told apart from the text they stand before, kept as they are, made safe.

An identifier is a word of letters and digits with dots, dashes or underscores, such as 1, 1.a.1, I.7, A.CT.1,
BPfA-REP-001, IV or b. Many a text begins with such a word and means it as a word: what the other texts of the same
column begin with decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.addresses import column_letter
from questionnaire.indicator_table.vocabulary import matches, plain

_LABELS = ("indicator", "section", "objective", "target")
_SEGMENT = re.compile(r"\d{1,4}(?:[A-Za-z]{1,2})?|[A-Za-z]{1,6}\d{0,4}")
_ROMAN = re.compile(r"(?=[ivxlc])(?:x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_START = re.compile(
    r"\s*(?P<open>[(\[])?(?P<code>[A-Za-z0-9]+(?:[.\-_/][A-Za-z0-9]+)*)"
    r"(?P<stop>[)\]][.:]?|\.-|[.:)º°]+|\s?[-–—:](?=\s))?(?P<gap>\s+|$|(?<=[-)\].:])(?=[^\W\d_]))"
)
_LABEL = re.compile(
    r"\s*(?P<label>[^\W\d_]+(?:\s+[^\W\d_]+){0,2})\s+(?:[Nn]\.?[°ºo]\.?\s*)?(?=[A-Za-z]?\d|[IVX]+\b|[A-Z]\b)"
)
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_NOT_FIRST = "I"
"""Stands before identifiers that begin with a digit: a name begins with a letter."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
CODE = re.compile(r"[^\W_](?:[\w.\-/()]{0,38}[\w)])?")
"""What may be the code of an indicator: an identifier as tables print them, without spaces, quotes or other signs."""
_PARTS = re.compile(r"[.\-_/]")
_WEAK = re.compile(r"[A-Za-z]{0,3}\d{1,3}")
_LONGEST = 24


@dataclass(frozen=True)
class Split:
    """A text as identifier and rest; `label` is a word such as Goal before it.

    One that is `sure` needs no other text beside it; a `weak` one, without any stop, needs nearly all of them.
    """

    code: str
    text: str
    label: str = ""
    sure: bool = False
    weak: bool = False


def split_identifier(text: str, weak: bool = False) -> Split | None:
    """The identifier that a text begins with, or None where it begins with no such thing; weak ones only if wanted."""
    label = _LABEL.match(text)
    if label and not _is_label(label["label"]):
        label = None
    match = _START.match(text, label.end() if label else 0)
    if match is None or (match["open"] and not (match["stop"] or "").startswith((")", "]"))):
        return None
    code, closed = match["code"], bool(match["stop"] or match["gap"] == "")
    is_weak = not _is_identifier(code, closed, label is not None)
    if is_weak and not (weak and _WEAK.fullmatch(code)):
        return None
    rest = text[match.end() :].lstrip()
    parts = _PARTS.split(code)
    deep = parts[0].isdigit() and (len(parts) > 2 or (len(parts) == 2 and parts[1].isalpha()))
    sure = (deep and bool(rest)) or (label is not None and (closed or len(parts) > 1))
    return Split(code, rest, label["label"] if label else "", sure, is_weak)


def identified(texts: Sequence[str]) -> list[Split]:
    """The texts of one column as identifiers and rests: where half of them have one it counts, else only a sure one."""
    found = [split_identifier(text, weak=True) for text in texts]
    written = sum(bool(text.strip()) for text in texts)
    strong = [split.code for split in found if split and not split.weak]
    enough = 2 * len(set(strong)) > len(strong) and 2 * len(strong) >= written
    weak = [split.code for split in found if split and split.weak]
    rising = weak == sorted(set(weak), key=_counted) and 10 * (len(weak) + len(strong)) >= 8 * written and len(weak) > 1
    return [
        split if split and ((rising if split.weak else enough) or split.sure) else Split("", text)
        for split, text in zip(found, texts, strict=True)
    ]


def _counted(code: str) -> tuple[str, int]:
    return code.rstrip("0123456789"), int(code[len(code.rstrip("0123456789")) :])


def bare_code(code: str) -> str:
    """An identifier without the stops and brackets around it; those within it stay, as in 4(b)."""
    shown = code.strip().rstrip(".:")
    if shown.startswith(("(", "[")):
        shown = shown.lstrip("([").rstrip(")]")
    elif "(" not in shown:
        shown = shown.rstrip(")")
    return shown or code


def looks_like_code(text: str) -> bool:
    """Whether a text is nothing but an identifier."""
    text = text.strip().rstrip(".):")
    return len(text) <= _LONGEST and _is_identifier(text.lstrip("(["), True, False)


def safe_name(code: str) -> str:
    """The name that stands for a code where a program takes letters, digits and underscores only: `I1_a_1` for `1.a.1`.

    Cells of a workbook, expressions in rules, SDMX and XLSForm have such names; everywhere else the code stands as it
    is. A code that is such a name already is its own.
    """
    if _NAME.fullmatch(code):
        return code
    name = underscored(code)
    return name if name[0].isalpha() else _NOT_FIRST + name


def objective_code(section: str, number: str) -> str:
    """How the texts of an objective are named: A01 for objective 1 of section A, 3.01_2 for objective 1.2 of section 3.

    Numbers have two digits at least, so that codes sort.
    """
    head, *rest = number.split(".")
    return section + ("." if section[:1].isdigit() else "") + "_".join([head.zfill(2), *rest])


def underscored(text: str) -> str:
    """A text in unaccented letters, digits and underscores; never empty."""
    return _UNSAFE.sub("_", "".join(map(_spelt, text))).strip("_") or "x"


def _spelt(letter: str) -> str:
    """A letter without its accents; one of another alphabet by its number in Unicode."""
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain or (f"u{ord(letter):x}" if letter.isalnum() else "_")


def is_below(code: str, other: str) -> bool:
    """Whether an identifier continues another: 1.1 and 1.a are below 1."""
    return bool(other) and code.startswith(other) and code[len(other) : len(other) + 1] in (".", "-", "_", "/")


def _is_label(label: str) -> bool:
    words = tuple(map(plain, label.split()))
    found = matches(words, _LABELS)
    return sum(match.length for match in found) == len(words)


def _is_identifier(code: str, closed: bool, named: bool) -> bool:
    """`closed` is one that a stop or nothing follows, `named` one after a word such as Goal."""
    segments = _PARTS.split(code)
    if len(code) > _LONGEST or not all(map(_SEGMENT.fullmatch, segments)):
        return False
    if len(segments) > 1:
        return any(map(str.isdigit, "".join(segments))) or (
            closed and all(len(segment) == 1 or _ROMAN.fullmatch(segment) for segment in segments)
        )
    if code.isdigit():
        return (closed or named) and len(code) < 4
    if code.isalpha():
        return (closed or named) and (len(code) == 1 or bool(_ROMAN.fullmatch(code)))
    return closed or named


def letters(position: int) -> str:
    """The letters of an indicator by its place under the objective, from 1: a to z, then aa to az, ba and so on."""
    return column_letter(position - 1).lower()
