"""The sheet of a table: printed lines, cells that take a number or a reason, what the check beside each line says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.simulation.fill import CellValue, FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.declaration.lists.table_block import Dimension
from questionnaire.layout import CHECK, FIRST_LINE, KEY, LINE, LIST_HEADINGS, REASON, TITLE, Column, Layout, TableSheet
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.table_rules import rules_of_table
from questionnaire.sheet_names import COVER, tab_names
from questionnaire.table_columns import code_column, number_column, previous_column
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.formulas.table_totals import total
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from tests.engines import IronCalc
from tests.given import PERIOD, following
from tests.questionnaire.workbook.package_parts import Package
from tests.questionnaire.workbook.package_rules import RULES
from tests.questionnaire.workbook.written import Written, different_cells, write
from tests.with_table import instrument, table, table_round

Cells = Mapping[tuple[int, str], CellValue]
"""What is typed: (line, column) -> value; line 0 is that of the whole table."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of the small instrument with tables, in French."""
    round_ = table_round(tmp_path_factory.mktemp("table"))
    return write(tmp_path_factory.mktemp("written"), round_, round_.participants[1])


@dataclass(frozen=True)
class Sheets:
    """The sheets of one table: its layout and what stands on it."""

    layout: TableSheet
    sheet: Worksheet
    values: list[list[object]]


def _sheets(written: Written, code: str) -> Sheets:
    layout = written.layout.list_of(code)
    assert isinstance(layout, TableSheet)
    tab = written.tabs[layout.code]
    found = written.book[tab]
    assert isinstance(found, Worksheet)
    return Sheets(layout, found, written.values[tab])


@pytest.fixture
def trees(written: Written) -> Sheets:
    return _sheets(written, "trees")


def checks(written: Written, code: str, cells: Cells, folder: Path) -> list[str]:
    """What the check column shows of the whole table and of its lines, calculated, after something was typed."""
    layout = _sheets(written, code).layout
    book = FilledWorkbook(written.path, written.layout, written.tabs, written.respondent.language)
    for (line, column), value in cells.items():
        row = layout.row(line) if line else layout.whole
        book.type_at(layout.code, f"{column_letter(layout.columns[column])}{row + 1}", value)
    path = folder / "filled.xlsx"
    book.save(path, dt.datetime(2026, 3, 1))
    grid = IronCalc().grids(path)[written.tabs[layout.code]]
    return [str(grid[row][layout.columns[CHECK]]) for row in range(layout.whole, layout.last + 1)]


def test_lines__are_printed_with_static_codes_in_hidden_columns(trees: Sheets) -> None:
    layout, columns = trees.layout, trees.layout.columns
    rows = [trees.values[layout.row(line)] for line in (1, 6)]
    names = (KEY, LINE, "sorts", "grounds", code_column("sorts"), code_column("grounds"))
    assert [[row[columns[name]] for name in names] for row in rows] == [
        ["trees:1", "L1", "Chêne", "Sur les collines", "OAK", "HILL"],
        ["trees:6", "L6", "Toutes espèces", "En plaine", "T", "PLAIN"],
    ]
    heads = [trees.values[LIST_HEADINGS][columns[name]] for name in ("sorts", "planted", REASON)]
    assert heads == ["Espèce", "Plantés", "Si pas de réponse"]
    assert trees.sheet.column_dimensions[column_letter(columns[KEY])].hidden


def test_lines__of_a_time_series__are_the_years_up_to_the_last_of_the_round(written: Written) -> None:
    rain = _sheets(written, "rain")
    names = ("period", code_column("period"), number_column("period"))
    rows = [[rain.values[rain.layout.row(line)][rain.layout.columns[name]] for name in names] for line in (1, 2, 3)]
    assert rows == [["2023", "2023", 2023], ["2024", "2024", 2024], ["2025", "2025", 2025]]


