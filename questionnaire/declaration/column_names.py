"""Names the columns of the regional dataset, and refuses an instrument in which two would have one name.

Names survive CSV, R and Stata: letters, digits and underscores only, capitals or not.
"""

from collections.abc import Iterator

from questionnaire.declaration.blocks import Block
from questionnaire.declaration.form import Instrument
from questionnaire.tables import DeclarationError

KEYS = (
    "respondent",
    "respondent_name",
    "indicator",
    "section",
    "objective",
    "indicator_type",
    "response",
    "submission",
)
"""The columns that say whose row it is and where it comes from."""

LEVEL = "level"
"""The column of the question that gives the level, whatever its code."""

OF_LEVEL = ("obs_status", "score", "met")
"""The columns that follow from the level."""


def column_name(instrument: Instrument, field: str) -> str:
    """The column of a field: `policy_areas.HEALTH` is `policy_areas__HEALTH`, the level is `level`."""
    return LEVEL if field == instrument.level else field.replace(".", "__")


def status_column(instrument: Instrument, question: str) -> str:
    """The column that says whether a question has a value and, if not, why: `n_total__answer_status`."""
    return f"{column_name(instrument, question)}__answer_status"


def cell_name(block: Block, field: str) -> str:
    """The defined name of an answer cell; underscores, since dots do not survive every program."""
    return f"ans_{block.name}_{field.replace('.', '_')}"


def check_names(instrument: Instrument) -> None:
    """Raise DeclarationError if two columns of the dataset, or two cells of the workbook, would have one name."""
    columns = ["round", *KEYS, *(OF_LEVEL if instrument.level_scale else ()), *_columns_of_fields(instrument)]
    # Fields that differ in a dot only would name their cells alike.
    cells = (f"ans_{field.replace('.', '_')}" for field in instrument.fields)
    seen: set[str] = set()
    for name in (*columns, *cells):
        if name.lower() in seen:
            what = f"two things would be called {name}, in the dataset or in the workbook"
            raise DeclarationError("questions.csv", what, "Give the question another code")
        seen.add(name.lower())
    _check_cells(instrument)
    _check_types(instrument)


def _check_cells(instrument: Instrument) -> None:
    """No two answer cells have one name, as `score` of an indicator 1.a and `a_score` of 1 would."""
    seen: dict[str, str] = {}
    for indicator in instrument.indicators:
        for field in indicator.fields:
            name = cell_name(indicator, field.code)
            asked = f"{field.code} of {indicator.code}"
            if other := seen.get(name.lower()):
                what = f"the cells of {other} and of {asked} would both be called {name}"
                raise DeclarationError("indicators.csv", what, "Give one of the two another code")
            seen[name.lower()] = asked


def _check_types(instrument: Instrument) -> None:
    """Each indicator type has a table; no program distinguishes capitals in the names of tables or files."""
    types = dict.fromkeys(item.indicator_type.code for item in instrument.indicators)
    seen: dict[str, str] = {}
    for code in types:
        if other := seen.get(code.lower()):
            what = f"the indicator types {other} and {code} differ in capitals only"
            raise DeclarationError("indicator_types.csv", what, "Give one of them another code")
        seen[code.lower()] = code


def _columns_of_fields(instrument: Instrument) -> Iterator[str]:
    for field in instrument.fields.values():
        yield column_name(instrument, field.code)
        if field.is_first:
            yield status_column(instrument, field.code)
