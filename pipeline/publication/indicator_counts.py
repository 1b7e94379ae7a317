"""Counts what the gate expects of each indicator: its rows, and how far its levels moved since the previous round."""

from collections import Counter

import pandas as pd

from questionnaire.declaration.column_names import LEVEL
from questionnaire.rounds.round import Round
from schemas.expectations import FEWEST_COMPARED, ROWS, SHIFTED


def indicator_counts(round_: Round, regional: pd.DataFrame) -> pd.DataFrame:
    """One row for each indicator of the instrument; what the regional dataset has besides is counted nowhere."""
    rows = Counter(regional["indicator"].astype("str"))
    levels: dict[str, list[tuple[str, str]]] = {}
    if LEVEL in regional and round_.previous_answers:
        known = regional[regional[LEVEL].notna()]
        for respondent, indicator, level in zip(known["respondent"], known["indicator"], known[LEVEL], strict=True):
            earlier = round_.previous_answers.get(str(respondent), {}).get((str(indicator), round_.instrument.level))
            if earlier is not None and earlier.value is not None:
                levels.setdefault(str(indicator), []).append((str(earlier.value), str(level)))
    codes = [indicator.code for indicator in round_.instrument.indicators]
    return pd.DataFrame(
        {
            "indicator": codes,
            ROWS: [rows[code] for code in codes],
            SHIFTED: [shifted(levels.get(code, [])) for code in codes],
        }
    )


def shifted(pairs: list[tuple[str, str]]) -> float:
    """The share of levels that would have to move for the earlier distribution to be that of today; 0 for too few.

    It is the total variation distance of the two distributions, of those who have a level in both rounds: half the sum
    of the differences of their shares. Source: D. Levin and Y. Peres, Markov Chains and Mixing Times (2017), 4.1.
    """
    if len(pairs) < FEWEST_COMPARED:
        return 0.0
    earlier, today = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    return sum(abs(earlier[level] - today[level]) for level in {*earlier, *today}) / (2 * len(pairs))
