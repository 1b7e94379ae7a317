"""Owns identifiers as tables print them: told apart from the text they stand before, kept as they are, made safe.

An identifier is a word of letters and digits with dots, dashes or underscores, such as 1, 1.a.1, I.7, A.CT.1,
BPfA-REP-001, IV or b. Many a text begins with such a word and means it as a word: what the other texts of the same
column begin with decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from questionnaire.indicator_table.vocabulary import matches, plain

_LABELS = ("indicator", "section", "objective", "target")
_SEGMENT = re.compile(r"\d{1,4}(?:[A-Za-z]{1,2})?|[A-Za-z]{1,6}\d{0,4}")
_ROMAN = re.compile(r"(?=[ivxlc])(?:x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_START = re.compile(
    r"\s*(?P<open>[(\[])?(?P<code>[A-Za-z0-9]+(?:[.\-_/][A-Za-z0-9]+)*)"
    r"(?P<stop>[)\]][.:]?|\.-|[.:)º°]+|\s?[-–—:](?=\s))?(?P<gap>\s+|$|(?<=[-)\].:])(?=[^\W\d_]))"
)
_LABEL = re.compile(
    r"\s*(?P<label>[^\W\d_]+(?:\s+[^\W\d_]+){0,2})\s+(?:[Nn][°ºo]\.?\s*)?(?=[A-Za-z]?\d|[IVX]+\b|[A-Z]\b)"
)
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 24


@dataclass(frozen=True)
class Split:
    """A text as identifier and rest; `label` is a word such as Goal before it. `sure` needs no other text beside it."""

    code: str
    text: str
    label: str = ""
    sure: bool = False


def split_identifier(text: str) -> Split | None:
    """The identifier that a text begins with, or None where it begins with no such thing."""
    label = _LABEL.match(text)
    named = bool(label) and _is_label(label["label"])  # type: ignore[index]
    start = label.end() if label and named else 0
    match = _START.match(text, start)
    if match is None or not _is_identifier(match["code"], bool(match["stop"] or match["gap"] == ""), named):
        return None
    rest = text[match.end() :].lstrip()
    if match["open"] and not (match["stop"] or "").startswith((")", "]")):
        return None
    segments = re.split(r"[.\-_/]", match["code"])
    deep = segments[0].isdigit() and (len(segments) > 2 or (len(segments) == 2 and segments[1].isalpha()))
    named_surely = named and bool(match["stop"] or match["gap"] == "" or len(segments) > 1)
    return Split(match["code"], rest, label["label"] if label and named else "", (deep and bool(rest)) or named_surely)


def identified(texts: Sequence[str]) -> list[Split]:
    """The texts of one column as identifiers and rests: where half of them have one it counts, else only a sure one."""
    found = [split_identifier(text) for text in texts]
    written = [text for text in texts if text.strip()]
    codes = Counter(split.code for split in found if split)
    unlike = 2 * len(codes) > sum(codes.values())
    enough = unlike and 2 * sum(codes.values()) >= len(written)
    return [
        split if split and (enough or split.sure) else Split("", text) for split, text in zip(found, texts, strict=True)
    ]


def looks_like_code(text: str) -> bool:
    """Whether a text is nothing but an identifier."""
    text = text.strip().rstrip(".):")
    return len(text) <= _LONGEST and _is_identifier(text.lstrip("(["), True, False)


def safe_names(identifiers: Iterable[str]) -> list[str]:
    """The identifiers as names of letters, digits and underscores, each another whatever the case, in their order.

    Such a name stands for an identifier only where a program needs one, as the defined names of a workbook do.
    """
    taken: set[str] = set()
    names = []
    for identifier in identifiers:
        letters = unicodedata.normalize("NFKD", identifier).encode("ascii", "ignore").decode()
        name = stem = _UNSAFE.sub("_", letters).strip("_") or "x"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def is_below(code: str, other: str) -> bool:
    """Whether an identifier continues another: 1.1 and 1.a are below 1."""
    return bool(other) and code.startswith(other) and code[len(other) : len(other) + 1] in (".", "-", "_", "/")


def _is_label(label: str) -> bool:
    words = tuple(map(plain, label.split()))
    found = matches(words, _LABELS)
    return sum(match.length for match in found) == len(words)


def _is_identifier(code: str, closed: bool, named: bool) -> bool:
    """`closed` is one that a stop or nothing follows, `named` one after a word such as Goal."""
    segments = re.split(r"[.\-_/]", code)
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
