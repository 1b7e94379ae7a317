"""Texts whose lines say their level are read; articles and lists of something else are not."""

import pytest

from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.reader import IndicatorTable, IndicatorTableError, parse_indicator_table, table_of
from tests.questionnaire.indicator_table.grids import read


def outline(text: str) -> IndicatorTable:
    """The table of a text in which # marks headings."""
    lines = text.split("\n")
    headings = {at: len(line) - len(line.lstrip("#")) for at, line in enumerate(lines, 1) if line.startswith("#")}
    return table_of(
        Document("plan.docx", text="\n".join(line.lstrip("# ") for line in lines), headings=headings), Choices()
    )


FRAMEWORK = """Global indicator framework

Goal 1. End poverty in all its forms

1.1 By 2030, eradicate extreme poverty, currently measured as people living on
less than $1.25 a day
1.1.1 Proportion of the population below the international line by sex, age,
Employment status and location
1.2 By 2030, reduce at least by half
1.2.1 Proportion below the national line
1.2.2 Proportion of children
3/21
1.a Ensure mobilization of resources
1.a.1 Total official assistance
Goal 2. End hunger
2.1 By 2030, end hunger
2.1.1 Prevalence of undernourishment
Source: the Division
"""


def test_identifiers_of_three_parts__wrapped_lines_joined_page_numbers_left_out() -> None:
    found = parse_indicator_table(FRAMEWORK, "framework.txt")
    aim = "By 2030, eradicate extreme poverty, currently measured as people living on less than $1.25 a day"
    sign = "Proportion of the population below the international line by sex, age, Employment status and location"
    poverty = "End poverty in all its forms"
    assert read(found) == [
        (poverty, "1.1", aim, "1.1.1", sign),
        (poverty, "1.2", "By 2030, reduce at least by half", "1.2.1", "Proportion below the national line"),
        (poverty, "1.2", "By 2030, reduce at least by half", "1.2.2", "Proportion of children"),
        (poverty, "1.a", "Ensure mobilization of resources", "1.a.1", "Total official assistance"),
        ("End hunger", "2.1", "By 2030, end hunger", "2.1.1", "Prevalence of undernourishment"),
    ]
    assert [(section.code, section.line) for section in found.sections] == [("1", 3), ("2", 15)]
    assert [indicator.line for indicator in found.indicators] == [7, 10, 11, 14, 17]
    assert [(one.line, one.kind) for one in found.irregularities] == [
        (12, "notes"),
        (18, "notes"),
        (1, "text_left_out"),
    ]


def test_named_lines__in_spanish__levels_by_their_words() -> None:
    text = "Eje 1: Prevención\nObjetivo 1.1: Formar\nIndicador 1.1.1: Jueces formados\nIndicador 1.1.2: Fiscales formados\n"
    assert read(parse_indicator_table(text, "plan.txt")) == [
        ("Prevención", "1.1", "Formar", "1.1.1", "Jueces formados"),
        ("Prevención", "1.1", "Formar", "1.1.2", "Fiscales formados"),
    ]


def test_headings_and_bullets__title_section_objective_indicator() -> None:
    text = "# Indicators of the plan\n## Prevention\n### Train\n- Judges trained\n- Officers trained\n## Care\n### House\n- Beds"
    assert read(outline(text)) == [
        ("Prevention", "", "Train", "", "Judges trained"),
        ("Prevention", "", "Train", "", "Officers trained"),
        ("Care", "", "House", "", "Beds"),
    ]


def test_headings_and_bullets__one_level__implicit_objectives() -> None:
    found = outline("# Indicators\n## Goal 1\n- Poor people\n- Poor children\n## Goal 2\n- Hungry people")
    assert read(found) == [
        ("Goal 1", "", "Goal 1", "", "Poor people"),
        ("Goal 1", "", "Goal 1", "", "Poor children"),
        ("Goal 2", "", "Goal 2", "", "Hungry people"),
    ]
    assert all(objective.is_implicit for objective in found.objectives)
    assert [section.code for section in found.sections] == ["1", "2"]


def test_refused__article() -> None:
    text = "# Indicators\n\nWhat they are.\n\nWhy we use them.\n\n## Types\n\n- Numbers\n\nSome more.\n\n- Shares\n"
    with pytest.raises(IndicatorTableError, match="reads like an article: 3 of its 7 parts"):
        outline(text)


def test_refused__list_of_something_else() -> None:
    with pytest.raises(IndicatorTableError, match="Neither the title nor a heading of the text speaks of indicators"):
        outline("# Shopping\n## Monday\n- Bread\n## Tuesday\n- Milk")


def test_refused__columns_lined_up_by_spaces() -> None:
    text = "Objectives        Indicators of result\n1. Health         Nurses hired\n                  Beds bought\n2. School         Teachers hired\n"
    with pytest.raises(IndicatorTableError, match=r"lined up by spaces.*Open the PDF with Word"):
        parse_indicator_table(text, "plan.txt")


def test_number_with_a_letter__in_a_text__is_the_number() -> None:
    found = parse_indicator_table("1.5 Aim\n\tSign\n1.a Ensure help\n\tMark\n1.b. More\n\tTrace\n", "plan.txt")
    assert [(one.number, one.text) for one in found.objectives] == [
        ("1.5", "Aim"),
        ("1.a", "Ensure help"),
        ("1.b", "More"),
    ]
    assert [one.kind for one in found.irregularities if one.is_doubtful] == ["number_gap"]
