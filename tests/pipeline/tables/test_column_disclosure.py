"""Ratios in the columns of lists and tables, attacked: one that is shown gives no count of its line away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Evaluator, Line, Responses
from tests.pipeline.tables.attack import Attack
from tests.pipeline.tables.made import Made, round_of
from tests.with_ratio_columns import made as declared

AREA = {"AAA": 250.0, "BBB": 400.0, "CCC": 90.0}
COURTS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "AAA": ((40, 3), (50, 20), (90, 23)),
    "BBB": ((40, 30), (60, 20), (100, 50)),
    "CCC": ((0, 0), (0, 0), (0, 0)),
}
"""Prosecuted and convicted: women, men, both."""
VISITS: Mapping[str, tuple[tuple[int, int], ...]] = {"AAA": ((30, 20), (60, 2)), "BBB": ((3, 3),), "CCC": ()}
"""Seen and helped, line by line."""


@pytest.fixture(scope="module")
def instrument(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    people = 'type = "whole_number"\n', 'type = "whole_number"\ndiscloses = "persons"\n'
    helped = (
        'type = "number"\ndecimals = 1\nlabel = { en = "People helped" }',
        ('type = "whole_number"\ndiscloses = "persons"\nlabel = { en = "People helped" }'),
    )
    of_lines = "sum(visits.both) <= 400", "things <= 400"
    made = declared((f'column = "seen"\n{people[0]}', f'column = "seen"\n{people[1]}'), helped, of_lines)
    # What is added up over lines is related over all of them.
    made = replace(made, questions=made.questions[:1], asked="things")
    found = made.round(tmp_path_factory.mktemp("declared"), ["AAA"]).instrument
    return replace(found, reference_values={code: {"area": area} for code, area in AREA.items()})


def given(instrument: Instrument, respondent: str) -> Responses:
    """The lines of a respondent with what they compute."""
    visits: dict[int, Line] = {
        number: {"indicator": Answer("J01"), "seen": Answer(float(seen)), "helped": Answer(float(helped))}
        for number, (seen, helped) in enumerate(VISITS[respondent], 1)
    }
    courts: dict[int, Line] = {
        number: {"sex": Answer(sex), "prosecuted": Answer(float(tried)), "convicted": Answer(float(convicted))}
        for number, (sex, (tried, convicted)) in enumerate(zip("FMT", COURTS[respondent], strict=True), 1)
    }
    typed = {"visits": visits, "courts": courts}
    evaluator = Evaluator(instrument, Responses({}, typed, respondent), {})
    lines = {
        block: {
            number: {**line, **{code: evaluator.computed(block, code, number) for code in _computed(instrument, block)}}
            for number, line in own.items()
        }
        for block, own in typed.items()
    }
    return Responses({("J01", "things"): Answer(1.0)}, lines)


def _computed(instrument: Instrument, block: str) -> tuple[str, ...]:
    return tuple(instrument.blocks[block].computed_questions)


@pytest.fixture(scope="module")
def made(instrument: Instrument, tmp_path_factory: pytest.TempPathFactory) -> Made:
    published = {code: given(instrument, code) for code in AREA}
    return Made(round_of(instrument, *AREA), tmp_path_factory.mktemp("columns"), published)


@pytest.fixture(scope="module")
def attack(made: Made) -> Attack:
    return Attack(made.round.instrument, made.folders[Access.PUBLIC], {})


def test_public__a_ratio_goes_with_the_counts_of_its_line__and_other_lines_of_a_list_stay(attack: Attack) -> None:
    unseen = {*attack.hidden, *attack.withheld}
    first = min(cell[2] for cell in attack.codes if cell[:2] == ("AAA", "visits"))
    in_list = {cell[2] - first for cell in unseen if cell[:2] == ("AAA", "visits")}
    assert in_list == {1}
    assert {cell[3] for cell in unseen if cell[:2] == ("BBB", "visits")} == {"seen", "helped", "helped_share", "both"}
    assert attack.known["AAA", "visits", first, "helped_share"] == 66.67


def test_public__a_ratio_in_a_table_with_totals__goes_with_all_of_them(attack: Attack) -> None:
    unseen = {*attack.hidden, *attack.withheld}
    columns = {"prosecuted", "convicted", "rate", "by_area", "twice_rate", "together"}
    assert {cell[3] for cell in unseen if cell[:2] == ("AAA", "courts")} == columns
    assert {cell for cell in unseen if cell[1] == "courts" and cell[0] != "AAA"} == set()


@pytest.mark.wide
def test_public__attacked_by_ratios_of_lines__gives_no_count_away(attack: Attack, made: Made) -> None:
    assert attack.given_away(attack.true(made.folders[Access.RESTRICTED])) == []


def test_attack__were_a_ratio_of_a_line_shown__finds_the_count(made: Made) -> None:
    """What the public edition must not do, done on purpose: the attack can fail."""
    attack = Attack(made.round.instrument, made.folders[Access.PUBLIC], {})
    first = min(cell[2] for cell in attack.codes if cell[:2] == ("AAA", "courts"))
    convicted = ("AAA", "courts", first, "convicted")
    assert [attack.can_be(convicted, number, number) for number in (1, 2, 3, 4)] == [(n, n) for n in (1, 2, 3, 4)]
    attack.show(("AAA", "courts", first, "by_area"), 12.0)
    assert attack.can_be(convicted, 0, 1000) == (3, 3)
