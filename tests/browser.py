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

    def press(self, key: str, *, back: bool = False) -> None:
        """Press a key, such as Tab (or Shift and Tab, to go back) and Enter."""
        text = {"text": {"Enter": "\r", " ": " "}[key]} if key in ("Enter", " ") else {}
        code = {"Tab": 9, "Enter": 13, " ": 32}[key]
        pressed = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if back else 0}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **pressed, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **pressed)

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


_FOCUSED = """(() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const all = [...document.querySelectorAll("*")], x = box.x + Math.min(box.width, 40) / 2, y = box.y + Math.min(box.height, 20) / 2;
  const above = document.elementFromPoint(x, y);
  return [all.indexOf(one), one.textContent.trim().slice(0, 60), look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
    above !== null && (one.contains(above) || above.contains(one))];
})()"""


def tabbed(browser: Browser) -> list[str]:
    """What is reached with Tab from the top of a page to its end: the beginning of each text, in order.

    Fails where the order is not that of the page, there or back, and where the focus is not seen or something stands
    before it.
    """
    browser.value(
        "document.documentElement.style.scrollBehavior = 'auto', document.activeElement.blur(), scrollTo(0, 0)"
    )
    there: list[tuple[int, str]] = []
    while (found := _pressed(browser)) is not None:
        there.append(found)
    assert there == sorted(there), "Tab goes through the page in another order"
    for _ in there:
        browser.press("Tab")
    back = [_pressed(browser, back=True) for _ in there[1:]]
    assert back == there[-2::-1], "the way back is another one"
    return [text for _, text in there]


def _pressed(browser: Browser, *, back: bool = False) -> tuple[int, str] | None:
    """Where Tab leads, None for nowhere."""
    browser.press("Tab", back=back)
    if browser.value("document.activeElement === document.body"):
        return None
    place, text, is_seen, is_free = browser.value(_FOCUSED)
    assert is_seen, f"the focus is not seen: {text}"
    assert is_free, f"something stands before what has the focus: {text}"
    return place, text


def skipped(page: str, browser: Browser) -> str:
    """Where the first link of a page leads by keyboard."""
    browser.open(page)
    browser.press("Tab")
    browser.press("Enter")
    return str(browser.value("location.hash"))
