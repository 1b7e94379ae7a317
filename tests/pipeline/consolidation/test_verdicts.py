"""Verdicts: which of a respondent's files counts, whole questionnaires and slices apart.

Names and times of saving stand in opposite orders wherever both could decide.
"""

import pytest

from pipeline.consolidation.verdicts import OUTCOMES, Judged, judge
from pipeline.findings import Finding
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity

MARCH, APRIL, MAY = "2026-03-01T08:00:00Z", "2026-04-01T08:00:00Z", "2026-05-01T08:00:00Z"


def found(submission: str, severity: Severity = Severity.ERROR, code: str = "range") -> Finding:
    return Finding(code, severity, {}, {}, submission=submission)


def verdicts(*judged: Judged, findings: tuple[Finding, ...] = ()) -> dict[str, str]:
    """The verdict on each submission, in whichever order they come in."""
    forward, backward = judge(judged, findings), judge(judged[::-1], findings)
    assert forward == backward
    return {key: str(judgement.verdict) for key, judgement in forward.items()}


def test_judge__two_returns__the_one_saved_last_counts_whatever_their_names() -> None:
    first, last = Judged("1", "z.xlsx", "BRA", MARCH), Judged("2", "a.xlsx", "BRA", APRIL)
    assert verdicts(first, last) == {"1": "superseded", "2": "accepted"}
    assert judge([first, last], ())["1"].superseded_by == "2"
    assert judge([first, last], ())["2"].superseded_by == ""


def test_judge__three_returns__all_give_way_to_the_one_saved_last() -> None:
    returns = [Judged("1", "b", "BRA", APRIL), Judged("2", "a", "BRA", MAY), Judged("3", "c", "BRA", MARCH)]
    assert verdicts(*returns) == {"1": "superseded", "2": "accepted", "3": "superseded"}
    assert {judge(returns, ())[key].superseded_by for key in ("1", "3")} == {"2"}


def test_judge__saved_at_the_same_time__the_last_by_name_counts() -> None:
    assert verdicts(Judged("2", "a.xlsx", "BRA", MARCH), Judged("1", "b.xlsx", "BRA", MARCH)) == {
        "2": "superseded",
        "1": "accepted",
    }


def test_judge__of_two_respondents__each_keeps_its_own() -> None:
    assert verdicts(Judged("1", "b", "BRA", MARCH), Judged("2", "a", "ARG", APRIL)) == {
        "1": "accepted",
        "2": "accepted",
    }


def test_judge__a_later_one_with_an_error__replaces_nothing() -> None:
    first, last = Judged("1", "z", "BRA", MARCH), Judged("2", "a", "BRA", APRIL)
    assert verdicts(first, last, findings=(found("2"),)) == {"1": "accepted", "2": "to_correct"}


def test_judge__an_earlier_one_with_an_error__gives_way_and_keeps_its_reason() -> None:
    first, last = Judged("1", "z", "BRA", MARCH), Judged("2", "a", "BRA", APRIL)
    assert verdicts(first, last, findings=(found("1"),)) == {"1": "superseded", "2": "accepted"}
    assert judge([first, last], [found("1")])["1"].reason == "range"


@pytest.mark.parametrize(("code", "verdict"), [("token_wrong", "unverified"), ("other_round", "not_usable")])
def test_judge__held_or_unusable__displaces_nothing_and_is_displaced_by_nothing(code: str, verdict: str) -> None:
    for doubtful, sound in ((MARCH, APRIL), (APRIL, MARCH)):
        returns = Judged("1", "a", "BRA", doubtful), Judged("2", "b", "BRA", sound)
        assert verdicts(*returns, findings=(found("1", Severity.BLOCKER, code),)) == {"1": verdict, "2": "accepted"}


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
def test_judge__what_is_no_error__keeps_nothing_out(severity: Severity) -> None:
    assert verdicts(Judged("1", "a", "BRA", MARCH), findings=(found("1", severity),)) == {"1": "accepted"}


def test_judge__several_reasons__the_worst_decides_and_only_its_codes_are_named() -> None:
    findings = [found("1", code="range"), found("1", Severity.BLOCKER, "token_wrong")]
    own = judge([Judged("1", "a", "BRA", MARCH)], findings)["1"]
    assert (own.verdict, own.reason) == (Verdict.UNVERIFIED, "token_wrong")
    findings += [found("1", Severity.BLOCKER, "other_round"), found("1", Severity.BLOCKER, "empty_return")]
    own = judge([Judged("1", "a", "BRA", MARCH)], findings)["1"]
    assert (own.verdict, own.reason) == (Verdict.NOT_USABLE, "empty_return other_round")


def test_judge__findings_of_another_file__say_nothing_of_this_one() -> None:
    returns = Judged("1", "a", "BRA", MARCH), Judged("2", "b", "ARG", MARCH)
    assert verdicts(*returns, findings=(found("2"),)) == {"1": "accepted", "2": "to_correct"}


# --- slices ---------------------------------------------------------------------------------------------------


def test_judge__a_slice_later_than_the_whole__displaces_nothing() -> None:
    whole, part = Judged("1", "b.xlsx", "BRA", MARCH), Judged("2", "a.xlsx", "BRA", APRIL, "justice")
    assert verdicts(whole, part) == {"1": "accepted", "2": "slice_waits"}
    assert verdicts(part, Judged("3", "0.xlsx", "BRA", MAY)) == {"2": "slice_waits", "3": "accepted"}


def test_judge__the_same_slice_twice__the_one_saved_last_waits() -> None:
    parts = [
        Judged("1", "d.xlsx", "BRA", MARCH, "justice"),
        Judged("2", "c.xlsx", "BRA", APRIL, "justice"),
        Judged("3", "b.xlsx", "BRA", MAY, "health"),
        Judged("4", "a.xlsx", "ARG", MAY, "justice"),
    ]
    assert verdicts(*parts) == {"1": "superseded", "2": "slice_waits", "3": "slice_waits", "4": "slice_waits"}
    assert verdicts(*parts, findings=(found("2"),))["1"] == "slice_waits"


def test_judge__a_slice_with_an_error__goes_back_like_any_other() -> None:
    part = Judged("1", "a.xlsx", "BRA", MARCH, "justice")
    assert verdicts(part, findings=(found("1"),)) == {"1": "to_correct"}


def test_outcomes__of_every_verdict_on_a_submission__is_declared() -> None:
    without = {Verdict.DUPLICATE, Verdict.NOT_A_RETURN}
    assert OUTCOMES.keys() == set(Verdict) - without
    assert {str(verdict): str(outcome) for verdict, outcome in OUTCOMES.items()} == {
        "accepted": "published", "superseded": "superseded", "to_correct": "rejected", "not_usable": "rejected",
        "slice_waits": "waiting", "unverified": "waiting", "unreadable_in_part": "waiting",
    }  # fmt: skip


def test_judge__a_file_not_looked_at_as_a_whole__waits_whatever_else_is_wrong() -> None:
    whole = Judged("1", "a", "BRA", MARCH)
    unseen = found("1", code="unreadable_in_part")
    assert verdicts(whole, findings=(unseen, found("1"))) == {"1": "unreadable_in_part"}
