"""Writes the feedback of a round: for each return to correct or complete its own workbook, and a letter about it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline.desk.deadlines import corrections_after, extensions
from pipeline.feedback.given_answers import given_answers
from pipeline.feedback.points import asks_for_something, listed, points_of
from pipeline.files import write_whole
from pipeline.letters.letter import Letter
from pipeline.letters.wording import Letters
from pipeline.previous_round.previous_answers import with_shown_answers
from pipeline.publication.results import read_arrow, read_results
from questionnaire.codelists import Codelist
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.layout import Layout
from questionnaire.messages import in_language
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.rounds.standings import Verdict
from questionnaire.workbook.corrected import CorrectedWorkbooks
from questionnaire.workbook.returned import Returned
from questionnaire.workbook.write import file_name

TO_GIVE_BACK = (Verdict.TO_CORRECT, Verdict.TO_COMPLETE)
"""The verdicts on returns that go back to their respondents."""

_SIGNED = ("signed_off_by", "signed_off_on")
"""What is left empty on the Cover: who corrects answers signs off again."""

_ANSWER = (
    "submission", "block", "line", "indicator", "field", "status", "code", "number", "text", "date", "raw", "if_none",
    "comment", "sheet", "cell", "change",
)  # fmt: skip
_FINDING = (
    "submission", "severity", "code", "indicator", "field", "sheet", "cell", "value", "explanation",
    "message_to_respondent", "remedy_to_respondent",
)  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Due:
    """A return that is to go back: a row of the register of returns, and whose it is."""

    respondent: Respondent
    part: Slice | None
    file: Row

    @property
    def sha256(self) -> str:
        return str(self.file["sha256"])


@dataclass(frozen=True)
class Feedback:
    """What was written about one return: its workbook, and the letter, which says the same in words."""

    due: Due
    workbook: Path
    letter: Letter
    points: int
    without_room: int


def folder(round_: Round) -> Path:
    """Where the feedback of a round is written."""
    return round_.outputs / "feedback"


def due(round_: Round, respondents: Collection[str] = ()) -> list[Due]:
    """The returns to give back, of some respondents or of all: the newest of each respondent and part.

    Raises NotConsolidatedError before the first consolidation.
    """
    returns = read_results(round_, "returns")
    newest: dict[str, dict[str, Row]] = defaultdict(dict)
    rows: list[Row] = [*returns.to_dict("records")]  # type: ignore[list-item]  # columns are named by texts
    for row in sorted(rows, key=age):
        if row["verdict"] in TO_GIVE_BACK and (not respondents or row["respondent"] in respondents):
            newest[row["respondent"]][row["slice"]] = row
    return [
        Due(entry, round_.slice_of(entry.code, part) if part else None, row)
        for entry in round_.participants
        for part, row in sorted(newest.get(entry.code, {}).items())
    ]


def write_feedback(round_: Round, whose: Iterable[Due]) -> list[Feedback]:
    """Write the workbook and the letter of each return that is to go back."""
    writer = _Writer(with_shown_answers(round_))
    folder(round_).mkdir(parents=True, exist_ok=True, mode=0o700)
    return [writer.write(entry) for entry in whose]


class _Rows:
    """The rows of a published table by the return that they are of: it is looked through once, and never copied."""

    def __init__(self, round_: Round, name: str, columns: Sequence[str]) -> None:
        self._table = read_arrow(round_, name, columns)
        self._stretches: dict[str, list[tuple[int, int]]] = defaultdict(list)
        start = 0
        for sha256, rows in groupby(self._table["submission"].to_pylist()):
            length = sum(1 for _ in rows)
            self._stretches[sha256].append((start, length))
            start += length

    def of(self, sha256: str) -> list[Row]:
        stretches = self._stretches.get(sha256, ())
        return [row for start, length in stretches for row in self._table.slice(start, length).to_pylist()]


class _Writer:
    """Writes one return after the other, and has what is looked up once for all of them."""

    def __init__(self, round_: Round) -> None:
        self._round, self._layout, self._letters = round_, Layout.of(round_), Letters(round_)
        self._answers, self._findings = _Rows(round_, "answers", _ANSWER), _Rows(round_, "findings", _FINDING)
        self._extensions = extensions(round_)
        self._corrected: dict[tuple[object, ...], CorrectedWorkbooks] = {}

    def write(self, entry: Due) -> Feedback:
        round_, letters = self._round, self._letters
        own = self._findings.of(entry.sha256)
        layout = self._layout.part(entry.part.indicators) if entry.part else self._layout
        rows = self._answers.of(entry.sha256)
        language = entry.respondent.language
        faulty = frozenset((row["indicator"], row["field"]) for row in own if asks_for_something(row))
        given = given_answers(layout, language, rows, faulty)
        returned = Returned(
            points=points_of(layout, language, own, rows, given),
            saved=_saved(round_, entry.file),
            cells=given.cells,
            cover=_cover(entry.file, layout.instrument.codelists["yes_no"], language),
        )
        by = corrections_after(round_, self._extensions.get(entry.respondent.code, round_.return_by))
        path = folder(round_) / file_name(round_, entry.respondent, entry.part)
        write_whole(path, self._workbooks(language, entry.part, by).workbook(entry.respondent, returned))
        letter = letters.write(
            "feedback",
            entry.respondent,
            count=len(returned.points),
            points=listed(returned, letters.language(entry.respondent)),
            file=str(entry.file["file"]).rpartition("/")[2],
            correct_by=by,
        )
        for suffix, text in ((".txt", letter.text), (".html", letter.html)):
            write_whole(path.with_suffix(suffix), text.encode())
        return Feedback(entry, path, letter, len(returned.points), len(given.without_room))

    def _workbooks(self, language: str, part: Slice | None, by: dt.date) -> CorrectedWorkbooks:
        key = language, by, part and part.asked
        if key not in self._corrected:
            self._corrected[key] = CorrectedWorkbooks(self._round, language, self._layout, part, by)
        return self._corrected[key]


def _cover(file: Row, yes_no: Codelist, language: str) -> dict[str, str]:
    """What stands on the Cover: as it was entered, but for the sign-off."""
    entered = {name: str(file[name] or "") for name in COVER_ENTRIES if name not in _SIGNED}
    if entered["texts_cleared"] in yes_no.value_codes:
        entered["texts_cleared"] = in_language(yes_no[entered["texts_cleared"]].label, language)
    return {COVER_ENTRIES[name].name: text for name, text in entered.items() if text}


def _saved(round_: Round, file: Row) -> dt.datetime:
    """When the return was saved: what comes back without ever being saved is no older than it."""
    try:
        return dt.datetime.fromisoformat(str(file["saved"] or "")).astimezone(dt.UTC)
    except ValueError:
        return dt.datetime.combine(round_.sent_on, dt.time(), dt.UTC)


def age(row: Row) -> tuple[str, str]:
    """What puts rows of the register of returns in order: when each was saved or mailed."""
    return max(str(row["saved"] or ""), str(row["mail_date"] or "")), str(row["file"])
