"""Finds what is unusual in an indicator table; never changes how it is read.

A style (number and text on one line, no blank line, a final full stop) is unusual only where most of the same
table does otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from questionnaire.indicator_table.lines import Kind, Token
from questionnaire.indicator_table.records import FIRST_LETTER, Indicator, Irregularity, Objective

_DOUBLE_SPACE = re.compile(r"[^\s][ \u00a0]{2,}(?=[^\s])")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = (*_ALPHABET, *(f"a{letter}" for letter in _ALPHABET))


def irregularities_of_lines(tokens: list[Token]) -> Iterator[Irregularity]:
    """White space, blank lines and number styles, line by line."""
    yield from _blank_lines(tokens)
    yield from _spaces(tokens)
    yield from _number_styles([token for token in tokens if token.kind is Kind.NUMBER])
    yield from _extra_cells(tokens)


def irregularities_of_table(
    objectives: list[Objective], indicators: list[Indicator], tokens: list[Token]
) -> Iterator[Irregularity]:
    """Numbering, letters, repeated texts and layout, across lines."""
    yield from _numbering(objectives)
    yield from _repeated_texts(indicators)
    yield from _final_stops(indicators)
    yield from _missing_blanks(indicators, tokens)
    blank = {token.line for token in tokens if token.kind is Kind.BLANK}
    first_lines = {(token.line, token.raw.split("\n")[0]): token for token in tokens}
    for _, group in groupby(indicators, key=lambda indicator: indicator.objective_line):
        siblings = list(group)
        heads = [first_lines[one.line, one.verbatim.split("\n")[0]] for one in siblings]
        yield from _letters(siblings)
        yield from _layout_of_letters(heads, blank)


def _blank_lines(tokens: list[Token]) -> Iterator[Irregularity]:
    for empty, group in groupby(tokens, key=lambda token: token.kind is Kind.BLANK and not token.raw):
        run = list(group)
        # The last line of a text that ends with a line feed is empty without being a line.
        if run[-1] is tokens[-1]:
            run.pop()
        if empty and len(run) > 1:
            message = f"{len(run)} empty lines in a row were read as one."
            yield Irregularity(run[0].line, "double_blank", message)
    for token in tokens:
        if token.kind is Kind.BLANK and token.raw:
            message = "The line holds only white space and was read as empty."
            yield Irregularity(token.line, "ws_only_line", message)


def _spaces(tokens: list[Token]) -> Iterator[Irregularity]:
    for token in tokens:
        if token.kind not in (Kind.TEXT, Kind.INDICATOR, Kind.NUMBER) or not token.text:
            continue
        if token.raw != token.raw.rstrip():
            message = "The white space at the end of the line was dropped."
            yield Irregularity(token.line, "trailing_space", message)
        lettered = token.kind is Kind.INDICATOR and token.mark
        if lettered and len(token.gap) > 1 and not token.gap.strip(" \u00a0"):
            message = f"The {len(token.gap)} spaces after the letter {token.mark} were read as one."
            yield Irregularity(token.line, "ws_double_after_letter", message)
        if _DOUBLE_SPACE.search(_after_mark(token)):
            message = "Several spaces in a row inside the text were read as one; the verbatim text keeps them."
            yield Irregularity(token.line, "double_space_inside", message)
        if unicodedata.normalize("NFC", token.raw) != token.raw:
            message = "Accents written as separate characters were composed with their letters."
            yield Irregularity(token.line, "decomposed_accents", message)


def _after_mark(token: Token) -> str:
    first_word = token.text.split(" ", 1)[0]
    return token.raw[max(token.raw.find(first_word, len(token.mark)), 0) :]


def _number_styles(numbers: list[Token]) -> Iterator[Irregularity]:
    inline = [token for token in numbers if token.text]
    alone = [token for token in numbers if not token.text]
    if 2 * len(inline) <= len(numbers):
        for token in inline:
            message = f"The number {token.mark} and its objective stand on one line; they were separated."
            yield Irregularity(token.line, "num_inline", message)
    else:
        for token in alone:
            message = f"The number {token.mark} stands alone; the text below it was read as its objective."
            yield Irregularity(token.line, "num_alone", message)
    spaced = {token for token in alone if token.raw != token.raw.rstrip()}
    if 0 < len(spaced) < len(alone):
        for token in alone:
            if token in spaced:
                message = f"White space after the number {token.mark} was dropped; other numbers have none."
                yield Irregularity(token.line, "num_trailing_space", message)
            else:
                message = f"No space follows the number {token.mark}, unlike others; it was read alike."
                yield Irregularity(token.line, "num_no_space", message)


def _extra_cells(tokens: list[Token]) -> Iterator[Irregularity]:
    for line, group in groupby(tokens, key=lambda token: token.line):
        cells = [token for token in group if token.kind in (Kind.NUMBER, Kind.TEXT, Kind.INDICATOR)]
        if len(cells) > 2 or (len(cells) == 2 and cells[0].kind is Kind.INDICATOR):
            message = f"The line has {len(cells)} cells; each after the objective was read as an indicator."
            yield Irregularity(line, "several_cells", message)


def _numbering(objectives: list[Objective]) -> Iterator[Irregularity]:
    if objectives and objectives[0].number_parts[-1] != 1:
        first = objectives[0]
        message = f"The first objective has the number {first.number}; it was kept as printed."
        yield Irregularity(first.line, "number_gap", message)
    for before, after in pairwise(objectives):
        fault = _break_between(before, after)
        if fault:
            message = f"Objective {after.number} follows {before.number}; both numbers were kept as printed."
            yield Irregularity(after.line, fault, message)


def _break_between(before: Objective, after: Objective) -> str:
    """'' if one number may follow the other, else the kind of break."""
    old, new = before.number_parts, after.number_parts
    if _continues(old, new) or (before.section != after.section and new[-1] == 1):
        return ""
    if new == old:
        return "number_repeated"
    return "number_restart" if new < old else "number_gap"


def _continues(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if new == (*old, 1):
        return True
    return any(
        new[:level] == old[:level]
        and (new[level] == old[level] + 1 or old[level] < new[level] == FIRST_LETTER)
        and set(new[level + 1 :]) <= {1}
        for level in range(min(len(old), len(new)))
    )


def _letters(siblings: list[Indicator]) -> Iterator[Irregularity]:
    letters = [one.letter for one in siblings if one.letter]
    first, number = siblings[0], siblings[0].objective_number
    if letters and len(letters) < len(siblings):
        message = f"Only some indicators of objective {number} have a letter; the others got none."
        yield Irregularity(first.line, "letter_missing", message)
    if len(set(letters)) < len(letters):
        message = f"Objective {number} has the same letter more than once; the letters were kept as printed."
        yield Irregularity(first.line, "letter_repeated", message)
    elif letters == ["a"]:
        message = f"Objective {number} has an indicator a) and no b); the letter was kept."
        yield Irregularity(first.line, "letter_gap", message)
    elif not any(tuple(letters) == order[: len(letters)] for order in (_LETTERS, _ROMAN)):
        message = f"The letters of objective {number} are {', '.join(letters)}; they were kept as printed."
        yield Irregularity(first.line, "letter_gap", message)


def _layout_of_letters(heads: list[Token], blank: set[int]) -> Iterator[Irregularity]:
    for before, after in pairwise(heads):
        if after.mark and heads[0].tabbed and not after.tabbed:
            message = f"The line {after.mark}) has no TAB, unlike the first; it was read as an indicator."
            yield Irregularity(after.line, "letter_continuation", message)
        between = [line for line in range(before.line + 1, after.line) if line in blank]
        if after.mark and between:
            message = f"A blank line stands before {after.mark}), which was read under the same objective."
            yield Irregularity(between[0], "blank_inside_letters", message)


def _repeated_texts(indicators: list[Indicator]) -> Iterator[Irregularity]:
    lines: dict[str, list[int]] = {}
    for indicator in indicators:
        lines.setdefault(indicator.text, []).append(indicator.line)
    for first, *later in lines.values():
        if later:
            others = ", ".join(map(str, later))
            message = f"The same text stands on line {others} too; each was read as its own indicator."
            yield Irregularity(first, "duplicate_text", message)


def _final_stops(indicators: list[Indicator]) -> Iterator[Irregularity]:
    stopped = [one for one in indicators if one.text.endswith(".")]
    for indicator in _unusual(stopped, len(indicators)):
        message = "The indicator ends with a full stop, unlike most; it was kept."
        yield Irregularity(indicator.line, "final_period", message)


def _missing_blanks(indicators: list[Indicator], tokens: list[Token]) -> Iterator[Irregularity]:
    apart = {token.line for token in tokens if token.kind in (Kind.BLANK, Kind.COLUMN_HEAD)}
    firsts = [one for one in indicators if one.position == 1]
    close = [one for one in firsts if one.line != one.objective_line and one.line - 1 not in apart]
    for indicator in _unusual(close, len(firsts)):
        message = "No blank line stands between the objective and this indicator; its start distinguishes them."
        yield Irregularity(indicator.line, "no_blank_before_indicator", message)


def _unusual(some: Iterable[Indicator], total: int) -> list[Indicator]:
    found = list(some)
    return found if 2 * len(found) < total else []