def test_cells__only_what_is_asked__is_open(trees: Sheets) -> None:
    def locked(line: int, column: str) -> bool:
        cell = trees.sheet.cell(trees.layout.row(line) + 1, trees.layout.columns[column] + 1)
        return bool(cell.protection.locked)

    assert not any(locked(line, column) for line in (1, 2, 4, 5, 6) for column in ("planted", "alive", REASON))
    assert all(locked(3, column) for column in ("planted", "alive", REASON))
    assert all(locked(1, column) for column in ("sorts", "grounds", CHECK))
    assert not trees.sheet.cell(trees.layout.whole + 1, trees.layout.columns[REASON] + 1).protection.locked
    assert trees.sheet.freeze_panes == f"{column_letter(trees.layout.columns['planted'])}{FIRST_LINE + 1}"


def test_cells__take_a_number_within_its_limits_or_a_reason(trees: Sheets) -> None:
    letter = column_letter(trees.layout.columns["alive"])
    first = f"{letter}{trees.layout.first + 1}"
    (found,) = [item for item in trees.sheet.data_validations.dataValidation if first in item.sqref]
    assert found.type == "custom"
    assert f"AND(TRUE,{first}>=0,{first}<=1)" in found.formula1
    assert f'COUNTIF(_lists!$C$4:$C$7,{first}&" *")' in found.formula1


def test_first_results__are_those_that_are_calculated(written: Written) -> None:
    assert different_cells(written.values, IronCalc().grids(written.path)) == []


def test_links__lead_from_the_indicator_to_its_table_and_back(written: Written, trees: Sheets) -> None:
    section = written.section("F")
    gap = next(row.row for row in written.layout.section("F").rows if row.kind.value == "gap")
    link = section.cell(gap + 1, Column.QUESTION + 1)
    assert link.hyperlink is not None
    assert link.hyperlink.location == f"'{written.tabs[trees.layout.code]}'!B2"
    assert written.values[written.tabs["F"]][gap][Column.QUESTION] == "Aller au tableau\u00a0: Arbres plantés"


@pytest.mark.parametrize("rule", RULES)
def test_package__with_tables__keeps_every_rule(written: Written, rule: Callable[[Package], Iterator[str]]) -> None:
    assert list(rule(Package(written.package))) == []


@pytest.mark.parametrize("code", ["trees", "wells"])
def test_links__on_the_sheet_of_a_table__are_signed_and_none_covers_another(written: Written, code: str) -> None:
    sheets = _sheets(written, code)
    back, head = [cell for cell in sheets.sheet[TITLE + 1] if cell.hyperlink]
    start, end = back.column or 0, head.column or 0
    assert written.values[sheets.sheet.title][TITLE][start - 1] == "← Retour à l’aperçu"
    assert head.value == sheets.layout.block.indicator
    letters = [column_letter(column - 1) for column in range(start, end)]
    assert sum(sheets.sheet.column_dimensions[letter].width for letter in letters) >= 17


def test_cover__lines_of_tables__are_counted_as_questions(written: Written, small: Written) -> None:
    def asked_of_all(book: Written) -> int:
        texts = [str(cell) for row in book.values[book.tabs[COVER]] for cell in row]
        return next(int(found[1]) for text in texts if (found := re.search(r"posées à tous\W+(\d+)", text)))

    tables = [sheet.block for sheet in written.layout.lists if isinstance(sheet, TableSheet)]
    assert [len(block.typed_lines) for block in tables] == [5, 2, 2, 4, 3, 2]
    assert asked_of_all(written) - asked_of_all(small) == 18


def test_checks__untouched__ask_once_for_the_whole_table(written: Written, tmp_path: Path) -> None:
    found = checks(written, "trees", {}, tmp_path)
    assert found == ["● Lignes encore vides\u00a0: 5. Remplissez-les, ou choisissez le motif à droite", *[""] * 6]


