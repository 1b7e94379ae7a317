"""Decides which column of a grid holds what, by its head, its place and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import pairwise

from questionnaire.addresses import column_letter
from questionnaire.indicator_table.grids.grid import Grid
from questionnaire.indicator_table.grids.header import Choices, Header, column_named
from questionnaire.indicator_table.grids.heads import ATTRIBUTES, LEVELS, Meaning, meaning, year_of
from questionnaire.indicator_table.identifiers import looks_like_code, split_identifier
from questionnaire.indicator_table.vocabulary import words_of

_TEXT_WORDS = 4
"""Words that the cells of a column have in the mean, at least, if it holds aims and not values."""


@dataclass(frozen=True)
class Layout:
    """Where each thing stands, by column; `attributes` are (role, column), `codes` the identifiers by level."""

    header: Header
    indicators: tuple[int, ...]
    objective: int | None = None
    section: int | None = None
    middle: int | None = None
    """A level between the two: its text goes before that of the objective."""
    codes: dict[str, int] = field(default_factory=dict)
    letter: int | None = None
    attributes: tuple[tuple[str, int], ...] = ()
    unsure: tuple[int, ...] = ()
    """Columns whose use their heads do not tell."""
    elsewhere: frozenset[int] = frozenset()
    """Columns of another layout of the same grid."""

    @property
    def is_code_uncertain(self) -> bool:
        """Whether the column of identifiers of the indicators says in its head that it holds those of somebody else."""
        column = self.codes.get("indicator")
        found = meaning(self.head(column)) if column is not None else None
        return found is not None and not found.exact

    def uses(self) -> Iterator[tuple[str, int]]:
        """What is read from which column, in the order of the levels."""
        named = (("section", self.section), ("heading above the objective", self.middle), ("objective", self.objective))
        for role, column in named:
            if role in self.codes:
                yield f"code of the {role}", self.codes[role]
            if column is not None:
                yield role, column
        if "indicator" in self.codes:
            yield "code of the indicator", self.codes["indicator"]
        if self.letter is not None:
            yield "letter", self.letter
        yield from (("indicator", column) for column in self.indicators)
        yield from self.attributes

    def unused(self) -> tuple[int, ...]:
        used = self.elsewhere | {column for _, column in self.uses()}
        return tuple(column for column in range(len(self.header.heads)) if column not in used)

    def head(self, column: int) -> str:
        return self.header.heads[column]

    def head_of(self, role: str, column: int) -> str:
        """What an attribute is called: a year by its number alone, also where the head says “Year 2019”."""
        head = self.head(column)
        return year_of(head) if role == "year" else head


def layouts_of(grid: Grid, header: Header, choices: Choices) -> list[Layout]:
    """The layouts of a grid below its heads; none if no column holds indicators.

    There are several where each column of indicators has a column of aims of its own before it, such as “Outcome |
    Outcome indicator | Output | Output indicator”. Raises KeyError with the name of a chosen column that is not there.
    """
    columns = _Columns(grid, header)
    chosen = _chosen(header, choices)
    taken = frozenset(chosen.values())
    indicators = (chosen["indicator"],) if "indicator" in chosen else columns.indicators(taken)
    starts = [0, *(columns.first_level(*pair, taken) for pair in pairwise(indicators))]
    if not indicators or None in starts:
        return [_layout(columns, header, chosen, indicators, frozenset())] if indicators else []
    ends = [*starts[1:], grid.width]
    ranges = [range(start or 0, end or 0) for start, end in zip(starts, ends, strict=True)]
    return [
        _layout(columns, header, chosen, (at,), frozenset(range(grid.width)) - frozenset(within))
        for at, within in zip(indicators, ranges, strict=True)
    ]


def _layout(
    columns: _Columns, header: Header, chosen: dict[str, int], indicators: tuple[int, ...], elsewhere: frozenset[int]
) -> Layout:
    """The layout of one group of columns; `elsewhere` are those of other groups."""
    taken = elsewhere | set(chosen.values())
    levels = columns.levels(indicators[0], taken | set(indicators))
    if "section" in chosen or "objective" in chosen:
        levels = [(role, chosen[role]) for role in ("section", "objective") if role in chosen]
    layout = Layout(header, indicators, elsewhere=elsewhere, **dict(levels))  # type: ignore[arg-type]
    layout = replace(layout, letter=chosen.get("letter", columns.only("letter", taken)))
    codes = columns.codes(layout, taken | {column for _, column in layout.uses()})
    named = {"section_code": "section", "objective_code": "objective", "code": "indicator"}
    codes |= {level: chosen[name] for name, level in named.items() if name in chosen}
    layout = replace(layout, codes=codes)
    taken |= {column for _, column in layout.uses()}
    attributes = [*columns.attributes(taken), *((role, at) for role, at in chosen.items() if role in _VALUES)]
    unsure = tuple(at for _, at in levels if not columns.says_level(at) and at not in chosen.values())
    return replace(layout, attributes=tuple(sorted(attributes, key=lambda use: use[1])), unsure=unsure)


_VALUES = (*ATTRIBUTES, "target")


def _chosen(header: Header, choices: Choices) -> dict[str, int]:
    found = {}
    for role, name in choices.columns.items():
        column = column_named(header.heads, name)
        if column is None:
            raise KeyError(name)
        found[role] = column
    return found


class _Columns:
    """The columns of a grid: what their heads mean and what stands below them."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self._heads = list(header.heads)
        self._meanings = [meaning(head) if head else None for head in header.heads]
        self._texts: list[list[str]] = [
            [
                text
                for row in range(header.row + 1, len(grid.rows))
                if (text := grid.rows[row][column].strip()) and grid.origin(row, column) == (row, column)
            ]
            for column in range(grid.width)
        ]
        for at, found in enumerate(self._meanings[:-1]):
            if found and found.role in ("indicator", *LEVELS) and self._numbers_next(at):
                self._meanings[at : at + 2] = Meaning("code", exact=True), found
                self._heads[at + 1] = self._heads[at]

    def indicators(self, taken: AbstractSet[int]) -> tuple[int, ...]:
        """The column headed "Indicator", else every column headed so in more words, else what stands in for it."""
        named = [(at, found) for at, found in self._known(taken) if found.role == "indicator"]
        exact = [at for at, found in named if found.exact and self._texts[at]]
        if exact:
            return (exact[0],)
        if named:
            return tuple(at for at, _ in named if self._texts[at]) or (named[0][0],)
        other = [at for at, found in self._known(taken) if found.role == "definition" and found.of == "indicator"]
        other += [at for at, found in self._known(taken) if found.role == "measure"]
        return tuple(other[:1])

    def levels(self, indicator: int, taken: AbstractSet[int]) -> list[tuple[str, int]]:
        """The columns of sections and objectives: those left of the indicators, or else any."""
        known = [(at, found) for at, found in self._known(taken) if self._is_level(at, found, indicator)]
        levels = [at for at, _ in known if at < indicator] or [at for at, _ in known]
        left = [at for at in range(indicator) if at not in taken and at not in levels]
        if not levels:
            bare = [at for at in left if self._is_bare_level(at)]
            levels = (bare or [at for at in left if self._reads_like_level(at)])[-2:]
        if len(levels) == 1:
            above = [at for at in left if at < levels[0] and (self._is_bare_level(at) or self._has_role(at, "type"))]
            levels = [*above[-1:], *levels]
        if len(levels) == 1:
            sorts = self._has_role(levels[0], "section") or self._has_role(levels[0], "type")
            is_section = sorts and not _is_goal(self._heads[levels[0]])
            return [("section" if is_section else "objective", levels[0])]
        middle = [("middle", levels[-2])] if len(levels) > 2 else []
        return [("section", levels[0]), *middle, ("objective", levels[-1])] if levels else []

    def says_level(self, at: int) -> bool:
        """Whether a head says that its column holds sections or objectives."""
        found = self._meanings[at]
        return found is not None and found.role in LEVELS

    def first_level(self, after: int, before: int, taken: AbstractSet[int]) -> int | None:
        """The first column of aims between two columns of indicators."""
        known = (at for at, found in self._known(taken) if self._is_level(at, found, before))
        return next((at for at in known if after < at < before), None)

    def codes(self, layout: Layout, taken: AbstractSet[int]) -> dict[str, int]:
        """The columns of identifiers by level: as their heads say, else before the next column of texts."""
        found: dict[str, int] = {}
        places = {"section": layout.section, "objective": layout.objective, "indicator": layout.indicators[0]}
        for exact in (True, False):
            for at, known in self._known(taken):
                if known.role == "code" and known.of and known.exact is exact and places.get(known.of) is not None:
                    found.setdefault(known.of, at)
        used = taken | set(found.values())
        bare = [at for at, known in self._known(used) if known.role == "code" and not known.of]
        bare += [at for at in range(len(self._heads)) if at not in used and self._is_bare_code(at)]
        for at in sorted(bare):
            after = [(column, level) for level, column in places.items() if column is not None and column > at]
            level = min(after)[1] if after else ""
            if level in ("section", "objective") and self._counts_rows(at, places):
                level = "indicator"
            if level and level not in found:
                found[level] = at
        return found

    def _numbers_next(self, at: int) -> bool:
        """Whether a column has only the identifiers of the next one, over which no head stands but its own."""
        under, beside = self._texts[at], self._texts[at + 1]
        is_shared = self._heads[at + 1] in ("", self._heads[at])
        return is_shared and _are_codes(under) and len(beside) >= len(under) and not _are_codes(beside)

    def only(self, role: str, taken: AbstractSet[int]) -> int | None:
        return next((at for at, found in self._known(taken) if found.role == role), None)

    def attributes(self, taken: AbstractSet[int]) -> Iterator[tuple[str, int]]:
        for at, found in self._known(taken):
            if found.role in (*_VALUES, "year"):
                yield found.role, at

    def _known(self, taken: AbstractSet[int]) -> list[tuple[int, Meaning]]:
        return [(at, found) for at, found in enumerate(self._meanings) if found and at not in taken]

    def _is_level(self, at: int, found: Meaning, indicator: int) -> bool:
        if found.role == "target":
            texts = self._texts[at]
            return at < indicator and (_mean_words(texts) >= _TEXT_WORDS or _are_numbered(texts))
        return found.role in ("section", "objective")

    def _is_bare_level(self, at: int) -> bool:
        return not self._heads[at] and bool(self._texts[at]) and not _are_codes(self._texts[at])

    def _has_role(self, at: int, role: str) -> bool:
        found = self._meanings[at]
        return found is not None and found.role == role

    def _reads_like_level(self, at: int) -> bool:
        """Whether a column holds texts whose head says no role, only "Description", or a level of something."""
        found = self._meanings[at]
        return (
            (found is None or found.role == "definition" or (found.role == "type" and not found.exact))
            and _mean_words(self._texts[at]) >= 2
            and not _are_codes(self._texts[at])
        )

    def _is_bare_code(self, at: int) -> bool:
        return not self._heads[at] and _are_codes(self._texts[at])

    def _counts_rows(self, at: int, places: dict[str, int | None]) -> bool:
        """Whether a column numbers the indicators, though it stands before another: it has as many, nearly all unlike.

        A number may come again by mistake, or where a spreadsheet turned 1.10 into 1.1.
        """
        numbers, indicators = self._texts[at], self._texts[places["indicator"] or 0]
        upper = [column for level, column in places.items() if level != "indicator" and column is not None]
        fewer = all(len(set(self._texts[column])) < len(set(numbers)) for column in upper)
        return fewer and len(numbers) >= len(indicators) > 0 and 10 * len(set(numbers)) >= 8 * len(numbers)


