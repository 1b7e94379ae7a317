"""Tables as CSV: harmless in every column, blank, zero and text apart, and a flavour that Excel opens."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.publication.formats.csv_files import Signs, signs, write_csv
from pipeline.publication.formats.flavour import Flavour

PLAIN = Signs()
FORMULA, MADE_HARMLESS = "=HYPERLINK(1)", "'=HYPERLINK(1)"


def csv_of(table: pd.DataFrame, tmp_path: Path, written: Signs = PLAIN) -> str:
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), tmp_path / "table.parquet")
    write_csv(tmp_path / "table.parquet", tmp_path / "table.csv", written)
    return (tmp_path / "table.csv").read_bytes().decode("utf-8")


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_csv__a_text_that_a_program_would_obey__is_made_harmless_in_any_column(dtype: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"sheet": pd.Series([FORMULA, "plain", FORMULA, None, "\u202eplain"], dtype=dtype)})
    assert csv_of(table, tmp_path) == f'\ufeffsheet\n{MADE_HARMLESS}\nplain\n{MADE_HARMLESS}\n""\nplain\n'


def test_csv__blank_zero_and_the_text_zero__stay_what_they_are(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "text": ["0", "", None, "a\nb"],
            "number": [0.0, -1.5, None, 2.0],
            "count": pd.array([0, -1, None, 2], dtype="Int64"),
            "mark": pd.array([True, False, None, True], dtype="boolean"),
            "day": [dt.date(2025, 3, 1), None, None, None],
        }
    )
    assert csv_of(table, tmp_path) == (
        '\ufefftext,number,count,mark,day\n0,0.0,0,True,2025-03-01\n,-1.5,-1,False,\n,,,,\n"a\nb",2.0,2,True,\n'
    )


def test_csv__more_rows_than_are_written_at_a_time__are_all_there(tmp_path: Path) -> None:
    rows = 40_001
    lines = csv_of(pd.DataFrame({"number": range(rows)}), tmp_path).splitlines()
    assert lines == ["\ufeffnumber", *map(str, range(rows))]


@pytest.mark.parametrize(("decimal", "separator"), [(".", ","), (",", ";")])
def test_csv__texts_that_are_numbers__are_spelled_as_numbers_in_their_columns_alone(
    decimal: str, separator: str, tmp_path: Path
) -> None:
    texts = ["-2.7", "12.3", "3", "1e+16", "2025-03-01", "-x", "1.2.3", "=1", None]
    pq.write_table(pa.table({"number": texts, "raw": texts}), tmp_path / "table.parquet")
    write_csv(tmp_path / "table.parquet", tmp_path / "table.csv", Signs(separator, decimal), {"number"})
    rows = [line.split(separator) for line in (tmp_path / "table.csv").read_text("utf-8-sig").splitlines()[1:]]
    assert [row[0].replace(decimal, ".") for row in rows[:4]] == ["-2.7", "12.3", "3", "1e+16"]
    assert [row[0] for row in rows[:2]] == [f"-2{decimal}7", f"12{decimal}3"]
    assert [row[0] for row in rows[4:]] == ["2025-03-01", "'-x", "1.2.3", "'=1", ""]
    assert [row[1] for row in rows] == ["'-2.7", "12.3", "3", "1e+16", "2025-03-01", "'-x", "1.2.3", "'=1", ""]


@pytest.mark.parametrize(
    ("language", "line"), [("fr", "'=1;2,5;3"), ("es", "'=1;2,5;3"), ("pt", "'=1;2,5;3"), ("en", "'=1,2.5,3")]
)
def test_csv__for_excel__has_the_signs_of_a_language(language: str, line: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["=1"], "number": [2.5], "count": [3]})
    assert csv_of(table, tmp_path, signs(Flavour.EXCEL, language)).splitlines()[1] == line
    assert csv_of(table, tmp_path, signs(Flavour.PLAIN, language)).splitlines()[1] == "'=1,2.5,3"


def test_csv__equal_values_of_different_types__are_spelled_as_what_they_are(tmp_path: Path) -> None:
    table = pd.DataFrame({"number": [1.0, float("inf"), 1e16], "count": [1, 0, 2], "mark": [True, False, True]})
    assert csv_of(table, tmp_path) == "\ufeffnumber,count,mark\n1.0,1,True\ninf,0,False\n1e+16,2,True\n"


def test_csv__a_number_that_is_none__is_empty(tmp_path: Path) -> None:
    pq.write_table(pa.table({"number": [float("nan"), 1.0], "text": ["a", "b"]}), tmp_path / "table.parquet")
    write_csv(tmp_path / "table.parquet", tmp_path / "table.csv", PLAIN)
    assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig") == "number,text\n,a\n1.0,b\n"


def test_csv__separators_and_quotation_marks__stand_in_quotation_marks(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["a,b", "a;b", 'a"b', "é"], "number": [1.5] * 4})
    assert csv_of(table, tmp_path).splitlines()[1:] == ['"a,b",1.5', "a;b,1.5", '"a""b",1.5', "é,1.5"]
    assert csv_of(table, tmp_path, Signs(";", ",")).splitlines()[1:] == ["a,b;1,5", '"a;b";1,5', '"a""b";1,5', "é;1,5"]


def test_csv__of_no_rows__has_its_heads(tmp_path: Path) -> None:
    assert csv_of(pd.DataFrame({"a": pd.Series(dtype="str"), "b": pd.Series(dtype="str")}), tmp_path) == "\ufeffa,b\n"