def test_checks__lines__say_what_is_wrong_and_where(written: Written, tmp_path: Path) -> None:
    cells: Cells = {
        (1, "planted"): 5, (1, "alive"): "ND", (2, "planted"): "beaucoup", (2, "alive"): 2,
        (4, REASON): "Confidentiel", (5, "planted"): 6, (5, "alive"): 0.5, (6, "planted"): 3,
    }  # fmt: skip
    assert checks(written, "trees", cells, tmp_path)[1:] == [
        "✓ En ordre",
        "× Plantés – Retapez\u00a0: nombre entier, en chiffres seulement, ou un des codes SO, ND, CF, RS",
        "",
        "✓ En ordre",
        "× Plantés – Ce n’est pas la somme des lignes\u00a0: corrigez le total ou ses parties",
        "● Vivants après un an – À répondre, ou choisissez le motif à droite",
    ]


def test_checks__one_reason_for_the_table__settles_every_blank_cell(written: Written, tmp_path: Path) -> None:
    found = checks(written, "wells", {(0, REASON): "Non disponible", (2, "dug_2024"): 4}, tmp_path)
    assert found == ["✓ En ordre"] * 3


def test_checks__columns_that_do_not_add_up__are_pointed_out_at_the_total(written: Written, tmp_path: Path) -> None:
    cells: Cells = {(1, "dug_2024"): 1, (1, "dug_2025"): 2, (1, "dug_all"): 4}
    assert checks(written, "wells", cells, tmp_path)[1].startswith("× Les deux années – Ce n’est pas la somme des col")


def test_checks__the_same_in_several_columns__is_said_once(written: Written, tmp_path: Path) -> None:
    cells: Cells = {(1, "dug_2024"): "x", (1, "dug_2025"): "y", (1, "dug_all"): 1}
    assert checks(written, "wells", cells, tmp_path)[1].startswith("× 2024, 2025 – Retapez\u00a0: nombre entier")


def test_totals__filled_in_by_the_sheet__are_locked_and_nothing_is_asked_of_them(written: Written) -> None:
    nests = _sheets(written, "nests")
    row, columns = nests.layout.row(3) + 1, nests.layout.columns
    total = nests.sheet.cell(row, columns["nests_all"] + 1)
    assert (total.value, total.protection.locked) == (f"={column_letter(columns['nests_all.number'])}{row}", True)
    assert nests.sheet.cell(row, columns[REASON] + 1).protection.locked
    assert not nests.sheet.cell(row - 1, columns[REASON] + 1).protection.locked
    assert not any(f"{column_letter(columns['nests_all'])}{row}" in item.sqref for item in _validations(nests))


def _validations(sheets: Sheets) -> Iterator[DataValidation]:
    yield from sheets.sheet.data_validations.dataValidation


def test_checks__totals_filled_in__follow_their_parts(written: Written, tmp_path: Path) -> None:
    cells: Cells = {(1, "nests_2024"): 1, (1, "nests_2025"): 2, (2, REASON): "Non disponible"}
    assert checks(written, "nests", cells, tmp_path) == ["✓ En ordre"] * 4
    cells = {(1, "birds"): 0.2, (2, "birds"): "ND", (3, "birds"): 0.3, (4, "birds"): 0.1, (6, "birds"): 0.2}
    assert checks(written, "birds", cells, tmp_path) == [
        "", *["✓ En ordre"] * 5, "! Oiseaux – Ce total est calculé\u00a0: annulez la saisie",
    ]  # fmt: skip
    del cells[6, "birds"]
    assert checks(written, "birds", cells, tmp_path)[-1] == "✓ Oiseaux – Total de ce qui est connu seulement"


def test_checks__computed_lines__are_no_blank_lines(written: Written, tmp_path: Path) -> None:
    found = checks(written, "birds", {(1, "birds"): 0.2}, tmp_path)
    assert found[0].startswith("● Lignes encore vides\u00a0: 3.")


_DAYS = {"2021": Answer(90.0), "2023": Answer(93.0), "2024": Answer(None, AnswerStatus.NOT_AVAILABLE)}
RAIN = tuple({"period": Answer(year), "days": days} for year, days in _DAYS.items())
WELLS = ({"grounds": Answer("HILL"), "dug_2025": Answer(5.0), "dug_2020": Answer(4.0)},)


