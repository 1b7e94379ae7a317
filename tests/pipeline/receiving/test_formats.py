"""Workbooks as they come: of every format, locked or incomplete, each read or refused for its own reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from random import Random

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from pipeline.reading.tidy import tidy
from pipeline.reading.workbooks.grids import ReadError
from pipeline.reading.workbooks.locked import unlocked
from pipeline.receiving.formats import Format, sniff
from pipeline.receiving.receive import receive
from pipeline.validation.batch import read_batch
from questionnaire.rounds.limits import ReadingLimits
from tests.pipeline.consolidated import consolidate
from tests.pipeline.mails import compound, mail, zipped
from tests.pipeline.returned import SOME, book, codes, layout, mini_round, received, write

XLSX = write(book(SOME))
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_STRICT = (
    (b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"),
    (b"schemas.openxmlformats.org/officeDocument/2006/", b"purl.oclc.org/ooxml/officeDocument/"),
)


def changed(*changes: tuple[bytes, bytes], without: str = "") -> bytes:
    """The workbook with bytes of its parts replaced, and one part left out."""
    with zipfile.ZipFile(io.BytesIO(XLSX)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != without}
    for old, new in changes:
        parts = {name: content.replace(old, new) for name, content in parts.items()}
    return zipped(parts)


def password(word: str, data: bytes = XLSX) -> bytes:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(word, locked)
    return locked.getvalue()


def said(data: bytes, name: str = "return.xlsx") -> list[str]:
    return codes(tidy(received(data, name), data, mini_round(), layout()))


def test_strict_office_format__is_read_like_any() -> None:
    assert said(changed(*_STRICT)) == said(XLSX)


@pytest.mark.parametrize("name", ["a.xls", "a.pdf", "a", "a.csv"])
def test_workbook__whatever_its_extension__is_read(name: str) -> None:
    assert said(XLSX, name) == said(XLSX)


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
    ],
)
def test_missing_part__is_damaged(part: str) -> None:
    assert said(changed(without=part)) == ["workbook_damaged"]


def test_charts_only__is_reported_as_such() -> None:
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data, {"in_memory": True})
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "=Chart!$A$1"})
    made.add_chartsheet("Chart").set_chart(chart)
    made.close()
    assert said(data.getvalue()) == ["workbook_without_sheets"]


def test_locked__with_excels_own_password__is_read_and_the_file_stays_as_it_came() -> None:
    data = password("VelvetSweatshop")
    assert sniff(data) is Format.ENCRYPTED
    assert unlocked(data, Format.ENCRYPTED) == (XLSX, Format.XLSX)
    assert said(data) == said(XLSX)


def test_locked__with_any_other_password__asks_for_an_unlocked_copy() -> None:
    assert said(password("secret")) == ["workbook_encrypted"]
    assert said(compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": b"x"})) == ["workbook_encrypted"]


def test_locked__what_comes_out_is_no_workbook__stays_closed() -> None:
    with pytest.raises(ReadError, match="no workbook but document"):
        unlocked(
            password(
                "VelvetSweatshop",
                zipped({"word/document.xml": Random(1).randbytes(6000), "[Content_Types].xml": TYPES}),
            ),
            Format.ENCRYPTED,
        )


def test_ods__locked__asks_for_an_unlocked_copy() -> None:
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert said(zipped({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": b"?"})) == [
        "workbook_encrypted"
    ]


def test_register__a_file_that_kills_its_reader__is_one_row_and_costs_no_other(tmp_path: Path) -> None:
    heavy = changed((b"</sheetData>", b'<row r="70000"><c r="CV70000"><v>1</v></c></row></sheetData>'))
    folder = tmp_path / "returns"
    folder.mkdir()
    for name, data in {
        "1.xlsx": XLSX,
        "2.xlsx": heavy,
        "3.eml": mail([("a.xlsx", heavy), ("b.xlsx", XLSX + b"\0")]),
    }.items():
        (folder / name).write_bytes(data)
    round_ = mini_round(tmp_path, limits=ReadingLimits(memory_mb=200))
    register = consolidate(round_, read_batch(round_, receive(round_))).returns
    assert register[["file", "format", "verdict", "reason"]].to_numpy().tolist() == [
        ["1.xlsx", "xlsx", "unverified", "key_missing"],
        ["2.xlsx", "xlsx", "not_usable", "reading_died"],
        ["3.eml", "mail", "not_a_return", "container_opened"],
        ["3.eml/a.xlsx", "xlsx", "duplicate", "same content as 2.xlsx"],
        ["3.eml/b.xlsx", "xlsx", "unverified", "key_missing"],
    ]


def test_compound_file__names_in_capitals_and_a_workbook_attached__is_reported_by_its_topmost_streams() -> None:
    assert sniff(compound({"WORKBOOK": bytes(5000), "Small": b"x"})) is Format.XLS
    assert sniff(compound({"__properties_version1.0": bytes(40), "a": {"Workbook": bytes(5000)}})) is Format.OUTLOOK
