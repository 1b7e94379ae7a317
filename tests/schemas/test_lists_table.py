"""The tables of rosters: types of columns, one row per line, and none at all."""

import datetime as dt

import pyarrow as pa

from questionnaire.declaration.answer_types import Date
from questionnaire.declaration.lists import Roster, RosterColumn
from schemas.lists_table import ROSTER_ANSWERS, lines_frame, lines_schema, roster_answers_frame
from tests.with_roster import instrument

ROSTER: Roster = instrument().rosters[0]


def answers(*lines: dict[str, object], roster: Roster = ROSTER) -> dict[str, list[object]]:
    """Plain columns of these lines, the second line first."""
    rows = []
    for number, line in reversed(list(enumerate(lines, 1))):
        for place, column in enumerate(roster.columns):
            value = line.get(column.code)
            kind = {str: "code", float: "number", dt.date: "date"}.get(type(value), "text")
            row = dict.fromkeys(ROSTER_ANSWERS.names, None) | {
                "submission": "s", "file": "f.xlsx", "respondent": "AAA", "roster": roster.code, "line": number,
                "column": column.code, "status": "blank" if value is None else "answered", "raw": str(value or ""),
                "sheet": "List", "cell": f"{'CDEFGH'[place]}{number + 6}", "parsed_by": "test",
            }  # fmt: skip
            rows.append(row | ({} if value is None else {kind: value}))
    return {name: [row[name] for row in rows] for name in ROSTER_ANSWERS.names}


def test_lines__of_a_roster__are_rows_in_order() -> None:
    frame = lines_frame(
        roster_answers_frame(answers({"indicator": "F01", "partner": "BBB"}, {"indicator": "W01a", "begun": 2001.0})),
        ROSTER,
    )
    assert list(frame.columns) == lines_schema(ROSTER).names
    assert list(frame["indicator"]) == ["F01", "W01a"]
    assert frame["begun"].tolist()[1] == 2001
    assert frame["begun"].isna().tolist() == [True, False]
    assert list(frame["row"]) == [7, 8]
    assert set(frame["respondent"]) == {"AAA"}


def test_lines__none__are_an_empty_table_of_the_same_columns() -> None:
    frame = lines_frame(roster_answers_frame({name: [] for name in ROSTER_ANSWERS.names}), ROSTER)
    assert (len(frame), list(frame.columns)) == (0, lines_schema(ROSTER).names)
    table = pa.Table.from_pandas(frame, schema=lines_schema(ROSTER), preserve_index=False)
    assert table.schema.equals(lines_schema(ROSTER))


def test_lines__with_a_day__keep_it() -> None:
    columns = (*ROSTER.columns, RosterColumn("signed", Date(), {"en": "Signed"}, {}))
    roster = Roster("projects", {}, {}, 4, columns, "indicator", ())
    frame = lines_frame(roster_answers_frame(answers({"signed": dt.date(2001, 2, 3)}, roster=roster)), roster)
    assert str(frame["signed"].iloc[0]).startswith("2001-02-03")
