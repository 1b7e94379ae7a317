"""Writes the queries that make, of the published answers, those that everybody may see (docs/adr/0042-disclosure.md).

A small count of persons goes, and with it every number that rules relate to it; a text goes unless its state cleared
it. What everybody sees is made of these answers alone, so that no total has in it what was taken out.
"""

from collections.abc import Mapping

import pyarrow as pa

from pipeline.tables.lent import compared_rows, table_of
from questionnaire.declaration.answer_types import is_text
from questionnaire.declaration.blocks import PERSONS
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.related_counts import related_counts
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict
from schemas.tables.own_codes import LARGEST_SUPPRESSED, SUPPRESSED
from schemas.tables.parts import lists_persons

_SMALL = f"BETWEEN 1 AND {LARGEST_SUPPRESSED}"


def lent_for_disclosure(round_: Round) -> Mapping[str, pa.Table]:
    """`related`: the numbers shown together or not at all; `previous_counts`: those of the previous round.

    `compared`: the columns of lists that everybody may see compared to the previous round.
    """
    related = [
        (
            part,
            block,
            field,
            round_.instrument.field(block, field).discloses == PERSONS,
            found.by_line,
            found.across_rounds,
        )
        for part, found in enumerate(related_counts(round_.instrument))
        for block, field in sorted(found.cells)
    ]
    previous = [
        (respondent, block, field, float(answer.value))
        for respondent, answers in round_.previous_answers.items()
        for (block, field), answer in answers.items()
        if isinstance(answer.value, int | float)
    ]
    return {
        "related": table_of(
            related,
            part=pa.int32(), block=pa.string(), field=pa.string(), persons=pa.bool_(), by_line=pa.bool_(),
            across_rounds=pa.bool_(),
        ),
        "previous_counts": table_of(
            previous, respondent=pa.string(), block=pa.string(), field=pa.string(), earlier=pa.float64()
        ),
        "compared": compared_rows(round_.instrument, _never_compared(round_.instrument)),
    }  # fmt: skip


def _never_compared(instrument: Instrument) -> frozenset[tuple[str, str]]:
    """The columns of lists whose differences between rounds would give something away: texts, and numbers of persons.

    With them, what rules relate to such numbers, and lists whose lines are persons.
    """
    related = {cell for found in related_counts(instrument) for cell in found.cells}
    return frozenset(
        (block.code, field.code)
        for block in instrument.lists
        for field in block.fields
        if is_text(field.type)
        or field.discloses == PERSONS
        or (block.code, field.code) in related
        or lists_persons(instrument, block)
    )


def small_query() -> str:
    """`small`: the parts of `related` in which a respondent has a small count, or one that changed by so little."""
    return f"""
    SELECT DISTINCT respondent, part, CASE WHEN by_line THEN line ELSE 0 END AS line
    FROM published JOIN related USING (block, field) LEFT JOIN previous_counts USING (respondent, block, field)
    WHERE persons AND (number {_SMALL} OR abs(number - earlier) {_SMALL})
    UNION
    SELECT respondent, part, 0 FROM previous_counts JOIN related USING (block, field)
    WHERE across_rounds AND persons AND earlier {_SMALL}
    """


def disclosed_query() -> str:
    """`disclosed`: the published answers as everybody may see them."""
    return f"""
    WITH hidden AS (
        SELECT DISTINCT respondent, block, field, published.line FROM published JOIN related USING (block, field)
        JOIN small USING (respondent, part)
        WHERE number IS NOT NULL AND small.line = CASE WHEN by_line THEN published.line ELSE 0 END
    ), cleared AS (SELECT sha256 FROM returns WHERE verdict = '{Verdict.ACCEPTED}' AND texts_cleared = 'Y')
    SELECT published.* REPLACE (
        CASE WHEN hidden.field IS NULL THEN number END AS number,
        CASE WHEN hidden.field IS NULL THEN status ELSE '{SUPPRESSED}' END AS status,
        CASE WHEN submission IN (FROM cleared) THEN text END AS text
    )
    FROM published LEFT JOIN hidden USING (respondent, block, line, field)
    """
