"""Holds one set of answers after the other to both sides: what a program calculates of it, what the pipeline finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.receiving.receive import receive_file
from pipeline.validation.batch import Batch, read_batch
from questionnaire.rounds.round import Round
from tests.contract.answer_sets import AnswerSet, Desk, is_empty
from tests.contract.sheet_verdicts import Found, Sheets, differing_cells, differing_summaries, found_cells
from tests.engines import Engine
from tests.office import AS_IT_IS


@dataclass
class Compared:
    """The sets of one instrument, what the pipeline found in them, and what the sheets say."""

    round: Round
    desk: Desk
    sets: Sequence[AnswerSet]
    batch: Batch
    cells: Mapping[str, Mapping[str, Found]]
    sheets: Mapping[str, Sheets]

    def by(self, engine: Engine, sets: Sequence[AnswerSet]) -> Compared:
        """Some of the sets, calculated by another program."""
        return replace(self, sets=sets, sheets=_sheets(self.desk, sets, engine))

    def of(self, kind: str) -> list[AnswerSet]:
        return [entry for entry in self.sets if kind in entry.name]

    def differing_cells(self, sets: Iterable[AnswerSet]) -> list[str]:
        """Every cell of which a sheet says anything else than the pipeline."""
        return [
            f"{entry.name} {slot.key}: {reported}"
            for entry in sets
            for slot, reported in differing_cells(self.sheets[entry.name], self.cells[entry.name])
        ]

    def differing_summaries(self, sets: Iterable[AnswerSet]) -> list[str]:
        """Every count, state and verdict that is not what the pipeline's findings amount to."""
        return [
            f"{entry.name} {reported}"
            for entry in sets
            for reported in differing_summaries(self.sheets[entry.name], self.cells[entry.name], entry.signed)
        ]


def compare(
    round_: Round, sets: Sequence[AnswerSet], folder: Path, engine: Engine, desk: Desk | None = None
) -> Compared:
    """The sets typed into questionnaires of a round, calculated, and read."""
    desk = desk or Desk(round_, folder)
    sets = [entry for entry in sets if not is_empty(entry)]
    paths = [desk.fill(entry) for entry in sets]
    batch = read_batch(round_, [receive_file(path) for path in paths])
    cells = {Path(name).stem: found for name, found in found_cells(batch, desk.layout).items()}
    return Compared(round_, desk, sets, batch, cells, _sheets(desk, sets, engine))


def _sheets(desk: Desk, sets: Sequence[AnswerSet], engine: Engine) -> Mapping[str, Sheets]:
    reported = engine.calculated([(desk.path(entry), [AS_IT_IS]) for entry in sets])
    return {
        entry.name: Sheets(found, desk.tabs(), desk.layout, desk.respondent(entry.respondent).language)
        for entry, (found,) in zip(sets, reported, strict=True)
    }
