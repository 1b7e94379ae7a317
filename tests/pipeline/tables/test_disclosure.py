"""What everybody may see gives away no count of persons from 1 to 4, no text that is not cleared, and no contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.tables.disclosure import lent_for_disclosure
from pipeline.tables.make import make_tables
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Line, Responses
from schemas.tables.parts import list_table
from tests.made_instruments import Made as MadeInstrument
from tests.made_instruments import indicators, sections, table
from tests.pipeline.tables.attack import Attack
from tests.pipeline.tables.made import Made, made_of, round_of


def rule(code: str, target: str, check: str) -> str:
    return (
        f'[[rule]]\ncode = "{code}"\nscope = ["*"]\ntarget = "{target}"\ncheck = "{check}"\nseverity = "error"\n'
        'reason = "It is so."\nmessage = { en = "It is not." }\nremedy = { en = "Correct it." }\n'
    )


COUNTS = ("total", "women", "men", "minors", "gained", "helped", "reached")
LISTS = """
[[list]]
code = "cases"
lines = 9
label = { en = "Cases" }
[[list.column]]
column = "about"
type = "indicator"
required = true
label = { en = "About" }
[[list.column.option]]
code = "V01"
label = { en = "V01" }
[[list.column]]
column = "victims"
type = "whole_number"
discloses = "persons"
label = { en = "Victims" }

[[list]]
code = "visits"
lines = 9
label = { en = "Visits" }
[[list.column]]
column = "about"
type = "indicator"
required = true
label = { en = "About it" }
[[list.column.option]]
code = "V01"
label = { en = "V01" }
[[list.column]]
column = "guests"
type = "whole_number"
discloses = "persons"
label = { en = "Guests" }
[[list.column]]
column = "place"
type = "text"
label = { en = "Place" }
"""
DECLARED = MadeInstrument(
    table(("VICTIMS", [["Victims protected"]])),
    (
        *(f"{code},whole_number,,,,,,,,How many {code}?,persons" for code in COUNTS),
        "clinics,whole_number,,,,,,,,How many clinics?",
        "offices,whole_number,,,,,,,,How many offices?",
        "report,text,,,,,,,,What else?",
    ),
    " ".join((*COUNTS, "clinics", "offices", "report")),
    indicators("V01"),
    sections(("V", "VICTIMS")),
    rules="".join(
        (
            rule("parts", "total", "total == women + men"),
            rule("minors", "minors", "minors <= total"),
            rule("clinics", "clinics", "clinics <= total"),
            rule("gained", "gained", "total == previous(total) + gained"),
            rule("helped", "helped", "helped == sum(cases.victims)"),
        )
    ),
    lists=LISTS,
)
GIVEN: Mapping[str, Mapping[str, int]] = {
    # Small: a part, the other part and the total, the whole, a part of which nothing is added up, nothing.
    "AAA": {"women": 3, "men": 40, "total": 43, "minors": 30, "clinics": 12, "helped": 20, "reached": 2, "offices": 3},
    "BBB": {"women": 0, "men": 3, "total": 3, "minors": 0, "clinics": 1, "helped": 20, "reached": 90, "offices": 1},
    "CCC": {"women": 1, "men": 3, "total": 4, "minors": 4, "clinics": 0, "helped": 4, "reached": 0, "offices": 0},
    "DDD": {"women": 60, "men": 50, "total": 110, "minors": 2, "clinics": 4, "helped": 0, "reached": 9, "offices": 2},
    "EEE": {"women": 60, "men": 0, "total": 60, "minors": 0, "clinics": 4, "helped": 30, "reached": 5, "offices": 4},
    # As many as in the previous round and two more; half of what they were, of which few had been gained.
    "FFF": {"women": 52, "men": 50, "total": 102, "minors": 9, "clinics": 8, "gained": 2, "reached": 8, "offices": 5},
    "GGG": {"women": 70, "men": 80, "total": 150, "minors": 9, "clinics": 8, "gained": 48, "reached": 9, "offices": 6},
}
PREVIOUS = {"FFF": {"total": 100, "reached": 11}, "GGG": {"total": 102, "gained": 2, "reached": 9}}
PUBLIC_BEFORE = {("FFF", "V01", "total"): 100.0, ("FFF", "V01", "reached"): 11.0, ("GGG", "V01", "reached"): 9.0}
"""What the previous round's public edition says; it had to suppress the total of GGG, which had gained two."""

