"""Makes the code list of the years of a time series, which the reference period of each round decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaire.codelists import Code, Codelist
from questionnaire.messages import in_language, wording

PERIOD = "period"
"""Stands in a tables.toml for a code list: that of the years. No list of codelists.csv may be called so there."""

MOST_YEARS = 24


@dataclass(frozen=True)
class Series:
    """The first and the last year of a reference period, and the languages that years are written in."""

    first: int
    last: int
    languages: Sequence[str]

    def years(self, count: int | None = None, total: str = "") -> Codelist:
        """The years of the period or, if a number of them is wanted, so many up to its last; each is its own rank.

        `total` is the code of all of them together, if there is one: it has no rank, being before and after none.
        """
        first = self.first if count is None else self.last - count + 1
        found = (
            Code(str(year), dict.fromkeys(self.languages, str(year)), {}, year) for year in range(first, self.last + 1)
        )
        label = {language: in_language(wording("workbook", "all_years"), language) for language in self.languages}
        together = (Code(total, label, {}),) if total else ()
        name = "_".join((PERIOD, *(() if count is None else (str(count),)), *((total.lower(),) if total else ())))
        return Codelist(name, (*found, *together))

    @property
    def named(self) -> Mapping[str, str]:
        """The codes that an instrument may name, whatever the round."""
        return {"period_start": str(self.first), "period_end": str(self.last)}


def is_series(codelist: Codelist) -> bool:
    """True for the years of a time series."""
    return codelist.name == PERIOD or codelist.name.startswith(f"{PERIOD}_")


ANY_PERIOD = (2001, 2002)
"""What an instrument is read with that no round has asked for: some years, so that its tables can be judged."""
