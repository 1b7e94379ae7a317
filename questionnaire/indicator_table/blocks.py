"""Groups the lines of an indicator table: headings over blocks, a block per numbered objective.

It decides what a line is by its neighbours where the line alone leaves it open, and never judges numbering.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from questionnaire.indicator_table.lines import Kind, Token, indicator, is_capitals

_ACRONYM_LETTERS = 5


@dataclass
class Block:
    """A numbered objective, the lines under it, and the lines above it that follow the previous block."""

    number: Token
    above: list[Token] = field(default_factory=list)
    body: list[Token] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """The lines of one objective: its text, its indicators, and the lines that are neither."""

    objective: list[Token]
    indicators: list[list[Token]]
    unmarked: bool
    strays: list[Token]


def settle(tokens: list[Token]) -> list[Token]:
    """The tokens, with each line in capitals a heading, a text or an indicator by what precedes it."""
    settled: list[Token] = []
    objective: Token | None = None
    answered = False
    for position, token in enumerate(tokens):
        if token.kind is Kind.NUMBER and _is_numbered_heading(tokens, position):
            token = replace(token, kind=Kind.HEADING)
        elif token.kind is Kind.HEADING and objective:
            token = _settle_capitals(token, settled, answered)
        if token.kind is Kind.NUMBER:
            objective, answered = token, False
        elif token.kind is Kind.HEADING:
            objective = None
        elif token.kind is Kind.INDICATOR:
            answered = True
        settled.append(token)
    return settled


def _is_numbered_heading(tokens: list[Token], position: int) -> bool:
    """Whether a numbered text in capitals stands over numbers that continue it: '1. PREVENTION', '1.1'."""
    token = tokens[position]
    if not is_capitals(token.text):
        return False
    following = (tokens[later] for later in range(position + 1, len(tokens)))
    after = next((t for t in following if t.kind not in (Kind.BLANK, Kind.COLUMN_HEAD)), token)
    return after.kind is Kind.NUMBER and after.mark.startswith(token.mark + ".")


def _settle_capitals(token: Token, before: list[Token], answered: bool) -> Token:
    written = next(t for t in reversed(before) if t.kind is not Kind.BLANK)
    adjacent = before[-1] is written
    short = " " not in token.text and len(token.text) <= _ACRONYM_LETTERS
    if written.kind is Kind.NUMBER and not written.text:
        return replace(token, kind=Kind.TEXT)
    if adjacent and not token.tabbed and (short or not answered):
        return replace(token, kind=Kind.TEXT)
    if short and token.tabbed and not answered:
        return indicator(token.line, token.raw)
    return token


def blocks_of(tokens: list[Token]) -> tuple[list[Block], list[Token]]:
    """The blocks in reading order, and the lines after a last heading that no objective follows."""
    blocks: list[Block] = []
    above: list[Token] = []
    under_heading = True
    for token in tokens:
        if token.kind is Kind.NUMBER:
            blocks.append(Block(token, above))
            above, under_heading = [], False
        elif token.kind is Kind.HEADING or under_heading:
            above.append(token)
            under_heading = True
        else:
            blocks[-1].body.append(token)
    return blocks, above


def parts_of(block: Block, about_indicators: bool) -> Parts:
    """The lines of a block as objective and indicators.

    Indicators start at the first line with a TAB, letter or bullet. Where there is none, and the document
    says it is about indicators, each paragraph after the first is one.
    """
    body = [token for token in block.body if token.kind is not Kind.COLUMN_HEAD]
    start = _first_indicator(block.number, body)
    unmarked = start is None and about_indicators
    if start is None:
        start = _second_paragraph(block.number, body) if unmarked else len(body)
    groups, strays = _group(body[start:], unmarked)
    objective = [token for token in body[:start] if token.kind is not Kind.BLANK]
    return Parts(objective, groups, unmarked and bool(groups), strays)


def _first_indicator(number: Token, body: list[Token]) -> int | None:
    marked = [at for at, token in enumerate(body) if token.kind is Kind.INDICATOR]
    written = [at for at, token in enumerate(body) if token.kind is not Kind.BLANK]
    # A number alone on its line is followed by the objective's text, even if that has a TAB too.
    if marked and not number.text and marked[0] == written[0] and not body[marked[0]].mark:
        marked = marked[1:]
    tabbed = [at for at in marked if body[at].tabbed]
    # A list without TAB over lines with one belongs to the objective's text, unless the letters run on.
    if tabbed and body[tabbed[0]].mark in ("", "a", "i"):
        return tabbed[0]
    return marked[0] if marked else None


def _second_paragraph(number: Token, body: list[Token]) -> int:
    begun = bool(number.text)
    for at, token in enumerate(body):
        if token.kind is Kind.BLANK and begun:
            return at
        begun = begun or token.kind is not Kind.BLANK
    return len(body)


def _group(tokens: list[Token], unmarked: bool) -> tuple[list[list[Token]], list[Token]]:
    """Lines as indicators: a mark opens one, a line right under it continues it, any other is a stray."""
    groups: list[list[Token]] = []
    strays: list[Token] = []
    adjacent = False
    for token in tokens:
        opens = token.kind is Kind.INDICATOR or (unmarked and not adjacent)
        if token.kind is Kind.BLANK:
            adjacent = False
        elif opens:
            groups.append([token])
            adjacent = True
        elif adjacent:
            groups[-1].append(token)
        else:
            strays.append(token)
    return groups, strays
