"""A design workbook that was edited becomes the text files of its instrument; what says the same stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl.utils import get_column_letter

from pipeline.cli.main import main
from pipeline.design_workbook.report import taken_lines
from questionnaire.declaration.instrument import read_instrument
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.standard import standard_rows
from questionnaire.workbook.design.write import write_design
from tests.given import SEED, copy_of
from tests.with_design import Edited, instrument_folder, places, workbook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return instrument_folder(tmp_path / "mini")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["design", *map(str, arguments)])


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_workbook__taken_back_as_it_is__changes_no_file(folder: Path) -> None:
    before = content(folder)
    taken = Edited().taken(folder)
    assert taken.is_taken
    assert (taken.written, taken.removed) == ((), ())
    assert content(folder) == before


def test_workbook__one_question_reworded__changes_one_file_and_keeps_comments_elsewhere(folder: Path) -> None:
    book, before = Edited(), content(folder)
    book.type("Questions", "free", "label_en", "Is it free of charge?")
    taken = book.taken(folder)
    assert taken.written == ("questions.csv",)
    after = read_instrument(folder)
    assert after.questions["free"].label == {"en": "Is it free of charge?", "fr": "Est-ce gratuit ?"}
    assert {name: data for name, data in content(folder).items() if name != "questions.csv"} == {
        name: data for name, data in before.items() if name != "questions.csv"
    }
    said = list(taken_lines(taken, "mini", "mini.design.xlsx", "en"))
    assert said[-2:] == [
        "mini says the same as the workbook now. Written: questions.csv.",
        "Comments in these files are gone; the other files stay as they were.",
    ]


def test_workbook__new_line_with_its_translation__is_declared(folder: Path) -> None:
    book = Edited()
    book.add_line("Questions", question="shade", type="percent", label_en="Share in the shade", maximum="90")
    book.add_line("Texts", sheet="Questions", line="shade", text="label", fr="Part à l’ombre")
    book.type("Types", "MONEY", "questions", "spent planned shade")
    taken = book.taken(folder)
    assert taken.written == ("indicator_types.csv", "questions.csv")
    found = read_instrument(folder).questions["shade"]
    assert (found.label["fr"], getattr(found.type, "maximum", None)) == ("Part à l’ombre", 90)


def test_workbook__new_line_without_translation__is_asked_for_at_its_cell(folder: Path) -> None:
    book = Edited()
    row = book.add_line("Questions", question="shade", type="percent", label_en="Share in the shade")
    book.type("Types", "MONEY", "questions", "spent planned shade")
    assert ("translation_new", "Questions", f"E{row}") in places(book.taken(folder))


def test_workbook__line_that_goes__leaves_its_translation_to_be_looked_at(folder: Path) -> None:
    book = Edited()
    book.remove_line("Rules", "bared")
    taken = book.taken(folder)
    assert taken.written == ("rules.toml",)
    assert [one for one in places(taken) if one[0] != "translation_missing"] == [
        ("text_left", "Texts", book.cell("Texts", "bared", "line", 2)),
        ("text_left", "Texts", f"C{int(book.cell('Texts', 'bared', 'line', 2)[1:]) + 1}"),
    ]
    assert "bared" not in {rule.code for rule in read_instrument(folder).comparisons}


def test_workbook__new_indicator__moves_the_table_into_a_csv_file_and_says_so(folder: Path) -> None:
    book = Edited()
    book.add_line(
        "Indicators", section="F", objective_code="2", objective_en="Keep the trees", indicator="F02",
        text_en="Trees alive", indicator_type="COUNT", questions="targeted",
    )  # fmt: skip
    taken = book.taken(folder)
    assert taken.written == ("instrument.toml", "table.csv", "indicators.csv", "translations.csv")
    assert taken.unread == ("table.txt",)
    assert [one.code for one in read_instrument(folder).indicators] == ["W01a", "W01b", "W02", "F01", "F02"]
    assert "table.txt is no longer read" in list(taken_lines(taken, "mini", "x.xlsx", "en"))[-1]


def test_workbook__all_lists_and_tables_removed__removes_their_files(folder: Path) -> None:
    book = Edited()
    book.empty("Tables")
    for rule in ("dry_at_most_dug", "dug_jump", "nests_few", "rain_in_last_year"):
        book.remove_line("Rules", rule)
    taken = book.taken(folder)
    assert ("sheet_empty", "Tables", "B4") in places(taken)
    assert taken.removed == ("lists.toml", "tables.toml")
    assert not read_instrument(folder).lists


def test_workbook__further_language_with_its_column__is_read(folder: Path) -> None:
    book = Edited()
    rows = book.sheets["Read me"].rows
    row = next(row for row, cells in enumerate(rows) if "languages" in cells)
    book.write("Read me", f"C{row + 1}", "en fr de")
    at = book.add_column("Texts", "de", "Ein kleines Werkzeug")
    taken = book.taken(folder)
    assert taken.is_taken
    assert read_instrument(folder).title["de"] == "Ein kleines Werkzeug"
    assert ("translation_missing", "Texts", f"{at[0]}5") in places(taken)


def test_workbook__of_earlier_files__makes_room_for_those_of_today(folder: Path) -> None:
    (folder / "lists.toml").rename(folder / "rosters.toml")
    text = (
        (folder / "rosters.toml").read_text(encoding="utf-8").replace("[[list", "[[roster").replace("[list", "[roster")
    )
    (folder / "rosters.toml").write_text(text, encoding="utf-8")
    book = Edited()
    rows = book.sheets["Tables"].rows
    row = next(n for n, cells in enumerate(rows) if cells[1:3] == ["projects", "list"])
    book.write("Tables", f"{get_column_letter(1 + rows[2].index('lines'))}{row + 1}", "9")
    taken = book.taken(folder)
    assert (taken.written, taken.removed) == (("lists.toml",), ("rosters.toml",))
    assert [block.most_lines for block in read_instrument(folder).lists if block.code == "projects"] == [9]


def test_workbook__standard_type_without_a_line__comes_along_with_its_questions_and_lists(folder: Path) -> None:
    book = Edited()
    book.add_line(
        "Indicators", section="F", objective_code="2", objective_en="Pay for the trees", indicator="F02",
        text_en="Money spent on trees", indicator_type="AMOUNT", questions="count_women", help_en="By law.",
    )  # fmt: skip
    taken = book.taken(folder)
    assert taken.added == {"Types": ("AMOUNT",), "Questions": ("amount", "count_women")}
    found = read_instrument(folder)
    assert [one.code for one in found.indicator("F02").questions] == ["status", "amount", "count_women"]
    assert found.questions["amount"].label == {"en": "Amount", "fr": "Montant"}
    assert "label_es" not in (folder / "questions.csv").read_text(encoding="utf-8")
    said = list(taken_lines(taken, "mini", "x.xlsx", "en"))
    assert "Added from the standard ones, on the sheet Types: AMOUNT." in said


def test_workbook__standard_list_of_a_table__comes_along_whole(folder: Path) -> None:
    book = Edited()
    rows = book.sheets["Tables"].rows
    row = next(n for n, cells in enumerate(rows) if cells[1:3] == ["trees", "dimension"])
    book.write("Tables", f"{get_column_letter(1 + rows[2].index('codelist'))}{row + 1}", "sex")
    book.write("Tables", f"{get_column_letter(1 + rows[2].index('total'))}{row + 1}", "")
    row = next(n for n, cells in enumerate(rows) if cells[1:3] == ["trees", "cannot_occur"])
    book.write("Tables", f"{get_column_letter(1 + rows[2].index('codes'))}{row + 1}", "grounds=HILL")
    taken = book.taken(folder)
    assert taken.added == {"Lists": ("sex",)}
    assert [*read_instrument(folder).codelists["sex"].value_codes] == [*standard_codes("sex")]


def standard_codes(codelist: str) -> list[str]:
    return [row.get("code") for row in standard_rows("Lists") if row.get("codelist") == codelist]


def test_workbook__written_again_from_what_it_became__has_the_same_bytes(folder: Path) -> None:
    assert write_design(rows_of_folder(folder)) == workbook()


def test_command__writes_edits_and_reads_back(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run(folder)
    assert told.output.startswith("mini.design.xlsx: ")
    assert told.output.splitlines()[-1] == "2 translations are missing: filter the column remark of the sheet Texts."
    assert Path("mini.design.xlsx").read_bytes() == workbook()
    told = run(folder, "--from", "mini.design.xlsx")
    assert (told.exit_code, told.output.splitlines()[-1]) == (
        0, "mini says the same as the workbook already: nothing to write.",
    )  # fmt: skip


def test_command__where_another_workbook_stands__keeps_it(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.design.xlsx"
    file.write_bytes(b"edited for days")
    told = run(folder, "--to", file)
    assert "it is kept as" in told.output
    assert (tmp_path / "mine.before-1.xlsx").read_bytes() == b"edited for days"
    assert run(folder, "--to", file).output.count("kept") == 0


def test_command__of_a_file_that_is_no_workbook__says_what_to_do(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a workbook", encoding="utf-8")
    told = run(folder, "--from", file)
    assert told.exit_code == 2
    assert "This is no workbook. Save the design workbook as .xlsx, and give that." in told.output


def test_command__two_things_at_once__is_refused(folder: Path) -> None:
    told = run(folder, "--edition", "2", "--from", "x.xlsx")
    assert (told.exit_code, told.output) == (2, "Give --edition, or --from, or --to: one of them.\n")


def test_command__of_a_broken_instrument__lists_all_that_is_wrong(folder: Path) -> None:
    for name, old, new in (("questions.csv", "depth,number", "depth,decimal"), ("rules.toml", '"info"', '"grave"')):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = run(folder)
    assert told.exit_code == 2
    assert [line.split(":")[0] for line in told.output.splitlines()] == [
        "questions.csv, line 18, column type", "rules.toml, key rule 5.severity (of “north_is_partly”)",
    ]  # fmt: skip


@pytest.mark.wide
def test_command__default_instrument__goes_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = copy_of(SEED, tmp_path / "oas-trafficking")
    before = content(folder)
    assert run(folder).exit_code == 0
    told = run(folder, "--from", "oas-trafficking.design.xlsx")
    assert told.output == "oas-trafficking dit déjà la même chose que le classeur : rien à écrire.\n"
    assert content(folder) == before
