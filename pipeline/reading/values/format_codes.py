"""Reads the codes of number formats (ECMA-376-1, 18.8.31): their sections, and what each puts around a number.

It shows nothing itself; how a number is rounded, grouped or coloured is of no account here.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

_TOKEN = re.compile(
    r"\"(?P<quoted>[^\"]*)\"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)"
    r"|(?P<percent>%)|(?P<slash>/)|(?P<text>@)|(?P<day>y+|m+|d+|h+|s+|g+|b+|e+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_DASH = re.compile("[-–—−]")
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+", re.IGNORECASE)
_WHITE = re.compile(r"white|color\s*2", re.IGNORECASE)
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_GROUPING = " \u00a0\u202f\u2009'’.,"
_GROUPED = re.compile(rf"0*(?:[{_GROUPING}]000)*(?:P[0 ]*)?")
"""The digits of a format, its signs between them, and P for its point: thousands alone are set apart."""


@dataclass(frozen=True)
class Section:
    """One section of a format: what it puts before, after and between the digits of a number, and what it does to it.

    `days` are the letters of a date, such as `yyyy` and `mm`, in their order, and what stands between them. `thousands`
    is how often the number is divided by a thousand. Without `has_zero` there is no digit for nothing; with `has_point`
    there are decimals. `limit` is the condition under which the section holds, if any.
    """

    before: str = ""
    after: str = ""
    between: str = ""
    has_digits: bool = False
    has_zero: bool = False
    has_point: bool = False
    has_text: bool = False
    percents: int = 0
    thousands: int = 0
    is_coloured: bool = False
    is_white: bool = False
    days: tuple[str, ...] = ()
    limit: tuple[str, float] | None = None

    def holds(self, number: float) -> bool | None:
        """True for a number that meets the condition, None without one."""
        return OPERATORS[self.limit[0]](number, self.limit[1]) if self.limit else None

    def for_nothing(self) -> "Section":
        """The section as it shows 0 without a digit for it: a dash, as accountants write one, is that digit."""
        before, *after = _DASH.split(self.before + self.after, maxsplit=1)
        if after:
            return replace(self, before=before, after=after[0], has_digits=True)
        return replace(self, has_digits=False)

    @property
    def is_empty(self) -> bool:
        """True for a section that shows nothing, or nothing that can be seen."""
        shows = self.has_digits or self.has_text or self.days
        return self.is_white or (not shows and not (self.before + self.after).strip())


@lru_cache(maxsize=512)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format, in their order."""
    return tuple(_section(list(tokens)) for tokens in _parts(code))


def _parts(code: str) -> Iterator[list[tuple[str, str]]]:
    """The tokens of each section: a sort and a text."""
    part: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(code):
        sort = found.lastgroup or ""
        if sort == "other" and found[0] == ";":
            yield part
            part = []
        else:
            part.append((sort, found[sort]))
    yield part


def _section(tokens: list[tuple[str, str]]) -> Section:
    brackets = [text for sort, text in tokens if sort == "bracket"]
    limit = next((found for text in brackets if (found := _CONDITION.fullmatch(text))), None)
    pieces = list(_pieces(tokens))
    days = tuple(text for sort, text in pieces if sort in ("day", "literal", "slash")) if _has(pieces, "day") else ()
    spots = [number for number, (sort, _) in enumerate(pieces) if sort in ("digit", "point", "general", "text")]
    first, last = (spots[0], spots[-1]) if spots else (len(pieces), len(pieces))
    inner = pieces[first : last + 1]
    between = "".join(text for sort, text in inner if sort == "literal")
    is_grouped = all(text in _GROUPING for text in between) and _GROUPED.fullmatch(_shape(inner))
    tail = [sort for sort, _ in pieces[last + 1 :]]
    return Section(
        before=_literal(pieces[:first]),
        after=_literal(pieces[last + 1 :]),
        between="" if is_grouped or _has(inner, "slash") else between,
        has_digits=any(sort in ("digit", "general") for sort, _ in pieces),
        has_zero=any(sort in ("general", "slash") or (sort == "digit" and text == "0") for sort, text in inner),
        has_point=_has(inner, "point"),
        has_text=_has(pieces, "text"),
        percents=sum(sort == "percent" for sort, _ in pieces),
        thousands=len(tail) - len(_without_commas(tail)) + _commas_before_point(inner) if spots else 0,
        is_coloured=any(_COLOUR.fullmatch(text) for text in brackets),
        is_white=any(_WHITE.fullmatch(text) for text in brackets),
        days=days,
        limit=(limit[1], float(limit[2])) if limit else None,
    )


def _pieces(tokens: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The tokens that show something; all that is shown as it stands is a literal."""
    for sort, text in tokens:
        if sort in ("quoted", "escaped", "other"):
            yield "literal", text
        elif sort == "space":
            yield "literal", " "
        elif sort == "bracket":
            if text.startswith("$"):
                yield "literal", text[1:].partition("-")[0]
            elif _ELAPSED.fullmatch(text):
                yield "day", text
        elif sort == "half":
            yield "day", text
        elif sort != "fill":
            yield sort, text
        elif text.isdigit():
            # It is repeated until the cell is full: nobody can tell it from the number.
            yield "literal", "…"


def _literal(pieces: list[tuple[str, str]]) -> str:
    return "".join(text for sort, text in pieces if sort in ("literal", "percent", "slash"))


def _shape(inner: list[tuple[str, str]]) -> str:
    """The digits of a number as its format sets them apart."""
    return "".join({"digit": "0", "point": "P", "literal": text}.get(sort, "") for sort, text in inner)


def _commas_before_point(inner: list[tuple[str, str]]) -> int:
    """How many commas stand right before the point: each divides by a thousand, as one behind the last digit does."""
    sorts = [sort for sort, _ in inner]
    before = sorts[: sorts.index("point")] if "point" in sorts else []
    commas = before[::-1]
    return len(commas) - len(_without_commas(commas))


def _has(pieces: list[tuple[str, str]], wanted: str) -> bool:
    return any(sort == wanted for sort, _ in pieces)


def _without_commas(tail: list[str]) -> list[str]:
    """What follows the commas right behind the last digit."""
    while tail and tail[0] == "comma":
        tail = tail[1:]
    return tail
