"""Verdicts: which of a respondent's files counts, whole questionnaires and slices apart."""

from pipeline.consolidation.verdicts import OUTCOMES, Judged, judge
from pipeline.findings import Finding
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity


def error(submission: str) -> Finding:
    return Finding("range", Severity.ERROR, {}, {}, submission=submission)


def verdicts(*judged: Judged, findings: tuple[Finding, ...] = ()) -> dict[str, str]:
    return {key: str(judgement.verdict) for key, judgement in judge(judged, findings).items()}


def test_judge__a_slice_later_than_the_whole__displaces_nothing() -> None:
    whole, part = Judged("1", "a.xlsx", "BRA", "2026-03-01"), Judged("2", "b.xlsx", "BRA", "2026-04-01", "justice")
    assert verdicts(whole, part) == {"1": "accepted", "2": "slice_waits"}
    assert verdicts(part, Judged("3", "c.xlsx", "BRA", "2026-05-01")) == {"2": "slice_waits", "3": "accepted"}


def test_judge__the_same_slice_twice__the_one_saved_last_waits() -> None:
    parts = [
        Judged("1", "a.xlsx", "BRA", "2026-03-01", "justice"),
        Judged("2", "b.xlsx", "BRA", "2026-04-01", "justice"),
        Judged("3", "c.xlsx", "BRA", "2026-05-01", "health"),
        Judged("4", "d.xlsx", "ARG", "2026-05-01", "justice"),
    ]
    assert verdicts(*parts) == {"1": "superseded", "2": "slice_waits", "3": "slice_waits", "4": "slice_waits"}
    assert verdicts(*parts, findings=(error("2"),))["1"] == "slice_waits"


def test_judge__a_slice_with_an_error__goes_back_like_any_other() -> None:
    part = Judged("1", "a.xlsx", "BRA", "2026-03-01", "justice")
    assert verdicts(part, findings=(error("1"),)) == {"1": "to_correct"}


def test_outcomes__of_every_verdict_on_a_submission__is_told() -> None:
    without = {Verdict.DUPLICATE, Verdict.NOT_A_RETURN}
    assert OUTCOMES.keys() == set(Verdict) - without
