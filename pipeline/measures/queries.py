"""Lists the measures that an instrument allows, each with the query that makes its table."""

from collections.abc import Callable, Iterator, Mapping

from pipeline.measures.bilateral import bilateral
from pipeline.measures.change import adoption, level_change, level_transitions
from pipeline.measures.levels import composite, level_distribution, section_scores, share_met
from pipeline.measures.list_change import list_change
from pipeline.measures.quartiles import quartiles
from pipeline.measures.response import item_nonresponse, unit_response
from pipeline.measures.sums import sums
from questionnaire.rounds.round import Round
from schemas.tables.measures import measure_tables

_MEASURES: Mapping[str, Callable[[Round], str]] = {
    "measure_unit_response": unit_response,
    "measure_item_nonresponse": item_nonresponse,
    "measure_level_distribution": level_distribution,
    "measure_share_met": share_met,
    "measure_section_scores": section_scores,
    "measure_composite": composite,
    "measure_level_change": level_change,
    "measure_level_transitions": level_transitions,
    "measure_adoption": adoption,
    "measure_bilateral": bilateral,
    "measure_list_change": list_change,
    "measure_sums": sums,
    "measure_quartiles": quartiles,
}


def measure_queries(round_: Round) -> Iterator[tuple[str, str]]:
    """The name and the query of each measure, each after those that it looks at."""
    for table in measure_tables(round_.instrument):
        yield table.name, _MEASURES[table.name](round_)
