"""Owns taking a cell apart that holds several indicators, or the values of several, one line or bullet each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.indicator_table.grids.heads import ATTRIBUTES
from questionnaire.indicator_table.identifiers import looks_like_code, split_identifier
from questionnaire.indicator_table.lines import split_lines
from questionnaire.indicator_table.vocabulary import matches, phrases, words_of

BULLETS = "•‣◦▪●○■□➢➤✓✔·*–—-"
_BULLET = re.compile(rf"^\s*(?:[{re.escape(BULLETS)}]+|o(?=\s{{2,}}|\t))\s*(?=\S)")
_INLINE_BULLET = re.compile(r"\s+[•‣◦▪●■➢➤✓✔]\s+")
_ENDS = (".", ";", "!", "?")
_LABEL_LINE = re.compile(r"\s*([^:]{2,60}?)\s*:\s*(\S.*)", re.DOTALL)


@dataclass(frozen=True)
class Item:
    """One indicator of a cell: its text, as it stands, and what lines below it say of it as (role, head, text)."""

    text: str
    verbatim: str
    attributes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class CellList:
    """The indicators of a cell; `doubt` is why somebody should look whether it was taken apart rightly, "" if sure.

    "lines": by lines alone; "above": a line stands above the marked ones; "kept": a list was read as part of a text.
    """

    items: tuple[Item, ...]
    doubt: str = ""


def indicators_of(text: str, lines_beside: Sequence[int] = ()) -> CellList:
    """The indicators of a cell. `lines_beside` are the numbers of lines in the other cells of its row.

    Lines with a bullet or an identifier are one each; so are other lines that begin as a text of their own does. A
    list under a line that ends with a colon belongs to it.
    """
    lines = _with_identifiers([line for line in split_lines(_INLINE_BULLET.sub("\n• ", text)) if line.strip()])
    if not lines:
        return CellList(())
    marked = [_is_marked(line) for line in lines]
    if any(marked[1:]) and _is_list(lines, marked):
        return _marked(lines, marked)
    if len(lines) == 1 or any(marked[1:]):
        return CellList((_item(lines),), "kept" if len(lines) > 1 else "")
    groups = [[lines[0]]]
    for line in lines[1:]:
        if _attribute(line) or _continues(groups[-1][-1], line) or _closes(line, groups):
            groups[-1].append(line)
        else:
            groups.append([line])
    if len(groups) == 1:
        return CellList((_item(lines),))
    agreed = len(groups) in lines_beside
    return CellList(tuple(map(_item, groups)), "" if agreed else "lines")


def _with_identifiers(lines: list[str]) -> list[str]:
    """The lines, those that hold nothing but an identifier together with the line below."""
    found: list[str] = []
    for number, line in enumerate(lines):
        if number and looks_like_code(lines[number - 1]):
            found[-1] = f"{found[-1].strip()} {line.strip()}"
        else:
            found.append(line)
    return found


def lines_of(text: str) -> list[str]:
    """The lines of a cell that hold something, without bullets."""
    return [_BULLET.sub("", line, count=1).strip() for line in split_lines(text) if line.strip()]


def _is_marked(line: str) -> bool:
    split = split_identifier(line)
    return bool(_BULLET.match(line)) or (split is not None and bool(split.text))


def _is_list(lines: list[str], marked: list[bool]) -> bool:
    """Whether marked lines are indicators, not the parts of what the line above them begins."""
    if marked[0]:
        return True
    above = lines[: marked.index(True)]
    if above[-1].rstrip().endswith((":", ",")):
        return _is_head(above[-1]) and len(above) == 1
    rest = [_BULLET.sub("", line, count=1).strip() for line, mark in zip(lines, marked, strict=True) if mark]
    return not all(text[:1].islower() or text[:1] == "(" for text in rest)


def _is_head(line: str) -> bool:
    """Whether a line only says that indicators follow."""
    words = words_of(line)
    found = matches(words, ("indicator", "objective", "section", "measure"))
    return any(match.group == "indicator" for match in found) and len(words) <= 4


def _marked(lines: list[str], marked: list[bool]) -> CellList:
    first = marked.index(True)
    groups = [[line] for line in lines[:first] if not _is_head(line)]
    doubt = "above" if groups else ""
    if len(groups) > 1:
        groups = [lines[:first]]
    for line, mark in zip(lines[first:], marked[first:], strict=True):
        if mark and not _is_part(groups):
            groups.append([line])
        else:
            groups[-1].append(line)
    return CellList(tuple(map(_item, groups)), doubt)


def _is_part(groups: list[list[str]]) -> bool:
    """Whether a marked line is part of the indicator above it, which ends with a colon."""
    return bool(groups) and groups[-1][0].rstrip().endswith(":") and not _is_head(groups[-1][0])


def _continues(above: str, line: str) -> bool:
    """Whether a line goes on with the text of the line above it."""
    start = line.strip().lstrip("“\"'«")
    if start[:1].islower() or start[:1] in "(&/)],;":
        return True
    last = re.split(r"[\s'’]", above.strip())[-1]
    unfinished = last.islower() and words_of(last) in phrases("unfinished")
    return unfinished or above.rstrip().endswith((",", ":", "-", "–", "/", "("))


def _closes(line: str, groups: list[list[str]]) -> bool:
    """Whether a line is too little for an indicator, such as a unit in brackets or a footnote mark."""
    return len(words_of(line)) < 2 and not groups[-1][-1].rstrip().endswith(_ENDS) and not line.strip()[:1].isupper()


def _attribute(line: str) -> tuple[str, str, str] | None:
    """A line such as "Baseline: 20 (2019)" as role, head and text."""
    found = _LABEL_LINE.match(line)
    if found is None:
        return None
    words = words_of(found[1])
    known = matches(words, (*ATTRIBUTES, "target"))
    told = sum(match.length for match in known) >= len([word for word in words if not word.isdigit()])
    return (known[0].group, found[1].strip(), found[2].strip()) if known and told else None


def _item(lines: list[str]) -> Item:
    attributes = [found for line in lines[1:] if (found := _attribute(line))]
    texts = [line for number, line in enumerate(lines) if number == 0 or _attribute(line) is None]
    text = "\n".join(_BULLET.sub("", line, count=1) if number == 0 else line for number, line in enumerate(texts))
    return Item(text.strip(), "\n".join(lines), tuple(attributes))
