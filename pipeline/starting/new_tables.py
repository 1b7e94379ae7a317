"""Writes the tables proposed for the indicators of a new instrument, by sex and age and by year, and their rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from questionnaire.declaration.blocks import PERSONS
from questionnaire.declaration.lists.series import PERIOD
from questionnaire.design_sheets.plan import QUESTIONS
from questionnaire.design_sheets.standard import standard_rows
from questionnaire.indicator_table.identifiers import safe_name, underscored
from questionnaire.messages import LANGUAGES, say
from questionnaire.proposals.proposal import Proposal
from questionnaire.tables_written import inline, quoted

_COLUMN = "figure"
_TOTAL = "T"
_RATES = ("rate_per_", "given_per_")
_LISTS = {"sex": "by_sex", "age": "by_age"}
"""The standard code list of each breakdown; the code _TOTAL is the total of each."""
_TYPES = {
    "COUNT": ("whole_number",),
    "PERCENT": ("percent",),
    "CHANGE": ("number", "minimum = -100"),
    "RATE": ("number", "decimals = 2"),
    "NUMBER": ("number", "minimum = -1000000000000"),
    "AMOUNT": ("number", "decimals = 2"),
}
"""The type of the column for each indicator type, and its other keys."""


@dataclass(frozen=True)
class NewTable:
    """The table of one indicator: its breakdowns are the lines and its years the columns, or the lines without any."""

    indicator: str
    proposal: Proposal

    @property
    def is_needed(self) -> bool:
        return bool(self.proposal.by or self.proposal.years)

    @property
    def code(self) -> str:
        return f"by_{'_'.join((*self.proposal.by, *(('year',) if self.proposal.years else ())))}_{self._name.lower()}"

    @property
    def codelists(self) -> tuple[str, ...]:
        return tuple(_LISTS[one] for one in self.proposal.by)

    @property
    def _name(self) -> str:
        return underscored(safe_name(self.indicator))

    @property
    def _counts(self) -> bool:
        return self.proposal.indicator_type == "COUNT"

    def toml(self) -> str:
        """The table as tables.toml has it."""
        headings = [_texts(key) for key in (*self.proposal.by, *(("years",) if self.proposal.years else ()))]
        label = {
            language: f"{self.indicator} – {', '.join(texts[language] for texts in headings)}" for language in LANGUAGES
        }
        is_amount = self.proposal.indicator_type == "AMOUNT"
        lines = [
            "[[table]]",
            f"code = {quoted(self.code)}",
            f"indicator = {quoted(self.indicator)}",
            *(['totals = "computed"'] if self._counts and self.proposal.by else []),
            f"label = {inline(label)}",
            f"help = {inline(_texts('help_currency' if is_amount else 'help'))}",
            *self._dimensions(),
            "",
            "[[table.column]]",
            f"column = {quoted(_COLUMN)}",
            *self._column(),
            f"label = {inline(_texts(self.proposal.indicator_type))}",
        ]
        if self.proposal.by and not self._counts:
            lines += ["", "[[table.cannot_occur]]", *(f"{one} = {quoted(_TOTAL)}" for one in self.codelists)]
        return "\n".join(lines) + "\n"

    def _column(self) -> Iterator[str]:
        type_, *keys = _TYPES[self.proposal.indicator_type]
        yield f"type = {quoted(type_)}"
        yield from keys
        if self._counts and (self.proposal.by or self.proposal.counts_persons):
            yield f"discloses = {quoted(PERSONS)}"
        if unit := self._unit():
            yield f"unit = {inline(unit)}"

    def _unit(self) -> dict[str, str]:
        """The unit of the table, else that of the rate alone, such as per 1,000; none where there is neither."""
        if self.proposal.unit:
            return dict.fromkeys(LANGUAGES, self.proposal.unit)
        asked = {code for code in self.proposal.questions if code.startswith(_RATES)}
        rates = (row for row in standard_rows(QUESTIONS) if row.get("question") in asked)
        units = [{language: row.get(f"unit_{language}") for language in LANGUAGES} for row in rates]
        return units[0] if units else {}

    def _dimensions(self) -> Iterator[str]:
        series = (f"codelist = {quoted(PERIOD)}", f"years = {self.proposal.years}")
        for one in self.proposal.by:
            yield from ("", "[[table.dimension]]", f"codelist = {quoted(_LISTS[one])}")
            if self._counts:
                yield f"total = {quoted(_TOTAL)}"
            yield f"label = {inline(_texts(one))}"
        if self.proposal.years and not self.proposal.by:
            yield from ("", "[[table.dimension]]", *series, f"label = {inline(_texts('years'))}")
        elif self.proposal.years:
            yield from ("", "[table.across]", *series)

    def rule(self) -> str:
        """The rule that the number is the total of its table; "" where the table has none, or one for each year."""
        if not self._counts or not self.proposal.by or self.proposal.years:
            return ""
        count = self.proposal.unit_question or "count"
        where = ", ".join(f"{one} == {_TOTAL}" for one in self.codelists)
        texts = {key: _texts(f"total_{key}") for key in ("reason", "message", "remedy")}
        lines = [
            "[[rule]]",
            f'code = "TOTAL_{self._name.upper()}"',
            f"title = {quoted(f'The number of {self.indicator} is the total of its table')}",
            f"scope = [{quoted(self.indicator)}]",
            f"target = {quoted(count)}",
            f"check = {quoted(f'{count} == at({self.code}.{_COLUMN}, {where})')}",
            'severity = "warning"',
            *(f"{key}.{language} = {quoted(text)}" for key, said in texts.items() for language, text in said.items()),
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class NewTables:
    """The tables of an instrument, in the order of its indicators."""

    proposals: Mapping[str, Proposal]

    @cached_property
    def tables(self) -> tuple[NewTable, ...]:
        every = (NewTable(code, proposal) for code, proposal in self.proposals.items())
        return tuple(table for table in every if table.is_needed)

    @property
    def codelists(self) -> frozenset[str]:
        return frozenset(one for table in self.tables for one in table.codelists)

    def files(self) -> dict[str, str]:
        """tables.toml by its name; none where no indicator has a table."""
        return {"tables.toml": "\n".join(table.toml() for table in self.tables)} if self.tables else {}

    def rules(self) -> list[str]:
        return [rule for table in self.tables if (rule := table.rule())]


def _texts(key: str) -> dict[str, str]:
    return {language: say("new_tables", key, language) for language in LANGUAGES}
