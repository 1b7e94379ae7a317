"""Reads the cells of a workbook: the only module that touches a reading library.

It gives every worksheet as rows of plain values at their true positions, and knows nothing of questionnaires.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.reading.workbooks.extent import MAX_CELLS, check_legacy
from pipeline.reading.workbooks.legacy_sheets import read_legacy
from pipeline.reading.workbooks.metadata import NO_METADATA, UNSEEN, At, SheetMetadata, WorkbookMetadata
from pipeline.reading.workbooks.opendocument.content import without_indents
from pipeline.reading.workbooks.packages import Package, PlainSheet, read_package
from pipeline.reading.workbooks.plain_packages import NotPlainError, for_the_library, in_plain_xml
from pipeline.receiving.formats import ZIPPED, Format
from pipeline.receiving.zip_gate import PackageError
from questionnaire.addresses import address

CellValue = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class ErrorText(str):
    """The text of a cell that holds an error, such as #N/A: content, but no answer. `code` is that of the finding."""

    __slots__ = ()
    code = "error_value"


class NoResult(ErrorText):
    """A formula whose result is not in the file."""

    __slots__ = ()
    code = "formula_without_result"


class StruckOut(ErrorText):
    """What stands in a cell of which something is crossed out: whether it is still meant, only its writer knows."""

    __slots__ = ()
    code = "struck_out"


@dataclass(frozen=True)
class Sheet:
    """One worksheet; `rows[r][c]` is the cell in row r and column c, counted from 0, "" where nothing stands.

    `is_turned` is True for one whose rows are columns in the file.
    """

    name: str
    rows: list[list[CellValue]]
    metadata: SheetMetadata = NO_METADATA
    is_visible: bool = True
    is_turned: bool = False

    @cached_property
    def texts(self) -> tuple[tuple[int, int, str], ...]:
        """Row, column and text, without blanks around it, of each cell that holds a text."""
        found = [
            (r, c, value.strip())
            for r, cells in enumerate(self.rows)
            for c, value in enumerate(cells)
            if value and isinstance(value, str)
        ]
        return tuple(found)

    @cached_property
    def words(self) -> frozenset[str]:
        """Each different text of the sheet, as it stands in a cell."""
        return frozenset(value for value in set(chain.from_iterable(self.rows)) if value and isinstance(value, str))

    def turned(self) -> "Sheet":
        """The same with its rows as columns."""
        rows: list[list[CellValue]] = [list(cells) for cells in zip_longest(*self.rows, fillvalue="")]
        return Sheet(self.name, rows, self.metadata.turned(), self.is_visible, not self.is_turned)

    def in_file(self, at: At) -> At:
        """Where a cell stands in the file."""
        return (at[1], at[0]) if self.is_turned else at

    def address(self, at: At) -> str:
        """The address of a cell in the file."""
        return address(*self.in_file(at))

    def shows(self, at: At) -> bool:
        """False for a cell in a hidden row or column, or on a hidden sheet."""
        return self.is_visible and at[0] not in self.metadata.hidden_rows and self.metadata.width(at[1]) != 0


@dataclass(frozen=True)
class Workbook:
    """What a file holds. `repeated` are sheet names that stand twice: only the first of them can be read."""

    sheets: tuple[Sheet, ...]
    metadata: WorkbookMetadata
    repeated: tuple[str, ...] = ()


