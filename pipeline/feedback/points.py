"""Gathers what a return is to be corrected in: findings that ask for the same become one point with many cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.feedback.given_answers import GivenAnswers
from pipeline.safe_text import shown
from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import Selection, decimals_of
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import CHECK, Column, Layout, Slot
from questionnaire.messages import Effect, finding_codes, finding_traits, finding_wording, in_language, say
from questionnaire.rules.rule import Severity
from questionnaire.workbook.returned import Point, PointCell, Returned

_OF_OTHERS = frozenset({"bilateral_consistency", "earlier_answers", "answers_conflict", "correction_outranked"})
"""Warnings that compare with what others said, or with another file: nothing of it belongs into a letter."""

_ERRORS = (str(Severity.BLOCKER), str(Severity.ERROR))

_LINE = "{line}"

_SHOWN = 10
"""The cells of a point that a letter lists; the workbook lists them all."""

Row = Mapping[str, Any]


def asks_for_something(finding: Row) -> bool:
    """True for what the respondent is to look at: errors, and warnings about an answer without a reason beside it."""
    traits = finding_traits(finding["code"])
    if traits.effect is Effect.HOLDS or finding["code"] in _OF_OTHERS:
        return False
    if finding["severity"] in _ERRORS:
        return True
    of_answer = bool(finding["field"]) and not traits.damage
    return finding["severity"] == str(Severity.WARNING) and of_answer and not finding["explanation"]


def points_of(
    layout: Layout, language: str, findings: Iterable[Row], answers: Iterable[Row], given: GivenAnswers
) -> tuple[Point, ...]:
    """The points of one return, errors first, each with its cells in today's questionnaire."""
    rows = list(answers)
    places = {(row["sheet"], row["cell"]): row for row in rows if row["cell"]}
    of_questions = {f"{row['block']}:{row['field']}": row for row in rows}
    points: dict[tuple[bool, str, str, str], list[PointCell]] = {}
    for finding in findings:
        if not asks_for_something(finding):
            continue
        cell = _cell(layout, language, finding, places, given, of_questions)
        place = "" if cell else _place(finding, language)
        warns = finding["severity"] not in _ERRORS
        in_line = _of_lines(finding["code"], language) if cell and "." in finding["field"] else ""
        key = (warns, in_line or finding["message_to_respondent"], finding["remedy_to_respondent"], place)
        cells = points.setdefault(key, [])
        if cell and cell not in cells:
            cells.append(cell)
    ordered = sorted(points.items(), key=lambda item: item[0][0])
    return tuple(
        Point(message.replace(_LINE, _numbers(cells)), remedy, tuple(cells), place)
        for (_, message, remedy, place), cells in ordered
    )


def _of_lines(code: str, language: str) -> str:
    """What a finding says of a line, before the line is named: of many lines it is said once; "" for others."""
    text = in_language(finding_wording(code).message, language) if code in finding_codes() else ""
    return text if _LINE in text and text.count("{") == 1 else ""


def _numbers(cells: Sequence[PointCell]) -> str:
    numbers = list(dict.fromkeys(cell.number for cell in cells))
    return ", ".join(numbers[:_SHOWN]) + (", …" if len(numbers) > _SHOWN else "")


def _cell(
    layout: Layout,
    language: str,
    finding: Row,
    places: Mapping[tuple[str, str], Row],
    given: GivenAnswers,
    of_questions: Mapping[str, Row],
) -> PointCell | None:
    """Where in today's questionnaire a finding belongs, None for what is about no question of it."""
    official = layout.instrument.official_language
    slot = layout.by_key.get(f"{finding['indicator']}:{finding['field']}")
    if slot is not None:
        asked = in_language(slot.question.fields[0].label, language, official)
        own = in_language(slot.field.label, language, official)
        question = asked if asked == own or not own else f"{asked} – {own}"
        rules = {rule.code for rule in layout.instrument.rules_for(slot.block.code, slot.field.code)}
        check = (slot.row, slot.columns[Column.CHECK]) if finding["code"] in rules else None
        return _point_cell(slot, question, of_questions.get(slot.key), check, language)
    answered = places.get((finding["sheet"], finding["cell"]))
    if answered is None or (answered["block"], int(answered["line"])) not in given.lines:
        return None
    sheet = layout.list_of(answered["block"])
    line = given.lines[answered["block"], int(answered["line"])]
    field = sheet.block.field(answered["field"])
    question = " – ".join(
        in_language(text, language, official) for text in (sheet.block.label, *_printed(sheet.block, line), field.label)
    )
    rules = {rule.code for rule in layout.instrument.rules_for(sheet.block.code, field.code)}
    check = (sheet.row(line), sheet.columns[CHECK]) if finding["code"] in rules else None
    slot = next(slot for slot in sheet.slots(line) if slot.field.code == field.code)
    return _point_cell(slot, question, answered, check, language)


def _point_cell(slot: Slot, question: str, row: Row | None, check: tuple[int, int] | None, language: str) -> PointCell:
    """A cell with what was typed there, or with the number that is computed there, where nobody types."""
    typed = shown(row["raw"] or row["if_none"]) if row else ""
    is_computed = slot.is_computed and not typed
    if is_computed and row and row["number"] is not None:
        number = f"{row['number']:.{decimals_of(slot.field.type)}f}{'%' * (slot.field.type.traits.unit == '%')}"
        typed = number if language == "en" else number.replace(".", ",")
    at = (slot.row, slot.columns[Column.ANSWER])
    is_count = isinstance(slot.field.type, Selection)
    return PointCell(slot.sheet, at, slot.number, question, typed, check, is_computed, is_count)


def _printed(block: ListBlock, line: int) -> Iterator[Wording]:
    """What is printed on a line of a table."""
    if isinstance(block, TableBlock):
        codes = block.coordinates(line)
        yield from (dimension.codelist[codes[dimension.name]].label for dimension in block.dimensions)


def _place(finding: Row, language: str) -> str:
    """Where it stood in the file that came, "" for the file as a whole."""
    if not finding["sheet"]:
        return ""
    key = "stood_at" if finding["value"] else "stood_in"
    where = ", ".join(filter(None, (finding["sheet"], finding["cell"])))
    return say("letters", key, language, where=where, typed=finding["value"])


def listed(returned: Returned, language: str) -> str:
    """The points as a letter lists them: what is wrong, what to do, and the questions with what was answered."""
    parts = []
    for number, point in enumerate(returned.points, 1):
        lines = [f"{number}. {' '.join(filter(None, (point.message, point.remedy)))}"]
        lines += [f"    {point.place}"] if point.place else []
        for cell in point.cells[:_SHOWN]:
            key = "computed_line" if cell.is_computed else "cell_line" if cell.typed else "blank_line"
            asked = {
                "number": cell.number,
                "question": _on_one_line(cell.question),
                "typed": _on_one_line(cell.typed) or "–",
            }
            lines.append("    " + say("letters", key, language, **asked))
        if (rest := len(point.cells) - _SHOWN) > 0:
            lines.append("    " + say("letters", "more_lines", language, count=rest))
        parts.append("\n".join(" " * (len(line) - len(line.lstrip())) + _on_one_line(line) for line in lines))
    return "\n\n".join(parts)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
