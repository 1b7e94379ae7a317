"""Tables as bad as they come back: large ones, totals that contradict their parts, texts over formulas, pictures."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.findings import Finding, many_alike
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.layout import Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from schemas.answers_table import answers_frame
from tests.given import write_questionnaire
from tests.made_instruments import Made, indicators, sections, table
from tests.office import EACH_FORMAT, Edits, save_edited

pytestmark = pytest.mark.wide

LANDS, YEARS = 249, 7
TABLE = """
[[table]]
code = "{code}"
indicator = "A01"
{totals}label = {{ en = "{label}" }}

[[table.dimension]]
codelist = "{lines}"
total = "T"
label = {{ en = "By" }}
{across}
[[table.column]]
column = "n"
{type}
label = {{ en = "Number" }}
"""
ACROSS = '\n[table.across]\ncodelist = "years"\ntotal = "ALL"\n'
DECLARED = Made(
    table=table(("AID", [["Aid that was given"]])),
    questions=("source,text,,,,100,,,,Where do the figures come from?,,",),
    asked="source",
    indicators=indicators("A01"),
    settings=sections(("A", "AID")),
    codelists="".join(f"lands,L{number},,,Land {number}\n" for number in range(1, LANDS + 1))
    + "lands,T,,,All lands\n"
    + "".join(f"years,{year},,,{year}\n" for year in range(2019, 2019 + YEARS))
    + "years,ALL,,,All years\n"
    + "ways,ROAD,,,By road\nways,RAIL,,,By rail\nways,SEA,,,By sea\nways,AIR,,,By air\nways,T,,,All\n",
    tables=TABLE.format(code="aid", totals="", label="Aid", lines="lands", across=ACROSS, type='type = "whole_number"')
    + TABLE.format(
        code="shares", totals="", label="Shares", lines="ways", across="", type='type = "percent"\ndecimals = 0'
    )
    + TABLE.format(
        code="spent", totals='totals = "computed"\n', label="Spent", lines="ways", across="", type='type = "number"'
    ),
)
Typed = Mapping[tuple[str, int, str], CellValue]


@dataclass(frozen=True)
class Sent:
    """A questionnaire as it was sent."""

    round: Round
    layout: Layout
    path: Path

    def sheet(self, code: str) -> TableSheet:
        found = self.layout.list_of(code)
        assert isinstance(found, TableSheet)
        return found

    def cell(self, code: str, line: int, column: str) -> str:
        sheet = self.sheet(code)
        return f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}"

    def filled(self, target: Path, typed: Typed) -> Path:
        """A return with these cells."""
        book = FilledWorkbook(self.path, self.layout, tab_names(self.layout), "en")
        for (code, line, column), value in typed.items():
            book.type_at(self.sheet(code).code, self.cell(code, line, column), value)
        book.save(target, dt.datetime(2026, 3, 1))
        return target

    def read(self, path: Path) -> Submission:
        return tidy(receive_file(path), path.read_bytes(), self.round, self.layout)

    def found(self, read: Submission) -> list[Finding]:
        """What reading and rules find, but for the sign-off and what the edit itself leaves."""
        rules = validate(answers_frame(read.rows), self.round.instrument, self.round.period.parameters, {})
        beside = ("not_signed_off", "protection_removed", "cells_blank")
        return [entry for entry in (*read.findings, *rules) if entry.code not in beside]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    folder = tmp_path_factory.mktemp("bad tables")
    round_ = DECLARED.round(folder, ["AAA"])
    layout = Layout.of(round_)
    write_questionnaire(folder / "sent.xlsx", round_, round_.participants[0], layout)
    return Sent(round_, layout, folder / "sent.xlsx")


def aid(**other: int) -> dict[tuple[str, int, str], CellValue]:
    """2,000 cells that add up; `other` totals of lines are so much more: L3=1."""
    found: dict[tuple[str, int, str], CellValue] = {}
    for line in range(1, LANDS + 2):
        number = line if line <= LANDS else sum(range(1, LANDS + 1))
        found |= {("aid", line, f"n_{year}"): number for year in range(2019, 2019 + YEARS)}
        found["aid", line, "n_all"] = number * YEARS + other.get(f"L{line}", 0)
    return found


def test_table__of_2000_cells_and_250_lines__is_read_number_by_number_without_a_finding(
    sent: Sent, tmp_path: Path
) -> None:
    typed = aid()
    assert len(typed) == 2000
    read = sent.read(sent.filled(tmp_path / "back.xlsx", typed))
    names = ("block", "line", "field", "number")
    rows = zip(*(read.rows[name] for name in names), strict=True)
    assert {row[:3]: row[3] for row in rows if row[0] == "aid" and row[2] != "lands"} == typed
    assert sent.found(read) == []


def test_totals__that_contradict_their_parts_in_ten_places__are_found_in_each_and_said_once(
    sent: Sent, tmp_path: Path
) -> None:
    wrong = {f"L{line}": 1 if line % 2 else -1 for line in range(11, 21)}
    found = sent.found(sent.read(sent.filled(tmp_path / "back.xlsx", aid(**wrong))))
    cells = [sent.cell("aid", line, "n_all") for line in range(11, 21)]
    assert sorted((entry.code, entry.cell) for entry in found) == [("columns_total", cell) for cell in cells]
    (note,) = many_alike(found).values()
    assert (note.code, note.cell, note.values["count"]) == ("many_alike", cells[0], 10)


@pytest.mark.parametrize(("most", "found"), [(26, []), (27, []), (28, ["lines_total"])])
def test_percentages__that_add_up_to_101_by_rounding__are_right_and_beyond_it_wrong(
    sent: Sent, tmp_path: Path, most: int, found: list[str]
) -> None:
    """Four parts, each off by half a unit at most: up to 2 together."""
    parts = {("shares", line, "n"): share / 100 for line, share in enumerate((25, 25, 25, most), 1)}
    read = sent.read(sent.filled(tmp_path / "back.xlsx", {**parts, ("shares", 5, "n"): 1}))
    assert [(entry.code, entry.cell) for entry in sent.found(read)] == [
        (code, sent.cell("shares", 5, "n")) for code in found
    ]


SPENT: Typed = {("spent", line, "n"): 10.5 * line for line in range(1, 5)}


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", EACH_FORMAT)
def test_total__with_a_text_over_its_formula_or_in_it__counts_as_computed_and_is_named(
    sent: Sent, tmp_path: Path, uno_python: Path, extension: str
) -> None:
    tab, cell = tab_names(sent.layout)[sent.sheet("spent").code], sent.cell("spent", 5, "n")
    edits: dict[str, Edits] = {
        "over": (("type_text", tab, cell, "about 100"),),
        "within": (("type_in", tab, cell, '="about "&100'),),
    }
    save_edited(uno_python, sent.filled(tmp_path / "filled.xlsx", SPENT), edits, extension)
    expected = {"over": "computed_overwritten", "within": "computed_differs"}
    if extension == "xls":
        del expected["within"]  # LibreOffice writes 0 there for a text that a formula gives
    for name, code in expected.items():
        read = sent.read(tmp_path / f"{name}.{extension}")
        (found,) = (entry for entry in sent.found(read) if entry.field == "spent.n")
        assert (found.code, found.cell, found.values["typed"]) == (code, cell, "about 100")
        rows = zip(*(read.rows[column] for column in ("block", "line", "number")), strict=True)
        assert [row[2] for row in rows if row[:2] == ("spent", 5)][-1] == 105


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", EACH_FORMAT)
def test_table__pasted_as_a_picture__is_a_finding_at_its_place_and_the_cells_are_blank(
    sent: Sent, tmp_path: Path, uno_python: Path, extension: str
) -> None:
    tab, cell = tab_names(sent.layout)[sent.sheet("spent").code], sent.cell("spent", 1, "n")
    (tmp_path / "table.png").write_bytes(_picture())
    filled = sent.filled(tmp_path / "filled.xlsx", {("shares", line, "n"): 0.25 for line in range(1, 5)})
    pasted: Edits = (("paste_picture", tab, cell, str(tmp_path / "table.png")),)
    save_edited(uno_python, filled, {"pasted": pasted}, extension)
    read = sent.read(tmp_path / f"pasted.{extension}")
    found = {
        entry.code: (entry.sheet, entry.cell) for entry in read.findings if entry.sheet == tab and entry.field == ""
    }
    found.pop("protection_removed")
    # In .ods the picture lies on the page, at no cell: nothing says that it is meant for the table.
    severity = "warning" if extension == "ods" else "error"
    assert [str(entry.severity) for entry in read.findings if entry.code == "pictures_found"] == [severity]
    assert found == {"pictures_found": (tab, "" if extension == "ods" else cell), "cells_blank": (tab, cell)}


def _picture() -> bytes:
    """A grey PNG."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", 40, 20, 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + b"\x80" * 40 for _ in range(20))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