@pytest.fixture(scope="module")
def later(written: Written, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The same questionnaire in a round that follows another, in which some tables were filled in."""
    round_ = following(written.round, {"BBB": {("F01", "status"): Answer("2")}})
    round_ = replace(round_, previous_lines={"BBB": {"rain": RAIN, "wells": WELLS}})
    return write(tmp_path_factory.mktemp("later"), round_, written.respondent)


def test_previous__numbers__stand_beside_the_line_and_the_column_of_their_codes(later: Written) -> None:
    rain, wells = _sheets(later, "rain"), _sheets(later, "wells")
    days = rain.layout.columns[previous_column("days")]
    assert [rain.values[rain.layout.row(line)][days] for line in (1, 2, 3)] == [93.0, "ND", ""]
    assert [rain.values[rain.layout.top + LIST_HEADINGS + n][days] for n in (0, 1)] == ["Jours", "donné en 2022–2023"]
    hill = wells.values[wells.layout.row(1)]
    assert [hill[wells.layout.columns[previous_column(f"dug_{year}")]] for year in ("2024", "2025")] == ["", 5.0]
    cell = rain.sheet.cell(rain.layout.row(1) + 1, days + 1)
    assert cell.protection.locked


def test_previous__cells__are_as_blank_as_in_the_first_round(later: Written, tmp_path: Path) -> None:
    assert checks(later, "rain", {}, tmp_path)[0].startswith("● Lignes encore vides\u00a0: 3.")
    assert different_cells(later.values, IronCalc().grids(later.path)) == []


def test_table__of_many_lines_and_dimensions__has_formulas_that_every_program_takes() -> None:
    many = Codelist("lands", tuple(Code(f"L{n:03}", {"en": f"Land {n}", "fr": f"Pays {n}"}, {}) for n in range(250)))
    whole = Code("ALL", {"en": "All", "fr": "Tous"}, {})
    lands = Dimension("lands", Codelist("lands", (*many.codes, whole)), "ALL")
    block = table("trees")
    sorts, dimensions = block.dimensions[0], (lands, block.dimensions[0])
    questions = (
        replace(block.questions[0], code="lands", type=SingleChoice(lands.codelist)), block.questions[0],
        *block.questions[2:],
    )  # fmt: skip
    large = replace(block, questions=questions, dimensions=dimensions, most_lines=251 * len(sorts.codes), impossible=())
    instrument_ = instrument()
    others = tuple(item for item in instrument_.lists if item.code != "trees")
    rules = tuple(rule for rule in instrument_.rules if "trees" not in rule.blocks)
    grown = replace(instrument_, lists=(large, *others), rules=(*rules, *rules_of_table(large)))
    layout = Layout(grown)
    formulas = Formulas(layout, tab_names(layout), PERIOD, list_addresses(grown), "AAA")
    sheet = layout.list_of("trees")
    totals = [slot for slot in sheet.slots(large.most_lines) if slot.field.code == "planted"]
    assert all(len(fault) < 1500 for slot in totals for fault, _ in formulas.rule_faults(slot))
    assert len(formulas.rule_faults(totals[0])) == 4


def test_totals__of_decimals__are_rounded_as_at_the_desk_and_whole_numbers_are_not() -> None:
    nests = next(listed for listed in Layout(instrument()).lists if listed.block.code == "nests")
    assert isinstance(nests, TableSheet)
    slot = next(slot for slot in nests.asked(1) if slot.is_computed)
    formula = total(slot, nests)
    assert re.fullmatch(r'IF\(COUNT\((\w+:\w+)\)=2,ROUND\(SUM\(\1\),6\),""\)', formula)
    whole = replace(slot, field=replace(slot.field, type=table("trees").field("planted").type))
    assert total(whole, nests) == formula.replace("ROUND(", "").replace(",6)", "")
