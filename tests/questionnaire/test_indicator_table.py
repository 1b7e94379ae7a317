"""Indicator tables of other layouts than the seed's, and files that are no such table."""

from pathlib import Path

import pytest

from questionnaire.indicator_table.reader import (
    IndicatorTable,
    IndicatorTableError,
    TableSection,
    parse_indicator_table,
    read_indicator_table,
)

ROOT = Path(__file__).parents[2]
SEED = ROOT / "questionnaire/instruments/oas-trafficking/tableau-des-indicateurs.txt"
EXPECTED = Path(__file__).with_name("seed_expected.csv")


def table(text: str) -> IndicatorTable:
    return parse_indicator_table(text, "table.txt")


def shape(text: str) -> list[tuple[str, str, str, str, str]]:
    """What a reader of the table would write down: section, number, objective, letter, indicator."""
    return [(i.section, i.objective_number, i.objective, i.letter, i.text) for i in table(text).indicators]


def kinds(text: str) -> list[tuple[int, str]]:
    return [(i.line, i.kind) for i in table(text).irregularities if i.kind != "layout"]


def refusal(text: str) -> IndicatorTableError:
    with pytest.raises(IndicatorTableError) as caught:
        table(text)
    return caught.value


def test_sections__capitals_without_tab__numbers_restart() -> None:
    text = "HEALTH\n1. More nurses\n\tNurses hired\n\nSCHOOLS\n1) More teachers\n\t- Teachers hired\n"
    assert shape(text) == [
        ("HEALTH", "1", "More nurses", "", "Nurses hired"),
        ("SCHOOLS", "1", "More teachers", "", "Teachers hired"),
    ]
    assert kinds(text) == []


def test_sections__none__title_alone_is_no_section() -> None:
    text = "TABLE OF INDICATORS\n\n1. More nurses\n\tNurses hired\n2. More beds\n\tBeds bought\n"
    assert table(text).sections == ()
    assert [row[:2] for row in shape(text)] == [("", "1"), ("", "2")]
    assert kinds(text) == [(1, "title")]


def test_sections__with_a_code__code_kept_apart() -> None:
    text = "A. PREVENCIÓN\n1. Uno\n\tIndicador uno\nII. PROTECCIÓN\n2. Dos\n\tIndicador dos\n"
    assert table(text).sections == (TableSection("A", "PREVENCIÓN", 1), TableSection("II", "PROTECCIÓN", 4))


def test_sections__numbered_in_capitals_over_dotted_numbers() -> None:
    text = "1. PREVENTION\n1.1 First aim\n\tA sign\n1.2 Second aim\n\tA mark\n2. CARE\n2.1 Third aim\n\tX\n"
    assert table(text).sections == (TableSection("1", "PREVENTION", 1), TableSection("2", "CARE", 6))
    assert [row[:3] for row in shape(text)] == [
        ("PREVENTION", "1.1", "First aim"),
        ("PREVENTION", "1.2", "Second aim"),
        ("CARE", "2.1", "Third aim"),
    ]
    assert table(text).objectives[2].number_parts == (2, 1)
    assert kinds(text) == []


@pytest.mark.parametrize(
    "heads",
    [
        "OBJECTIF\n\tINDICATEUR DE RÉSULTAT",
        "Objetivos\tIndicadores de resultado",
        "OBJECTIVE\nOutcome indicators",
        "OBJETIVO\tINDICADOR",
        "AIM\tSIGN OF PROGRESS",
        "AIM\nSIGN OF PROGRESS",
    ],
)
def test_column_heads__repeated_in_each_section__neither_sections_nor_texts(heads: str) -> None:
    text = f"HEALTH\n\n{heads}\n\n1. Aim\n\tSign\n\nSCHOOLS\n\n{heads}\n\n2. Goal\n\tMark\n"
    assert shape(text) == [("HEALTH", "1", "Aim", "", "Sign"), ("SCHOOLS", "2", "Goal", "", "Mark")]
    assert kinds(text) == []


