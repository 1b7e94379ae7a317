"""Writes the queries that make, of the published answers, those that everybody may see (docs/adr/0042-disclosure.md).

A small count of persons goes, and with it every number that rules relate to it; a text goes unless its state cleared
it. What everybody sees is made of these answers alone, so that no total has in it what was taken out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from pipeline.tables.lent import compared_rows, table_of
from questionnaire.declaration.answer_types import is_text
from questionnaire.declaration.blocks import PERSONS, Block, ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.related_counts import related_counts
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome, Verdict
from questionnaire.rules.evaluate import Line
from schemas.tables.own_codes import LARGEST_SUPPRESSED, SUPPRESSED
from schemas.tables.parts import lists_persons

_SMALL = f"BETWEEN 1 AND {LARGEST_SUPPRESSED}"


def lent_for_disclosure(round_: Round) -> Mapping[str, pa.Table]:
    """`related`: the numbers shown together or not at all; `previous_counts`: those of the previous round.

    In open lists, whose lines have no number that lasts, these have the key of their line. `was_suppressed` is what the
    previous round did to each, NULL where it did not record that, and `last_seen` what it knew that everybody had seen
    instead. `withheld`: the lists that nobody else may see.
    """
    instrument = round_.instrument
    related = [
        (
            part,
            block,
            field,
            instrument.field(block, field).discloses == PERSONS,
            found.by_line,
            found.across_rounds,
            (block, field) in found.parts,
        )
        for part, found in enumerate(related_counts(instrument))
        for block, field in sorted(found.cells | found.parts)
    ]
    return {
        "related": table_of(
            related,
            part=pa.int32(), block=pa.string(), field=pa.string(), persons=pa.bool_(), by_line=pa.bool_(),
            across_rounds=pa.bool_(), is_part=pa.bool_(),
        ),
        "previous_counts": table_of(
            [*_previous_counts(round_)],
            respondent=pa.string(), block=pa.string(), earlier_line=pa.int32(), field=pa.string(),
            earlier=pa.float64(), line_key=pa.string(), was_suppressed=pa.bool_(), last_seen=pa.float64(),
        ),
        "withheld": table_of(
            [(block.code,) for block in instrument.lists if lists_persons(instrument, block)], block=pa.string()
        ),
    }  # fmt: skip


def compared_by_everybody(instrument: Instrument) -> pa.Table:
    """`compared`: the columns of lists that everybody may see compared to the previous round.

    The differences of others would give something away: texts, numbers of persons and what rules relate to them, and
    all of lists whose lines are persons.
    """
    related = {cell for found in related_counts(instrument) for cell in found.cells}
    left_out = frozenset(
        (block.code, field.code)
        for block in instrument.lists
        for field in block.fields
        if is_text(field.type)
        or field.discloses == PERSONS
        or (block.code, field.code) in related
        or lists_persons(instrument, block)
    )
    return compared_rows(instrument, left_out)


def _previous_counts(
    round_: Round,
) -> Iterator[tuple[str, str, int, str, float, str | None, bool | None, float | None]]:
    suppressed = round_.previous_suppressed

    def status(*cell: Any) -> tuple[bool | None, float | None]:
        return (None, None) if suppressed is None else (cell in suppressed, suppressed.get(cell))

    for respondent, answers in round_.previous_answers.items():
        for (block, field), answer in answers.items():
            if isinstance(answer.value, int | float):
                yield respondent, block, 1, field, float(answer.value), None, *status(respondent, block, 1, field)
    for respondent, lists in round_.previous_lines.items():
        for block, lines in lists.items():
            for number, line in enumerate(lines, 1):
                place, key = _place(round_.instrument.blocks[block], number, line)
                for field, answer in line.items():
                    if isinstance(answer.value, int | float):
                        hidden = status(respondent, block, number, field)
                        yield respondent, block, place, field, float(answer.value), key, *hidden


def _place(block: Block, number: int, line: Line) -> tuple[int, str | None]:
    """The number of a line of a table; that of a line of an open list, and what tells it from others between rounds."""
    said = {code: str(answer.value) for code, answer in line.items()}
    if isinstance(block, TableBlock):
        return block.line_of(tuple(said.get(dimension.name, "") for dimension in block.dimensions)), None
    assert isinstance(block, ListBlock), "indicators have no lines"
    return number, "; ".join(f"{code}={said[code]}" for code in sorted(block.key) if code in said)


def earlier_query() -> str:
    """`earlier`: the numbers of the previous round, each with today's lines of the same key, if there are any.

    `seen` is the number that everybody saw, then or last before, NULL for none. What was suppressed is what the
    previous round recorded; where it recorded nothing, what today's relations would have suppressed.
    """
    return f"""
    WITH keys AS (
        SELECT respondent, block, line, string_agg(field || '=' || code, '; ' ORDER BY field) AS line_key
        FROM published JOIN compared USING (block, field) WHERE is_key AND code IS NOT NULL GROUP BY ALL
    ), parts AS (
        SELECT previous_counts.*, part, persons, CASE WHEN by_line THEN earlier_line ELSE 0 END AS part_line
        FROM previous_counts JOIN related USING (block, field) WHERE was_suppressed IS NULL AND NOT is_part
    ), guessed AS (
        SELECT DISTINCT respondent, block, field, earlier_line, true AS suppressed FROM parts
        JOIN (SELECT DISTINCT respondent, part, part_line FROM parts WHERE persons AND earlier {_SMALL})
            USING (respondent, part, part_line)
    )
    SELECT respondent, block, field, coalesce(was_suppressed, suppressed, false) AS was_suppressed,
        CASE WHEN coalesce(was_suppressed, suppressed, false) THEN last_seen ELSE earlier END AS seen,
        CASE WHEN line_key IS NULL THEN earlier_line ELSE line END AS line
    FROM previous_counts LEFT JOIN guessed USING (respondent, block, field, earlier_line)
    LEFT JOIN keys USING (respondent, block, line_key)
    """


def small_query() -> str:
    """`small`: the parts of `related` in which a respondent has a small count, or one that changed by so little.

    A change counts from the number that everybody saw last (`compared`): were today's hidden or not by what was
    suppressed then, that would say what it was.
    """
    return f"""
    WITH found AS (
        SELECT respondent, part, CASE WHEN by_line THEN line ELSE 0 END AS line, number, seen
        FROM published JOIN related USING (block, field) LEFT JOIN earlier USING (respondent, block, line, field)
        WHERE persons AND NOT is_part
    )
    SELECT respondent, part, line, bool_or(seen IS NOT NULL) AS compared FROM found
    WHERE number {_SMALL} OR abs(number - seen) {_SMALL} GROUP BY ALL
    UNION ALL
    SELECT DISTINCT respondent, part, 0, false FROM earlier JOIN related USING (block, field)
    WHERE was_suppressed AND across_rounds AND NOT is_part
    """


def hidden_query() -> str:
    """`hidden`: the numbers that are published and not shown to everybody, each with what everybody saw last there."""
    return """
    WITH found AS (
        SELECT respondent, block, field, published.line FROM published JOIN related USING (block, field)
        JOIN small USING (respondent, part)
        WHERE number IS NOT NULL AND (compared OR NOT is_part)
            AND small.line = CASE WHEN by_line THEN published.line ELSE 0 END
        UNION
        SELECT respondent, block, field, line FROM published JOIN withheld USING (block) WHERE number IS NOT NULL
    )
    SELECT respondent, block, field, line, max(seen) AS seen
    FROM found LEFT JOIN earlier USING (respondent, block, field, line) GROUP BY ALL
    """


RECORDED = f"""
UPDATE answers SET suppressed = true, last_seen = hidden.seen FROM hidden
WHERE outcome = '{Outcome.PUBLISHED}' AND answers.respondent = hidden.respondent AND answers.block = hidden.block
    AND answers.field = hidden.field AND answers.line = hidden.line
"""
"""Keeps with the answers which of them are `hidden`: the next round needs to know what everybody saw of this one."""


def disclosed_query() -> str:
    """`published`, as everybody may see it, of the answers once it is `RECORDED` which are suppressed."""
    return f"""
    WITH cleared AS (SELECT sha256 FROM returns WHERE verdict = '{Verdict.ACCEPTED}' AND texts_cleared = 'Y')
    SELECT * REPLACE (
        CASE WHEN NOT suppressed THEN number END AS number,
        CASE WHEN NOT suppressed THEN status ELSE '{SUPPRESSED}' END AS status,
        CASE WHEN submission IN (FROM cleared) THEN text END AS text
    )
    FROM answers WHERE outcome = '{Outcome.PUBLISHED}'
    """
