"""Reads an indicator table, the source document, into its objectives and indicators; designs nothing.

The document is text: numbered objectives, each followed by its indicators (after a TAB, a letter or a
bullet), perhaps under section headings in capitals. `lines` says what a line is, `blocks` what its neighbours
make of it, `irregularities` judges. Cells under column heads are read in `grids`, texts whose lines name their
level in `outline`.

`text` is normalised: accents composed (Unicode NFC), invisible characters dropped, every run of white space
(spaces, TABs, no-break spaces, line ends) one space, the ends stripped, the number, letter or bullet left
out. Nothing is corrected. `verbatim` is the source as it stands, its lines joined by one line feed. No line
is left out without an irregularity that quotes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from questionnaire.indicator_table.blocks import Block, Parts, blocks_of, parts_of, settle
from questionnaire.indicator_table.document import Document
from questionnaire.indicator_table.grids.delimited import delimited_grid
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.grids.understanding import understand
from questionnaire.indicator_table.irregularities import irregularities_of_lines, irregularities_of_table
from questionnaire.indicator_table.lines import Kind, Token, normalise, split_lines, tokenise
from questionnaire.indicator_table.outline import is_outline, outlined
from questionnaire.indicator_table.plain_table import is_plain, plain_table
from questionnaire.indicator_table.records import (
    UNSAVED,
    Indicator,
    IndicatorTable,
    IndicatorTableError,
    Irregularity,
    Objective,
    TableSection,
)
from questionnaire.indicator_table.text import read_text

__all__ = [
    "Indicator",
    "IndicatorTable",
    "IndicatorTableError",
    "Irregularity",
    "Objective",
    "TableSection",
    "parse_indicator_table",
    "read_indicator_table",
    "table_of",
]

_TITLE = re.compile(r"\b(?:tabl|cuadro|quadro|tabela|indica|matri[xzc]|ann?ex)", re.IGNORECASE)
_GAP = re.compile(r"\S {3,}\S")
_LINED_UP = (
    "The text has columns that are lined up by spaces, as text copied from a PDF has; where a cell ends is lost."
)
_HOW_TO_GET_CELLS = (
    "Open the PDF with Word, which turns it into a document with tables, and save that as .docx; or put the table into "
    "a spreadsheet, a column each for objectives and indicators, with these words as heads."
)
_WHAT_A_TABLE_IS = (
    "An indicator table has numbered objectives (1., 2., or 1.1), each followed by its indicators "
    "on lines that start with a TAB, a letter such as a) or a bullet; capitals are section headings. "
    "Or it has columns with heads such as “Objective” and “Indicator”, in Excel, Word or as CSV."
)


def read_indicator_table(path: Path) -> IndicatorTable:
    """Read an indicator table from a text file.

    Raises IndicatorTableError if the file cannot be opened, is no text, or is no indicator table.
    """
    text, notes = read_text(path)
    return _parse(text, path.name, notes, Choices())


def parse_indicator_table(text: str, source: str) -> IndicatorTable:
    """Read an indicator table from its text; `source` names it in messages.

    Raises IndicatorTableError if it is no indicator table.
    """
    return _parse(text, source, [], Choices())


def table_of(document: Document, choices: Choices) -> IndicatorTable:
    """Read the indicator table that a document holds: that of its grids, else that of its text.

    Raises IndicatorTableError if it holds none; it says what was looked for and what was found.
    """
    if not document.grids:
        return _parse(document.text, document.source, list(document.notes), choices, document.headings)
    try:
        return understand(document.source, document.grids, choices, document.notes)
    except IndicatorTableError as refusal:
        if unsaved := next((note for note in document.notes if note.kind == UNSAVED), None):
            what = f"{unsaved.message} {refusal.what}"
            raise IndicatorTableError(refusal.source, refusal.line, what, refusal.remedy) from None
        if choices != Choices() or not document.headings:
            raise
        try:
            return outlined(document.text, document.headings, document.source)
        except IndicatorTableError:
            raise refusal from None


def _parse(
    text: str, source: str, notes: list[Irregularity], choices: Choices, headings: Mapping[int, int] | None = None
) -> IndicatorTable:
    if not normalise(text):
        raise IndicatorTableError(source, None, "The document is empty.", _WHAT_A_TABLE_IS)
    text = text.removeprefix("\ufeff")
    if is_plain(text) and choices == Choices():
        return plain_table(text, source)
    grid = None if headings else delimited_grid(text, source)
    if grid:
        return understand(source, [grid], choices, notes)
    if headings or is_outline(text):
        return outlined(text, headings or {}, source, notes)
    if _is_lined_up(text):
        raise IndicatorTableError(source, None, _LINED_UP, _HOW_TO_GET_CELLS)
    tokens = settle(tokenise(text))
    reader = _Reader(source, tokens)
    reader.read()
    found = [*notes, *reader.irregularities, *irregularities_of_lines(tokens)]
    found += irregularities_of_table(reader.objectives, reader.indicators, tokens)
    return IndicatorTable(
        source,
        tuple(reader.sections),
        tuple(reader.objectives),
        tuple(reader.indicators),
        tuple(sorted(found, key=lambda irregularity: (irregularity.line, irregularity.kind))),
    )


def _is_lined_up(text: str) -> bool:
    """Whether most lines have wide gaps within, as columns have that are lined up by spaces."""
    lines = [line for line in split_lines(text) if line.strip()]
    return 2 * sum(bool(_GAP.search(line)) for line in lines) > len(lines)


class _Reader:
    """Collects the table block by block, and notes each line that is neither objective nor indicator."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self.source = source
        self.sections: list[TableSection] = []
        self.objectives: list[Objective] = []
        self.indicators: list[Indicator] = []
        self.irregularities: list[Irregularity] = []
        self._blocks, self._below = blocks_of(tokens)
        self._opened: set[str] = set()
        self._headings = Counter(token.text for token in tokens if token.kind is Kind.HEADING)
        for token in tokens:
            if token.kind is Kind.COLUMN_HEAD:
                self._note(token, "layout", f"The line “{token.text}” was read as column heads.")

    def read(self) -> None:
        """Fill the lists. Raises IndicatorTableError where the document is no indicator table."""
        if not self._blocks:
            raise self._refusal(None, "The document has no numbered objective.", _WHAT_A_TABLE_IS)
        about_indicators = self._is_about_indicators()
        for block in self._blocks:
            self._read_above(block.above)
            self._read_block(block, parts_of(block, about_indicators))
        self._read_below()
        if not self.indicators:
            what = "None of the numbered lines is followed by an indicator."
            raise self._refusal(None, what, _WHAT_A_TABLE_IS)
        answered = {indicator.objective_line for indicator in self.indicators}
        if (4 if about_indicators else 2) * len(answered) < len(self.objectives):
            what = f"Only {len(answered)} of {len(self.objectives)} numbered lines have an indicator."
            raise self._refusal(None, what, _WHAT_A_TABLE_IS)

    def _is_about_indicators(self) -> bool:
        heads = [token for block in self._blocks for token in block.body if token.kind is Kind.COLUMN_HEAD]
        return any("indica" in token.text.casefold() for token in (*self._blocks[0].above, *heads))

    def _read_above(self, tokens: list[Token]) -> None:
        """Open the section whose heading stands last; the headings before it are titles or empty sections."""
        for token in tokens:
            if token.kind is Kind.INDICATOR:
                what = f"The indicator “{token.text}” stands before any numbered objective."
                remedy = "Number its objective, or write the line in capitals if it is a section heading."
                raise self._refusal(token.line, what, remedy)
            if token.kind is Kind.TEXT:
                self._left_out(token, "before an objective, without a number")
        headings = self._without_column_heads([token for token in tokens if token.kind is Kind.HEADING])
        first = not self.objectives
        if first and len(self._headings) == 1 and len(headings) == 1 and _TITLE.search(headings[0].text):
            self._note_unused(headings, title=True)
        elif headings:
            self._note_unused(headings[:-1], title=first)
            self._open_section(headings[-1])

    def _without_column_heads(self, headings: list[Token]) -> list[Token]:
        """Headings but for those that are column heads in words of their own.

        Such heads come again over each section, or stand as a pair of lines under the first section.
        """
        named = [token for token in headings if self._headings[token.text] == 1] or headings
        if not self.objectives and len(named) > 2:
            above, left, right = named[-3:]
            if right.line == left.line + 1 and left.line > above.line + 1:
                named = named[:-2]
        kept = set(named)
        for token in headings:
            if token not in kept:
                self._note(token, "layout", f"The line “{token.text}” was read as a column head.")
        return named

    def _open_section(self, token: Token) -> None:
        if token.text in self._opened:
            message = f"The section “{token.text}” comes again; its objectives keep that heading."
            self._note(token, "section_repeated", message)
        self._opened.add(token.text)
        if self.objectives and not self.sections:
            message = f"The objectives before the first section, “{token.text}”, have no section."
            self._note(token, "objectives_without_section", message)
        self.sections.append(TableSection(token.mark, token.text, token.line))
        self._note(token, "layout", f"The line “{token.text}” was read as a section heading.")

    def _note_unused(self, headings: list[Token], title: bool) -> None:
        for token in headings:
            if title:
                self._note(token, "title", f"The line “{token.text}” was read as a title, not as a section.")
            else:
                message = f"The heading “{token.text}” has no objective below it and was left out."
                self._note(token, "section_without_objective", message)

    def _read_below(self) -> None:
        for token in self._below:
            if token.kind is Kind.HEADING:
                self._note_unused([token], title=False)
            elif token.kind is Kind.INDICATOR:
                what = f"The indicator “{token.text}” follows a heading, but no numbered objective."
                raise self._refusal(token.line, what, "Number its objective.")
            elif token.kind is Kind.TEXT:
                self._left_out(token, "below the last heading, without a number")

    def _read_block(self, block: Block, parts: Parts) -> None:
        section = self.sections[-1].heading if self.sections else ""
        number = block.number
        text = _joined([number.text, *(_whole(token) for token in parts.objective)])
        if not text:
            what = f"The objective {number.mark} has no text."
            raise self._refusal(number.line, what, "Write the text after the number or on the next line.")
        verbatim = _verbatim([number, *parts.objective])
        objective = Objective(section, number.mark, number.line, text, verbatim)
        self.objectives.append(objective)
        self._note_block(block, parts)
        for position, group in enumerate(parts.indicators, 1):
            self._read_indicator(objective, position, group)

    def _read_indicator(self, objective: Objective, position: int, group: list[Token]) -> None:
        head = group[0]
        text = _joined([head.text, *(_whole(token) for token in group[1:])])
        if not text:
            what = f"The indicator {head.mark}) of objective {objective.number} has no text."
            raise self._refusal(head.line, what, "Write its text after the letter, or remove the letter.")
        self.indicators.append(
            Indicator(
                objective.section,
                objective.number,
                objective.text,
                objective.line,
                head.mark,
                head.line,
                text,
                _verbatim(group),
                position,
            )
        )
        if head.text and len(group) > 1:
            message = f"The line “{_whole(group[1])}” was read as the continuation of the indicator above it."
            self._note(group[1], "indicator_continued", message)

    def _note_block(self, block: Block, parts: Parts) -> None:
        number = block.number.mark
        if not parts.indicators:
            message = f"Objective {number} has no indicator; it was kept without one."
            self._note(block.number, "objective_without_indicator", message)
        elif parts.unmarked:
            message = f"Objective {number} has no marked line; its further paragraphs were read as indicators."
            self._note(parts.indicators[0][0], "indicator_without_tab", message)
        texts = parts.objective if block.number.text else parts.objective[1:]
        listed = [token for token in texts if token.kind is Kind.INDICATOR]
        if listed:
            message = f"The list above the indicators of objective {number} was read as part of its text."
            self._note(listed[0], "list_inside_objective", message)
        for token in parts.strays:
            later = [group[0] for group in parts.indicators if group[0].line > token.line]
            if later:
                what = f"“{token.text}” stands between two indicators, but is neither numbered nor marked."
                remedy = "Number it if it is an objective; put a TAB before it if it is an indicator."
                raise self._refusal(token.line, what, remedy)
            self._left_out(token, f"after the indicators of objective {number}")

    def _left_out(self, token: Token, place: str) -> None:
        self._note(token, "text_left_out", f"The text “{_whole(token)}” stands {place}; it was left out.")

    def _note(self, token: Token, kind: str, message: str) -> None:
        self.irregularities.append(Irregularity(token.line, kind, message))

    def _refusal(self, line: int | None, what: str, remedy: str) -> IndicatorTableError:
        return IndicatorTableError(self.source, line, what, remedy)


def _whole(token: Token) -> str:
    """The normalised line with its letter or bullet: as part of a text these belong to it."""
    return normalise(token.raw)


def _joined(texts: list[str]) -> str:
    return " ".join(text for text in texts if text)


def _verbatim(tokens: list[Token]) -> str:
    return "\n".join(token.raw for token in tokens)
