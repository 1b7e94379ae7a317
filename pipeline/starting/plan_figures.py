"""Makes reference values of the baselines and targets of an indicator table: figures of the plan, the same for all.

A cell that is a plain number becomes one, with its unit and its year. What else stands there stays a text of the help.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.reading.values.numbers import decimal_sign, read_number
from questionnaire.indicator_table.identifiers import safe_name, underscored
from questionnaire.indicator_table.records import Attribute, Indicator
from questionnaire.messages import LANGUAGES, say
from questionnaire.proposals.phrases import Words, phrases
from questionnaire.proposals.proposal import FIGURES
from questionnaire.tables_written import csv_text, inline, quoted

ROLES = ("baseline", "target")
_WORDS = "new_instrument"
_YEARS = r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))?"
_DATED = re.compile(rf"(?P<cell>.*?\S)\s*(?:[(\[]\s*|,?\s+(?:in|en|em)\s+)(?P<period>{_YEARS})\s*[)\]]?")
_NUMBER = re.compile(r"(?P<before>\D*?)\s*(?P<number>[-−–+]?\s?\d(?:[\d\s.,'’]*\d)?)\s*(?P<after>\D*)")
_KNOWN_UNITS = (
    ("unit_words", ("percent", "amount", "count")),
    ("measure_words", ("units",)),
)


@dataclass(frozen=True)
class PlanFigure:
    """One figure of the plan: the `item` it is in the instrument, and under which head of the table it stands."""

    item: str
    role: str
    head: str
    value: float
    unit: str
    period: str


@dataclass(frozen=True)
class PlanFigures:
    """The figures of the indicators of a table, by code; `figure_types` are their indicator types."""

    indicators: Mapping[str, Indicator]
    figure_types: Mapping[str, str]
    language: str

    def of(self, code: str) -> tuple[PlanFigure, ...]:
        """The figures of an indicator, in the order of the columns."""
        return tuple(figure for figure, _ in self._found.get(code, ()))

    def stays_text(self, code: str, attribute: Attribute) -> bool:
        """Whether what the table says of an indicator is no figure of the plan, and stays in its help."""
        return not any(one is attribute for _, one in self._found.get(code, ()))

    @property
    def texts(self) -> Iterator[tuple[str, Attribute]]:
        """The baselines and targets that are no figures, each with the code of its indicator."""
        for code, indicator in self.indicators.items():
            for one in indicator.attributes:
                if one.role in ROLES and one.text.strip() and self.stays_text(code, one):
                    yield code, one

    @property
    def every(self) -> list[PlanFigure]:
        return [figure for found in self._found.values() for figure, _ in found]

    @cached_property
    def _found(self) -> dict[str, list[tuple[PlanFigure, Attribute]]]:
        cells = [one for indicator in self.indicators.values() for one in indicator.attributes if one.role in ROLES]
        signs = {comma: decimal_sign((one.text for one in cells), self.language if comma else "") for comma in (0, 1)}
        of_years = {
            head for head in {one.head for one in cells} if _are_years(one.text for one in cells if one.head == head)
        }
        found: dict[str, list[tuple[PlanFigure, Attribute]]] = {}
        for code, indicator in self.indicators.items():
            if self.figure_types[code] not in FIGURES:
                continue
            found[code] = []
            for one in indicator.attributes:
                if one.role not in ROLES or one.head in of_years:
                    continue
                whole = self.figure_types[code] == "COUNT"
                item = f"{one.role}_{underscored(safe_name(code)).lower()}"
                before = sum(figure.role == one.role for figure, _ in found[code])
                item += f"_{before + 1}" if before else ""
                if figure := _figure(item, one, indicator, signs["," in one.text], whole):
                    found[code].append((figure, one))
        return found

    def settings(self) -> Iterator[str]:
        """The items, as instrument.toml declares them."""
        for figure in self.every:
            label = {language: say(_WORDS, f"{figure.role}_of_plan", language) for language in LANGUAGES}
            yield from ("", "[[reference]]", f"item = {quoted(figure.item)}", f"label = {inline(label)}")

    def files(self) -> dict[str, str]:
        """reference.csv of the round, by its name; none where there is no figure."""
        lines = [
            {
                "respondent": "",
                "item": figure.item,
                "value": f"{figure.value:.15g}",
                "unit": figure.unit,
                "source": say(_WORDS, "source_of_plan", self.language, head=figure.head),
                "period": figure.period,
            }
            for figure in self.every
        ]
        return {"reference.csv": csv_text(lines)} if lines else {}


def _figure(item: str, cell: Attribute, indicator: Indicator, sign: str, whole: bool) -> PlanFigure | None:
    """The figure that a cell is; None where it says anything else, or could mean two numbers."""
    text = " ".join(cell.text.split())
    dated = _DATED.fullmatch(text)
    parts = _NUMBER.fullmatch(dated["cell"] if dated else text)
    if parts is None:
        return None
    before, after = parts["before"].strip(), parts["after"].strip()
    read = read_number(f"{before} {parts['number']}".strip(), sign, whole)
    if read.value is None or read.words.asks or read.words.year or not _is_unit(after, indicator):
        return None
    years = re.findall(_YEARS, cell.head)
    period = dated["period"] if dated else years[0] if len(years) == 1 else ""
    unit = " ".join(filter(None, (before.lstrip("+-").strip(), after))) or _unit(indicator)
    return PlanFigure(item, cell.role, cell.head, read.value, unit, period)


def _unit(indicator: Indicator) -> str:
    return next((one.text for one in indicator.attributes if one.role == "unit" and one.text.strip()), "")


def _is_unit(text: str, indicator: Indicator) -> bool:
    """Whether each word is one of units, of the column of units, or of the indicator itself: as in “12 wells”."""
    words = Words.of(text)
    known = {token.word for token in (*Words.of(indicator.text).tokens, *Words.of(_unit(indicator)).tokens)}
    covered = {n for n, token in enumerate(words.tokens) if token.word in known}
    for catalogue, groups in _KNOWN_UNITS:
        for group in groups:
            for one in words.find(group, phrases(catalogue, group)):
                covered.update(range(one.at, one.at + one.length))
    return len(covered) == len(words.tokens) and (bool(words.tokens) or not text)


def _are_years(texts: Iterator[str]) -> bool:
    """Whether all that stands in a column could be years: it says when, and not how much."""
    written = [text.strip() for text in texts if text.strip()]
    return bool(written) and all(re.fullmatch(_YEARS, text) for text in written)
