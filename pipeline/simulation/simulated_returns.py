"""Describes the returns that a simulation has written, and lists them with what a run should find in each."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from pipeline.simulation.faults import Planted


@dataclass(frozen=True)
class SimulatedReturn:
    """One file written, what was done to it, and what a run should find in it."""

    file: str
    respondent: str
    story: str
    verdict: str
    planted: tuple[Planted, ...] = ()


def register(written: Sequence[SimulatedReturn]) -> bytes:
    """A line for each fault planted, and one for each file without any."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [column.name for column in fields(Planted)]
    writer.writerow(["file", "respondent", "story", "verdict", *columns])
    for entry in sorted(written, key=lambda entry: entry.file):
        for planted in entry.planted or (Planted("", ""),):
            writer.writerow([entry.file, entry.respondent, entry.story, entry.verdict, *asdict(planted).values()])
    return text.getvalue().encode()
