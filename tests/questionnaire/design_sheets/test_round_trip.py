"""The folder of an instrument and the rows of its design say the same, whichever comes first."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.plan import IN_PARTS, SHEETS, Holds, in_sheets, sheet_of, stem_of
from questionnaire.design_sheets.to_files import design_files
from questionnaire.design_sheets.toml_values import pairs, toml_value
from questionnaire.tables import Spot
from tests import with_design
from tests.given import MINI, SEED
from tests.with_ratio_columns import made as with_ratio_columns


def written(folder: Path, target: Path) -> Path:
    """A folder with nothing but what the rows of another one say, and its past."""
    target.mkdir()
    for name, text in design_files(rows_of_folder(folder)).texts.items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def whatever_its_lines(instrument: Instrument) -> Instrument:
    """The declaration without the lines of the document and the bytes of the folder that it was read from."""
    sections = tuple(
        dataclasses.replace(
            section,
            indicators=tuple(dataclasses.replace(one, line=0, objective_line=0) for one in section.indicators),
        )
        for section in instrument.sections
    )
    return dataclasses.replace(instrument, sections=sections, fingerprint="")


@pytest.mark.parametrize(
    "folder",
    [INSTRUMENTS / "criminal-justice", *(pytest.param(folder, marks=pytest.mark.wide) for folder in (SEED, MINI))],
    ids=lambda folder: str(folder.name),
)
def test_folder__to_rows_and_back__declares_the_same(folder: Path, tmp_path: Path) -> None:
    back = written(folder, tmp_path / folder.name)
    before, after = read_instrument(folder), read_instrument(back)
    assert after.structure == before.structure
    assert whatever_its_lines(after) == whatever_its_lines(before)
    assert rows_of_folder(back) == rows_of_folder(folder)


def test_folder__with_computed_columns__declares_the_same(tmp_path: Path) -> None:
    folder = with_ratio_columns().write(tmp_path / "made")
    back = written(folder, tmp_path / "back")
    assert read_instrument(back).computed_columns == read_instrument(folder).computed_columns
    rows = {row.get("column"): row for row in rows_of_folder(folder).sheets["Tables"]}
    keys = ("numerator", "denominator", "factor", "part_of_whole", "formula")
    assert [rows["rate"].get(key) for key in keys] == ["convicted", "prosecuted", "100", "true", ""]
    assert rows["twice_rate"].get("formula") == "rate * 2"


def test_folder__with_a_list_and_tables__declares_the_same(tmp_path: Path) -> None:
    folder = with_design.instrument_folder(tmp_path / "mini")
    back = written(folder, tmp_path / "back")
    assert whatever_its_lines(read_instrument(back)) == whatever_its_lines(read_instrument(folder))
    assert [row.get("part") for row in rows_of_folder(folder).sheets["Tables"]][:9] == [
        "list", "column", "option", "option", "column", "column", "column", "column", "count",
    ]  # fmt: skip


def test_folder__of_earlier_names__is_read_and_written_with_those_of_today(tmp_path: Path) -> None:
    folder = with_design.instrument_folder(tmp_path / "mini")
    types = (folder / "indicator_types.csv").read_text(encoding="utf-8").replace("indicator_type,", "kind,", 1)
    (folder / "kinds.csv").write_text(types, encoding="utf-8")
    (folder / "indicator_types.csv").unlink()
    lists = (
        (folder / "lists.toml").read_text(encoding="utf-8").replace("[[list", "[[roster").replace("[list", "[roster")
    )
    (folder / "rosters.toml").write_text(lists.replace("roster.bilateral", "roster.mirror"), encoding="utf-8")
    (folder / "lists.toml").unlink()
    back = written(folder, tmp_path / "back")
    assert read_instrument(back).structure == read_instrument(folder).structure
    assert not {"kinds.csv", "rosters.toml"} & {path.name for path in back.iterdir()}
    assert "[list.bilateral]" in (back / "lists.toml").read_text(encoding="utf-8")


def test_folder__without_sections__declares_the_same_with_its_translations(tmp_path: Path) -> None:
    folder = with_design.instrument_folder(tmp_path / "mini")
    settings = (folder / "instrument.toml").read_text(encoding="utf-8")
    (folder / "instrument.toml").write_text(settings.partition("[[section]]")[0], encoding="utf-8")
    for name in ("editions.csv", "lists.toml", "tables.toml", "rules.toml"):
        (folder / name).unlink()
    (folder / "rules.toml").write_text("", encoding="utf-8")
    (folder / "table.txt").write_text("1. Bring water\n\ta) Wells\n\tb) Pipes\n", encoding="utf-8")
    lines = ["indicator,indicator_type,questions,met_from_level", "S01a,COUNT,,", "S01b,COUNT,,"]
    (folder / "indicators.csv").write_text("\n".join(lines), encoding="utf-8")
    texts = "kind,code,fr\nobjective,S01,Apporter l’eau\nindicator,S01b,Tuyaux\n"
    (folder / "translations.csv").write_text(texts, encoding="utf-8")
    back = written(folder, tmp_path / "back")
    assert whatever_its_lines(read_instrument(back)) == whatever_its_lines(read_instrument(folder))
    assert [one.objective["fr"] for one in read_instrument(back).indicators] == ["Apporter l’eau", "Apporter l’eau"]


def test_texts__of_a_line__are_named_by_sheet_code_and_column(tmp_path: Path) -> None:
    rows = rows_of_folder(with_design.instrument_folder(tmp_path / "mini"))
    named = [(text.sheet, text.line, text.column) for text in rows.texts()]
    assert len(set(named)) == len(named)
    assert {("Read me", "title", "title"), ("Sections", "W", "heading"), ("Indicators", "W01", "objective")} < {*named}
    assert {("Lists", "regions.NORTH", "label"), ("Tables", "trees.dimension.sorts", "label")} < {*named}
    assert {("Tables", "projects.option.W01a", "label"), ("Rules", "parts", "remedy")} < {*named}
    assert [row.get("required") for row in rows.sheets["Tables"] if row.get("required")] == ["true", "true"]


def test_origin__of_lines_and_entries__is_the_row_and_its_column(tmp_path: Path) -> None:
    files = design_files(rows_of_folder(with_design.instrument_folder(tmp_path / "mini")))

    def of(file: str, part: int | str, name: str) -> tuple[str, str, str] | None:
        found = files.origin(Spot(file, part, name))
        if found is None:
            return None
        sheet, row, column = found
        named = ("code", "question", "column", "codelist", "table")
        return sheet, next(row.get(key) for key in named if row.get(key)), column

    assert of("questions.csv", 3, "minimum") == ("Questions", "total", "minimum")
    assert of("rules.toml", "rule 2", "when") == ("Rules", "overspent", "when")
    assert of("lists.toml", "list 1.column 3", "label.en") == ("Tables", "name", "label_en")
    assert of("lists.toml", "list 1.column 3.required_with", "code") == ("Tables", "name", "required_with")
    assert of("tables.toml", "table 2.dimension 1", "codelist") == ("Tables", "grounds", "codelist")
    assert of("tables.toml", "table 2.across", "total") == ("Tables", "years", "total")
    assert of("editions.csv", 2, "code") == ("Editions", "W01a", "code")
    assert of("editions.csv", 99, "code") is None


def test_csv__of_texts_with_lines__counts_the_lines_of_the_file(tmp_path: Path) -> None:
    folder = with_design.instrument_folder(tmp_path / "mini")
    rows = rows_of_folder(folder)
    first = rows.sheets["Questions"][0]
    broken = dataclasses.replace(first, cells={**first.cells, "help_en": "One.\nTwo.\nThree."})
    rows = dataclasses.replace(rows, sheets={**rows.sheets, "Questions": [broken, *rows.sheets["Questions"][1:]]})
    files = design_files(rows)
    assert files.lines["questions.csv", 5][1].get("question") == "total"
    assert ("questions.csv", 3) not in files.lines


@pytest.mark.parametrize(
    ("text", "holds", "value"),
    [
        ("12", Holds.NUMBER, "12"),
        ("-1.5", Holds.LIMIT, "-1.5"),
        ("period_end", Holds.LIMIT, '"period_end"'),
        ("007", Holds.NUMBER, '"007"'),
        ("TRUE", Holds.FLAG, "true"),
        ("perhaps", Holds.FLAG, '"perhaps"'),
        ("W01a  MONEY", Holds.CODES, '["W01a", "MONEY"]'),
        ("column=partner code=OTHER", Holds.PAIRS, '{ column = "partner", code = "OTHER" }'),
        ("partner", Holds.PAIRS, '"partner"'),
        ('a "b"\n', Holds.TEXT, '"a \\u0022b\\u0022\\u000a"'),
    ],
)
def test_toml_value__of_a_cell__is_what_its_column_holds(text: str, holds: Holds, value: str) -> None:
    assert toml_value(text, holds) == value


def test_pairs__one_name_twice__keeps_both_so_that_no_code_fits() -> None:
    assert pairs("sex=M form=X sex=F") == {"sex": "M F", "form": "X"}


def test_plan__every_part_of_a_table__names_columns_that_there_are() -> None:
    [tables] = [plan for plan in SHEETS if plan.name == "Tables"]
    names = {column.name for column in tables.columns}
    assert {name for named in IN_PARTS.values() for name in named.split()} == names - {"table", "part"}


def test_plan__explanations__speak_of_sheets_and_not_of_files() -> None:
    said = [plan.holds for plan in SHEETS] + [column.meaning for plan in SHEETS for column in plan.columns]
    assert not [text for text in said if ".csv" in text or ".toml" in text or "`" in text]
    assert in_sheets("Add it to questions.csv") == "Add it to the sheet Questions"
    assert sheet_of("questions.csv, the formula of total") == "Questions"
    assert sheet_of("editions.csv, line 2") == "Editions"
    assert sheet_of("proposals.csv, line 2") == ""
    assert [stem_of(name) for name in ("label_fr", "max_length", "relevant_when")] == [
        "label", "max_length", "relevant_when",
    ]  # fmt: skip
