"""Finds rows of the tidy table: those of a source, those that a finding is about, and what a source answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.findings import Finding
from pipeline.merging.claims import OF_UNIT, Unit, claims_in, unit_of
from questionnaire.blanks import EMPTY
from questionnaire.declaration.form import Instrument

_NOTHING = tuple(map(str, EMPTY))


class AnswerRows:
    """The tidy table with the rows of decisions, and where in it the rows of each source, answer and list cell stand.

    `findings` are all that may be asked about.
    """

    def __init__(self, instrument: Instrument, table: pd.DataFrame, findings: Iterable[Finding]) -> None:
        self._instrument, self.table = instrument, table
        self._lists = {block.code for block in instrument.lists}
        groups = table.groupby("submission", observed=True).groups
        self.by_source = {str(source): list(rows) for source, rows in groups.items()}
        asked = table[table["submission"].isin({found.submission for found in findings if found.field})]
        self._by_answer = _places(asked, "block", "field")
        self._by_cell = _places(asked[asked["block"].isin(self._lists)], "sheet", "cell")

    def of_source(self, source: str) -> Sequence[int]:
        """The rows of a file or decision."""
        return self.by_source.get(source, [])

    def of_finding(self, found: Finding) -> Sequence[int]:
        """The rows that a finding of a file is about; none where it is about more than one answer."""
        if not found.indicator or not found.field:
            return []
        if found.field.partition(".")[0] in self._lists:
            return self._by_cell.get((found.submission, found.sheet, found.cell), [])
        return self._by_answer.get((found.submission, found.indicator, found.field), [])

    def unit(self, row: int) -> Unit:
        """The unit that a row is part of."""
        return unit_of(self._instrument, {name: self.table.at[row, name] for name in OF_UNIT})

    def answered_by(self, source: str) -> set[Unit]:
        """The units that a source answers."""
        claims = claims_in(self.table.loc[list(self.of_source(source))], {}, self._instrument)
        return {unit for unit, found in claims.items() if any(claim.says for claim in found)}

    def is_answered(self, rows: Sequence[int]) -> bool:
        """True if anything is answered in some rows."""
        return not self.table.loc[list(rows), "status"].astype("str").isin(_NOTHING).all()


def _places(table: pd.DataFrame, *columns: str) -> Mapping[tuple[str, ...], list[int]]:
    """The rows by submission and the columns named."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    keys = (table[name].astype(object) for name in ("submission", *columns))
    for place, key in zip(table.index, zip(*keys, strict=True), strict=True):
        found[key].append(place)
    return found
