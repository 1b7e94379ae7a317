"""Runs the benchmark: each step against a named floor, both measured in one run; run it with `make bench`.

Seconds differ from machine to machine and from hour to hour, ratios much less. What runs in this process is measured
in processor time, turn about with its floor, and the median counts. It is no test: nothing fails by it.
"""

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from pipeline.desk import questionnaires
from pipeline.reading.one_return import read_return
from pipeline.reading.submission import Submission
from pipeline.receiving.receive import receive
from pipeline.receiving.received import ReceivedFile
from pipeline.validation.validate import validate
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.workbook.write import file_name
from schemas.answers_table import ANSWERS, answers_frame
from tests.bench.stamped import simulated_round

_READ_AT_A_TIME = 5


@dataclass(frozen=True)
class Ratio:
    """How many times the floor something costs; `good` is up to where nobody need look."""

    value: float
    what: str
    floor: str
    good: float

    def __str__(self) -> str:
        sign = " " if self.value <= self.good else "!"
        return f"{sign}{self.value:6.2f}  good up to {self.good:<4g} {self.what} : {self.floor}"


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
        yield Ratio(seconds["read"] / seconds["calamine"], what, "its cells alone, python-calamine", 8)
        yield Ratio(seconds["read"] / seconds["openpyxl"], what, "its cells alone, openpyxl (read-only)", 1)

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
