"""Verdicts: what a file is worth by itself, and the one table of them that code and record share."""

from pathlib import Path

import pytest

from pipeline.cli.main import main
from pipeline.findings import Finding
from pipeline.merging.verdicts import Judgement, own_judgement
from questionnaire.messages import keys
from questionnaire.rounds.standings import STANDINGS, VERDICTS, Verdict
from questionnaire.rules.rule import Severity


def found(severity: Severity = Severity.ERROR, code: str = "range") -> Finding:
    return Finding(code, severity, {}, {}, submission="1")


@pytest.mark.parametrize(
    ("findings", "verdict", "reason"),
    [
        ((), "accepted", ""),
        ((found(Severity.WARNING), found(Severity.INFO)), "accepted", ""),
        ((found(), found(code="domain")), "to_correct", "domain range"),
        ((found(code="too_little_answered"),), "to_complete", "too_little_answered"),
        ((found(code="too_little_answered"), found()), "to_correct", "range"),
        ((found(code="unreadable_in_part"), found()), "unreadable_in_part", "unreadable_in_part"),
        ((found(), found(Severity.BLOCKER, "token_wrong")), "unverified", "token_wrong"),
        (
            (found(Severity.BLOCKER, "token_wrong"), found(Severity.BLOCKER, "other_round")),
            "not_usable",
            "other_round",
        ),
    ],
)
def test_own_judgement__the_worst_decides_and_only_its_codes_are_named(
    findings: tuple[Finding, ...], verdict: str, reason: str
) -> None:
    assert own_judgement(findings) == own_judgement(findings[::-1]) == Judgement(Verdict(verdict), reason)


@pytest.mark.parametrize(("code", "verdict"), [("too_little_answered", "accepted"), ("range", "to_correct")])
def test_own_judgement__of_a_chosen_file__an_error_stays_and_what_is_incomplete_does_not(
    code: str, verdict: str
) -> None:
    assert own_judgement([found(code=code)], is_chosen=True).verdict == verdict


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
