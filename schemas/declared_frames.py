"""Writes the tables of indicators, of codes and of reference values, as the declaration and the round have them."""

from collections.abc import Iterator

import pandas as pd

from questionnaire.declaration.answer_types import Coded, Selection
from questionnaire.declaration.form import Indicator, Instrument, Section
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from schemas.tables.own_codes import OWN_CODELISTS, unit_codes


def indicators_frame(instrument: Instrument, language: str) -> pd.DataFrame:
    """One row per indicator, in order; its text in every language of the instrument."""
    rows = [
        _indicator(section, indicator, instrument, language)
        for section in instrument.sections
        for indicator in section.indicators
    ]
    return pd.DataFrame(rows)


def _indicator(section: Section, indicator: Indicator, instrument: Instrument, language: str) -> dict[str, object]:
    official = instrument.official_language
    met = indicator.met_from_level
    of_level = {"met_from_level": met, "met_reason": _met_reason(indicator, instrument, language)}
    return {
        "indicator": indicator.code,
        "section": section.code,
        "section_label": in_language(section.label, language, official),
        "objective": indicator.objective_number,
        "indicator_type": indicator.indicator_type.code,
        "type_label": in_language(indicator.indicator_type.label, language, official),
        **(of_level if instrument.level_scale is not None else {}),
        **{f"text_{code}": in_language(indicator.text, code, official) for code in instrument.languages},
    }


def _met_reason(indicator: Indicator, instrument: Instrument, language: str) -> str:
    """What the level from which an indicator counts as met means for indicators of its type; "" where there is none."""
    scale, met = instrument.level_scale, indicator.met_from_level
    if scale is None or met is None:
        return ""
    place = next(place for place, code in enumerate(scale.ranked) if code.rank == met)
    official = instrument.official_language
    anchors = indicator.indicator_type.anchors
    meanings = anchors.get(language) or anchors.get(official)
    meaning = meanings[place] if meanings else in_language(scale.ranked[place].definition, language, official)
    level = in_language(scale.ranked[place].label, language, official)
    key = "met_reason" if meaning else "met_reason_bare"
    label = in_language(indicator.indicator_type.label, language, official)
    return say("dataset", key, language, level=level, type=label, meaning=meaning)


def references_frame(round_: Round) -> pd.DataFrame:
    """One row per figure about a respondent that the round brings, in the order of its file."""
    instrument, language = round_.instrument, round_.working_language
    items = {item.code: item for item in instrument.references}
    return pd.DataFrame(
        {
            "respondent": found.respondent,
            "item": found.item,
            **{
                f"label_{code}": in_language(items[found.item].label, code, instrument.official_language)
                for code in instrument.languages
            },
            "value": float(found.value),
            "unit": found.unit or in_language(items[found.item].unit, language, instrument.official_language),
            "source": found.source,
            "period": found.period,
        }
        for found in round_.references
    )


def codes_frame(instrument: Instrument) -> pd.DataFrame:
    """One row per code of every code list, those of the instrument first."""
    return pd.DataFrame(list(_codes(instrument)))


def _codes(instrument: Instrument) -> Iterator[dict[str, object]]:
    # The indicators of a list are codes, too, in a list that no file declares.
    made = [
        f.type.codelist for block in instrument.lists for f in block.fields if isinstance(f.type, Coded | Selection)
    ]
    lists = (*instrument.codelists.values(), *made, *OWN_CODELISTS.values(), unit_codes(instrument))
    for codelist in {codelist.name: codelist for codelist in lists}.values():
        for code in codelist.codes:
            yield {
                "codelist": codelist.name,
                "code": code.code,
                "rank": code.rank,
                "missing": None if code.missing is None else str(code.missing),
                **{f"label_{language}": code.label.get(language, "") for language in instrument.languages},
                **{f"definition_{language}": code.definition.get(language, "") for language in instrument.languages},
            }
