"""Writes the hidden sheet of code lists: where codes, ranks and labels stand, and what is written into its cells.

Each list is a block of rows, one per code: rank, or factor of a unit | code | label in the chosen language |
labels in every language.
Three rows above all lists hold what is no code of any list: unreadable, valued, blank.
Formulas that stand beside answers know these areas by defined names, which keeps them short.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus, visible_text
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language
from questionnaire.rules.answer_cells import CONFIRM_MARK, UNREADABLE, VALUED
from questionnaire.sheet_names import LISTS_SHEET
from questionnaire.workbook.texts.texts import in_chosen_language

UNREADABLE_ROW, VALUED_ROW, BLANK_ROW = 1, 2, 3
"""Where the signs that are no code stand, and the empty text, counted from 1.

The codes come below, so that the greater of two rows is the better find. In the place of its label, the first has the
mark that confirms a previous answer.
"""

_RANK, _CODE, _LIVE, _FIRST_LABEL = 0, 1, 2, 3
_RANKS, _CODES, _LABELS = "acopio_ranks", "acopio_codes", "acopio_labels"
_MARKED, _NOT_MARKED = "Y", "N"


@dataclass(frozen=True)
class Block:
    """The rows of one code list; `first` counts from 1."""

    codelist: Codelist
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.codelist.codes) - 1

    @property
    def texts_name(self) -> str:
        """The defined name of all that stands for a code: codes and labels."""
        return f"acopio_{re.sub(r'[^a-z0-9]+', '_', self.codelist.name.casefold())}_{self.first}"

    @property
    def codes_name(self) -> str:
        """The defined name of the codes alone."""
        return f"{self.texts_name}_codes"

    def row(self, code: str) -> int:
        """The row of one code."""
        return self.first + [item.code for item in self.codelist.codes].index(code)


@dataclass(frozen=True)
class ListCell:
    """What to write into one cell, rows and columns counted from 0; `cached` is None for what is no formula."""

    row: int
    column: int
    content: str | float
    cached: str | None = None


@dataclass(frozen=True)
class ListAddresses:
    """Positions only. `offered` are the languages to choose from; labels in `others` are understood, never shown."""

    blocks: Mapping[str, Block]
    offered: tuple[str, ...]
    others: tuple[str, ...]
    official: str
    missing_list: Codelist

    # --- ranges for dropdowns -------------------------------------------------------------------------------

    def labels(self, codelist: Codelist) -> str:
        """The labels of a list in the chosen language."""
        block = self.blocks[codelist.name]
        return _area(_LIVE, block.first, _LIVE, block.last)

    def mark(self, codelist: Codelist) -> str:
        """The one label that marks an option of a multiple choice, in the chosen language."""
        row = self.blocks[codelist.name].row(_MARKED)
        return _area(_LIVE, row, _LIVE, row)

    def missing(self) -> str:
        """The labels, in the chosen language, of the reasons why there is no answer."""
        return self.labels(self.missing_list)

    def missing_by_code(self) -> str:
        """The codes of these reasons."""
        block = self.blocks[self.missing_list.name]
        return _area(_CODE, block.first, _CODE, block.last)

    def confirming(self) -> str:
        """The one text that confirms an answer of the previous round: typed or chosen, small or capital."""
        return _area(_LIVE, UNREADABLE_ROW, _LIVE, UNREADABLE_ROW)

    # --- expressions ----------------------------------------------------------------------------------------

    def code_at(self, row: str) -> str:
        """The expression for the code that stands in a row, itself an expression."""
        return f"INDEX({_CODES},{row})"

    def label_at(self, codelist: Codelist, code: Code) -> str:
        """The expression for the label of one code, in the chosen language."""
        return f"INDEX({_LABELS},{self.blocks[codelist.name].row(code.code)})"

    def row_of_text(self, codelist: Codelist, text: str) -> str:
        """The expression for the row of the code that a text names, by code or by label in any language; else 0.

        The list of the reasons for no answer finds the blank row too. A text may stand in several cells of its row.
        Not SUMPRODUCT(MAX()), of which Gnumeric makes no array, nor what takes ? and * in an answer for patterns.
        """
        name = self.blocks[codelist.name].texts_name
        return f"SUMPRODUCT(({name}={text})*ROW({name}))/MAX(1,SUMPRODUCT(--({name}={text})))"

    def row_of_mark(self, codelist: Codelist, text: str) -> str:
        """An expression like that of `row_of_text`: “yes” is marked, “no” is blank."""
        block = self.blocks[codelist.name]
        rows = {block.row(_MARKED): block.row(_MARKED), block.row(_NOT_MARKED): BLANK_ROW}
        name = block.texts_name
        return ",".join(f"(SUMPRODUCT(({name}={text})*(ROW({name})={row}))>0)*{found}" for row, found in rows.items())

    def rank_of(self, codelist: Codelist, code: str) -> str:
        """The expression for the rank of a code, "" where it has none."""
        return f"INDEX({_RANKS},MAX({BLANK_ROW},{self._row_of_code(codelist, code)}))"

    def label_of(self, codelist: Codelist, code: str) -> str:
        """The expression for the label of a code or a missing code, in the chosen language; "" for neither."""
        rows = dict.fromkeys(self._row_of_code(either, code) for either in (codelist, self.missing_list))
        return f"INDEX({_LABELS},MAX({BLANK_ROW},{','.join(rows)}))"

    def missing_codes(self, codelist: Codelist | None, statuses: Iterable[AnswerStatus]) -> tuple[str, ...]:
        """Every code that declares one of these statuses, of a list and of the list of reasons."""
        own = codelist.codes if codelist is not None else ()
        wanted = tuple(statuses)
        return tuple(dict.fromkeys(c.code for c in (*own, *self.missing_list.codes) if c.missing in wanted))

    def _row_of_code(self, codelist: Codelist, code: str) -> str:
        name = self.blocks[codelist.name].codes_name
        return f"SUMPRODUCT(({name}={code})*ROW({name}))"

    # --- contents -------------------------------------------------------------------------------------------

    @cached_property
    def last_row(self) -> int:
        """The last row in use, counted from 1."""
        return max(block.last for block in self.blocks.values())

    def _last_column(self, codelist: Codelist) -> int:
        """The last column of what stands for a code of a list: behind the labels comes what names it besides."""
        more = max((len(code.also) for code in codelist.codes), default=0)
        return _LIVE + len(self.offered) + len(self.others) + more

    def cells(self, language: str) -> Iterator[ListCell]:
        """What to write where; formulas come with what they yield while `language` is chosen."""
        yield ListCell(UNREADABLE_ROW - 1, _CODE, UNREADABLE)
        yield ListCell(UNREADABLE_ROW - 1, _LIVE, CONFIRM_MARK)
        yield ListCell(VALUED_ROW - 1, _CODE, VALUED)
        # A text of length nought can only be had from a formula: INDEX takes an empty cell for 0.
        yield from (ListCell(BLANK_ROW - 1, column, '=""', "") for column in (_RANK, _CODE, _LIVE))
        for block in self.blocks.values():
            for row, code in enumerate(block.codelist.codes, block.first - 1):
                yield from self._code_cells(row, code, language)
                labels = _FIRST_LABEL + len(self.offered) + len(self.others)
                for column in range(labels, self._last_column(block.codelist) + 1):
                    # No cell may be blank: it would name a blank answer.
                    yield ListCell(row, column, (*code.also, *[code.code] * column)[column - labels])

    def _code_cells(self, row: int, code: Code, language: str) -> Iterator[ListCell]:
        yield ListCell(row, _RANK, '=""', "") if code.number is None else ListCell(row, _RANK, code.number)
        yield ListCell(row, _CODE, code.code)
        live = in_chosen_language(row + 1, _FIRST_LABEL, len(self.offered))
        yield ListCell(row, _LIVE, live, self.label(code, language))
        for column, other in enumerate((*self.offered, *self.others), _FIRST_LABEL):
            # As an answer is compared: with plain single spaces. What is shown comes from these same cells.
            yield ListCell(row, column, self.label(code, other))

    def label(self, code: Code, language: str) -> str:
        """The label of a code in a language, as it is shown."""
        return visible_text(in_language(code.label, language, self.official))

    @property
    def names(self) -> Iterator[tuple[str, str]]:
        """The defined names and the areas they stand for."""
        for name, column in ((_RANKS, _RANK), (_CODES, _CODE), (_LABELS, _LIVE)):
            yield name, _area(column, 1, column, self.last_row)
        for block in self.blocks.values():
            first = BLANK_ROW if block.codelist.name == self.missing_list.name else block.first
            yield block.texts_name, _area(_CODE, first, self._last_column(block.codelist), block.last)
            yield block.codes_name, _area(_CODE, block.first, _CODE, block.last)

    def write(self, workbook: Any, sheet: Any, language: str) -> None:
        """Write everything into an XlsxWriter worksheet named LISTS_SHEET, and name its areas."""
        for name, area in self.names:
            workbook.define_name(name, f"={area}")
        for cell in self.cells(language):
            if cell.cached is not None:
                sheet.write_formula(cell.row, cell.column, cell.content, None, cell.cached)
            elif isinstance(cell.content, str):
                sheet.write_string(cell.row, cell.column, cell.content)
            else:
                sheet.write_number(cell.row, cell.column, cell.content)


def list_addresses(instrument: Instrument, languages: tuple[str, ...] = ()) -> ListAddresses:
    """Where the lists that any cell is answered from stand; `languages` are those on offer, by default all."""
    offered = languages or instrument.languages
    types = [field.type for field in instrument.fields.values()]
    types += [field.type for block in instrument.lists for field in block.fields]
    used = {scalar.codelist.name: scalar.codelist for scalar in types if isinstance(scalar, Coded)}
    # The Cover asks a yes or a no whatever the instrument asks.
    used.setdefault("yes_no", instrument.codelists["yes_no"])
    blocks: dict[str, Block] = {}
    # The reasons come first, just below the blank row: one range finds both, and a code of the list asked wins.
    row = BLANK_ROW + 1
    for codelist in {instrument.missing.name: instrument.missing, **used}.values():
        blocks[codelist.name] = Block(codelist, row)
        row = blocks[codelist.name].last + 1
    others = tuple(language for language in instrument.languages if language not in offered)
    return ListAddresses(blocks, offered, others, instrument.official_language, instrument.missing)


def _area(first_column: int, first_row: int, last_column: int, last_row: int) -> str:
    first = f"{LISTS_SHEET}!${column_letter(first_column)}${first_row}"
    if (first_column, first_row) == (last_column, last_row):
        return first
    return f"{first}:${column_letter(last_column)}${last_row}"