def test_column_heads__own_words_once__pair_under_the_first_section() -> None:
    text = "PLAN\nHEALTH\n\nAIM\nSIGN\n\n1. Aim\n\tSign\n\nSCHOOLS\n2. Goal\n\tMark\n"
    assert [section.heading for section in table(text).sections] == ["HEALTH", "SCHOOLS"]
    assert kinds(text) == [(1, "title")]


@pytest.mark.parametrize("letters", [("a)", "b)"), ("(a)", "(b)"), ("a.", "b."), ("a.-", "b.-"), ("A)", "B)")])
@pytest.mark.parametrize("tab", ["", "\t"])
def test_letters__any_style__same_indicators(letters: tuple[str, str], tab: str) -> None:
    text = f"1. Aim\n\n{tab}{letters[0]} First\n{tab}{letters[1]} Second\n"
    assert shape(text) == [("", "1", "Aim", "a", "First"), ("", "1", "Aim", "b", "Second")]
    assert kinds(text) == []


def test_letters__text_on_the_next_line__joined() -> None:
    assert shape("1. Aim\n\n\ta)\nFirst\n\tb)\nSecond\n") == [
        ("", "1", "Aim", "a", "First"),
        ("", "1", "Aim", "b", "Second"),
    ]


def test_letters__gap_and_repetition__reported_where_the_objective_starts_its_indicators() -> None:
    assert kinds("1. Aim\n\ta) X\n\tc) Y\n2. Goal\n\ta) Z\n\ta) W\n") == [
        (2, "letter_gap"),
        (5, "letter_repeated"),
    ]


def test_letters__roman__in_order() -> None:
    assert kinds("1. Aim\n\ti) X\n\tii) Y\n\tiii) Z\n") == []


def test_indicators__unlettered__one_per_tab_line_or_bullet() -> None:
    found = table("1. Aim\n\tFirst\n\tSecond\n2. Goal\n• Third\n– Fourth\n").indicators
    assert [(i.objective_number, i.position, i.letter, i.text) for i in found] == [
        ("1", 1, "", "First"),
        ("1", 2, "", "Second"),
        ("2", 1, "", "Third"),
        ("2", 2, "", "Fourth"),
    ]


def test_indicators__wrapped__joined_and_reported() -> None:
    text = "1. Aim\n\tFirst half\nsecond half\n\n2. Goal\n\tMark\n"
    assert shape(text)[0] == ("", "1", "Aim", "", "First half second half")
    assert table(text).indicators[0].verbatim == "\tFirst half\nsecond half"
    assert kinds(text) == [(3, "indicator_continued")]


def test_indicators__no_tab_anywhere__paragraphs_under_a_title_about_indicators() -> None:
    text = "Table of indicators\n\n1. Aim\nin two lines\n\nFirst\n\nSecond\n"
    assert shape(text) == [
        ("", "1", "Aim in two lines", "", "First"),
        ("", "1", "Aim in two lines", "", "Second"),
    ]
    assert kinds(text) == [(1, "text_left_out"), (6, "indicator_without_tab")]


def test_indicators__acronym_in_capitals__is_no_section() -> None:
    assert shape("HEALTH\n1. Aim\n\n\tGDP\n\n2. Goal\n\tMark\n") == [
        ("HEALTH", "1", "Aim", "", "GDP"),
        ("HEALTH", "2", "Goal", "", "Mark"),
    ]


def test_objectives__several_lines_and_paragraphs__joined() -> None:
    text = "\t1.\nAim of the\nUNITED NATIONS\n\nand of all\n\n\tSign\n"
    assert shape(text) == [("", "1", "Aim of the UNITED NATIONS and of all", "", "Sign")]
    assert table(text).objectives[0].verbatim == "\t1.\nAim of the\nUNITED NATIONS\nand of all"


def test_objectives__text_behind_a_tab_like_its_indicator__first_line_is_the_objective() -> None:
    assert shape("\t1.\n\tAim\n\n\tSign\n") == [("", "1", "Aim", "", "Sign")]


