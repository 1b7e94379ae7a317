"""Who filled in a return and who signed off, read from its Cover, whatever became of the sheet."""

import datetime as dt

import pytest

from pipeline.reading.cover import read_cover
from pipeline.reading.workbooks.grids import CellValue, Sheet, Workbook
from pipeline.reading.workbooks.metadata import NamedCell, WorkbookMetadata
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.messages import LANGUAGES, wording
from tests.pipeline.returned import COVER, SOME, book, codes, read

ENTERED: dict[str, CellValue] = {
    "focal_point": "Ana Pérez",
    "position": "Directora",
    "institution": "Ministerio",
    "email": "ana@x.example",
    "phone": 5255,
    "signed_off_by": "Luis Gil",
    "signed_off_on": dt.date(2026, 3, 4),
    "texts_cleared": "Sim",
}
READ = {name: str(value) for name, value in ENTERED.items()} | {"texts_cleared": "Y"}


def cover(language: str = "es", without: str = "", gap: int = 0) -> list[list[CellValue]]:
    """The entries of a Cover in a language, from row 3 on, labels in column B."""
    rows: list[list[CellValue]] = [[""], ["", "x"]]
    for name, entry in COVER_ENTRIES.items():
        entered = "" if name == without else ENTERED[name]
        rows.append(["", wording("workbook", entry.label)[language], *[""] * gap, entered])
    return rows


def of(*sheets: Sheet, names: dict[str, NamedCell | None] | None = None) -> Workbook:
    return Workbook(sheets, WorkbookMetadata(names=names or {}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("gap", [0, 1])
def test_cover__any_language_and_an_inserted_column__gives_every_entry(language: str, gap: int) -> None:
    found = read_cover(of(Sheet("Notes", [["Name", "x"]]), Sheet("Hoja3", cover(language, gap=gap))))
    assert found is not None
    assert (found.entries, found.sheet) == (READ, "Hoja3")
    assert not list(found.findings())


def test_cover__nobody_signed_off__is_reported_with_its_cell() -> None:
    sheets = book(SOME)
    sheets[COVER] += cover("fr", without="signed_off_by")
    submission = read(sheets)
    [found] = [entry for entry in submission.findings if entry.code == "not_signed_off"]
    assert (found.severity, found.sheet, found.cell) == ("info", COVER, "C10")
    assert submission.cover is not None
    assert "signed_off_by" not in submission.cover.entries


def test_cover__label_of_the_next_line_is_no_entry() -> None:
    rows = cover("en", without="focal_point")
    rows[2] = [
        "",
        wording("workbook", COVER_ENTRIES["focal_point"].label)["en"],
        wording("workbook", COVER_ENTRIES["position"].label)["en"],
    ]
    found = read_cover(of(Sheet("C", rows)))
    assert found is not None
    assert "focal_point" not in found.entries


def test_cover__label_that_stands_twice__counts_where_it_stands_first() -> None:
    rows = cover("en")
    rows.append(["", wording("workbook", COVER_ENTRIES["signed_off_by"].label)["en"], "Somebody else"])
    found = read_cover(of(Sheet("C", rows)))
    assert found is not None
    assert found.entries == READ


def test_cover__gone__says_nothing() -> None:
    submission = read(book(SOME))
    assert submission.cover is None
    assert "not_signed_off" not in codes(submission)


def test_cover__labels_gone_and_names_left__gives_every_entry() -> None:
    rows: list[list[CellValue]] = [[""], *([None, value] for value in ENTERED.values())]
    names: dict[str, NamedCell | None] = {
        entry.name: NamedCell("Hoja1", (row, 1)) for row, entry in enumerate(COVER_ENTRIES.values(), 1)
    }
    found = read_cover(of(Sheet("Hoja1", rows), names=names))
    assert found is not None
    assert (found.entries, found.sheet, found.sign_off_cell) == (READ, "Hoja1", "B7")


@pytest.mark.parametrize(
    ("typed", "read_as"), [("Oui", "Y"), ("NO", "N"), ("não", "N"), ("perhaps", "perhaps"), ("", None)]
)
def test_cover__whether_texts_may_be_published__only_a_yes_is_one(typed: str, read_as: str | None) -> None:
    rows = [row for row in cover("en") if wording("workbook", COVER_ENTRIES["texts_cleared"].label)["en"] not in row]
    rows.append(["", wording("workbook", COVER_ENTRIES["texts_cleared"].label)["pt"], typed])
    found = read_cover(of(Sheet("C", rows)))
    assert found is not None
    assert found.entries.get("texts_cleared") == read_as
