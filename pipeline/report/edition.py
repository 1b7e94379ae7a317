"""Declares what a page of the report is made of: the round, for whom, in which language, and its source of figures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property

from pipeline.report.markup import grouped
from pipeline.report.source import Source
from pipeline.validation.completeness import Coverage
from questionnaire.codelists import Wording
from questionnaire.declaration.blocks import Field
from questionnaire.messages import in_language, say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round


@dataclass(frozen=True)
class Edition:
    """One page in the making. `coverage` says how complete the dataset is; all other figures are those of `source`."""

    round: Round
    access: Access
    language: str
    source: Source
    coverage: Coverage

    def say(self, key: str, **values: object) -> str:
        """A sentence of the report."""
        return say("report", key, self.language, **values)

    def text(self, wording: Wording) -> str:
        """A text of the instrument or the round in the language of the page, else in the official one."""
        return in_language(wording, self.language, self.round.instrument.official_language)

    def in_working_language(self, wording: Wording) -> str:
        """A text of the instrument as the tables have it."""
        return in_language(wording, self.round.working_language, self.round.instrument.official_language)

    def unit(self, field: Field) -> str:
        """What the numbers of a question count, in words, where that is declared; "" where only its text says so."""
        return self.text(field.unit) or field.type.traits.unit

    def name(self, respondent: str) -> str:
        """The name of a respondent, its code where it has none."""
        return self._names.get(respondent) or respondent

    @cached_property
    def _names(self) -> dict[str, str]:
        return {respondent.code: self.text(respondent.name) for respondent in self.round.respondents}

    @cached_property
    def ranks(self) -> Sequence[tuple[int, str, str]]:
        """Of each level, lowest first: its rank, its look (a class of report.css) and its label."""
        scale = self.round.instrument.level_scale
        codes = scale.ranked if scale is not None else ()
        steps = max(len(codes) - 1, 1)
        return [
            (code.rank or 0, f"level{round(place * (_SHADES - 1) / steps)}", self.text(code.label))
            for place, code in enumerate(codes)
        ]

    def percent(self, share: float | None) -> str:
        """A share in whole per cent; what is not nothing or not all is never shown as if it were; "–" for none."""
        if share is None:
            return "–"
        rounded = str(math.floor(share * 100 + 0.5))
        if rounded in ("0", "100") and share not in (0, 1):
            rounded = "<1" if share < 0.5 else ">99"
        return f"{rounded}%" if self.language in ("en", "pt") else f"{rounded}\N{NO-BREAK SPACE}%"

    def decimal(self, number: float | None) -> str:
        """A number with one decimal, as it is written in the language of the page; "–" for none."""
        if number is None:
            return "–"
        written = f"{math.floor(number * 10 + 0.5) / 10:.1f}"
        return written if self.language == "en" else written.replace(".", ",")

    def quantity(self, number: float | None) -> str:
        """A number with its thousands apart and the decimals that it has, two at most; "–" for none.

        A half is rounded up, as in the questionnaire; what is not nothing is never shown as if it were.
        """
        if number is None:
            return "–"
        rounded = Decimal(str(number)).quantize(_HUNDREDTH, ROUND_HALF_UP, _ANY_SIZE) or Decimal(f"{number:.1g}")
        whole, _, decimals = f"{rounded:,f}".partition(".")
        decimals = decimals.rstrip("0")
        mark = "." if self.language == "en" else ","
        return whole.replace(",", "\N{NARROW NO-BREAK SPACE}") + (mark + decimals if decimals else "")

    def span(self, least: str, most: str) -> str:
        """From one figure to another, or the one that both are."""
        return least if least == most else self.say("at_least_at_most", least=least, most=most)


_SHADES = 5
_HUNDREDTH, _ANY_SIZE = Decimal("0.01"), Context(prec=400)


def figure(value: object) -> str:
    """A number as it stands in a table, its thousands apart; "–" where there is none."""
    if isinstance(value, int):
        return grouped(value)
    return "–" if value is None else str(value)
