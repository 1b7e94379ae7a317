"""Word documents are read with their merged cells, printed numbers, bullets and footnotes; hidden and deleted text is not."""

import io
from collections.abc import Sequence
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from pipeline.documents.opening import Refused, open_document, table_of_bytes
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTable
from tests.questionnaire.indicator_table.grids import attributes, notes, read

HEADS = ("Results chain", "Indicators", "Means of verification")


def with_table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return table


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def table(document: Any) -> IndicatorTable:
    found = table_of_bytes(Choices(), ("plan.docx", saved(document)))
    assert isinstance(found, IndicatorTable), found
    return found


def add_run(paragraph: Any, text: str, **how: bool) -> None:
    run = paragraph.add_run(text)
    for name, value in how.items():
        setattr(run.font, name, value)


def test_two_tables__their_headings_are_sections__the_second_goes_on_without_heads() -> None:
    document = docx.Document()
    document.add_heading("Plan", 0)
    document.add_heading("Prevention", 1)
    with_table(document, [HEADS, ("1.1 Train", "Judges trained", "Report")])
    with_table(document, [("1.2 Inform", "Campaigns", "Report")])
    document.add_heading("Care", 1)
    with_table(document, [HEADS, ("2.1 House", "Beds", "Survey")])
    document.add_paragraph("Source: the ministry.")
    found = table(document)
    assert read(found) == [
        ("Prevention", "1.1", "Train", "", "Judges trained"),
        ("Prevention", "1.2", "Inform", "", "Campaigns"),
        ("Care", "2.1", "House", "", "Beds"),
    ]
    assert [one.place for one in found.indicators] == [
        f"table {n}, row {r}, column B" for n, r in ((1, 2), (2, 1), (3, 2))
    ]


def test_merged_cells__across_and_down__filled() -> None:
    document = docx.Document()
    grid = with_table(
        document,
        [
            ("Objective", "Indicator", "Unit"),
            ("HEALTH", "", ""),
            ("1. Nurses", "Nurses hired", "n"),
            ("", "Nurses trained", "%"),
            ("2. Beds", "Beds", "n"),
        ],
    )
    grid.cell(1, 0).merge(grid.cell(1, 2))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    grid.cell(3, 2).merge(grid.cell(4, 2))
    assert attributes(table(document)) == [[("unit", "n")], [("unit", "% n")], [("unit", "% n")]]
    assert read(table(document)) == [
        ("HEALTH", "1", "Nurses", "", "Nurses hired"),
        ("HEALTH", "1", "Nurses", "", "Nurses trained"),
        ("HEALTH", "2", "Beds", "", "Beds"),
    ]


def test_bullets_of_a_cell__one_indicator_each() -> None:
    document = docx.Document()
    grid = with_table(document, [HEADS, ("1. Train", "", "Report")])
    cell = grid.cell(1, 1)
    cell.paragraphs[0].text, cell.paragraphs[0].style = "judges trained", "List Bullet"
    for text in ("officers trained", "laws adopted"):
        cell.add_paragraph(text, style="List Bullet")
    found = table(document)
    assert [one.text for one in found.indicators] == ["judges trained", "officers trained", "laws adopted"]
    assert notes(found) == []


NUMBERING = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
</w:abstractNum>"""


def numbered(document: Any, paragraph: Any, depth: int) -> None:
    root = document.part.numbering_part.element
    if not any(one.get(qn("w:abstractNumId")) == "77" for one in root.iter(qn("w:abstractNum"))):
        root.insert(0, parse_xml(NUMBERING))
        root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = 77
    properties.get_or_add_ilvl().val = depth


def test_numbers_that_word_prints__are_identifiers() -> None:
    document = docx.Document()
    rows = [("Train", "Judges"), ("Inform", "Campaigns"), ("House", "Beds")]
    grid = with_table(document, [("Objective", "Indicator"), *rows])
    for row, depths in ((1, (0, 1)), (2, (0, 1)), (3, (0, 1))):
        for column, depth in enumerate(depths):
            numbered(document, grid.cell(row, column).paragraphs[0], depth)
    assert read(table(document)) == [
        ("", "1", "Train", "1.1", "Judges"),
        ("", "2", "Inform", "2.1", "Campaigns"),
        ("", "3", "House", "3.1", "Beds"),
    ]


def test_runs__footnote_off_power_stays__hidden_and_crossed_out() -> None:
    document = docx.Document()
    grid = with_table(document, [("Objective", "Indicator"), ("1. Land", ""), ("2. Sea", "")])
    first, second = (grid.cell(row, 1).paragraphs[0] for row in (1, 2))
    add_run(first, "Forest in km")
    add_run(first, "2", superscript=True)
    add_run(first, " saved")
    add_run(first, "3", superscript=True)
    add_run(first, " secretly", hidden=True)
    add_run(second, "Fish", strike=True)
    found = table(document)
    assert [one.text for one in found.indicators] == ["Forest in km² saved", "Fish"]
    assert notes(found) == [("indicator_retired", "table 1, row 3, column B")]


def test_content_control__its_row_is_read() -> None:
    document = docx.Document()
    grid = with_table(document, [("Objective", "Indicator"), ("1. Aim", "Sign")])
    row = grid.rows[1]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control.find(qn("w:sdtContent")).append(row)
    assert [one.text for one in table(document).indicators] == ["Sign"]


def test_headings_and_lists_without_a_table__an_outline() -> None:
    document = docx.Document()
    document.add_heading("Plan", 0)
    document.add_heading("Prevention", 1)
    for number, items in ((1, ("Judges", "Officers")), (2, ("Campaigns",))):
        document.add_heading(f"Objective {number}: Aim {number}", 2)
        for item in items:
            document.add_paragraph(item, style="List Bullet")
    assert read(table(document)) == [
        ("Prevention", "1", "Aim 1", "", "Judges"),
        ("Prevention", "1", "Aim 1", "", "Officers"),
        ("Prevention", "2", "Aim 2", "", "Campaigns"),
    ]


def test_empty_template__refused() -> None:
    document = docx.Document()
    with_table(document, [("", *HEADS), ("Impact", "", "", ""), ("Outputs", "", "", "")])
    refused = table_of_bytes(Choices(), ("plan.docx", saved(document)))
    assert isinstance(refused, Refused)
    assert "column C “Indicators” holds none below them. The file looks like an empty template." in refused.what


@pytest.mark.parametrize("text", ["One\nTwo", "Tab\there"])
def test_document__breaks_and_tabs__kept(text: str) -> None:
    document = docx.Document()
    document.add_paragraph(text)
    assert open_document("plan.docx", saved(document)).text == text
