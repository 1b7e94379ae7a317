"""Calculates workbooks in tests with programs that share no code: LibreOffice, Gnumeric, IronCalc."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import ironcalc
import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from questionnaire.addresses import column_letter
from tests import office
from tests.given import PATIENCE
from tests.office import AS_IT_IS, Calculated, Grid, Step

Jobs = Sequence[tuple[Path, Sequence[Step]]]
"""Workbooks, each with what is done to it, step after step."""

OTHERS = ("libreoffice", "gnumeric")
"""The engines besides IronCalc, which are named as the markers of their tests; LibreOffice is the faster one here."""

RawGrid = Sequence[Sequence[object]]
"""The cells of a sheet as they are, truth values and the names of errors too; None or "" for an empty one."""

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_ERROR = re.compile(r"#[A-Z0-9/!?]+[!?A]?")


class Engine(Protocol):
    """A program that calculates every formula of workbooks and says what their visible sheets show."""

    def calculated(self, jobs: Jobs) -> list[list[Calculated]]:
        """What each step of each job led to."""
        ...


@dataclass(frozen=True)
class LibreOffice:
    """By UNO; `uno_python` is a Python that has it."""

    uno_python: Path

    def calculated(self, jobs: Jobs) -> list[list[Calculated]]:
        return office.calculated(self.uno_python, jobs)


@dataclass(frozen=True)
class Gnumeric:
    """By its converter; it calculates files as they are."""

    ssconvert: Path

    def calculated(self, jobs: Jobs) -> list[list[Calculated]]:
        assert all(tuple(steps) == (AS_IT_IS,) for _, steps in jobs), "Gnumeric is given no steps"
        return [[self._converted(path)] for path, _ in jobs]

    def save(self, path: Path, saved: Path) -> Path:
        """Save a workbook elsewhere, with everything calculated."""
        command = [str(self.ssconvert), "--recalc", str(path), str(saved)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert saved.exists(), f"Gnumeric did not save {path.name}: {done.stderr}"
        return saved

    def _converted(self, path: Path) -> Calculated:
        with TemporaryDirectory() as folder:
            saved = self.save(path, Path(folder) / "saved.xlsx")
            book = CalamineWorkbook.from_path(str(saved))
            grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        sheets = {name: [[_shown(cell) for cell in row] for row in grid] for name, grid in grids.items()}
        return Calculated(
            sheets, tuple(sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible)
        )


class IronCalc:
    """In this process, and the fastest by far."""

    def calculated(self, jobs: Jobs) -> list[list[Calculated]]:
        return [self._steps(path, steps) for path, steps in jobs]

    def grids(self, path: Path) -> dict[str, RawGrid]:
        """Every sheet, also those that nobody sees."""
        return _IronCalcBook(path).grids()

    def _steps(self, path: Path, steps: Sequence[Step]) -> list[Calculated]:
        book = _IronCalcBook(path)
        reported = []
        for step in steps:
            assert step == Step(cells=step.cells, spoiled=step.spoiled), "IronCalc does nothing else here"
            for tab, address, content in step.cells:
                book.type(tab, address, content)
            with book.spoiled(step.spoiled):
                reported.append(book.report())
        return reported


class _IronCalcBook:
    def __init__(self, path: Path) -> None:
        self._model: Any = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self._sheets = {sheet["name"]: number for number, sheet in enumerate(self._model.get_worksheets_properties())}
        self._visible = [
            sheet["name"] for sheet in self._model.get_worksheets_properties() if sheet["state"] == "visible"
        ]

    def type(self, tab: str, address: str, content: str) -> None:
        """Put something into the cell of an address or a defined name."""
        self._model.set_user_input(*self._place(tab, address), content)

    @contextmanager
    def spoiled(self, spoiled: Sequence[tuple[str, str, str, str]]) -> Iterator[None]:
        """Formulas that are other ones for a while."""
        places = [self._place(tab, address) for tab, address, _, _ in spoiled]
        before = [self._model.get_cell_content(*place) for place in places]
        for place, formula, (_, address, old, new) in zip(places, before, spoiled, strict=True):
            changed = formula.replace(old, new) if old else new
            assert changed != formula, f"{address} does not hold {old}: {formula}"
            self._model.set_user_input(*place, changed)
        yield
        for place, formula in zip(places, before, strict=True):
            self._model.set_user_input(*place, formula)

    def report(self) -> Calculated:
        """What is shown, everything calculated."""
        self._model.evaluate()
        grids = {tab: self._grid(self._sheets[tab]) for tab in self._visible}
        shown: dict[str, Grid] = {tab: [[_shown(cell) for cell in row] for row in grid] for tab, grid in grids.items()}
        return Calculated(shown, tuple(self._visible))

    def grids(self) -> dict[str, RawGrid]:
        """Everything calculated, as it is."""
        self._model.evaluate()
        return {tab: self._grid(number) for tab, number in self._sheets.items()}

    def _grid(self, sheet: int) -> RawGrid:
        _, rows, _, columns = self._model.get_sheet_dimensions(sheet)
        value = self._model.get_cell_value
        every = range(1, columns + 1)
        return [
            ["" if (found := value(sheet, row, at)) is None else found for at in every] for row in range(1, rows + 1)
        ]

    def _place(self, tab: str, address: str) -> tuple[int, int, int]:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            names = {entry["name"]: entry["formula"] for entry in self._model.get_defined_name_list()}
            found = _ADDRESS.fullmatch(names[address].rpartition("!")[2].replace("$", ""))
            assert found is not None
        return self._sheets[tab], int(found[2]), _COLUMNS[found[1]]


_COLUMNS = {column_letter(number): number + 1 for number in range(100)}


def _shown(value: object) -> str | float | None:
    """As LibreOffice reports it: None for an error, "" for nothing."""
    if isinstance(value, str):
        return None if _ERROR.fullmatch(value) else value
    return float(value) if isinstance(value, int | float) else "" if value is None else str(value)


def in_other_programs(every: int, wide: bool = False) -> list[object]:
    """Parameters of a test: the names of the others than IronCalc, with one of so many sets for each."""
    marks = [pytest.mark.wide] if wide else []
    return [pytest.param(name, every, marks=[getattr(pytest.mark, name), *marks]) for name in OTHERS]


def engine_named(name: str, request: pytest.FixtureRequest) -> Engine:
    """One of OTHERS; the test carries the marker of the same name."""
    assert name in OTHERS
    if name == "libreoffice":
        return LibreOffice(request.getfixturevalue("uno_python"))
    return Gnumeric(request.getfixturevalue("ssconvert"))
