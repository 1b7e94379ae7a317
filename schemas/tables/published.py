"""Lists every table that a round publishes, in the order in which people read them."""

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from schemas.tables.dataset import answers_table, observations_table, regional_table, respondents_table
from schemas.tables.declared import declared_tables
from schemas.tables.long import long_table
from schemas.tables.measures import measure_tables
from schemas.tables.parts import list_table, type_tables
from schemas.tables.registers import register_tables
from schemas.tables.table import Table


def published_tables(instrument: Instrument) -> tuple[Table, ...]:
    """The tables of every round of an instrument."""
    return (
        regional_table(instrument),
        *type_tables(instrument),
        *(list_table(instrument, block) for block in instrument.lists),
        *(long_table(instrument, block) for block in instrument.lists if isinstance(block, TableBlock)),
        respondents_table(instrument),
        *measure_tables(instrument),
        observations_table(instrument),
        answers_table(),
        *register_tables(),
        *declared_tables(instrument),
    )
