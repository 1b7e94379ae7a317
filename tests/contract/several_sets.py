"""Writes several sets of answers into questionnaires of one round, and reads all of them as one batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import tab_names
from schemas.answers_table import answers_frame
from schemas.frame import wide_frames
from tests.given import write_questionnaire


def books(folder: Path, round_: Round, layout: Layout, sets: int) -> Iterator[tuple[Path, FilledWorkbook]]:
    """So many empty workbooks, of one participant after the other, each with the path that it is to be saved under."""
    sent = [folder / f"{respondent.code}.xlsx" for respondent in round_.participants]
    for respondent, path in zip(round_.participants, sent, strict=True):
        write_questionnaire(path, round_, respondent, layout)
    for number in range(sets):
        yield folder / f"{number:02}.xlsx", FilledWorkbook(sent[number % len(sent)], layout, tab_names(layout), "en")


def together(round_: Round, layout: Layout, paths: Sequence[Path]) -> Mapping[str, pd.DataFrame]:
    """The wide frames of all sets."""
    rows = [tidy(receive_file(path), path.read_bytes(), round_, layout).rows for path in paths]
    whole = {name: [value for one in rows for value in one[name]] for name in rows[0]}
    return wide_frames(answers_frame(whole), round_.instrument)