def _is_goal(head: str) -> bool:
    """Whether a head that may name a section names an aim all the same: a goal, an objective."""
    return bool({"goal", "goals", "objective", "objectif", "objetivo", "but"} & set(words_of(head)))


def _are_codes(texts: Sequence[str]) -> bool:
    codes = [text for text in texts if looks_like_code(text)]
    return bool(texts) and 10 * len(codes) >= 8 * len(texts)


def _are_numbered(texts: Sequence[str]) -> bool:
    """Whether most texts begin with an identifier, as aims do and values do not."""
    numbered = [split for text in texts if (split := split_identifier(text)) and split.text]
    return bool(texts) and 10 * len(numbered) >= 8 * len(texts)


def _mean_words(texts: Sequence[str]) -> float:
    return sum(len(text.split()) for text in texts) / len(texts) if texts else 0


def described(layout: Layout) -> tuple[list[str], list[str]]:
    """What is read from which column, and the columns that are not used, each as a person finds it."""
    read = [f"{role}: {_named(layout, column)}" for role, column in layout.uses()]
    return read, [_named(layout, column) for column in layout.unused() if layout.head(column)]


def _named(layout: Layout, column: int) -> str:
    head = layout.head(column)
    return f"column {column_letter(column)} “{head}”" if head else f"column {column_letter(column)}, which has no head"
