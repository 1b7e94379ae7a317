"""Corrections within a line of a list, and cells of tables: each its own answer, in whichever files they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from pipeline.consolidation.consolidate import Consolidation
from pipeline.receiving.decision import Kind
from pipeline.receiving.receive import receive_file
from pipeline.receiving.received import ReceivedFile
from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.pipeline.consolidated import consolidate, frame, read_here
from tests.pipeline.consolidation.test_consolidate import after, decision, verdicts
from tests.with_list import list_round
from tests.with_table import table_round

Cells = Mapping[tuple[str, int, str], CellValue]
LINES: Cells = {
    **{("projects", 1, name): value for name, value in {"indicator": "F01 – Trees", "partner": "BBB"}.items()},
    **{("projects", 2, name): value for name, value in {"indicator": "F01 – Trees", "partner": "CCC"}.items()},
}


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return list_round(tmp_path_factory.mktemp("listed"))


@pytest.fixture(scope="module")
def tabled(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return table_round(tmp_path_factory.mktemp("tabled"))


def returned(round_: Round, file: str, day: int, cells: Cells) -> ReceivedFile:
    """A questionnaire of AAA, saved that day in March, with these cells: in line 0, answers to indicators."""
    layout, path = Layout.of(round_), round_.folder / "sent.xlsx"
    if not path.exists():
        write_questionnaire(path, round_, round_.participants[0], layout)
    book = FilledWorkbook(path, layout, tab_names(layout), "en")
    book.type(layout.slot("W01a", "total"), 7)
    for (block, line, field), value in cells.items():
        if not line:
            book.type(layout.slot(block, field), value)
            continue
        sheet = layout.list_of(block)
        book.type_at(sheet.code, f"{column_letter(sheet.columns[field])}{sheet.row(line) + 1}", value)
    book.save(round_.folder / file, dt.datetime(2026, 3, day))
    return receive_file(round_.folder / file)


def published(made: Consolidation, block: str, *fields: str) -> list[tuple[object, ...]]:
    rows = frame(made.answers)[
        (frame(made.answers)["outcome"] == "published") & (frame(made.answers)["block"] == block)
    ]
    rows = rows[rows["field"].isin(fields)].sort_values(["line", "field"])
    found: list[tuple[object, ...]] = []
    for row in rows.to_dict("records"):
        value = next((row[name] for name in ("code", "number") if row[name] == row[name] and row[name] is not None), "")
        found.append((row["line"], row["field"], value, row["file"], row["value_source"]))
    return found


def test_correction__within_a_line__stands_in_that_line_and_the_rest_of_it_stays(listed: Round) -> None:
    file = returned(listed, "a.xlsx", 15, LINES)
    batch = read_here(listed, [file])
    corrected = decision(Kind.CORRECT, sha256=file.sha256, question="projects[2].begun", value="2001")
    made = consolidate(listed, batch, after(corrected))
    assert published(made, "projects", "partner", "begun") == [
        (1, "begun", "", "a.xlsx", "return"), (1, "partner", "BBB", "a.xlsx", "return"),
        (2, "begun", 2001.0, "register.sqlite", "correction"), (2, "partner", "CCC", "a.xlsx", "return"),
    ]  # fmt: skip
    assert verdicts(made) == {"a.xlsx": "accepted"}
    assert made.reconciliation["balanced"].all()
    blank = decision(Kind.CORRECT, sha256=file.sha256, question="projects[2].partner")
    made = consolidate(listed, batch, after(blank))
    # A line needs its partner: what breaks a rule is the decision, not the file.
    assert published(made, "projects", "partner")[1][1:] == ("partner", "CCC", "a.xlsx", "return")
    assert frame(made.answers).loc[frame(made.answers)["file"] == "register.sqlite", "outcome"].tolist() == ["rejected"]
    assert "line_incomplete" in set(frame(made.findings)["code"])


@pytest.mark.wide
def test_correction__within_a_line__to_blank__takes_the_answer_away(listed: Round) -> None:
    file = returned(listed, "a.xlsx", 15, {**LINES, ("projects", 2, "begun"): 1999})
    blank = decision(Kind.CORRECT, sha256=file.sha256, question="projects[2].begun")
    made = consolidate(listed, read_here(listed, [file]), after(blank))
    assert published(made, "projects", "begun")[1] == (2, "begun", "", "register.sqlite", "correction")


def test_correction__within_a_line__gives_way_to_newer_lines_which_is_reported(listed: Round) -> None:
    file = returned(listed, "a.xlsx", 15, LINES)
    corrected = decision(Kind.CORRECT, sha256=file.sha256, question="projects[2].partner", value="BBB")
    later = returned(listed, "b.xlsx", 25, {**LINES, ("projects", 1, "begun"): 1999})
    made = consolidate(listed, read_here(listed, [later, file]), after(corrected))
    assert {row[3] for row in published(made, "projects", "partner")} == {"b.xlsx"}
    (note,) = frame(made.findings)[frame(made.findings)["code"] == "correction_outranked"].to_dict("records")
    assert (note["file"], note["field"]) == ("b.xlsx", "projects.indicator")
    assert "'projects[2].partner' --undo" in note["remedy"]
    silent = returned(listed, "b.xlsx", 25, {})
    made = consolidate(listed, read_here(listed, [silent, file]), after(corrected))
    assert [row[2] for row in published(made, "projects", "partner")] == ["BBB", "BBB"]


def test_correction__of_an_error_in_a_line__lets_its_file_count(listed: Round) -> None:
    file = returned(listed, "a.xlsx", 15, {**LINES, ("projects", 2, "begun"): "long ago"})
    batch = read_here(listed, [file])
    assert verdicts(consolidate(listed, batch)) == {"a.xlsx": "to_correct"}
    corrected = decision(Kind.CORRECT, sha256=file.sha256, question="projects[2].begun", value="2001")
    made = consolidate(listed, batch, after(corrected))
    assert verdicts(made) == {"a.xlsx": "accepted"}
    assert (2, "begun", 2001.0, "register.sqlite", "correction") in published(made, "projects", "begun")


@pytest.mark.wide
def test_correction__of_a_line_of_a_file_that_is_gone__waits_for_it(listed: Round) -> None:
    file = returned(listed, "a.xlsx", 15, LINES)
    corrected = decision(Kind.CORRECT, sha256="9" * 64, question="projects[2].partner", value="BBB")
    made = consolidate(listed, read_here(listed, [file]), after(corrected))
    assert [row[2] for row in published(made, "projects", "partner")] == ["BBB", "CCC"]
    assert set(made.reconciliation["file"]) == {"a.xlsx"}


def test_correction__of_a_number__leaves_its_currency(listed: Round) -> None:
    file = returned(listed, "a.xlsx", 15, {("W01b", 0, "spent"): 2, ("W01b", 0, "spent.currency"): "EUR"})
    corrected = decision(Kind.CORRECT, question="W01b.spent", value="3")
    made = consolidate(listed, read_here(listed, [file]), after(corrected))
    assert published(made, "W01b", "spent", "spent.currency") == [
        (1, "spent", 3, "register.sqlite", "correction"), (1, "spent.currency", "EUR", "a.xlsx", "return"),
    ]  # fmt: skip
    assert verdicts(made) == {"a.xlsx": "accepted"}


def test_table__that_two_files_fill_in__is_merged_cell_by_cell_and_keeps_the_file_of_each(tabled: Round) -> None:
    first = returned(tabled, "a.xlsx", 15, {("trees", 1, "planted"): 5, ("trees", 2, "planted"): 6})
    later = returned(tabled, "b.xlsx", 16, {("trees", 2, "planted"): 7, ("trees", 4, "planted"): 8})
    for files in ((first, later), (later, first)):
        made = consolidate(tabled, read_here(tabled, files))
        given = [row for row in published(made, "trees", "planted") if row[2] != ""]
        assert [(line, value, file) for line, _, value, file, _ in given] == [
            (1, 5, "a.xlsx"), (2, 7, "b.xlsx"), (4, 8, "b.xlsx"),
        ]  # fmt: skip
        assert verdicts(made) == {"a.xlsx": "accepted", "b.xlsx": "accepted"}


def test_table__a_cell_without_an_order__waits_alone_and_may_be_resolved_or_corrected(tabled: Round) -> None:
    one = returned(tabled, "a.xlsx", 15, {("trees", 1, "planted"): 5, ("trees", 4, "planted"): 6})
    other = returned(tabled, "b.xlsx", 15, {("trees", 1, "planted"): 5, ("trees", 4, "planted"): 7})
    batch = read_here(tabled, [one, other])
    made = consolidate(tabled, batch)
    name, asked = "trees[sorts=PALM,grounds=PLAIN].planted", "Trees planted: Palm, In the plain, Planted"
    rows = made.conflicts["en"][["question", "question_text", "answer", "file"]].to_numpy().tolist()
    assert rows == [[name, asked, "6", "a.xlsx"], [name, asked, "7", "b.xlsx"]]
    notes = frame(made.findings)[frame(made.findings)["code"] == "answers_conflict"]
    told = dict(zip(notes["file"], notes["message"], strict=True))
    assert ("a.xlsx" in told["a.xlsx"], "b.xlsx" in told["a.xlsx"]) == (False, True)
    assert notes["value"].tolist() == ["6", "7"]
    for settled in (
        decision(Kind.RESOLVE, sha256=other.sha256, question=name),
        decision(Kind.RESOLVE, question=name, value="7"),
        decision(Kind.CORRECT, question=name, value="7"),
    ):
        made = consolidate(tabled, batch, after(settled))
        assert [row[2] for row in published(made, "trees", "planted") if row[2] != ""] == [5, 7]
        assert made.conflicts["en"].empty
        assert made.reconciliation["balanced"].all()


def test_conflicts__of_a_respondent__stand_in_the_order_of_the_sheets_then_of_the_files(
    tabled: Round,
) -> None:
    cells = [{("wells", 1, "dug_2024"): value, ("trees", 4, "planted"): value, ("trees", 1, "alive"): value,
              ("trees", 1, "planted"): value} for value in (3, 4)]  # fmt: skip
    files = [returned(tabled, name, 15, one) for name, one in zip(("z.xlsx", "a.xlsx"), cells, strict=True)]
    table = consolidate(tabled, read_here(tabled, files)).conflicts["en"]
    assert table["question"].tolist()[::2] == [
        "trees[sorts=OAK,grounds=HILL].planted", "trees[sorts=OAK,grounds=HILL].alive",
        "trees[sorts=PALM,grounds=PLAIN].planted", "wells[grounds=HILL].dug_2024",
    ]  # fmt: skip
    assert table["file"].tolist() == ["a.xlsx", "z.xlsx"] * 4
