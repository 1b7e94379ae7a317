"""What is asked of the whole: rules whose answers are settled, and totals of what counts, whoever has corrected a part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.findings import Finding
from pipeline.merging.whole import broken_rules, derive
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Responses
from questionnaire.rules.rule import Severity
from tests.given import mini_round
from tests.made_instruments import Made, indicators, sections
from tests.made_instruments import table as table_of
from tests.pipeline.tables.made import round_of
from tests.schemas.tidy_rows import tidy_frame
from tests.with_ratio_columns import instrument as with_ratios
from tests.with_table import instrument as with_tables
from tests.with_table import table


def test_rule__that_looks_at_an_answer_in_conflict__is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = mini_round(tmp_path)
    parts, status = (
        Finding(code, Severity.ERROR, {}, {}, respondent="AAA", indicator="W01a", field="total")
        for code in ("parts", "required")
    )
    monkeypatch.setattr("pipeline.merging.whole.validate", lambda *_: [parts, status])
    whole, layout = pd.DataFrame({"respondent": ["AAA"], "indicator": ["W01a"]}), Layout.of(round_)
    assert broken_rules(round_, layout, whole, {}) == [parts, status]
    assert broken_rules(round_, layout, whole, {"AAA": {("W01a", "urban")}}) == [status]
    assert broken_rules(round_, layout, whole, {"BBB": {("W01a", "urban")}}) == [parts, status]


def given(**tables: dict[tuple[int, str], float | None]) -> tuple[Round, pd.DataFrame]:
    """What one respondent answers in the small tables, the totals as they were before somebody corrected a part."""
    lines = {
        code: {
            line: {
                column: Answer(value) if value is not None else Answer(status=AnswerStatus.NOT_AVAILABLE)
                for (at, column), value in cells.items()
                if at == line
            }
            for line in range(1, table(code).most_lines + 1)
        }
        for code, cells in tables.items()
    }
    round_ = round_of(with_tables(), "AAA")
    return round_, tidy_frame(with_tables(), {"aaa": Responses({}, lines)})


def cells(rows: pd.DataFrame, block: str) -> dict[tuple[int, str], tuple[Any, ...]]:
    own = rows[(rows["block"] == block) & ~rows["status"].isin(["blank"])]
    return {(row["line"], row["field"]): (row["number"], row["parsed_by"]) for row in own.to_dict("records")}


def worked_out(round_: Round, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the totals as reading leaves them, derived."""
    computed = {(code, *cell) for code in ("nests", "birds") for cell in table(code).computed}
    keys = zip(rows["block"].astype("str"), rows["line"], rows["field"].astype("str"), strict=True)
    rules = ["computed" if key in computed else "number" for key in keys]
    return derive(round_, Layout.of(round_), rows.assign(parsed_by=rules))


def test_totals__of_a_part_that_was_corrected__are_worked_out_anew() -> None:
    parts = {(1, "nests_2024"): 1.5, (1, "nests_2025"): 2.0, (2, "nests_2025"): 4.0}
    before = {(1, "nests_all"): 9.0, (2, "nests_all"): 4.0, (3, "nests_2025"): 9.0, (3, "nests_all"): 9.0}
    found = cells(worked_out(*given(nests={**parts, **before})), "nests")
    assert {cell: found[cell] for cell in table("nests").computed if cell in found} == {
        (1, "nests_all"): (3.5, "computed"),
        (2, "nests_all"): (4.0, "computed"),
        (3, "nests_2024"): (1.5, "computed"),
        (3, "nests_2025"): (6.0, "computed"),
        (3, "nests_all"): (7.5, "computed"),
    }


