"""Declares the tables of the dataset that every round has: answers, regional, respondents, observations."""

from collections.abc import Mapping

from questionnaire.answer_columns import ANSWER_COLUMNS, Holds
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Selection, is_text
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.access import Access
from schemas.tables.own_codes import UNIT_MEASURE, unit_codes
from schemas.tables.table import Column, ColumnType, Sensitivity, Table, title, worded

CONTACT, TEXT, TRACE, PERSONS = Sensitivity.CONTACT, Sensitivity.FREE_TEXT, Sensitivity.TRACE, Sensitivity.PERSONS

STATES = (
    "blank", "skipped", "not_applicable", "not_available", "confidential", "nothing_to_report", "unreadable",
)  # fmt: skip
"""The answer statuses, but that of an answer with a value, that tables count in columns of these names."""

_HOLDS: dict[Holds, ColumnType] = {
    Holds.TEXT: "string",
    Holds.REPEATED: "string",
    Holds.WHOLE: "int32",
    Holds.NUMBER: "double",
    Holds.DATE: "date32",
}
_OF_ANSWERS = {"file": TRACE, "sheet": TRACE, "cell": TRACE, "submission": TRACE, "number": PERSONS} | dict.fromkeys(
    ("text", "raw", "if_none", "comment", "previous"), TEXT
)


def answers_table() -> Table:
    """Every answer read, as it was typed and where; not for everybody, since texts and counts stand in it."""
    own = (
        worded(
            column.name,
            _HOLDS[column.holds],
            _OF_ANSWERS.get(column.name, Sensitivity.NONE),
            key="answer_indicator" if column.name == "indicator" else "",
        )
        for column in ANSWER_COLUMNS
    )
    key = ("submission", "block", "line", "field")
    return Table(
        "answers",
        title("answers"),
        (
            worded("round"),
            *own,
            worded("outcome"),
            worded("value_source"),
            worded("suppressed", "bool", key="suppressed_in_public"),
            worded("last_seen", "double", PERSONS),
        ),
        key,
        Access.RESTRICTED,
    )


def regional_table(instrument: Instrument) -> Table:
    """What is known of each participant and indicator: the level and what follows from it, how much is answered."""
    columns = (
        worded("round"),
        worded("period_start", "int32"),
        worded("period_end", "int32"),
        worded("respondent"),
        worded("respondent_name"),
        worded("section"),
        worded("section_label"),
        worded("objective"),
        worded("indicator"),
        worded("indicator_text"),
        worded("indicator_type"),
        worded("response"),
        *_level_columns(instrument),
        *completeness_columns(),
        worded("submission", sensitivity=TRACE),
    )
    return Table("regional", title("regional"), columns, ("respondent", "indicator"))


def _level_columns(instrument: Instrument) -> tuple[Column, ...]:
    """What follows from the level; nothing in an instrument without levels."""
    scale = instrument.level_scale
    if scale is None:
        return ()
    return (
        worded("level", "int32", codelist=scale),
        worded("level_code", codelist=scale),
        worded("level_status"),
        worded("met", "bool"),
        worded("met_from_level", "int32", codelist=scale),
        worded("obs_status"),
        worded("previous_level", "int32", codelist=scale),
        worded("level_change", "int32"),
        worded("change"),
    )


def completeness_columns() -> tuple[Column, ...]:
    """How many questions were asked and what became of them."""
    return (
        worded("questions", "int32"),
        worded("applicable", "int32", key="applicable_questions"),
        worded("answered", "int32"),
        worded("completeness", "double"),
        *(worded(state, "int32") for state in STATES),
    )


def respondents_table(instrument: Instrument) -> Table:
    """The frame, who takes part, what came back, who signed off, how complete it is."""
    contacts = ("focal_point", "position", "institution", "email", "phone")
    columns = (
        worded("round"),
        worded("respondent"),
        worded("respondent_name"),
        worded("language", key="respondent_language"),
        worded("participates", "bool"),
        worded("not_asked_because", sensitivity=TEXT),
        worded("response"),
        worded("published", "bool"),
        worded("files", "int32"),
        worded("saved"),
        worded("signed_off", "bool"),
        worded("texts_cleared", "bool"),
        worded("indicators", "int32"),
        *((worded("levels", "int32"),) if instrument.level_scale is not None else ()),
        *completeness_columns(),
        *(worded(name, sensitivity=CONTACT) for name in contacts),
        worded("signed_off_by", sensitivity=CONTACT),
        worded("signed_off_on", sensitivity=TEXT),
        worded("file", sensitivity=TRACE),
        worded("submission", sensitivity=TRACE),
    )
    return Table("respondents", title("respondents"), columns, ("respondent",))


DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", "MEASURE", "TIME_PERIOD")
"""The columns that name an observation, in the order of SDMX; before the last stand the dimensions of tables."""

_OF_OBSERVATIONS = frozenset((*DIMENSIONS, "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS"))


def table_dimensions(instrument: Instrument) -> Mapping[str, Column]:
    """The columns of observations that are dimensions of tables, by the names that they have there.

    What is not about a table has `_Z` in each of them, as SDMX says of what does not apply.
    """
    nothing = UNIT_MEASURE["_Z"]
    found: dict[str, Column] = {}
    for block in (block for block in instrument.lists if isinstance(block, TableBlock)):
        for name, dimension in block.every_dimension.items():
            asked = name in block.dimension_codes
            label = block.field(name).label if asked else dict.fromkeys(LANGUAGES, name)
            codes = (*(dimension.codelist[code] for code in dimension.codes), nothing)
            column = observation_dimension(name)
            if name not in found or asked:
                found[name] = Column(column, "string", label, codelist=Codelist(f"CL_{column}", codes))
    return found


def observation_dimension(name: str) -> str:
    """What the dimension of a table is called among observations."""
    return f"TABLE_{name.upper()}" if name.upper() in _OF_OBSERVATIONS else name.upper()


def observed_measure(block: TableBlock, measure: str) -> str:
    """What a measure of a table is called among observations."""
    return f"{block.code}__{measure}"


def is_observed(field: Field) -> bool:
    """A text is no observation; the head of a multiple choice stands in its options, a chosen unit in UNIT_MEASURE."""
    return not is_text(field.type) and not isinstance(field.type, Selection) and not field.asks_unit


def observations_table(instrument: Instrument) -> Table:
    """Published answers as SDMX has them."""
    unit = worded("UNIT_MEASURE", codelist=unit_codes(instrument))
    value = (worded("OBS_VALUE", sensitivity=PERSONS, has_numbers=True), worded("OBS_STATUS"))
    *first, time = map(worded, DIMENSIONS)
    dimensions = (*first, *table_dimensions(instrument).values(), time)
    columns = (*dimensions, *value, unit, *(worded(name, "int32") for name in ("UNIT_MULT", "DECIMALS")))
    return Table("observations", title("observations"), columns, tuple(column.name for column in dimensions))
