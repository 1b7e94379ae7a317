"""Says the reference values of a round in words, as they stand beside a question."""

from questionnaire.declaration.references import ReferenceItem
from questionnaire.messages import in_language, say
from questionnaire.rounds.references import ReferenceValue
from questionnaire.rounds.round import Round
from questionnaire.typography import unbroken

_WORDS = "workbook"


def reference_text(item: ReferenceItem, round_: Round, respondent: str, language: str) -> str:
    """What is known of a figure about a respondent: number, unit, period and source."""
    official = round_.instrument.official_language
    label = in_language(item.label, language, official)
    found = round_.reference(respondent, item.code)
    if found is None:
        text = say(_WORDS, "reference_unknown", language, label=label)
    else:
        unit = found.unit or in_language(item.unit, language, official)
        number = f"{_number(found, language)} {unit}".strip()
        value = ", ".join(filter(None, (number, found.period)))
        text = say(_WORDS, "reference_shown", language, label=label, value=value, source=found.source)
    return unbroken(text, language)


def _number(found: ReferenceValue, language: str) -> str:
    """A number as it is written in a language, its thousands apart."""
    text = f"{found.value:,}".replace(",", "\N{NO-BREAK SPACE}")
    return text if language == "en" else text.replace(".", ",")
