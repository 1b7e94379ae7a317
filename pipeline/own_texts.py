"""Owns recognising the questionnaire's own texts in any language: headings, questions, and all that it prints itself.

What is none of them was written by the respondent.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from questionnaire.blanks import visible_text
from questionnaire.codelists import Codelist, Wording, choice_key
from questionnaire.layout import Column, Layout, Slot, column_key
from questionnaire.messages import keys, wording

HEADINGS = {
    Column.NUMBER: "column_number",
    Column.QUESTION: "column_question",
    Column.ANSWER: "column_answer",
    Column.IF_NONE: "column_if_none",
    Column.HELP: "column_help",
    Column.CHECK: "column_check",
    Column.COMMENT: "column_comment",
    Column.LAST: "column_last",
    Column.CONFIRM: "column_confirm",
}
"""The key of each visible heading in `wordings/workbook.toml`."""

_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
# A text that is all placeholder would be found in anything.
_FRAMED = re.compile(r"\w{4,}[^{}]*\{\w+\}|\{\w+\}[^{}]*\w{4,}")
_JOINT = re.compile(r" – |\s+·\s+|\n")
_SHEETS = "sheet_"


class OwnTexts:
    """The texts of one instrument's workbook, ready for looking up."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._labels: dict[str, frozenset[str]] = {}

    @cached_property
    def headings(self) -> dict[str, Column]:
        """Column by its visible heading, in any language, as `choice_key`."""
        return {choice_key(text): column for column, key in HEADINGS.items() for text in _texts("workbook", key)}

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the questionnaire was sent with."""
        return self._layout.columns

    @cached_property
    def header_keys(self) -> dict[str, Column]:
        """Column by the text in its hidden header cell."""
        return {column_key(column): column for column in Column}

    def asks(self, slot: Slot, text: str) -> bool:
        """True if a text is the question of this slot, in any language."""
        key = slot.key
        if key not in self._labels:
            self._labels[key] = frozenset(map(choice_key, slot.field.label.values()))
        seen = choice_key(text)
        return any(label in seen for label in self._labels[key])

    def is_own(self, text: str) -> bool:
        """True for a text that the questionnaire prints by itself."""
        if choice_key(text) in self._fixed or self._filled.fullmatch(visible_text(text)):
            return True
        # Some cells join several of them: “Objective 3 – Strengthen …”.
        halves = ((text[: found.start()], text[found.end() :]) for found in _JOINT.finditer(text))
        return any(self.is_own(left) and self.is_own(right) for left, right in halves)

    def is_own_sheet(self, name: str) -> bool:
        """True for the name of one of the questionnaire's sheets, in any language; hidden ones begin with _."""
        return name.startswith("_") or choice_key(name) in self._sheet_names

    @cached_property
    def _sheet_names(self) -> frozenset[str]:
        names = {
            choice_key(text) for key in keys("workbook") if key.startswith(_SHEETS) for text in _texts("workbook", key)
        }
        return frozenset(names | {choice_key(sheet.code) for sheet in self._layout.sheets})

    @cached_property
    def _fixed(self) -> frozenset[str]:
        instrument = self._layout.instrument
        found = {choice_key(text) for text in self._printed() if "{" not in text}
        found |= {choice_key(indicator.code) for indicator in instrument.indicators}
        # What can be chosen as an answer was written by the respondent, wherever it stands.
        choices = {choice_key(text) for codelist in instrument.codelists.values() for text in _choices(codelist)}
        return frozenset(found - choices)

    @cached_property
    def _filled(self) -> re.Pattern[str]:
        """Texts with placeholders, whatever fills them."""
        texts = sorted({visible_text(text) for text in self._printed() if _FRAMED.search(text)})
        return re.compile("|".join(_PLACEHOLDER.sub(".*?", re.escape(text)) for text in texts) or r"(?!)", re.DOTALL)

    def _printed(self) -> Iterator[str]:
        for key in keys("workbook"):
            yield from _texts("workbook", key)
        instrument = self._layout.instrument
        for text in self._wordings():
            yield from text.values()
        for indicator in instrument.indicators:
            for levels in indicator.kind.anchors.values():
                yield from levels

    def _wordings(self) -> Iterator[Wording]:
        instrument = self._layout.instrument
        yield from (instrument.title, instrument.unofficial)
        for section in instrument.sections:
            yield section.label
        for indicator in instrument.indicators:
            yield from (indicator.objective, indicator.text, indicator.help, indicator.kind.label)
        for question in instrument.questions.values():
            yield from (question.label, question.help)
        for field in instrument.fields.values():
            yield field.label
        for codelist in instrument.codelists.values():
            for code in codelist.codes:
                yield code.definition
        for roster in instrument.rosters:
            yield from (roster.label, roster.help)
            for column in roster.columns:
                yield from (column.label, column.help)
        for rule in instrument.rules:
            yield from (rule.message, rule.remedy)


def _choices(codelist: Codelist) -> Iterator[str]:
    for code in codelist.codes:
        yield from (code.code, *code.label.values())


def _texts(catalogue: str, key: str) -> tuple[str, ...]:
    return tuple(wording(catalogue, key).values())
