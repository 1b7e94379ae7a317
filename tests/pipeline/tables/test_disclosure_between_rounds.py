"""What everybody may see of two rounds gives away nothing of either, whatever the second does not ask any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.previous_round.previous_answers import with_previous_answers
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.access import Access
from questionnaire.rounds.previous_round import Previous
from questionnaire.rules.evaluate import Answer, Responses
from tests.made_instruments import Made as MadeInstrument
from tests.made_instruments import indicators, sections, table
from tests.pipeline.tables.attack import Attack, then
from tests.pipeline.tables.made import Made, round_of

TABLE = """
[[table]]
code = "{code}"
indicator = "V01"
label = {{ en = "{code}" }}
[[table.dimension]]
codelist = "colours"
label = {{ en = "Colour" }}
[table.across]
codelist = "period"
years = 2
[[table.column]]
column = "persons"
type = "whole_number"
discloses = "persons"
label = {{ en = "Persons" }}
"""
RULE = """
[[rule]]
code = "{code}"
scope = ["{scope}"]
target = "{target}"
check = "{check}"
severity = "error"
reason = "It is so."
message = {{ en = "It is not." }}
remedy = {{ en = "Correct it." }}
"""
GROWTH = RULE.format(code="growth", scope="held", target="persons", check="persons <= 3 * before(persons) + 200")
ENDS = " + ".join(f"at(added.persons, colours == RED, period == period_{name})" for name in ("start", "end"))
TOTAL = RULE.format(code="total", scope="V01", target="all", check=f"all == {ENDS}")
DECLARED = MadeInstrument(
    table(("VICTIMS", [["Victims protected"]])),
    ("all,whole_number,,,,,,,,How many?,persons",),
    "all",
    indicators("V01"),
    sections(("V", "VICTIMS")),
    rules=GROWTH + TOTAL,
    # A rule joins the years of the first, a total those of the second, nothing those of the third.
    tables="".join(TABLE.format(code=code) for code in ("held", "added", "single")),
)
YEARS: Mapping[str, tuple[Sequence[int], Sequence[int]]] = {
    # The same in each table: 2023 and 2024 as the previous round had them, 2024 and 2025 as this one has them.
    "AAA": ((3, 50), (52, 70)),
    "BBB": ((30, 50), (52, 70)),
    "CCC": ((3, 50), (50, 70)),
    "DDD": ((30, 3), (6, 70)),
    "EEE": ((3, 50), (52, 2)),
}


def answers(first: int, numbers: Sequence[int]) -> Responses:
    line = {f"persons_{first + place}": Answer(float(number)) for place, number in enumerate(numbers)}
    tables = {code: {1: {"colours": Answer("RED"), **line}} for code in ("held", "added", "single")}
    return Responses({("V01", "all"): Answer(float(sum(numbers)))}, tables)


class TwoRounds:
    """Two rounds of one instrument, of which the second does not ask for the first year of the first any more."""

    def __init__(self, folder: Path) -> None:
        instruments = DECLARED.write(folder / "made")
        self.then = self._made(folder / "then", read_instrument(instruments, period=(2023, 2024)), 0)
        self.now = self._made(folder / "now", read_instrument(instruments, period=(2024, 2025)), 1)

    def _made(self, folder: Path, instrument: Instrument, which: int) -> Made:
        folder.mkdir()
        round_ = round_of(instrument, *YEARS)
        if which:
            previous = Previous(self.then.folders[Access.RESTRICTED] / "answers.parquet", "1", "2023–2024")
            round_ = with_previous_answers(round_of(instrument, *YEARS, previous=previous))
        return Made(round_, folder, {code: answers(2023 + which, given[which]) for code, given in YEARS.items()})


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> TwoRounds:
    return TwoRounds(tmp_path_factory.mktemp("rounds"))


def seen(made: Made, block: str, *years: int) -> dict[str, tuple[float | None, ...]]:
    columns = [made.public(block, f"persons_{year}") for year in years]
    return dict(zip(made.public(block, "respondent"), zip(*columns, strict=True), strict=True))


@pytest.mark.parametrize("block", ["held", "added"])
def test_year__suppressed_then_with_one_that_is_no_longer_asked__is_compared_with_none(
    rounds: TwoRounds, block: str
) -> None:
    nothing = (None, None)
    assert seen(rounds.then, block, 2023, 2024) == dict.fromkeys(YEARS, nothing) | {"BBB": (30, 50)}
    # Were it compared, 52 would be suppressed for AAA, and say that the year before had been from 48 to 56.
    assert seen(rounds.now, block, 2024, 2025) == {
        "AAA": (52, 70), "BBB": nothing, "CCC": (50, 70), "DDD": (6, 70), "EEE": nothing,
    }  # fmt: skip


def test_year__shown_then_beside_a_small_one_that_is_no_longer_asked__is_compared(rounds: TwoRounds) -> None:
    assert seen(rounds.then, "single", 2023, 2024) == {
        "AAA": (None, 50), "BBB": (30, 50), "CCC": (None, 50), "DDD": (30, None), "EEE": (None, 50),
    }  # fmt: skip
    assert seen(rounds.now, "single", 2024, 2025) == {
        "AAA": (None, 70), "BBB": (None, 70), "CCC": (50, 70), "DDD": (6, 70), "EEE": (None, None),
    }  # fmt: skip


def test_both_rounds__attacked_together__give_no_suppressed_number_away(rounds: TwoRounds) -> None:
    before = Attack(rounds.then.round.instrument, rounds.then.folders[Access.PUBLIC], {})
    both = Attack(rounds.now.round.instrument, rounds.now.folders[Access.PUBLIC], {}, before)
    true = both.true(rounds.now.folders[Access.RESTRICTED])
    true |= {then(cell): number for cell, number in before.true(rounds.then.folders[Access.RESTRICTED]).items()}
    assert true.keys() == both.hidden.keys()
    assert both.given_away(true) == []


def test_answers__record_what_everybody_does_not_see(rounds: TwoRounds) -> None:
    rows = pq.read_table(rounds.now.folders[Access.RESTRICTED] / "answers.parquet").to_pylist()
    recorded = {(row["respondent"], row["block"], row["field"]): row["suppressed"] for row in rows}
    public = {
        (code, "added", f"persons_{year}"): number is None
        for place, year in enumerate((2024, 2025))
        for code, numbers in seen(rounds.now, "added", 2024, 2025).items()
        for number in numbers[place : place + 1]
    }
    assert {key: recorded[key] for key in public} == public
    last = {
        row["respondent"]: row["last_seen"]
        for row in rows
        if (row["block"], row["field"]) == ("single", "persons_2024")
    }
    assert last == {"AAA": 50, "BBB": 50, "CCC": None, "DDD": None, "EEE": 50}
