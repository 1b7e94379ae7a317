"""Shows the reference values of a respondent: in words beside questions, as numbers on a hidden sheet for formulas."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.references import ReferenceItem
from questionnaire.rounds.reference_texts import reference_text
from questionnaire.rounds.round import Respondent, Round
from questionnaire.sheet_names import REFERENCE_ITEMS, REFERENCE_NUMBERS
from questionnaire.workbook import placeholders
from questionnaire.workbook.prefill.prefilled_sheet import Content
from questionnaire.workbook.texts.texts import LiveText, Texts


def beside(item: ReferenceItem, round_: Round, respondent: Respondent, texts: Texts) -> LiveText:
    """A reference value of a respondent in words; of nobody in particular, the words that stand for it."""
    everybody = [entry.code for entry in round_.participants]
    longest = tuple(
        max((reference_text(item, round_, code, language) for code in everybody), key=len, default="")
        for language in texts.languages
    )
    if respondent.code == placeholders.CODE:
        live = texts.add({language: placeholders.reference(item.code, language) for language in texts.languages})
    else:
        live = texts.add({lang: reference_text(item, round_, respondent.code, lang) for lang in texts.languages})
    return replace(live, every=longest)


def words(round_: Round, respondent: str, languages: Sequence[str]) -> dict[str, str]:
    """What comes in the place of the words that stand for the reference values of a respondent."""
    return {
        placeholders.reference_word(item.code, language): reference_text(item, round_, respondent, language)
        for item in round_.instrument.references
        for language in languages
    }


def write(sheet: Any, round_: Round, respondent: Respondent, look: Any) -> None:
    """Every item in a row, with the number of the respondent, if it has one."""
    numbers = round_.instrument.reference_values.get(respondent.code, {})
    for row, item in enumerate(round_.instrument.references):
        sheet.write_string(row, REFERENCE_ITEMS, item.code)
        if item.code in numbers:
            sheet.write_number(row, REFERENCE_NUMBERS, numbers[item.code], look)
        else:
            sheet.write_blank(row, REFERENCE_NUMBERS, None, look)


def cells(round_: Round, respondent: str) -> Mapping[str, Content]:
    """What stands in the cells of the numbers, by address; nothing where there is no number."""
    numbers = round_.instrument.reference_values.get(respondent, {})
    return {
        address: Content(float(numbers[item.code]))
        for item, address in zip(round_.instrument.references, addresses(round_), strict=True)
        if item.code in numbers
    }


def addresses(round_: Round) -> tuple[str, ...]:
    """The cells of the numbers, in the order of the items."""
    rows = range(1, len(round_.instrument.references) + 1)
    return tuple(f"{column_letter(REFERENCE_NUMBERS)}{row}" for row in rows)
