"""Checks the examples of a Markdown page: finds its console blocks and compares what they show with what is printed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

WILDCARD = "…"
"""Alone on a line: any lines, or none. Within a line: any text."""

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT = "$ "


@dataclass(frozen=True)
class Example:
    """One command of a console block, and the lines shown below it."""

    line: int
    command: str
    shown: tuple[str, ...]


def examples(page: str) -> list[Example]:
    """Every command of the page's console blocks, in order."""
    return [example for line, text in blocks(page, "console") for example in _commands(line, text)]


def blocks(page: str, language: str) -> Iterator[tuple[int, str]]:
    """(line of the first line, text) of every fenced block of a language."""
    for found in _BLOCK.finditer(page):
        if found[1] == language:
            yield page.count("\n", 0, found.start(2)) + 1, found[2]


def _commands(first: int, text: str) -> Iterator[Example]:
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(_PROMPT)]
    assert starts[:1] == [0], f"line {first}: a console block begins with a command"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Example(first + start, lines[start].removeprefix(_PROMPT), tuple(lines[start + 1 : end]))


def not_printed(shown: tuple[str, ...], printed: str) -> str | None:
    """The first line shown that is not printed where it should be; None if all are.

    Lines shown one after the other are printed one after the other, unless a wildcard line stands between them.
    """
    lines = [line.rstrip() for line in printed.splitlines()]
    at, free = 0, False
    for line in shown:
        if line.strip() == WILDCARD:
            free = True
            continue
        pattern = re.compile(r"\s*.*\s*".join(re.escape(part.strip()) for part in line.split(WILDCARD)))
        candidates = range(at, len(lines)) if free else range(at, min(at + 1, len(lines)))
        found = next((number for number in candidates if pattern.fullmatch(lines[number].strip())), None)
        if found is None:
            return line
        at, free = found + 1, False
    return None if free or at == len(lines) else f"(the output goes on: {lines[at]})"
