"""Collects what is found in the grids of a document, level by level, and makes the indicator table of it.

Identifiers are distinguished from texts when all is collected: whether a first word is one, the texts of its level say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from questionnaire.indicator_table.identifiers import Split, bare_code, identified, split_identifier
from questionnaire.indicator_table.irregular_identifiers import irregular_identifiers
from questionnaire.indicator_table.lines import normalise
from questionnaire.indicator_table.marks import state_of, without_footnotes
from questionnaire.indicator_table.records import (
    Attribute,
    Indicator,
    IndicatorTable,
    Irregularity,
    Objective,
    State,
    TableSection,
)

_LETTERS = set("abcdefghijklmnopqrstuvwxyz")


@dataclass
class Piece:
    """A section, objective or indicator as it stands.

    `code` comes from a column of its own; where it is uncertain, an identifier before the texts goes before it. `split`
    is where that is known. `above` is a heading between the levels, which goes before the text.
    """

    text: str
    code: str = ""
    line: int = 0
    place: str = ""
    verbatim: str = ""
    split: Split | None = None
    is_code_uncertain: bool = False
    above: str = ""


@dataclass
class FoundIndicator:
    """An indicator, under the section and objective with these positions (None: there is none)."""

    piece: Piece
    section: int | None
    objective: int | None
    letter: str = ""
    attributes: list[Attribute] = field(default_factory=list)
    is_struck: bool = False


@dataclass
class Collection:
    """Everything found in a document so far, in its order; objectives are kept with the position of their section."""

    source: str
    sections: list[Piece] = field(default_factory=list)
    objectives: list[tuple[int | None, Piece]] = field(default_factory=list)
    indicators: list[FoundIndicator] = field(default_factory=list)
    irregularities: list[Irregularity] = field(default_factory=list)

    def section(self, piece: Piece) -> int:
        """The position of a section: that of an equal one if there is one."""
        return _position(self.sections, piece, _key)

    def objective(self, section: int | None, piece: Piece) -> int:
        """The position of an objective within a section: that of an equal one if there is one."""
        return _position(self.objectives, (section, piece), lambda entry: (entry[0], _key(entry[1])))

    def note(self, kind: str, message: str, line: int = 0, place: str = "") -> None:
        self.irregularities.append(Irregularity(line, kind, message, place))

    def table(self) -> IndicatorTable:
        """The indicator table; objectives and sections in the order of the document, each with its indicators."""
        return _Table(self).table()


def _position(entries: list, entry: object, key: Callable) -> int:  # type: ignore[type-arg]
    wanted = key(entry)
    for at in range(len(entries) - 1, -1, -1):
        if key(entries[at]) == wanted:
            return at
    entries.append(entry)
    return len(entries) - 1


def _key(piece: Piece) -> tuple[str, str, str]:
    return normalise(piece.above), normalise(piece.code), normalise(piece.text)


class _Table:
    def __init__(self, collected: Collection) -> None:
        self._collected = collected
        self._irregularities = list(collected.irregularities)
        self._footnotes: list[str] = []

    def table(self) -> IndicatorTable:
        sections = self._resolved(self._collected.sections)
        pieces = self._resolved([piece for _, piece in self._collected.objectives])
        found = self._resolved([entry.piece for entry in self._collected.indicators])
        objectives: list[Objective] = []
        indicators: list[Indicator] = []
        parents = [section for section, _ in self._collected.objectives]
        for (section, objective), members in self._grouped().items():
            record = (
                _objective(sections, parents[objective], pieces[objective], self._collected.objectives[objective][1])
                if objective is not None
                else _implicit(sections, section, self._collected.indicators[members[0]].piece)
            )
            objectives.append(record)
            for position, member in enumerate(members, 1):
                indicators.append(self._indicator(record, position, self._collected.indicators[member], found[member]))
        headings = tuple(
            TableSection(split.code, split.text or split.code, piece.line, piece.place)
            for piece, split in zip(self._collected.sections, sections, strict=True)
        )
        self._judge(objectives, indicators)
        self._judge_sections(headings, objectives)
        return IndicatorTable(
            self._collected.source, headings, tuple(objectives), tuple(indicators), tuple(self._irregularities)
        )

    def _resolved(self, pieces: list[Piece]) -> list[Split]:
        """Each piece as identifier and normalised text; footnote marks are taken off."""
        bare = identified(["" if piece.split else piece.text for piece in pieces])
        printed = any(split.code for split in bare)
        splits = []
        for piece, own in zip(pieces, bare, strict=True):
            split = piece.split or own
            if piece.code and not (piece.is_code_uncertain and printed):
                split = _beside(bare_code(normalise(piece.code)), piece.text)
            elif not split.text and split.label:
                split = replace(split, text=piece.text)
            text, marks = without_footnotes(split.text)
            if marks:
                self._footnotes.append(piece.place or f"line {piece.line}")
            text = f"{piece.above} – {text}" if piece.above and text else text
            splits.append(replace(split, text=normalise(text), code=normalise(split.code)))
        return splits

    def _grouped(self) -> dict[tuple[int | None, int | None], list[int]]:
        """The indicators of each objective, objectives in the order in which their section and they come first."""
        order: dict[tuple[int | None, int | None], list[int]] = {}
        for position, (section, _) in enumerate(self._collected.objectives):
            order[section, position] = []
        for position, entry in enumerate(self._collected.indicators):
            order.setdefault((entry.section, entry.objective), []).append(position)
        ranked = sorted(order.items(), key=lambda item: -1 if item[0][0] is None else item[0][0])
        return dict(ranked)

    def _indicator(self, objective: Objective, position: int, entry: FoundIndicator, split: Split) -> Indicator:
        letter = entry.letter or (split.code.lower() if split.code.lower() in _LETTERS else "")
        state = State.RETIRED if entry.is_struck else State(state_of(split.text))
        return Indicator(
            section=objective.section,
            objective_number=objective.number,
            objective=objective.text,
            objective_line=objective.line,
            letter=letter,
            line=entry.piece.line,
            text="" if state is State.EMPTY else split.text,
            verbatim=entry.piece.verbatim or entry.piece.text,
            position=position,
            identifier=split.code,
            attributes=tuple(entry.attributes),
            place=entry.piece.place,
            state=state,
        )

    def _judge(self, objectives: list[Objective], indicators: list[Indicator]) -> None:
        if self._footnotes:
            places = _listed(self._footnotes)
            message = f"Footnote marks were taken off the texts in {places}; the verbatim text keeps them."
            self._note("footnote", message)
        for indicator in indicators:
            if indicator.state is not State.MEANT:
                self._note(f"indicator_{indicator.state}", _QUESTIONS[indicator.state].format(indicator), indicator)
        answered = {(one.section, one.objective_number, one.objective) for one in indicators}
        asked = {entry.line for entry in self._irregularities if entry.kind == "no_indicator"}
        for objective in objectives:
            known = (objective.section, objective.number, objective.text)
            if known not in answered and objective.line not in asked:
                message = f"{_called(objective)} has no indicator; it was kept without one."
                self._note("objective_without_indicator", message, objective)
        for kind, message, at in irregular_identifiers(indicators):
            self._note(kind, message, at)

    def _judge_sections(self, sections: tuple[TableSection, ...], objectives: list[Objective]) -> None:
        """A section in which nothing stands, such as one that only counts up what stands above it."""
        filled = {objective.section for objective in objectives}
        for section in sections:
            if section.heading not in filled:
                message = f"The section “{section.heading}” has no indicator; it was kept without one."
                self._note("section_without_indicator", message, section)

    def _note(self, kind: str, message: str, at: Indicator | Objective | TableSection | None = None) -> None:
        self._irregularities.append(Irregularity(at.line if at else 0, kind, message, at.place if at else ""))


_QUESTIONS = {
    State.EMPTY: "The indicator {0.identifier} has no text. Is it one? Write its text, or take the row out.",
    State.PENDING: "“{0.text}” ({0.identifier}) stands in the place of an indicator. acopio new leaves it out. "
    "If it is to be asked, mend its text in the file.",
    State.RETIRED: "The indicator {0.identifier} “{0.text}” looks retired. acopio new leaves it out. "
    "If it is to be asked, mend its text in the file.",
}


def _objective(sections: list[Split], section: int | None, split: Split, piece: Piece) -> Objective:
    heading = _heading(sections, section)
    verbatim = piece.verbatim or piece.text
    return Objective(heading, split.code, piece.line, split.text or split.code, verbatim, piece.place)


def _implicit(sections: list[Split], section: int | None, first: Piece) -> Objective:
    heading = _heading(sections, section)
    return Objective(heading, "", first.line, heading, "", first.place, is_implicit=True)


def _heading(sections: list[Split], section: int | None) -> str:
    return "" if section is None else sections[section].text or sections[section].code


def _beside(code: str, text: str) -> Split:
    """A text whose identifier stands in a column of its own, perhaps before the text again."""
    own = split_identifier(text)
    if own and (own.code == code or (len(own.code) == 1 and code.endswith(own.code))):
        return replace(own, code=code)
    return Split(code, text.removeprefix(code).lstrip(" .:)-–—\t") if text.startswith(code) else text)


def _called(objective: Objective) -> str:
    return f"Objective {objective.number}" if objective.number else f"The objective “{objective.text}”"


def _listed(places: list[str], most: int = 8) -> str:
    return ", ".join(places[:most]) + (f" and {len(places) - most} more" if len(places) > most else "")
