"""Writes the manifest of an edition: from which inputs and with which software it was made, what is in it, its hashes.

Nothing in it depends on when or where a run took place: the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.receiving import register
from questionnaire.rounds.access import Access
from questionnaire.rounds.contacts import CONTACTS
from questionnaire.rounds.round import SLICES, Round

if TYPE_CHECKING:
    # Commands that only look at results start without pandas.
    from pipeline.publication.formats.flavour import Flavour
    from pipeline.receiving.decision import Decision
    from pipeline.receiving.received import ReceivedFile

MANIFEST = "manifest.json"
PROGRAM = "acopio"

DATED = (".duckdb", ".dta", ".sav")
"""The kinds of files that carry times or ids of the run: two that say the same need not be the same bytes."""

_PARTS = frozenset({"instrument", "settings", "software", "inputs", "counts", "outputs"})
_DECLARED = ("round.toml", "respondents.csv", CONTACTS, SLICES)
_PACKAGE = re.compile(r"[A-Za-z0-9._-]+")


def inputs_of(round_: Round, files: Iterable[ReceivedFile]) -> dict[str, Any]:
    """What a run makes its results from, by hash; a file that could not be read has none.

    Of what stands in mails and archives, and of decisions, the hash of the whole counts. The key of the round is secret
    and has no hash here.
    """
    return {
        "declared": {name: sha256_of(path) for name in _DECLARED if (path := round_.folder / name).exists()},
        "previous": None if round_.previous is None else sha256_of(round_.previous.answers),
        "decisions": decisions_hash(register.decisions(round_).rows),
        "returns": {file.name: file.sha256 or None for file in files if not file.container},
    }


def about(
    round_: Round, access: Access, folder: Path, inputs: Mapping[str, Any], flavour: Flavour, labels: str
) -> dict[str, Any]:
    """The manifest of an edition but for its hashes; everybody may know how many returns there were, and no name."""
    import pyarrow.parquet as pq  # noqa: PLC0415  commands that only look at results start without it

    names = sorted(str(sha256) for sha256 in inputs["returns"].values())
    blind = {"files": len(names), "sha256": hashlib.sha256("\n".join(names).encode()).hexdigest()}
    instrument = round_.instrument
    return {
        "round": round_.name,
        "access": str(access),
        "instrument": {
            "name": instrument.name,
            "edition": instrument.edition,
            "fingerprint": instrument.fingerprint,
        },
        "settings": {"csv": str(flavour), "labels": labels},
        "software": software(),
        "inputs": {**inputs, "returns": inputs["returns"] if access is Access.RESTRICTED else blind},
        "counts": {path.stem: pq.read_metadata(path).num_rows for path in sorted(folder.glob("*.parquet"))},
    }


def software() -> dict[str, str]:
    """The versions of the program, of Python and of the libraries that the program declares."""
    # What only an extra needs, such as a cluster, has no part in results, and may not be there.
    needed = (required for required in metadata.requires(PROGRAM) or () if "extra ==" not in required)
    found = map(_PACKAGE.match, needed)
    libraries = sorted(match[0] for match in found if match)
    return {
        PROGRAM: metadata.version(PROGRAM),
        "python": platform.python_version(),
        **{library: metadata.version(library) for library in libraries},
    }


def hashes_of(folder: Path) -> dict[str, str | None]:
    """The SHA-256 of every file of a folder, by its name there; none of a file whose bytes say when it was written."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): None if path.suffix in DATED else sha256_of(path) for path in files}


def manifest_text(manifest: Mapping[str, Any], outputs: Mapping[str, str | None]) -> str:
    """The manifest as its file has it."""
    return json.dumps({**manifest, "outputs": outputs}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; empty where there is none that can be read, or one of an earlier version."""
    found = _read(folder)
    return found if found.keys() >= _PARTS else {}


def files_listed(folder: Path) -> frozenset[str]:
    """The files that the manifest of a folder names, also one of an earlier version, which had nothing but hashes."""
    found = _read(folder)
    return frozenset(found.get("outputs", found))


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def decisions_hash(decisions: Iterable[Decision]) -> str:
    """The SHA-256 of what people have decided: what was taken back stands in a table too."""
    return hashlib.sha256(json.dumps([astuple(entry) for entry in decisions]).encode()).hexdigest()
