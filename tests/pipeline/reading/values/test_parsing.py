"""What counts as what in an answer cell: one table, every type, and no guess."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.values import number_names, number_words
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.numbers import decimal_sign, read_number
from pipeline.reading.values.parsed import Context, Parsed
from pipeline.reading.values.parsing import parse, selected
from pipeline.reading.values.plain_texts import words
from pipeline.reading.values.shown import PartOfDay
from pipeline.reading.workbooks.grids import ErrorText
from questionnaire.blanks import DECLARED, AnswerStatus, visible_text
from questionnaire.codelists import Codelist, choice_key
from questionnaire.declaration.answer_types import (
    Date,
    Mark,
    Money,
    Number,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    WholeNumber,
    Year,
    YesNo,
)
from tests.given import mini

LISTS = mini().codelists
CONTEXT = Context(LISTS["missing"], ".")
STATUS, YES_NO, MARK = SingleChoice(LISTS["status"]), YesNo(LISTS["yes_no"]), Mark(LISTS["yes_no"])
SELECTION = Selection(LISTS["regions"])
TYPES: list[ScalarType] = [
    STATUS, YES_NO, MARK, SELECTION, WholeNumber(), Number(), Percent(), Money(), Year(), Date(), Text(),
    WebReference(),
]  # fmt: skip
ANSWERED, BLANK, UNREADABLE = AnswerStatus.ANSWERED, AnswerStatus.BLANK, AnswerStatus.UNREADABLE
SO, ND, CF, RS = DECLARED


def faults(parsed: Parsed) -> list[str]:
    return [fault.code for fault in parsed.faults]


def by_name(scalar: ScalarType) -> str:
    return type(scalar).__name__


@pytest.mark.parametrize(
    ("scalar", "typed", "value", "rule"),
    [
        (STATUS, "3 – Partly", "3", "choice:label"),
        (STATUS, "  3 – en\u00a0PARTIE ", "3", "choice:label"),
        (STATUS, "3", "3", "choice:code"),
        (STATUS, 3.0, "3", "choice:code"),
        (YES_NO, "oui", "Y", "choice:label"),
        (YES_NO, "n", "N", "choice:code"),
        (MARK, "Yes", "Y", "choice:label"),
        (WholeNumber(), 12.0, 12.0, "number"),
        (WholeNumber(), 0, 0.0, "number"),
        (WholeNumber(), -3.0, -3.0, "number"),
        (Number(), 3.7, 3.7, "number"),
        (Money(), 3.7, 3.7, "number"),
        (Year(), 2019.0, 2019.0, "number"),
        (Date(), dt.date(2024, 5, 4), dt.date(2024, 5, 4), "date"),
        (Date(), dt.datetime(2024, 5, 4), dt.date(2024, 5, 4), "date"),
        (Text(), "Ley 12", "Ley 12", "text"),
        (Text(), 2024.0, "2024", "text:other"),
        (Text(), True, "TRUE", "text:other"),
        (WebReference(), "https://x.org", "https://x.org", "text"),
    ],
)
def test_answer__as_expected__is_read_without_a_word(scalar: ScalarType, typed: Any, value: Any, rule: str) -> None:
    parsed = parse(scalar, typed, "", CONTEXT)
    assert (parsed.status, parsed.value, parsed.parsed_by, parsed.faults) == (ANSWERED, value, rule, ())


@pytest.mark.parametrize(
    ("scalar", "typed", "value", "rule", "fault"),
    [
        (WholeNumber(), "1234", 1234.0, "number:text", "number_from_text"),
        (WholeNumber(), "1 234", 1234.0, "number:text", "number_from_text"),
        (WholeNumber(), "1\u202f234\u00a0567", 1234567.0, "number:text", "number_from_text"),
        (WholeNumber(), "1,234", 1234.0, "number:ambiguous", "number_ambiguous"),
        (Money(), "1,234.5", 1234.5, "number:text", "number_from_text"),
        (Year(), dt.date(1905, 7, 11), 2019.0, "number:date", "number_from_date"),
        (Year(), dt.datetime(1905, 7, 11), 2019.0, "number:date", "number_from_date"),
        (Year(), "2 019", 2019.0, "number:text", "number_from_text"),
        (WholeNumber(), "env. 30", 30.0, "number:words", "number_with_words"),
        (Money(), "≈ 1 200,5 €", 1200.5, "number:words", "number_with_words"),
        (MARK, "x", "Y", "choice:wording", "read_as_yes"),
        (YES_NO, "si", "Y", "choice:wording", "read_as_yes"),
        (YES_NO, "nao", "N", "choice:wording", "read_as_no"),
        (Date(), "2024-05-04", dt.date(2024, 5, 4), "date:text", "date_from_text"),
        (Date(), "31/12/2024", dt.date(2024, 12, 31), "date:text", "date_from_text"),
        (Date(), dt.datetime(2024, 5, 4, 13), dt.date(2024, 5, 4), "date", "date_with_time"),
        (STATUS, "4 - fully", "4", "choice:wording", "read_as_choice"),
        (STATUS, "En entier.", "4", "choice:wording", "read_as_choice"),
        (YES_NO, "Oui.", "Y", "choice:wording", "read_as_yes"),
        (MARK, "Yes.", "Y", "choice:wording", "read_as_yes"),
        (SingleChoice(LISTS["currencies"]), "US dollar", "USD", "choice:wording", "read_as_choice"),
    ],
)
def test_answer__in_another_form__is_read_and_said(
    scalar: ScalarType, typed: Any, value: Any, rule: str, fault: str
) -> None:
    parsed = parse(scalar, typed, "", CONTEXT)
    assert (parsed.status, parsed.value, parsed.parsed_by, faults(parsed)) == (ANSWERED, value, rule, [fault])


@pytest.mark.parametrize(
    ("scalar", "typed", "fault"),
    [
        (STATUS, "perhaps", "unknown_choice"),
        (STATUS, 7.0, "unknown_choice"),
        (YES_NO, True, "unknown_choice"),
        (MARK, "✗", "unknown_choice"),
        (YES_NO, "x", "unknown_choice"),
        (WholeNumber(), 3.7, "not_whole"),
        (WholeNumber(), "3,7", "not_whole"),
        (WholeNumber(), "1.234", "number_unclear"),
        (WholeNumber(), "less than 30", "not_a_number"),
        (WholeNumber(), "12 %", "percentage"),
        (Money(), "12 %", "percentage"),
        (WholeNumber(), "US$ 30", "currency_in_number"),
        (Year(), "2019 personas", "not_a_year"),
        (WholeNumber(), "1_000", "not_a_number"),
        (WholeNumber(), "nan", "not_a_number"),
        (WholeNumber(), "inf", "not_a_number"),
        (WholeNumber(), True, "not_a_number"),
        (WholeNumber(), dt.time(0, 0), "not_a_number"),
        (WholeNumber(), ErrorText("#N/A"), "error_value"),
        (WholeNumber(), "N/A", "missing_unclear"),
        (WholeNumber(), "—", "missing_unclear"),
        (Year(), "last year", "not_a_year"),
        (Year(), 19.0, "not_a_year"),
        (Year(), 2019.5, "not_a_year"),
        (Year(), dt.date(2019, 5, 1), "not_a_year"),
        (Year(), dt.datetime(1905, 7, 11, 12), "not_a_year"),
        (Date(), "05/04/2024", "date_ambiguous"),
        (Date(), "31/02/2024", "not_a_date"),
        (Date(), "May 2024", "not_a_date"),
        (Date(), 2024.0, "date_is_year"),
        (Date(), dt.date(1905, 7, 16), "date_is_year"),
        (Date(), dt.datetime(1905, 7, 16), "date_is_year"),
        (Date(), 0.5, "not_a_date"),
        (Date(), 2958466.0, "not_a_date"),
        (STATUS, "3 – Fully", "contradictory"),
        (STATUS, "Fully 3", "contradictory"),
        (WholeNumber(), dt.date(2026, 4, 3), "date_in_number"),
        (WholeNumber(), dt.datetime(2026, 4, 3, 12), "date_in_number"),
        (Money(), dt.date(2026, 4, 3), "date_in_number"),
        (Number(), PartOfDay.of(dt.date(2026, 4, 3), "3-Apr"), "date_in_number"),
        (Percent(), dt.date(2026, 4, 3), "date_in_number"),
        (WholeNumber(), "5 (six)", "contradictory"),
        (Text(), ErrorText("#REF!"), "error_value"),
    ],
)
def test_answer__that_cannot_be_read__keeps_its_text_and_is_an_error(
    scalar: ScalarType, typed: Any, fault: str
) -> None:
    parsed = parse(scalar, typed, "", CONTEXT)
    assert (parsed.status, parsed.value, parsed.parsed_by) == (UNREADABLE, None, "unreadable")
    assert faults(parsed) == [fault]
    assert parsed.faults[0].severity == "error"
    assert parsed.raw == cell_text(typed)


@pytest.mark.parametrize("scalar", TYPES, ids=by_name)
@pytest.mark.parametrize("typed", [None, "", "  ", "\u00a0\u200b"])
def test_blank__is_blank_in_every_type(scalar: ScalarType, typed: Any) -> None:
    assert parse(scalar, typed, None, CONTEXT) == Parsed(BLANK, "", "blank")


@pytest.mark.parametrize("scalar", [scalar for scalar in TYPES if scalar is not SELECTION], ids=by_name)
@pytest.mark.parametrize(("typed", "status"), [("ND", ND), ("not applicable", SO), ("Confidentiel", CF)])
def test_declared__in_the_answer_cell__counts_in_every_type(
    scalar: ScalarType, typed: str, status: AnswerStatus
) -> None:
    parsed = parse(scalar, typed, "", CONTEXT)
    assert (parsed.status, parsed.value, parsed.raw, parsed.parsed_by) == (status, None, typed, "declared:answer")
    assert parsed.faults == ()


@pytest.mark.parametrize("scalar", TYPES, ids=by_name)
def test_declared__in_its_own_cell__counts_in_every_type(scalar: ScalarType) -> None:
    parsed = parse(scalar, "", "nd", CONTEXT)
    assert (parsed.status, parsed.raw, parsed.parsed_by, parsed.faults) == (ND, "", "declared:if_none", ())


@pytest.mark.parametrize(
    ("typed", "status"), [("n/d", ND), ("N.D.", ND), ("s.o.", SO), ("no aplica", SO), ("néant", RS)]
)
def test_declared__in_a_usual_wording__counts_for_numbers_and_is_said(typed: str, status: AnswerStatus) -> None:
    parsed = parse(WholeNumber(), typed, "", CONTEXT)
    assert (parsed.status, parsed.parsed_by, faults(parsed)) == (status, "declared:wording", ["missing_from_wording"])
    assert parse(Text(), typed, "", CONTEXT).value == typed


@pytest.mark.parametrize("typed", ["RS", "Nothing to report", "rien à signaler"])
def test_nothing_to_report__is_a_reason_everywhere_but_on_a_scale_that_has_its_own(typed: str) -> None:
    for scalar in (WholeNumber(), Text(), Date(), YES_NO):
        assert parse(scalar, typed, "", CONTEXT).status is RS
    assert parse(WholeNumber(), "", typed, CONTEXT).status is RS
    assert faults(parse(STATUS, typed, "", CONTEXT)) == ["unknown_choice"]
    assert faults(parse(STATUS, "néant", "", CONTEXT)) == ["unknown_choice"]


def test_reason__that_the_instrument_does_not_offer__is_none() -> None:
    few = Context(Codelist("missing", tuple(code for code in LISTS["missing"] if code.missing is not RS)))
    assert faults(parse(WholeNumber(), "néant", "", few)) == ["not_a_number"]
    assert faults(parse(WholeNumber(), "", "RS", few)) == ["if_none_unknown"]


def test_mark__no__is_not_marked() -> None:
    parsed = parse(MARK, "Non", "", CONTEXT)
    assert (parsed.status, parsed.raw, parsed.parsed_by) == (BLANK, "Non", "mark:no")
    for typed in ("0", "☐", False):
        parsed = parse(MARK, typed, "", CONTEXT)
        assert (parsed.status, parsed.value, parsed.parsed_by) == (BLANK, None, "mark:no"), typed
        assert faults(parsed) == ["read_as_no"]


def test_both_cells__value_and_reason__value_stays_and_contradicts() -> None:
    parsed = parse(WholeNumber(), 5.0, "ND", CONTEXT)
    assert (parsed.status, parsed.number, faults(parsed)) == (ANSWERED, 5.0, ["conflict"])
    assert faults(parse(STATUS, "SO", "ND", CONTEXT)) == ["conflict"]
    assert faults(parse(STATUS, "ND", "Not available", CONTEXT)) == []


def test_if_none__something_else__is_an_error() -> None:
    alone = parse(WholeNumber(), "", "we will see", CONTEXT)
    assert (alone.status, faults(alone)) == (UNREADABLE, ["if_none_unknown"])
    beside = parse(WholeNumber(), 5.0, "we will see", CONTEXT)
    assert (beside.status, beside.number, faults(beside)) == (ANSWERED, 5.0, ["if_none_unknown"])


def test_selection__marked__holds_the_codes_and_contradicts_a_reason() -> None:
    assert selected(["NORTH", "WEST"], "", CONTEXT).code == "NORTH;WEST"
    assert faults(selected(["NORTH"], "ND", CONTEXT)) == ["conflict"]
    assert selected([], "ND", CONTEXT).status is ND
    assert selected([], "", CONTEXT).status is BLANK


# --- numbers and days typed as text -------------------------------------------------------------------------


SIGNS = [",", ".", ""]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234), ("-5", -5), ("−5", -5), ("+5", 5), ("٣٠", 30), ("３０", 30), ("007", 7),
        ("1 234 567", 1234567), ("1’234,50", 1234.5), ("1'234.50", 1234.5), ("1 234,567", 1234.567),
        ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1.234.567", 1234567), ("1,234,567", 1234567),
        ("- 5", -5), ("– 5", -5), ("5.", 5), ("5 (five)", 5), ("cinco (5)", 5), ("5 - cinq", 5), ("-5 (cinco)", -5),
        ("1.234 (one thousand two hundred and thirty-four)", 1234), ("quarante", 40),
        ("3,7", 3.7), ("3.75", 3.75), ("0,125", 0.125), ("1234.567", 1234.567),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sign", SIGNS)
def test_number__one_reading__is_the_same_whatever_the_decimal_sign(text: str, value: float, sign: str) -> None:
    reading = read_number(text, sign, whole=False)
    assert (reading.value, reading.ambiguous) == (value, False)


@pytest.mark.parametrize(
    ("text", "sign", "whole", "value"),
    [
        ("1.234", ",", False, 1234), ("1,234", ",", False, 1.234), ("-1,234", ",", False, -1.234),
        ("1.234", ",", True, 1234), ("1,234", ",", True, None),
        ("1.234", ".", False, 1.234), ("1,234", ".", False, 1234),
        ("1,234", ".", True, 1234), ("1.234", ".", True, None),
        ("1.234", "", False, None), ("1,234", "", False, None),
        ("1.234", "", True, 1234), ("1,234", "", True, 1234),
        ("US$ 1,234", "", False, 1234), ("US$ 1,234", ",", False, None), ("US$ 1.234", ",", False, 1234),
    ],
)  # fmt: skip
def test_number__two_readings__is_read_by_the_decimal_sign_only_where_that_is_sure(
    text: str, sign: str, whole: bool, value: float | None
) -> None:
    reading = read_number(text, sign, whole)
    assert (reading.value, reading.ambiguous) == (value, True)


@pytest.mark.parametrize(
    "text",
    [
        "1 23", "12 34", "1,23,456", "1.2.3", "1 234.567.890", "5-7", "1e3", "--5", "- - 5", "½", "²", "5½", "0 123",
        "0.123.456", "01.2024", "30 30", "about about 30", "circus 30", "30 casos y más de 5", "30 casosaprox.", "5 k", "±5", "5 mil",
        "USD 5 EUR", "5)", "(5)", "5 (six)", "un", "",
    ],
)  # fmt: skip
def test_number__no_reading__is_refused(text: str) -> None:
    assert read_number(text, ".", whole=False).value is None


@pytest.mark.parametrize(
    ("texts", "language", "sign"),
    [
        ([], "fr", ","), ([], "pt", ","), ([], "en", "."), ([], "es", ""), ([], "", ""),
        (["1.234", "30", "1 234"], "es", ""), (["1.234", "30", "1 234"], "en", "."),
        (["12,5"], "es", ","), (["12,5"], "en", ","), (["12.5"], "fr", "."),
        (["1.234.567"], "es", ","), (["1,234,567"], "es", "."), (["1 234,567"], "es", ","), (["1,234.5"], "fr", "."),
        (["env. 12,5 €"], "es", ","), (["12,5 millions", "1.2.3", "plusieurs"], "es", ""),
        (["12,5", "12.5"], "fr", ""), (["1.234.567", "12,5", "3,75"], "es", ","),
    ],
)  # fmt: skip
def test_decimal_sign__of_a_return__is_shown_by_its_numbers_or_else_that_of_its_language(
    texts: list[str], language: str, sign: str
) -> None:
    assert decimal_sign(texts, language) == sign


NAMES = {word for names in number_names.NAMES.values() for name in names for word in words(name)}
LOCALES = {  # thousands, decimal sign
    "fr": ("\u202f", ","), "es-AR": (".", ","), "es-MX": (",", "."), "es-ES": (" ", ","), "en": (",", "."),
    "pt-BR": (".", ","), "pt-PT": ("\u00a0", ","), "de-CH": ("’", "."),
}  # fmt: skip


@given(
    st.integers(-(10**12), 10**12), st.integers(0, 4), st.sampled_from(sorted(LOCALES)), st.booleans(),
    st.sampled_from(SIGNS), st.booleans(),
)  # fmt: skip
def test_number__written_as_any_locale_does__is_that_number_or_refused(
    digits: int, decimals: int, locale: str, grouped: bool, shown: str, whole: bool
) -> None:
    thousands, sign = LOCALES[locale]
    plain = f"{digits / 10**decimals:{',' if grouped else ''}.{decimals}f}"
    text = "".join({",": thousands, ".": sign}.get(character, character) for character in plain)
    reading = read_number(text, shown, whole)
    number = float(plain.replace(",", ""))
    assert read_number(text, sign, whole=False).value == number
    assert reading.value in (number, None) or reading.ambiguous
    if shown in (sign, "") and not (whole and decimals):
        assert reading.value in (number, None)


@given(st.integers(1, 10**9), st.sampled_from(number_words.ABOUT), st.booleans())
def test_number__with_a_word_that_says_about__is_the_number_and_asks(number: int, word: str, after: bool) -> None:
    text = f"{number} {word}" if after else f"{word} {number}"
    reading = read_number(text.upper(), "", whole=True)
    assert (reading.value, reading.words.about) == (number, True)


@given(st.text(max_size=12), st.sampled_from(SIGNS), st.booleans())
def test_number__any_text__never_fails_and_never_reads_unknown_words(text: str, sign: str, whole: bool) -> None:
    reading = read_number(text, sign, whole)
    if any(sign.isalpha() for sign in visible_text(text)):
        named = any(word in NAMES for word in words(text))
        assert reading.value is None or reading.words != number_words.NO_WORDS or named


# --- properties ---------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(), st.text(max_size=20), st.integers(-10**6, 10**6), st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(), st.builds(ErrorText, st.just("#N/A")),
    st.sampled_from(["Yes", "ND", "n/d", "3", "1 234", "2024-01-31", "1.234", "—", "x", "env. 30", "US$ 5", "12 %"]),
)  # fmt: skip


@given(st.sampled_from(TYPES), CELLS, CELLS, st.sampled_from(SIGNS))
def test_parse__any_cells__gives_one_value_exactly_where_answered(
    scalar: ScalarType, answer: Any, if_none: Any, sign: str
) -> None:
    parsed = parse(scalar, answer, if_none, Context(LISTS["missing"], sign))
    values = [value for value in (parsed.code, parsed.number, parsed.text, parsed.date) if value is not None]
    assert len(values) == (parsed.status is ANSWERED)
    assert parsed.status is not AnswerStatus.SKIPPED
    if scalar is not SELECTION and parsed.status is not BLANK:
        assert parsed.raw == cell_text(answer)
    if parsed.status is UNREADABLE:
        assert any(fault.severity == "error" for fault in parsed.faults)


@given(st.sampled_from([STATUS, YES_NO, MARK]), st.data())
def test_choice__any_label_in_any_case__is_its_code(scalar: SingleChoice | YesNo | Mark, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(scalar.codelist.codes))
    text = data.draw(st.sampled_from([code.code, *code.label.values()]))
    for typed in (text, text.upper(), f" {text} ", choice_key(text)):
        parsed = parse(scalar, typed, "", CONTEXT)
        expected = BLANK if isinstance(scalar, Mark) and code.code == "N" else code.missing or ANSWERED
        assert parsed.status is expected
        assert parsed.code == (code.code if expected is ANSWERED else None)
