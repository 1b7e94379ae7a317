"""Holds what is found of one sheet of an OpenDocument spreadsheet (.ods) while the parser goes through it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.reading.workbooks.metadata import Area, At, Checkbox, Drawn, Fit, Raised, Restyled, SheetMetadata
from pipeline.reading.workbooks.restyled import settled
from pipeline.reading.workbooks.rich_texts import Inks

MOST = 200_000
"""Cells of which something is kept: more than any questionnaire has, and no file can ask for more."""


@dataclass
class FoundSheet:
    """A sheet while the parser goes through it."""

    name: str
    is_protected: bool
    row: int = -1
    rows: int = 1
    row_style: str = ""
    column: int = 0
    at: At = (0, 0)
    width: int = 1
    kept: int = 0
    defaults: list[tuple[int, str]] = field(default_factory=list)
    errors: dict[At, str] = field(default_factory=dict)
    formulas: set[At] = field(default_factory=set)
    notes: dict[At, str] = field(default_factory=dict)
    struck: set[At] = field(default_factory=set)
    raised: dict[At, Raised] = field(default_factory=dict)
    drawn: list[Drawn] = field(default_factory=list)
    checkboxes: list[Checkbox] = field(default_factory=list)
    links: dict[At, str] = field(default_factory=dict)
    number_formats: dict[At, str] = field(default_factory=dict)
    faint: set[At] = field(default_factory=set)
    restyled: list[Restyled] = field(default_factory=list)
    inks: dict[At, Inks] = field(default_factory=dict)
    fits: dict[At, Fit] = field(default_factory=dict)
    columns: list[tuple[int, int, float]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    validated: list[Area] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    formats: int = 0

    def metadata(self) -> SheetMetadata:
        return SheetMetadata(
            errors=self.errors,
            formulas=frozenset(self.formulas),
            notes=self.notes,
            struck=frozenset(self.struck),
            raised=self.raised,
            drawn=tuple(self.drawn),
            checkboxes=tuple(self.checkboxes),
            links=self.links,
            number_formats=self.number_formats,
            faint=frozenset(self.faint),
            restyled=tuple(settled(self.restyled, self.inks)),
            fits=self.fits,
            columns=tuple(self.columns),
            merged=tuple(self.merged),
            hidden_rows=frozenset(self.hidden),
            validations=len(self.kinds),
            validated=tuple(self.validated),
            formats=self.formats,
            is_protected=self.is_protected,
            is_seen=self.kept < MOST,
        )

    def places(self) -> Iterator[At]:
        """The cells that the last one stands for, as many as are kept."""
        for row in range(self.row, self.row + self.rows):
            for column in range(self.at[1], self.at[1] + self.width):
                if self.kept >= MOST:
                    return
                self.kept += 1
                yield row, column

    def default_style(self) -> str:
        """The style of a cell that names none."""
        return self.row_style or next((style for end, style in self.defaults if self.at[1] < end), "")
