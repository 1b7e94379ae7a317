"""Owns what the formats within a text tell, run by run: what is crossed out in it, and a mark raised above the line."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.reading.workbooks.metadata import Raised


@dataclass(frozen=True)
class Run:
    """A piece of a text that has one format."""

    text: str
    is_struck: bool = False
    is_raised: bool = False


@dataclass(frozen=True)
class RichText:
    """What the formats within a text tell; `raised` is None where nothing is raised, or all of it."""

    is_struck: bool = False
    raised: Raised | None = None

    def __bool__(self) -> bool:
        return self.is_struck or self.raised is not None


def told_by(runs: Iterable[Run]) -> RichText:
    """What the runs of a text tell together."""
    seen = [run for run in runs if run.text.strip()]
    mark = "".join(run.text for run in seen if run.is_raised).strip()
    line = "".join(run.text for run in seen if not run.is_raised).strip()
    return RichText(any(run.is_struck for run in seen), Raised(line, mark) if mark and line else None)
