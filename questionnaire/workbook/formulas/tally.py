"""Counts how many questions of an indicator are answered, due and open, by formulas over its block."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from questionnaire.workbook.formulas.checks import Sign

OPEN = (Sign.ERROR, Sign.TO_DO, Sign.WARNING)
"""The signs of a point that somebody still has to see to."""


@dataclass(frozen=True)
class Count:
    """A number as an expression, and what it is in a questionnaire nobody has touched."""

    expression: str
    cached: int

    def plus(self, other: "Count") -> "Count":
        return Count(f"{self.expression}+{other.expression}", self.cached + other.cached)


@dataclass(frozen=True)
class Tally:
    """The counts of one indicator: questions answered, cells that lack, contradict or need a reason.

    A table counts as one question, answered once no line of it is blank.
    """

    done: Count
    to_do: Count
    to_correct: Count
    to_explain: Count

    @property
    def due(self) -> Count:
        """What is answered and what is missing, together: it grows as answers open questions."""
        return Count(f"{self.done.expression}+{self.to_do.expression}", self.done.cached + self.to_do.cached)

    def with_table(self, whole: str, to_do: Count, to_correct: Count) -> "Tally":
        """The same with a table, of which these are the points; `whole` is the cell with the check of all of it."""
        done = Count(f"{self.done.expression}+1-N({begins(whole, Sign.TO_DO)})", self.done.cached)
        return replace(self, done=done, to_do=self.to_do.plus(to_do), to_correct=self.to_correct.plus(to_correct))

    @property
    def state(self) -> str:
        """The state of an untouched indicator, as a key of the wordings."""
        if self.to_correct.cached:
            return "to_correct"
        if self.to_do.cached:
            return "not_started"
        return "to_explain" if self.to_explain.cached else "check_ok"


@dataclass(frozen=True)
class Area:
    """Rows below one another: the ranges of their keys and codes."""

    keys: str
    codes: str


def tally(areas: Sequence[Area], checks: str, said: Sequence[str]) -> Tally:
    """The counts of a block: of the questions in some areas, those that somebody answers, and of all its checks.

    `said` is what the check of each row says in an untouched block.
    """
    first = {sign: sum(check.startswith(sign) for check in said) for sign in Sign}
    open_ = {sign: Count(beginning(checks, sign), first[sign]) for sign in Sign}
    return Tally(
        done=Count("+".join(map(_done, areas)) or "0", 0),
        to_do=open_[Sign.TO_DO],
        to_correct=open_[Sign.ERROR],
        to_explain=open_[Sign.WARNING],
    )


def beginning(checks: str, sign: Sign) -> str:
    """How many checks of a range begin with a sign. No sign is one of those that COUNTIF takes for another (* ? ~)."""
    return f'COUNTIF({checks},"{sign}*")'


def begins(check: str, sign: Sign) -> str:
    """Whether the check in one cell begins with a sign. EXACT, since `=` takes some characters for each other."""
    return f'EXACT(LEFT({check},1),"{sign}")'


def _done(area: Area) -> str:
    """How many rows of an area stand for a question that is answered.

    The keys of options and units have a dot behind the colon: they are parts of a question, and are taken off the
    number of all. Before it may stand one of the indicator’s code, such as 1.a.1. Gnumeric knows no pattern behind <>.
    """
    every, parts = (f'COUNTIFS({area.keys},"{shape}",{area.codes},"?*")' for shape in ("?*", "*:*.*"))
    return f"{every}-{parts}"
