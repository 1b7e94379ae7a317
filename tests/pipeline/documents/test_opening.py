"""A file that is no indicator table is refused with what it is and what to do; a hostile one costs nothing but itself."""

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.documents.opening import Refused, read_table, table_of_bytes
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTableError
from questionnaire.rounds.limits import ReadingLimits


def refused(name: str, data: bytes) -> Refused:
    found = table_of_bytes(Choices(), (name, data))
    assert isinstance(found, Refused)
    return found


def packed(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "what", "remedy"),
    [
        ("plan.pdf", b"%PDF-1.7\n%...", "This is a PDF", "Open it with Word"),
        ("plan.docx", b"%PDF-1.7\n%...", "This is a PDF", "Open it with Word"),
        ("plan.xlsx", b"", "The file is empty", "Give the file"),
        ("plan.png", b"\x89PNG\r\n\x1a\n123", "This is a picture", "Give the document"),
        (
            "plan.rtf",
            b"{\\rtf1 Indicators}",
            "This is a text document in a format other than .docx",
            "save it as .docx",
        ),
        ("plan.zip", packed(plan="Indicators"), "This is an archive", "Unpack it"),
        ("plan.json", b'[{"indicator": "1.1.1 Sign"}]', "This is data or a program", "Give the table"),
        ("plan.php", b"<?php\nreturn ['1.1.1' => 'Sign'];", "This is data or a program", "Give the table"),
        (
            "plan.txt",
            b"Dear colleagues,\n\nplease find the table attached.",
            "The document has no numbered",
            "columns with",
        ),
        (
            "plan.csv",
            b"Item;Amount\nPaper;100\nPens;20\n",
            "None of the first 20 rows",
            "--map objective=A,indicator=B",
        ),
    ],
)
def test_refused__what_it_is_and_what_to_do(name: str, data: bytes, what: str, remedy: str) -> None:
    found = refused(name, data)
    assert found.what.startswith(what)
    assert remedy in found.remedy


def test_refused__package_that_is_cut_short() -> None:
    data = packed(word__document_xml="<w:document/>")
    assert refused("plan.docx", data[:-30]).what in ("The file is damaged.", "This is an archive.")


def test_refused__document_with_a_document_type() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document>&a;</w:document>'
    assert refused("plan.docx", packed(word__document_xml=bomb)).what.startswith("The file asks for more room")


def test_read_table__in_a_child__read_and_refused_alike(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Objective,Indicator\n1. Aim,Sign\n", encoding="utf-8")
    assert [one.text for one in read_table(path, Choices()).indicators] == ["Sign"]
    path.write_text("Item,Amount\nPaper,1\n", encoding="utf-8")
    with pytest.raises(IndicatorTableError, match=r"^plan\.csv: None of the first 20 rows"):
        read_table(path, Choices())


def test_read_table__that_takes_too_long__refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    rows = "\n".join(f"{n}. Aim,{'- a b ' * 400}" for n in range(20_000))
    path.write_text(f"Objective,Indicator\n{rows}\n", encoding="utf-8")
    with pytest.raises(IndicatorTableError, match="took too long"):
        read_table(path, Choices(), ReadingLimits(file_mb=60, cpu_seconds=1, seconds=2))


def test_read_table__too_large_or_not_there__refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(b"x" * 1_100_000)
    with pytest.raises(IndicatorTableError, match="larger than 1 MB"):
        read_table(path, Choices(), ReadingLimits(file_mb=1))
    with pytest.raises(IndicatorTableError, match=r"^absent\.csv: The file cannot be opened"):
        read_table(tmp_path / "absent.csv", Choices())
