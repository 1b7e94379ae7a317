"""How each participant stands: what it owes, whose turn it is, and whether it was in time, as far as that is proved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.commands import feedback_command
from pipeline.follow_up.case_words import case_words
from pipeline.follow_up.cases import Case, Timing, Turn, read_cases
from pipeline.follow_up.next_steps import next_steps
from questionnaire.rounds.round import Round, read_round
from tests.given import MINI, mini_round
from tests.pipeline.follow_up.published import publish

LAST = dt.date(2026, 4, 30)
IN_TIME, AFTER = dt.datetime(2026, 4, 30, 23, tzinfo=dt.UTC), dt.datetime(2026, 5, 3, tzinfo=dt.UTC)
MARCH, MAY = "2026-03-15T09:30:00Z", "2026-05-02T09:30:00Z"


def stands(
    tmp_path: Path,
    *returns: dict[str, Any],
    received: dt.datetime = IN_TIME,
    today: dt.date = LAST,
    slices: str = "",
    **tables: Any,
) -> dict[str, Case]:
    """The cases of a round in which these files came back."""
    round_ = mini_round(tmp_path)
    if slices:
        (round_.folder / "slices.csv").write_text(slices, encoding="utf-8")
        round_ = read_round(round_.folder, MINI.parent)
    publish(round_, returns or [file("nobody's.xlsx", "", "not_a_return")], received, **tables)
    return {case.respondent.code: case for case in read_cases(round_, today).cases}


def file(name: str, respondent: str, verdict: str, **more: Any) -> dict[str, Any]:
    return {"file": name, "respondent": respondent, "verdict": verdict, "saved": MARCH, "indicators_answered": 2} | more


@pytest.mark.parametrize(
    ("verdict", "turn"),
    [
        ("accepted", Turn.NOBODYS), ("to_correct", Turn.THEIRS), ("to_complete", Turn.THEIRS),
        ("not_usable", Turn.THEIRS), ("to_approve", Turn.OURS), ("unverified", Turn.OURS),
        ("unreadable_in_part", Turn.OURS),
    ],
)  # fmt: skip
def test_turn__of_one_file__follows_from_its_verdict(tmp_path: Path, verdict: str, turn: Turn) -> None:
    cases = stands(tmp_path, file("a.xlsx", "AAA", verdict))
    assert (cases["AAA"].owes, cases["AAA"].turn) == (verdict, turn)
    assert (cases["BBB"].owes, cases["BBB"].turn) == ("no_return", Turn.THEIRS)
    assert "DDD" not in cases


@pytest.mark.parametrize("verdict", ["to_correct", "to_complete"])
def test_turn__an_accepted_one_with_a_file_to_be_corrected_beside__is_theirs_and_says_which(
    tmp_path: Path, verdict: str
) -> None:
    case = stands(tmp_path, file("a.xlsx", "AAA", "accepted"), file("b.xlsx", "AAA", verdict))["AAA"]
    round_ = read_round(tmp_path / "rounds" / "mini", MINI.parent)
    assert (case.owes, case.turn, case.given_back) == ("accepted", Turn.THEIRS, ("b.xlsx",))
    assert "b.xlsx" in case_words(round_, case)["owes"]
    assert [step.command for step in next_steps(round_, case)] == [feedback_command(round_, "AAA")]


def test_turn__an_accepted_one_with_a_held_file_beside__is_ours(tmp_path: Path) -> None:
    case = stands(tmp_path, file("a.xlsx", "AAA", "accepted"), file("b.xlsx", "AAA", "unverified"))["AAA"]
    assert (case.owes, case.turn) == ("accepted", Turn.OURS)
    assert case.counting is not None
    assert case.counting["file"] == "a.xlsx"


@pytest.mark.parametrize(
    ("name", "owes"),
    [
        ("BBB_2019.xlsx", "not_usable"),
        ("in a mail.eml/Betaland 2019.xlsx", "not_usable"),
        ("AAA and BBB.xlsx", "no_return"),
        ("answers.xlsx", "no_return"),
    ],
)
def test_owes__a_file_that_is_nobodys__is_of_whom_alone_its_name_names(tmp_path: Path, name: str, owes: str) -> None:
    assert stands(tmp_path, file(name, "", "not_usable"))["BBB"].owes == owes


@pytest.mark.parametrize(
    ("more", "received", "timing"),
    [
        ({}, IN_TIME, Timing.EARLY),
        ({}, AFTER, Timing.SAVED_EARLY),
        ({"saved": MAY}, AFTER, Timing.LATE),
        ({"saved": ""}, AFTER, Timing.LATE),
        ({"mail_date": MARCH}, AFTER, Timing.EARLY),
        ({"mail_date": MAY}, AFTER, Timing.LATE),
    ],
)
def test_timing__of_a_file__by_the_mail_then_the_register_then_the_file(
    tmp_path: Path, more: dict[str, Any], received: dt.datetime, timing: Timing
) -> None:
    assert stands(tmp_path, file("a.xlsx", "AAA", "to_correct", **more), received=received)["AAA"].timing is timing


@pytest.mark.parametrize(
    ("day", "timing", "days"), [(30, Timing.DUE, 0), (28, Timing.DUE, 2), (31, Timing.OVERDUE, -1)]
)
def test_timing__of_nothing_usable__is_due_until_the_day_is_over(
    tmp_path: Path, day: int, timing: Timing, days: int
) -> None:
    today = dt.date(2026, 4, 1) + dt.timedelta(days=day - 1)
    cases = stands(tmp_path, file("a.xlsx", "AAA", "not_usable"), today=today)
    assert [(cases[code].timing, cases[code].days) for code in ("AAA", "BBB")] == [(timing, days)] * 2


def test_until__of_what_is_to_be_corrected__is_the_last_day_for_corrections(tmp_path: Path) -> None:
    round_ = replace(mini_round(tmp_path), correct_by=dt.date(2026, 6, 15))
    publish(round_, [file("a.xlsx", "AAA", "to_correct"), file("b.xlsx", "BBB", "accepted")], IN_TIME)
    until = {case.respondent.code: case.until for case in read_cases(round_, LAST).cases}
    assert until == {"AAA": dt.date(2026, 6, 15), "BBB": LAST, "CCC": LAST}


SLICES = """respondent,slice,title_en,title_fr,sections,indicators
*,water,Water,Eau,,W01a W01b W02
*,forests,Forests,Forêts,,F01
"""


def test_missing__where_a_part_came__are_the_other_parts(tmp_path: Path) -> None:
    part = {"slice": "water", "indicators_answered": 3}
    cases = stands(
        tmp_path,
        file("a.xlsx", "AAA", "accepted", **part),
        file("b1.xlsx", "BBB", "accepted", **part),
        file("b2.xlsx", "BBB", "accepted", slice="forests", indicators_answered=1),
        slices=SLICES,
        parts=[part_row("AAA", "water", ""), part_row("AAA", "forests", "F01"), part_row("BBB", "water", "W02"),
               part_row("BBB", "forests", "")],
    )  # fmt: skip
    assert {code: (case.missing, case.answered) for code, case in cases.items()} == {
        "AAA": (("forests",), 3), "BBB": ((), 3), "CCC": ((), 0),
    }  # fmt: skip


def part_row(respondent: str, code: str, missing: str) -> dict[str, str]:
    return {"respondent": respondent, "slice": code, "missing": missing}


def test_filled__of_parts_that_ask_the_same__counts_each_indicator_once(tmp_path: Path) -> None:
    case = stands(
        tmp_path,
        file("a.xlsx", "AAA", "accepted", slice="water"),
        file("b.xlsx", "AAA", "accepted", slice="parks"),
        file("c.xlsx", "AAA", "accepted", slice="forests"),
        slices=SLICES + "*,parks,Parks,Parcs,,W01a W02 F01\n",
        parts=[part_row("AAA", "water", "W01b"), part_row("AAA", "parks", ""), part_row("AAA", "forests", "")],
    )["AAA"]
    assert (case.answered, case.asked, case.missing) == (3, 4, ())


def test_parts__that_wait_for_approval__have_come_and_one_command_approves_them(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    (round_.folder / "slices.csv").write_text(SLICES, encoding="utf-8")
    round_ = read_round(round_.folder, MINI.parent)
    waiting = [file(f"{code}.xlsx", "AAA", "to_approve", slice=code) for code in ("water", "forests")]
    publish(round_, waiting, IN_TIME)
    case = read_cases(round_, LAST).cases[0]
    assert (case.owes, case.missing) == ("to_approve", ())
    assert [(step.words, step.command) for step in next_steps(round_, case)] == [
        ("Review water.xlsx, forests.xlsx, then approve:", 'acopio approve rounds/mini AAA --why "..."')
    ]


def test_owes__of_whom_a_part_came__is_the_rest_and_of_whom_all_parts_came_is_nothing(tmp_path: Path) -> None:
    part = {"slice": "water", "indicators_answered": 3}
    cases = stands(
        tmp_path,
        file("a.xlsx", "AAA", "accepted", **part),
        file("b1.xlsx", "BBB", "accepted", **part),
        file("b2.xlsx", "BBB", "accepted", slice="forests"),
        slices=SLICES,
    )
    assert {code: (case.owes, case.turn) for code, case in cases.items()} == {
        "AAA": ("in_part", Turn.THEIRS), "BBB": ("accepted", Turn.NOBODYS), "CCC": ("no_return", Turn.THEIRS),
    }  # fmt: skip


def test_turn__where_files_contradict_each_other__is_ours(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    told = [
        {"respondent": "AAA", "question": "W01a.total", "answer": answer, "file": name, "command": f"take {name}"}
        for name, answer in (("a.xlsx", "7"), ("b.xlsx", "8"))
    ]
    publish(round_, [file("a.xlsx", "AAA", "accepted"), file("b.xlsx", "AAA", "accepted")], IN_TIME, conflicts=told)
    case = read_cases(round_, LAST).cases[0]
    assert (case.owes, case.turn) == ("accepted", Turn.OURS)
    assert case_words(round_, case)["owes"] == "nothing; 1 answer contradicts another"
    assert [(step.words, step.command) for step in next_steps(round_, case)] == [
        (
            "Files contradict each other on W01a.total: “7” (a.xlsx), “8” (b.xlsx). Ask which is right. If it is the "
            "first answer:",
            "take a.xlsx",
        )
    ]


def test_signed__by_somebody__is_when_else_who(tmp_path: Path) -> None:
    cases = stands(
        tmp_path,
        file("a.xlsx", "AAA", "accepted", signed_off_by="Ana", signed_off_on="2026-03-14"),
        file("b.xlsx", "BBB", "accepted", signed_off_by="Ben"),
        file("c.xlsx", "CCC", "accepted", signed_off_on="2026-03-14"),
    )
    assert {code: case.signed for code, case in cases.items()} == {"AAA": "2026-03-14", "BBB": "Ben", "CCC": ""}


def test_counts__of_a_round__say_who_sent_something(tmp_path: Path) -> None:
    round_: Round = mini_round(tmp_path)
    publish(round_, [file("a.xlsx", "AAA", "accepted"), file("BBB.xlsx", "", "not_usable")], IN_TIME)
    cases = read_cases(round_, LAST)
    assert (cases.sent, cases.accepted, len(cases.cases)) == (2, 1, 3)
