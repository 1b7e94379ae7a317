"""Owns reading the cells of a workbook: the only module that touches a reading library.

It gives every worksheet as rows of plain values at their true positions, and knows nothing of questionnaires.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from pipeline.formats import ZIPPED, Format
from pipeline.packages import MAX_CELLS, PackageFacts, read_package
from pipeline.zip_gate import PackageError

CellValue = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class ErrorText(str):
    """The text of a cell that holds an error, such as #N/A: content, but no answer."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """One worksheet; `rows[r][c]` is the cell in row r and column c, counted from 0, "" where nothing stands."""

    name: str
    rows: list[list[CellValue]]


@dataclass(frozen=True)
class Workbook:
    """What a file holds. `repeated` are sheet names that stand twice: only the first of them can be read."""

    sheets: tuple[Sheet, ...]
    facts: PackageFacts
    repeated: tuple[str, ...] = ()


class ReadError(Exception):
    """A file that cannot be read. `code` is that of the finding; `detail` is for whoever looks closer, in English."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def read_grids(data: bytes, format_: Format) -> Workbook:
    """The worksheets of a workbook; raises ReadError for one that is damaged, unsafe or locked with a password."""
    with _faults():
        facts = read_package(data) if format_ in ZIPPED else PackageFacts()
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
            if not names:
                raise ReadError("workbook_damaged", "the file holds no worksheet")
            sheets = tuple(
                _sheet(book.get_sheet_by_name(name), facts.errors.get(name, {})) for name in dict.fromkeys(names)
            )
    return Workbook(sheets, facts, tuple(name for name in dict.fromkeys(names) if names.count(name) > 1))


def _sheet(sheet: CalamineSheet, errors: Mapping[tuple[int, int], str]) -> Sheet:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        extent = f"{sheet.total_height} rows and {sheet.total_width} columns"
        raise ReadError("workbook_unsafe", f"the sheet {sheet.name} spans {extent}")
    # Leading empty rows and columns are kept: without them every address would be wrong.
    rows: list[list[CellValue]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    for (row, column), text in errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = ErrorText(text)
    return Sheet(sheet.name, rows)


@contextmanager
def _faults() -> Iterator[None]:
    """Turn whatever the reading library does to a bad file into a ReadError."""
    try:
        yield
    except ReadError:
        raise
    except PackageError as fault:
        raise ReadError(fault.code, fault.detail) from fault
    except PasswordError as error:
        raise ReadError("workbook_encrypted", str(error)) from error
    except (CalamineError, ValueError, OverflowError, OSError, MemoryError) as error:
        raise ReadError("workbook_damaged", str(error)) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError("workbook_damaged", f"the reading library gave up: {error}") from None
