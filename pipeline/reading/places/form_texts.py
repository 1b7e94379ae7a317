"""Recognises the texts of the form itself in any language: headings, questions, and all that it prints itself.

What is none of them was written by the respondent.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from questionnaire.blanks import visible_text
from questionnaire.codelists import Codelist, Wording, choice_key
from questionnaire.declaration.earlier.wordings_before import INDICATOR, Worded, worded
from questionnaire.layout import Column, Layout, Slot
from questionnaire.messages import finding_wording, keys, wording
from questionnaire.rules.rule import AUTOMATIC
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW, SIGNS, tab_names
from questionnaire.table_columns import column_key
from questionnaire.typography import unbroken

HEADINGS = {
    Column.NUMBER: "column_number",
    Column.QUESTION: "column_question",
    Column.ANSWER: "column_answer",
    Column.IF_NONE: "column_if_none",
    Column.HELP: "column_help",
    Column.CHECK: "column_check",
    Column.COMMENT: "column_comment",
    Column.PREVIOUS: "column_previous",
    Column.CONFIRM: "column_confirm",
}
"""The key of each visible heading in `wordings/workbook.toml`."""

_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
# A text that is all placeholder would be found in anything.
_FRAMED = re.compile(r"\w{4,}[^{}]*\{\w+\}|\{\w+\}[^{}]*\w{4,}")
_JOINT = re.compile(r" – |\s+·\s+|\n")
_MOST_JOINTS = 40
_KEPT, _LONGEST_KEPT = 8192, 1000
"""How many texts are known to be own or not, and their characters: every return shows the same, and 8 MB at most."""

# The sign of a remark and the code of a level stand before the text (earlier: √, and two spaces).
_MARKED = re.compile(r"\s*[×!●✓√–] ")
# Behind the name of the sheet that a link leads to.
_LEADS_TO = " →"
_LEVEL = re.compile(r"\w+(?:  | – )(.+)")
_SENT_SHEETS = (COVER, OVERVIEW, CHECKS, GLOSSARY)
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")


class FormTexts:
    """The texts of one instrument's workbook, ready for looking up."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._labels: dict[str, frozenset[str]] = {}
        self._asked: dict[str, Mapping[str, tuple[Slot, ...]]] = {}
        self._known_own = lru_cache(maxsize=_KEPT)(self._is_own)

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
        """True if a text holds the question of this slot, in any language, and is not what its indicator says."""
        seen, labels = choice_key(text), self._labels_of(slot)
        return seen in labels or (seen not in self._heads[slot.block.code] and any(label in seen for label in labels))

    def is_label(self, slot: Slot, text: str) -> bool:
        """True if a text is the question of this slot and nothing more, in any language, as it is or was worded."""
        labels = self._labels.get(slot.key) or self._labels_of(slot)
        return text in labels or choice_key(text) in labels

    def _labels_of(self, slot: Slot) -> frozenset[str]:
        """Its question as it stands in a cell, and as `choice_key`."""
        if slot.key not in self._labels:
            label = wording("workbook", f"part_{unit}") if (unit := slot.field.asks_unit) else slot.field.label
            printed = (unbroken(text, language) for language, text in label.items())
            texts = (*printed, *self._before.get(worded(slot.question, slot.field), ()))
            self._labels[slot.key] = frozenset((*texts, *map(choice_key, texts)))
        return self._labels[slot.key]

    @cached_property
    def _before(self) -> Mapping[Worded, tuple[str, ...]]:
        """The older wordings of each thing that has some."""
        found: dict[Worded, tuple[str, ...]] = {}
        for before in self._layout.instrument.wordings_before:
            thing = before.kind, before.code
            found[thing] = (*found.get(thing, ()), before.text)
        return found

    def asked_by(self, slot: Slot, text: str) -> tuple[Slot, ...]:
        """The slots of the same block whose question a text is."""
        block = slot.indicator
        if block.code not in self._asked:
            found: dict[str, tuple[Slot, ...]] = defaultdict(tuple)
            for other in (self._layout.slot(block.code, field.code) for field in block.fields):
                for label in self._labels_of(other):
                    found[label] = (*found[label], other)
            self._asked[block.code] = found
        return self._asked[block.code].get(choice_key(text), ())

    def is_of_form(self, text: str) -> bool:
        """True for a question of any block, as it is or was worded, and for any other text that the form prints."""
        return self.is_question(text) or self.is_own(text)

    def is_question(self, text: str) -> bool:
        """True for the question of any slot, in any language, as it is or was worded."""
        return choice_key(text) in self._questions

    @cached_property
    def _questions(self) -> frozenset[str]:
        return frozenset(label for slot in self._layout.slots for label in self._labels_of(slot))

    def heads_other(self, code: str, text: str) -> bool:
        """True for a text that the form shows, but not beside the code of this indicator in the head of its block."""
        return choice_key(text) not in self._heads[code] and self.is_of_form(text)

    @cached_property
    def _heads(self) -> Mapping[str, frozenset[str]]:
        """By its code: what an indicator says, as it is or was worded."""
        return {
            indicator.code: frozenset(
                map(choice_key, (*indicator.text.values(), *self._before.get((INDICATOR, indicator.code), ())))
            )
            for indicator in self._layout.instrument.indicators
        }

    def is_indicator(self, text: str) -> bool:
        """True for the code of an indicator, as it stands in the head of a block."""
        return text in self._heads

    def is_own(self, text: str) -> bool:
        """True for a text that the questionnaire prints by itself, also where a cell joins several of them."""
        return self._known_own(text) if len(text) <= _LONGEST_KEPT else self._is_own(text)

    def _is_own(self, text: str) -> bool:
        if self._is_printed(text):
            return True
        ends = [(0, 0), *(found.span() for found in _JOINT.finditer(text)), (len(text), len(text))]
        if not 2 < len(ends) <= _MOST_JOINTS:
            return False
        # Whether the text is own up to a joint: of each piece between two joints, only the earlier one matters.
        own = [True] + [False] * (len(ends) - 1)
        for end in range(1, len(ends)):
            starts = (start for start in range(end) if own[start])
            own[end] = any(self._is_printed(text[ends[start][1] : ends[end][0]]) for start in starts)
        return own[-1]

    @cached_property
    def listed(self) -> frozenset[str]:
        """What stands alone where the form lists things: codes of sections, numbers of objectives, names of sheets."""
        instrument = self._layout.instrument
        objectives = (indicator.objective_number for indicator in instrument.indicators)
        return frozenset((*(section.code for section in instrument.sections), *objectives, *self._tabs.values()))

    @cached_property
    def _tabs(self) -> Mapping[str, str]:
        return tab_names(self._layout)

    def _is_printed(self, text: str) -> bool:
        level = _LEVEL.fullmatch(text)
        if level and choice_key(level[1]) in self._levels:
            return True
        bare = _MARKED.sub("", text, count=1) if _MARKED.match(text) else text
        if choice_key(bare) in self._fixed or choice_key(bare.removesuffix(_LEADS_TO)) in self._fixed:
            return True
        return self._filled.fullmatch(visible_text(bare)) is not None

    def is_own_sheet(self, name: str) -> bool:
        """True for the name of one of the questionnaire's sheets, today or earlier; hidden ones begin with _."""
        return name.startswith("_") or choice_key(name) in self._sheet_names

    def is_section_sheet(self, name: str, section: str) -> bool:
        """True for the name that a section's sheet is sent with, or was earlier, when its label stood there."""
        label = next(sheet.section.label for sheet in self._layout.sheets if sheet.code == section)
        code, key = choice_key(section), choice_key(name)
        sent = (choice_key(_NOT_IN_TABS.sub(" ", f"{section} {text}")) for text in label.values())
        if key in (code, choice_key(self._tabs[section])):
            return True
        # No program takes more than 31 characters.
        return key.startswith(code) and any(text.startswith(key) for text in sent)

    def absent_sheets(self, names: Iterable[str]) -> list[str]:
        """The visible sheets without answers of which none is there, neither by its sign nor by an earlier name."""
        there = {choice_key(name) for name in names}
        is_earlier = there.isdisjoint(map(choice_key, self._tabs.values()))
        titles = {key: _texts("workbook", f"sheet_{key}") for key in _SENT_SHEETS}
        return [
            own[0] if is_earlier else SIGNS[key]
            for key, own in titles.items()
            if there.isdisjoint(map(choice_key, (SIGNS[key], *own)))
        ]

    @cached_property
    def _sheet_names(self) -> frozenset[str]:
        """As `choice_key`; earlier, the sheets without questions were called by their titles."""
        titles = (text for key in SIGNS for text in _texts("workbook", f"sheet_{key}"))
        codes = (sheet.code for sheet in self._layout.sheets)
        return frozenset(map(choice_key, (*titles, *codes, *SIGNS.values(), *self._tabs.values())))

    @cached_property
    def _fixed(self) -> frozenset[str]:
        instrument = self._layout.instrument
        found = {choice_key(text) for text in self._printed() if "{" not in text}
        found |= {choice_key(indicator.code) for indicator in instrument.indicators}
        # The signs of other sheets may be ticks of the respondent.
        found |= {choice_key(name) for key, name in self._tabs.items() if key not in SIGNS}
        # What can be chosen as an answer was written by the respondent, wherever it stands.
        choices = {choice_key(text) for codelist in instrument.codelists.values() for text in _choices(codelist)}
        return frozenset(found - choices)

    @cached_property
    def _levels(self) -> frozenset[str]:
        """What the levels of a scale mean; some are no more than “no”, which alone is an answer."""
        types = [indicator.indicator_type for indicator in self._layout.instrument.indicators]
        return frozenset(choice_key(text) for item in types for levels in item.anchors.values() for text in levels)

    @cached_property
    def _filled(self) -> re.Pattern[str]:
        """Texts with placeholders, whatever fills them."""
        texts = sorted({visible_text(text) for text in self._printed() if _FRAMED.search(text)})
        return re.compile("|".join(_PLACEHOLDER.sub(".*?", re.escape(text)) for text in texts) or r"(?!)", re.DOTALL)

    def _printed(self) -> Iterator[str]:
        for key in keys("workbook"):
            yield from _texts("workbook", key)
        for text in self._wordings():
            yield from text.values()

    def _wordings(self) -> Iterator[Wording]:
        instrument = self._layout.instrument
        yield from (instrument.title, instrument.unofficial)
        for section in instrument.sections:
            yield section.label
        for indicator in instrument.indicators:
            yield from (indicator.objective, indicator.text, indicator.help, indicator.indicator_type.label)
        for question in instrument.questions.values():
            yield from (question.label, question.help)
        for field in instrument.fields.values():
            yield from (field.label, field.unit)
        for codelist in instrument.codelists.values():
            for code in codelist.codes:
                yield code.definition
        for block in instrument.lists:
            yield from (block.label, block.help)
            for question in block.questions:
                yield from (question.label, question.help, *(field.unit for field in question.fields))
        for before in instrument.wordings_before:
            yield {"": before.text}
        for rule in instrument.rules:
            yield from (rule.message, rule.remedy)
        yield from (finding_wording(rule).short for rule in AUTOMATIC)


def _choices(codelist: Codelist) -> Iterator[str]:
    for code in codelist.codes:
        yield from (code.code, *code.label.values())


def _texts(catalogue: str, key: str) -> tuple[str, ...]:
    return tuple(wording(catalogue, key).values())
