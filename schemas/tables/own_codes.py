"""Declares the code lists that Acopio itself writes into tables, beside those of the instrument, by column.

They are called as SDMX calls code lists, so that none has the name of an instrument's own.
"""

from collections.abc import Iterable, Mapping

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist, Wording
from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import unit_questions
from questionnaire.messages import LANGUAGES, filled_in_all, in_language, keys, wording
from questionnaire.rounds.standings import IN_PART, NO_RETURN, Outcome, Verdict
from questionnaire.rules.rule import Severity


def _list(name: str, codes: Iterable[tuple[str, Wording]]) -> Codelist:
    return Codelist(f"CL_{name}", tuple(Code(code, label, {}) for code, label in codes))


def _worded(name: str) -> Codelist:
    """A list whose codes and labels stand in `wordings/codes.toml`."""
    start = f"{name}."
    codes = (key.removeprefix(start) for key in keys("codes") if key.startswith(start))
    return _list(name.upper(), ((code, wording("codes", f"{start}{code}")) for code in codes))


def _standings(name: str, codes: Iterable[str]) -> Codelist:
    return _list(name, ((code, filled_in_all(wording("summary", f"verdict_{code}"), n=1)) for code in codes))


FREQ, UNIT_MEASURE = _worded("freq"), _worded("unit_measure")
_OBS_STATUS, _COLUMN_TYPE = _worded("obs_status"), _worded("column_type")
SUPPRESSED = "suppressed"
"""The answer status, in what everybody sees, of a number that is there and not shown (SDMX: Q)."""

LARGEST_SUPPRESSED = 4
"""Counts of persons from 1 to this are for the secretariat alone."""

_MISSING = _list("MISSING", ((str(code), wording("answer_kinds", code)) for code in AnswerStatus))
_ANSWER_STATUS = Codelist("CL_ANSWER_STATUS", (*_MISSING, *_worded("answer_status")))

OWN_CODELISTS: Mapping[str, Codelist] = {
    "FREQ": FREQ,
    "OBS_STATUS": _OBS_STATUS,
    "obs_status": _OBS_STATUS,
    "status": _ANSWER_STATUS,
    "missing": _MISSING,
    "verdict": _standings("VERDICT", map(str, Verdict)),
    "response": _standings("RESPONSE", (*map(str, Verdict), IN_PART, NO_RETURN)),
    "outcome": _list("OUTCOME", ((str(code), wording("summary", f"outcome_{code}")) for code in Outcome)),
    "severity": _list("SEVERITY", ((str(code), wording("summary", f"severity_{code}")) for code in Severity)),
    "column_type": _COLUMN_TYPE,
    **{name: _worded(name) for name in ("scope", "consistency", "change", "line_change", "access", "sensitivity")},
}
"""The list of each column that has one, by the key of the column's meaning in `wordings/columns.toml`."""


def unit_measure(field: Field) -> str:
    """What a number counts, as SDMX has it; "" where the unit is chosen, as the currency of an amount is."""
    if not field.type.traits.quantity:
        return "_Z"
    if field.unit_in:
        return ""
    return field.measured_in.code or ("PERCENT" if field.type.traits.unit == "%" else "NUMBER")


def unit_codes(instrument: Instrument) -> Codelist:
    """What numbers count: units of SDMX, those that the instrument declares, and those that are chosen."""
    fields = (field for block in instrument.blocks.values() for field in block.fields)
    declared = {
        field.measured_in.code: Code(field.measured_in.code, _named(field, instrument), {})
        for field in fields
        if field.measured_in.code and field.measured_in.code not in UNIT_MEASURE
    }
    of_tables = {asked.code for asked in unit_questions(instrument.lists)}
    chosen = (
        code
        for field in instrument.fields.values()
        if (field.asks_unit or field.code in of_tables) and isinstance(field.type, Coded)
        for code in field.type.codelist
        if code.missing is None
    )
    further = {code.code: code for code in chosen if code.code not in (*declared, *UNIT_MEASURE.value_codes)}
    return Codelist(UNIT_MEASURE.name, (*UNIT_MEASURE, *declared.values(), *further.values()))


def _named(field: Field, instrument: Instrument) -> Wording:
    """The words of a declared unit, without its multiplier; its code where it has none."""
    words = field.measured_in.words
    return {
        language: in_language(words, language, instrument.official_language) or field.measured_in.code
        for language in dict.fromkeys((*LANGUAGES, *instrument.languages))
    }
