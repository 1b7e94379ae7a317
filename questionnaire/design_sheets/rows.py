"""Declares the rows of the design sheets, each with the place where it stands, whatever they come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from questionnaire.declaration.instrument import ONLY_SECTION
from questionnaire.design_sheets.plan import (
    INDICATORS,
    LISTS,
    README,
    SETTING_TEXTS,
    SHEETS,
    TABLES,
    ordered_languages,
    plan_of,
)
from questionnaire.indicator_table.identifiers import objective_code


@dataclass(frozen=True)
class DesignRow:
    """One line of a sheet: its cells by column, texts with their language behind (label_fr), none of them empty.

    `line` is its row in the sheet, 0 where it stands in none. `elsewhere` has the cells that stand in another line or
    sheet, such as translations on the sheet Texts: sheet, line, head of the column.
    """

    cells: Mapping[str, str]
    line: int = 0
    elsewhere: Mapping[str, tuple[str, int, str]] = field(default_factory=dict)

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def wording(self, column: str) -> dict[str, str]:
        """A text by language, in the order of its cells."""
        stem = f"{column}_"
        return {name.removeprefix(stem): text for name, text in self.cells.items() if _is_language(name, stem)}


def _is_language(name: str, stem: str) -> bool:
    return name.startswith(stem) and 1 < len(name.removeprefix(stem)) < 4


@dataclass(frozen=True)
class DesignText:
    """One text of a line, which the sheet Texts has in further languages: where it is used, and in which column."""

    sheet: str
    line: str
    column: str
    wording: Mapping[str, str]


@dataclass(frozen=True)
class DesignRows:
    """An instrument as rows: its settings as one, and the lines of each sheet."""

    settings: DesignRow
    sheets: Mapping[str, Sequence[DesignRow]]

    @property
    def official(self) -> str:
        return self.settings.get("official_language")

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages that the instrument offers beside the official one."""
        return tuple(one for one in self.settings.get("languages").split() if one != self.official)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """All languages that some text has, the official one first."""
        return ordered_languages(
            self.official, self.offered, {language for text in self.texts() for language in text.wording}
        )

    def in_order(self, wording: Mapping[str, str]) -> dict[str, str]:
        """A text by language, the official one first."""
        return {language: wording[language] for language in self.languages if language in wording}

    def texts(self) -> Iterator[DesignText]:
        """Every text that there is in some language, in the order of the sheets."""
        for column in SETTING_TEXTS:
            if wording := self.settings.wording(column):
                yield DesignText(README, column, column, wording)
        for plan in SHEETS:
            seen: set[tuple[str, str]] = set()
            for row, named in zip(self.sheets[plan.name], names_of(plan.name, self.sheets[plan.name]), strict=True):
                for column in plan.wordings:
                    line = objective_of(row) if (plan.name, column) == (INDICATORS, "objective") else named
                    if (line, column) in seen or not (wording := row.wording(column)):
                        continue
                    if column == "reason" and [*wording] == ["en"] and self.official == "en":
                        continue  # why a rule is there may be said in English alone
                    seen.add((line, column))
                    yield DesignText(plan.name, line, column, wording)


def objective_of(row: DesignRow) -> str:
    """How the texts of the objective of an indicator are named: A01 for objective 1 of section A."""
    return objective_code(row.get("section") or ONLY_SECTION, row.get("objective_code"))


def names_of(sheet: str, rows: Sequence[DesignRow]) -> list[str]:
    """How the sheet Texts names each line of another sheet."""
    if sheet == TABLES:
        return _names_in_tables(rows)
    separator = "." if sheet == LISTS else " "
    return [separator.join(row.get(column) for column in plan_of(sheet).key) for row in rows]


_NAMED_BY = {"dimension": "codelist", "column": "column", "option": "code"}


def _names_in_tables(rows: Sequence[DesignRow]) -> list[str]:
    """A list or table by its code, a part by what names it: agreements.column.partner."""
    found = []
    for row in rows:
        part = row.get("part")
        own = () if part in ("list", "table") else (part, *([row.get(_NAMED_BY[part])] if part in _NAMED_BY else ()))
        found.append(".".join((row.get("table"), *own)))
    return found
