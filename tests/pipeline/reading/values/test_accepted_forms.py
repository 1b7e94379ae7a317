"""Values written in any accepted form come back as that value, and no form is read as two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.values import choice_texts, days, number_names, number_words
from pipeline.reading.values.number_names import number_named
from pipeline.reading.values.parsed import Context, Parsed
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.plain_texts import without_accents
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import Date, Money, ScalarType, SingleChoice, WholeNumber, Year
from tests.given import seed

MISSING = seed().missing
LEVELS = seed().codelists["status"]
SIGNS = ("", ",", ".")

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
TENS: Mapping[str, Sequence[tuple[str, int]]] = {
    "fr": (("vingt", 20), ("trente", 30), ("soixante", 60)),
    "es": (("treinta", 30), ("ochenta", 80)),
    "en": (("twenty", 20), ("ninety", 90)),
    "pt": (("vinte", 20), ("sessenta", 60)),
}
LINKS = {"fr": "-", "es": " y ", "en": "-", "pt": " e "}
UNITS = {"fr": ("deux", "neuf"), "es": ("dos", "nueve"), "en": ("two", "nine"), "pt": ("dois", "nove")}


def read(scalar: ScalarType, typed: str, sign: str = "") -> Parsed:
    return parse(scalar, typed, "", Context(MISSING, sign))


COUNT_FORMS: Sequence[Callable[[int], str]] = (
    str,
    lambda number: f" {number} ",
    lambda number: f"{number}.",
    lambda number: f"0{number}",
    lambda number: f"{number},0",
    lambda number: f"{number}.00",
    lambda number: f"{number:,}".replace(",", "\u202f"),
    lambda number: f"{number:,}".replace(",", "'") + ".",
    lambda number: str(number).translate(FULL_WIDTH),
    lambda number: f"env. {number}",
    lambda number: f"{number} personas.",
    lambda number: f"{number} (aprox.)",
    lambda number: f"{number}*",
)


@pytest.mark.parametrize("form", range(len(COUNT_FORMS)))
@given(st.integers(0, 10**9), st.sampled_from(SIGNS))
def test_count__in_any_accepted_form__is_the_count_whatever_the_decimal_sign(form: int, number: int, sign: str) -> None:
    for scalar in (WholeNumber(), Money()):
        parsed = read(scalar, COUNT_FORMS[form](number), sign)
        assert (parsed.status, parsed.number) == (AnswerStatus.ANSWERED, number)


@given(st.integers(1, 10**6), st.sampled_from(("-{}", "- {}", "−{}", "– {}", "-{}.")))
def test_number__with_a_minus_near_or_far__is_below_zero(number: int, form: str) -> None:
    assert read(Money(), form.format(number)).number == -number


@pytest.mark.parametrize("language", TENS)
def test_number__repeated_in_words__agrees_or_is_refused(language: str) -> None:
    for (ten, tens), (unit, units) in product(TENS[language], zip(UNITS[language], (2, 9), strict=True)):
        name, number = f"{ten}{LINKS[language]}{unit}", tens + units
        assert number_named(name) == number
        for form in ("{} ({})", "{} - {}", "{}: {}"):
            assert read(WholeNumber(), form.format(number, name.upper())).number == number
            other = read(WholeNumber(), form.format(number + 1, name))
            assert (other.status, [fault.code for fault in other.faults]) == (
                AnswerStatus.UNREADABLE,
                ["contradictory"],
            )
        assert read(WholeNumber(), f"{name} ({number})").number == number


def test_number_names__each_word__names_one_number() -> None:
    named = [
        (without_accents(name), number) for number, names in number_names.NAMES.items() for name in dict.fromkeys(names)
    ]
    assert len({name for name, _ in named}) == len(set(named))
    assert all(number_named(name) == number for name, number in named if number != 1000)


@pytest.mark.parametrize("text", ["", "y", "dos y", "cinco tres", "vingt onze", "dos dos", "mil mil", "casos"])
def test_number_names__words_that_come_to_no_number__are_none(text: str) -> None:
    assert number_named(text) is None


YEAR_FORMS = (
    "{}", "{}.", "({})", "[{}]", "{}*", "{} *", "({}).", "{}.0",
    *(f"{word} {{}}" for word in number_words.YEARS), *(f"{word.upper()}: {{}}." for word in number_words.YEARS),
)  # fmt: skip


@given(st.integers(1000, 9999), st.sampled_from(YEAR_FORMS), st.sampled_from(SIGNS))
def test_year__in_any_accepted_form__is_the_year_with_a_note(year: int, form: str, sign: str) -> None:
    for typed in (form.format(year), form.format(year).translate(FULL_WIDTH)):
        parsed = read(Year(), typed, sign)
        assert (parsed.number, [fault.code for fault in parsed.faults]) == (year, ["number_from_text"])


DAY_FORMS = (
    "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.day} {1} {0.year}", "{0.day} de {1} de {0.year}", "{1} {0.day}, {0.year}",
)  # fmt: skip
TIMES = ("", " 00:00", " 00:00:00", "T00:00:00", "T23:59:59.999Z", ", 14h30", " 2:30 p.m.", "T12:00:00-05:00")
WITH_WEEKDAY = ("{weekday} {day}{time}", "{weekday}, {day}{time}", "{day} ({weekday})", "le {weekday} {day}{time}")


@given(
    st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)), st.sampled_from(DAY_FORMS), st.sampled_from(WITH_WEEKDAY),
    st.sampled_from(TIMES), st.integers(1, 6), st.data(),
)  # fmt: skip
def test_day__in_any_accepted_form__is_the_day_and_no_other_weekday_goes_with_it(
    day: dt.date, form: str, around: str, time: str, later: int, data: st.DataObject
) -> None:
    written = form.format(day, data.draw(st.sampled_from(days.MONTHS[day.month - 1])))
    right, wrong = (data.draw(st.sampled_from(days.WEEKDAYS[(day.weekday() + n) % 7])) for n in (0, later))
    assert read(Date(), written + time).date == day
    assert read(Date(), around.format(weekday=right, day=written, time=time)).date == day
    refused = read(Date(), around.format(weekday=wrong, day=written, time=time))
    assert [fault.code for fault in refused.faults] == ["weekday_disagrees"]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_day__with_two_orders__is_that_of_its_weekday(day: dt.date) -> None:
    weekday = days.WEEKDAYS[day.weekday()][0]
    for written in (f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}"):
        assert read(Date(), f"{weekday} {written}").date in (day, None)


CHOICE_FORMS = (
    "{code}", "0{code}", "{code}.0", "{code}.", "{code})", "({code})", "[{code}]", "{code} -", "{code} - {label}",
    "{code}-{label}", "{code}. {label}", "{code}: {label}", "{code}) {label}.", "({code}) {label}", "{label}", "{label}.",
    "{label} ({code})", "“{label}”", *(f"{level} {{code}}" for level in choice_texts.LEVELS), "Nivel {code} – {label}",
)  # fmt: skip


@given(
    st.sampled_from(LEVELS.codes),
    st.sampled_from(("fr", "es", "en", "pt")),
    st.sampled_from(CHOICE_FORMS),
    st.booleans(),
)
def test_choice__in_any_accepted_form__is_its_code(code: object, language: str, form: str, plain: bool) -> None:
    assert code in LEVELS.codes
    found = next(item for item in LEVELS if item is code)
    label = found.label[language].partition(" – ")[2]
    if found.missing is not None and ("{label}" not in form or "Nivel" in form):
        return
    typed = form.format(code=found.code, label=label)
    parsed = read(SingleChoice(LEVELS), without_accents(typed).upper() if plain else typed)
    assert (parsed.status, parsed.code) == (
        (found.missing, None) if found.missing else (AnswerStatus.ANSWERED, found.code)
    )


@pytest.mark.parametrize("form", ["{code} – {label}", "{code}. {label}", "{label} ({code})", "Nivel {code}: {label}"])
def test_choice__with_the_label_of_another__is_contradictory(form: str) -> None:
    values = [code for code in LEVELS if code.missing is None]
    for code, other in product(values, values):
        if code is not other:
            typed = form.format(code=code.code, label=other.label["es"].partition(" – ")[2])
            assert [fault.code for fault in read(SingleChoice(LEVELS), typed).faults] == ["contradictory"]


@pytest.mark.parametrize("codelist", seed().codelists.values(), ids=lambda codelist: codelist.name)
def test_choice__of_every_list__is_found_by_each_of_its_texts_alone_and_by_no_other(codelist: Codelist) -> None:
    for code in codelist:
        for label in code.label.values():
            for text in (label, label.replace(" – ", " - "), f"{label}."):
                named = choice_texts.named(codelist, text)
                assert named.code in (code, None) if text != label else named.code == code


def test_choice__that_two_codes_share_but_for_an_accent__is_none() -> None:
    alike = Codelist(
        "alike", tuple(Code(code, {"es": text}, {}) for code, text in (("A", "Campaña"), ("B", "Campana")))
    )
    assert choice_texts.named(alike, "campana").codes == ()
    assert choice_texts.named(alike, "B: campaña").code is alike["B"]


def test_choice__the_words_before_brackets__name_it_unless_another_label_begins_with_them() -> None:
    labels = {"BO": "Bolivia (Plurinational State of)", "GN": "Guinea (Republic of)", "GW": "Guinea-Bissau"}
    states = Codelist("states", tuple(Code(code, {"en": label}, {}) for code, label in labels.items()))
    assert choice_texts.named(states, "Bolivia").code is states["BO"]
    assert choice_texts.named(states, "Republic of Guinea").code is states["GN"]
    assert choice_texts.named(states, "Guinea").codes == ()
