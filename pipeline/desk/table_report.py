"""Writes the report on an indicator table that was read: as text to look through, as JSON and as CSV to go on with."""

import csv
import io
import json
import shlex
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pipeline.desk.table_sentences import place_in, told_all
from pipeline.safe_text import harmless, on_one_line, shown
from questionnaire.indicator_table.records import (
    Indicator,
    IndicatorTable,
    IndicatorTableError,
    Irregularity,
    Objective,
    State,
)
from questionnaire.messages import say, with_colon

_REPORT = "table_report"
_WIDTH = 118
_SHORT = 96
_MOST_PLACES = 12
_ATTRIBUTES = (
    "unit", "source", "frequency", "baseline", "target", "responsible", "disaggregation", "definition", "type", "year",
)  # fmt: skip


def table_text(table: IndicatorTable, language: str = "en") -> Iterator[str]:
    """The counts, how each table was read, the first and last indicator of each section, then what to look at.

    Where all is in one sheet, its name stands before no cell.
    """
    sheets = {one.place.rpartition("!")[0] for one in table.indicators}
    prefix = f"{sheets.pop()}!" if len(sheets) == 1 else "!"
    for line in _Report(table, language).lines():
        yield line.replace(prefix, "") if prefix != "!" else line


def counts(table: IndicatorTable, language: str = "en") -> str:
    """How many sections, objectives and indicators there are, and how many of these are doubtful."""
    objectives = sum(not objective.is_implicit for objective in table.objectives)
    odd = sum(indicator.state is not State.MEANT for indicator in table.indicators)
    found = {"sections": len(table.sections), "objectives": objectives, "indicators": len(table.indicators)}
    said = say(_REPORT, "counts", language, **found)
    return f"{said} {say(_REPORT, 'odd', language, count=odd)}" if odd else said


@dataclass(frozen=True)
class _Report:
    """Says in a language what was read."""

    table: IndicatorTable
    language: str

    def lines(self) -> Iterator[str]:
        table, language = self.table, self.language
        yield with_colon(on_one_line(table.source), counts(table, language), language)
        for entry in (entry for entry in table.irregularities if entry.kind == "columns"):
            yield ""
            yield from _wrapped(told_all(entry.message, language), "")
        yield from self._sections()
        doubtful = [entry for entry in table.irregularities if entry.is_doubtful]
        to_look_at = self._say("to_look_at", count=len(doubtful))
        if doubtful:
            yield "\n" + with_colon(to_look_at, "", language).rstrip()
            for entry in doubtful:
                message = f"{told_all(entry.message, language)} ({entry.kind})"
                yield from _wrapped(with_colon(self._where(entry), message, language), "  ")
        certain = (entry for entry in table.irregularities if not entry.is_doubtful and entry.kind != "columns")
        rest = sorted(certain, key=lambda entry: entry.kind)
        if rest:
            yield "\n" + self._say("without_doubt")
            for _, group in groupby(rest, key=lambda entry: entry.kind):
                yield from _wrapped(self._together(list(group)), "  ")
        yield f"\n{counts(table, language)}, {to_look_at}."

    def _say(self, key: str, **values: object) -> str:
        return say(_REPORT, key, self.language, **values)

    def _sections(self) -> Iterator[str]:
        table = self.table
        headings = {section.heading: section for section in table.sections}
        for heading, group in groupby(table.objectives, key=lambda objective: objective.section):
            objectives = list(group)
            lines = {(one.line, one.place) for one in objectives}
            members = [
                one
                for one in table.indicators
                if one.section == heading and ((one.objective_line, _place_of(one, objectives)) in lines or not lines)
            ]
            section = headings.get(heading)
            code = f"{section.code}. " if section and section.code else ""
            aims = sum(not one.is_implicit for one in objectives)
            found = self._say("counts_of_section", objectives=aims, indicators=len(members))
            at = self._at(section.place or section.line) if section else ""
            yield ""
            named = f"{at}{code}{heading or self._say('no_section')}"
            yield from _wrapped(with_colon(named, found, self.language), "")
            yield from self._first_and_last(members)

    def _first_and_last(self, members: list[Indicator]) -> Iterator[str]:
        shown = members if len(members) < 3 else [members[0], members[-1]]
        for number, indicator in enumerate(shown):
            if number and len(members) > 2:
                yield "    " + self._say("more", count=len(members) - 2)
            yield from _wrapped(self._line(indicator), "    ")

    def _line(self, indicator: Indicator) -> str:
        is_implicit = not indicator.objective_number and indicator.objective == indicator.section
        aim = " ".join(filter(None, (indicator.objective_number, _short(indicator.objective, 40)))) + " → "
        code = indicator.identifier or indicator.letter
        text = " ".join(filter(None, (code, _short(indicator.text or self._say("no_text"), _SHORT))))
        return f"{self._at(indicator.place or indicator.line)}{'' if is_implicit else aim}{text}"

    def _at(self, place: str | int) -> str:
        shown = place_in(place, self.language) if isinstance(place, str) else self._say("line", line=place)
        return f"{shown}  "

    def _where(self, entry: Irregularity) -> str:
        if entry.place:
            return place_in(entry.place, self.language)
        return self._say("line", line=entry.line) if entry.line else self._say("document")

    def _together(self, entries: list[Irregularity]) -> str:
        """Irregularities of one kind: the message of the first, then the places of all."""
        bare = self._say("line", line="")
        places = list(dict.fromkeys(self._where(entry).removeprefix(bare) for entry in entries))
        more = " " + self._say("and_more", count=len(places) - _MOST_PLACES) if len(places) > _MOST_PLACES else ""
        listed = ", ".join(places[1:_MOST_PLACES]) + more
        alike = "" if len(places) == 1 else " " + self._say("alike", places=listed, count=len(entries))
        message = told_all(entries[0].message, self.language) + alike
        return with_colon(self._where(entries[0]), message, self.language)


