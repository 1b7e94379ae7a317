"""What was opened is not opened again, as long as it is what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.files import read_sealed, write_sealed
from pipeline.receiving.isolation import Isolation, Lost
from pipeline.receiving.opened_before import OPENED, OpenedBefore
from pipeline.receiving.receive import receive, receive_file
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import Store
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import Round
from tests.given import mini_round, replace_in
from tests.pipeline.mails import zipped
from tests.pipeline.receiving.test_receive import XLSX

FILES = {
    "a.xlsx": XLSX,
    "b.zip": zipped({"c.xlsx": XLSX + b"c", "d.txt": b"Here it is."}),
    "e.url": b"[InternetShortcut]\nURL=https://e.example/",
}


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    made = mini_round(tmp_path)
    made.returns.mkdir()
    for name, content in FILES.items():
        (made.returns / name).write_bytes(content)
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are opened."""
    names: list[str] = []

    def here(isolated: Isolation, function: Callable[..., Any], items: Iterable[ReceivedFile]) -> Iterator[Any]:
        for item in items:
            names.append(item.name)
            yield function(isolated._shared, item)

    monkeypatch.setattr(Isolation, "map", here)
    return names


def with_format(kept: dict[str, Any], name: str) -> dict[str, Any]:
    for found in kept["files"].values():
        found[0]["format"] = name
    return kept


def taken(names: list[str]) -> list[str]:
    found, names[:] = list(names), []
    return found


def test_receive__again__opens_nothing_and_gives_the_same(round_: Round, opened: list[str]) -> None:
    first = receive(round_)
    assert taken(opened) == ["a.xlsx", "b.zip", "e.url"]
    assert [file.name for file in first] == ["a.xlsx", "b.zip", "b.zip/c.xlsx", "b.zip/d.txt", "e.url"]
    assert receive(round_) == first
    assert taken(opened) == []
    # What an archive holds is named after it.
    (round_.returns / "b.zip").rename(round_.returns / "f.zip")
    assert [file.name for file in receive(round_)][1:] == ["e.url", "f.zip", "f.zip/c.xlsx", "f.zip/d.txt"]
    assert taken(opened) == ["f.zip"]


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text("{"),
        lambda path: path.write_text("[]"),
        lambda path: write_sealed(path, read_sealed(path) | {"version": ""}),
        lambda path: write_sealed(path, with_format(read_sealed(path), "xyz")),
        lambda path: replace_in(path, '"format": "xlsx"', '"format": "text"'),
    ],
    ids=["gone", "cut short", "something else", "another version", "an unknown format", "altered"],
)
def test_receive__what_was_kept_cannot_be_used__is_opened_again(
    round_: Round, opened: list[str], change: Callable[[Path], Any]
) -> None:
    first = receive(round_)
    change(round_.outputs / OPENED)
    taken(opened)
    assert receive(round_) == first
    assert {"a.xlsx", "b.zip"} <= set(taken(opened))


def test_receive__with_other_limits__opens_again(round_: Round, opened: list[str]) -> None:
    receive(round_)
    taken(opened)
    receive(replace(round_, limits=ReadingLimits(attachments=1)))
    assert taken(opened) == ["a.xlsx", "b.zip", "e.url"]


def test_receive__what_an_archive_held_is_not_as_it_was__opens_it_again(round_: Round, opened: list[str]) -> None:
    first = receive(round_)
    inner = next(file for file in first if file.name == "b.zip/c.xlsx")
    inner.path.unlink()
    taken(opened)
    assert receive(round_) == first
    assert taken(opened) == ["b.zip"]
    assert inner.path.read_bytes() == XLSX + b"c"


def test_receive__what_could_not_be_opened__is_tried_again(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_: Isolation, __: object, items: Iterable[ReceivedFile]) -> Iterator[Lost]:
        return (Lost("reading_died", "SIGKILL") for _ in items)

    with monkeypatch.context() as patched:
        patched.setattr(Isolation, "map", lost)
        assert {file.refusal for file in receive(round_)} == {"reading_died"}
    (round_.returns / "g.zip").write_bytes(FILES["b.zip"][:60])
    assert [file.refusal for file in receive(round_)][:2] == ["", "container_opened"]
    kept = read_sealed(round_.outputs / OPENED)["files"]
    assert sorted(key.split()[1] for key in kept) == ["a.xlsx", "b.zip", "e.url"]


def test_receive__what_is_no_longer_there__is_forgotten(round_: Round, opened: list[str]) -> None:
    receive(round_)
    assert "https://e.example/" in (round_.outputs / OPENED).read_text()
    (round_.returns / "e.url").unlink()
    receive(round_)
    assert "https://e.example/" not in (round_.outputs / OPENED).read_text()
    assert taken(opened)


@pytest.mark.parametrize(("held", "is_kept"), [("c.xlsx, d.txt", True), (("c.xlsx", "d.txt"), False)])
def test_keep__what_would_not_come_back_the_same__is_opened_each_time(
    round_: Round, held: object, is_kept: bool
) -> None:
    store, path = Store(round_.store), round_.outputs / OPENED
    file = receive_file(round_.returns / "b.zip", round_.returns, store)
    found = (file.refused("container_opened", held=held),)
    before = OpenedBefore(path, store, "1")
    before.keep(file, found)
    before.write()
    assert OpenedBefore(path, store, "1").find(file) == (found if is_kept else None)
