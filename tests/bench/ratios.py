"""Runs the benchmark: each step against a named floor, both measured in one run; run it with `make bench`.

Seconds differ from machine to machine and from hour to hour, ratios much less. What runs in this process is measured
in processor time, turn about with its floor, and the median counts. It is no test: nothing fails by it.
"""

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from pipeline.desk import questionnaires
from pipeline.previous_round.previous_dataset import answer_published
from pipeline.reading.one_return import read_return
from pipeline.reading.submission import Submission
from pipeline.receiving.receive import receive
from pipeline.receiving.received import ReceivedFile
from pipeline.validation.validate import validate
from questionnaire.layout import Layout
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answers
from questionnaire.workbook.template import template
from questionnaire.workbook.write import file_name
from schemas.answers_table import ANSWERS, answers_frame
from tests.bench.stamped import simulated_round

_READ_AT_A_TIME = 5
_WRITTEN_AT_A_TIME = 20


@dataclass(frozen=True)
class Ratio:
    """How many times the floor something costs; `good` is up to where nobody need look."""

    value: float
    what: str
    floor: str
    good: float

    def __str__(self) -> str:
        sign = " " if self.value <= self.good else "!"
        return f"{sign}{self.value:7.3f}  good up to {self.good:<5g} {self.what} : {self.floor}"


@dataclass(frozen=True)
class Bench:
    """A round with its returns, the numbers of returns to compare, and how often each thing is measured."""

    round: Round
    few: int = 30
    many: int = 300
    repeats: int = 3

    def ratios(self) -> Iterator[Ratio]:
        """Each ratio as soon as it is known."""
        layout = Layout.of(self.round)
        read = [(file, read_return((self.round, layout), file)) for file in self._returns()]
        yield from self._reading(layout, [file for file, _ in read])
        yield from self._writing()
        yield from self._one_more([submission for _, submission in read])
        yield from self._validating([submission for _, submission in read])

    def _returns(self) -> list[ReceivedFile]:
        return [file for file in receive(self.round) if file.is_return]

    def _reading(self, layout: Layout, files: Sequence[ReceivedFile]) -> Iterator[Ratio]:
        some = files[:_READ_AT_A_TIME]
        data = [file.path.read_bytes() for file in some]
        seconds = _medians(
            {
                "read": lambda: [read_return((self.round, layout), file) for file in some],
                "calamine": lambda: [_calamine_cells(content) for content in data],
                "openpyxl": lambda: [_openpyxl_cells(content) for content in data],
            },
            # These take no second each, and vary by a fifth.
            2 * self.repeats,
        )
        what = "reading a return, to the last finding"
        yield Ratio(seconds["read"] / seconds["calamine"], what, "its cells alone, python-calamine", 2.5)
        yield Ratio(seconds["read"] / seconds["openpyxl"], what, "its cells alone, openpyxl (read-only)", 0.3)

    def _writing(self) -> Iterator[Ratio]:
        participants = self.round.participants
        book = questionnaires.folder(self.round) / file_name(self.round, participants[0])
        cells = _calamine_cells(book.read_bytes())
        seconds = _medians(
            {
                "write": lambda: questionnaires.write_questionnaires(self.round),
                "plain": lambda: _write_plain(cells),
            },
            self.repeats,
        )
        what = f"writing a questionnaire, one of {len(participants)}"
        yield Ratio(
            seconds["write"] / len(participants) / seconds["plain"], what, "as many plain cells, XlsxWriter", 2.5
        )

    def _one_more(self, submissions: Sequence[Submission]) -> Iterator[Ratio]:
        """Of one more questionnaire, once its language has a template; also with what its respondent says today."""
        whose = self.round.participants[0]
        said = next(read for read in submissions if read.rows["submission"])
        answered = {whose.code: _answers_in(said, self.round)}
        previous = Previous(Path("answers.parquet"), self.round.instrument.edition, "the same")
        prefilled = replace(self.round, previous=previous, previous_answers=answered)
        templates = [template(of, whose.language, Layout.of(of)) for of in (self.round, prefilled)]
        book = templates[0].questionnaire_for(whose)
        seconds = _medians(
            {
                "blank": lambda: [templates[0].questionnaire_for(whose) for _ in range(_WRITTEN_AT_A_TIME)],
                "filled": lambda: [templates[1].questionnaire_for(whose) for _ in range(_WRITTEN_AT_A_TIME)],
                "copy": lambda: _copied(book),
            },
            self.repeats,
        )
        for name, what, good in (("blank", "", 0.004), ("filled", " with last answers", 0.015)):
            value = seconds[name] / _WRITTEN_AT_A_TIME / seconds["copy"]
            yield Ratio(value, f"one more questionnaire{what}", "a copy of it, loaded and saved by openpyxl", good)

    def _validating(self, submissions: Sequence[Submission]) -> Iterator[Ratio]:
        whole = [read for read in submissions if not (read.blocker or read.part or read.older)]
        round_ = self.round
        tables = {count: _answers_of(whole, count) for count in (1, self.few, self.many)}
        seconds = _medians(
            {
                str(count): lambda table=table: validate(  # type: ignore[misc]
                    table, round_.instrument, round_.period.parameters, round_.previous_answers
                )
                for count, table in tables.items()
            },
            self.repeats,
        )
        each = {count: seconds[str(count)] / count for count in tables}
        for more, fewer in ((self.few, 1), (self.many, self.few)):
            yield Ratio(each[more] / each[fewer], f"validating a return among {more}", f"among {fewer}", 1)


def _medians(tasks: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Seconds of computing for each task, taken in turn so that what else the machine does hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            seconds[name].append(time.process_time() - start)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def _answers_in(read: Submission, round_: Round) -> Answers:
    """What a submission answers of indicators, as if it had been published."""
    instrument, names = round_.instrument, list(read.rows)
    found = {}
    for values in zip(*(read.rows[name] for name in names), strict=True):
        row = dict(zip(names, values, strict=True))
        if row["block"] == row["indicator"]:
            key = str(row["block"]), str(row["field"])
            found[key] = answer_published(instrument.blocks[key[0]].field(key[1]), row, instrument.missing)
    return {key: answer for key, answer in found.items() if answer is not None}


def _copied(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.save(io.BytesIO())


def _calamine_cells(data: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]  # type: ignore[misc]


def _openpyxl_cells(data: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def _write_plain(sheets: Sequence[Sequence[Sequence[object]]]) -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    if value != "":
                        sheet.write_string(number, column, str(value))


def _answers_of(submissions: Sequence[Submission], count: int) -> pd.DataFrame:
    """The answers of that many returns: the same over and over, each as a return of its own."""
    columns: dict[str, list[object]] = {name: [] for name in ANSWERS.names}
    for number, read in enumerate(islice(cycle(submissions), count)):
        for name in ANSWERS.names:
            own = [str(number)] * len(read.rows[name]) if name == "submission" else read.rows[name]
            columns[name].extend(own)
    return answers_frame(columns)


def main() -> None:
    """Simulate the demonstration round in a temporary folder and print its ratios."""
    with tempfile.TemporaryDirectory() as root:
        round_, _ = simulated_round(Path(root, "rounds", "demo"))
        print("What each thing costs, in times of what stands behind the colon. Less is better; ! is where to look.")
        for ratio in Bench(round_).ratios():
            print(ratio, flush=True)


if __name__ == "__main__":
    main()
