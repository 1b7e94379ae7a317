"""Declares what stands in a workbook that goes back to its respondent: what was answered, and each point to look at."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | float
At = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True)
class PointCell:
    """One cell that a point is about: the code of its sheet, its place there, and how the sheet calls and asks it.

    `typed` is the answer as the respondent typed it, "" for none. `check` is the place of the check that reports the
    same, and so knows when it is settled; None where none does. Where it `is_computed`, nobody types: `typed` is then
    the number that follows from other answers. Where it `is_count`, it says how many options below it are marked.
    """

    sheet: str
    at: At
    number: str
    question: str
    typed: str = ""
    check: At | None = None
    is_computed: bool = False
    is_count: bool = False


@dataclass(frozen=True)
class Point:
    """One thing to correct or to complete, in the respondent's words, and the cells it is about, none for the whole.

    `place` says where it stood in the file that came, for what has no cell in the new one.
    """

    message: str
    remedy: str
    cells: tuple[PointCell, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Returned:
    """What one return said, and what of it is to be corrected.

    `cells` are values by the code of a sheet; `cover` those of the Cover by the names of their cells; `saved` is when
    the return was saved, in UTC.
    """

    points: tuple[Point, ...]
    saved: dt.datetime
    cells: Mapping[str, Mapping[At, Value]] = field(default_factory=dict)
    cover: Mapping[str, str] = field(default_factory=dict)
