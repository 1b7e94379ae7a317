"""Declares the tables of measures; what each measure is and where it comes from stands in `pipeline/measures`."""

from collections.abc import Iterator

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import filled_in_all, wording
from schemas.tables.dataset import PERSONS, STATES
from schemas.tables.table import Column, Table, title, worded

_UNKNOWN = ("unknown_no_return", "unknown_not_accepted", "unknown_item")
_SCOPE = (
    worded("scope"),
    worded("section", key="scope_section"),
    worded("indicator", key="scope_indicator"),
)


def measure_tables(instrument: Instrument) -> Iterator[Table]:
    """The measures that an instrument allows: without levels, none of them is about levels."""
    yield _measure("unit_response", ("round",), _UNIT_RESPONSE)
    yield _measure("item_nonresponse", ("indicator", "field"), _ITEM_NONRESPONSE)
    if instrument.level_scale is not None:
        yield _measure("level_distribution", ("scope", "section", "indicator", "level"), _distribution(instrument))
        yield _measure("share_met", ("scope", "section", "indicator"), _SHARE_MET)
        yield _measure("section_scores", ("respondent", "section"), _section_scores(instrument))
        yield _measure("composite", ("respondent", "weighting"), _COMPOSITE)
        yield _measure("level_change", ("scope", "section", "indicator"), _LEVEL_CHANGE)
        key = ("scope", "section", "indicator", "previous_level", "level")
        yield _measure("level_transitions", key, _transitions(instrument))
    yield _measure("adoption", ("indicator", "field", "year"), _ADOPTION)
    if any(block.bilateral for block in instrument.lists):
        yield _measure("bilateral", ("list", "indicator", "respondent", "partner"), _BILATERAL)
    if any(not isinstance(block, TableBlock) for block in instrument.lists):
        yield _measure("list_change", ("list", "respondent", "number", "column"), _LIST_CHANGE)
    yield _measure("sums", ("table", "indicator", "column", "unit"), _SUMS)
    yield _measure("quartiles", ("table", "indicator", "column", "unit"), _QUARTILES)


def _measure(name: str, key: tuple[str, ...], columns: tuple[Column, ...]) -> Table:
    return Table(f"measure_{name}", title(f"measure_{name}"), columns, key)


def level_count(rank: int) -> str:
    """The column with the number of levels of a rank; no name begins with a sign."""
    return f"at_level_{rank}".replace("-", "minus_")


_UNIT_RESPONSE = (
    worded("round"),
    worded("frame_date", "date32"),
    *(worded(name, "int32") for name in ("frame_size", "participants", "returned")),
    worded("responding", "int32"),
    worded("return_rate", "double"),
    worded("response_rate", "double"),
)
_ITEM_NONRESPONSE = (
    worded("section"),
    worded("indicator"),
    worded("field"),
    worded("required", "bool"),
    worded("cells", "int32", key="item_cells"),
    worded("responding", "int32"),
    worded("applicable", "int32", key="item_applicable"),
    *(worded(name, "int32") for name in ("answered", *STATES, "nonresponse")),
    worded("nonresponse_rate", "double"),
)


def _distribution(instrument: Instrument) -> tuple[Column, ...]:
    return (
        *_SCOPE,
        worded("level", "int32", codelist=instrument.level_scale),
        worded("count", "int32", key="level_count"),
        worded("responding", "int32"),
        worded("applicable", "int32"),
        worded("share_of_responding", "double"),
        worded("share_of_applicable", "double"),
    )


_SHARE_MET = (
    *_SCOPE,
    worded("met_from_level", "int32"),
    worded("participants", "int32"),
    worded("not_applicable", "int32", key="not_applicable_count"),
    worded("applicable", "int32", key="met_applicable"),
    worded("known", "int32"),
    worded("met", "int32", key="met_count"),
    worded("met_at_most", "int32"),
    worded("share_of_known", "double"),
    worded("share_at_least", "double"),
    worded("share_at_most", "double"),
    *(worded(name, "int32") for name in _UNKNOWN),
)


def _section_scores(instrument: Instrument) -> tuple[Column, ...]:
    scale = instrument.level_scale
    at_level = (
        Column(
            level_count(code.rank or 0), "int32", filled_in_all(wording("columns", "at_level"), level=str(code.rank))
        )
        for code in (scale.ranked if scale else ())
    )
    return (
        worded("respondent"),
        worded("respondent_name"),
        worded("section"),
        *(worded(name, "int32") for name in ("items", "applicable_items", "answered_items")),
        worded("coverage", "double"),
        worded("score", "double"),
        worded("median_level", "double"),
        *at_level,
    )


_COMPOSITE = (
    worded("respondent"),
    worded("respondent_name"),
    worded("weighting"),
    worded("composite", "double"),
    worded("rank", "int32", key="composite_rank"),
    worded("best_rank", "int32"),
    worded("worst_rank", "int32"),
    worded("lowest_composite", "double"),
    worded("highest_composite", "double"),
)
_LEVEL_CHANGE = (
    *_SCOPE,
    *(worded(name, "int32") for name in ("matched", "higher", "same", "lower")),
    worded("mean_change", "double"),
)


def _transitions(instrument: Instrument) -> tuple[Column, ...]:
    return (
        *_SCOPE,
        worded("previous_level", "int32", codelist=instrument.level_scale),
        worded("level", "int32", codelist=instrument.level_scale),
        worded("count", "int32", key="transition_count"),
    )


_ADOPTION = (
    worded("section"),
    worded("indicator"),
    worded("field"),
    worded("year", "int32"),
    worded("adopted_in_year", "int32"),
    worded("adopted_by_year", "int32"),
    worded("with_year", "int32"),
    worded("responding", "int32"),
    worded("participants", "int32"),
)
_BILATERAL = (
    worded("list"),
    worded("indicator", key="pair_indicator"),
    worded("respondent", key="pair_respondent"),
    worded("partner", key="pair_partner"),
    worded("respondent_names_partner", "bool"),
    worded("partner_names_respondent", "bool"),
    worded("consistency"),
)
_LIST_CHANGE = (
    worded("list"),
    worded("respondent"),
    worded("respondent_name"),
    worded("indicator", key="line_indicator"),
    worded("number", "int32", key="line_compared"),
    worded("line_change"),
    worded("line_key"),
    worded("column", key="column_changed"),
    worded("previous_value", has_numbers=True),
    worded("value", key="value_now", has_numbers=True),
)
_SUMS = (
    worded("table", key="sum_table"),
    worded("indicator"),
    worded("column", key="sum_column"),
    worded("unit", key="sum_unit"),
    worded("sum", "double", PERSONS),
    worded("reporting", "int32"),
    worded("participants", "int32"),
    worded("not_applicable", "int32", key="not_applicable_count"),
    *(worded(name, "int32") for name in (*_UNKNOWN, "unknown_suppressed")),
)
_QUARTILES = (
    worded("table", key="quartiles_table"),
    worded("indicator"),
    worded("column", key="quartiles_column"),
    worded("unit", key="quartiles_unit"),
    worded("reporting", "int32"),
    *(worded(name, "double") for name in ("lowest", "lower_quartile", "median", "upper_quartile", "highest")),
)
