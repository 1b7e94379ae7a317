"""Makes rounds of any size for benchmarks: accepted returns of the demonstration, stamped for respondents of its own."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice, product
from pathlib import Path
from string import ascii_uppercase

from pipeline.reading.one_return import read_identity
from pipeline.receiving.receive import receive_file
from pipeline.simulation.simulate import simulate
from questionnaire.rounds.identity import Identity, signed
from questionnaire.rounds.round import Round, read_round

ROOT = Path(__file__).parents[2]
KEY = "5eed" * 16


def simulated_round(folder: Path) -> tuple[Round, list[Path]]:
    """The demonstration round in a folder, and those of its simulated returns that are accepted as they are."""
    folder.mkdir(parents=True)
    for name in ("round.toml", "respondents.csv"):
        shutil.copy(ROOT / "rounds" / "demo" / name, folder)
    (folder / "key").write_text(KEY, encoding="ascii")
    round_ = read_round(folder)
    return round_, accepted(round_)


def accepted(round_: Round) -> list[Path]:
    """The returns of a simulated round that are accepted as they are; they are made up now."""
    sent = simulate(round_, seed=1)
    return [round_.returns / entry.file for entry in sent if entry.verdict == "accepted" and not entry.planted]


def stamped_round(originals: Sequence[Path], source: Round, folder: Path, count: int) -> Round:
    """A round with that many returns, each of a respondent of its own and signed, as if each had filled it in itself."""
    (folder / "returns").mkdir(parents=True)
    for name in ("round.toml", "key"):
        shutil.copy(source.folder / name, folder)
    said = [(path, _identity(path)) for path in originals]
    key = bytes.fromhex((folder / "key").read_text(encoding="ascii"))
    codes = islice(map("".join, product(ascii_uppercase, repeat=4)), count)
    with (source.folder / "respondents.csv").open(encoding="utf-8-sig", newline="") as frame:
        names = csv.DictReader(frame).fieldnames or []
    with (folder / "respondents.csv").open("w", encoding="utf-8", newline="") as frame:
        writer = csv.DictWriter(frame, names, lineterminator="\n")
        writer.writeheader()
        for code, (path, whose) in zip(codes, cycle(said), strict=False):
            labels = {name: f"State {code}" for name in names if name.startswith("name_")}
            writer.writerow({**labels, "respondent": code, "language": whose.language, "participates": "yes"})
            _stamp(path, folder / "returns" / f"{code}.xlsx", whose, code, key)
    return read_round(folder)


def _identity(path: Path) -> Identity:
    found = read_identity(None, receive_file(path))
    assert isinstance(found, Identity), f"{path} names its respondent"
    return found


def _stamp(source: Path, target: Path, whose: Identity, code: str, key: bytes) -> None:
    """Copy a return with another respondent in the line that says whose it is."""
    other = signed(replace(whose, respondent=code), key)
    old, new = (str(identity).encode() for identity in (whose, other))
    with (
        zipfile.ZipFile(source) as package,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as copy,
    ):
        for item in package.infolist():
            copy.writestr(item, package.read(item).replace(old, new))
