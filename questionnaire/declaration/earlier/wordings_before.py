"""Reads from `wordings_before.csv` of an instrument's folder how its questions were worded before.

A workbook that was sent out keeps the words of its day: a row that shows them still asks the same.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from questionnaire.codelists import Wording, choice_key
from questionnaire.declaration.answer_types import Mark, MultipleChoice
from questionnaire.declaration.blocks import Block, Field, Question
from questionnaire.declared_files import required_columns
from questionnaire.tables import Row, read_rows

WORDINGS_BEFORE = "wordings_before.csv"
"""The file of an instrument's folder with its older wordings; it may be absent."""

INDICATOR, OPTION, QUESTION = "indicator", "option", "question"

_FILES = {INDICATOR: "indicators.csv", OPTION: "codelists.csv (code list.code)", QUESTION: "questions.csv"}

Worded = tuple[str, str]
"""What has a wording: its kind and its code; that of an option is `code list.code`."""


@dataclass(frozen=True)
class WordingBefore:
    """One older wording."""

    kind: str
    code: str
    text: str


def worded(question: Question, field: Field) -> Worded:
    """What the wording of a field belongs to: an option of a code list, or a question."""
    if isinstance(question.type, MultipleChoice) and isinstance(field.type, Mark):
        return OPTION, f"{question.type.codelist.name}.{field.code.rpartition('.')[2]}"
    return QUESTION, field.code


def read_wordings_before(
    folder: Path, languages: Collection[str], blocks: Iterable[tuple[Block, Wording]]
) -> tuple[WordingBefore, ...]:
    """The older wordings of an instrument's folder, in the order of the file; none if there is no such file.

    `blocks` are the indicators as they are worded today. Raises DeclarationError (file, line, column, remedy) for a
    wording of nothing, and for one that could be that of two things in a block.
    """
    path = folder / WORDINGS_BEFORE
    if not path.exists():
        return ()
    owners = _owners(blocks)
    known = {thing for places in owners.values() for things in places.values() for thing in things}
    found = []
    for row in read_rows(path, required_columns(WORDINGS_BEFORE)):
        thing, key = (row["kind"], row["code"]), choice_key(row["wording"])
        _check(row, thing, known, languages)
        for place, texts in owners.items():
            things = texts.get(key, frozenset())
            if things and (thing in things or _stands_in(texts, thing)):
                raise _taken(row, thing, things, place)
            if _stands_in(texts, thing):
                texts[key] = frozenset((thing,))
        found.append(WordingBefore(*thing, row["wording"]))
    return tuple(found)


def _owners(blocks: Iterable[tuple[Block, Wording]]) -> dict[str, dict[str, frozenset[Worded]]]:
    """By place, a block or all heads of blocks: whose each text is, as `choice_key`."""
    owners: dict[str, dict[str, frozenset[Worded]]] = {INDICATOR: {}}
    for block, heading in blocks:
        labels = [((INDICATOR, block.code), heading, INDICATOR)]
        for question in block.questions:
            asked = (field for field in question.fields if not field.asks_unit)
            labels += [(worded(question, field), field.label, block.code) for field in asked]
        for thing, label, place in labels:
            texts = owners.setdefault(place, {})
            for key in map(choice_key, label.values()):
                texts[key] = texts.get(key, frozenset()) | {thing}
    return owners


def _stands_in(texts: Mapping[str, frozenset[Worded]], thing: Worded) -> bool:
    return any(thing in things for things in texts.values())


def _check(row: Row, thing: Worded, known: Collection[Worded], languages: Collection[str]) -> None:
    kind, code = thing
    if kind not in _FILES:
        raise row.fault("kind", f"“{kind}” is not known", f"Use one of {', '.join(_FILES)}")
    if thing not in known:
        raise row.fault("code", f"there is no {kind} {code}", f"Use a code of {_FILES[kind]}, or remove the line")
    if row["language"] not in languages:
        what = f"“{row['language']}” is no language of this instrument"
        raise row.fault("language", what, f"Use one of {', '.join(languages)}")
    if not row["wording"]:
        raise row.fault("wording", "the older wording is missing", "Write it as respondents read it")


def _taken(row: Row, thing: Worded, things: Collection[Worded], place: str) -> Exception:
    if thing in things:
        return row.fault("wording", "it is worded so already", "Write an older wording, once, or remove the line")
    kind, code = min(things)
    what = f"{place} has the {kind} {code} under that wording" if place != INDICATOR else f"{code} is worded so"
    return row.fault("wording", what, "Remove the line: a row with these words could mean either")
