"""Files are whole, and those that are sealed are as they were written or cannot be read."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Thread

import pytest

from pipeline.files import not_yet_stopped, read_sealed, unstoppable, write_sealed


def test_read_sealed__as_written__gives_what_was_written(tmp_path: Path) -> None:
    content = {"name": "São \ud800 é\r\n", "rows": [1, 2.5, None]}
    write_sealed(tmp_path / "a.json", content)
    assert read_sealed(tmp_path / "a.json") == content


@pytest.mark.parametrize("content", [b"", b"\n", b'{"a": 1}', b'0\n{"a": 1}', b"\xff\n{}"])
def test_read_sealed__anything_else__is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"^"):
        read_sealed(tmp_path / "a.json")


def test_read_sealed__one_sign_altered__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_sealed(path, {"a": 1})
    path.write_bytes(path.read_bytes().replace(b"1}", b"2}"))
    with pytest.raises(ValueError, match=r"^[0-9a-f]{64}$"):
        read_sealed(path)


def test_unstoppable__ctrl_c_comes__does_nothing_then_or_later() -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        with unstoppable():
            signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        # One that nobody catches would end the tests, and not fail this one.
        pytest.fail("it was stopped")
    assert signal.getsignal(signal.SIGINT) is before


def test_not_yet_stopped__ctrl_c_comes__stops_once_all_is_done() -> None:
    before, done = signal.getsignal(signal.SIGINT), []

    def interrupted() -> None:
        with not_yet_stopped():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("whole")
        done.append("beyond")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["whole"]
    assert signal.getsignal(signal.SIGINT) is before


def test_not_yet_stopped__no_ctrl_c_or_another_thread__changes_nothing() -> None:
    done = []

    def undisturbed() -> None:
        with not_yet_stopped():
            done.append("whole")

    undisturbed()
    (thread := Thread(target=undisturbed)).start()
    thread.join()
    assert done == ["whole"] * 2
