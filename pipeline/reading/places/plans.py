"""Lists what is looked for on a returned sheet: the columns and rows of a section, and those of a list."""

import re
from collections.abc import Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.sheet_map import Plan
from questionnaire.codelists import choice_key
from questionnaire.layout import (
    CHECK,
    CONFIRM,
    KEY,
    LINE,
    PREVIOUS,
    REASON,
    Column,
    Layout,
    ListSheet,
    Slot,
    TableSheet,
)
from questionnaire.messages import wording
from questionnaire.rules.conditions import Always
from questionnaire.table_columns import previous_column

READ = (Column.ANSWER, Column.IF_NONE, Column.COMMENT, Column.CONFIRM)
"""The columns of a section sheet that a respondent writes in; not every questionnaire has the last."""

PRINTED = (Column.PREVIOUS, Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC)
"""The columns that show what was answered in the previous round."""

EARLIER_COLUMNS: Mapping[Column, int] = {
    **{column: column.value for column in Column},
    Column.PREVIOUS: 5, Column.CONFIRM: 6, Column.HELP: 7, Column.CHECK: 8,
}  # fmt: skip
"""Where they stood before the check stood beside the answer: questionnaires sent so still come back."""

_HEADING_ROWS = 40
_LINE_NUMBER = re.compile(r"L(0|[1-9]\d{0,3})")

SectionPlan = Plan[Column, Slot]
ListPlan = Plan[str, int]

_LIST_PLANS: WeakKeyDictionary[FormTexts, dict[tuple[str, bool], ListPlan]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def section_plan(layout: Layout, texts: FormTexts) -> SectionPlan:
    """What a section sheet is known by; the rows of every section are looked for on any sheet."""
    return Plan(
        columns={column: column.value for column in Column},
        earlier=EARLIER_COLUMNS,
        earlier_if=(Column.HELP, Column.CHECK),
        optional=frozenset(Column) - frozenset(layout.columns),
        header_keys=texts.header_keys,
        headings=texts.headings,
        needed=frozenset((Column.ANSWER,)),
        key=Column.KEY,
        number=Column.NUMBER,
        row_of_key=layout.by_key.get,
        row_of_number=layout.by_number.get,
        heading_rows=_HEADING_ROWS,
    )


def plan_of(sheet: ListSheet, texts: FormTexts) -> ListPlan:
    """The same plan for the sheet of a list as before; `texts` are those of its instrument."""
    plans = _LIST_PLANS.setdefault(texts, {})
    shows = isinstance(sheet, TableSheet) and sheet.shows_previous
    if (key := (sheet.block.code, sheet.prefilled or shows)) not in plans:
        plans[key] = list_plan(sheet)
    return plans[key]


def list_plan(sheet: ListSheet) -> ListPlan:
    """What the sheet of a list is known by; a row with any number may be one of its lines."""
    named = {LINE: wording("workbook", "column_number"), CHECK: wording("workbook", "column_check")}
    named[CONFIRM] = wording("workbook", "column_still_valid")
    named[REASON] = wording("workbook", "column_if_none")
    named |= {field.code: field.label for field in sheet.block.fields}
    is_table = isinstance(sheet, TableSheet)
    # Somebody may give a dimension another heading: its codes stand below it.
    needed = {
        question.code
        for question in sheet.block.questions
        if isinstance(question.required_when, Always) and not is_table
    }
    prefix = f"{sheet.block.code}:"

    def keyed(text: str) -> int | None:
        number = text.removeprefix(prefix)
        return int(number) if text.startswith(prefix) and number.isdecimal() else None

    about = f"{sheet.block.indicator}-" if isinstance(sheet, TableSheet) else ""

    def numbered(text: str) -> int | None:
        found = _LINE_NUMBER.fullmatch(text.removeprefix(about))
        # The first row of a table, that of all its lines, has the number 0.
        return int(found[1]) if found and (found[1] != "0" or is_table) else None

    whole = ListSheet(sheet.block, prefilled=True)
    if isinstance(sheet, TableSheet):
        whole = TableSheet(sheet.block, shows_previous=True)
    return Plan(
        columns=sheet.columns,
        earlier=sheet.earlier_columns,
        # On the sheet of a section the key stands left of the number, on one of its own it does not.
        earlier_if=(LINE, KEY) if _is_on_section(sheet) else (KEY, LINE),
        optional=frozenset((CONFIRM, PREVIOUS, *map(previous_column, sheet.block.field_codes))),
        header_keys=whole.header_keys,
        headings={
            choice_key(text): name for name, texts in named.items() if name in whole.columns for text in texts.values()
        },
        needed=frozenset(needed),
        key=KEY,
        number=LINE,
        row_of_key=keyed,
        row_of_number=numbered,
        rows_needed=False,
        one_of=sheet.block.field_codes if is_table else frozenset(),
    )


def _is_on_section(sheet: ListSheet) -> bool:
    return isinstance(sheet, TableSheet) and bool(sheet.section)
