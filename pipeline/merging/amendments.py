"""Puts what people decided into the tidy table, and what they corrected of a line into the file that has the line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.merging.claims import Claim, Unit
from pipeline.merging.merge import Merged
from pipeline.merging.whole import OWNER
from pipeline.reading.submission import Columns
from schemas.answers_table import answers_frame


@dataclass(frozen=True)
class Amendments:
    """The decisions that correct lines of lists: `files` has the file of the line by the source of the decision.

    `answers` is the tidy table with their rows, `places` where the rows of each source stand.
    """

    files: Mapping[str, str]
    answers: pd.DataFrame
    places: Mapping[str, Sequence[int]]

    def of(self, sources: Collection[str]) -> dict[str, str]:
        """Those among some sources whose file is among them too."""
        return {source: file for source, file in self.files.items() if source in sources and file in sources}

    def said(self, sources: Collection[str]) -> list[int]:
        """The rows of some sources, a corrected cell in the place of what its file says."""
        amending = self.of(sources)
        said = set(sources) - (self.files.keys() - amending.keys())
        every = {place for source in said for place in self.places.get(source, ())}
        for source, file in amending.items():
            every -= self._same_cells(source, file)
        return sorted(every)

    def _same_cells(self, source: str, file: str) -> set[int]:
        """The rows of a file in whose place those of a decision stand."""
        keys = ["block", "line", "field"]
        own, said = (self.answers.loc[list(self.places[name]), keys].astype("str") for name in (file, source))
        wanted = set(said.itertuples(index=False, name=None))
        return {
            place
            for place, cell in zip(own.index, own.itertuples(index=False, name=None), strict=True)
            if cell in wanted
        }

    def replaced(
        self, sources: Collection[str], merged: Merged, claims: Mapping[Unit, Sequence[Claim]]
    ) -> Iterator[tuple[str, Claim]]:
        """The corrections in whose place the lines of another file count, with what that file says."""
        standing = merged.published | merged.waiting
        for source, file in self.of(sources).items():
            first = self.places[source][0]
            if first not in standing:
                unit = str(self.answers.at[first, "block"]), str(self.answers.at[first, "indicator"])
                others = (claim for claim in claims[unit] if claim.source != file and standing & {*claim.rows})
                yield from ((source, claim) for claim in list(others)[:1])


def with_decided(answers: pd.DataFrame, rows: Columns, owners: Mapping[str, str]) -> pd.DataFrame:
    """The tidy table with the rows of decisions below, and of each row the file whose line it is part of."""
    answers = answers.reset_index(drop=True)
    if rows["submission"]:
        whole = pd.concat([answers, answers_frame(rows)], ignore_index=True)
        answers = whole.astype(answers.dtypes.map(_uncategorised))
    own = answers["submission"]
    return answers.assign(**{OWNER: own.astype("str").replace(dict(owners)) if owners else own})


def _uncategorised(dtype: object) -> object:
    return "category" if isinstance(dtype, pd.CategoricalDtype) else dtype