def test_objectives__list_inside__part_of_the_objective() -> None:
    text = "1. Aim at:\na) this;\nb) that.\n\n\tSign\n\n2. Goal\n\n\tMark\n"
    assert shape(text)[0] == ("", "1", "Aim at: a) this; b) that.", "", "Sign")
    assert kinds(text) == [(2, "list_inside_objective")]


def test_objectives__without_indicator__kept_and_reported() -> None:
    text = "HEALTH\n1. Aim\n\tSign\n\n2. Goal\n\nSCHOOLS\n3. End\n\tMark\n"
    found = table(text)
    assert [(o.section, o.number) for o in found.objectives] == [
        ("HEALTH", "1"),
        ("HEALTH", "2"),
        ("SCHOOLS", "3"),
    ]
    assert kinds(text) == [(5, "objective_without_indicator")]


@pytest.mark.parametrize("number", ["1.", "1)", "(1)", "1.-", "1 -", "1º", "Objective 1:", "Objetivo 1.", "\t1."])
def test_objectives__any_number_style__number_is_1(number: str) -> None:
    assert shape(f"{number} Aim\n\tSign\n") == [("", "1", "Aim", "", "Sign")]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("1.", "2.", "4."), [(5, "number_gap")]),
        (("1.", "2.", "1."), [(5, "number_restart")]),
        (("1.", "2.", "2."), [(5, "number_repeated")]),
        (("3.", "4.", "5."), [(1, "number_gap")]),
        (("5.1", "5.2", "6.1"), []),
        (("1.", "1.1", "2."), []),
    ],
)
def test_objectives__numbering__breaks_reported(numbers: tuple[str, ...], expected: list[tuple[int, str]]) -> None:
    text = "".join(f"{number} Aim\n\tSign {order}x\n" for order, number in enumerate(numbers))
    assert kinds(text) == expected


def test_two_columns__separated_by_tab__read_as_objective_and_indicators() -> None:
    text = "Objective\tIndicator\n1. Aim\ta) Sign\n\tb) Mark\n2.\tGoal\tTrace\n"
    assert shape(text) == [
        ("", "1", "Aim", "a", "Sign"),
        ("", "1", "Aim", "b", "Mark"),
        ("", "2", "Goal", "", "Trace"),
    ]
    assert kinds(text) == []


def test_columns__comma_with_section_and_letter() -> None:
    text = (
        "Section,No.,Objective,Letter,Indicator\n"
        'Health,1,"Aim, in\ntwo lines",a,Sign\n'
        'Health,1,"Aim, in\ntwo lines",b,Mark\n\n'
        "Schools,2,Goal,,Trace\n"
    )
    assert shape(text) == [
        ("Health", "1", "Aim, in two lines", "a", "Sign"),
        ("Health", "1", "Aim, in two lines", "b", "Mark"),
        ("Schools", "2", "Goal", "", "Trace"),
    ]
    assert [i.line for i in table(text).indicators] == [2, 4, 7]


@pytest.mark.parametrize("separator", [";", "|", "\t"])
def test_columns__other_separators__empty_cells_repeat_the_objective(separator: str) -> None:
    rows = ["N°,Objectif,Indicateur de résultat", "1,But,Signe", ",,Marque"]
    text = "\n".join(rows).replace(",", separator)
    assert shape(text) == [("", "1", "But", "", "Signe"), ("", "1", "But", "", "Marque")]


def test_columns__too_many_cells__refused_with_the_line() -> None:
    error = refusal("Objective,Indicator\n1. Aim,Sign\n2. Goal, which is far,Mark\n")
    assert (error.line, error.what) == (3, "The row has 3 cells, but there are 2 column heads.")


def test_columns__quote_left_open__refused_with_the_line() -> None:
    assert refusal('Objective,Indicator\n1. Aim,Sign\n2. Goal,"Mark\n').line == 3


def test_columns__objective_without_number__kept_without_one() -> None:
    assert shape("Objective;Indicator\n1. Aim;Sign\nGoal;Mark\n") == [
        ("", "1", "Aim", "", "Sign"),
        ("", "", "Goal", "", "Mark"),
    ]


