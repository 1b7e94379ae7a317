"""The spread of numbers over respondents: by currency, of what is shown, and never across currencies unnoticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.rules.evaluate import Answer
from questionnaire.tables import DeclarationError
from tests import with_list, with_ratio
from tests.given import replace_in
from tests.made_instruments import QUESTION, sections, table
from tests.made_instruments import Made as MadeInstrument
from tests.pipeline.measures.test_measures import AAA, AAA_STARTED, BBB, CCC
from tests.pipeline.tables.made import Made, round_of

FIVE = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")


def spent(amount: float, currency: str) -> dict[tuple[str, str], Answer]:
    return {("W01b", "spent"): Answer(amount), ("W01b", "spent.currency"): Answer(currency)}


def with_paid(folder: Path, sums: str = "spent", asked: str = "spent planned paid") -> Path:
    """The small instrument with a number, `paid`, in the currency of an amount, asked about W01b."""
    path = with_list.instrument_folder(folder) / "questions.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    paid = f"{sums},paid,whole_number,,,,,,,,How much was paid?,Combien a été payé ?"
    path.write_text("\n".join((f"sums,{head}", *(f",{row}" for row in lines), paid)) + "\n", encoding="utf-8")
    replace_in(path.with_name("indicator_types.csv"), "spent planned", asked)
    return path.parent


def test_number__in_the_currency_of_an_amount__is_added_up_and_spread_by_currency(tmp_path: Path) -> None:
    given = {
        code: answers | spent(9.0, currency) | {("W01b", "paid"): Answer(paid)}
        for code, answers, currency, paid in (
            ("AAA", AAA, "EUR", 4.0),
            ("BBB", BBB, "USD", 70.0),
            ("CCC", CCC, "EUR", 6.0),
        )
    }
    made = Made(round_of(read_instrument(with_paid(tmp_path / "mini")), *given), tmp_path, given)
    assert made.rows("measure_quartiles", "unit", "reporting", *FIVE, column="paid") == [
        ("EUR", 2, 4, 4.5, 5, 5.5, 6), ("USD", 1, 70, 70, 70, 70, 70),
    ]  # fmt: skip
    assert made.rows("measure_sums", "unit", "sum", "reporting", column="paid") == [("EUR", 10, 2), ("USD", 70, 1)]
    assert made.rows("observations", "REF_AREA", "OBS_VALUE", "UNIT_MEASURE", MEASURE="paid") == [
        ("AAA", "4", "EUR"), ("BBB", "70", "USD"), ("CCC", "6", "EUR"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sums", "asked", "what"),
    [
        ("total", "spent planned paid", "“total” is not known"),
        ("spent", "planned paid", "W01b is not asked spent"),
    ],
)
def test_number__in_the_currency_of_what_is_no_amount_or_is_not_asked__is_refused(
    tmp_path: Path, sums: str, asked: str, what: str
) -> None:
    folder = with_paid(tmp_path / "mini", sums, asked)
    (folder / "rules.toml").write_text("", encoding="utf-8")
    with pytest.raises(DeclarationError, match=what):
        read_instrument(folder)


def test_quartiles__of_those_who_give_a_number__amounts_apart_by_currency(tmp_path: Path) -> None:
    given = {
        "AAA": AAA | AAA_STARTED,
        "BBB": BBB | spent(7.0, "USD"),
        "CCC": CCC | spent(1.0, "EUR"),
        "DDD": AAA | {("W01a", "total"): Answer(0.0)},
    }
    made = Made(round_of(with_list.instrument(), "AAA", "BBB", "CCC", "DDD", "EEE"), tmp_path, given, EEE="no_return")

    def of(column: str) -> list[tuple[object, ...]]:
        return made.rows("measure_quartiles", "indicator", "unit", "reporting", *FIVE, column=column)

    # 0, 5 and 10: each quarter of the way between two answers; who does not know is not among them.
    assert of("total") == [("W01a", "", 3, 0, 2.5, 5, 7.5, 10)]
    assert of("spent") == [("W01b", "EUR", 2, 1, 1.375, 1.75, 2.125, 2.5), ("W01b", "USD", 1, 7, 7, 7, 7, 7)]
    assert {row[0] for row in made.rows("measure_quartiles", "column")}.isdisjoint({"started", "status"})


def test_quartiles__of_what_is_computed__is_there_unless_it_is_in_the_currency_of_each(tmp_path: Path) -> None:
    paid = with_ratio.made(
        ("weight,number,,-1000,,,,,What do they weigh?,3,kg", "weight,amount,currencies,,,,,,What do they cost?,,")
    )
    paid = MadeInstrument(**{**vars(paid), "codelists": f"{paid.codelists}currencies,EUR,,,Euro\n"})
    plain = with_ratio.made()
    numbers = {"begun": 8.0, "ended": 4.0, "weight": 2.0, "share": 50, "per_kilo": 4.0, "mean": 6.0, "whole": 12.0}
    kept = {}
    for name, made in (("plain", plain), ("paid", paid)):
        instrument = read_instrument(made.write(tmp_path / name))
        given = {("W01", field): Answer(number) for field, number in numbers.items()}
        if name == "paid":
            given["W01", "weight.currency"] = Answer("EUR")
        (tmp_path / f"{name}-made").mkdir()
        found = Made(replace(round_of(instrument, "AAA")), tmp_path / f"{name}-made", {"AAA": given})
        kept[name] = {row[0] for row in found.rows("measure_quartiles", "column")}
    assert kept["plain"] == numbers.keys()
    assert kept["paid"] == kept["plain"] - {"per_kilo"}


PAID = MadeInstrument(
    table(("THINGS", [["One", "Two"]])),
    (
        "cost,amount,currencies,,,,,,,What does it cost?,,",
        "twice,computed,,,,,,,,Twice as much?,,2 * V01a.cost",
        "since,year,,1900,2030,,,,,Since when?,,",
        "weight,whole_number,,,,,,,,How heavy?,,",
        "pieces,whole_number,,,,,,,,How many?,,",
    ),
    "",
    ["V01a,T,cost since weight pieces,", "V01b,T,twice weight pieces,"],
    sections(("V", "THINGS")),
    codelists="currencies,EUR,,,Euro\n",
    head=f"{QUESTION},decimals",
)


def test_quartiles__question_by_question__without_what_follows_from_an_amount_of_another_indicator(
    tmp_path: Path,
) -> None:
    instrument = read_instrument(
        replace(PAID, questions=[f"{line},{2 if 'computed' in line else ''}" for line in PAID.questions]).write(
            tmp_path / "paid"
        )
    )
    (tmp_path / "made").mkdir()
    given = {
        ("V01a", "cost"): Answer(2.0), ("V01a", "cost.currency"): Answer("EUR"), ("V01a", "since"): Answer(2001),
        ("V01a", "weight"): Answer(1), ("V01b", "weight"): Answer(2),
        ("V01a", "pieces"): Answer(3), ("V01b", "twice"): Answer(4.0), ("V01b", "pieces"): Answer(5),
    }  # fmt: skip
    made = Made(round_of(instrument, "AAA"), tmp_path / "made", {"AAA": given})
    assert made.rows("measure_quartiles", "indicator", "column", "unit", "lowest") == [
        ("V01a", "cost", "EUR", 2), ("V01a", "weight", "", 1), ("V01b", "weight", "", 2), ("V01a", "pieces", "", 3), ("V01b", "pieces", "", 5),
    ]  # fmt: skip
    # A year that may be another next time is no year of adoption.
    assert made.rows("measure_adoption", "field") == []


def test_quartiles__of_a_round_without_a_number__are_there_without_a_row(tmp_path: Path) -> None:
    made = Made(round_of(with_list.instrument(), "AAA"), tmp_path, {}, AAA="no_return")
    assert made.rows("measure_quartiles", "column") == []
