"""Consolidation of a few returns: which of two counts, and that no answer is lost or doubled without being noticed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.consolidation.consolidate import Consolidation
from pipeline.receiving.decision import Decision, Decisions, Kind
from pipeline.receiving.receive import receive_file
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.validation.batch import Batch
from pipeline.validation.completeness import Coverage
from questionnaire.addresses import column_letter
from questionnaire.layout import Column, Layout
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.pipeline.consolidated import consolidate, frame, read_here
from tests.pipeline.reading.workbooks.test_grids import repack
from tests.with_list import instrument, list_round

LAYOUT = Layout(instrument())
Table = pd.DataFrame


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return list_round(tmp_path_factory.mktemp("consolidated"))


@pytest.fixture(scope="module")
def sent(round_: Round) -> Path:
    path = round_.folder / "sent.xlsx"
    write_questionnaire(path, round_, round_.participants[0], LAYOUT)
    return path


def returned(
    round_: Round,
    sent: Path,
    file: str,
    saved: str,
    answers: Mapping[str, CellValue],
    line: Mapping[str, CellValue] | None = None,
) -> ReceivedFile:
    """A questionnaire with these answers of W01a, by field or cell, and this line of the list."""
    book = FilledWorkbook(sent, LAYOUT, tab_names(LAYOUT), "en")
    for field, value in answers.items():
        book.type_at("W", field if field[-1].isdigit() else LAYOUT.slot("W01a", field).cell(Column.ANSWER), value)
    (sheet,) = LAYOUT.lists
    for column, value in (line or {}).items():
        book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{sheet.row(1) + 1}", value)
    path = round_.folder / file
    book.save(path, dt.datetime.fromisoformat(saved))
    return receive_file(path)


def verdicts(made: Consolidation) -> dict[str, str]:
    return dict(zip(made.returns["file"], made.returns["verdict"], strict=True))


@pytest.mark.parametrize("files", [("a.xlsx", "b.xlsx"), ("b.xlsx", "a.xlsx")])
def test_two_returns__the_one_saved_last_is_published_whatever_their_names(
    round_: Round, sent: Path, files: tuple[str, str]
) -> None:
    first = returned(round_, sent, files[0], "2026-03-01", {"total": 7})
    last = returned(round_, sent, files[1], "2026-03-02", {"total": 8})
    for order in ((first, last), (last, first)):
        made = consolidate(round_, read_here(round_, order))
        assert verdicts(made) == {files[0]: "superseded", files[1]: "accepted"}
        assert total(made) == [8]
        published = frame(made.answers)[frame(made.answers)["outcome"] == "published"]
        assert set(zip(published["respondent"], published["submission"], strict=True)) == {("AAA", last.sha256)}
        outcomes = made.reconciliation.set_index("file")[["published", "superseded"]]
        assert outcomes.loc[list(files)].to_numpy().tolist() == [[0, 1], [1, 0]]


def test_respondent__an_accepted_return_and_a_later_one_with_an_error__stands_as_accepted(
    round_: Round, sent: Path
) -> None:
    sound = returned(round_, sent, "z.xlsx", "2026-03-01", {"total": 7})
    wrong = returned(round_, sent, "a.xlsx", "2026-03-02", {"total": -7})
    made = consolidate(round_, read_here(round_, [sound, wrong]))
    assert verdicts(made) == {"a.xlsx": "to_correct", "z.xlsx": "accepted"}
    assert made.standings == {"AAA": "accepted", "BBB": "no_return", "CCC": "no_return"}


def test_blank_beside_which_an_answer_stands__is_an_error_unless_a_newer_file_or_a_person_answers(
    round_: Round, sent: Path
) -> None:
    def beside(saved: str) -> ReceivedFile:
        """A questionnaire with its total in the comment column."""
        comment = LAYOUT.slot("W01a", "total").cell(Column.COMMENT)
        return returned(round_, sent, "b.xlsx", saved, {"urban": 4, comment: 8})

    whole = returned(round_, sent, "a.xlsx", "2026-03-01", {"total": 7, "urban": 3})
    later = read_here(round_, [whole, beside("2026-03-02")])
    made = consolidate(round_, later)
    assert (verdicts(made), total(made)) == ({"a.xlsx": "accepted", "b.xlsx": "to_correct"}, [7])
    made = consolidate(round_, later, after(decision(Kind.CORRECT, question="W01a.total", value="8")))
    assert (verdicts(made)["b.xlsx"], total(made)) == ("accepted", [8])
    earlier = beside("2026-02-20")
    made = consolidate(round_, read_here(round_, [whole, earlier]))
    assert (verdicts(made), total(made)) == ({"a.xlsx": "accepted", "b.xlsx": "superseded"}, [7])
    # A newer file that leaves the same question blank answers nothing in its place.
    part = returned(round_, sent, "c.xlsx", "2026-03-02", {"urban": 5})
    made = consolidate(round_, read_here(round_, [earlier, part]))
    assert (verdicts(made), total(made)) == ({"b.xlsx": "to_correct", "c.xlsx": "accepted"}, [])


# --- several files, and what proves which is the newer ----------------------------------------------------------


def without_time(file: ReceivedFile) -> ReceivedFile:
    """The same workbook without document properties, as Google Sheets exports it."""
    data = repack(lambda name, content: None if name.startswith("docProps/") else content, file.path.read_bytes())
    file.path.write_bytes(data)
    return receive_file(file.path)


def mailed(file: ReceivedFile, day: str) -> ReceivedFile:
    return replace(file, name=f"mail.eml/{file.name}", container="mail.eml", mail_date=f"{day}T14:00:00Z")


def total(made: Consolidation) -> list[float]:
    """What is published as the total of W01a."""
    answers = frame(made.answers)[frame(made.answers)["outcome"] == "published"]
    numbers: list[float] = answers.query("block == 'W01a' and field == 'total'")["number"].dropna().tolist()
    return numbers


@pytest.mark.parametrize(
    "saved", ["", "2019-05-06", "2026-02-02"], ids=["unknown", "before the round", "never renewed"]
)
def test_correction__whose_time_is_unknown_or_cannot_be__counts_by_its_later_mail(
    round_: Round, sent: Path, saved: str
) -> None:
    first = returned(round_, sent, "z.xlsx", "2026-03-15", {"total": 7})
    later = returned(round_, sent, "a.xlsx", saved or "2026-03-01", {"total": 8})
    later = later if saved else without_time(later)
    made = consolidate(round_, read_here(round_, [first, mailed(later, "2026-04-20")]))
    assert verdicts(made) == {"z.xlsx": "superseded", "mail.eml/a.xlsx": "accepted"}
    assert total(made) == [8]
    made = consolidate(round_, read_here(round_, [first, later]))
    assert verdicts(made) == {"z.xlsx": "accepted", "a.xlsx": "accepted"}
    assert total(made) == []
    assert made.reconciliation["waiting"].tolist() == [1, 1]


def test_files_without_an_order__only_what_contradicts_waits_until_a_person_settles_it(
    round_: Round, sent: Path
) -> None:
    files = [
        without_time(returned(round_, sent, f"v{n}.xlsx", "2026-03-15", {"total": n, "urban": 3})) for n in (9, 10)
    ]
    nine, ten = files
    batch = read_here(round_, files)
    made = consolidate(round_, batch)
    found = {row["file"]: row for row in frame(made.findings).to_dict("records") if row["code"] == "answers_conflict"}
    assert {file: (row["indicator"], row["field"], row["value"]) for file, row in found.items()} == {
        "v9.xlsx": ("W01a", "total", "9"), "v10.xlsx": ("W01a", "total", "10"),
    }  # fmt: skip
    assert "answers this question differently (v10.xlsx)" in found["v9.xlsx"]["message"]
    assert "acopio resolve rounds/mini AAA W01a.total --take v10.xlsx --why" in found["v10.xlsx"]["remedy"]
    assert sorted(made.reconciliation["waiting"]) == [1, 1]
    assert sorted(made.reconciliation["published"] + made.reconciliation["superseded"]) == [1, 1]
    assert made.conflicts["en"][["question", "answer", "file"]].to_numpy().tolist() == [
        ["W01a.total", "10", "v10.xlsx"],
        ["W01a.total", "9", "v9.xlsx"],
    ]
    for kind, decided in (
        (Kind.CHOOSE, {"sha256": ten.sha256, "value": nine.sha256}),
        (Kind.RESOLVE, {"sha256": ten.sha256, "question": "W01a.total"}),
        (Kind.RESOLVE, {"value": "10", "question": "W01a.total"}),
    ):
        settled = consolidate(round_, batch, after(decision(kind, **decided)))  # type: ignore[arg-type]
        assert total(settled) == [10]
        assert settled.conflicts["en"].empty
        assert settled.reconciliation["balanced"].all()
        assert settled.reconciliation["waiting"].sum() == 0
    received = {nine.sha256: "2026-03-16T10:00:00Z", ten.sha256: "2026-03-17T10:00:00Z"}
    settled = consolidate(round_, batch, History(received))
    assert (verdicts(settled), total(settled)) == ({"v9.xlsx": "superseded", "v10.xlsx": "accepted"}, [10])


def decision(kind: Kind, at: str = "2026-03-20T10:00:00Z", number: int = 1, **about: str) -> Decision:
    return Decision(kind, "AAA", "ana", at, "by telephone", source="Eva Roth", number=number, **about)  # type: ignore[arg-type]


def after(*decided: Decision) -> History:
    return History(decisions=Decisions(decided))


def test_chosen_file__is_noted_with_the_command_that_takes_it_back(round_: Round, sent: Path) -> None:
    file = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7})
    made = consolidate(round_, read_here(round_, [file]), after(decision(Kind.CHOOSE, sha256=file.sha256)))
    [note] = frame(made.findings)[frame(made.findings)["code"] == "chosen_by_hand"].to_dict("records")
    assert (note["file"], note["severity"], note["explanation"]) == ("a.xlsx", "info", "by telephone")
    assert "ana chose it on 2026-03-20 (by telephone)" in note["message"]
    assert "a.xlsx --undo --why" in note["remedy"]


def value_sources(made: Consolidation) -> dict[str, tuple[str, str]]:
    """Of what is published of the total of W01a: the file, where the value comes from, and the value."""
    answers = frame(made.answers)
    rows = answers[(answers["block"] == "W01a") & (answers["field"] == "total")]
    return {row["file"]: (row["outcome"], row["value_source"]) for row in rows.to_dict("records")}


def test_correction__outranks_the_answer_until_the_state_sends_a_newer_one_which_is_reported(
    round_: Round, sent: Path
) -> None:
    file = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7, "urban": 3})
    corrected = after(decision(Kind.CORRECT, question="W01a.total", value="8"))
    made = consolidate(round_, read_here(round_, [file]), corrected)
    assert total(made) == [8]
    assert value_sources(made) == {"a.xlsx": ("superseded", "return"), "register.sqlite": ("published", "correction")}
    assert made.reconciliation["balanced"].all()
    assert made.decisions[["number", "kind", "stated_by", "in_force"]].to_numpy().tolist() == [
        [1, "correct", "Eva Roth", True]
    ]
    newer = returned(round_, sent, "b.xlsx", "2026-03-25", {"total": 9})
    made = consolidate(round_, read_here(round_, [file, newer]), corrected)
    assert total(made) == [9]
    [note] = frame(made.findings)[frame(made.findings)["code"] == "correction_outranked"].to_dict("records")
    assert (note["file"], note["value"]) == ("b.xlsx", "9")
    assert "takes the place of “8”, which Eva Roth had stated on 2026-03-20" in note["message"]
    older = returned(round_, sent, "b.xlsx", "2026-03-18", {"total": 9})
    assert total(consolidate(round_, read_here(round_, [file, older]), corrected)) == [8]


def test_correction__to_blank__removes_an_answer_which_a_blank_in_a_later_file_does_not(
    round_: Round, sent: Path
) -> None:
    file = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7, "urban": 3})
    later = returned(round_, sent, "b.xlsx", "2026-03-16", {"urban": 4})
    batch = read_here(round_, [file, later])
    assert total(consolidate(round_, batch)) == [7]
    made = consolidate(round_, batch, after(decision(Kind.CORRECT, question="W01a.total")))
    assert total(made) == []
    assert value_sources(made)["a.xlsx"] == ("superseded", "return")


def test_correction__of_an_error__lets_the_file_count(round_: Round, sent: Path) -> None:
    wrong = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": -7, "urban": 3})
    batch = read_here(round_, [wrong])
    assert verdicts(consolidate(round_, batch)) == {"a.xlsx": "to_correct"}
    made = consolidate(round_, batch, after(decision(Kind.CORRECT, question="W01a.total", value="7")))
    assert (verdicts(made), total(made)) == ({"a.xlsx": "accepted"}, [7])
    bad = consolidate(round_, batch, after(decision(Kind.CORRECT, question="W01a.total", value="-8")))
    assert total(bad) == []
    assert bad.reconciliation["balanced"].all()


def test_rule_between_two_files__is_asked_of_the_whole_and_lets_its_answers_wait(round_: Round, sent: Path) -> None:
    one = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7})
    two = returned(round_, sent, "b.xlsx", "2026-03-16", {"urban": 5, "rural": 5})
    made = consolidate(round_, read_here(round_, [one, two]))
    [broken] = frame(made.findings)[frame(made.findings)["code"] == "parts"].to_dict("records")
    assert (broken["file"], broken["indicator"], broken["field"]) == ("a.xlsx", "W01a", "total")
    assert broken["cell"] == LAYOUT.slot("W01a", "total").cell(Column.ANSWER)
    assert verdicts(made) == {"a.xlsx": "accepted", "b.xlsx": "accepted"}
    assert made.reconciliation[["published", "waiting"]].to_numpy().tolist() == [[0, 1], [0, 2]]
    alone = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7, "urban": 5, "rural": 5})
    made = consolidate(round_, read_here(round_, [alone, two]))
    assert verdicts(made) == {"a.xlsx": "to_correct", "b.xlsx": "accepted"}


def test_lines__of_two_files_in_order__are_those_of_the_later_one_for_its_indicator(round_: Round, sent: Path) -> None:
    first = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7}, LINE)
    later = returned(round_, sent, "b.xlsx", "2026-03-16", {}, {**LINE, "begun": 2002})
    made = consolidate(round_, read_here(round_, [first, later]))
    lines = frame(made.answers)[frame(made.answers)["block"] == "projects"]
    assert set(zip(lines["file"], lines["outcome"], strict=True)) == {("a.xlsx", "superseded"), ("b.xlsx", "published")}
    assert made.reconciliation["balanced"].all()


def test_approval__that_a_round_asks_for__is_of_files_and_ended_by_reopening(round_: Round, sent: Path) -> None:
    asking = replace(round_, approval=True)
    file = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7})
    later = returned(round_, sent, "b.xlsx", "2026-03-16", {"total": 8})
    approved = decision(Kind.APPROVE, value=file.sha256)
    reopened = decision(Kind.REOPEN, number=2)
    for batch, decided, expected, published in (
        ([file], (), {"a.xlsx": "to_approve"}, []),
        ([file], (approved,), {"a.xlsx": "accepted"}, [7]),
        ([file, later], (approved,), {"a.xlsx": "accepted", "b.xlsx": "to_approve"}, [7]),
        ([file], (approved, reopened), {"a.xlsx": "to_approve"}, []),
    ):
        made = consolidate(asking, read_here(asking, batch), after(*decided))
        assert (verdicts(made), total(made)) == (expected, published)
        assert made.reconciliation["balanced"].all()
    assert verdicts(consolidate(round_, read_here(round_, [file]), after(reopened))) == {"a.xlsx": "to_approve"}


def test_file__of_a_name_under_which_another_content_came_before__is_noticed(round_: Round, sent: Path) -> None:
    file = returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7})
    batch = read_here(round_, [file])
    for names, noticed in (((file.sha256,), 0), (("e" * 64, file.sha256), 1), (("e" * 64,), 1)):
        made = consolidate(round_, batch, History(names={"a.xlsx": names}))
        found = frame(made.findings)[frame(made.findings)["code"] == "edited_after_receipt"]
        assert (len(found), found["file"].tolist()) == (noticed, ["a.xlsx"] * noticed)


def test_return__that_answers_too_little__is_to_be_completed_and_its_answers_wait(round_: Round, sent: Path) -> None:
    asking = replace(round_, answered_at_least=0.5)
    made = consolidate(asking, read_here(asking, [returned(round_, sent, "a.xlsx", "2026-03-15", {"total": 7})]))
    [row] = made.returns.to_dict("records")
    assert (row["verdict"], row["reason"], row["indicators_answered"]) == ("to_complete", "too_little_answered", 1)
    assert made.reconciliation["waiting"].tolist() == [1]
    assert made.coverage == Coverage(accepted=0, asked=3, answered=0, indicators=4)


def test_copy__of_a_file__is_one_more_row_of_the_register_and_no_second_return(round_: Round, sent: Path) -> None:
    file = returned(round_, sent, "a.xlsx", "2026-03-01", {"total": 7})
    made = consolidate(round_, read_here(round_, [file, replace(file, name="b.xlsx", same_as="a.xlsx")]))
    assert made.returns[["file", "verdict", "reason", "answers"]].to_numpy().tolist() == [
        ["a.xlsx", "accepted", "", 1],
        ["b.xlsx", "duplicate", "same content as a.xlsx", 0],
    ]
    assert list(made.reconciliation["file"]) == ["a.xlsx"]


# --- nothing lost ---------------------------------------------------------------------------------------------

# Three answers, one of them unreadable, and one reason why there is none; of the line three of five cells.
GIVEN: Mapping[str, CellValue] = {"status": "3 – Partly", "total": 12, "urban": "many", "rural": "n/a"}
LINE: Mapping[str, CellValue] = {"indicator": "W01a – Wells", "partner": "Betaland", "begun": 2001}


@pytest.fixture(scope="module")
def whole(round_: Round, sent: Path) -> Batch:
    return read_here(round_, [returned(round_, sent, "whole.xlsx", "2026-03-01", GIVEN, LINE)])


def reconciled(round_: Round, read: Batch) -> tuple[int, int, bool]:
    """Answers read, answers with an outcome, and whether that is said to be the same."""
    (row,) = consolidate(round_, read).reconciliation.to_dict("records")
    return row["read"], sum(row[name] for name in ("published", "rejected", "superseded", "waiting")), row["balanced"]


def test_reconciliation__of_what_was_read__counts_every_cell_that_says_something(round_: Round, whole: Batch) -> None:
    assert reconciled(round_, whole) == (4 + 3, 4 + 3, True)


def _answered(table: Table, block: str) -> pd.Series[bool]:
    return (table["status"] == "answered") & (table["block"] == block)


def _dropped(table: Table, block: str = "W01a") -> Table:
    return table.drop(index=list(table.index[_answered(table, block)][:1]))


def _doubled(table: Table, block: str = "W01a") -> Table:
    return pd.concat([table, table[_answered(table, block)].iloc[:1]], ignore_index=True)


def _emptied(table: Table) -> Table:
    return table.assign(status=table["status"].astype("str").mask(_answered(table, "W01a"), "blank"))


def _without(table: Table, block: str) -> Table:
    return table.drop(index=list(table.index[table["block"] == block]))


@pytest.mark.parametrize(
    ("spoil", "counted"),
    [
        (_dropped, 6),
        (_doubled, 8),
        (lambda table: _without(table, "W01a"), 3),
        (_emptied, 5),
        (lambda table: _dropped(table, "projects"), 6),
        (lambda table: _doubled(table, "projects"), 8),
        (lambda table: _without(table, "projects"), 4),
    ],
    ids=["one dropped", "one doubled", "all dropped", "all emptied", "cell dropped", "cell doubled", "list dropped"],
)
def test_reconciliation__what_the_tables_lost_or_doubled__is_noticed(
    round_: Round, whole: Batch, spoil: Callable[[Table], Table], counted: int
) -> None:
    assert reconciled(round_, replace(whole, answers=spoil(whole.answers))) == (7, counted, False)


def test_reconciliation__a_return_of_another_round__has_nothing_to_count(round_: Round, sent: Path) -> None:
    file = returned(replace(round_, name="other"), sent, "other.xlsx", "2026-03-01", GIVEN)
    assert reconciled(round_, read_here(replace(round_, name="other"), [file])) == (0, 0, True)
