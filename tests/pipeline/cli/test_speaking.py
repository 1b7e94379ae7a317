"""How far a command has come: a bar on a terminal, lines in a log, and nothing for what is quickly done."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from pipeline.cli import speaking


def clock(seconds: float) -> Iterator[float]:
    """Each look at it comes so many seconds after the one before."""
    now = 0.0
    while True:
        yield now
        now += seconds


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.5, []),
        (5, ["returns: 1/5 [00:10<00:40, 10.00s/it]", "returns: 3/5 [00:20<00:13,  6.67s/it]"]),
        (60, [f"returns: {n}/5 " for n in range(5)]),
    ],
)
def test_progress__in_a_log__is_a_line_every_ten_seconds(
    seconds: float, said: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ticks = clock(seconds)
    monkeypatch.setattr("pipeline.cli.speaking.time.monotonic", lambda: next(ticks))
    assert list(speaking.progress("returns")(range(5))) == list(range(5))
    written = capsys.readouterr()
    assert written.out == ""
    assert [line[: len(text)] for line, text in zip(written.err.splitlines(), said, strict=True)] == said


def test_progress__with_standard_error_closed__says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = clock(60)
    monkeypatch.setattr("pipeline.cli.speaking.time.monotonic", lambda: next(ticks))
    monkeypatch.setattr("sys.stderr", None)
    assert list(speaking.progress("returns")(range(3))) == [0, 1, 2]


def test_progress__on_a_terminal__is_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert list(speaking.progress("returns")(range(3))) == [0, 1, 2]
    assert "returns:   0%|" in capsys.readouterr().err


def test_progress__on_a_terminal_without_a_size__is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, terminal = os.openpty()
    os.set_blocking(screen, False)
    with os.fdopen(terminal, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr("sys.stderr", stderr)
        assert list(speaking.progress("returns")(range(3))) == [0, 1, 2]
        assert b"returns:   0%|" in os.read(screen, 1000)
    os.close(screen)
