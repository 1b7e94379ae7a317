"""Verdicts: which of a respondent's files counts, whole questionnaires and slices apart.

Names and times of saving stand in opposite orders wherever both could decide.
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli.main import main
from pipeline.consolidation.verdicts import Judged, Judgement, judge
from pipeline.consolidation.versions import Times
from pipeline.findings import Finding
from pipeline.receiving.choice import Choice
from pipeline.receiving.register import History
from questionnaire.messages import keys
from questionnaire.rounds.standings import STANDINGS, VERDICTS, Verdict
from questionnaire.rules.rule import Severity

MARCH, APRIL, MAY = (Times(f"2026-{month}-01T08:00:00Z") for month in ("03", "04", "05"))


def found(submission: str, severity: Severity = Severity.ERROR, code: str = "range") -> Finding:
    return Finding(code, severity, {}, {}, submission=submission)


def choice(file: str, *over: str) -> Choice:
    return Choice(file, frozenset(over), "ana", "2026-06-01T10:00:00Z", "by telephone")


def outcome(judged: list[Judged], history: History, left_out: Collection[tuple[str, str]] = ()) -> dict[str, str]:
    """The verdicts after what the register knows; `left_out` are pairs of a later file and one it leaves out much of."""
    made = judge(judged, (), history, lambda later, earlier: (later, earlier) in left_out)
    return {key: str(judgement.verdict) for key, judgement in made.items()}


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


def test_judge__saved_at_the_same_time__none_counts_and_both_wait_for_a_choice() -> None:
    returns = Judged("2", "report v9.xlsx", "BRA", MARCH), Judged("1", "report v10.xlsx", "BRA", MARCH)
    assert verdicts(*returns) == {"2": "to_choose", "1": "to_choose"}
    assert judge(returns, ())["1"] == Judgement(Verdict.TO_CHOOSE, "order_unknown", "", ("2",))


def test_judge__without_an_order__what_counted_last_goes_on_counting() -> None:
    returns = Judged("1", "a.xlsx", "BRA", MARCH), Judged("2", "b.xlsx", "BRA")
    for counted, other in (("1", "2"), ("2", "1")):
        found = judge(returns, (), History(counted={("BRA", ""): counted}))
        assert (found[counted].verdict, found[other].verdict) == (Verdict.ACCEPTED, Verdict.TO_CHOOSE)
    elsewhere = History(counted={("BRA", "justice"): "1", ("ARG", ""): "1"})
    assert {entry.verdict for entry in judge(returns, (), elsewhere).values()} == {Verdict.TO_CHOOSE}


def test_judge__a_choice__counts_over_the_files_it_names_and_no_later_one() -> None:
    returns = [Judged("1", "a.xlsx", "BRA", MARCH), Judged("2", "b.xlsx", "BRA"), Judged("3", "c.xlsx", "BRA", APRIL)]
    history = History(choices=(choice("1", "2"),))
    assert outcome(returns[:2], history) == {"1": "accepted", "2": "superseded"}
    assert outcome(returns, history) == {"1": "to_choose", "2": "to_choose", "3": "to_choose"}
    assert outcome(returns, replace(history, choices=(*history.choices, choice("3", "1", "2")))) == {
        "1": "superseded", "2": "superseded", "3": "accepted",
    }  # fmt: skip


def test_judge__an_error_in_a_file_without_an_order__leaves_the_other_to_count() -> None:
    returns = [Judged("1", "a.xlsx", "BRA", MARCH), Judged("2", "b.xlsx", "BRA")]
    assert verdicts(*returns, findings=(found("2"),)) == {"1": "accepted", "2": "to_correct"}


def test_judge__a_newer_one_that_leaves_out_much__waits_and_the_earlier_one_counts() -> None:
    returns = [Judged("1", "b.xlsx", "BRA", MARCH), Judged("2", "a.xlsx", "BRA", APRIL)]
    left_out = {("2", "1")}
    assert outcome(returns, History(), left_out) == {"1": "accepted", "2": "to_choose"}
    assert judge(returns, (), History(), lambda *pair: pair in left_out)["2"].reason == "answers_left_out"
    assert outcome(returns, History(choices=(choice("2", "1"),)), left_out) == {"1": "superseded", "2": "accepted"}
    # A third that leaves out nothing of what counts takes the place of both.
    returns.append(Judged("3", "0.xlsx", "BRA", MAY))
    assert outcome(returns, History(), left_out | {("3", "2")}) == {
        "1": "superseded",
        "2": "superseded",
        "3": "accepted",
    }


def test_judge__too_little_answered__is_to_complete_unless_it_is_to_correct_or_was_chosen() -> None:
    returns, little = [Judged("1", "a.xlsx", "BRA", MARCH)], found("1", code="too_little_answered")
    assert verdicts(*returns, findings=(little,)) == {"1": "to_complete"}
    assert verdicts(*returns, findings=(little, found("1"))) == {"1": "to_correct"}
    assert judge(returns, [little], History(choices=(choice("1"),)))["1"].verdict is Verdict.ACCEPTED
    # A choice ends what waits for one; it corrects no answer.
    assert judge(returns, [little, found("1")], History(choices=(choice("1"),)))["1"].verdict is Verdict.TO_CORRECT


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


def test_table_of_verdicts__has_each_once_as_the_record_of_the_decision_shows_it() -> None:
    text = (Path(__file__).parents[3] / "docs/adr/0031-verdicts.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")
    ]
    shown = {row[0].strip("`"): tuple(row[1:]) for row in rows}
    assert len(rows) == len(shown)
    assert shown == {
        str(verdict): (
            meaning.made_by, meaning.ended_by, f"`{meaning.command}`" if meaning.command else "–",
            str(meaning.outcome or "none"),
        )
        for verdict, meaning in VERDICTS.items()
    }  # fmt: skip
    assert list(VERDICTS) == list(Verdict)


def test_table_of_verdicts__every_command_is_one_and_every_verdict_has_words() -> None:
    commands = {meaning.command.removeprefix("acopio ") for meaning in VERDICTS.values() if meaning.command}
    assert commands <= set(main.commands)
    assert {f"verdict_{verdict}" for verdict in Verdict} <= set(keys("summary"))
    assert {f"count_{standing}" for standing in STANDINGS} <= set(keys("summary"))


def test_judge__a_file_not_looked_at_as_a_whole__waits_whatever_else_is_wrong() -> None:
    whole = Judged("1", "a", "BRA", MARCH)
    unseen = found("1", code="unreadable_in_part")
    assert verdicts(whole, findings=(unseen, found("1"))) == {"1": "unreadable_in_part"}
