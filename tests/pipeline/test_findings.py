"""Many findings that may have one cause: one note names their cells, and each keeps its own."""

from __future__ import annotations

from dataclasses import replace

from pipeline.desk.check import FORMATS, Checked
from pipeline.findings import MANY, Finding, finding, many_alike
from questionnaire.rules.rule import Severity


def totals(count: int) -> list[Finding]:
    """Totals of a table that are no sums, each in a line of its own."""
    where = {"indicator": "W01a", "field": "wells.dug_all", "sheet": "W01a ≡", "submission": "s", "file": "AAA.xlsx"}
    return [
        finding("columns_total", Severity.ERROR, {"line": f"L{line}"}, cell=f"G{7 + line}", **where)
        for line in range(1, count + 1)
    ]


def test_many_alike__ten_cells_of_a_table__are_one_note_that_names_them() -> None:
    (note,) = many_alike(totals(MANY + 2)).values()
    assert (note.code, note.severity, note.sheet, note.cell) == ("many_alike", "info", "W01a ≡", "G8")
    assert note.value == ", ".join(f"G{row}" for row in range(8, 20))
    assert note.message_in("en") == (
        "On the sheet “W01a ≡”, the same holds for 12 cells (G8, G9, G10, G11, G12, G13, G14, G15, G16, G17, …); "
        "the first: Line L1: this total is not the sum of the other columns."
    )
    assert (note.submission, note.file, note.field) == ("s", "AAA.xlsx", "wells.dug_all")


def test_many_alike__totals_that_show_other_results__are_one_note() -> None:
    shown = {"typed": "870", "computed": "780"}
    differing = finding("computed_differs", Severity.WARNING, shown)
    where = ("field", "sheet", "cell", "submission", "file")
    warned = [replace(differing, **{name: getattr(found, name) for name in where}) for found in totals(30)]
    (note,) = many_alike(warned).values()
    assert (note.values["count"], note.cell) == (30, "G8")


def test_many_alike__fewer_cells_or_several_faults_or_questions__have_no_note() -> None:
    few, other = totals(MANY - 1), totals(MANY)
    assert many_alike(few) == {}
    assert many_alike([*few, *few]) == {}
    assert many_alike([*other[:5], *(replace(found, code="lines_total") for found in other[5:])]) == {}
    assert many_alike([*other[:5], *(replace(found, sheet="Another") for found in other[5:])]) == {}
    assert many_alike([*other[:5], *(replace(found, submission="another") for found in other[5:])]) == {}
    wells = [*other[:5], *(replace(found, field="dry.dry_all") for found in other[5:])]
    assert many_alike(wells) == {}
    assert many_alike([replace(found, field="total") for found in other]) == {}
    assert many_alike([replace(found, severity=Severity.INFO) for found in other]) == {}


def test_check__many_alike__are_printed_as_one_as_grave_as_they_are_and_listed_one_by_one_in_tables() -> None:
    found = totals(MANY)
    single = replace(found[0], code="lines_total")
    checked = Checked("AAA.xlsx", "en", (*found, single, *many_alike(found).values()))
    lines = FORMATS["text"]([checked], None).splitlines()
    assert [line.split(" “")[0] for line in lines[::2]] == [
        "AAA.xlsx · W01a ≡ · G8 · W01a: ERROR [columns_total]",
        "AAA.xlsx · W01a ≡ · G8 · W01a: ERROR [lines_total]",
    ]
    assert len(FORMATS["csv"]([checked], None).splitlines()) == 1 + MANY + 1 + 1
