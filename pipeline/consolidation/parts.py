"""Says of each part of a respondent's questionnaire whether it has come and what is still missing from it."""

from collections.abc import Iterator, Mapping

import pandas as pd

from questionnaire.blanks import EMPTY
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome, Verdict, standing

COLUMNS = ("respondent", "slice", "slice_title", "part_verdict", "indicators", "indicators_answered", "missing", "file")
_SOUND = (Verdict.ACCEPTED, Verdict.TO_APPROVE)


def answered_blocks(round_: Round, returns: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Which blocks each respondent has answered, one row each; nobody asks it of those without parts.

    An answer that waits since another contradicts it, or until somebody approves it, was given.
    """
    in_parts = [code for code in returns["respondent"].unique() if round_.slices_of(code)]
    answers = answers[answers["respondent"].isin(in_parts)]
    sound = returns.loc[returns["verdict"].isin(_SOUND), "sha256"]
    waits = (answers["outcome"] == Outcome.WAITING) & answers["submission"].isin(sound)
    given = ~answers["status"].isin([str(empty) for empty in EMPTY])
    came = answers.loc[given & ((answers["outcome"] == Outcome.PUBLISHED) | waits), ["respondent", "block"]]
    return came.drop_duplicates(ignore_index=True).astype("str")


def parts_table(round_: Round, returns: pd.DataFrame, answered: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and part of slices.csv; what another file answers is not missing.

    `part_verdict` is what the files of this part are worth; `missing` has the codes of the indicators nobody answered.
    """
    blocks: dict[str, set[str]] = {}
    for respondent, block in zip(answered["respondent"], answered["block"], strict=True):
        blocks.setdefault(respondent, set()).add(block)
    return pd.DataFrame(list(_rows(round_, returns, blocks)), columns=list(COLUMNS)).astype(
        {"indicators": "int64", "indicators_answered": "int64"}
    )


def _rows(round_: Round, returns: pd.DataFrame, answered: Mapping[str, set[str]]) -> Iterator[tuple[object, ...]]:
    order = [indicator.code for indicator in round_.instrument.indicators]
    for respondent in round_.participants:
        for part in round_.slices_of(respondent.code):
            own = returns[(returns["respondent"] == respondent.code) & (returns["slice"] == part.code)]
            missing = part.indicators - answered.get(respondent.code, set())
            yield (
                respondent.code, part.code, in_language(part.title, round_.working_language), standing(own["verdict"]),
                len(part.indicators), len(part.indicators) - len(missing),
                " ".join(code for code in order if code in missing), " ".join(own["file"]),
            )  # fmt: skip