VICTIMS = {"AAA": (20,), "BBB": (1, 19), "CCC": (4, 0), "EEE": (10, 20)}
GUESTS = {"AAA": (3, 30, 5), "CCC": (1,), "DDD": (9, 0)}


def lines(respondent: str) -> dict[str, dict[int, Line]]:
    return {
        "cases": {
            number: {"about": Answer("V01"), "victims": Answer(float(count))}
            for number, count in enumerate(VICTIMS.get(respondent, ()), 1)
        },
        "visits": {
            number: {"about": Answer("V01"), "guests": Answer(float(count)), "place": Answer(f"Lodge {respondent}")}
            for number, count in enumerate(GUESTS.get(respondent, ()), 1)
        },
    }


def seven_states(folder: Path) -> Made:
    """Seven states with small counts of every sort; the first lets its texts be published."""
    instrument = DECLARED.round(folder, ["AAA"]).instrument.with_comparisons()
    previous = {
        respondent: {("V01", code): Answer(float(count)) for code, count in counts.items()}
        for respondent, counts in PREVIOUS.items()
    }
    published = {
        respondent: Responses(
            {("V01", code): Answer(float(count)) for code, count in counts.items()}
            | {("V01", "report"): Answer(f"Told by {respondent}")},
            lines(respondent),
        )
        for respondent, counts in GIVEN.items()
    }
    (folder / "made").mkdir()
    return Made(round_of(instrument, *GIVEN, previous_answers=previous), folder / "made", published, ("AAA",))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return seven_states(tmp_path_factory.mktemp("disclosure"))


@pytest.fixture(scope="module")
def attack(made: Made) -> Attack:
    return Attack(made.round.instrument, made.folders[Access.PUBLIC], PUBLIC_BEFORE)


def suppressed(attack: Attack, respondent: str, block: str = "V01") -> set[str]:
    return {cell[3] for cell in attack.hidden if cell[:2] == (respondent, block)}


def test_public__attacked__gives_no_suppressed_number_away(attack: Attack, made: Made) -> None:
    true = attack.true(made.folders[Access.RESTRICTED])
    assert true.keys() == attack.hidden.keys()
    assert attack.given_away(true) == []
    small = {number for number in true.values() if 1 <= number <= 4}
    assert small == {1, 2, 3, 4}


def test_public__shows_no_count_of_persons_from_1_to_4(attack: Attack) -> None:
    persons = {*COUNTS, "victims", "guests"}
    assert not [cell for cell, number in attack.known.items() if cell[3] in persons and 1 <= number <= 4]


def test_public__what_is_added_up_with_a_small_count__goes_with_it_and_the_rest_stays(attack: Attack) -> None:
    # `clinics` counts no persons, but is at most the total: where it is from 1 to 4 it would narrow the total.
    together = {"total", "women", "men", "clinics"}
    assert {code: suppressed(attack, code) for code in GIVEN} == {
        "AAA": together | {"reached"},
        "BBB": together | {"helped"},
        "CCC": together | {"minors", "helped"},
        "DDD": {"minors"},
        "EEE": set(),
        # A part bounds from below what is compared with the previous round.
        "FFF": together | {"gained", "reached", "minors"},
        "GGG": together | {"gained"},
    }


def test_public__a_small_count_in_a_line__takes_those_that_are_added_up_with_it(attack: Attack) -> None:
    def rows(block: str) -> set[tuple[str, int]]:
        return {(cell[0], cell[2]) for cell in attack.hidden if cell[1] == block}

    first = min(cell[2] for cell in attack.known if cell[1] == "cases")
    assert rows("cases") == {(code, first + line) for code in ("BBB", "CCC") for line in (0, 1)}
    assert rows("visits") == {("AAA", first), ("CCC", first)}


