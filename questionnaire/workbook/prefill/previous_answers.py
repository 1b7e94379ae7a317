"""Owns how answers of the previous round stand in a workbook: shown beside the question, and as static helper values.

A section sheet is written once, with a token where each of them belongs; `filled` puts one respondent's in their place.
Whatever such an answer holds, it is a text, a number, or the row of a label: never a formula of its own.
"""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from questionnaire.declaration.answer_types import Selection, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.layout import Layout
from questionnaire.rules.answer_cells import helper_code, helper_number, listed
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.workbook.prefill.previous_heights import shows_whole, with_room
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

SHOWN, CODE, NUMBER = "ZQLASTQZ", "ZQTHENQZ", "ZQMANYQZ"
"""What stands, followed by the key of a slot, where the answer, its code and its number belong.

Each is one cell, and so is what comes in its place: the cells after it are placed by counting.
"""

_INSTEAD = "@"
"""Follows the key where another look may be needed, before the number of that look."""

_TOKEN = re.compile(
    rf'<c([^>]*) t="inlineStr"><is><t>({SHOWN}|{CODE}|{NUMBER})([^<{_INSTEAD}]+){_INSTEAD}?(\d*)</t></is></c>'
)
_LOOK = re.compile(r' s="\d+"')


def shown(key: str, look_of_a_long_text: int | None) -> str:
    """The token of a cell that shows an answer; a text that the row cannot hold takes another look, named by number."""
    return SHOWN + key + ("" if look_of_a_long_text is None else f"{_INSTEAD}{look_of_a_long_text}")


@dataclass(frozen=True)
class PreviousAnswers:
    """The answers of one respondent in the previous round, as they are shown in `language`."""

    answers: Answers
    layout: Layout
    lists: ListAddresses
    language: str

    def filled(self, part: str) -> str:
        """A part in XML with these answers in the place of its tokens, and with room for them."""
        first = _TOKEN.search(part) if SHOWN in part else None
        if first is None:
            return part
        section = self.layout.section(self.layout.by_key[first[3]].sheet)
        return with_room(_TOKEN.sub(self._placed, part), self.layout, section, self.answers)

    def _placed(self, token: re.Match[str]) -> str:
        attributes, kind, key, instead = token.groups()
        slot = self.layout.by_key[key]
        answer = self.answers.get((slot.block.code, slot.field.code))
        rest = "" if answer is None else self._cell(kind, slot.field, answer)
        if instead and answer is not None and not shows_whole(answer):
            attributes = _LOOK.sub(f' s="{instead}"', attributes)
        return f"<c{attributes}{rest}</c>" if rest else f"<c{attributes}/>"

    def _cell(self, token: str, field: Field, answer: Answer) -> str:
        """The rest of a cell in the place of a token, "" for an empty one."""
        if token == SHOWN:
            return self._shown(field, answer)
        if token == CODE:
            code = helper_code(field, answer, self.lists.missing_list)
            return f' t="inlineStr"><is><t>{escape(code)}</t></is>' if code else ""
        number = helper_number(field, answer)
        return "" if number is None else f"><v>{number:.16G}</v>"

    def _shown(self, field: Field, answer: Answer) -> str:
        """The rest of a cell that shows an answer in words, those of a list in whatever language is chosen."""
        found = listed(field, answer, self.lists.missing_list)
        if found is not None:
            codelist, code = found
            formula = self.lists.label_at(codelist, code)
            return f' t="str"><f>{escape(formula)}</f><v>{escape(self.lists.label(code, self.language))}</v>'
        if isinstance(field.type, Selection):
            return f"><v>{len(str(answer.value).split(';'))}</v>"
        if is_text(field.type):
            return text_cell(str(answer.value))
        return f"><v>{helper_number(field, answer):.16G}</v>"


def text_cell(text: str) -> str:
    """The rest of a cell that holds a text as it is."""
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is>'
