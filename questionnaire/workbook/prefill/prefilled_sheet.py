"""Writes the XML of a sheet whose cells, row heights, page breaks and marks may differ from respondent to respondent.

It finds cells by their addresses; what belongs into them, others know.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from questionnaire.workbook.package import Pieces, Place, xml_text

# Cells, rows and breaks as `workbook.worksheet` writes them. A cell is empty, or has a text of all workbooks, or a
# formula with its first value.
_CELL = re.compile(
    r'<c r="([A-Z]+\d+)"(?:(?P<rest>(?P<style>(?: s="\d+")?)(?P<empty>/>| t="s"><v>\d+</v></c>))'
    r'|(?: s="\d+")?(?P<type>(?: t="str")?)><f(?:[^<]*</f|[^>]*/)><v>(?P<value>[^<]*)</v></c>)'
)
_HEIGHT = re.compile(r'<row r="(\d+)"[^>]* ht="(?P<height>[\d.]+)"')
_BREAKS = re.compile(r"(?P<breaks><rowBreaks .*?</rowBreaks>|(?<=</headerFooter>)(?!<rowBreaks ))")
_MARKS = re.compile(r"(?<=</conditionalFormatting>)(?!<conditionalFormatting )")


class Content(NamedTuple):
    """What is put into a cell: a text or a number; what calculates it, if anything; its look, if not the usual one."""

    value: str | float
    formula: str = ""
    style: int | None = None


class PrefilledSheet:
    """A sheet with a place for each of these cells, for the height of each row, for the breaks of pages and for marks.

    Without addresses, each empty cell has a place.
    """

    def __init__(self, xml: str, addresses: Collection[str] | None = None) -> None:
        found_there = {found[1]: found for found in _CELL.finditer(xml)}
        if addresses is None:
            addresses = {address for address, found in found_there.items() if found["empty"] == "/>"}
        if missing := set(addresses) - found_there.keys():
            raise LookupError(f"the sheet has no cells {', '.join(sorted(missing))} to be filled in")
        cells = {address: found for address, found in found_there.items() if address in addresses}
        rows = {int(found[1]) - 1: found for found in _HEIGHT.finditer(xml)}
        self.heights = {row: float(found["height"]) for row, found in rows.items()}
        """In points, of each row that has one; rows count from 0."""
        self._styles = {address: found["style"] for address, found in cells.items()}
        spans = [(found.span("height"), _of_row(row)) for row, found in rows.items()]
        spans += [(found.span("breaks"), "breaks") for found in _BREAKS.finditer(xml)]
        spans += [(found.span(), "marks") for found in _MARKS.finditer(xml)]
        self._rules = xml.count("<cfRule ")
        for address, found in cells.items():
            if found["rest"]:
                spans.append((found.span("rest"), address))
            else:
                spans += [(found.span("type"), _of_type(address)), (found.span("value"), address)]
        self.pieces: Pieces = cut(xml, spans)

    def filled(self, cells: Mapping[str, Content], heights: Mapping[int, float]) -> dict[str, str]:
        """What stands in the places, with these cells by address and these rows as tall; KeyError for another cell."""
        given = {_of_row(row): f"{height:g}" for row, height in heights.items()}
        for address, content in cells.items():
            style = self._styles[address]
            if style is None:
                given[address], given[_of_type(address)] = _first_value(content.value)
            else:
                given[address] = _rest(content, style)
        return given

    @staticmethod
    def broken_before(rows: Sequence[int]) -> dict[str, str]:
        """What stands in the place of the breaks, with pages that begin with these rows."""
        breaks = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in rows)
        count = len(rows)
        return {"breaks": f'<rowBreaks count="{count}" manualBreakCount="{count}">{breaks}</rowBreaks>' if rows else ""}

    def marked(self, conditions: Mapping[str, Sequence[str]], look: int) -> dict[str, str]:
        """What stands in the place of the marks: a look, named by its number, of cells where a condition holds."""
        marks, rule = "", self._rules
        for address, of_cell in conditions.items():
            rules = ""
            for condition in of_cell:
                rule += 1
                formula = f"<formula>{escape(condition)}</formula>"
                rules += f'<cfRule type="expression" dxfId="{look}" priority="{rule}">{formula}</cfRule>'
            marks += f'<conditionalFormatting sqref="{address}">{rules}</conditionalFormatting>'
        return {"marks": marks}


def cell(address: str, content: Content) -> str:
    """A cell of its own, in no look."""
    return f'<c r="{address}"{_rest(content, "")}'


def cut(xml: str, spans: Iterable[tuple[tuple[int, int], str]]) -> Pieces:
    """The XML with a place in each of these stretches, called so."""
    return tuple(_cut(xml, sorted(spans)))


def _rest(content: Content, style: str) -> str:
    """A cell from its look on."""
    style = style if content.style is None else f' s="{content.style}"'
    if not isinstance(content.value, str):
        return f"{style}><v>{content.value:.16G}</v></c>"
    text = xml_text(content.value)
    if content.formula:
        return f'{style} t="str"><f>{xml_text(content.formula)}</f><v>{text}</v></c>'
    return f'{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _first_value(value: str | float) -> tuple[str, str]:
    """What a formula yields at first, and the attribute that says what it is."""
    if isinstance(value, str):
        return xml_text(value), ' t="str"' if value else ""
    return f"{value:.16G}", ""


def _of_row(row: int) -> str:
    return f"row {row}"


def _of_type(address: str) -> str:
    return f"type {address}"


def _cut(xml: str, spans: Sequence[tuple[tuple[int, int], str]]) -> Iterator[str | Place]:
    done = 0
    for (start, end), key in spans:
        yield xml[done:start]
        yield Place(key, xml[start:end])
        done = end
    yield xml[done:]