def test_public__says_that_a_number_is_suppressed__in_the_words_of_sdmx_too(made: Made) -> None:
    statuses = dict(
        zip(made.public("type_t", "respondent"), made.public("type_t", "minors__answer_status"), strict=True)
    )
    assert (statuses["CCC"], statuses["DDD"], statuses["EEE"]) == ("suppressed", "suppressed", "answered")
    columns = ("REF_AREA", "MEASURE", "OBS_VALUE", "OBS_STATUS")
    found = set(zip(*(made.public("observations", column) for column in columns), strict=True))
    assert {("DDD", "minors", None, "Q"), ("DDD", "total", "110", "A"), ("DDD", "offices", "2", "A")} <= found
    assert made.row("observations", "OBS_VALUE", "OBS_STATUS", REF_AREA="DDD", MEASURE="minors") == ("2", "A")


def test_sums__of_what_everybody_sees__leave_out_what_is_suppressed_and_say_so(made: Made) -> None:
    columns = ("table", "column", "sum", "reporting", "unknown_suppressed")
    rows = {row[:2]: row[2:] for row in zip(*(made.public("measure_sums", name) for name in columns), strict=True)}
    assert rows["type_t", "total"] == (170, 2, 5)
    assert rows["type_t", "offices"] == (21, 7, 0)
    assert rows["cases", "victims"] == (50, 2, 2)
    assert rows["visits", "guests"] == (44, 2, 2)
    assert made.row("measure_sums", "sum", "reporting", "unknown_suppressed", column="total") == (472, 7, 0)


def test_quartiles__of_what_everybody_sees__are_of_what_is_shown(made: Made) -> None:
    columns = ("table", "column", "reporting", "lowest", "highest")
    rows = {row[:2]: row[2:] for row in zip(*(made.public("measure_quartiles", name) for name in columns), strict=True)}
    assert rows["type_t", "total"] == (2, 60, 110)
    assert made.row("measure_quartiles", "reporting", "lowest", column="total") == (7, 3)


def test_texts__only_of_states_that_clear_them(made: Made) -> None:
    assert dict(zip(made.public("type_t", "respondent"), made.public("type_t", "report"), strict=True)) == {
        code: "Told by AAA" if code == "AAA" else None for code in GIVEN
    }
    assert set(made.public("visits", "place")) == {"Lodge AAA", None}
    cleared = zip(made.public("respondents", "respondent"), made.public("respondents", "texts_cleared"), strict=True)
    assert [code for code, given in cleared if given] == ["AAA"]


def test_texts__of_a_state_with_two_returns__are_cleared_by_both_or_not_at_all(tmp_path: Path) -> None:
    round_ = DECLARED.round(tmp_path, ["AAA"])
    folders = {access: tmp_path / access for access in Access}
    for folder in folders.values():
        folder.mkdir()
    made = made_of(round_, {"AAA": Responses({("V01", "offices"): Answer(3.0)}, {})}, {}, ("AAA",))
    other = made.returns.assign(file="other.xlsx", sha256="other", texts_cleared="")
    make_tables(round_, replace(made, returns=pd.concat([made.returns, other])), folders)
    (respondent,) = pq.read_table(folders[Access.PUBLIC] / "respondents.parquet").to_pylist()
    assert respondent["texts_cleared"] is False


def test_list__whose_lines_are_persons__is_not_for_everybody(tmp_path: Path) -> None:
    counted = DECLARED.lists + '\n[[list.count]]\nquestion = "reached"\n'
    declared = MadeInstrument(**{**vars(DECLARED), "lists": counted})
    round_ = declared.round(tmp_path, ["AAA"])
    (tmp_path / "made").mkdir()
    found = Made(round_, tmp_path / "made", {"AAA": Responses({("V01", "reached"): Answer(3.0)}, lines("AAA"))})
    assert not (found.folders[Access.PUBLIC] / "visits.parquet").exists()
    assert "visits" not in found.public("measure_sums", "table")
    assert made_rows(found) == [3]
    assert found.rows("answers", "suppressed", block="visits", field="guests") == [(True,)] * 3


