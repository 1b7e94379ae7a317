"""A return that is given back: what stood in its tables stands there again, where the sheet reads it the same."""

from typing import Any

from pipeline.feedback.given_answers import given_answers
from questionnaire.layout import REASON, Layout, TableSheet
from tests.with_ratio_columns import instrument as with_ratios
from tests.with_table import instrument


def row(line: int, field: str, **said: Any) -> dict[str, Any]:
    blank = {"status": "blank", "code": None, "number": None, "text": None, "date": None, "raw": "", "if_none": ""}
    return {"block": "trees", "line": line, "field": field, **blank, **said}


def test_given_answers__of_a_table__are_its_cells_and_their_reasons_but_not_what_is_printed() -> None:
    layout = Layout(instrument())
    sheet = layout.list_of("trees")
    assert isinstance(sheet, TableSheet)
    rows = [
        row(1, "sorts", status="answered", code="OAK", raw="OAK"),
        row(1, "planted", status="answered", number=7.0, raw="7"),
        row(1, "alive", status="not_available", raw="ND"),
        row(2, "planted", status="confidential", if_none="CF"),
        row(4, "planted", status="unreadable", if_none="we forgot"),
        row(4, "alive", status="unreadable", raw="half"),
    ]
    columns = sheet.columns
    assert given_answers(layout, "en", rows).cells[sheet.code] == {
        (sheet.row(1), columns["planted"]): 7.0,
        (sheet.row(1), columns["alive"]): "ND",
        (sheet.row(2), columns["planted"]): "CF",
        (sheet.row(4), columns[REASON]): "we forgot",
        (sheet.row(4), columns["alive"]): "half",
    }


def test_given_answers__of_computed_columns__are_left_to_their_formulas() -> None:
    layout = Layout(with_ratios())
    courts = [
        {**row(1, "prosecuted", status="answered", number=8.0, raw="8"), "block": "courts"},
        {**row(1, "rate", status="answered", number=37.5, raw="40"), "block": "courts"},
        {**row(2, "rate", if_none="ND"), "block": "courts"},
        {**row(3, "prosecuted", status="answered", number=8.0, raw="9"), "block": "courts"},
    ]
    visits = [
        {**row(1, "seen", status="answered", number=3.0, raw="3"), "block": "visits"},
        {**row(1, "helped_share", status="answered", number=50.0, raw="7"), "block": "visits"},
    ]
    cells = given_answers(layout, "en", [*courts, *visits]).cells
    for code, column, number in (("courts", "prosecuted", 8.0), ("visits", "seen", 3.0)):
        sheet = layout.list_of(code)
        assert cells[sheet.code] == {(sheet.row(1), sheet.columns[column]): number}
