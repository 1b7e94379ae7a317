"""Listing what came back: one entry a file, recognised by its content, whatever it is called."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.receiving.formats import Format, sniff
from pipeline.receiving.opening import open_file
from pipeline.receiving.receive import receive, receive_file
from pipeline.receiving.received import ReceivedFile, file_finding
from pipeline.receiving.store import Store
from pipeline.validation.batch import read_batch
from questionnaire.rounds.limits import ReadingLimits
from tests.pipeline.returned import SOME, book, mini_round, write

XLSX = write(book(SOME))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def zipped(parts: dict[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return result.getvalue()


def returns(tmp_path: Path, files: dict[str, bytes]) -> list[ReceivedFile]:
    for name, content in files.items():
        path = tmp_path / "returns" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return receive(mini_round(tmp_path))


def code(file: ReceivedFile) -> str:
    found = file_finding(file)
    return found.code if found else ""


def test_files__sorted_hidden_and_notes_left_out__subfolders_included(tmp_path: Path) -> None:
    files = returns(tmp_path, {"b.xlsx": XLSX, "a.txt": b"x", ".gitkeep": b"", "README.md": b"put them here",
                               "Brasil/c.xlsx": XLSX + b"\0", ".x/y.xlsx": XLSX})  # fmt: skip
    assert [file.name for file in files] == ["Brasil/c.xlsx", "a.txt", "b.xlsx"]
    assert [file.is_return for file in files] == [True, False, True]
    assert files[2].sha256 == hashlib.sha256(XLSX).hexdigest()
    assert files[2].size == len(XLSX)


def test_files__whose_name_begins_with_a_dot__are_listed_unless_a_program_put_them_there(tmp_path: Path) -> None:
    program = {".DS_Store": b"x", "._a.xlsx": b"x", ".~lock.a.xlsx#": b"x", ".gitignore": b"x", "Thumbs.db": b"x"}
    hidden, *others = returns(tmp_path, {".hidden.xlsx": XLSX, **program})
    assert (hidden.name, hidden.is_return, others) == (".hidden.xlsx", True, [])


def test_no_folder__no_files(tmp_path: Path) -> None:
    assert receive(mini_round(tmp_path)) == []


def test_same_content__is_one_return_and_the_later_names_are_kept(tmp_path: Path) -> None:
    first, second, third = returns(tmp_path, {"1.xlsx": XLSX, "2.xlsx": XLSX, "3.xlsx": XLSX})
    assert (first.is_return, [copy.name for copy in first.copies]) == (True, ["2.xlsx", "3.xlsx"])
    assert (second.is_return, second.same_as, third.same_as) == (False, "1.xlsx", "1.xlsx")
    found = file_finding(second)
    assert found is not None
    assert (found.code, found.severity, found.file) == ("duplicate_file", "info", "2.xlsx")
    assert "1.xlsx" in found.message_in("es")
    assert file_finding(first) is None


def test_copies__are_those_of_the_file_that_they_are_named_after(tmp_path: Path) -> None:
    found = returns(tmp_path, {"CAN (1).xlsx": XLSX, "CAN - Copy.xlsx": XLSX, "CAN.xlsx": XLSX})
    assert {file.name: file.same_as for file in found} == {
        "CAN.xlsx": "", "CAN (1).xlsx": "CAN.xlsx", "CAN - Copy.xlsx": "CAN.xlsx",
    }  # fmt: skip


def test_lock_file__is_no_return_and_no_blocker(tmp_path: Path) -> None:
    [lock] = returns(tmp_path, {"~$answers.xlsx": b"\x05Maria" + bytes(150)})
    found = file_finding(lock)
    assert found is not None
    assert (found.code, found.severity, lock.is_return) == ("lock_file", "info", False)


@pytest.mark.parametrize(
    ("name", "data", "format_", "expected"),
    [
        ("a.xlsx", XLSX, Format.XLSX, ""),
        ("a.pdf", XLSX, Format.XLSX, ""),
        ("a.xlsx", b"", Format.EMPTY, "file_empty"),
        ("a.xlsx", b"\0\0\0 \n", Format.EMPTY, "file_empty"),
        ("a.xlsx", b"R\xc3\xa9ponse\n", Format.TEXT, "file_is_text"),
        ("a.xlsx", b"Pays;R\xc3\xa9ponse\nBR;1\n", Format.CSV, "file_is_csv"),
        ("a.xls", b"\r\n<?xml version='1.0'?>\n<html xmlns='x'>", Format.HTML, "file_is_html"),
        (
            "a.xls",
            b"<?xml version='1.0'?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>",
            Format.FLAT,
            "file_is_flat",
        ),
        (
            "a.fods",
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<office:document xmlns:office='x'>",
            Format.FLAT,
            "file_is_flat",
        ),
        ("a.numbers", zipped({"Index/Document.iwa": b"x"}), Format.NUMBERS, "file_is_numbers"),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(range(90)), Format.OUTLOOK_PARCEL, "file_is_winmail"),
        ("a.xlsx", b"Pa\xeds;1\r\n", Format.TEXT, "file_is_text"),
        ("a.xls", b"<html><table>", Format.HTML, "file_is_html"),
        ("a.xlsx", "x".encode("utf-16"), Format.TEXT, "file_is_text"),
        ("a.xlsx", b"%PDF-1.7 ...", Format.PDF, "file_is_pdf"),
        ("a.jpg", b"\xff\xd8\xff\xe0 JFIF", Format.IMAGE, "file_is_image"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", Format.IMAGE, "file_is_image"),
        ("x.xlsx.gpg", b"\x85\x01\x0c\x03\x8a\x11", Format.PGP, "pgp_encrypted"),
        ("x.xlsx.pgp", b"\x8c\x0d\x04\x09\x03\x02", Format.PGP, "pgp_encrypted"),
        ("a.rtf", b"{\\rtf1 hello}", Format.DOCUMENT, "file_is_document"),
        ("a.docx", zipped({"word/document.xml": b"<x/>"}), Format.DOCUMENT, "file_is_document"),
        (
            "a.odt",
            zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}),
            Format.DOCUMENT,
            "file_is_document",
        ),
        ("a.ods", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), Format.ODS, ""),
        ("a.xlsb", zipped({"xl/workbook.bin": b"x"}), Format.XLSB, ""),
        ("a.xlsm", zipped({"xl/workbook.xml": b"", "[Content_Types].xml": b"macroEnabled.main+xml"}), Format.XLSM, ""),
        ("a.zip", zipped({"a.txt": b"x"}), Format.ZIP, "container_without_workbook"),
        ("a.gz", b"\x1f\x8b\x08 rest", Format.COMPRESSED, "archive_damaged"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c rest", Format.ARCHIVE, "file_is_archive"),
        ("a.eml", b"MIME-Version: 1.0\nFrom: x\n\nDear all", Format.MAIL, "container_without_workbook"),
        ("a.eml", b"\r\nDate: x\nFrom: x\n\n\0\1\2\xff", Format.MAIL, "container_without_workbook"),
        ("a.eml", b"Subject: the form\nis attached\n", Format.TEXT, "file_is_text"),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), Format.XLS, ""),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), Format.DOCUMENT, "file_is_document"),
        ("a.msg", OLE + "__properties_version1.0".encode("utf-16-le"), Format.OUTLOOK, "mail_damaged"),
        (
            "a.ods",
            zipped(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                }
            ),
            Format.ENCRYPTED,
            "",
        ),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), Format.ENCRYPTED, ""),
        ("a.xlsx", OLE, Format.OTHER, "not_a_workbook"),
        ("a.xlsx", bytes(range(256)), Format.OTHER, "not_a_workbook"),
        ("a.xlsx", XLSX[: len(XLSX) // 2], Format.XLSX, ""),
    ],
)
def test_format__by_content__decides(tmp_path: Path, name: str, data: bytes, format_: Format, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    file, *_ = open_file((Store(tmp_path / "store"), ReadingLimits()), receive_file(path))
    assert (file.format, code(file)) == (format_, expected)
    assert sniff(data) is format_


def test_link__out_of_the_folder__is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xlsx"
    secret.write_bytes(XLSX)
    folder = tmp_path / "returns"
    folder.mkdir()
    (folder / "a.xlsx").symlink_to(secret)
    (folder / "b").symlink_to(tmp_path)
    (folder / "c.xlsx").symlink_to(tmp_path / "gone.xlsx")
    assert [(file.name, code(file), file.sha256) for file in receive(mini_round(tmp_path))] == [
        ("a.xlsx", "link_not_followed", ""),
        ("b", "link_not_followed", ""),
        ("c.xlsx", "link_not_followed", ""),
    ]


def test_too_large__is_listed_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    with path.open("wb") as file:
        file.truncate(128 * 1024 * 1024 + 1)
    found = file_finding(receive_file(path))
    assert found is not None
    assert (found.code, found.severity) == ("file_too_large", "blocker")
    assert "128" in found.message_in("pt")


def test_not_opened__is_listed(tmp_path: Path) -> None:
    assert code(receive_file(tmp_path / "gone.xlsx")) == "file_not_opened"


def test_name__that_is_no_text__is_made_printable(tmp_path: Path) -> None:
    folder = tmp_path / "returns"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/r\xe9ponse.xlsx")).write_bytes(XLSX)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    [file] = receive(mini_round(tmp_path))
    assert file.name == "r\ufffdponse.xlsx"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_sniff__a_workbook_cut_short__is_still_a_workbook(share: float) -> None:
    assert sniff(XLSX[: int(len(XLSX) * share)]) is Format.XLSX
    ods = zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"x" * 5000})
    assert sniff(ods[: int(len(ods) * share)]) is Format.ODS


def test_content__altered_in_the_store__is_reported_and_never_read(tmp_path: Path) -> None:
    [file] = returns(tmp_path, {"a.xlsx": XLSX})
    file.path.write_bytes(XLSX[:-1] + b"?")
    assert code(receive(mini_round(tmp_path))[0]) == "file_changed"
    batch = read_batch(mini_round(tmp_path), [file])
    assert [found.code for found in batch.findings] == ["file_changed"]
