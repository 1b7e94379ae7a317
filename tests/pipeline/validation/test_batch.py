"""A batch of returns: all of them validated, each finding at its own file, and none where the whole file is in question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.receiving.received import ReceivedFile
from pipeline.validation import batch
from pipeline.validation.batch import read_batch
from tests.pipeline.returned import SOME, Book, book, identity, mini_round, received, write

WRONG = {**SOME, ("W01a", "total"): -1}


def sent(folder: Path, name: str, sheets: Book) -> ReceivedFile:
    data = write(sheets)
    (folder / name).write_bytes(data)
    return replace(received(data, name), path=folder / name)


def found(*files: ReceivedFile) -> list[tuple[str, str]]:
    """File and code of every finding but the notes that the workbooks of these tests hold cells only."""
    made = read_batch(mini_round(), files)
    return [(entry.file, entry.code) for entry in made.findings if entry.code != "only_values"]


@pytest.mark.parametrize("together", [1, 2, 500])
def test_rules__are_held_against_every_return_however_many_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(batch, "_TOGETHER", together)
    people = {"BRA.xlsx": identity(), "MEX.xlsx": identity(respondent="MEX"), "USA.xlsx": identity(respondent="USA")}
    files = [sent(tmp_path, name, book(WRONG, who)) for name, who in people.items()]
    assert [entry for entry in found(*files) if entry[1] == "range"] == [(name, "range") for name in people]


def test_rules__say_nothing_of_a_return_that_is_not_usable(tmp_path: Path) -> None:
    assert found(sent(tmp_path, "BRA.xlsx", book({}))) == [("BRA.xlsx", "empty_return")]


def test_rules__are_held_against_what_is_only_not_certain_whose_it_is(tmp_path: Path) -> None:
    unsigned = replace(identity(), token="")
    codes = [code for _, code in found(sent(tmp_path, "BRA.xlsx", book(WRONG, unsigned)))]
    assert codes[0] == "token_missing"
    assert "range" in codes