def test_text__no_break_spaces_and_invisible_characters__plain_spaces() -> None:
    text = "1.\u00a0Aim\u00a0:\u2009more\u200b\n\te\u0301cole\u00a0\u00a0neuve\n"
    assert shape(text) == [("", "1", "Aim : more", "", "école neuve")]
    assert kinds(text) == [(2, "decomposed_accents"), (2, "double_space_inside")]


def test_text__after_the_indicators__left_out_aloud() -> None:
    text = "1. Aim\n\tSign\n\nSource: the secretariat\n"
    notes = [i for i in table(text).irregularities if i.kind == "text_left_out"]
    assert [(note.line, "Source: the secretariat" in note.message) for note in notes] == [(4, True)]


def test_heading__nothing_below__reported_and_no_section() -> None:
    text = "HEALTH\n1. Aim\n\tSign\n\nSCHOOLS\n"
    assert [section.heading for section in table(text).sections] == ["HEALTH"]
    assert kinds(text) == [(5, "section_without_objective")]


def test_refused__prose() -> None:
    error = refusal("Dear colleagues,\n\nplease find the table attached.\n")
    assert (error.line, error.what) == (None, "The document has no numbered objective.")
    assert "An indicator table has numbered objectives" in error.remedy


def test_refused__numbered_prose() -> None:
    error = refusal("1. Introduction\n\nThis is a report.\n\n2. Methods\n\nWe asked.\n")
    assert error.what == "None of the numbered lines is followed by an indicator."


@pytest.mark.parametrize("text", ["", "  \n\t\n", "\ufeff"])
def test_refused__empty(text: str) -> None:
    assert refusal(text).what == "The document is empty."


def test_refused__indicator_before_any_objective() -> None:
    error = refusal("HEALTH\n\n\tNurses hired\n\n1. Aim\n\tSign\n")
    what = "The indicator “Nurses hired” stands before any numbered objective."
    assert str(error).startswith(f"table.txt, line 3: {what}")


def test_refused__indicator_under_a_new_section_without_objective() -> None:
    assert refusal("HEALTH\n1. Aim\n\tSign\nSCHOOLS\n\ta) Teachers hired\n").line == 5


def test_refused__objective_that_lost_its_number() -> None:
    error = refusal("1. Aim\n\n\tSign\n\nGoal\n\n\tMark\n")
    what = "“Goal” stands between two indicators, but is neither numbered nor marked."
    assert (error.line, error.what) == (5, what)


def test_refused__objective_or_letter_without_text() -> None:
    assert refusal("1. Aim\n\tSign\n2.\n3. Goal\n\tMark\n").what == "The objective 2 has no text."
    assert refusal("1. Aim\n\ta)\n\tb) Mark\n").what == "The indicator a) of objective 1 has no text."


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"PK\x03\x04rest", None, "This is an Office file (xlsx, docx, odt) or another zip archive"),
        (b"%PDF-1.7", None, "This is a PDF file, not plain text."),
        (b"1. Aim\r\n\tSi\x00gn", 2, "The file holds the byte 0x00, which no plain text has."),
        (b"1. \xc3\xa9t\xc3\xa9\n\tSign \xe9t\xe9", 2, "Most of the file is UTF-8, but this line is not:"),
        (b"1. Aim\n\tSign \x81", 2, "The characters of the file can be read neither as UTF-8"),
        (b"x" * 5_000_001, None, "The file is larger than 5 MB"),
    ],
)
def test_refused__no_text_file(data: bytes, line: int | None, what: str, tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_bytes(data)
    with pytest.raises(IndicatorTableError) as caught:
        read_indicator_table(path)
    assert (caught.value.source, caught.value.line) == ("table.txt", line)
    assert caught.value.what.startswith(what)


def test_refused__no_such_file(tmp_path: Path) -> None:
    with pytest.raises(IndicatorTableError, match=r"^absent\.txt: The file cannot be opened"):
        read_indicator_table(tmp_path / "absent.txt")
