"""Results take the place of earlier ones whole, and what earlier runs wrote and this one does not goes."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.publication import publish
from pipeline.publication.manifest import MANIFEST
from pipeline.publication.publish import Staging
from questionnaire.rounds.access import Access


def test_commit__files_and_folders__take_the_place_of_earlier_ones_and_the_manifest_has_their_hashes(
    tmp_path: Path,
) -> None:
    restricted = tmp_path / "restricted"
    (restricted / "pages").mkdir(parents=True)
    (restricted / "pages" / "old.html").write_text("old", encoding="utf-8")
    (restricted / "a.csv").write_text("old", encoding="utf-8")
    (restricted / "kept.txt").write_text("of somebody else", encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.add_bytes("a.csv", b"for all", Access.PUBLIC)
        (staging.of(Access.RESTRICTED) / "pages").mkdir()
        (staging.of(Access.RESTRICTED) / "pages" / "new.html").write_bytes(b"page")
        staging.commit()
    found = files(restricted)
    manifest = json.loads(found.pop(MANIFEST))["outputs"]
    assert found == {"a.csv": b"new", "pages/new.html": b"page", "kept.txt": b"of somebody else"}
    assert manifest == {name: hashlib.sha256(found[name]).hexdigest() for name in ("a.csv", "pages/new.html")}
    public = files(tmp_path / "public")
    assert json.loads(public.pop(MANIFEST))["outputs"] == {"a.csv": hashlib.sha256(b"for all").hexdigest()}
    assert public == {"a.csv": b"for all"}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_refused__pages_stand_until_a_run_publishes(tmp_path: Path) -> None:
    for text in (b"first", b"second"):
        with Staging(tmp_path) as staging:
            (staging.of(Access.RESTRICTED) / "data_docs").mkdir()
            (staging.of(Access.RESTRICTED) / "data_docs" / "index.html").write_bytes(text)
            assert staging.keep_refused("data_docs") == tmp_path / "refused"
        assert files(tmp_path) == {"refused/index.html": text}
    with Staging(tmp_path) as staging:
        staging.commit()
    assert "refused/index.html" not in files(tmp_path)


def test_commit__ctrl_c_while_files_are_moved__moves_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = publish._replace

    def stopped(source: Path, target: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        moved(source, target)

    monkeypatch.setattr(publish, "_replace", stopped)
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.add_bytes("b.csv", b"new")
        staging.commit()
    assert files(tmp_path).keys() == {
        "restricted/a.csv",
        "restricted/b.csv",
        "restricted/manifest.json",
        "public/manifest.json",
    }
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_staging__ctrl_c_once_more_while_it_is_removed__leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = shutil.rmtree

    def stopped(folder: Path, *, ignore_errors: bool) -> None:
        signal.raise_signal(signal.SIGINT)
        remove(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", stopped)
    with pytest.raises(KeyboardInterrupt, match="the first"), Staging(tmp_path):
        raise KeyboardInterrupt("the first")
    assert list(tmp_path.iterdir()) == []


def test_commit__what_earlier_runs_wrote_and_this_one_does_not__is_removed(tmp_path: Path) -> None:
    for name in ("answers.csv", "data_docs/index.html", "mine.txt", "restricted/gone.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("old", encoding="utf-8")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.csv"
    outside.write_text("of somebody else", encoding="utf-8")
    # An earlier version wrote into the folder above.
    (tmp_path / MANIFEST).write_text(json.dumps({"answers.csv": "", "data_docs/index.html": ""}), encoding="utf-8")
    listed = {"gone.csv": "", "never.csv": "", f"../../{outside.name}": ""}
    (tmp_path / "restricted" / MANIFEST).write_text(json.dumps({"outputs": listed}), encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.commit()
    assert files(tmp_path).keys() == {"mine.txt", "restricted/a.csv", f"restricted/{MANIFEST}", f"public/{MANIFEST}"}
    assert not (tmp_path / "data_docs").exists()
    assert outside.exists()


def test_commit__an_unreadable_manifest__removes_nothing(tmp_path: Path) -> None:
    for name in ("answers.csv", MANIFEST):
        (tmp_path / name).write_text("{", encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.commit()
    assert files(tmp_path).keys() == {"answers.csv", f"restricted/{MANIFEST}", f"public/{MANIFEST}"}


def test_staging__begun__clears_what_a_run_that_was_killed_left_and_no_other(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead, alive = (tmp_path / f".staging-x-{pid}" for pid in (int(gone.stdout), os.getppid()))
    for folder in (dead, alive, tmp_path / ".staging-unknown"):
        folder.mkdir()
    with Staging(tmp_path):
        assert not dead.exists()
        assert alive.exists()
    assert list(tmp_path.iterdir()) == [alive]


def test_staging__of_a_run_of_somebody_else__is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr("pipeline.publication.publish.os.kill", refused)
    theirs = tmp_path / ".staging-x-1"
    theirs.mkdir()
    with Staging(tmp_path):
        assert theirs.exists()


@pytest.mark.parametrize(
    ("free", "said", "expected"),
    [
        (4096, "Unable to write data", errno.ENOSPC),
        (1 << 30, "Unable to write data", None),
        (1 << 30, f"Could not write file: {os.strerror(errno.ENOSPC)}", errno.ENOSPC),
        (1 << 30, f"Could not write file: {os.strerror(errno.EDQUOT)}", errno.ENOSPC),
    ],
)
def test_staging__where_a_library_fails__says_that_the_disk_is_full_only_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str, expected: int | None
) -> None:
    monkeypatch.setattr("pipeline.publication.publish.shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises((OSError, ValueError)) as failed, Staging(tmp_path):
        raise ValueError(said)
    assert getattr(failed.value, "errno", None) == expected
    assert list(tmp_path.iterdir()) == []


def test_staging__on_a_full_disk__lets_an_error_of_the_disk_name_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.publication.publish.shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(OSError, match="a.csv"), Staging(tmp_path):
        raise OSError(errno.EDQUOT, "quota", "a.csv")


def test_staging__not_committed__replaces_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "restricted"
    folder.mkdir()
    (folder / "a.csv").write_text("old", encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
    assert (folder / "a.csv").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.rglob("*")) == [folder, folder / "a.csv"]
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.commit()
    assert (folder / "a.csv").read_text(encoding="utf-8") == "new"
    assert (folder / MANIFEST).exists()
