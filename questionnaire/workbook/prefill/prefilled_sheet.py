"""Owns the XML of a sheet in which cells, heights of rows and breaks of pages may differ from respondent to respondent.

It finds cells by their addresses; what belongs into them, others know.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from questionnaire.workbook.package import Pieces, Place, xml_text

# Cells, rows and breaks as `workbook.worksheet` writes them. A cell is empty, or has a formula with its first value.
_CELL = re.compile(
    r'<c r="([A-Z]+\d+)"(?:(?P<rest>(?: s="\d+")?/>)'
    r'|(?: s="\d+")?(?P<type>(?: t="str")?)><f(?:[^<]*</f|[^>]*/)><v>(?P<value>[^<]*)</v></c>)'
)
_HEIGHT = re.compile(r'<row r="(\d+)"[^>]* ht="(?P<height>[\d.]+)"')
_BREAKS = re.compile(r"(?P<breaks><rowBreaks .*?</rowBreaks>|(?<=</headerFooter>)(?!<rowBreaks ))")


class Content(NamedTuple):
    """What is put into a cell: a text or a number; what calculates it, if anything; its look, if not the usual one."""

    value: str | float
    formula: str = ""
    style: int | None = None


class PrefilledSheet:
    """A sheet with a place for each of these cells, for the height of each row, and for the breaks of pages."""

    def __init__(self, xml: str, addresses: Collection[str]) -> None:
        cells = {found[1]: found for found in _CELL.finditer(xml) if found[1] in addresses}
        if missing := set(addresses) - cells.keys():
            raise LookupError(f"the sheet has no cells {', '.join(sorted(missing))} to be filled in")
        rows = {int(found[1]) - 1: found for found in _HEIGHT.finditer(xml)}
        self.heights = {row: float(found["height"]) for row, found in rows.items()}
        """In points, of each row that has one; rows count from 0."""
        self._styles = {address: found["rest"].removesuffix("/>") for address, found in cells.items() if found["rest"]}
        spans = [(found.span("height"), _of_row(row)) for row, found in rows.items()]
        spans += [(found.span("breaks"), "breaks") for found in _BREAKS.finditer(xml)]
        for address, found in cells.items():
            if address in self._styles:
                spans.append((found.span("rest"), address))
            else:
                spans += [(found.span("type"), _of_type(address)), (found.span("value"), address)]
        self.pieces: Pieces = tuple(_cut(xml, sorted(spans)))

    def filled(self, cells: Mapping[str, Content], heights: Mapping[int, float]) -> dict[str, str]:
        """What stands in the places, with these cells by address and these rows as tall."""
        given = {_of_row(row): f"{height:g}" for row, height in heights.items()}
        for address, content in cells.items():
            style = self._styles.get(address)
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
