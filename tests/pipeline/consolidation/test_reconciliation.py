"""Answers read = published + rejected + superseded + waiting, whatever people decide and whatever follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.consolidation.consolidate import Consolidation
from pipeline.desk.check import check
from pipeline.findings import finding
from pipeline.receiving.decision import Decision, Kind
from pipeline.validation.batch import Batch
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity
from schemas.questions import BILATERAL_CONSISTENCY
from tests.pipeline.consolidated import consolidate, frame, read_here
from tests.pipeline.consolidation.test_consolidate import after, decision, verdicts
from tests.pipeline.merging.test_amendments import Cells, published, returned
from tests.with_table import table_round

NESTS: Cells = {
    ("nests", 1, "nests_2024"): 0.5, ("nests", 1, "nests_2025"): 1,
    ("nests", 2, "nests_2025"): 1, ("W01a", 0, "total"): 7, ("W01a", 0, "urban"): 2, ("W01a", 0, "rural"): 5,
}  # fmt: skip
PART = "nests[sorts=OAK].nests_2024"


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return table_round(tmp_path_factory.mktemp("reconciled"))


@pytest.fixture(scope="module")
def whole(round_: Round) -> Batch:
    return read_here(round_, [returned(round_, "a.xlsx", 15, NESTS)])


def outcomes(made: Consolidation) -> dict[str, tuple[int, ...]]:
    """How many answers of each file were read, published, wait and are rejected; all of them are accounted for."""
    assert made.reconciliation["balanced"].all()
    rows = made.reconciliation.to_dict("records")
    names = ("read", "published", "waiting", "rejected")
    return {row["file"]: tuple(row[name] for name in names) for row in rows}


def corrections(**values: str) -> tuple[Decision, ...]:
    names = {"part": PART, "urban": "W01a.urban", "rural": "W01a.rural", "total": "W01a.total"}
    return tuple(
        decision(Kind.CORRECT, number=place, question=names[name], value=value)
        for place, (name, value) in enumerate(values.items(), 1)
    )


def test_totals__that_a_correction_takes_away_or_gives__are_no_answers_read(round_: Round, whole: Batch) -> None:
    read = outcomes(consolidate(round_, whole))["a.xlsx"][0]
    given = frame(consolidate(round_, whole).answers)
    assert (given["parsed_by"] == "computed").sum() == 5
    assert read == (~given["status"].isin(["blank", "skipped"])).sum() - 5
    made = consolidate(round_, whole, after(*corrections(part="")))
    assert outcomes(made) == {"a.xlsx": (read, read - 1, 0, 0), "register.sqlite": (0, 0, 0, 0)}
    assert published(made, "nests", "nests_all")[0] == (1, "nests_all", "", "a.xlsx", "return")
    batch = read_here(round_, [returned(round_, "b.xlsx", 15, {**NESTS, ("nests", 1, "nests_2024"): ""})])
    made = consolidate(round_, batch, after(*corrections(part="1")))
    assert published(made, "nests", "nests_all")[0] == (1, "nests_all", 2.0, "b.xlsx", "computed")
    assert outcomes(made) == {"b.xlsx": (read - 1, read - 1, 0, 0), "register.sqlite": (1, 1, 0, 0)}


def test_correction__that_breaks_a_rule_together_with_its_file__sends_the_file_back(
    round_: Round, whole: Batch
) -> None:
    read = outcomes(consolidate(round_, whole))["a.xlsx"][0]
    made = consolidate(round_, whole, after(*corrections(urban="9")))
    assert verdicts(made) == {"a.xlsx": "to_correct"}
    assert made.returns["reason"].tolist() == ["parts"]
    assert outcomes(made) == {"a.xlsx": (read, 0, 0, read), "register.sqlite": (1, 0, 1, 0)}
    found = frame(made.findings)
    assert found.loc[found["code"] == "parts", ["file", "indicator", "field"]].to_numpy().tolist() == [
        ["a.xlsx", "W01a", "total"]
    ]
    made = consolidate(round_, whole, after(*corrections(urban="9", total="14")))
    assert verdicts(made) == {"a.xlsx": "accepted"}
    assert outcomes(made) == {"a.xlsx": (read, read - 2, 0, 0), "register.sqlite": (1, 1, 0, 0)}


@pytest.mark.wide
def test_correction__that_breaks_a_rule_with_an_older_file_too__sends_both_back(round_: Round, whole: Batch) -> None:
    batch = read_here(round_, [*whole.files, returned(round_, "b.xlsx", 16, {**NESTS, ("W01a", 0, "rural"): 5})])
    made = consolidate(round_, batch, after(*corrections(urban="9")))
    assert set(verdicts(made).values()) == {"to_correct"}
    outcomes(made)


def test_decision__that_was_taken_back__is_in_the_table_and_not_in_force(round_: Round, whole: Batch) -> None:
    (one,) = corrections(urban="9")
    made = consolidate(round_, whole, after(one, replace(one, number=2, undo=True)))
    assert made.decisions[["number", "in_force"]].to_numpy().tolist() == [[1, False], [2, False]]
    assert verdicts(made) == {"a.xlsx": "accepted"}


def test_warning_between_respondents__of_a_file_and_its_copy__is_counted_once_and_a_part_may_be_missing(
    round_: Round, whole: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = whole.files
    batch = replace(whole, files=[file, replace(file, name="b.xlsx", same_as="a.xlsx")])
    before = consolidate(round_, batch).returns["warnings"].tolist()
    where = {"submission": file.sha256, "file": "a.xlsx", "respondent": "AAA"}
    words = {"line": "L1", "respondent": "A", "partner": "B"}
    warning = finding(BILATERAL_CONSISTENCY, Severity.WARNING, words, **where)
    monkeypatch.setattr("pipeline.consolidation.consolidate.bilateral_findings", lambda *_: [warning])
    assert consolidate(round_, batch).returns["warnings"].tolist() == [before[0] + 1, before[1]]
    monkeypatch.setattr(Round, "missing_from", lambda *_: frozenset({"parks"}))
    assert consolidate(round_, batch).standings["AAA"] == "in_part"


def test_number_that_breaks_a_rule__is_reported_at_its_cell_and_not_at_totals_of_it(round_: Round) -> None:
    nests: Cells = {("nests", 1, "nests_2024"): 9, ("nests", 1, "nests_2025"): 1, ("nests", 2, "nests_2025"): 1}
    batch = read_here(round_, [returned(round_, "nests.xlsx", 15, nests)])
    assert len([entry for entry in batch.findings if entry.code == "nests_few"]) == 4
    found = frame(consolidate(round_, batch).findings)
    assert list(found[found["code"] == "nests_few"]["field"]) == ["nests.nests_2024"]
    (checked,) = check(round_.folder / "nests.xlsx", round_.folder)
    assert [entry.field for entry in checked.findings if entry.code == "nests_few"] == ["nests.nests_2024"]
