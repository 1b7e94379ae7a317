"""Shows what became of the lines of lists since the previous round."""

from collections import Counter
from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, group, heading, paragraph, row, table
from pipeline.report.source import Row
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round

_CHANGES = ("same", "changed", "added", "dropped")


def compares_lists(round_: Round) -> bool:
    """True where there are lists with open lines, and a previous round to compare them with."""
    has_lists = any(not isinstance(block, TableBlock) for block in round_.instrument.lists)
    return has_lists and bool(round_.previous or round_.previous_lines)


def list_changes(edition: Edition) -> Iterator[Markup]:
    """For each list, how many lines are the same, changed, added and dropped, by indicator."""
    previous = edition.round.previous
    yield paragraph(edition.say("list_changes_lead", period=previous.period if previous else "–"))
    for block in edition.round.instrument.lists:
        if not isinstance(block, TableBlock):
            found = edition.source.rows(
                "measure_list_change", "respondent", "indicator", "number", "line_change", list=block.code
            )
            if found:
                yield _counts(edition, block, found)
            else:
                yield paragraph(edition.say("no_lines_compared", list=edition.text(block.label)))


def _counts(edition: Edition, block: ListBlock, found: list[Row]) -> Markup:
    """A line that changed in several columns is one line."""
    lines = {(one["respondent"], one["number"]): (one["indicator"], one["line_change"]) for one in found}
    counted = Counter(lines.values())
    rows = [
        row(indicator, (figure(counted[indicator, change]) for change in _CHANGES))
        for indicator in block.indicators
        if any(counted[indicator, change] for change in _CHANGES)
    ]
    heads = [heading(edition.say("indicator")), *(heading(edition.say(f"lines_{change}")) for change in _CHANGES)]
    return table(edition.text(block.label), heads, [group("", len(heads), rows)])
