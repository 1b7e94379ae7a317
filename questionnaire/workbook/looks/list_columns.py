"""Decides how wide the columns of the sheet of a list or a table are, and how large the letters of its lines."""

from collections.abc import Sequence

from questionnaire.declaration.answer_types import Written
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.workbook.looks.heights import columns_for

LINE_WIDTH, CONFIRM_WIDTH, CHECK_WIDTH, HELPER_WIDTH, REASON_WIDTH = 6, 10, 36, 8, 18
SIZE = 10
SCREEN = 165
"""The digits that a screen of 1366 pixels has room for, side by side."""

PAGE = 158
"""Those that a page on its side has room for, as large as letters must be."""

_NARROW, _WIDE = 9, 30
"""The least of a number in a table, and the most of what its lines are: longer labels take two lines."""

_WIDEST_CHECK = 60
_LONG_TEXT = 250
_ROOMY = 40


def width(field: Field) -> float:
    """The width of the column of a field, in digits, by what is written into it."""
    if isinstance(field.type, Written) and field.type.max_length > _LONG_TEXT:
        return _ROOMY
    return field.type.traits.width


def table_width(block: TableBlock, field: Field) -> float:
    """The width of a column of a table: that of the longest label of a line, or of a number below its heading."""
    if field.code in block.dimension_codes:
        dimension = block.every_dimension[field.code]
        labels = [text for code in dimension.codelist for text in code.label.values()]
        wanted = columns_for((*labels, *field.label.values()), SIZE, bold=True, indent=1, whole=True)
        return max(_NARROW, min(wanted, _WIDE))
    if isinstance(field.type, Written):
        return width(field)
    heads = (*field.label.values(), *field.unit.values(), *block.question_of(field).help.values())
    return max(_NARROW, min(columns_for(heads, SIZE, bold=True, indent=1), _WIDE))


def table_check_width(others: Sequence[float]) -> float:
    """The width of the check beside the lines: what the other columns leave of a page, within limits."""
    return max(CHECK_WIDTH, min(PAGE - sum(others), _WIDEST_CHECK))
