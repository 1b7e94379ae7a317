"""Says what names mean in the text of a condition or a formula: questions, indicators, lists, tables, years."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import AnswerType, InUnits, parts
from questionnaire.declaration.chosen_units import converted_code, is_converted
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.indicator_table.identifiers import safe_name
from questionnaire.rules.conditions import Ref

PARAMETERS = ("period_start", "period_end")
"""The years that a round sets."""


class ExpressionError(Exception):
    """An expression that cannot be read; the text says which part and what would be right."""


@dataclass(frozen=True)
class Names:
    """What names mean in an expression: the questions asked, the indicators there are, the missing codes.

    `lists` gives the fields of each list, by its code, `most_lines` how many lines it has, and `indicator_fields` the
    field that says for which indicator a line counts. In a condition on a list's lines, `within` is the code of the
    list and its fields are the questions. `tables` are those lists that are tables: in a rule on one whose columns are
    codes, a measure stands for each of them. `references` are the items that reference(…) may name. `units` says of
    the columns of lists where the unit of their numbers is chosen.
    """

    types: Mapping[str, AnswerType]
    indicators: frozenset[str]
    missing: Codelist
    lists: Mapping[str, Mapping[str, AnswerType]] = field(default_factory=dict)
    indicator_fields: Mapping[str, str] = field(default_factory=dict)
    most_lines: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, TableBlock] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    units: Mapping[str, Mapping[str, Ref]] = field(default_factory=dict)
    within: str = ""

    @cached_property
    def _called(self) -> Mapping[str, str]:
        return {safe_name(code): code for code in self.indicators}

    def indicator(self, name: str) -> str:
        """The code of the indicator that a name stands for, as I1_a_1 does for 1.a.1; "" if there is none."""
        return self._called.get(name, "")

    def remedy(self, text: str) -> str:
        """How indicators that a text names by their codes are called there; "" where it names none so."""
        codes = sorted((code for code in self.indicators if safe_name(code) != code and code in text), key=len)
        return f"; in expressions, {codes[-1]} is called {safe_name(codes[-1])}" if codes else ""

    def in_one_unit(self, ref: Ref) -> Ref:
        """What stands for a number where it is compared or added: itself in the unit that its units convert to."""
        asked = self.types.get(ref.field)
        return replace(ref, field=converted_code(ref.field)) if is_converted(asked) else ref

    def unit_of(self, ref: Ref, block: str = "") -> Ref | None:
        """Where the unit of a number is chosen, None where it is given; `block` is the list it is a column of."""
        if block or self.within:
            return self.units.get(block or self.within, {}).get(ref.field)
        asked = self.types.get(ref.field)
        if not isinstance(asked, InUnits):
            return None
        suffix, _ = parts(asked)[1]
        return replace(ref, field=f"{ref.field}.{suffix}")

    def of_rule_on(self, code: str) -> "Names":
        """What names mean in a rule on the lines of a list."""
        own = self.of_list(code)
        return replace(own, types={**self.measures(code), **own.types})

    def measures(self, code: str) -> Mapping[str, AnswerType]:
        """What the columns of a table measure, where these are codes."""
        table = self.tables.get(code)
        return {} if table is None or table.across is None else dict(table.measures)

    def of_list(self, code: str) -> "Names":
        """What names mean where the lines of a list are looked at."""
        return replace(self, types=self.lists[code], indicators=frozenset(), within=code)
