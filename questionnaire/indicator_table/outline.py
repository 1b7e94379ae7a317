"""Reads texts whose lines say their level: by headings, by words such as Goal, by identifiers of many parts.

    Goal 1. End poverty               # Health
    Target 1.1: By 2030 ...           ## Objective 1: More nurses
    Indicator 1.1.1: Proportion ...   - Nurses hired

A line without such a sign goes on with the line above it; after an empty line it is left out aloud.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from questionnaire.indicator_table.grids.cell_lists import BULLETS
from questionnaire.indicator_table.grids.collection import Collection, FoundIndicator, Piece
from questionnaire.indicator_table.grids.rows import is_note, level_of
from questionnaire.indicator_table.identifiers import Split, split_identifier
from questionnaire.indicator_table.lines import normalise, split_lines
from questionnaire.indicator_table.records import IndicatorTable, IndicatorTableError, Irregularity
from questionnaire.indicator_table.vocabulary import matches, words_of

_BULLET = re.compile(rf"\s*[{re.escape(BULLETS)}+]\s+(?=\S)")
_PAGE = re.compile(r"\W*(?:page|página|p\.)?\s*\d{1,4}(?:\s*(?:/|of|de|sur)\s*\d{1,4})?\W*", re.IGNORECASE)
_OFTEN = 3
_FIRST = 3
_PROSE = 0.2
"""The share of the lines of an outline that may be neither heading nor item."""
_PARTS = re.compile(r"[.\-_/]")
_WHAT_IS_NEEDED = (
    "An indicator table in lines says what each line is: headings for sections, “Objective 1: …”, “Indicator 1.1: …” "
    "or identifiers such as 1, 1.1 and 1.1.1, or bullets for indicators. Or put it into columns with heads, such as "
    "“Objective” and “Indicator”, in Excel or Word."
)


@dataclass(frozen=True)
class _Line:
    """A line that begins something: its heading level, whether it has a bullet, its identifier."""

    number: int
    text: str
    heading: int = 0
    bullet: bool = False
    split: Split | None = None

    @property
    def depth(self) -> int:
        return len(_PARTS.split(self.split.code)) if self.split else 0

    @property
    def level(self) -> str:
        return level_of(self.split.label) if self.split and self.split.label else ""


def is_outline(text: str) -> bool:
    """Whether a text names its indicators one by one, or numbers them in three parts, at least twice."""
    found = [split for line in split_lines(text) if (split := split_identifier(line)) and split.text]
    named = sum(level_of(split.label) == "indicator" for split in found if split.label)
    deep = sum(len(_PARTS.split(split.code)) > 2 for split in found)
    return max(named, deep) > 1


def outlined(text: str, headings: Mapping[int, int], source: str, notes: Sequence[Irregularity] = ()) -> IndicatorTable:
    """The indicator table of an outline; `headings` are lines, from 1, that are headings, with their level.

    Raises IndicatorTableError where no line is an indicator.
    """
    collected = Collection(source, irregularities=list(notes))
    lines = list(_joined(text, headings, collected))
    levels = _levels(lines)
    section: int | None = None
    objective: int | None = None
    for line, level in zip(lines, levels, strict=True):
        piece = Piece(line.text, line=line.number, verbatim=line.text, split=line.split or Split("", line.text))
        if level == "section":
            section, objective = collected.section(piece), None
        elif level == "objective":
            objective = collected.objective(section, piece)
        elif level == "indicator":
            collected.indicators.append(FoundIndicator(piece, section, objective))
        else:
            kind = "title" if level == "title" else "text_left_out"
            collected.note(kind, f"“{normalise(line.text)[:90]}” was left out.", line.number)
    if not collected.indicators:
        raise IndicatorTableError(source, None, "No line of the text is an indicator.", _WHAT_IS_NEEDED)
    left_out = sum(entry.kind == "text_left_out" for entry in collected.irregularities)
    if is_outline(text):
        return collected.table()
    if left_out > _PROSE * len(lines):
        what = f"The text reads like an article: {left_out} of its {len(lines)} parts are neither headings nor items."
        raise IndicatorTableError(source, None, what, _WHAT_IS_NEEDED)
    if not (_speaks_of_indicators(lines) or sum(line.level == "objective" for line in lines) > 1):
        what = "Neither the title nor a heading of the text speaks of indicators, so its lists may be of anything."
        remedy = "If they are indicators, say so in its title, such as “Indicators”. "
        raise IndicatorTableError(source, None, what, remedy + _WHAT_IS_NEEDED)
    return collected.table()


def _speaks_of_indicators(lines: list[_Line]) -> bool:
    titles = [line.text for line in lines if line.heading] + [line.text for line in lines[:_FIRST]]
    return any(match.group == "indicator" for text in titles for match in matches(words_of(text), ("indicator",)))


def _joined(text: str, headings: Mapping[int, int], collected: Collection) -> Iterator[_Line]:
    """The lines that begin something, each with the lines that go on with it."""
    raw = split_lines(text)
    often = Counter(re.sub(r"\d+", "", normalise(line)) for line in raw)
    current: _Line | None = None
    apart = False
    for number, line in enumerate(raw, 1):
        shown = normalise(line)
        begun = _begun(number, line, headings.get(number, 0))
        if not shown:
            apart = True
        elif begun.heading or begun.bullet or begun.split:
            if current:
                yield current
            current, apart = begun, False
        elif _PAGE.fullmatch(shown) or often[re.sub(r"\d+", "", shown)] >= _OFTEN or is_note(shown):
            collected.note("notes", f"“{shown[:90]}” was left out.", number)
        elif apart or current is None or current.heading:
            if current:
                yield current
                current = None
            yield begun
        else:
            current = _with(current, line)
    if current:
        yield current


def _begun(number: int, line: str, heading: int) -> _Line:
    bullet = _BULLET.match(line)
    text = line[bullet.end() :] if bullet else line.strip()
    split = split_identifier(text)
    if split and not (split.text or heading):
        split = None
    # A number of one part in the midst of a text begins nothing but a heading or what a word names.
    return _Line(number, text, heading, bool(bullet), split)


def _with(line: _Line, more: str) -> _Line:
    split = replace(line.split, text=f"{line.split.text} {more.strip()}") if line.split else None
    return replace(line, text=f"{line.text}\n{more}", split=split)


def _levels(lines: list[_Line]) -> list[str]:
    """What each line is: section, objective, indicator, title, or "" for none of them."""
    named = {line.level for line in lines}
    plain = [line for line in lines if not line.level and not line.heading]
    bullets = any(line.bullet and not line.split for line in plain)
    depths = sorted({line.depth for line in plain if line.depth and not line.bullet})
    headings = [line for line in lines if line.heading]
    top = min((line.heading for line in headings), default=0)
    titles = [line for line in headings if line.heading == top]
    if len(titles) == 1 < len(headings) and titles[0].split is None:
        headings.remove(titles[0])
    ranks = sorted({line.heading for line in headings if not line.level})
    numbered = not bullets and "indicator" not in named
    by_depth = _by_depth(depths, numbered, bool(ranks))
    found = []
    for line in lines:
        if line.level:
            found.append(line.level)
        elif line.heading:
            found.append(_of_heading(line, ranks, "objective" in named or "objective" in by_depth.values()))
        elif line.bullet:
            found.append("indicator" if "indicator" not in named else "")
        else:
            found.append(by_depth.get(line.depth, ""))
    for at, (line, below) in enumerate(pairwise(lines)):
        # “Outcome 1” over “Output 1.1”.
        if found[at] == found[at + 1] == "objective" and line.split and below.split and line.level and below.level:
            found[at] = "section"
    return found


def _by_depth(depths: list[int], numbered: bool, has_headings: bool) -> dict[int, str]:
    """The level of unnamed lines by the parts of their identifiers; the deepest are indicators if nothing else is."""
    levels = ["section", "objective", "indicator"] if not has_headings else ["objective", "indicator"]
    if not numbered:
        levels = levels[:-1]
    if has_headings and numbered and len(depths) == 1:
        levels = ["indicator"]
    return dict(zip(reversed(depths), reversed(levels), strict=False))


def _of_heading(line: _Line, ranks: list[int], has_objectives: bool) -> str:
    if line.heading not in ranks:
        return "title"
    if not has_objectives and len(ranks) > 1 and line.heading == ranks[-1]:
        return "objective"
    return "section"
