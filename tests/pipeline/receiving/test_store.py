"""The store: what was received is kept once, under its hash, and never changed."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.receiving.store import ChangedError, Store, read_unchanged


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def files(store: Store) -> list[str]:
    return sorted(path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file())


def test_put__keeps_the_bytes_under_their_hash_without_extension(store: Store) -> None:
    sha256 = store.put(b"a return")
    assert sha256 == hashlib.sha256(b"a return").hexdigest()
    assert files(store) == [f"{sha256[:2]}/{sha256}"]
    assert read_unchanged(store.path(sha256), sha256) == b"a return"


def modes(store: Store) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in (store.folder, *store.folder.rglob("*"))}


def test_put__keeps_what_was_sent_for_its_owner_only__also_in_a_store_that_was_open(store: Store) -> None:
    sha256 = store.put(b"a return")
    assert modes(store) == {0o700, 0o600}
    for path in (store.path(sha256), store.path(sha256).parent, store.folder):
        path.chmod(0o755)
    store.put(b"a return")
    assert modes(store) == {0o700, 0o600}


def test_put__the_same_twice__is_kept_once_and_not_written_again(store: Store) -> None:
    sha256 = store.put(b"a return")
    before = store.path(sha256).stat()
    assert store.put(b"a return") == sha256
    after = store.path(sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(files(store)) == 1


def test_read__content_changed_or_gone__is_reported(store: Store) -> None:
    sha256 = store.put(b"a return")
    store.path(sha256).write_bytes(b"@ return")
    for gone in (sha256, "00" * 32):
        with pytest.raises(ChangedError):
            read_unchanged(store.path(gone), gone)


def test_put__what_was_cut_short_since__is_made_whole(store: Store) -> None:
    sha256 = store.put(b"a return")
    store.path(sha256).write_bytes(b"a ret")
    store.put(b"a return")
    assert read_unchanged(store.path(sha256), sha256) == b"a return"


def test_put__what_cannot_be_written__leaves_nothing_half_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.put(b"a return")
    assert files(store) == []


@given(contents=st.lists(st.binary(max_size=64), max_size=8))
def test_put__any_contents__are_each_read_back(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    kept = [store.put(content) for content in contents]
    assert [read_unchanged(store.path(sha256), sha256) for sha256 in kept] == contents
    assert len(files(store)) == len(set(contents))
