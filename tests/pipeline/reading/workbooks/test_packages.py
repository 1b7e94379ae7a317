"""What stands behind the cells is found wherever and however a program writes it, or is known not to be seen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from pipeline.reading.workbooks.grids import ErrorText, Workbook, read_grids
from pipeline.reading.workbooks.metadata import NamedCell, SheetMetadata
from pipeline.reading.workbooks.packages import read_package
from pipeline.receiving.formats import Format, sniff
from pipeline.receiving.zip_gate import PackageError
from tests.pipeline.reading.workbooks.small_package import (
    MAIN,
    RELATIONS,
    Parts,
    packed,
    relations,
    small_parts,
)

SEEN = SheetMetadata(
    errors={(0, 1): "#REF!"},
    formulas=frozenset({(0, 2)}),
    notes={(2, 0): "ask Ana"},
    struck=frozenset({(1, 0), (1, 2), (2, 0)}),
    number_formats={(1, 1): "0%"},
    merged=((3, 3, 3, 4),),
    hidden_rows=frozenset({1}),
    validations=1,
    validated=((0, 2, 0, 2), (1, 3, 2, 3)),
    formats=1,
    is_protected=True,
)


def capitals(parts: Parts) -> Parts:
    return {name.replace("sheet1.", "SHEET1.").replace("sharedS", "SharedS"): part for name, part in parts.items()}


def all_capitals(parts: Parts) -> Parts:
    return {name.upper(): part for name, part in parts.items()}


def backslashes(parts: Parts) -> Parts:
    return {name.replace("/", "\\"): part for name, part in parts.items()}


def other_folders(parts: Parts) -> Parts:
    """The workbook and its sheet elsewhere, the sheet by an absolute target."""
    moved = {
        re.sub("^xl/", "book/", name).replace("worksheets/", "tabs/").replace("sheet1", "uno"): part
        for name, part in parts.items()
    }
    targets = (("worksheet", "/book/tabs/uno.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"))
    return moved | {
        "_rels/.rels": parts["_rels/.rels"].replace(b"xl/workbook.xml", b"/book/workbook.xml"),
        "book/_rels/workbook.xml.rels": relations(*targets),
    }


def other_extension(parts: Parts) -> Parts:
    renamed = {name.replace("sheet1.xml", "sheet1.dat"): part for name, part in parts.items()}
    rels = "xl/_rels/workbook.xml.rels"
    return renamed | {rels: parts[rels].replace(b"sheet1.xml", b"sheet1.dat")}


def single_quotes(parts: Parts) -> Parts:
    quoted = {name: re.sub(rb"=\"([^\"]*)\"", rb"='\1'", part) for name, part in parts.items()}
    assert b'"' not in b"".join(quoted.values())
    return quoted


def strict(parts: Parts) -> Parts:
    def change(part: bytes) -> bytes:
        return part.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            RELATIONS.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )

    return {name: change(part) for name, part in parts.items()}


def prefixed(parts: Parts) -> Parts:
    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/") or name.endswith(".rels"):
            return part
        return re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", part).replace(b"xmlns=", b"xmlns:x=")

    return {name: change(name, part) for name, part in parts.items()}


def spread_out(parts: Parts) -> Parts:
    """Every tag on lines of its own, as programs write it that are meant to be read by people."""

    def change(part: bytes) -> bytes:
        return re.sub(rb" (?=[\w:]+=)", b"\n    ", part.replace(b"><", b">\n  <"))

    return {name: change(part) for name, part in parts.items()}


def without_positions(parts: Parts) -> Parts:
    name = "xl/worksheets/sheet1.xml"
    return parts | {name: re.sub(rb"(<c|<row) r=\"\w+\"", rb"\1", parts[name])}


def with_byte_order_mark(parts: Parts) -> Parts:
    head = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- by hand -->'
    return {name: head + part for name, part in parts.items()}


def look(parts: Parts) -> Workbook:
    data = packed(parts)
    assert sniff(data) is Format.XLSX
    return read_grids(data, Format.XLSX)


WRITTEN = (
    capitals, all_capitals, backslashes, other_folders, other_extension, single_quotes, strict, prefixed, spread_out, without_positions,
    with_byte_order_mark,
)  # fmt: skip


@pytest.mark.parametrize("zone", ["", "Z", "+02:00"])
def test_time_of_saving__of_any_zone__is_in_utc(zone: str) -> None:
    core = small_parts()["docProps/core.xml"].replace(b"2026-03-01T10:00:00Z", f"2026-03-01T10:00:00{zone}".encode())
    saved = look(small_parts() | {"docProps/core.xml": core}).metadata.last_saved
    assert saved is not None
    assert saved.isoformat() == f"2026-03-01T{'08' if zone == '+02:00' else '10'}:00:00+00:00"


@pytest.mark.parametrize("write", [dict, *WRITTEN], ids=lambda write: write.__name__)
def test_package__written_in_any_way__shows_what_stands_behind_its_cells(write: Callable[[Parts], Parts]) -> None:
    workbook = look(write(small_parts()))
    [sheet] = workbook.sheets
    assert (sheet.name, sheet.metadata) == ("Uno & dos", SEEN)
    assert sheet.rows[0][:2] == ["plain", "#REF!"]
    assert isinstance(sheet.rows[0][1], ErrorText)
    metadata = workbook.metadata
    assert metadata.names == {"one": NamedCell("Uno & dos", (0, 2))}
    assert (metadata.program, metadata.date_1904, metadata.is_complete) == ("By hand", True, True)
    assert metadata.last_saved == dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)


def test_package__with_two_parts_that_differ_by_capitals__is_damaged() -> None:
    parts = small_parts()
    twice = packed({**parts, "xl/worksheets/Sheet1.xml": parts["xl/worksheets/sheet1.xml"]})
    with pytest.raises(PackageError) as raised:
        read_package(twice)
    assert raised.value.code == "workbook_damaged"


def replaced(name: str, old: bytes, new: bytes) -> Parts:
    parts = small_parts()
    assert old in parts[name]
    return parts | {name: parts[name].replace(old, new)}


UNSEEN = {
    "sheet_no_xml_for_a_strict_parser": replaced("xl/worksheets/sheet1.xml", b"<mergeCells", b"<x a='1' a='2'/><mergeCells"),
    "sheet_with_an_entity": replaced("xl/worksheets/sheet1.xml", b"</worksheet>", b"&nbsp;</worksheet>"),
    "sheet_cut_short": replaced("xl/worksheets/sheet1.xml", b"</worksheet>", b""),
    "styles": replaced("xl/styles.xml", b"</styleSheet>", b"</styleSheet><"),
    "styles_missing_a_number": replaced("xl/styles.xml", b'fontId="1"', b'fontId="one"'),
    "shared_texts": replaced("xl/sharedStrings.xml", b"</sst>", b"</sst><"),
    "comments": replaced("xl/comments1.xml", b"</comments>", b""),
    "relations_of_the_sheet": replaced("xl/worksheets/_rels/sheet1.xml.rels", b"</Relationships>", b""),
}  # fmt: skip


@pytest.mark.parametrize("parts", UNSEEN.values(), ids=UNSEEN)
def test_part__not_understood_but_by_the_reading_library__leaves_its_sheet_unseen(parts: Parts) -> None:
    workbook = look(parts)
    [sheet] = workbook.sheets
    assert sheet.rows[0][0] == "plain"
    assert sheet.metadata == SheetMetadata(is_seen=False)


def test_sheet_unseen__leaves_the_others_seen() -> None:
    parts = replaced("xl/workbook.xml", b"</sheets>", b'<sheet name="Dos" sheetId="2" r:id="rId4"/></sheets>')
    targets = ("worksheets/sheet1.xml", "styles.xml", "sharedStrings.xml", "worksheets/sheet2.xml")
    kinds = ("worksheet", "styles", "sharedStrings", "worksheet")
    parts["xl/_rels/workbook.xml.rels"] = relations(*zip(kinds, targets, strict=True))
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet1.xml"] + b"<"
    assert [sheet.metadata.is_seen for sheet in look(parts).sheets] == [True, False]


def test_conversation__stands_once_without_the_copy_for_older_programs() -> None:
    parts = small_parts()
    targets = (("threadedComment", "../threadedComments/threadedComment1.xml"), ("comments", "../comments1.xml"))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(*targets)
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments><threadedComment ref="A3" id="1"><text>Which year?</text></threadedComment>'
        b'<threadedComment ref="A3" id="2" parentId="1"><text>2024 &amp; 2025</text></threadedComment></ThreadedComments>'
    )
    assert look(parts).sheets[0].metadata.notes == {(2, 0): "Which year?\n2024 & 2025"}
