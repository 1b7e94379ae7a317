"""Reads what respondents answered in the previous round: its published answers, as the questions of this round.

What has no place in this round is left out: an answer to what is no longer asked, or that could not be given any more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pipeline.previous_round.previous_dataset import LAST_SEEN, SUPPRESSED, answer_published, published_rows
from pipeline.safe_text import harmless
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Coded, Selection, is_text
from questionnaire.declaration.blocks import Block
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.rules.moved_answers import moved_answers

Key = tuple[str, str]
"""A block and a field."""

Given = dict[Key, Answer]

_Question = tuple[bool, Key, list[Key]]
"""Whether it is a multiple choice, its head, and its other fields."""

Lines = dict[str, dict[str, tuple[Line, ...]]]
"""The lines of lists, by respondent and list."""


def with_previous_answers(round_: Round) -> Round:
    """The round with what its respondents answered in the previous one, lists included; itself where it names none.

    Raises DeclarationError where the dataset is not there, is none, or answers nothing that this round asks.
    """
    if round_.previous is None or round_.previous_answers:
        return round_
    found = _read(round_.previous, round_.instrument)
    questions = _questions(round_.instrument)
    # What was read is let go as it is taken: both would take twice the memory.
    whole = ((respondent, _whole(found.answers.pop(respondent), questions)) for respondent in [*found.answers])
    answers = {respondent: given for respondent, given in whole if given}
    if not answers:
        what = f"no published answer in it is to a question of edition {round_.previous.edition}"
        raise round_.previous.fault(what, "Name the answers.parquet of the previous round, and its edition")
    return replace(
        round_,
        previous_answers=answers,
        previous_lines=found.in_order(),
        previous_suppressed=found.suppressed_in_order(),
    )


def with_shown_answers(round_: Round) -> Round:
    """The same with the answers as a workbook may hold them: no text that a program would obey.

    Raises DeclarationError where a respondent had more lines in a list than its sheet has.
    """
    round_ = with_previous_answers(round_)
    answers = {
        respondent: {key: _harmless(round_.instrument, key, answer) for key, answer in given.items()}
        for respondent, given in round_.previous_answers.items()
    }
    lines = {
        respondent: {block: tuple(_shown(round_, block, line) for line in kept) for block, kept in lists.items()}
        for respondent, lists in round_.previous_lines.items()
    }
    _check_room(round_)
    return replace(round_, previous_answers=answers, previous_lines=lines)


@dataclass
class _Found:
    """What a dataset says, as it is read: the answers by respondent, and the lines by respondent, list and number."""

    answers: dict[str, Given] = field(default_factory=dict)
    lines: dict[tuple[str, str, int], dict[str, Answer]] = field(default_factory=dict)
    gone: set[tuple[str, str, int]] = field(default_factory=set)
    suppressed: dict[tuple[str, str, int, str], float | None] = field(default_factory=dict)
    is_recorded: bool = False

    def note_suppressed(self, row: Mapping[str, Any], block: str, field: str) -> None:
        """Keep that everybody did not see a number, which is that of a field of today."""
        if row.get(SUPPRESSED):
            self.suppressed[row["respondent"], block, row["line"], field] = row.get(LAST_SEEN)

    def in_order(self) -> Lines:
        """The lines of every respondent, in the order of their numbers, without those of what is no longer asked."""
        lines: Lines = {}
        for respondent, block, number in self._places():
            kept = lines.setdefault(respondent, {})
            kept[block] = (*kept.get(block, ()), self.lines[respondent, block, number])
        return lines

    def _places(self) -> dict[tuple[str, str, int], int]:
        """The place of each line among those that are still asked, from 1."""
        counted: Counter[tuple[str, str]] = Counter()
        places: dict[tuple[str, str, int], int] = {}
        for respondent, block, number in sorted(self.lines.keys() - self.gone):
            counted[respondent, block] += 1
            places[respondent, block, number] = counted[respondent, block]
        return places

    def suppressed_in_order(self) -> dict[tuple[str, str, int, str], float | None] | None:
        """The numbers that everybody did not see, with the places of their lines; None where nothing says so."""
        if not self.is_recorded:
            return None
        places = self._places()
        return {
            (respondent, block, places.get((respondent, block, line), 1), field): last_seen
            for (respondent, block, line, field), last_seen in self.suppressed.items()
            if (respondent, block, line) not in self.gone
        }


def _read(previous: Previous, instrument: Instrument) -> _Found:
    edition = instrument.older_edition(previous.edition)
    lists = {block.code for block in instrument.lists}
    found = _Found()
    alike: dict[Answer, Answer] = {}

    @cache
    def asked_now(block: str, code: str) -> tuple[Key, Block] | None:
        """What a block and a field are called today, and the block; None if it is no longer asked."""
        now = edition.now(block, code) if edition else (block, code)
        asked = instrument.blocks.get(now[0]) if now else None
        return (now, asked) if now and asked and now[1] in asked.field_codes else None

    for row in published_rows(previous, instrument):
        found.is_recorded |= SUPPRESSED in row
        if row["block"] in lists:
            _note_line(found, row, instrument, edition)
        elif (asked := asked_now(row["block"], row["field"])) is not None:
            now, block = asked
            question_field = block.field(now[1])
            answer = answer_published(question_field, row, instrument.missing)
            if answer is not None:
                found.note_suppressed(row, *now)
                moved = moved_answers(edition, block, now[1], answer) if edition else {}
                given = found.answers.setdefault(row["respondent"], {})
                if answer.value is None or isinstance(question_field.type, Coded):
                    answer = alike.setdefault(answer, answer)
                given |= {(now[0], code): said for code, said in moved.items()} or {now: answer}
    return found


def _note_line(found: _Found, row: Mapping[str, Any], instrument: Instrument, edition: Edition | None) -> None:
    """Keep what one cell of a line says; a line for an indicator that is no longer asked is gone as a whole."""
    block = next(block for block in instrument.lists if block.code == row["block"])
    if row["field"] not in block.field_codes:
        return
    line = row["respondent"], block.code, row["line"]
    code = row["code"]
    if row["field"] == block.indicator_field and code:
        code = edition.indicators.get(code) if edition else code
        if code not in block.indicators:
            found.gone.add(line)
            return
    answer = answer_published(block.field(row["field"]), {**row, "code": code}, instrument.missing)
    if answer is not None:
        found.note_suppressed(row, block.code, row["field"])
        found.lines.setdefault(line, {})[row["field"]] = answer


def _questions(instrument: Instrument) -> list[_Question]:
    """The questions of all indicators, in their order."""
    found = []
    for indicator in instrument.indicators:
        for question in indicator.questions:
            head, *parts = ((indicator.code, field.code) for field in question.fields)
            found.append((isinstance(question.fields[0].type, Selection), head, parts))
    return found


def _whole(given: Given, questions: Iterable[_Question]) -> Given:
    """The answers whose question has one at its head; of a multiple choice, with the options that are still there."""
    kept = Given()
    for is_selection, head, parts in questions:
        answer = given.get(head)
        if answer is None:
            continue
        if is_selection and answer.status is AnswerStatus.ANSWERED:
            marked = [code.rpartition(".")[2] for _, code in parts if (head[0], code) in given]
            answer = Answer(";".join(marked))
            if not marked:
                continue
        kept[head] = answer
        kept |= {key: given[key] for key in parts if key in given}
    return kept


def _harmless(instrument: Instrument, key: tuple[str, str], answer: Answer) -> Answer:
    if answer.value is None or not is_text(instrument.field(*key).type):
        return answer
    return replace(answer, value=harmless(str(answer.value)))


def _shown(round_: Round, block: str, line: Line) -> Line:
    return {code: _harmless(round_.instrument, (block, code), answer) for code, answer in line.items()}


def _check_room(round_: Round) -> None:
    """A fault where the sheet of a list has fewer lines than a respondent had."""
    room = {block.code: block.most_lines for block in round_.instrument.lists}
    held: Iterable[tuple[str, str, int]] = (
        (respondent, block, len(lines))
        for respondent, lists in round_.previous_lines.items()
        for block, lines in lists.items()
    )
    for respondent, block, count in held:
        if count > room[block] and round_.previous is not None:
            what = f"{respondent} has {count} lines in “{block}”, of which a sheet shows {room[block]}"
            raise round_.previous.fault(what, f"Give “{block}” more lines in the lists.toml of the instrument")
