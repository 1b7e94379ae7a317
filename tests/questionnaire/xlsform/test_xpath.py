"""Expressions of forms mean in an instrument what they mean in a form, or are named."""

import pytest

from questionnaire.xlsform.translated import Asked, Translation
from questionnaire.xlsform.xpath import NotUnderstoodError, condition_of, parsed

KNOWN = {
    "n": Asked("A", "total", "whole_number"),
    "m": Asked("B", "other", "whole_number"),
    "one": Asked("A", "one", "single_choice", {"yes": "YES", "1a": "1A"}),
    "scale": Asked("A", "scale", "single_choice", {"1": "1"}, is_scale=True),
    "many": Asked("A", "many", "multiple_choice", {"north": "NORTH"}),
    "day": Asked("A", "day", "date"),
    "why": Asked("A", "total", "whole_number", {"ND": "ND"}, is_reason=True),
    "txt": Asked("A", "txt", "text"),
}


def translated(text: str) -> str:
    return Translation(KNOWN, "A", "n").condition(parsed(text))


@pytest.mark.parametrize(
    ("form", "ours"),
    [
        ("${n} > 3 and . <= 10.5", "(total > 3 and total <= 10.5)"),
        ("${n} >= ${m} * 2 - 1", "total >= ((B.other * 2) - 1)"),
        ("${one} = 'yes' or ${one} != '1a'", '(one in (YES) or not one in ("1A"))'),
        ("selected(${many}, 'north') and selected(${one}, “yes”)", "(has(many, NORTH) and one in (YES))"),
        ("not(${n} = '') and '' != ${txt}", "(valued(total) and valued(txt))"),
        ("${scale} > 1 or ${scale} = 1", '(scale > 1 or scale in ("1"))'),
        ("${why} = 'ND'", "total in (ND)"),
        ("${why} != ''", "(filled(total) and not valued(total))"),
        ("count-selected(${many}) < 2", "count(many) < 2"),
        ("string-length(${txt}) >= 5", "length(txt) >= 5"),
        ("number(format-date(${day}, '%Y')) = 2024", "year(day) == 2024"),
        ("coalesce(${n}, 0) = 0", "given(total) == 0"),
        ("${n} - ${m} < 0.0000005", "total <= B.other"),
        ("${n} - ${m} < -0.0000005", "total < B.other"),
        ("${n} - ${m} > 0.0000005", "total > B.other"),
        ("${n} - ${m} < 0.5", "(total - B.other) < 0.5"),
        ("not(not(${n} > 1000000))", "total > 1000000"),
    ],
)
def test_expression__with_a_counterpart__translated(form: str, ours: str) -> None:
    assert translated(form) == ours


@pytest.mark.parametrize(
    ("form", "named"),
    [
        (". <= today()", "today()"),
        ("${n} div 2 > 1", "div"),
        ("regex(., '[0-9]+')", "regex(., '[0-9]+')"),
        ("${nobody} = 3", "${nobody} = 3"),
        ("${one} = 'maybe'", "'maybe'"),
        ("${one} > 1", "${one} > 1"),
        ("${txt} = 'abc'", "${txt} = 'abc'"),
        ("${n}", "${n}"),
        ("(" * 200 + "1", "…"),
        ("${n} > 1" + " " * 20_000 + "or", "${n} > 1"),
        ("/data/a = 1", "/data/a = 1"),
    ],
)
def test_expression__without_a_counterpart__named(form: str, named: str) -> None:
    with pytest.raises(NotUnderstoodError) as error:
        translated(form)
    assert named in str(error.value)


def test_condition_of__broken_rule__when_it_applies_and_what_it_requires() -> None:
    when, check = condition_of(parsed("${one} = 'yes' and ${n} != '' and ${m} != '' and not(${n} <= ${m})"))
    assert (when, check) == (parsed("${one} = 'yes'"), parsed("${n} <= ${m}"))
