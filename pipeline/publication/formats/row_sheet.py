"""Writes rows of a workbook's sheet straight into its file, in a tenth of the time that cells one by one take.

XlsxWriter keeps an object for each cell until its row is done and spells its attributes anew; here a column has its
attributes once, and a value that comes again is spelled once. A file of 500,000 rows of 20 columns is the reason.
"""

import datetime as dt
import functools
import math
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.publication.formats.spelled_columns import TEXT, content, joined, spelled
from pipeline.safe_text import harmless
from questionnaire.addresses import column_letter
from questionnaire.cell_texts import beginning
from questionnaire.day_numbers import day_number

_OF_LOGICAL, _OF_DAY, _OF_NUMBER = 5, 10, 8

Value = str | float | bool | dt.date | None


class RowSheet(Worksheet):  # type: ignore[misc]
    """A sheet of a workbook in constant memory, which takes many rows at a time too, from above to below."""

    def columns(self, formats: Sequence[Format]) -> None:
        """Say how many columns `append` fills from the left, and the format of each."""
        self._letters = [column_letter(place) for place in range(len(formats))]
        self._looks = [f'" s="{format_._get_xf_index()}"' for format_ in formats]
        self._check_dimensions(self.previous_row, len(formats) - 1)

    def append(self, row: int, columns: Sequence[pa.Array], heights: pa.Array | None = None) -> list[int]:
        """Write rows from this one on, below all others; how many characters wide each column is, 0 if it is empty.

        `heights` are those of the rows in points, missing where one is as usual; none are without them.
        Raises ValueError for a number that no cell can hold.
        """
        count = len(columns[0])
        if not count:
            return [0] * len(columns)
        self._write_single_row(row)
        self._check_dimensions(row + count - 1, 0)
        numbers = pa.array(map(str, range(row + 1, row + 1 + count)), TEXT)
        cells, widths = [], []
        for letter, look, column in zip(self._letters, self._looks, columns, strict=True):
            width = [0]
            own = spelled(column, functools.partial(_cells, look, width))
            cells.append(joined(f'<c r="{letter}', numbers, own, ""))
            widths.append(max(width))
        tall = "" if heights is None else spelled(heights, _tall).fill_null("")
        rows = joined('<row r="', numbers, tall, '">', *cells, "</row>", "", missing="skip")
        self.fh.flush()
        self.fh.buffer.write(content(rows))
        return widths


def _tall(heights: Iterable[float | None]) -> Iterator[str | None]:
    """The attributes of rows of these heights."""
    for height in heights:
        yield None if height is None else f'" ht="{height:g}" customHeight="1'


def _cells(look: str, widths: list[int], values: Iterable[Value]) -> Iterator[str | None]:
    """The rest of the cell of each value, None for an empty one; their widths go into a list."""
    for value in values:
        rest, width = _spelled_text(value) if type(value) is str else _spelled(value)
        widths.append(width)
        yield f"{look}{rest}</c>" if width else None


@functools.lru_cache(maxsize=50_000)
def _spelled_text(text: str) -> tuple[str, int]:
    """The rest of the cell of a text, and its width."""
    seen = beginning(harmless(text))
    if not seen:
        return "", 0
    escaped = RowSheet._escape_control_characters(seen).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if seen != seen.strip() else ""
    return f' t="inlineStr"><is><t{space}>{escaped}</t></is>', len(seen)


def _spelled(value: float | dt.date | str | None) -> tuple[str, int]:
    """The rest of the cell of another value, and its width."""
    match value:
        case None:
            return "", 0
        case bool():
            return f' t="b"><v>{value:d}</v>', _OF_LOGICAL
        case dt.date():
            return f"><v>{day_number(value)}</v>", _OF_DAY
        case str():
            return _spelled_text(value)
    if not math.isfinite(value):
        raise ValueError(f"no cell can hold {value}")
    return f"><v>{value:.16G}</v>", _OF_NUMBER
