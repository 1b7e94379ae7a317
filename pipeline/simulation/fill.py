"""Types answers into a questionnaire file the way a respondent does: into the cells of the file itself.

For simulated rounds and tests. It edits the parts of the package as text, so that everything else stays as it was.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import assert_never
from xml.sax.saxutils import escape

from pipeline.files import write_whole
from questionnaire.addresses import column_letter
from questionnaire.codelists import Codelist
from questionnaire.day_numbers import day_number
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    Numeric,
    ScalarType,
    Selection,
    SingleChoice,
    Written,
)
from questionnaire.layout import CONFIRM, Column, Layout, ListSheet, Slot, TableSheet
from questionnaire.messages import in_language
from questionnaire.rules.answer_cells import CONFIRM_MARK as X
from questionnaire.rules.evaluate import Answer, Answers

CellValue = str | int | float | dt.date | None

_CELL = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="\w+")?(?:/>|>.*?</c>)', re.DOTALL)
_NAME = re.compile(r'<definedName name="(\w+)">([^<]*)!\$([A-Z]+)\$(\d+)</definedName>')
_SHEET = re.compile(r'<sheet name="([^"]*)"[^>]* r:id="([^"]+)"')
_ADDRESSES = re.compile(r'\b(r|ref|sqref)="([^"]+)"')
_ROW_NUMBER = re.compile(r"(?<=[A-Z])\d+|^\d+$")
_SAVED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
_WORKBOOK, _RELATIONS, _CORE = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml"
_TIME = (1980, 1, 1, 0, 0, 0)


class FilledWorkbook:
    """A questionnaire open for typing; `tabs` are its sheet names by section, `language` that of the choices picked."""

    def __init__(self, path: Path, layout: Layout, tabs: Mapping[str, str], language: str) -> None:
        with zipfile.ZipFile(path) as package:
            self._parts = {name: package.read(name).decode(errors="surrogateescape") for name in package.namelist()}
        self._layout, self._language, self._sections = layout, language, tabs
        targets = {identity: f"xl/{target}" for identity, target in _targets(self._parts[_RELATIONS])}
        sheets = {unescape(name): targets[identity] for name, identity in _SHEET.findall(self._parts[_WORKBOOK])}
        self._tabs = sheets
        self._named = {
            name: (unescape(tab).strip("'").replace("''", "'"), column, row)
            for name, tab, column, row in _NAME.findall(self._parts[_WORKBOOK])
        }
        self._sheets = {section: sheets[tab] for section, tab in tabs.items() if tab in sheets}
        self._typed: dict[str, dict[str, CellValue]] = {part: {} for part in self._sheets.values()}

    def type(self, slot: Slot, value: CellValue, column: Column = Column.ANSWER) -> None:
        """Put a value into a cell of a question's row."""
        self._typed[self._sheets[slot.sheet]][slot.cell(column)] = value

    def type_at(self, sheet: str, cell: str, value: CellValue) -> None:
        """Put a value into a cell of a sheet, named as in `tabs`."""
        self._typed[self._sheets[sheet]][cell] = value

    def type_named(self, name: str, value: CellValue) -> None:
        """Put a value into the cell that a defined name stands for."""
        tab, column, row = self._named[name]
        self._typed[self._tabs[tab]][f"{column}{row}"] = value

    def answer(self, answers: Answers) -> None:
        """Type all answers, each as a respondent would: choices by their label, reasons for none in their column."""
        for slot in self._layout.slots:
            answer = answers.get((slot.block.code, slot.field.code))
            if answer is not None:
                self._answer(slot, answer)

    def fill_lines(self, sheet: ListSheet, lines: Sequence[Mapping[str, Answer]]) -> None:
        """Type the lines of a list from its first line on: choices by their label, over what stands there."""
        for number, line in enumerate(lines, 1):
            given = {
                field.code: typed(field.type, line[field.code], self._language)
                for field in sheet.block.given_fields
                if field.code in line
            }
            if sheet.prefilled:
                given = {CONFIRM: X, **dict.fromkeys(field.code for field in sheet.block.given_fields), **given}
            if isinstance(sheet, TableSheet):
                given = {name: value for name, value in given.items() if sheet.block.is_typed(number, name)}
            for name, value in given.items():
                self.type_at(sheet.code, f"{column_letter(sheet.columns[name])}{sheet.row(number) + 1}", value)

    def insert_rows(self, section: str, before: int, count: int) -> None:
        """Insert empty rows before a row (counted from 1): everything below moves down, as when a person does it."""
        part = self._sheets[section]
        self._apply(part)

        def moved(address: re.Match[str]) -> str:
            number = int(address[0])
            return str(number + count if number >= before else number)

        def rewritten(attribute: re.Match[str]) -> str:
            spans = (_ROW_NUMBER.sub(moved, end) for end in re.split(r"([: ])", attribute[2]))
            return f'{attribute[1]}="{"".join(spans)}"'

        self._parts[part] = _ADDRESSES.sub(rewritten, self._parts[part])
        tab = re.escape(escape(self._sections[section]))
        named = re.compile(rf"((?:'{tab}'|{tab})!\$[A-Z]+\$)(\d+)(?=</definedName>)")
        self._parts[_WORKBOOK] = named.sub(
            lambda name: name[1] + str(int(name[2]) + count * (int(name[2]) >= before)), self._parts[_WORKBOOK]
        )

    def rename_sheet(self, old: str, new: str) -> None:
        """Give a sheet another name; formulas follow, as in every spreadsheet program."""
        for name, content in self._parts.items():
            content = content.replace(f'<sheet name="{escape(old)}"', f'<sheet name="{escape(new)}"')
            self._parts[name] = content.replace(f"'{escape(old)}'!", f"'{escape(new)}'!")

    def replace(self, old: str, new: str) -> None:
        """Replace a text wherever it stands."""
        self._parts = {name: content.replace(escape(old), escape(new)) for name, content in self._parts.items()}

    def save(self, path: Path, saved: dt.datetime) -> None:
        """Write the file, last saved at a given time; the same content gives the same bytes."""
        for part in self._typed:
            self._apply(part)
        moment = saved.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._parts[_CORE] = _SAVED.sub(rf"\g<1>{moment}", self._parts[_CORE])
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self._parts.items():
                package.writestr(
                    zipfile.ZipInfo(name, _TIME), content.encode(errors="surrogateescape"), zipfile.ZIP_DEFLATED
                )
        write_whole(path, buffer.getvalue())

    def _answer(self, slot: Slot, answer: Answer) -> None:
        scalar = slot.field.type
        if answer.value is not None:
            if not isinstance(scalar, Selection | Derived):
                self.type(slot, typed(scalar, answer, self._language))
        elif slot.field.takes_missing:
            self.type(slot, self._declared(self._layout.instrument.missing, answer), Column.IF_NONE)
        elif isinstance(scalar, SingleChoice):
            self.type(slot, self._declared(scalar.codelist, answer))

    def _declared(self, codelist: Codelist, answer: Answer) -> str:
        code = next(code for code in codelist if code.missing is answer.status)
        return in_language(code.label, self._language)

    def _apply(self, part: str) -> None:
        """Write what was typed into the text of a sheet."""
        cells, self._typed[part] = self._typed[part], {}
        left = set(cells)

        def filled(found: re.Match[str]) -> str:
            if found[1] not in cells:
                return found[0]
            left.discard(found[1])
            return _cell(found[1], found[2], cells[found[1]])

        self._parts[part] = _CELL.sub(filled, self._parts[part])
        if left:
            raise LookupError(f"{part} has no cell {', '.join(sorted(left))}")


def typed(scalar: ScalarType, answer: Answer, language: str) -> CellValue:
    """What a respondent types or picks to give this answer."""
    match scalar:
        case Coded(codelist):
            return in_language(codelist[str(answer.value)].label, language)
        case Numeric():
            return scalar.in_cell(answer.value) if isinstance(answer.value, int | float) else answer.value
        case Date() | Written() | Selection() | Derived():
            return answer.value
        case _:
            assert_never(scalar)


def _targets(relations: str) -> list[tuple[str, str]]:
    """(identity, target) of every relationship, whatever the order of its attributes."""
    found = re.findall(r"<Relationship [^>]+>", relations)
    return [(_attribute(entry, "Id"), _attribute(entry, "Target")) for entry in found]


def _attribute(element: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', element)
    return match[1] if match else ""


def _cell(address: str, style: str, value: CellValue) -> str:
    match value:
        case None:
            return f'<c r="{address}"{style}/>'
        case str():
            return f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case dt.date():
            return f'<c r="{address}"{style}><v>{day_number(value)}</v></c>'
        case _:
            return f'<c r="{address}"{style}><v>{value!r}</v></c>'
