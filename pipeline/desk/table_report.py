"""Owns what is shown of an indicator table that was read: as text to look through, as JSON and as CSV to go on with."""

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from pipeline.safe_text import harmless, on_one_line, shown
from questionnaire.indicator_table.records import Indicator, IndicatorTable, Irregularity, Objective, State

_WIDTH = 118
_SHORT = 96
_MOST_PLACES = 12
_ATTRIBUTES = (
    "unit", "source", "frequency", "baseline", "target", "responsible", "disaggregation", "definition", "type", "year",
)  # fmt: skip


def table_text(table: IndicatorTable) -> Iterator[str]:
    """The counts, how each table was read, the first and last indicator of each section, then what to look at.

    Where all is in one sheet, its name stands before no cell.
    """
    sheets = {one.place.rpartition("!")[0] for one in table.indicators}
    prefix = f"{sheets.pop()}!" if len(sheets) == 1 else "!"
    for line in _lines(table):
        yield line.replace(prefix, "") if prefix != "!" else line


def _lines(table: IndicatorTable) -> Iterator[str]:
    yield f"{on_one_line(table.source)}: {counts(table)}"
    for entry in (entry for entry in table.irregularities if entry.kind == "columns"):
        yield ""
        yield from _wrapped(entry.message, "")
    yield from _sections(table)
    doubtful = [entry for entry in table.irregularities if entry.is_doubtful]
    if doubtful:
        yield f"\n{len(doubtful)} to look at:"
        for entry in doubtful:
            yield from _wrapped(f"{_where(entry)}: {entry.message} ({entry.kind})", "  ")
    rest = sorted((e for e in table.irregularities if not e.is_doubtful and e.kind != "columns"), key=lambda e: e.kind)
    if rest:
        yield "\nRead without a doubt, though irregular:"
        for _, group in groupby(rest, key=lambda entry: entry.kind):
            yield from _wrapped(_together(list(group)), "  ")
    yield f"\n{counts(table)}, {len(doubtful)} to look at."


def counts(table: IndicatorTable) -> str:
    """How many sections, objectives and indicators there are, and how many of these are doubtful."""
    objectives = [objective for objective in table.objectives if not objective.is_implicit]
    odd = sum(indicator.state is not State.MEANT for indicator in table.indicators)
    asked = f" ({odd} of them empty or retired)" if odd else ""
    levels = (("section", table.sections), ("objective", objectives), ("indicator", table.indicators))
    return ", ".join(_counted(len(found), noun) for noun, found in levels) + asked


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _sections(table: IndicatorTable) -> Iterator[str]:
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
        aims = len([one for one in objectives if not one.is_implicit])
        yield ""
        yield from _wrapped(
            f"{_at(section.place or section.line) if section else ''}{code}{heading or 'No section'}: "
            f"{_counted(aims, 'objective')}, {_counted(len(members), 'indicator')}",
            "",
        )
        shown = members if len(members) < 3 else [members[0], members[-1]]
        for number, indicator in enumerate(shown):
            if number and len(members) > 2:
                yield f"    … {len(members) - 2} more"
            yield from _wrapped(_line(indicator), "    ")


def _place_of(indicator: Indicator, objectives: list[Objective]) -> str:
    return next((one.place for one in objectives if one.line == indicator.objective_line), "")


def _line(indicator: Indicator) -> str:
    is_implicit = not indicator.objective_number and indicator.objective == indicator.section
    aim = " ".join(filter(None, (indicator.objective_number, _short(indicator.objective, 40)))) + " → "
    code = indicator.identifier or indicator.letter
    text = " ".join(filter(None, (code, _short(indicator.text or "(no text)", _SHORT))))
    return f"{_at(indicator.place or indicator.line)}{'' if is_implicit else aim}{text}"


def _at(place: str | int) -> str:
    return f"{place}  " if isinstance(place, str) else f"line {place}  "


def _where(entry: Irregularity) -> str:
    return entry.place or (f"line {entry.line}" if entry.line else "the document")


def _together(entries: list[Irregularity]) -> str:
    """Irregularities of one kind: the message of the first, then the places of all."""
    places = list(dict.fromkeys(_where(entry).removeprefix("line ") for entry in entries))
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    alike = "" if len(places) == 1 else f" So at {', '.join(places[1:_MOST_PLACES])}{more} ({len(entries)} in all)."
    return f"{_where(entries[0])}: {entries[0].message}{alike}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(
        on_one_line(text), _WIDTH, initial_indent=indent, subsequent_indent=indent + "    ", break_on_hyphens=False
    )


def table_json(table: IndicatorTable) -> str:
    """Everything that was read, as JSON."""
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
        {"kind": one.kind, "doubtful": one.is_doubtful, "at": one.place or one.line, "message": one.message}
        for one in table.irregularities
    ]
    told = {
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
    return _escaped(json.dumps(told, ensure_ascii=False, indent=1)) + "\n"


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


def table_csv(table: IndicatorTable) -> str:
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


FORMATS: Mapping[str, Callable[[IndicatorTable], str]] = {
    "text": lambda table: "\n".join(table_text(table)) + "\n",
    "json": table_json,
    "csv": table_csv,
}
