"""Puts wordings together from several: levels, names, the note on the official text; one per language."""

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Indicator, IndicatorType, Instrument
from questionnaire.layout import Column, Layout, Slot
from questionnaire.messages import in_language
from questionnaire.rounds.round import Respondent
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW, POINTS
from questionnaire.workbook.texts.texts import LiveText, Texts


def levels(indicator_type: IndicatorType, scale: Codelist) -> Wording:
    """What each level means for an indicator type, a line a level."""
    return {
        language: "\n".join(f"{level.code} – {anchor}" for level, anchor in zip(scale.ranked, anchors, strict=True))
        for language, anchors in indicator_type.anchors.items()
    }


def level_chosen(slot: Slot, instrument: Instrument, otherwise: LiveText, texts: Texts) -> LiveText:
    """What the level that is chosen means for the indicator; before one is, another text."""
    assert instrument.level_scale is not None, "an indicator without a level is asked none"
    chosen, expression, every = slot.cell(Column.CODE), otherwise.expression, [*otherwise.every]
    anchors = slot.indicator.indicator_type.anchors
    for place, level in enumerate(instrument.level_scale.ranked):
        meaning = texts.add({language: f"{level.code} – {meant[place]}" for language, meant in anchors.items()})
        expression = f'IF(EXACT({chosen},"{level.code}"),{meaning.expression},{expression})'
        every += meaning.every
    return LiveText(expression, otherwise.cached, tuple(every))


def asked(field: Field, texts: Texts) -> LiveText:
    """What a row asks: the question, the option, or that the unit be chosen."""
    if field.asks_unit:
        return texts.say(f"part_{field.asks_unit}")
    return texts.add(field.label)


def official_note(instrument: Instrument, indicator: Indicator, texts: Texts) -> LiveText:
    """In the official language, that this is the official text; in any other, the official text itself."""
    note = texts.say("official_note", language=instrument.official_language)
    return texts.where_official(texts.say("official_text"), note.then("\n", texts.official(indicator.text)))


def named(respondent: Respondent, texts: Texts) -> Wording:
    """A respondent's name with its code."""
    return {
        language: f"{in_language(respondent.name, language) or respondent.code} ({respondent.code})"
        for language in texts.languages
    }


def sheet_titles(layout: Layout, texts: Texts, goes_back: bool) -> dict[str, Wording]:
    """What each visible sheet is called beside its sign, by its key, in the order of the tabs."""
    sections = {section.code: section.label for section in layout.instrument.sections}
    lists = {listed.code: listed.block.label for listed in layout.own_sheets}
    first = (*((POINTS,) if goes_back else ()), COVER, OVERVIEW)
    own = {key: texts.wording(f"sheet_{key}") for key in (*first, CHECKS, GLOSSARY)}
    return {key: own[key] for key in first} | sections | lists | {key: own[key] for key in (CHECKS, GLOSSARY)}


def same(text: str, texts: Texts) -> Wording:
    """A text that is the same in every language, such as a number or a name."""
    return dict.fromkeys(texts.languages, text)
