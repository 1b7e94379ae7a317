"""Declares what an answer cell takes: dropdown, limits, what is shown when it is entered and said when it is refused.

One branch per scalar type. No formula can change these messages when another language is chosen: what is shown is an
example in no language, short enough not to cover the check beside it; what is said stands in the respondent's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from questionnaire.addresses import column_letter
from questionnaire.day_numbers import FIRST_DAY, LAST_DAY
from questionnaire.declaration.answer_types import (
    Date,
    Derived,
    Limit,
    Mark,
    Numeric,
    NumericType,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    YesNo,
)
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.bounds import bound
from questionnaire.messages import say
from questionnaire.workbook.texts.codelist_sheet import ListAddresses

_EXAMPLES = {
    "whole_number": "0, 1, 2 … 1250",
    "number": "0 … 12,5 = 12.5",
    "percent": "0 % … 27 %",
    "amount": "1500000",
    "year": "2025",
    "date": "2025-12-31",
    "text": "≤ {max}",
    "web": "https://…",
    "confirm": "x",
    "still_valid": "x",
    "computed": "Σ",
}
"""What a selected cell shows, by the prompt of its answer type. Of a list, programs show the arrow: it says enough."""

_LONGEST_ALERT = 255
"""Characters of what is said where an entry is refused (Excel's limit)."""

_AREAS = 60  # areas that share one validation; longer lists of areas are legal but slow to open


@dataclass(frozen=True)
class Validation:
    """The options given to XlsxWriter, as pairs, so that equal validations can be shared; {cell} is the first cell."""

    options: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, **options: Any) -> "Validation":
        return cls(tuple(options.items()))

    def adding(self, more: str) -> "Validation":
        """The same with something more said where an entry is refused, as far as programs show it."""
        options = dict(self.options)
        said = f"{options['error_message']} {more}"
        return Validation.of(**{**options, "error_message": said}) if len(said) <= _LONGEST_ALERT else self