def _place_of(indicator: Indicator, objectives: list[Objective]) -> str:
    return next((one.place for one in objectives if one.line == indicator.objective_line), "")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(
        on_one_line(text), _WIDTH, initial_indent=indent, subsequent_indent=indent + "    ", break_on_hyphens=False
    )


def table_json(table: IndicatorTable, language: str = "en") -> str:
    """Everything that was read, as JSON; messages are in the language, places as the document has them."""
    sections = [{"code": one.code, "heading": one.heading, "at": one.place or one.line} for one in table.sections]
    objectives = [
        {
            "section": one.section,
            "identifier": one.number,
            "text": one.text,
            "implicit": one.is_implicit,
            "at": one.place or one.line,
        }
        for one in table.objectives
    ]
    irregularities = [
        {
            "kind": one.kind,
            "doubtful": one.is_doubtful,
            "at": one.place or one.line,
            "message": told_all(one.message, language),
        }
        for one in table.irregularities
    ]
    report = {
        "source": table.source,
        "counts": {
            "sections": len(table.sections),
            "objectives": sum(not one.is_implicit for one in table.objectives),
            "indicators": len(table.indicators),
        },
        "sections": sections,
        "objectives": objectives,
        "indicators": [_json_of(indicator) for indicator in table.indicators],
        "irregularities": irregularities,
    }
    return _escaped(json.dumps(report, ensure_ascii=False, indent=1)) + "\n"


def _escaped(text: str) -> str:
    """JSON in which characters that nobody sees, or that end a line, are written as escapes."""
    unseen = {ord(sign): f"\\u{ord(sign):04x}" for sign in set(text) if sign != "\n" and shown(sign) != sign}
    return text.translate(unseen)


def _json_of(indicator: Indicator) -> dict[str, object]:
    return {
        "section": indicator.section,
        "objective_identifier": indicator.objective_number,
        "objective": indicator.objective,
        "identifier": indicator.identifier or indicator.letter,
        "position": indicator.position,
        "text": indicator.text,
        "verbatim": indicator.verbatim,
        "state": str(indicator.state),
        "attributes": [
            {"role": one.role, "head": one.head, "text": one.text, "at": one.place} for one in indicator.attributes
        ],
        "at": indicator.place or indicator.line,
    }


def table_csv(table: IndicatorTable, language: str = "en") -> str:  # noqa: ARG001  it says nothing of its own
    """A line for each indicator; texts that a spreadsheet would take for formulas are made harmless."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    codes = {section.heading: section.code for section in table.sections}
    head = ("section_code", "section", "objective_code", "objective", "code", "indicator", "state", *_ATTRIBUTES, "at")
    writer.writerow(head)
    for one in table.indicators:
        values = [_values(one, role) for role in _ATTRIBUTES]
        texts = [codes.get(one.section, ""), one.section, one.objective_number, one.objective]
        texts += [one.identifier or one.letter, one.text, str(one.state), *values, one.place or f"line {one.line}"]
        writer.writerow(map(harmless, texts))
    return file.getvalue()


def _values(indicator: Indicator, role: str) -> str:
    """What an indicator has in a role; heads stand before texts where several columns are of that role."""
    found = [one for one in indicator.attributes if one.role == role]
    heads = {one.head for one in found}
    return " | ".join(f"{one.head}: {one.text}" if len(heads) > 1 or role == "year" else one.text for one in found)


FORMATS: Mapping[str, Callable[[IndicatorTable, str], str]] = {
    "text": lambda table, language: "\n".join(table_text(table, language)) + "\n",
    "json": table_json,
    "csv": table_csv,
}


def refusal(error: IndicatorTableError, file: str, language: str = "en") -> str:
    """Why a file holds no indicator table and what to do, with the command as it would be typed for that file."""
    place = error.source if error.line is None else f"{error.source}, {say(_REPORT, 'line', language, line=error.line)}"
    said = f"{told_all(error.what, language)} {told_all(error.remedy, language)}"
    message = with_colon(place, said, language)
    return message.replace("acopio table FILE", f"acopio table {shlex.quote(file)}")
