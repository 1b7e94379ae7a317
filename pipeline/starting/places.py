"""Finds where an instrument and its round stand, by the name that a person gives them."""

import re
from dataclasses import dataclass
from pathlib import Path

from questionnaire.declaration.instrument import INSTRUMENTS

_ROUND, _INSTRUMENT = "round.toml", "instrument.toml"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Places:
    """The folders of an instrument and of its round, both of one name."""

    name: str
    instrument: Path
    round: Path


def places(given: str) -> Places | None:
    """The folders for a name or a path; None for what is no name.

    A path is a folder that has all: `instruments`, `rounds`, later `outputs`. So is a mere name outside of the
    checkout; inside, instruments and rounds have their places there.
    """
    path = Path(given)
    name = path.name
    if not _NAME.fullmatch(name):
        return None
    checkout = INSTRUMENTS.parents[1]
    if path.parts == (name,) and Path.cwd() == checkout:
        return Places(name, INSTRUMENTS / name, checkout / "rounds" / name)
    return Places(name, path / "instruments" / name, path / "rounds" / name)


def round_of(given: str) -> Path | None:
    """The folder of the round for a name or a path, or for that folder itself; None where there is none, or several."""
    where = places(given)
    return _found([Path(given), *([where.round] if where else [])], rounds_in(given), _ROUND)


def design_file(given: str, folder: Path) -> Path:
    """Where the design workbook of an instrument is written: into the folder that has all of it, else right here.

    It never stands among the files of the instrument: their fingerprint is that of everything there.
    """
    within = Path(given)
    return (within if within / "instruments" / folder.name == folder else Path()) / f"{folder.name}.design.xlsx"


def instrument_of(given: str) -> Path | None:
    """The folder of the instrument for a name or a path, or for that folder itself; None for none, or several."""
    where = places(given)
    return _found([Path(given), *([where.instrument] if where else [])], instruments_in(given), _INSTRUMENT)


def rounds_in(given: str) -> list[Path]:
    """The rounds of a folder that has all, whatever it is called: a copy has another name than they."""
    return sorted(file.parent for file in Path(given).glob(f"rounds/*/{_ROUND}"))


def instruments_in(given: str) -> list[Path]:
    """The instruments of such a folder."""
    return sorted(file.parent for file in Path(given).glob(f"instruments/*/{_INSTRUMENT}"))


def _found(named: list[Path], within: list[Path], file: str) -> Path | None:
    """The first of the folders named that has the file, else the only one within."""
    return next((folder for folder in named if (folder / file).exists()), within[0] if len(within) == 1 else None)
