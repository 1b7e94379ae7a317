"""Several mistakes in one line, or in one list or table, are all found at once, and nothing that only follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from questionnaire.addresses import column_letter
from questionnaire.rules.rule import Severity
from tests.with_design import HEADS, Edited, instrument_folder

KEYS = {"Lists": 2, "Indicators": 4}
"""Which column names a line, from 0, where it is not the second."""


def _wide(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.wide)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return instrument_folder(tmp_path_factory.mktemp("instruments") / "mini")


def found(folder: Path, book: Edited) -> set[tuple[str, str]]:
    """The errors by sheet and cell; each of them is said in French too."""
    errors = [one for one in book.taken(folder).findings if one.severity is Severity.ERROR]
    for said in (said for one in errors for said in (one.message_in, one.remedy_in)):
        assert said("fr") != said("en")
    return {(one.sheet, one.cell) for one in errors}


def part(book: Edited, line: str, column: str, text: str) -> tuple[str, str]:
    """Type into the sheet Tables; the line is named by its table, its part and, from 1, which of these it is."""
    table, name, *nth = line.split()
    rows = book.sheets["Tables"].rows
    lines = [number for number, cells in enumerate(rows) if cells[1:3] == [table, name]]
    at = f"{column_letter(rows[HEADS].index(column))}{lines[int(nth[0]) - 1 if nth else 0] + 1}"
    return "Tables", book.write("Tables", at, text)


@pytest.mark.parametrize(
    ("sheet", "line", "mistakes"),
    [
        ("Rules", "parts", {"target": "height", "severity": "grave", "check": "total == (urban"}),
        _wide("Rules", "parts", {"scope": "NOPE", "severity": "grave", "message_en": "The {thing}."}),
        _wide("Rules", "fewer_trees", {"when": "alway", "check": "total <= Z99.total", "remedy_en": "Say {it}."}),
        ("Rules", "dry_at_most_dug", {"target": "wet", "severity": "grave"}),
        ("Rules", "bared", {"scope": "W02", "severity": "grave"}),
        _wide("Rules", "parts", {"code": "required", "severity": "grave"}),
        ("Questions", "started", {"minimum": "soon", "maximum": "later", "fixed": "perhaps", "relevant_when": "alway"}),
        _wide("Questions", "regions", {"type": "decimal", "codelist": "nope", "required_when": "alway"}),
        _wide("Questions", "total", {"discloses": "all", "sums": "never", "unit_measure": "a b", "reference": "area"}),
        _wide("Questions", "urban", {"question": "Urban!", "maximum": "many"}),
        ("Lists", "SO", {"missing": "perhaps", "rank": "first"}),
        _wide("Indicators", "W02", {"indicator_type": "PLANTS", "questions": "height", "met_from_level": "high"}),
    ],
)  # fmt: skip
def test_mistakes__in_one_line__are_a_finding_each(
    sheet: str, line: str, mistakes: dict[str, str], folder: Path
) -> None:
    book = Edited()
    cells = {column: book.cell(sheet, line, column, KEYS.get(sheet, 1)) for column in mistakes}
    for column, text in mistakes.items():
        book.write(sheet, cells[column], text)
    expected = {(sheet, cell) for cell in cells.values()}
    assert {one for one in found(folder, book) if one[0] == sheet} == expected


@pytest.mark.parametrize(
    "mistakes",
    [
        _wide([("trees table", "indicator", "Z9"), ("trees dimension", "codelist", "species")]),
        _wide([("trees dimension", "total", "NOPE"), ("trees dimension 2", "codelist", "soils")]),
        [("trees column", "type", "decimal"), ("trees column 2", "maximum", "much"), ("trees table", "tolerance", "-1")],
        _wide([("wells across", "total", "NOPE"), ("wells column", "minimum", "few"), ("wells column", "maximum", "many")]),
        _wide([("rain dimension", "years", "999"), ("rain column", "unit_measure", "a day")]),
        [("nests table", "totals", "guessed"), ("nests cannot_occur", "codes", "sorts=ELM years=2024")],
        [("birds table", "tolerance", "2"), ("nests table", "tolerance", "2"), ("wells dimension", "years", "3")],
        [("projects list", "lines", "0"), ("projects count", "question", "height")],
        [("projects option", "code", "Z9"), ("projects bilateral", "partner", "name")],
        _wide([("projects column 2", "others_only", "perhaps"), ("projects column 3", "max_length", "long")]),
        _wide([("projects bilateral", "code", "MAYBE"), ("projects bilateral", "partner", "name")]),
    ],
)  # fmt: skip
def test_mistakes__in_one_list_or_table__are_a_finding_each_whatever_names_it(
    mistakes: Sequence[tuple[str, str, str]], folder: Path
) -> None:
    book = Edited()
    expected = {part(book, *mistake) for mistake in mistakes}
    assert found(folder, book) == expected


def test_mistakes__in_a_table_and_in_a_rule_on_it__are_two(folder: Path) -> None:
    book = Edited()
    lost = part(book, "dry dimension", "codelist", "species")
    grave = book.type("Rules", "dry_at_most_dug", "severity", "grave")
    assert found(folder, book) == {lost, ("Rules", grave)}


def test_column_at_fault__is_no_reason_to_refuse_what_names_it(folder: Path) -> None:
    book = Edited()
    assert found(folder, book) == set()
    wrong = part(book, "projects column 5", "required", "perhaps")
    assert found(folder, book) == {wrong}


def test_code_of_a_list_at_fault__is_no_reason_to_refuse_rules_that_name_it(folder: Path) -> None:
    book = Edited()
    rank = book.write("Lists", book.cell("Lists", "NORTH", "rank", 2), "first")
    assert found(folder, book) == {("Lists", rank)}
