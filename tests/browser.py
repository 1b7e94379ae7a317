"""Drives Chromium in tests as a person does: opens a page, clicks, pastes; over a pipe, without a network."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_OFFLINE = ("--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND")


class Browser:
    """One tab of Chromium; what it is told goes through a pipe, each message ended by a zero byte."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back, self._rest, self._number, self._session = to, back, b"", 0, ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def open(self, page: str, width: int = 1366) -> None:
        """Open a page in a window of that width and wait until it is there."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self._ask("Page.navigate", url=page)
        while self._message().get("method") != "Page.loadEventFired":
            pass

    def value(self, expression: str) -> Any:
        """The value of an expression in the page; of a promise, what it comes to."""
        found = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return found["result"].get("value")

    def click(self, element: str) -> None:
        """Click on the element that an expression stands for, with the mouse."""
        place = f"(() => {{ const one = {element}; one.scrollIntoView({{block: 'center', behavior: 'instant'}});"
        x, y = self.value(f"{place} const box = one.getBoundingClientRect(); return [box.x + 9, box.y + 9]; }})()")
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def paste(self) -> None:
        """Paste what was copied to where the cursor is."""
        self._ask("Input.dispatchKeyEvent", type="keyDown", key="v", modifiers=2, commands=["paste"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Whatever else the browser can do (https://chromedevtools.github.io/devtools-protocol)."""
        return self._ask(method, **parameters)

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                found: dict[str, Any] = answer["result"]
                return found

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._back, 1 << 16)
            assert read, "the browser has ended"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def browsing(chromium: Path, profile: Path, *options: str) -> Iterator[Browser]:
    """A browser that ends with the block."""
    read_there, to = os.pipe()
    back, write_there = os.pipe()
    # The browser reads what it is told from 3 and answers on 4, which are free in a new shell.
    shell = f'exec "$0" "$@" 3<&{read_there} 4>&{write_there}'
    command = [str(chromium), *_OFFLINE, f"--user-data-dir={profile}", "--remote-debugging-pipe", *options]
    with subprocess.Popen(
        ["bash", "-c", shell, *command],
        pass_fds=(read_there, write_there),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(read_there)
        os.close(write_there)
        try:
            yield Browser(to, back)
        finally:
            os.close(to)
            os.close(back)
            process.terminate()
