"""The page on typed answers: every line of its tables is what the reader of returns does, every word list is the code's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.reading.values import choice_texts, days, missing_texts, number_names, number_words, yes_texts
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context, Parsed
from pipeline.reading.values.parsing import parse, unit_faults
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.declaration.answer_types import (
    Date,
    InUnits,
    Mark,
    Money,
    Number,
    Percent,
    ScalarType,
    SingleChoice,
    WholeNumber,
    Year,
    YesNo,
)
from tests.given import seed

PAGE = Path(__file__).parents[2] / "docs" / "typed-answers.md"
LISTS = seed().codelists
ASKED: Mapping[str, ScalarType] = {
    "count": WholeNumber(), "amount": Money(), "number": Number(), "percentage": Percent(), "year": Year(), "day": Date(),
    "level": SingleChoice(LISTS["status"]), "state": SingleChoice(LISTS["states"]),
    "yes or no": YesNo(LISTS["yes_no"]), "mark": Mark(LISTS["yes_no"]),
}  # fmt: skip
AMOUNT = InUnits(Money(), LISTS["currencies"])
DECIMAL_SIGNS = {"unknown": "", "comma": ",", "point": "."}
NOTHING = "–"
CODES = {"Y": "yes", "N": "no"}

_HIDDEN = re.compile(r"\\u([0-9a-f]{4})")
_WORD = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Example:
    """One line of a table: what is typed where, and what should come of it."""

    typed: str
    asked: str
    decimal_sign: str
    currency: str
    read_as: str
    finding: str


def tables() -> Iterator[list[dict[str, str]]]:
    for block in PAGE.read_text(encoding="utf-8").split("\n\n"):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines() if line[0] == "|"]
        if rows:
            yield [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def examples() -> list[Example]:
    return [
        Example(
            typed=_HIDDEN.sub(lambda found: chr(int(found[1], 16)), row["typed"].strip("`")),
            asked=row["asked"],
            decimal_sign=row.get("decimal sign", "unknown"),
            currency=row.get("currency chosen", NOTHING),
            read_as=row["read as"],
            finding=row["finding"],
        )
        for table in tables()
        if "typed" in table[0]
        for row in table
    ]


@pytest.mark.parametrize("example", examples(), ids=lambda entry: f"{entry.typed} as {entry.asked}")
def test_example__on_the_page__is_what_the_reader_does(example: Example) -> None:
    context = Context(LISTS["missing"], DECIMAL_SIGNS[example.decimal_sign])
    typed: CellValue = True if example.typed == "TRUE" else example.typed
    parsed = parse(ASKED[example.asked], typed, "", context)
    chosen = Parsed(AnswerStatus.ANSWERED, code=None if example.currency == NOTHING else example.currency)
    faults = [*unit_faults(parsed, chosen, AMOUNT), *parsed.faults][:1]
    assert _read_as(parsed, ASKED[example.asked]) == example.read_as
    assert [f"{fault.code}, {fault.severity}" for fault in faults] == [example.finding] * (example.finding != NOTHING)
    assert parsed.raw == cell_text(typed)


def _read_as(parsed: Parsed, scalar: ScalarType) -> str:
    if parsed.status in DECLARED:
        return str(parsed.status).replace("_", " ")
    if isinstance(scalar, Mark) and parsed.status is not AnswerStatus.UNREADABLE:
        return "marked" if parsed.code == "Y" else "not marked"
    if parsed.code is not None:
        return CODES.get(parsed.code, parsed.code)
    return NOTHING if parsed.value is None else cell_text(parsed.value)


def test_words__listed_on_the_page__are_those_of_the_tables() -> None:
    listed = {
        found[1]: tuple(_WORD.findall(found[2]))
        for found in re.finditer(r"^- ([^:`]+): (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    }
    declared = {str(status).replace("_", " "): texts for status, texts in missing_texts.TEXTS.items()}
    assert listed == {
        "about": number_words.ABOUT,
        "at least, before": number_words.MORE_BEFORE,
        "at least, after": number_words.MORE_AFTER,
        "units, after": number_words.UNITS,
        "all of it": number_words.TOTALS,
        "footnote marks": number_words.MARKS,
        "percent, after": number_words.PERCENTS,
        "numbers": tuple(name for names in number_names.NAMES.values() for name in names),
        "not alone": tuple(sorted(number_names.SEVERAL)),
        "the first of a month": days.FIRST,
        "before a day": days.BEFORE,
        "weekdays": tuple(name for names in days.WEEKDAYS for name in names),
        "before a year": number_words.YEARS,
        "before a choice": choice_texts.LEVELS,
        "months": tuple(name for names in days.MONTHS for name in names),
        "yes": yes_texts.YES,
        "no": yes_texts.NO,
        "marked": yes_texts.MARKED,
        "not marked": yes_texts.UNMARKED,
        **declared,
        "not said why": missing_texts.UNCLEAR,
    }


def test_currencies__listed_on_the_page__are_those_of_the_table_and_all_that_the_instrument_offers() -> None:
    (rows,) = (table for table in tables() if "currency" in table[0])
    listed = {row["currency"]: tuple(_WORD.findall(row["signs and words"])) for row in rows}
    assert listed == dict(number_words.CURRENCIES)
    assert set(LISTS["currencies"].value_codes) <= listed.keys()
