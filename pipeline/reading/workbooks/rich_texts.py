"""Reads the formats within a text, run by run: what is crossed out in it, its colours, and a mark off the line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.metadata import At, Raised


@dataclass(frozen=True)
class Run:
    """A piece of a text that has one format; `colour` is None where it is that of the cell."""

    text: str
    is_struck: bool = False
    is_raised: bool = False
    is_lowered: bool = False
    is_tiny: bool = False
    colour: str | None = None


@dataclass(frozen=True)
class RichText:
    """What the formats within a text say; `raised` is None where nothing is off the line, or all of it.

    `colours` are those of its pieces, None for one in the colour of the cell.
    """

    is_struck: bool = False
    raised: Raised | None = None
    is_tiny: bool = False
    colours: frozenset[str | None] = frozenset()

    def __bool__(self) -> bool:
        return self.is_struck or self.is_tiny or self.raised is not None or not self.colours <= {None}

    def is_unseen(self, colour: str, grounds: Sequence[str]) -> bool:
        """True where nobody sees some piece of it, in a cell whose texts have this colour and whose fill these."""
        return self.is_tiny or any(is_faint(colour if own is None else own, *grounds) for own in self.colours)


Inks = tuple[str, tuple[str, ...]]
"""The colour of a cell's text, and those of its ground."""


def judge_faint(faint: set[At], at: At, text: RichText, inks: Inks) -> None:
    """Settle by the pieces of a text whether the cell that holds it is one of those whose text nobody sees."""
    if text.is_unseen(*inks):
        faint.add(at)
    elif text.colours and None not in text.colours:
        faint.discard(at)


def rich_text_of(runs: Iterable[Run]) -> RichText:
    """What the runs of a text say together."""
    seen = [run for run in runs if run.text.strip()]
    off = [run for run in seen if run.is_raised or run.is_lowered]
    mark = "".join(run.text for run in off).strip()
    line = "".join(run.text for run in seen if run not in off).strip()
    raised = Raised(line, mark, all(run.is_lowered for run in off)) if mark and line else None
    return RichText(
        any(run.is_struck for run in seen), raised, any(run.is_tiny for run in seen), frozenset(r.colour for r in seen)
    )
