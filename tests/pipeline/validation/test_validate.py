"""Findings of validation: exact code, cell, severity and wording."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from pipeline.findings import Finding
from pipeline.validation.one_by_one import broken_rules
from pipeline.validation.validate import validate
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Column, Layout
from questionnaire.rules.evaluate import Answer, Answers, Responses
from questionnaire.rules.rule import Severity
from tests.schemas.tidy_rows import PARAMETERS, mini, tidy_frame, with_heads
from tests.with_table import instrument as with_tables

STATUSES: dict[tuple[str, str], Answer] = {(indicator.code, "status"): Answer("0") for indicator in mini().indicators}
OVERSPENT: dict[tuple[str, str], Answer] = STATUSES | {
    ("W01b", "status"): Answer("3"),
    ("W01b", "spent"): Answer(200.0),
    ("W01b", "spent.currency"): Answer("EUR"),
    ("W01b", "planned"): Answer(100.0),
    ("W01b", "planned.currency"): Answer("EUR"),
}


def _findings(answers: Answers, comments: dict[tuple[str, str], str] | None = None) -> list[Finding]:
    return validate(tidy_frame(mini(), {"s0": with_heads(mini(), answers)}, comments), mini(), PARAMETERS, {})


def test_validate__nothing_wrong__no_findings() -> None:
    assert _findings(STATUSES) == []


def test_validate__parts_do_not_add_up__error_at_the_cell_of_the_total() -> None:
    parts = {("F01", "total"): Answer(10.0), ("F01", "urban"): Answer(3.0), ("F01", "rural"): Answer(4.0)}
    (found,) = _findings(STATUSES | {("F01", "status"): Answer("2")} | parts)
    assert (found.code, found.severity) == ("parts", Severity.ERROR)
    assert (found.submission, found.file, found.respondent) == ("s0", "s0.xlsx", "S0")
    assert (found.indicator, found.field, found.value) == ("F01", "total", "10.0")
    assert (found.sheet, found.cell) == ("F", Layout(mini()).slot("F01", "total").cell(Column.ANSWER))
    assert found.message_in("fr") == "Le total n’est pas la somme des parties."


def test_validate__blank_target__finding_names_the_empty_cell() -> None:
    found = _findings(STATUSES | {("W02", "status"): Answer("2"), ("W02", "regions.NORTH"): Answer("Y")})
    assert [(entry.code, entry.indicator, entry.field, entry.value) for entry in found] == [
        ("required", "W02", "started", "")
    ]
    assert found[0].cell == Layout(mini()).slot("W02", "started").cell(Column.ANSWER)


def test_validate__limit_set_by_the_round__message_gives_the_year() -> None:
    started = {("W02", "started"): Answer(2030.0), ("W02", "regions"): Answer(None, AnswerStatus.NOT_AVAILABLE)}
    (found,) = _findings(STATUSES | {("W02", "status"): Answer("2")} | started)
    assert found.code == "range"
    assert found.message_in("en") == "The number must be between 1990 and 2025."


@pytest.mark.parametrize(
    ("comment", "severity", "explanation"),
    [
        ("", Severity.WARNING, ""),
        (" \u00a0\u200b", Severity.WARNING, ""),
        ("Prices doubled.", Severity.INFO, "Prices doubled."),
    ],
)
def test_validate__warning_with_a_comment__is_explained_and_only_informs(
    comment: str, severity: Severity, explanation: str
) -> None:
    (found,) = _findings(OVERSPENT, {("W01b", "spent"): comment})
    assert (found.code, found.severity, found.explanation) == ("overspent", severity, explanation)


def test_validate__warning_with_a_comment_elsewhere__still_asks() -> None:
    (found,) = _findings(OVERSPENT, {("W01b", "planned"): "Prices doubled."})
    assert (found.code, found.severity) == ("overspent", Severity.WARNING)


PREVIOUS: Answers = {("W01a", "status"): Answer("4"), ("W02", "total"): Answer(12.0), ("W02", "started"): Answer(2019)}
NOW: Answers = STATUSES | {
    ("W01a", "status"): Answer("1"),
    ("W02", "status"): Answer("2"),
    ("W02", "total"): Answer(120.0),
    ("W02", "regions"): Answer(None, AnswerStatus.NOT_AVAILABLE),
    ("W02", "started"): Answer(2020.0),
}


def _compared(previous: Mapping[str, Answers], comments: dict[tuple[str, str], str] | None = None) -> list[Finding]:
    return validate(tidy_frame(mini(), {"s0": NOW}, comments), mini().with_comparisons(), PARAMETERS, previous)


def test_validate__another_answer_than_in_the_previous_round__asks_at_its_cell_and_quotes_it() -> None:
    found = _compared({"S0": PREVIOUS, "S1": {}})
    layout = Layout(mini())
    assert [(entry.code, entry.cell, entry.value, entry.message_in("en")) for entry in found] == [
        (
            "W18a",
            layout.slot("W01a", "status").cell(Column.ANSWER),
            "1",
            "Lower than the last answer (4 – Fully).",
        ),
        (
            "W18c",
            layout.slot("W02", "total").cell(Column.ANSWER),
            "120.0",
            "At least ten times the last answer (12), or at most a tenth of it.",
        ),
        (
            "W18b",
            layout.slot("W02", "started").cell(Column.ANSWER),
            "2020.0",
            "This is not the year of the last answer (2019).",
        ),
    ]
    assert {entry.severity for entry in found} == {Severity.WARNING}
    assert found[0].message_in("fr") == "Plus bas que la dernière réponse (4 – En entier)."


def test_validate__another_answer_with_a_comment__is_explained_and_only_informs() -> None:
    found = _compared({"S0": PREVIOUS}, {("W02", "total"): "Rivers of all provinces."})
    assert [(entry.code, entry.severity) for entry in found if entry.explanation] == [("W18c", Severity.INFO)]


def test_validate__a_reason_where_a_rule_is_broken__is_quoted_as_the_value() -> None:
    answers = STATUSES | {("W02", "status"): Answer("2"), ("W02", "total"): Answer(None, AnswerStatus.NOT_APPLICABLE)}
    table = tidy_frame(mini(), {"s0": answers})
    reason = (table["indicator"] == "W02") & (table["field"] == "total")
    table.loc[reason, "if_none"] = "Not applicable"
    found = validate(table, mini().with_comparisons(), PARAMETERS, {"S0": {("W02", "total"): Answer(12.0)}})
    assert [(entry.code, entry.value) for entry in found if entry.field == "total"] == [("W18e", "Not applicable")]


def test_validate__no_previous_answer__asks_nothing() -> None:
    assert _compared({}) == _compared({"S1": PREVIOUS}) == []


def test_validate__error_with_a_comment__stays_an_error() -> None:
    (found,) = _findings(STATUSES | {("W01a", "total"): Answer(-1.0)}, {("W01a", "total"): "Sic."})[:1]
    assert (found.severity, found.explanation) == (Severity.ERROR, "")


def test_validate__blank_questionnaire__one_query_per_indicator() -> None:
    found = _findings({})
    assert [(entry.code, entry.severity) for entry in found] == [("unanswered", Severity.WARNING)] * 4


def test_validate__value_that_no_cell_can_give__is_a_domain_error() -> None:
    (found,) = _findings(STATUSES | {("W02", "free"): Answer("MAYBE")})
    assert (found.code, found.severity, found.field) == ("domain", Severity.ERROR, "free")


def test_validate__several_submissions__in_the_order_of_the_answers() -> None:
    batch = {name: with_heads(mini(), answers) for name, answers in {"b": {}, "a": OVERSPENT}.items()}
    found = validate(tidy_frame(mini(), batch), mini(), PARAMETERS, {})
    assert [(entry.submission, entry.code) for entry in found] == [*[("b", "unanswered")] * 4, ("a", "overspent")]


def test_validate__no_answers_at_all__no_findings() -> None:
    assert validate(tidy_frame(mini(), {}), mini(), PARAMETERS, {}) == []


def _of_nests(cells: Mapping[tuple[int, str], float]) -> list[tuple[int, str]]:
    """The lines and columns of the nests, 4 at most, in which too many are reported of a return and of a batch."""
    block, lines = with_tables().blocks["nests"], {line: dict[str, Answer]() for line in (1, 2, 3)}
    assert isinstance(block, TableBlock)
    for line, column in (*cells, *block.computed):
        parts = block.computed.get((line, column), ((line, column),))
        lines[line][column] = Answer(sum(cells[part] for part in parts))
    answers = tidy_frame(with_tables(), {"s0": Responses({}, {"nests": lines}, "S0")})
    rows = [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in answers.to_dict("records")
    ]
    batch = validate(answers, with_tables(), PARAMETERS, {})
    alone = list(broken_rules(rows, "S0", with_tables(), PARAMETERS, {}))
    assert [(one.code, one.cell, one.repeats) for one in batch] == [(one.code, one.cell, one.repeats) for one in alone]
    fields = [one.field.partition(".")[2] for one in batch if one.code == "nests_few" and not one.repeats]
    lines_found = [int(str(one.values["line"])[1:]) for one in batch if one.code == "nests_few" and not one.repeats]
    return list(zip(lines_found, fields, strict=True))


@pytest.mark.parametrize(
    ("oak_2024", "oak_2025", "palm_2025", "found"),
    [
        (9.0, 1.0, 1.0, [(1, "nests_2024")]),
        (3.0, 3.0, 1.0, [(1, "nests_all"), (3, "nests_all")]),
        (1.0, 4.0, 9.0, [(1, "nests_all"), (2, "nests_2025")]),
        (1.0, 4.0, 3.0, [(1, "nests_all"), (3, "nests_2025"), (3, "nests_all")]),
    ],
)
def test_validate__total_that_nobody_typed__repeats_what_is_found_in_a_cell_it_is_made_of(
    oak_2024: float, oak_2025: float, palm_2025: float, found: list[tuple[int, str]]
) -> None:
    assert _of_nests({(1, "nests_2024"): oak_2024, (1, "nests_2025"): oak_2025, (2, "nests_2025"): palm_2025}) == found