@dataclass(frozen=True)
class Dropdowns:
    """Makes the validations of one workbook; `parameters` are the years that limits may name."""

    lists: ListAddresses
    parameters: Mapping[str, int]
    language: str

    def answer(self, asked: Field) -> Validation | None:
        """What the answer cell of a field takes; None for the head of a multiple choice, which takes nothing."""
        scalar, traits = asked.type, asked.type.traits
        match scalar:
            case SingleChoice(codelist) | YesNo(codelist):
                return self._list(self.lists.labels(codelist), asked.asks_unit or traits.prompt)
            case Mark(codelist):
                return self._list(self.lists.mark(codelist), traits.prompt)
            case Numeric(minimum, maximum):
                return self._number(scalar, minimum, maximum)
            case Date():
                return self.day()
            case Text(max_length):
                limits = {"validate": traits.validation, "criteria": "<=", "value": max_length}
                return self._validation(limits, traits.prompt, "warning", max=max_length)
            case WebReference(max_length):
                begins = 'OR(LEFT({cell},7)="http://",LEFT({cell},8)="https://")'
                limits = {"validate": traits.validation, "value": f"=AND({begins},LEN({{cell}})<={max_length})"}
                return self._validation(limits, traits.prompt, "warning", max=max_length)
            case Derived():
                return Validation.of(validate="any", input_message=_EXAMPLES[traits.prompt])
            case Selection():
                return None
            case _:
                assert_never(scalar)

    def in_table(self, asked: Field) -> Validation | None:
        """What a cell of a table takes: of a number, also the reason why there is none, in short or as on the list."""
        scalar = asked.type
        if not isinstance(scalar, Numeric):
            return self.answer(asked)
        low, high = bound(scalar.minimum, self.parameters), bound(scalar.maximum, self.parameters)
        limits = [
            f"{{cell}}{sign}{scalar.in_cell(limit):.15G}"
            for sign, limit in ((">=", low), ("<=", high))
            if limit is not None
        ]
        whole = ("{cell}=INT({cell})",) if scalar.traits.whole else ()
        number = f"IF(ISNUMBER({{cell}}),AND({','.join(('TRUE', *limits, *whole))}),FALSE)"
        reasons, codes = self.lists.missing(), self.lists.missing_by_code()
        named = f'COUNTIF({reasons},{{cell}})+COUNTIF({reasons},{{cell}}&" *")+COUNTIF({codes},{{cell}})>0'
        options = {"validate": "custom", "value": f"=OR({number},{named})"}
        taken = self._validation(options, scalar.traits.prompt, min=low, max=high)
        shorts = ", ".join(code.short(self.language) for code in self.lists.missing_list)
        return taken.adding(self._say("alert_or_reason", codes=shorts))

    def if_none(self) -> Validation:
        """The cell beside an answer that takes the reason why there is none."""
        return self._list(self.lists.missing(), "if_none")

    def confirm(self) -> Validation:
        """The cell that takes an x where the answer of the previous round still holds."""
        return self._list(self.lists.confirming(), "confirm", alert="confirm")

    def still_valid(self) -> Validation:
        """The same before a line of a list."""
        return self._list(self.lists.confirming(), "still_valid", alert="confirm")

    def day(self) -> Validation:
        """Any calendar day."""
        return self._number(Date(), FIRST_DAY, LAST_DAY)

    def choice(self, source: str, prompt: str) -> Validation:
        """A dropdown over any range."""
        return self._list(source, prompt)

    def _list(self, source: str, prompt: str, alert: str = "choice") -> Validation:
        return self._validation({"validate": "list", "source": f"={source}"}, prompt, alert=alert)

    def _number(self, scalar: NumericType | Date, minimum: Limit, maximum: Limit) -> Validation:
        """A number from `minimum` to `maximum`, as the cells of the type hold it."""
        low, high = bound(minimum, self.parameters), bound(maximum, self.parameters)
        limits: dict[str, Any] = {"validate": scalar.traits.validation}
        if low is not None and high is not None:
            limits |= {"criteria": "between", "minimum": scalar.in_cell(low), "maximum": scalar.in_cell(high)}
        elif high is not None:
            limits |= {"criteria": "<=", "value": scalar.in_cell(high)}
        else:
            limits |= {"criteria": ">=", "value": scalar.in_cell(low or 0)}
        return self._validation(limits, scalar.traits.prompt, min=low, max=high)

    def _validation(
        self, limits: Mapping[str, Any], prompt: str, error_type: str = "stop", alert: str = "", **values: object
    ) -> Validation:
        if prompt in _EXAMPLES:
            limits = {**limits, "input_message": _EXAMPLES[prompt].format(**values)}
        return Validation.of(
            **limits,
            error_type=error_type,
            error_title=self._say("alert_title"),
            error_message=self._say(f"alert_{alert or prompt}_text", **values),
        )

    def _say(self, key: str, **values: object) -> str:
        return say("workbook", key, self.language, **values)


@dataclass
class SheetValidations:
    """The validations of one sheet, each written once for all its cells."""

    _cells: dict[Validation, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, row: int, column: int, validation: Validation) -> None:
        self._cells.setdefault(validation, []).append((row, column))

    def write(self, sheet: Any) -> None:
        for validation, cells in self._cells.items():
            areas = _areas(cells)
            for start in range(0, len(areas), _AREAS):
                _write(sheet, validation, areas[start : start + _AREAS])


def _write(sheet: Any, validation: Validation, areas: list[tuple[int, int, int, int]]) -> None:
    row, column, *_ = areas[0]
    cell = f"{column_letter(column)}{row + 1}"
    options = {
        name: value.replace("{cell}", cell) if name == "value" and isinstance(value, str) else value
        for name, value in validation.options
    }
    sheet.data_validation(*areas[0], {**options, "other_cells": [list(area) for area in areas[1:]]})


def _areas(cells: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Cells below one another as one area."""
    areas: list[tuple[int, int, int, int]] = []
    for row, column in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if areas and areas[-1][3] == column and areas[-1][2] == row - 1:
            first, *_ = areas[-1]
            areas[-1] = (first, column, row, column)
        else:
            areas.append((row, column, row, column))
    return areas
