"""Says what a person may have meant by the name of a respondent, indicator or question that there is not."""

from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language, say
from questionnaire.rounds.naming import find_respondent, is_near, nearest, nearest_respondents
from questionnaire.rounds.round import Respondent, Round


class UnknownError(Exception):
    """A respondent, indicator, question or file that the round does not know; the text says what there is."""


def respondent_named(round_: Round, named: str) -> Respondent:
    """The respondent with that code, name or alias; UnknownError with what there is, the nearest first."""
    found = find_respondent(round_, named)
    if found is not None:
        return found
    language, ordered = round_.working_language, nearest_respondents(round_, named)
    known = ", ".join(f"{entry.code} {in_language(entry.name, language)}" for entry in ordered[:_MOST])
    near = any(is_near(named, name) for entry in ordered[:1] for name in (entry.code, *entry.name.values()))
    key = "unknown_respondent_near" if near else "unknown_respondent"
    raise UnknownError(say("summary", key, language, respondent=named, known=known, near=ordered[0].code))


def indicator_named(instrument: Instrument, named: str, language: str) -> str:
    """The code of the indicator, or list, written in whatever capitals; UnknownError with what there is."""
    codes = [entry.code for entry in instrument.indicators] + [block.code for block in instrument.lists]
    found = {code.casefold(): code for code in codes}.get(named.casefold())
    if found is None:
        known = ", ".join(nearest(named, codes))
        raise UnknownError(say("summary", "unknown_indicator", language, indicator=named, known=known))
    return found


def field_named(instrument: Instrument, block: str, named: str, language: str) -> str:
    """The code of a field of an indicator or list; UnknownError with what there is, the nearest first."""
    codes = [field.code for field in instrument.blocks[block].fields]
    found = {code.casefold(): code for code in codes}.get(named.casefold())
    if found is None:
        known = ", ".join(nearest(named, codes))
        raise UnknownError(say("summary", "unknown_field", language, field=named, indicator=block, known=known))
    return found


_MOST = 8
