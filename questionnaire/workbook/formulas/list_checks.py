"""Owns what stands beside the lines of a roster: what each choice is taken for, and what is wrong with a line.

The verdicts are those of `pipeline.reading.lists`; where the two differ, the sheet is the stricter one.
"""

from collections.abc import Iterator

from questionnaire.declaration.answer_types import CODED, Date, Text, WholeNumber, Year
from questionnaire.declaration.lists import RosterColumn
from questionnaire.layout import column_letter
from questionnaire.list_layout import CHECK, CONFIRM, CONTENT, LAST, RosterSheet, roster_sheets
from questionnaire.workbook.formulas.cell_formulas import beside, conjunction, visible
from questionnaire.workbook.formulas.checks import Remark, Sign, check_formula, within_limits
from questionnaire.workbook.formulas.tally import beginning
from questionnaire.workbook.prefill.previous_lines import BETWEEN
from questionnaire.workbook.sheets.book import Book
from questionnaire.workbook.texts.codelist_sheet import CONFIRM as CONFIRM_MARK
from questionnaire.workbook.texts.codelist_sheet import UNREADABLE, UNREADABLE_ROW
from questionnaire.workbook.texts.texts import Text as LiveText

_LAST_DAY = 2_958_465  # 9999-12-31


class RosterChecks:
    """The formulas of one roster sheet; `row` counts from 0, as everywhere."""

    def __init__(self, book: Book, sheet: RosterSheet) -> None:
        self._book, self._sheet, self._columns = book, sheet, sheet.roster.columns
        self._said: dict[str, LiveText] = {}

    @property
    def untouched(self) -> str:
        """What CONTENT holds beside an empty line."""
        return BETWEEN * (len(self._columns) - 1)

    def choice(self, column: RosterColumn, row: int) -> str:
        """The code that a cell names, "?" for none, "" for a blank cell."""
        assert isinstance(column.type, CODED), "only choices have a helper"
        lists, text = self._book.lists, visible(self._cell(column.code, row))
        rows = ",".join(lists.row_of_text(each, text) for each in (lists.missing_list, column.type.codelist))
        found = lists.code_at(f"SUMPRODUCT(MAX({UNREADABLE_ROW},{rows}))")
        return within_limits(f'IFERROR({found},"{UNREADABLE}")', self._sheet.code)

    def content(self, row: int) -> str:
        """All that a line says, as one text: two lines that say the same have the same."""
        parts = (
            self._code(column, row) if isinstance(column.type, CODED) else visible(self._cell(column.code, row))
            for column in self._columns
        )
        return f'IFERROR({f"&{_quoted(BETWEEN)}&".join(parts)},"{UNREADABLE}")'

    def check(self, row: int) -> LiveText:
        """The check beside a line: nothing while it is empty, else the gravest remark."""
        content = self._cell(CONTENT, row)
        whose = f"{self._sheet.code}, row {row + 1}"
        formula = check_formula(tuple(self._remarks(row)), whose)
        every = tuple(f"{Sign.TO_DO} {wording}" for text in self._said.values() for wording in text.every)
        idle = f'{content}="{self.untouched}"'
        if self._sheet.prefilled:
            idle = f'AND({idle},{self._mark(row)}="")'
        return LiveText(within_limits(f'IF({idle},"",{formula})', whose), "", every)

    # --- remarks --------------------------------------------------------------------------------------------

    def _remarks(self, row: int) -> Iterator[Remark]:
        if self._sheet.prefilled:
            yield from self._mark_remarks(row)
        for column in self._columns:
            yield from self._type_remarks(column, row)
        for column in self._columns:
            if column.others_only:
                own = f'EXACT({self._code(column, row)},"{self._book.respondent.code}")'
                yield Remark(own, Sign.ERROR, self._say("check_roster_self", column))
        for column in self._columns:
            if column.required:
                yield Remark(self._is_blank(column, row), Sign.TO_DO, self._say("check_roster_incomplete", column))
            elif column.required_with is not None:
                other, code = column.required_with
                asked = f'EXACT({self._code(self._sheet.roster.column(other), row)},"{code}")'
                lacking = conjunction((asked, self._is_blank(column, row)))
                yield Remark(lacking, Sign.TO_DO, self._say("check_roster_incomplete", column))
        for column in self._columns:
            if isinstance(column.type, Text):
                said = self._say("check_text_long", column, max=column.type.max_length)
                too_long = f"IFERROR(LEN({self._cell(column.code, row)})>{column.type.max_length},FALSE)"
                yield Remark(too_long, Sign.WARNING, said)
        same = f"{self._down(CONTENT)}={self._cell(CONTENT, row)}"
        counted = f"({same})*{self._counting()}" if self._sheet.prefilled else f"--({same})"
        yield Remark(f"SUMPRODUCT({counted})>1", Sign.WARNING, self._say("check_roster_repeated"))
        if self._sheet.prefilled:
            yield Remark(self._is_changed(row), Sign.OK, self._say("check_roster_changed"))
        yield Remark("TRUE", Sign.OK, self._say("check_ok"))

    def _mark_remarks(self, row: int) -> Iterator[Remark]:
        """What is said of an x, or of its absence: a line of the previous round counts with one alone."""
        mark, last = self._mark(row), self._cell(LAST, row)
        yield Remark(
            f'AND({mark}<>"",NOT(EXACT(LOWER({mark}),"{CONFIRM_MARK}")))', Sign.ERROR, self._say("check_roster_mark")
        )
        empty = f'{self._cell(CONTENT, row)}="{self.untouched}"'
        yield Remark(empty, Sign.ERROR, self._say("check_roster_mark_alone"))
        unmarked = f'{mark}="",{last}<>""'
        changed = f"AND({unmarked},{self._is_changed(row)})"
        yield Remark(changed, Sign.TO_DO, self._say("check_roster_unmarked"))
        yield Remark(f"AND({unmarked})", Sign.NOT_NEEDED, self._say("check_roster_unconfirmed"))

    def _mark(self, row: int) -> str:
        # An error in the cell is no x either.
        return f'IFERROR({beside(self._cell(CONFIRM, row))},"{UNREADABLE}")'

    def _is_changed(self, row: int) -> str:
        """True for a line that says something else than in the previous round."""
        last = self._cell(LAST, row)
        return f'AND({last}<>"",NOT(EXACT({last},{self._cell(CONTENT, row)})))'

    def _counting(self) -> str:
        """An array: 1 for each line that counts, 0 for one of the previous round without a mark."""
        marks, lasts = (self._down(name) for name in (CONFIRM, LAST))
        return f'(({lasts}="")+({marks}<>"")>0)'

    def _type_remarks(self, column: RosterColumn, row: int) -> Iterator[Remark]:
        cell, scalar = self._cell(column.code, row), column.type
        if isinstance(scalar, CODED):
            wrong = f'{self._code(column, row)}="{UNREADABLE}"'
            yield Remark(wrong, Sign.ERROR, self._say("check_choice", column))
        elif isinstance(scalar, Text):
            yield Remark(f"ISERROR({cell})", Sign.ERROR, self._say("check_error_value", column))
        else:
            low, high = self._limits(column)
            fine = [f"ISNUMBER({cell})", f"NOT(ISLOGICAL({cell}))", f"{cell}=INT({cell})", f"{cell}>={low}"]
            fine += [f"{cell}<={high}"] if high is not None else []
            wrong = f'IFERROR({visible(cell)}<>"",TRUE)*NOT(IFERROR(AND({",".join(fine)}),FALSE))'
            key = "check_whole_number" if high is None else "check_range"
            key = "check_date" if isinstance(scalar, Date) else key
            yield Remark(wrong, Sign.ERROR, self._say(key, column, min=low, max=high))

    def _limits(self, column: RosterColumn) -> tuple[int, int | None]:
        """The least and the greatest number that a cell takes; of a day, its number."""
        if not isinstance(column.type, WholeNumber | Year):
            return 1, _LAST_DAY
        parameters, asked = self._book.round.period.parameters, (column.type.minimum, column.type.maximum)
        low, high = (parameters[limit] if isinstance(limit, str) else limit for limit in asked)
        return low or 0, high

    def _is_blank(self, column: RosterColumn, row: int) -> str:
        if isinstance(column.type, CODED):
            return f'{self._code(column, row)}=""'
        return f'IFERROR({visible(self._cell(column.code, row))}="",FALSE)'

    def _say(self, key: str, column: RosterColumn | None = None, **values: object) -> str:
        """The expression for a sentence, followed by the heading of the column it is about."""
        texts = self._book.texts
        text = texts.say(key, **values)
        if column is not None:
            text = texts.add(column.label).then(" – ", text)
        self._said[text.expression] = text
        return text.expression

    # --- cells ----------------------------------------------------------------------------------------------

    def _code(self, column: RosterColumn, row: int) -> str:
        return f"{column_letter(self._sheet.helpers[column.code])}{row + 1}"

    def _cell(self, name: str, row: int) -> str:
        return f"{column_letter(self._sheet.columns[name])}{row + 1}"

    def _down(self, name: str) -> str:
        """A column over all lines."""
        letter = column_letter(self._sheet.columns[name])
        return f"${letter}${self._sheet.first + 1}:${letter}${self._sheet.last + 1}"


def open_points(book: Book, sheet: RosterSheet, sign: Sign) -> str:
    """The expression that counts the lines of a roster whose check begins with a sign."""
    letter = column_letter(sheet.columns[CHECK])
    checks = f"{book.address(sheet.code, sheet.first, sheet.columns[CHECK])}:${letter}${sheet.last + 1}"
    return beginning(checks, sign)


def with_rosters(book: Book, total: str, sign: Sign) -> str:
    """An expression for a number of open points, increased by those on roster sheets.

    A line that stands twice has no cell for a reason: it is pointed out and keeps nobody from sending.
    """
    if sign is Sign.WARNING:
        return total
    return "+".join((total, *(open_points(book, sheet, sign) for sheet in roster_sheets(book.layout))))


def _quoted(text: str) -> str:
    return f'"{text}"'
