"""Reads the formats within a text, run by run: what is crossed out in it or cannot be seen, and a mark off the line."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.reading.workbooks.metadata import Raised


@dataclass(frozen=True)
class Run:
    """A piece of a text that has one format."""

    text: str
    is_struck: bool = False
    is_raised: bool = False
    is_lowered: bool = False
    is_faint: bool = False


@dataclass(frozen=True)
class RichText:
    """What the formats within a text say; `raised` is None where nothing is off the line, or all of it."""

    is_struck: bool = False
    raised: Raised | None = None
    is_faint: bool = False

    def __bool__(self) -> bool:
        return self.is_struck or self.is_faint or self.raised is not None


def rich_text_of(runs: Iterable[Run]) -> RichText:
    """What the runs of a text say together."""
    seen = [run for run in runs if run.text.strip()]
    off = [run for run in seen if run.is_raised or run.is_lowered]
    mark = "".join(run.text for run in off).strip()
    line = "".join(run.text for run in seen if run not in off).strip()
    raised = Raised(line, mark, all(run.is_lowered for run in off)) if mark and line else None
    return RichText(any(run.is_struck for run in seen), raised, any(run.is_faint for run in seen))
