"""Reads what a round declares of the previous round: where its dataset is, of which edition, about which period.

It reads no dataset: `pipeline.previous_round.previous_answers` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import Cell, TableBlock
from questionnaire.rules.evaluate import BLANK, Answer, Line
from questionnaire.tables import DeclarationError, Settings

TABLE = "previous"
"""The table of round.toml; a round without it asks everything anew."""


@dataclass(frozen=True)
class Previous:
    """The previous round: its published answers, the edition of the instrument they are of, and what they are about."""

    answers: Path
    edition: str
    period: str

    def fault(self, what: str, remedy: str, path: Path | None = None) -> DeclarationError:
        """Something wrong with the dataset itself, or with what else was published, at `path`."""
        return DeclarationError(f"round.toml, key {TABLE}.answers", f"{path or self.answers}: {what}", remedy)


def read_previous(settings: Settings, instrument: Instrument) -> Previous | None:
    """What round.toml says of the previous round, None if it says nothing.

    Raises DeclarationError for a key that is missing, and for an edition that the instrument does not map.
    """
    if TABLE not in settings.values:
        return None
    table = settings.table(TABLE)
    edition, period = table.text("edition"), table.text("period").strip()
    if edition != instrument.edition and instrument.older_edition(edition) is None:
        known = ", ".join((instrument.edition, *(older.name for older in instrument.editions)))
        what = f"nothing says what edition {edition} called the things that {instrument.edition} asks"
        raise table.fault("edition", what, f"Use {known}, or map it in the instrument’s editions.csv")
    if not period:
        raise table.fault("period", "it is empty", "Write it as it is to stand above the answers, such as 2022–2023")
    return Previous(settings.path.parent / table.text("answers"), edition, period)


def cells_before(block: TableBlock, lines: Iterable[Line]) -> dict[Cell, Answer]:
    """What the cells of a table held in the previous round, by their codes: a year may stand in another line today.

    A total over the years of then is none over those of today.
    """
    found: dict[Cell, Answer] = {}
    for line in lines:
        codes = tuple(str(line.get(dimension.name, BLANK).value) for dimension in block.dimensions)
        if number := block.line_of(codes):
            said = (column for column in block.measured if column in line)
            same = (column for column in said if not block.spans_years(block.coordinates(number, column)))
            found |= {(number, column): line[column] for column in same}
    return found


def lines_shown(block: ListBlock, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Of the lines of the previous round those that a questionnaire with this list shows, its line 1 first.

    A part of the questionnaire shows those of the indicators that it asks.
    """
    named = block.indicator_field
    return tuple(line for line in lines if named not in line or line[named].value in (None, *block.indicators))