class ReadError(Exception):
    """A file that cannot be read. `code` is that of the finding; `detail` is for whoever looks closer, in English."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def read_grids(data: bytes, format_: Format, unread: frozenset[str] = frozenset()) -> Workbook:
    """The worksheets of a workbook; raises ReadError for one that is damaged, unsafe or locked with a password.

    Of the sheets called as in `unread` nobody wants to know more than that they are there.
    """
    with _faults():
        if format_ in ZIPPED:
            data, package = _packaged(data, unread)
        else:
            check_legacy(data)
            package = Package(WorkbookMetadata())
        metadata = package.metadata
        cells = _plain(package.sheets) if package.sheets else _cells(data, format_, unread)
    rows, names = cells.rows, cells.names
    if format_ is Format.XLS:
        metadata, plain = read_legacy(data, unread)
        for name, grid in rows.items():
            _mend(grid, plain.get(name, {}))
    sheets = tuple(
        _sheet(name, grid, NO_METADATA if name in unread else metadata.sheets.get(name, UNSEEN), cells.visible[name])
        for name, grid in rows.items()
    )
    return Workbook(sheets, metadata, tuple(name for name in rows if names.count(name) > 1))


@dataclass(frozen=True)
class _Cells:
    """What the library gives: the names of the worksheets as they stand, the rows of each, and which are visible."""

    names: list[str]
    rows: dict[str, list[list[CellValue]]]
    visible: dict[str, bool]


def _packaged(data: bytes, unread: frozenset[str]) -> tuple[bytes, Package]:
    """A zip package, in UTF-8 if it was not, and what is in it."""
    try:
        return data, read_package(data, unread)
    except NotPlainError:
        data = in_plain_xml(data)
        return data, read_package(data, unread)


def _plain(sheets: Mapping[str, PlainSheet]) -> _Cells:
    """The cells that were taken from the parts of a package, for which the library need not be asked again."""
    rows: dict[str, list[list[CellValue]]] = {name: sheet.rows for name, sheet in sheets.items()}  # type: ignore[misc]
    return _Cells(list(sheets), rows, {name: sheet.is_visible for name, sheet in sheets.items()})


def _cells(data: bytes, format_: Format, unread: frozenset[str]) -> _Cells:
    """The cells of a workbook, rewritten where the library does not take it as it is."""
    try:
        return _cells_of(data, unread)
    except (CalamineError, KeyError):
        if format_ is Format.ODS:
            return _cells_of(without_indents(data), unread)
        if format_ not in ZIPPED:
            raise
        return _cells_of(for_the_library(data), unread)


def _cells_of(data: bytes, unread: frozenset[str]) -> _Cells:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        found = [sheet for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        if not book.sheets_metadata:
            raise ReadError("workbook_damaged", "the file names no sheet")
        if not found:
            raise ReadError("workbook_without_sheets", "charts or macros only")
        visible = {sheet.name: sheet.visible is SheetVisibleEnum.Visible for sheet in reversed(found)}
        names = [sheet.name for sheet in found]
        rows = {name: [] if name in unread else _rows(book.get_sheet_by_name(name)) for name in dict.fromkeys(names)}
    return _Cells(names, rows, visible)


def _rows(sheet: CalamineSheet) -> list[list[CellValue]]:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        extent = f"{sheet.total_height} rows and {sheet.total_width} columns"
        raise ReadError("workbook_unsafe", f"the sheet {sheet.name} spans {extent}")
    # Leading empty rows and columns are kept: without them every address would be wrong.
    return sheet.to_python(skip_empty_area=False)  # type: ignore[return-value]


def _sheet(name: str, rows: list[list[CellValue]], metadata: SheetMetadata, is_visible: bool) -> Sheet:
    if metadata.errors:
        # The library leaves out some errors, and with them the edge of a sheet.
        width = max(*(column + 1 for _, column in metadata.errors), *map(len, rows), 0)
        rows += ([] for _ in range(len(rows), max(row for row, _ in metadata.errors) + 1))
        for cells in rows:
            cells += [""] * (width - len(cells))
    for (row, column), text in metadata.errors.items():
        rows[row][column] = ErrorText(text)
    return Sheet(name, rows, metadata, is_visible)


def _mend(rows: list[list[CellValue]], plain: Mapping[At, float | str]) -> None:
    """Put back numbers that were taken for a time of day, as calamine misreads some formats, and texts written as 0."""
    for (row, column), meant in plain.items():
        if row < len(rows) and column < len(rows[row]):
            value = rows[row][column]
            if value == 0 if isinstance(meant, str) else isinstance(value, dt.date | dt.time | dt.timedelta):
                rows[row][column] = meant


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
