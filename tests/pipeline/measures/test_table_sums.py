"""Sums of tables: a total that was given counts, else the parts of it, and what is suppressed is in neither."""

from __future__ import annotations

from pathlib import Path

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.evaluate import Answer, Line, Responses
from tests import with_table
from tests.pipeline.tables.made import Made, round_of

ND = Answer(None, AnswerStatus.NOT_AVAILABLE)


def lines(instrument: Instrument, **given: Answer) -> Responses:
    """What was answered on trees planted, by sort and ground, such as `T_HILL`."""
    (block,) = (item for item in instrument.lists if item.code == "trees")
    assert isinstance(block, TableBlock)
    told: dict[int, Line] = {
        place: {
            **{item.name: Answer(code) for item, code in zip(block.dimensions, codes, strict=True)},
            "planted": given["_".join(codes)],
        }
        for place, codes in enumerate(block.combinations, 1)
        if "_".join(codes) in given
    }
    return Responses({}, {"trees": told})


def test_sums__of_a_table__count_totals_that_are_given_and_else_their_parts(tmp_path: Path) -> None:
    instrument = with_table.instrument()
    given = {
        # The whole of the hills alone, then a part of it only; of the plains both.
        "AAA": lines(instrument, OAK_HILL=ND, T_HILL=Answer(100.0), OAK_PLAIN=Answer(20.0), T_PLAIN=Answer(50.0)),
        "BBB": lines(instrument, OAK_HILL=Answer(7.0), PALM_PLAIN=Answer(6.0), T_PLAIN=ND),
        "CCC": lines(instrument, OAK_HILL=Answer(3.0), T_HILL=Answer(900.0), T_PLAIN=Answer(5.0)),
        "DDD": lines(instrument, OAK_HILL=ND),
    }
    found = Made(round_of(instrument, *given, "EEE"), tmp_path, given, EEE="no_return")
    columns = ("indicator", "sum", "reporting", "participants", "unknown_no_return", "unknown_suppressed")
    assert found.rows("measure_sums", *columns, column="planted") == [("F01", 100 + 50 + 13 + 905, 3, 5, 1, 0)]
    public = [found.public("measure_sums", name) for name in ("column", *columns)]
    assert ("planted", "F01", 163, 2, 5, 1, 1) in zip(*public, strict=True)