def test_list__a_count_that_changed_by_few_since_the_line_of_the_same_key__is_suppressed(tmp_path: Path) -> None:
    before = {"AAA": {"visits": (visit(3), visit(50))}}
    now = {"visits": {1: visit(52), 2: visit(60), 3: visit(5)}}
    round_ = replace(DECLARED.round(tmp_path, ["AAA"]), previous_lines=before)
    (tmp_path / "made").mkdir()
    found = Made(round_, tmp_path / "made", {"AAA": Responses({("V01", "offices"): Answer(3.0)}, now)})
    # Which line is which nobody knows: what was from 1 to 4 then is compared with none.
    assert found.public("visits", "guests") == [None, 60, 5]


def visit(guests: float) -> Line:
    return {"about": Answer("V01"), "guests": Answer(guests)}


def test_table__the_lines_of_the_previous_round__are_known_by_their_codes() -> None:
    instrument = read_instrument(INSTRUMENTS / "criminal-justice")
    (block,) = (item for item in instrument.lists if isinstance(item, TableBlock) and item.code == "victims")
    line = {"sex": Answer("F"), "age": Answer("CHILD"), "labour": Answer(12.0)}
    round_ = round_of(instrument, "AAA", previous_lines={"AAA": {"victims": (line,)}})
    (row,) = lent_for_disclosure(round_)["previous_counts"].to_pylist()
    assert (row["earlier_line"], row["field"], row["earlier"]) == (block.line_of(("F", "CHILD")), "labour", 12.0)


HELD = """
[[table]]
code = "held"
indicator = "V01"
label = { en = "Persons held" }
[[table.dimension]]
codelist = "period"
years = 3
label = { en = "Year" }
[[table.column]]
column = "persons"
type = "whole_number"
discloses = "persons"
label = { en = "Persons" }
"""


def test_series__in_lines_that_moved_between_rounds__is_compared_year_by_year(tmp_path: Path) -> None:
    def years(**persons: float) -> tuple[Line, ...]:
        return tuple({"period": Answer(year[1:]), "persons": Answer(count)} for year, count in persons.items())

    declared = MadeInstrument(**{**vars(DECLARED), "tables": HELD})
    before = {"AAA": {"held": years(y2022=3.0, y2023=50.0, y2024=20.0)}}
    round_ = replace(declared.round(tmp_path, ["AAA"]), previous_lines=before)
    (tmp_path / "made").mkdir()
    now = {"held": dict(enumerate(years(y2023=52.0, y2024=3.0, y2025=22.0), 1))}
    found = Made(round_, tmp_path / "made", {"AAA": Responses({("V01", "offices"): Answer(3.0)}, now)})
    # 2023 has two more than it had, 2024 is small; 2025 stands where 2024 stood, with two more.
    for name in ("held", "long_held"):
        numbers = found.public(name, "persons" if name == "held" else "value")
        assert dict(zip(found.public(name, "period"), numbers, strict=True)) == {"2023": None, "2024": None, "2025": 22}
    assert found.rows("held", "period", "persons") == [("2023", 52), ("2024", 3), ("2025", 22)]


def test_list__whose_lines_a_rule_counts_beside_persons__is_not_for_everybody(tmp_path: Path) -> None:
    rules = DECLARED.rules + rule("reached", "reached", "reached == lines(visits)")
    instrument = MadeInstrument(**{**vars(DECLARED), "rules": rules}).round(tmp_path, ["AAA"]).instrument
    access = {block.code: list_table(instrument, block).access for block in instrument.lists}
    assert access == {"cases": Access.PUBLIC, "visits": Access.RESTRICTED}


def test_list__says_why_a_number_is_missing__of_counts_of_persons_alone(made: Made) -> None:
    assert [column.name for column in made.tables["visits"].columns if column.is_status] == ["guests__answer_status"]


def made_rows(found: Made) -> list[float]:
    """How many lines the secretariat's sums count."""
    return [row[0] for row in found.rows("measure_sums", "sum", table="visits", column="")]
