"""Reads the reference values of a round, from `reference.csv`: figures about respondents, each with its source."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from questionnaire.declaration.form import Instrument
from questionnaire.declared_files import required_columns
from questionnaire.tables import Row, read_rows

REFERENCES = "reference.csv"


@dataclass(frozen=True)
class ReferenceValue:
    """One figure about a respondent: `unit` and `period` are "" where the file says nothing of them."""

    respondent: str
    item: str
    value: float
    unit: str
    source: str
    period: str


def read_references(path: Path, instrument: Instrument, respondents: Collection[str]) -> tuple[ReferenceValue, ...]:
    """The reference values of a round, in the order of the file; none if there is no such file.

    A line without a respondent is about each of them that has no line of its own.

    Raises DeclarationError (file, line, column, remedy) for a respondent or an item that there is not, for one that
    stands twice, for what is no number, and for a figure without a source.
    """
    if not path.exists():
        return ()
    found: dict[tuple[str, str], ReferenceValue] = {}
    for row in read_rows(path, required_columns(REFERENCES)):
        value = _value(row, instrument, respondents)
        if (value.respondent, value.item) in found:
            what = f"{value.item} of {value.respondent or 'all respondents'} stands twice"
            raise row.fault("item", what, "Remove one of the two lines")
        found[value.respondent, value.item] = value
    return tuple(
        replace(value, respondent=respondent)
        for value in found.values()
        for respondent in ((value.respondent,) if value.respondent else respondents)
        if value.respondent or (respondent, value.item) not in found
    )


def numbers_of(references: tuple[ReferenceValue, ...]) -> Mapping[str, Mapping[str, float]]:
    """The numbers by respondent and item, as rules and formulas look them up."""
    found: dict[str, dict[str, float]] = {}
    for value in references:
        found.setdefault(value.respondent, {})[value.item] = value.value
    return found


def _value(row: Row, instrument: Instrument, respondents: Collection[str]) -> ReferenceValue:
    respondent, item = row["respondent"], row["item"]
    if respondent and respondent not in respondents:
        remedy = "Use a code of respondents.csv, or leave it empty for what is the same for all"
        raise row.fault("respondent", f"there is no respondent “{respondent}”", remedy)
    known = [declared.code for declared in instrument.references]
    if item not in known:
        remedy = f"Use one of {', '.join(known)}" if known else "Declare it in instrument.toml, as a [[reference]]"
        raise row.fault("item", f"the instrument declares no reference value “{item}”", remedy)
    value = row.number("value")
    if value is None:
        raise row.fault("value", "the number is missing", "Write it, or remove the line")
    if not row["source"]:
        raise row.fault("source", "the source is missing", "Write where the figure comes from")
    return ReferenceValue(respondent, item, value, row.get("unit"), row["source"], row.get("period"))
