"""Writes the hidden sheet of texts: a row per text, with the text in the chosen language and in each of them.

Whatever a person reads in the workbook is a formula that takes it from there, with the text in the respondent's own
language as its cached value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import Any, NamedTuple

from questionnaire.addresses import column_letter
from questionnaire.cell_texts import beginning
from questionnaire.codelists import Wording
from questionnaire.messages import in_language, keys, wording
from questionnaire.sheet_names import TEXTS_SHEET
from questionnaire.typography import unbroken
from questionnaire.workbook.package import UNWRITABLE

CATALOGUE = "workbook"
LANGUAGE_NAME = "acopio_language"
"""The defined name of the cell that holds the number of the chosen language, from 1."""

TEXTS_NAME = "acopio_texts"
"""The defined name of the cells that hold every text in the chosen language: INDEX(acopio_texts,row) is one."""

OFFICIAL_NAME = "acopio_official"
"""The defined name of the cells that hold every text in the official language, in the same order."""

_NUMBER, _NAMES, _LIVE, _FIRST = range(4)
"""The columns: the number of the chosen language, the names of all, the texts in the chosen one, those in the first."""


@dataclass(frozen=True)
class LiveText:
    """A live text: the expression that yields it, what it is at first, and what it may become."""

    expression: str
    cached: str
    every: tuple[str, ...]

    @property
    def formula(self) -> str:
        return f"={self.expression}"

    def then(self, separator: str, other: "LiveText") -> "LiveText":
        """This text, a separator, the other one: put together in the cell, so that neither is stored twice."""
        between = separator.replace("\n", '"&CHAR(10)&"')
        expression = f'{self.expression}&"{between}"&{other.expression}'.replace('&""&', "&")
        every = tuple(f"{a}{separator}{b}" for a, b in zip(self.every, other.every, strict=True))
        return LiveText(expression, f"{self.cached}{separator}{other.cached}", every)

    def where(self, condition: str, other: "LiveText") -> "LiveText":
        """This text where a condition of the sheet is true, as it is at first; the other one where it is not."""
        every = tuple(max(pair, key=len) for pair in zip(self.every, other.every, strict=True))
        return LiveText(f"IF({condition},{self.expression},{other.expression})", self.cached, every)

    def filled(self, **parts: tuple[str, str]) -> "LiveText":
        """The text with {placeholders} filled in by the sheet itself: name=(expression, cached value)."""
        expression, cached, every = self.expression, self.cached, self.every
        for name, (part, value) in parts.items():
            sign = f"{{{name}}}"
            expression = f'SUBSTITUTE({expression},"{sign}",{part})'
            cached = cached.replace(sign, value)
            every = tuple(text.replace(sign, value or "000") for text in every)
        return LiveText(expression, cached, every)


class TextCell(NamedTuple):
    """A cell of the sheet of texts, row and column counted from 0: a text, and the formula that yields it, if any."""

    row: int
    column: int
    text: str
    formula: str = ""


class Texts:
    """Collects the texts of one workbook, each once, and hands out where each one lives.

    `languages` are those on offer, `official` the one an untranslated text is shown in, `language` the respondent's.
    """

    def __init__(self, languages: Sequence[str], official: str, language: str) -> None:
        self.languages = tuple(languages)
        self._official, self._language = official, language
        self._rows: dict[tuple[str, ...], int] = {}

    def copy(self) -> "Texts":
        """What is collected so far, of which each copy goes on by itself."""
        copied = Texts(self.languages, self._official, self._language)
        copied._rows = self._rows.copy()
        return copied

    def __len__(self) -> int:
        """How many texts there are, and so the number of the last row."""
        return len(self._rows)

    def say(self, key: str, **values: object) -> LiveText:
        """A sentence of the workbook's own; a value may itself be a wording."""
        return self.add(self.wording(key, **values))

    def wording(self, key: str, **values: object) -> Wording:
        """The same, not yet a live text: to be made part of one."""
        templates = wording(CATALOGUE, key)
        if not values:
            return {language: self._in(templates, language) for language in self.languages}
        return {language: self._format(templates, language, values) for language in self.languages}

    def add(self, texts: Wording) -> LiveText:
        """A text of the instrument or the round."""
        every = tuple(self._in(texts, language) for language in self.languages)
        return LiveText(
            f"INDEX({TEXTS_NAME},{self._row_of(every)})", every[self.languages.index(self._language)], every
        )

    def join(self, separator: str, *texts: Wording) -> LiveText:
        """Several texts one after the other; those without any content are left out."""
        kept = [self.add(item) for item in texts if any(item.values())]
        return reduce(lambda joined, item: joined.then(separator, item), kept)

    def official(self, texts: Wording) -> LiveText:
        """A text as it is in the official language, whatever language is chosen."""
        text = unbroken(texts[self._official], self._official)
        if self._official not in self.languages:
            return self.add(dict.fromkeys(self.languages, text))
        row = self._row_of(self.add(texts).every)
        return LiveText(f"INDEX({OFFICIAL_NAME},{row})", text, (text,) * len(self.languages))

    def where_official(self, standing: LiveText, other: LiveText) -> LiveText:
        """One text while the official language is chosen, another one while any other is."""
        number = self.languages.index(self._official) + 1 if self._official in self.languages else 0
        every = tuple(
            (standing if language == self._official else other).every[place]
            for place, language in enumerate(self.languages)
        )
        cached = every[self.languages.index(self._language)]
        return LiveText(f"IF({LANGUAGE_NAME}={number},{standing.expression},{other.expression})", cached, every)

    @property
    def names_range(self) -> str:
        """The names of the languages, each in itself: what the dropdown on the Cover offers."""
        return _area(_NAMES, 1, len(self.languages))

    @property
    def language_name(self) -> str:
        """The name of the respondent's language, in itself."""
        return self._name(self._language)

    def write(self, workbook: Any, sheet: Any, chosen: str) -> None:
        """Write everything collected; `chosen` is the cell with the name of the chosen language."""
        default, count = self.languages.index(self._language) + 1, len(self)
        sheet.write_formula(0, _NUMBER, f"=IFERROR(MATCH({chosen},{self.names_range},0),{default})", None, default)
        workbook.define_name(LANGUAGE_NAME, f"={TEXTS_SHEET}!${column_letter(_NUMBER)}$1")
        workbook.define_name(TEXTS_NAME, f"={_area(_LIVE, 1, count)}")
        if self._official in self.languages:
            official = _FIRST + self.languages.index(self._official)
            workbook.define_name(OFFICIAL_NAME, f"={_area(official, 1, count)}")
        for row, language in enumerate(self.languages):
            sheet.write_string(row, _NAMES, self._name(language))
        for row, column, text, formula in self.cells():
            if formula:
                sheet.write_formula(row, column, formula, None, text)
            else:
                sheet.write_string(row, column, text)

    def cells(self, known: int = 0) -> Iterator[TextCell]:
        """The cells of the texts that came after so many."""
        for every, number in islice(self._rows.items(), known, None):
            live = in_chosen_language(number, _FIRST, len(self.languages))
            yield TextCell(number - 1, _LIVE, every[self.languages.index(self._language)], live)
            for column, text in enumerate(every, _FIRST):
                yield TextCell(number - 1, column, text)

    def _row_of(self, every: tuple[str, ...]) -> int:
        """The row of a text, counted from 1."""
        return self._rows.setdefault(every, len(self._rows) + 1)

    def _in(self, texts: Wording, language: str) -> str:
        """The text in a language; where it is missing, the official one, marked with its language."""
        if text := texts.get(language):
            return _writable(unbroken(text, language))
        fallback = in_language(texts, language, self._official)
        found = next((code for code, text in texts.items() if text == fallback), "")
        return _writable(f"[{found}] {unbroken(fallback, found)}") if fallback else ""

    def _format(self, templates: Wording, language: str, values: Mapping[str, object]) -> str:
        template = self._in(templates, language)
        in_words = {
            key: self._in(value, language) if isinstance(value, Mapping) else value for key, value in values.items()
        }
        return template.format(**in_words)

    @staticmethod
    def _name(language: str) -> str:
        """The name of a language in itself; its code, where Acopio has no name for it."""
        key = f"language_{language}"
        return in_language(wording(CATALOGUE, key), language) if key in keys(CATALOGUE) else language


def in_chosen_language(row: int, first_column: int, languages: int) -> str:
    """The formula for the text in the chosen language, of those that stand side by side in a row counted from 1."""
    first, last = column_letter(first_column), column_letter(first_column + languages - 1)
    # Gnumeric takes no INDEX of a single cell.
    return f"=INDEX({first}{row}:{last}{row},1,{LANGUAGE_NAME})" if languages > 1 else f"={first}{row}"


def _writable(text: str) -> str:
    """The text without what XML cannot hold, and no longer than a cell can be."""
    return beginning(UNWRITABLE.sub("", text))


def _area(column: int, first_row: int, last_row: int) -> str:
    letter = column_letter(column)
    return f"{TEXTS_SHEET}!${letter}${first_row}:${letter}${last_row}"