def test_totals__of_which_a_part_is_gone__are_blank_or_of_what_is_known() -> None:
    gone = {(1, "nests_2024"): None, (1, "nests_2025"): 2.0, (1, "nests_all"): 9.0}
    some = {(1, "birds"): 20.0, (3, "birds"): None, (5, "birds"): 99.0}
    rows = worked_out(*given(nests=gone, birds=some))
    assert (1, "nests_all") not in cells(rows, "nests")
    assert cells(rows, "birds")[5, "birds"] == (20.0, "computed_from_known")


def test_totals__that_a_person_decided__stay() -> None:
    round_, rows = given(nests={(1, "nests_2024"): 1.0, (1, "nests_2025"): 2.0, (1, "nests_all"): 4.0})
    found = cells(derive(round_, Layout.of(round_), rows), "nests")
    assert found[1, "nests_all"] == (4.0, "test")


def test_columns__of_a_number_that_was_corrected__are_worked_out_anew_also_in_the_total_line() -> None:
    courts = {
        1: {"prosecuted": Answer(8.0), "convicted": Answer(2.0), "rate": Answer(37.5), "twice_rate": Answer(75.0)},
        2: {"prosecuted": Answer(0.0), "convicted": Answer(0.0), "rate": Answer(9.0)},
        3: {"prosecuted": Answer(9.0), "convicted": Answer(9.0), "rate": Answer(9.0), "twice_rate": Answer(9.0)},
    }
    visits = {1: {"seen": Answer(4.0), "helped": Answer(1.0), "helped_share": Answer(99.0), "both": Answer(1.0)}}
    round_ = round_of(with_ratios(), "AAA")
    rows = tidy_frame(with_ratios(), {"aaa": Responses({}, {"courts": courts, "visits": visits})})
    typed = {"prosecuted", "convicted", "seen", "helped"}
    rules = [
        "number" if field in typed and not (block == "courts" and line == 3) else "computed"
        for block, line, field in zip(rows["block"], rows["line"], rows["field"], strict=True)
    ]
    whole = derive(round_, Layout.of(round_), rows.assign(parsed_by=rules))
    found = cells(whole, "courts") | cells(whole, "visits")
    assert {key: found.get(key) for key in ((1, "rate"), (2, "rate"), (3, "rate"), (3, "twice_rate"))} == {
        (1, "rate"): (25.0, "computed"),
        (2, "rate"): None,
        (3, "rate"): (25.0, "computed"),
        (3, "twice_rate"): (50.0, "computed"),
    }
    assert (found[1, "helped_share"], found[1, "both"]) == ((25.0, "computed"), (8.0, "computed"))
    assert cells(whole, "J01")[1, "both_made"] == (8.0, "computed")


FORMULA = Made(
    table_of(("WELLS", [["Wells dug"]])),
    ('twice,computed,,,,,,,,Twice as many,,"2 * at(dug.wells, paints == T)"',),
    "twice",
    indicators("W01"),
    sections(("W", "WELLS")),
    codelists="paints,RED,,,Red\npaints,BLUE,,,Blue\npaints,T,,,All\n",
    tables="""[[table]]
code = "dug"
indicator = "W01"
totals = "computed"
label = { en = "Wells dug" }
[[table.dimension]]
codelist = "paints"
total = "T"
label = { en = "Paint" }
[[table.column]]
column = "wells"
type = "whole_number"
label = { en = "Wells" }
""",
)


def test_question__computed_from_a_total__follows_the_total_that_was_worked_out_anew(tmp_path: Path) -> None:
    round_ = FORMULA.round(tmp_path, ["AAA"])
    wells = {line: {"wells": Answer(number)} for line, number in enumerate((2.0, 3.0, 9.0), 1)}
    rows = tidy_frame(round_.instrument, {"aaa": Responses({}, {"dug": wells})})
    rules = [
        "test" if line in (1, 2) and block == "dug" else "computed"
        for block, line in zip(rows["block"], rows["line"], strict=True)
    ]
    found = derive(round_, Layout.of(round_), rows.assign(parsed_by=rules))
    assert found.loc[found["field"] == "twice", "number"].tolist() == [10.0]
