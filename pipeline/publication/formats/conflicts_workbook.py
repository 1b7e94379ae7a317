"""Writes `conflicts.xlsx` for each respondent, in its language: the answers that contradict each other, to be sent."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.publication.formats.workbook_sheets import Book
from pipeline.safe_text import harmless
from questionnaire.cell_texts import beginning
from questionnaire.messages import in_language, wording
from questionnaire.rounds.round import Round

FOLDER = "conflicts"

# Column of the table of conflicts -> width and key of its meaning.
_SHOWN = {
    "question": (14, "decision_question"),
    "indicator_text": (40, "indicator_text"),
    "question_text": (30, "question_text"),
    "answer": (30, "answer_as_typed"),
    "file": (30, "file"),
    "sheet": (14, "sheet"),
    "cell": (8, "cell"),
    "slice": (12, "slice"),
    "signed_off_by": (22, "signed_off_by"),
    "signed_off_on": (14, "signed_off_on"),
    "saved": (20, "saved"),
}


def write_conflicts(round_: Round, conflicts: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write a workbook into `conflicts/<CODE>` for each respondent with conflicts; `conflicts` is a table by language.

    Nothing of other respondents is in it.
    """
    for respondent in round_.participants:
        table = conflicts[respondent.language]
        own = table[table["respondent"] == respondent.code]
        if own.empty:
            continue
        path = folder / FOLDER / respondent.code / "conflicts.xlsx"
        path.parent.mkdir(parents=True)
        with Book(path, in_language(round_.title, respondent.language), round_.sent_on) as book:
            sheet = book.add(respondent.code)
            sheet.freeze_panes(1, 1)
            for place, (width, key) in enumerate(_SHOWN.values()):
                sheet.set_column(place, place, width)
                sheet.write_string(0, place, in_language(wording("columns", key), respondent.language), book.head)
            # Row after row: the book keeps no row that it has left.
            # The folders of a name are those of mails and archives, which the respondent never saw.
            own = own.assign(file=own["file"].str.rpartition("/")[2])
            for row, values in enumerate(own[list(_SHOWN)].itertuples(index=False), start=1):
                for place, value in enumerate(values):
                    sheet.write_string(row, place, beginning(harmless(str(value))), book.text)
