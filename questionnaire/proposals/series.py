"""Says of how many years the columns of an indicator table are a time series; it proposes nothing."""

import re
from collections.abc import Collection

from questionnaire.declaration.lists.series import MOST_YEARS
from questionnaire.indicator_table.records import Indicator


def series_of(indicator: Indicator, columns: Collection[str] = ()) -> int:
    """How many years the columns of the table are, one after the other; 0 where they are no time series.

    A year of `columns` of which the table does not say the figure is one to ask about.
    """
    own = {one.head.strip() for one in indicator.attributes if one.role == "year"}
    return (_unbroken(own | {*columns}) or _unbroken(own)) if own else 0


def _unbroken(heads: Collection[str]) -> int:
    years = sorted(int(head) for head in heads if re.fullmatch(r"[12]\d{3}", head))
    unbroken = len(years) > 1 and len(years) == len(heads) and years[-1] - years[0] == len(years) - 1
    return len(years) if unbroken and len(years) <= MOST_YEARS else 0
