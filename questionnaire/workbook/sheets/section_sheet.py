"""Writes the sheet of one section: a block per indicator, a row per question, exactly where the layout puts them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import (
    Derived,
    Mark,
    ScalarType,
    Selection,
    SingleChoice,
    Text,
    is_text,
)
from questionnaire.layout import (
    FIRST_BLOCK,
    HEADER_KEYS,
    HEADINGS,
    HELPERS,
    IDENTITY,
    LINE,
    TITLE,
    Column,
    ListSheet,
    RowKind,
    SectionSheet,
    Slot,
)
from questionnaire.rules.answer_cells import VALUED
from questionnaire.rules.conditions import Always, lists_in
from questionnaire.rules.rule import Severity
from questionnaire.table_columns import column_key
from questionnaire.workbook import reference_values
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.formulas.tally import begins
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, lines_height, row_height
from questionnaire.workbook.looks.section_pages import (
    PREVIOUS_WIDTH,
    SHOWN,
    page_breaks,
    units,
    width,
)
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.prefill import previous_heights
from questionnaire.workbook.sheets import previous_columns
from questionnaire.workbook.sheets.block_head import write_band, write_links, write_objective
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.sheets.dropdowns import SheetValidations
from questionnaire.workbook.sheets.glossary import levels_explained
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import asked, level_chosen, named, same

_CONFIRM_HEADING = replace(styles.CENTRED_HEADING, size=9.5)
_NUMBER = Look(size=10, ink=styles.MUTED, ruled=True, valign="vcenter", wrap=False)
_QUESTION = Look(size=10, ruled=True, valign="vcenter", indent=1)
_LEVEL = replace(_QUESTION, bold=True)
_PART = Look(size=10, ruled=True, valign="vcenter", indent=3)
_HELP = Look(size=9.5, ink=styles.MUTED, ruled=True, valign="vcenter", indent=1)
_HELP_LINK = replace(_HELP, ink=styles.LINK)
_CHECK = Look(size=9.5, ruled=True, valign="vcenter", indent=1)
_CLOSED = Look(ruled=True, ground=styles.PAPER)
_MARKED = Look(size=10, ink=styles.MUTED, ground=styles.PAPER, ruled=True, align="center", valign="vcenter")
_RESULT = Look(size=11, bold=True, ground=styles.PAPER, ruled=True, valign="vcenter", wrap=False, indent=1)
_COMMENT = Look(
    ground=styles.MARGIN, open=True, boxed=True, edge=styles.MARGIN_EDGE, valign="vcenter", number="@", indent=1
)
_IF_NONE = _COMMENT

_PRINTED = (Column.QUESTION, Column.HELP, Column.PREVIOUS)
_OPEN = (Column.ANSWER, Column.IF_NONE, Column.CONFIRM, Column.COMMENT)
"""The columns that show texts of the form, and those that people write in."""

_SENTENCE = 500
"""The most characters of a text that mostly fits into three lines: a title, an institution, a reference."""

_OF_TITLE = lines_height(3, 10)
"""Points of the row of such a text: one that overflows from the middle would lose its beginning and its end."""

RowsWriter = Callable[[SheetValidations], Mapping[int, float]]


class SectionWriter:
    """Writes one section's sheet; `tables` write those that stand on it, and return the heights of their rows."""

    def __init__(self, book: Book, sheet: Any, section: SectionSheet, tables: Iterable[RowsWriter] = ()) -> None:
        self._book, self._sheet, self._section, self._tables = book, sheet, section, tables
        self._validations = SheetValidations()
        self._heights: dict[int, float] = {}
        book.heights[section.code] = self._heights

    def write(self) -> None:
        """Everything of the sheet: contents, validations, conditional formats, names, set-up."""
        self._head()
        for row in self._section.rows:
            match row.kind:
                case RowKind.BAND:
                    self._set_height(row.row, write_band(self._book, self._sheet, row))
                case RowKind.OBJECTIVE:
                    self._set_height(row.row, write_objective(self._book, self._sheet, row))
                case RowKind.GAP:
                    self._set_height(row.row, write_links(self._book, self._sheet, row))
                case RowKind.QUESTION | RowKind.PART:
                    self._slot(row.slot)
        for write_table in self._tables:
            self._heights |= write_table(self._validations)
        self._validations.write(self._sheet)
        self._conditions()
        self._set_up()

    # --- the top of the sheet -------------------------------------------------------------------------------

    def _head(self) -> None:
        book, sheet = self._book, self._sheet
        for column in Column:
            shown = column in book.layout.columns
            if shown:
                sheet.write_string(HEADER_KEYS, column, column_key(column))
            elif column is Column.DIFFERENCE:
                continue  # nothing stands in it or beyond it, and nothing is changed in workbooks that never had it
            sheet.set_column(
                column, column, width(column, book.layout), None, {"hidden": column in HELPERS or not shown}
            )
        sheet.set_row(HEADER_KEYS, None, None, {"hidden": True})
        book.put(sheet, TITLE, Column.NUMBER, book.texts.add(self._section.section.label), styles.TITLE)
        self._set_height(TITLE, 34)
        sheet.write_string(IDENTITY, Column.KEY, book.identity)
        book.put(sheet, IDENTITY, Column.NUMBER, self._identity(), styles.SUBTITLE)
        self._set_height(IDENTITY, 18)
        headings = {column: self._heading(column) for column in book.layout.columns if column not in HELPERS}
        for column, heading in headings.items():
            book.put(sheet, HEADINGS, column, heading, _CONFIRM_HEADING if column is Column.CONFIRM else styles.HEADING)
        boxes = (
            Box(heading.every, width(column, book.layout), 10, bold=True, indent=1)
            for column, heading in headings.items()
        )
        self._set_height(HEADINGS, row_height(boxes, 26))

    def _heading(self, column: Column) -> LiveText:
        texts, previous = self._book.texts, self._book.round.previous
        heading = texts.say(f"column_{column.name.lower()}")
        if column is Column.PREVIOUS and previous is not None:
            return heading.then("\n", texts.add(same(previous.period, texts)))
        return heading

    def _identity(self) -> LiveText:
        round_, texts = self._book.round, self._book.texts
        edition = texts.wording("identity_edition", edition=round_.instrument.edition)
        part = self._book.part.title if self._book.part else {}
        return texts.join("  ·  ", named(self._book.respondent, texts), part, round_.title, edition)

    # --- one question or option -----------------------------------------------------------------------------

    def _slot(self, slot: Slot | None) -> None:
        assert slot is not None, "the layout gives every question row a slot"
        book, sheet, row = self._book, self._sheet, slot.row
        sheet.write_string(row, Column.KEY, slot.key)
        sheet.write_string(row, Column.NUMBER, slot.number, book.styles(_NUMBER))
        question, help_ = asked(slot.field, book.texts), self._help(slot)
        look = _LEVEL if self._is_level(slot) else _QUESTION if slot.field.is_first else _PART
        book.put(sheet, row, Column.QUESTION, question, look)
        self._answer(slot)
        self._if_none(slot)
        if book.layout.prefilled:
            previous_columns.write(book, sheet, self._validations, slot, answer_look(slot.field.type))
        self._put_help(slot, help_)
        self._checks(slot)
        self._comment(slot)
        self._set_height(row, self._height(slot, question, help_))

    def _is_level(self, slot: Slot) -> bool:
        return slot.field.code == self._book.layout.instrument.level

    def _help(self, slot: Slot) -> LiveText | None:
        texts, field = self._book.texts, slot.field
        if not field.is_first:
            return None
        explained = self._explains_levels(slot)
        usual = texts.wording(field.type.traits.help, max=getattr(field.type, "max_length", ""))
        own = slot.question.help if explained or any(slot.question.help.values()) else usual
        lists = [listed.block.label for listed in self._counted(slot)]
        arrows = [{language: f"{label} →" for language, label in wording.items()} for wording in lists]
        further = texts.wording("help_levels") if explained else {}
        help_ = texts.join("\n", field.unit, own, further, *arrows)
        for item in self._book.layout.instrument.references:
            if item.code in slot.question.references:
                figure = reference_values.beside(item, self._book.round, self._book.respondent, texts)
                help_ = help_.then("\n", figure)
        return level_chosen(slot, self._book.layout.instrument, help_, texts) if explained else help_

    def _explains_levels(self, slot: Slot) -> bool:
        return self._is_level(slot) and any(slot.indicator.indicator_type.anchors.values())

    def _counted(self, slot: Slot) -> list[ListSheet]:
        """The lists whose lines the answer is computed from."""
        formula = slot.question.formula
        return [] if formula is None else [self._book.layout.list_of(code) for code in lists_in(formula.value)]

    def _put_help(self, slot: Slot, help_: LiveText | None) -> None:
        """The help, a link to what explains it or to the list it is computed from: so no row grows by a long text."""
        book, sheet, row = self._book, self._sheet, slot.row
        if help_ is None:
            sheet.write_blank(row, Column.HELP, None, book.styles(_HELP))
            return
        targets = [book.address(listed.code, listed.first, listed.columns[LINE] + 1) for listed in self._counted(slot)]
        if self._explains_levels(slot):
            targets.append(levels_explained(book, slot.indicator.indicator_type))
        if targets:
            book.link(sheet, row, Column.HELP, targets[0])
        book.put(sheet, row, Column.HELP, help_, _HELP_LINK if targets else _HELP)

    def _answer(self, slot: Slot) -> None:
        book, row, scalar = self._book, slot.row, slot.field.type
        if isinstance(scalar, Selection):
            options = self._options(slot)
            marked = f'COUNTIF({options[0].cell(Column.CODE)}:{options[-1].cell(Column.CODE)},"Y")'
            look = replace(_MARKED, number=f'0" / {len(options)}"')
            self._sheet.write_formula(row, Column.ANSWER, f"={marked}", book.styles(look), 0)
        else:
            if isinstance(scalar, Derived):
                result, first = f"={slot.cell(Column.NUMERIC)}", book.remarks.first_result(slot)
                self._sheet.write_formula(row, Column.ANSWER, result, book.styles(answer_look(scalar)), first)
            else:
                self._sheet.write_blank(row, Column.ANSWER, None, book.styles(answer_look(scalar)))
            validation = book.dropdowns.answer(slot.field)
            if validation is not None:
                self._validations.add(row, Column.ANSWER, validation)
        book.workbook.define_name(slot.name, f"={book.address(slot.sheet, row, Column.ANSWER)}")

    def _checks(self, slot: Slot) -> None:
        book, sheet = self._book, self._sheet
        book.put(sheet, slot.row, Column.CHECK, book.check(slot), _CHECK)
        computed = isinstance(slot.field.type, Derived)
        first = book.remarks.first_result(slot) if computed else untouched_number(slot)
        code = VALUED if computed and first != "" else ""
        sheet.write_formula(slot.row, Column.CODE, f"={book.formulas.code(slot)}", None, code)
        if number := book.formulas.numeric(slot):
            sheet.write_formula(slot.row, Column.NUMERIC, f"={number}", None, first)

    def _if_none(self, slot: Slot) -> None:
        offered = slot.field.takes_missing
        look = _IF_NONE if offered else _CLOSED
        self._sheet.write_blank(slot.row, Column.IF_NONE, None, self._book.styles(look))
        if offered:
            self._validations.add(slot.row, Column.IF_NONE, self._book.dropdowns.if_none())

    def _comment(self, slot: Slot) -> None:
        """Open, but for options: whatever is to be reported about a choice stands beside its head."""
        book = self._book
        rules = book.layout.instrument.rules_for(slot.block.code, slot.field.code)
        asks = any(rule.severity is Severity.WARNING for rule in rules)
        is_open = asks or not isinstance(slot.field.type, Mark)
        look = _COMMENT if is_open else _CHECK
        self._sheet.write_blank(slot.row, Column.COMMENT, None, book.styles(look))

    def _height(self, slot: Slot, question: LiveText, help_: LiveText | None) -> float:
        first, scalar, layout = slot.field.is_first, slot.field.type, self._book.layout
        bold, indent = self._is_level(slot), 1 if first else _PART.indent
        boxes = [Box(question.every, width(Column.QUESTION, layout), _QUESTION.size, bold=bold, indent=indent)]
        boxes.append(Box(self._book.check(slot).every, width(Column.CHECK, layout), _CHECK.size, indent=1))
        if help_ is not None:
            boxes.append(Box(help_.every, width(Column.HELP, layout), _HELP.size, indent=1))
        if isinstance(scalar, SingleChoice):
            labels = tuple(label for code in scalar.codelist.codes for label in code.label.values())
            boxes.append(Box(labels, width(Column.ANSWER, layout), styles.ENTRY.size, indent=1))
            if layout.prefilled:
                boxes.append(Box(labels, PREVIOUS_WIDTH, previous_heights.SIZE, indent=1))
        return row_height(boxes, 44 if _is_roomy(scalar) else _OF_TITLE if is_text(scalar) else 22 if first else 19)

    def _set_height(self, row: int, height: float) -> None:
        self._heights[row] = height
        self._sheet.set_row(row, height)

    # --- the sheet as a whole -------------------------------------------------------------------------------

    def _conditions(self) -> None:
        book, sheet, last = self._book, self._sheet, self._section.rows[-1].row
        book.colour_by_sign(sheet, Column.CHECK, (FIRST_BLOCK, last), Column.CHECK)
        letter = column_letter(Column.CHECK)
        self._empty(FIRST_BLOCK, last, begins(f"${letter}{FIRST_BLOCK + 1}", Sign.NOT_NEEDED))
        # Options have no remark of their own while nothing is expected: they follow the head of the choice.
        for head, options in self._choices():
            if not isinstance(head.question.relevant_when, Always):
                idle = begins(f"${letter}${head.row + 1}", Sign.NOT_NEEDED)
                silent = f'${letter}{options[0].row + 1}=""'
                self._empty(options[0].row, options[-1].row, f"AND({idle},{silent})")
        if book.layout.prefilled:
            previous_columns.grey(book, sheet, FIRST_BLOCK, last)

    def _empty(self, first: int, last: int, criteria: str) -> None:
        """Take text and colour from rows of questions that cannot arise; what somebody wrote there stays in sight."""
        looks, columns = self._book.styles, self._book.layout.columns
        gone, plain = looks.conditional(styles.WHITE), looks.conditional(styles.BLACK, styles.WHITE, edge=styles.RULE)
        for column in columns:
            look = gone if column in _PRINTED else plain if column in _OPEN else None
            if look is not None:
                condition = {"type": "formula", "criteria": f"={criteria}", "format": look, "stop_if_true": True}
                self._sheet.conditional_format(first, column, last, column, condition)

    def _choices(self) -> Iterator[tuple[Slot, list[Slot]]]:
        """The multiple choices of the sheet: head and options."""
        for slot in self._section.slots:
            if isinstance(slot.field.type, Selection):
                yield slot, self._options(slot)

    def _options(self, head: Slot) -> list[Slot]:
        return [slot for slot in self._book.slots_of(head.indicator) if slot.question is head.question][1:]

    def _set_up(self) -> None:
        sheet, last = self._sheet, self._section.rows[-1].row
        sheet.protect("", PROTECTION)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(FIRST_BLOCK, Column.QUESTION)
        first = next(self._section.slots).row
        sheet.set_selection(first, Column.ANSWER, first, Column.ANSWER)
        sheet.repeat_rows(HEADINGS)
        whole = f"A1:{column_letter(self._book.layout.columns[-1])}{last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), whole))
        sheet.set_landscape()
        self._book.set_up_print(sheet, *SHOWN)
        sheet.fit_to_pages(1, 0)
        sheet.set_h_pagebreaks(page_breaks(self._book.layout, units(self._section), self._heights))


def answer_look(scalar: ScalarType) -> Look:
    """How the answer cell of a type looks. Text cells keep what is typed: “3/4” stays “3/4”; a result is not typed."""
    align = scalar.traits.align
    if isinstance(scalar, Derived):
        return result_look(scalar)
    entry = replace(styles.ENTRY, number=scalar.number_format, align=align, indent=0 if align == "center" else 1)
    # Of a text that fills its row, the beginning must be seen.
    return replace(entry, size=10, valign="top" if _is_roomy(scalar) else "vcenter") if is_text(scalar) else entry


def result_look(scalar: ScalarType) -> Look:
    """How a number looks that nobody types."""
    return replace(_RESULT, number=scalar.number_format, align=scalar.traits.align)


def _is_roomy(scalar: ScalarType) -> bool:
    """True for a text of several sentences, which gets a taller row and begins at its top."""
    return isinstance(scalar, Text) and scalar.max_length > _SENTENCE


def untouched_number(slot: Slot) -> str | int:
    """What NUMERIC holds beside an empty answer: the length of a text, else nothing."""
    return 0 if is_text(slot.field.type) else ""
