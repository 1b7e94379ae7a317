"""What acopio status prints: whose turn it is, what is owed in words, the next step with its command, for programs too."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.status import FORMATS, WIDTH, status_lines
from pipeline.publication.publish import PUBLISHING
from questionnaire.messages import LANGUAGES, keys
from questionnaire.rounds.round import Round, read_round
from questionnaire.rounds.standings import STANDINGS
from tests.given import MINI, mini_round
from tests.pipeline.follow_up.published import publish, sha

TODAY, RECEIVED = dt.date(2026, 4, 20), dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
MARCH, APRIL = "2026-03-15T09:30:00Z", "2026-04-20T14:00:00Z"
WHY = ("code", "file", "sheet", "cell", "message", "remedy")
FINDINGS = [
    dict(zip(WHY, row, strict=True))
    for row in (
        ("token_missing", "mail.eml/new.xlsx", "", "", "It lacks the signature.", "Ask."),
        ("sender_unknown", "mail.eml/new.xlsx", "", "", "Only a note.", ""),
        ("range", "wrong.xlsx", "Water", "D5", "It is too much.", "Correct it."),
        ("range", "wrong.xlsx", "Water", "D6", "Another too much.", "Correct it."),
        ("c", "wrong.xlsx", "", "", "Third.", ""),
        ("b", "wrong.xlsx", "", "", "Second.", ""),
        ("a", "wrong.xlsx", "", "", "First.", ""),
        ("other_round", "unusable.xlsx", "", "", "It is of another round.", "Put it there."),
        ("unreadable_in_part", "unseen.xlsx", "Water", "", "A sheet cannot be read.", "Ask."),
    )
]
HOSTILE = "=cmd|'/c calc'!A1\x1b[31m" + "x" * 120 + ".xlsx"


def file(name: str, respondent: str, verdict: str, **more: Any) -> dict[str, Any]:
    return {"file": name, "respondent": respondent, "verdict": verdict, "indicators_answered": 2, "saved": MARCH} | more


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    """A round in which one file is held, one is to be corrected, and nothing came of a third."""
    made = mini_round(tmp_path)
    files = [
        file("old.xlsx", "AAA", "accepted", signed_off_by="Ana", signed_off_on="2026-03-14"),
        file("mail.eml/new.xlsx", "AAA", "unverified", reason="token_missing", saved="", mail_date=APRIL,
             container="mail.eml"),
        file("wrong.xlsx", "BBB", "to_correct", reason="a b c range", errors=2),
        file("unseen.xlsx", "", "unreadable_in_part", reason="unreadable_in_part"),
        file("unusable.xlsx", "", "not_usable", reason="other_round"),
        file("mail.eml", "", "not_a_return"),
    ]  # fmt: skip
    publish(made, files, RECEIVED, findings=FINDINGS)
    return made


def test_status__of_a_round__says_whose_turn_it_is_what_is_owed_and_what_to_do(round_: Round) -> None:
    assert list(status_lines(round_, TODAY)) == [
        "Round mini: 2 of 3 respondents sent something, 1 is accepted. Deadline: 2026-04-30.",
        "",
        "For us to settle (1)",
        "Respondent               What is owed                       Filled   Signed      Deadline",
        "AAA Alphaland            nothing                            2/4      2026-03-14  early",
        "    2026-04-20  mail.eml/new.xlsx: held, unverified",
        "      – It lacks the signature.",
        "    2026-03-15  old.xlsx: accepted",
        "    → Ask, through a contact that you know, whose mail.eml/new.xlsx is; then:",
        '      acopio accept rounds/mini mail.eml/new.xlsx --as AAA --why "..."',
        "",
        "Owed by respondents (2)",
        "Respondent               What is owed                       Filled   Signed      Deadline",
        "BBB Betaland             to correct: 2 errors               2/4      –           early; 10 days left",
        "    2026-03-15  wrong.xlsx: to correct",
        "      – First.",
        "      – Second.",
        "      – Third.",
        "      – The first 3 of 4; “acopio check” shows all.",
        "    → Send Betaland what is to be corrected:",
        "      acopio feedback rounds/mini BBB",
        "CCC Gammaland            the questionnaire: nothing         0/4      –           10 days left",
        "                         received",
        "    → Remind Gammaland of the deadline.",
        "      acopio mail rounds/mini CCC --what reminder",
        "",
        "Files that are no respondent’s (3)",
        "    2026-03-15  unseen.xlsx: readable in part",
        "      – Water: A sheet cannot be read.",
        "    → Ask for a copy saved again or, once you have compared unseen.xlsx with what its cells show:",
        '      acopio choose rounds/mini unseen.xlsx --why "..."',
        "    2026-03-15  unusable.xlsx: not usable",
        "      – It is of another round. Put it there.",
        "    2026-03-15  mail.eml: not a return",
        "",
        "Received earlier, no longer in the returns folder, and so not counted; the command brings them back:",
        *(
            f"  {name} ({sha(name)[:12]})"
            for name in ("mail.eml", "old.xlsx", "unseen.xlsx", "unusable.xlsx", "wrong.xlsx")
        ),
        "",
        "The returns folder has changed since the last consolidation: consolidate again.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_status__in_each_language_with_hostile_names__fits_the_terminal(tmp_path: Path, language: str) -> None:
    made = mini_round(tmp_path)
    settings = made.folder / "round.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('working_language = "en"', f'working_language = "{language}"')
    )
    publish(made, [file(HOSTILE, "AAA", "unverified", reason="token_missing")], RECEIVED)
    printed = FORMATS["text"](read_round(made.folder, MINI.parent), TODAY)
    assert "\x1b" not in printed
    # What cannot be broken, the hash that stands for such a name, is short.
    assert [line for line in printed.splitlines() if len(line) > WIDTH] == []
    assert f"{'acopio accept rounds/mini'} " in printed


def test_status__as_csv_and_json__has_a_record_for_each_participant(round_: Round) -> None:
    records = json.loads(FORMATS["json"](round_, TODAY))
    assert [(row["respondent"], row["turn"], row["standing"], row["days"]) for row in records] == [
        ("AAA", "ours", "accepted", 10), ("BBB", "theirs", "to_correct", 10), ("CCC", "theirs", "no_return", 10),
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](round_, TODAY))))
    assert rows == [{key: str(value) for key, value in record.items()} for record in records]
    assert records[1]["command"] == "acopio feedback rounds/mini BBB"
    late = csv.DictReader(io.StringIO(FORMATS["csv"](round_, dt.date(2026, 5, 2))))
    assert [row["days"] for row in late] == ["-2", "-2", "-2"]


def test_status__as_csv__holds_no_formula(tmp_path: Path) -> None:
    made = mini_round(tmp_path)
    publish(made, [file(HOSTILE, "AAA", "accepted")], RECEIVED)
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](made, TODAY))))
    assert rows[0]["files"].startswith("'=cmd|")


def test_status__a_run_killed_while_publishing__is_reported_before_all_else(round_: Round) -> None:
    (round_.outputs / PUBLISHING).touch()
    first = next(status_lines(round_, TODAY))
    assert first.startswith("A run was stopped while it put its results in place")


def test_words__of_every_standing__are_there() -> None:
    assert {f"owes_{standing}" for standing in STANDINGS} <= set(keys("desk"))


def test_command__status__watches_until_it_is_stopped(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.cli.follow_up.time.sleep", wait)
    done = CliRunner().invoke(main, ["status", str(round_.folder), "--watch"])
    assert done.output.count("Round mini: 2 of 3 respondents sent something") == 2
    assert waited == [20, 20]


def test_command__status_before_a_run__says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    done = CliRunner().invoke(main, ["status", str(mini_round(tmp_path).folder)])
    assert (done.exit_code, "not been consolidated yet" in done.stderr) == (1, True)
