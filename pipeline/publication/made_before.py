"""Remembers of what the results of a round were made: a run that would make the same leaves them where they are.

Where only some tables have changed, what is made of the others is taken over. It is a note and no record: without it,
and where a file is no longer as it was written, everything is made again.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.files import read_sealed, write_sealed
from pipeline.hashed import hashed
from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.manifest import read_manifest, sha256_of, software
from pipeline.publication.outcome import Figures
from pipeline.publication.publish import PUBLISHING
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

NOTE = ".made.json"
"""The file, among the outputs of a round."""

_PARTS = frozenset({"of_all", "of_a_table", "files", "figures"})
_PAGES = "pipeline/**/pages/*"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Recipe:
    """All that results are made of. `version` names code, libraries and declaration, `readings` the same without rules.

    `rows` are names for what rows depend on beside that: all that is known of each file, and what people decided.
    """

    version: str
    flavour: Flavour
    labels: str
    rows: Sequence[str]
    inputs: Mapping[str, Any]
    readings: str = ""

    @property
    def of_a_table(self) -> str:
        """A name for what decides how a table is written, whatever its rows."""
        pages = {path.relative_to(_ROOT).as_posix(): sha256_of(path) for path in _ROOT.glob(_PAGES)}
        return hashed(json.dumps([self.version, str(self.flavour), self.labels, software(), pages], sort_keys=True))

    @property
    def of_all(self) -> str:
        """A name for what decides how everything comes out."""
        return hashed(json.dumps([self.of_a_table, *self.rows, self.inputs], sort_keys=True))


class Earlier:
    """The files that stand there now, of which those that would come out the same need not be written again."""

    def __init__(self, round_: Round, recipe: Recipe) -> None:
        note = _note(round_)
        self._outputs = round_.outputs
        self._files = note["files"] if note.get("of_a_table") == recipe.of_a_table else {}

    def take(self, access: Access, parquet: Path, *names: str) -> bool:
        """Put files made of a table beside it, if they were made of the same one; False where they must be written.

        `names` are paths below the folder of the Parquet file.
        """
        if self._files.get(f"{access}/{parquet.name}") != sha256_of(parquet):
            return False
        sources = {name: self._outputs / access / name for name in names}
        if not all(self._is_unchanged(f"{access}/{name}", path) for name, path in sources.items()):
            return False
        for name, path in sources.items():
            (parquet.parent / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, parquet.parent / name)
        return True

    def _is_unchanged(self, name: str, path: Path) -> bool:
        return path.is_file() and self._files.get(name) == sha256_of(path)


def made_before(round_: Round, recipe: Recipe) -> Figures | None:
    """What came of the same, if every file that was made of it is still as it was written; else None."""
    note = _note(round_)
    if note.get("of_all") != recipe.of_all or note["files"] != _files(round_) or (round_.outputs / PUBLISHING).exists():
        return None
    return Figures(**note["figures"] | {"left_out": tuple(note["figures"]["left_out"])})


def remember(round_: Round, recipe: Recipe, figures: Figures) -> None:
    """Note of what the files that stand there now were made, as the manifests have them that were written with them."""
    listed = {access: read_manifest(round_.results(access)).get("outputs", {}) for access in Access}
    known = {f"{access}/{name}": sha256 for access in Access for name, sha256 in listed[access].items()}
    note = {
        "of_all": recipe.of_all,
        "of_a_table": recipe.of_a_table,
        "files": _files(round_, known),
        "figures": asdict(figures),
    }
    write_sealed(round_.outputs / NOTE, note)


def _note(round_: Round) -> dict[str, Any]:
    """What was noted last; empty where there is nothing, or nothing that can be understood."""
    try:
        note = read_sealed(round_.outputs / NOTE)
        return note if note.keys() >= _PARTS and isinstance(note["files"], dict) else {}
    except (OSError, ValueError, AttributeError):
        return {}


def _files(round_: Round, known: Mapping[str, str | None] = MappingProxyType({})) -> dict[str, str]:
    """Every file of both editions with its hash; some hashes are known."""
    folders = [round_.results(access) for access in Access]
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(round_.outputs).as_posix(): path for path in found}
    return {name: known.get(name) or sha256_of(path) for name, path in names.items()}
