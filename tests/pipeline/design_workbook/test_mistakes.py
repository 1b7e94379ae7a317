"""Every mistake in a design workbook is a finding with its cell; many are reported together, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from questionnaire.messages import LANGUAGES
from questionnaire.rules.rule import Severity
from tests.with_design import Edited, instrument_folder, places

Place = tuple[str, str, str]


def unknown_code(book: Edited) -> Place:
    return "declaration", "Indicators", book.type("Indicators", "W", "indicator_type", "PLANTS")


def double_code(book: Edited) -> Place:
    return "declaration", "Questions", book.type("Questions", "planned", "question", "spent")


def missing_text(book: Edited) -> Place:
    return "cell_missing", "Questions", book.type("Questions", "free", "label_en", "")


def rule_that_does_not_parse(book: Edited) -> Place:
    return "declaration", "Rules", book.type("Rules", "parts", "check", "total == (urban + rural")


def unknown_indicator(book: Edited) -> Place:
    return "declaration", "Rules", book.type("Rules", "fewer_trees", "check", "total - 1 <= Z99.total")


def list_without_codes(book: Edited) -> Place:
    for code in ("NORTH", "SOUTH", "WEST"):
        book.remove_line("Lists", code, key=2)
    return "declaration", "Questions", book.cell("Questions", "regions", "codelist")


def choice_without_list(book: Edited) -> Place:
    return "declaration", "Questions", book.type("Questions", "regions", "codelist", "")


def wrong_type(book: Edited) -> Place:
    return "declaration", "Questions", book.type("Questions", "depth", "type", "decimal")


def missing_translation(book: Edited) -> Place:
    at = book.cell("Texts", "urban", "fr", key=2)
    book.write("Texts", at, "")
    return "translation_missing", "Texts", at


def bad_boolean(book: Edited) -> Place:
    row = next(n for n, cells in enumerate(book.sheets["Tables"].rows) if cells[8] == "partner")
    column = book.sheets["Tables"].rows[2].index("others_only")
    return "declaration", "Tables", book.write("Tables", f"{get_column_letter(1 + column)}{row + 1}", "perhaps")


def bad_yes(book: Edited) -> Place:
    return "declaration", "Questions", book.type("Questions", "started", "fixed", "perhaps")


def removed_column(book: Edited) -> Place:
    book.remove_column("Lists", "missing")
    return "column_missing", "Lists", "row 3"


def extra_column(book: Edited) -> Place:
    book.add_column("Rules", "author", "Ana")
    return "column_unknown", "Rules", "K3"


def renamed_sheet(book: Edited) -> Place:
    book.rename("Types", "Kinds of indicator")
    return "sheet_renamed", "Kinds of indicator", "A1"


def merged_cells(book: Edited) -> Place:
    book.merge("Indicators", "B4:B5")
    return "merged", "Indicators", "B4:B5"


def formula(book: Edited) -> Place:
    return "formula", "Questions", book.type("Questions", "started", "minimum", "1990", formula=True)


def number_for_code(book: Edited) -> Place:
    return "number_for_code", "Lists", book.write("Lists", book.cell("Lists", "2025", "code", 2), "2025", number=True)


def spaces(book: Edited) -> Place:
    return "spaces", "Rules", book.type("Rules", "shares", "target", " covered")


def unknown_dimension(book: Edited) -> Place:
    rows = book.sheets["Tables"].rows
    row = next(n for n, cells in enumerate(rows) if cells[1:3] == ["trees", "dimension"])
    return (
        "declaration",
        "Tables",
        book.write("Tables", f"{get_column_letter(1 + rows[2].index('codelist'))}{row + 1}", "species"),
    )


def rule_about_unknown_question(book: Edited) -> Place:
    return "declaration", "Rules", book.type("Rules", "deep_roots", "target", "height")


def level_without_scale(book: Edited) -> Place:
    book.write("Lists", book.cell("Lists", "2", "rank", 2), "")
    return "declaration", "Read me", book_setting(book, "level")


def empty_sheet(book: Edited) -> Place:
    book.empty("Sections")
    return "sheet_empty", "Sections", "B4"


def unknown_setting(book: Edited) -> Place:
    at = book_setting(book, "follows_edition").replace("C", "B")
    book.write("Read me", at, "follows")
    return "setting_unknown", "Read me", at


def part_astray(book: Edited) -> Place:
    rows = book.sheets["Tables"].rows
    row = next(n for n, cells in enumerate(rows) if cells[1:3] == ["trees", "cannot_occur"])
    return "part_astray", "Tables", book.write("Tables", f"B{row + 1}", "tree")


def text_of_nothing(book: Edited) -> Place:
    row = book.add_line("Texts", sheet="Questions", line="rurl", text="label", fr="Champs")
    return "text_of_nothing", "Texts", f"C{row}"


def double_text(book: Edited) -> Place:
    row = book.add_line("Texts", sheet="Questions", line="rural", text="label", fr="Champs")
    return "text_twice", "Texts", f"C{row}"


def unknown_sheet(book: Edited) -> Place:
    book.sheets["Notes"] = book.sheets["Read me"].__class__(
        "Notes", [["to do"]], True, frozenset(), frozenset(), frozenset(), ()
    )
    return "sheet_unknown", "Notes", "A1"


def indicator_without_text(book: Edited) -> Place:
    row = next(n for n, cells in enumerate(book.sheets["Indicators"].rows) if "F01" in cells)
    column = book.sheets["Indicators"].rows[2].index("text_en")
    return "cell_missing", "Indicators", book.write("Indicators", f"{get_column_letter(1 + column)}{row + 1}", "")


def double_code_of_a_list(book: Edited) -> Place:
    return "declaration", "Lists", book.write("Lists", book.cell("Lists", "SOUTH", "code", 2), "NORTH")


def double_type(book: Edited) -> Place:
    return "declaration", "Types", book.type("Types", "MONEY", "indicator_type", "COUNT")


def unknown_core_question(book: Edited) -> Place:
    return "declaration", "Read me", book.write("Read me", book_setting(book, "core_questions"), "status state")


def double_section(book: Edited) -> Place:
    return "declaration", "Sections", book.type("Sections", "F", "code", "W")


def code_that_is_none(book: Edited) -> Place:
    at = book.cell("Indicators", "W01a", "indicator", 4)
    return "declaration", "Indicators", book.write("Indicators", at, "=1 2")


def message_in_one_language(book: Edited) -> Place:
    return "cell_missing", "Rules", book.type("Rules", "parts", "message_en", "")


def book_setting(book: Edited, name: str) -> str:
    rows = book.sheets["Read me"].rows
    return f"C{next(row for row, cells in enumerate(rows) if name in cells) + 1}"


ALONE: list[Callable[[Edited], Place]] = [
    unknown_code, double_code, missing_text, rule_that_does_not_parse, unknown_indicator, choice_without_list,
    wrong_type, bad_boolean, bad_yes, removed_column, extra_column, renamed_sheet, merged_cells, formula,
    unknown_dimension, rule_about_unknown_question, level_without_scale, empty_sheet, unknown_setting, part_astray,
    text_of_nothing, double_text, indicator_without_text, double_code_of_a_list, double_type, unknown_core_question,
    double_section, code_that_is_none, message_in_one_language,
]  # fmt: skip
ASKED: list[Callable[[Edited], Place]] = [missing_translation, number_for_code, spaces, unknown_sheet]
TWENTY: list[Callable[[Edited], Place]] = [
    unknown_code, double_code, missing_text, rule_that_does_not_parse, unknown_indicator, choice_without_list,
    wrong_type, missing_translation, bad_boolean, removed_column, extra_column, renamed_sheet, merged_cells, formula,
    number_for_code, spaces, unknown_dimension, rule_about_unknown_question, level_without_scale, empty_sheet,
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return instrument_folder(tmp_path_factory.mktemp("instruments") / "mini")


def known_before(places_: list[Place]) -> list[Place]:
    """The findings without the two translations that the instrument lacks as it is."""
    return [one for one in places_ if one not in AS_IT_IS]


AS_IT_IS = [("translation_missing", "Texts", "F8"), ("translation_missing", "Texts", "F17")]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("plant", ALONE, ids=lambda plant: str(plant.__name__))
def test_mistake__alone__is_the_one_finding_and_nothing_is_written(
    plant: Callable[[Edited], Place], folder: Path
) -> None:
    before, book = content(folder), Edited()
    expected = plant(book)
    taken = book.taken(folder)
    assert known_before(places(taken)) == [expected]
    assert not taken.is_taken
    assert content(folder) == before


@pytest.mark.parametrize("plant", ASKED, ids=lambda plant: str(plant.__name__))
def test_mistake__that_loses_nothing__is_asked_about(plant: Callable[[Edited], Place], tmp_path: Path) -> None:
    book = Edited()
    expected = plant(book)
    taken = book.taken(instrument_folder(tmp_path / "mini"))
    assert known_before(places(taken)) == [expected]
    assert taken.is_taken


def test_mistakes__twenty_in_one_workbook__are_twenty_findings_with_their_cells(folder: Path) -> None:
    book = Edited()
    expected = [plant(book) for plant in TWENTY]
    taken = book.taken(folder)
    assert sorted(known_before(places(taken))) == sorted(expected)
    for one in taken.findings:
        for said in (one.message_in, one.remedy_in):
            assert said("en")
            assert len({said(language) for language in LANGUAGES}) == len(LANGUAGES), said("en")


@pytest.mark.parametrize("plant", [*ALONE, *ASKED], ids=lambda plant: str(plant.__name__))
def test_mistake__in_each_language__is_said_in_it(plant: Callable[[Edited], Place], folder: Path) -> None:
    book = Edited()
    place = plant(book)
    [found] = [one for one in book.taken(folder).findings if (one.code, one.sheet, one.cell) == place]
    for said in (found.message_in, found.remedy_in):
        assert len({said(language) for language in LANGUAGES}) == len(LANGUAGES), said("en")


def test_mistakes__what_follows_from_one__is_no_finding_of_its_own(folder: Path) -> None:
    book = Edited()
    list_without_codes(book)
    taken = book.taken(folder)
    assert known_before(places(taken)) == [
        ("declaration", "Questions", book.cell("Questions", "regions", "codelist")),
    ]
    book = Edited()
    book.type("Questions", "total", "question", "in_all")
    assert {one.sheet for one in book.taken(folder).findings if one.severity is Severity.ERROR} == {"Types", "Rules"}


def test_sheet__that_is_missing__is_reported_once_and_all_else_is_checked(folder: Path) -> None:
    book = Edited()
    del book.sheets["Questions"]
    book.type("Rules", "parts", "severity", "grave")
    taken = book.taken(folder)
    assert known_before(places(taken)) == [
        ("sheet_missing", "Questions", ""),
        ("declaration", "Rules", book.cell("Rules", "parts", "severity")),
    ]


def test_sheet__whose_heads_are_gone__is_reported(folder: Path) -> None:
    book = Edited()
    book.sheets["Types"].rows[2] = ["" for _ in book.sheets["Types"].rows[2]]
    assert known_before(places(book.taken(folder))) == [("heads_missing", "Types", "A1")]


def test_column__that_stands_twice_or_is_the_code__is_reported_once(folder: Path) -> None:
    book = Edited()
    at = book.add_column("Types", "label_en", "Thing")
    assert known_before(places(book.taken(folder))) == [("column_twice", "Types", at)]
    book = Edited()
    book.remove_column("Questions", "question")
    assert known_before(places(book.taken(folder))) == [("column_missing", "Questions", "row 3")]


def test_remedies__of_the_declaration__speak_of_sheets(folder: Path) -> None:
    book = Edited()
    unknown_dimension(book)
    [found] = [one for one in book.taken(folder).findings if one.code == "declaration"]
    assert found.message_in("en") == "“species” is not a code list"
    assert found.remedy_in("en") == "Correct it, or add it to the sheet Lists"
    assert found.message_in("fr") == "« species » n’est pas une liste de codes"
    assert found.remedy_in("fr") == "Corrigez-le, ou ajoutez-le à la feuille Lists"
    assert found.remedy_in("pt") == "Corrija-o ou acrescente-o à planilha Lists"


def test_codes__that_programs_take_for_one__are_reported_beside_all_other_mistakes(folder: Path) -> None:
    book = Edited()
    twin = book.write("Indicators", book.cell("Indicators", "W02", "indicator", 4), "w01A")
    lost = book.type("Questions", "total", "type", "decimal")
    missing = book.write("Lists", book.cell("Lists", "SO", "missing", 2), "perhaps")
    label = book.type("Questions", "spent", "codelist", "")
    kind = book.write("Editions", "C4", "indicador")
    errors = [(one.sheet, one.cell) for one in book.taken(folder).findings if one.severity is Severity.ERROR]
    assert {
        ("Indicators", twin),
        ("Questions", lost),
        ("Lists", missing),
        ("Questions", label),
        ("Editions", kind),
    } <= {*errors}


def test_conditions__both_wrong__are_two_findings(folder: Path) -> None:
    book = Edited()
    asked = book.type("Questions", "depth", "relevant_when", "height > 2")
    due = book.type("Questions", "depth", "required_when", "alway")
    assert known_before(places(book.taken(folder))) == [
        ("declaration", "Questions", asked),
        ("declaration", "Questions", due),
    ]


def test_line__about_an_older_edition__is_a_finding_of_its_sheet(folder: Path) -> None:
    book = Edited()
    row = book.cell("Indicators", "W02", "indicator", 4)
    book.write("Indicators", row, "W03")
    for line in range(3, len(book.sheets["Texts"].rows)):
        cells = book.sheets["Texts"].rows[line]
        if cells[1] == "Indicators" and cells[2].startswith("W02"):
            book.sheets["Texts"].rows[line] = [
                text.replace("W02", "W03") if n == 2 else text for n, text in enumerate(cells)
            ]
    for rule in range(3, len(book.sheets["Rules"].rows)):
        book.sheets["Rules"].rows[rule] = [text.replace("W02", "W03") for text in book.sheets["Rules"].rows[rule]]
    found = [one for one in book.taken(folder).findings if one.severity is Severity.ERROR]
    at = next(row for row, cells in enumerate(book.sheets["Editions"].rows, 1) if cells[3:5] == ["W03", "W02"])
    assert [(one.sheet, one.cell) for one in found if one.sheet == "Editions"] == [("Editions", f"E{at}")]


def test_section__that_lost_its_code__hides_neither_rules_nor_anything_else_of_its_indicators(folder: Path) -> None:
    book = Edited()
    at = book.cell("Sections", "F", "code")
    book.type("Sections", "W", "code", "F")
    target = book.type("Rules", "north_is_partly", "target", "height")
    assert known_before(places(book.taken(folder))) == [
        ("declaration", "Sections", at),
        ("declaration", "Rules", target),
    ]


def test_question__not_asked_with_a_minus__does_not_come_along(folder: Path) -> None:
    book = Edited()
    at = book.cell("Indicators", "F01", "questions", 4)
    book.write("Indicators", at, "targeted covered bare depth -count_women")
    assert known_before(places(book.taken(folder))) == [("declaration", "Indicators", at)]
