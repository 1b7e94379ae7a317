"""docs/reference.md names every file, column and key that the readers know, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaire.declaration.lists.list_checks import COLUMN_KEYS, LIST_KEYS, TYPE_KEYS
from questionnaire.declared_files import INSTRUMENT, ROUND, DeclaredFile, required_columns
from questionnaire.tables import DeclarationError, read_rows
from tests.documentation.file_reference import REFERENCE, reference
from tests.given import DEMO, MINI, SEED

ROOT = Path(__file__).parents[2]
FILES = (*INSTRUMENT, *ROUND)
READERS = sorted({reader for file in FILES for reader in file.readers})
READ_BY = {"get", "whole_number", "number", "wording", "_wording", "text", "texts", "table", "tables", "typed"}
HELD = {"row", "settings", "entry", "table", "section", "item", "contact", "deadlines", "self"}
NOT_READ = "nothing reads it"
EARLIER = {"mirror", "roster"}
"""What earlier instruments call things, which are read and no longer written."""


def constants(path: str) -> set[str]:
    """Every text and every field of a class in a module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = (node.target for node in ast.walk(tree) if isinstance(node, ast.AnnAssign))
    return texts | {target.id for target in named if isinstance(target, ast.Name)}


def read_in(path: str) -> Iterator[str]:
    """The columns and keys that a module asks for by name."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        match node:
            case ast.Subscript(value=ast.Name(id="row"), slice=ast.Constant(value=str() as name)):
                yield name
            case ast.Call(func=ast.Attribute(value=base, attr=method), args=args) if method in READ_BY:
                held = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
                if held in HELD:
                    named = (one.value for one in args[: 2 if held == "self" else 1] if isinstance(one, ast.Constant))
                    yield from (name for name in named if isinstance(name, str) and name.isidentifier())


def words_of(file: DeclaredFile) -> set[str]:
    return {word for entry in file.entries for word in entry.name.split(".")}


def test_reference__docs__is_up_to_date() -> None:
    stale = "docs/reference.md is stale: run .venv/bin/python -m tests.documentation.file_reference"
    assert REFERENCE.read_text(encoding="utf-8") == reference(), stale


@pytest.mark.parametrize("reader", READERS)
def test_reader__column_or_key_it_asks_for__is_declared(reader: str) -> None:
    declared = {word for file in FILES if reader in file.readers for word in words_of(file)}
    asked = {name for name in read_in(reader) if name not in EARLIER and name != "en"}
    assert asked - declared == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_file__every_column_and_key__is_known_to_a_reader(file: DeclaredFile) -> None:
    known = {text for reader in file.readers for text in constants(reader)}
    if file.name == "lists.toml":
        known |= {key for keys in TYPE_KEYS.values() for key in keys}
    required = {entry.name for entry in file.entries if entry.name in required_columns(file.name)}
    own = {entry.name.rpartition(".")[2] for entry in file.entries if NOT_READ not in entry.meaning}
    assert own - known - required == set()


def test_lists__keys_that_are_accepted__are_declared() -> None:
    [lists] = [file for file in INSTRUMENT if file.name == "lists.toml"]
    columns = {key for keys in TYPE_KEYS.values() for key in keys} | set(COLUMN_KEYS)
    assert {f"list.{key}" for key in LIST_KEYS if key not in (*EARLIER, "column")} | {
        f"list.column.{key}" for key in columns
    } == {entry.name for entry in lists.entries}


@pytest.mark.parametrize("folder", [MINI, SEED, DEMO], ids=["mini", "default", "demo"])
def test_files__of_what_there_is__have_no_column_that_is_not_declared(folder: Path) -> None:
    for file in FILES:
        path = folder / file.name
        if path.suffix == ".csv" and path.exists():
            declared = {entry.name for entry in file.entries}
            first = next(iter(read_rows(path, ())))
            bare = {name: name.rpartition("_")[0] for name in first.cells if len(name) > 2}
            assert [name for name, stem in bare.items() if not {name, stem} & declared] == [], path


def test_required_columns__one_is_missing__refused_with_its_name(tmp_path: Path) -> None:
    assert required_columns("codelists.csv", "pt") == ("codelist", "code", "rank", "missing", "label_pt")
    (tmp_path / "editions.csv").write_text("edition,kind,code_then\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="the column code is missing"):
        list(read_rows(tmp_path / "editions.csv", required_columns("editions.csv")))
