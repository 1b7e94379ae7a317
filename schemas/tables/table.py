"""Declares what a published table is: its columns, what each means in every language, and who may see it.

Everything that describes a table (the Parquet schema, the comments of the database, the codebook, the labels of Stata
and SPSS) is made from this, and from nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import count
from typing import Literal

import pyarrow as pa

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.blocks import Field
from questionnaire.messages import in_language, wording
from questionnaire.rounds.access import Access
from schemas.tables.own_codes import OWN_CODELISTS

LONGEST_NAME = 28
"""How many characters a short name may have: Stata takes 32, four of which our library needs for the number by which
it names the value labels of a variable.
"""

# Words that Stata or SPSS would take for their own (Stata, [U] 11.3; SPSS, "Variable names").
_RESERVED = frozenset(
    {
        *("_all", "byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using", "with"),
        *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to"),
    }
)

ColumnType = Literal["string", "bool", "int32", "int64", "double", "date32"]


class Sensitivity(StrEnum):
    """What in a column could harm somebody, "" for nothing.

    Nobody but the secretariat sees a contact, a free text, or the trace of a file. Everybody sees the answers that are
    texts where the state allows it, and the counts of persons but those that are suppressed.
    """

    NONE = ""
    CONTACT = "contact"
    FREE_TEXT = "free_text"
    TRACE = "trace"
    ANSWER_TEXT = "answer_text"
    PERSONS = "persons"


_NEVER_PUBLIC = (Sensitivity.CONTACT, Sensitivity.FREE_TEXT, Sensitivity.TRACE)


@dataclass(frozen=True)
class Column:
    """One column of a published table.

    `codelist`: what its codes mean or, in a column of numbers, its ranks. `unit`: what its numbers count. `field`: the
    field whose value it holds, or whose answer status where `is_status`. `has_numbers`: its texts are numbers where
    they look like one, and are spelled so.
    """

    name: str
    type: ColumnType
    label: Wording
    sensitivity: Sensitivity = Sensitivity.NONE
    codelist: Codelist | None = None
    unit: Wording = field(default_factory=dict)
    field: Field | None = None
    is_status: bool = False
    has_numbers: bool = False

    @property
    def access(self) -> Access:
        """Who may see it, if not each of its values."""
        return Access.RESTRICTED if self.sensitivity in _NEVER_PUBLIC else Access.PUBLIC


@dataclass(frozen=True)
class Table:
    """One published table; `key` are the columns that name a row, `part` the indicator type or list that it is about.

    One of `access` restricted is not for everybody, whatever its columns; of another everybody may see those columns
    that are for everybody.
    """

    name: str
    title: Wording
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    access: Access = Access.PUBLIC
    part: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def access_of(self, column: Column) -> Access:
        """Who may see one of its columns."""
        return Access.RESTRICTED if self.access is Access.RESTRICTED else column.access

    def for_(self, access: Access) -> "Table | None":
        """The table as some people may see it; None where it is not for them, or its rows could not be named."""
        if access is Access.RESTRICTED:
            return self
        shown = tuple(column for column in self.columns if column.access is Access.PUBLIC)
        if self.access is Access.RESTRICTED or not {column.name for column in shown}.issuperset(self.key):
            return None
        return self.with_columns(shown)

    def with_columns(self, columns: Iterable[Column]) -> "Table":
        """The same with other columns, such as some of its own in another order."""
        return replace(self, columns=tuple(columns))

    @cached_property
    def short_names(self) -> dict[str, str]:
        """A name of at most `LONGEST_NAME` characters for every column, its own where that is short enough.

        Of a longer one both parts are cut, and a number distinguishes those that have become equal.
        """
        names = [f"{name}_" if name.lower() in _RESERVED else name for name in self.names]
        taken = {name.lower() for name in names if len(name) <= LONGEST_NAME}
        shortened = {}
        for name, long in zip(self.names, names, strict=True):
            short = long
            if len(long) > LONGEST_NAME:
                short = next(cut for cut in _cuts(long) if cut.lower() not in taken)
                taken.add(short.lower())
            shortened[name] = short
        return shortened


def _cuts(name: str) -> Iterator[str]:
    stem, _, part = name.partition("__")
    tail = f"__{part[:10]}" if part else ""
    yield stem[: LONGEST_NAME - len(tail)] + tail
    for number in count(2):
        yield stem[: LONGEST_NAME - len(tail) - len(str(number))] + str(number) + tail


def worded(
    name: str,
    type_: ColumnType = "string",
    sensitivity: Sensitivity = Sensitivity.NONE,
    codelist: Codelist | None = None,
    key: str = "",
    *,
    has_numbers: bool = False,
) -> Column:
    """A column whose meaning stands in `wordings/columns.toml`, under `key` where it is not that of its name."""
    meaning = key or name
    listed = codelist or OWN_CODELISTS.get(meaning)
    return Column(name, type_, wording("columns", meaning), sensitivity, listed, has_numbers=has_numbers)


def title(name: str) -> Wording:
    """The title of a table that every round has, from `wordings/tables.toml`."""
    return wording("tables", name)


def arrow_schema(table: Table) -> pa.Schema:
    """The columns as a Parquet file states them: name, type and what each means, in English."""
    return pa.schema(
        [
            pa.field(column.name, pa.type_for_alias(column.type), metadata={"meaning": in_language(column.label, "en")})
            for column in table.columns
        ]
    )
