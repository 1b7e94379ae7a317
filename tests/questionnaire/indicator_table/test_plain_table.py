"""The table that an instrument keeps with its codes is taken as it stands, and written so that it reads the same."""

import pytest

from questionnaire.indicator_table.plain_table import is_plain, plain_text
from questionnaire.indicator_table.reader import parse_indicator_table
from questionnaire.indicator_table.records import IndicatorTableError

ROWS = [
    ("I1_a", "Goal, 1", "1", "Source: none", "1.a =SUM(A1), “x”\n• of lines"),
    ("I1_b", "Goal, 1", "1", "Source: none", "TOTAL¹"),
    ("B02", "", "2", "", "to be defined"),
]


def test_plain__as_written__reads_the_same() -> None:
    text = plain_text(ROWS)
    assert is_plain("\ufeff" + text.replace("\n", "\r\n", 1))
    table = parse_indicator_table(text, "table.csv")
    assert table.has_codes
    assert [(i.identifier, i.section, i.objective_number, i.verbatim) for i in table.indicators] == [
        (code, section, number, text) for code, section, number, _, text in ROWS
    ]
    assert [(i.objective, i.position, i.line) for i in table.indicators] == [
        ("Source: none", 1, 2), ("Source: none", 2, 4), ("", 1, 5),
    ]  # fmt: skip
    assert [section.heading for section in table.sections] == ["Goal, 1"]
    assert table.irregularities == ()


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ("A,B,C\n", 2, "3 cells"),
        (",s,1,o,text\n", 2, "with a code"),
        ("A,s,1,o,\n", 2, "a text"),
        ("", None, "no indicator"),
    ],
)
def test_plain__that_is_not_of_its_form__refused(line: str, where: int | None, what: str) -> None:
    with pytest.raises(IndicatorTableError) as caught:
        parse_indicator_table(plain_text([]) + line, "table.csv")
    assert caught.value.line == where
    assert what in caught.value.what


def test_other_heads__are_understood_not_taken() -> None:
    text = "code,section,objective,indicator\n1.1,A,Aim,Sign\n"
    assert not is_plain(text)
    assert not parse_indicator_table(text, "table.csv").has_codes
