"""Reads both sides of the parity test: what the pipeline finds at each cell, and what the sheets calculate there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.findings import Finding
from pipeline.validation.batch import Batch
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import Derived, Mark, SingleChoice
from questionnaire.declaration.form import Indicator
from questionnaire.layout import Column, Layout, Slot
from questionnaire.messages import in_language, say
from questionnaire.rules.rule import AUTOMATIC, Severity
from questionnaire.sheet_names import CHECKS, COVER, OVERVIEW
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.sheets import check_sheet, open_points, overview
from tests.office import Calculated, Grid

TO_DO = ("required", "unanswered")
"""Findings of these codes are shown as something to do, whatever their severity."""

Point = tuple[str, ...]
"""A line of the list of open points, as a person reads it."""

NOT_CHECKED = ("answer_in_comment",)
"""Findings about the cell beside the answer, which the sheet takes for a reason, whatever it says."""

NOTHING = ""
"""The class of a cell about which nothing is reported."""


@dataclass(frozen=True)
class Found:
    """What the pipeline made of one cell."""

    status: AnswerStatus
    parsed_by: str
    code: str
    if_none: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Counts:
    """How many questions of an indicator are answered, how many of its cells are open, and why."""

    done: int
    to_do: int
    to_correct: int
    to_explain: int

    @property
    def due(self) -> int:
        return self.done + self.to_do

    @property
    def state(self) -> str:
        """What is left to do with the indicator, as a key of the wordings."""
        if self.to_correct:
            return "to_correct"
        if self.to_do:
            return "to_do" if self.done else "not_started"
        return "to_explain" if self.to_explain else "check_ok"


def found_cells(batch: Batch, layout: Layout) -> dict[str, dict[str, Found]]:
    """What the pipeline found, by file and key of the slot; a finding belongs to the cell that it names."""
    findings: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in batch.findings:
        if not finding.indicator or finding.code in NOT_CHECKED:
            continue  # about the file, the Cover or a comment, of which the check column says nothing
        assert finding.cell, f"{finding.file}: {finding.code} names no cell"
        findings.setdefault((finding.file, finding.sheet, finding.cell), []).append(finding)
    cells: dict[str, dict[str, Found]] = {}
    for row in batch.answers.astype(object).where(batch.answers.notna(), "").to_dict("records"):
        at = findings.pop((row["file"], row["sheet"], row["cell"]), [])
        own = [entry for entry in at if (entry.indicator, entry.field) == (row["indicator"], row["field"])]
        assert own == at, f"{row['cell']} is the cell of {row['indicator']}.{row['field']} only"
        found = Found(AnswerStatus(row["status"]), row["parsed_by"], row["code"], row["if_none"], tuple(at))
        cells.setdefault(row["file"], {})[f"{row['indicator']}:{row['field']}"] = found
    assert not findings, f"findings at cells that are no answer's: {list(findings)[:5]}"
    assert all(set(found) == set(layout.by_key) for found in cells.values())
    return cells


def class_of(slot: Slot, found: Found) -> str:
    """How the check column has to begin, by what the pipeline found at the cell."""
    errors = [entry.code for entry in found.findings if entry.severity is Severity.ERROR]
    if errors:
        return Sign.TO_DO if set(errors) <= set(TO_DO) else Sign.ERROR
    asking = [entry for entry in found.findings if entry.severity is Severity.WARNING or entry.explanation]
    if asking:
        explained = asking[0].severity is Severity.INFO
        return Sign.OK if explained else Sign.TO_DO if asking[0].code in TO_DO else Sign.WARNING
    if isinstance(slot.field.type, Mark):
        return NOTHING
    if found.status is AnswerStatus.SKIPPED:
        return Sign.NOT_NEEDED
    return NOTHING if found.status is AnswerStatus.BLANK else Sign.OK


def counts_of(indicator: Indicator, layout: Layout, cells: Mapping[str, Found]) -> Counts:
    """What the Overview has to count, by what the pipeline found."""
    slots = [layout.slot(indicator.code, asked.code) for asked in indicator.fields]
    classes = {slot.key: class_of(slot, cells[slot.key]) for slot in slots}
    answered = [slot for slot in slots if slot.field.is_first and not isinstance(slot.field.type, Derived)]
    questions = [slot.key for slot in answered if classes[slot.key] != Sign.NOT_NEEDED]
    said = list(classes.values())
    return Counts(
        done=sum(cells[key].status not in EMPTY for key in questions),
        to_do=said.count(Sign.TO_DO),
        to_correct=said.count(Sign.ERROR),
        to_explain=said.count(Sign.WARNING),
    )


# --- the sheets ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheets:
    """One calculated questionnaire; `tabs` are the names of its sheets."""

    reported: Calculated
    tabs: Mapping[str, str]
    layout: Layout
    language: str

    def check(self, slot: Slot) -> str:
        """The text in the check column; an error in the cell is reported as one."""
        cell = self._grid(slot.sheet)[slot.row][Column.CHECK]
        return "#" if cell is None else str(cell)

    def counts(self, indicator: Indicator) -> tuple[object, ...]:
        """What the Overview counts: due, done, to do, to correct, to explain."""
        row = self._grid(OVERVIEW)[overview.indicator_row(self.layout.instrument, indicator.code)]
        columns = (overview.DUE, overview.DONE, overview.TO_DO, overview.TO_CORRECT, overview.TO_EXPLAIN)
        return tuple(row[column] for column in columns)

    def overview(self, indicator: Indicator) -> tuple[object, ...]:
        """What a person reads of an indicator on the Overview: its level, what is answered, its state."""
        row = self._grid(OVERVIEW)[overview.indicator_row(self.layout.instrument, indicator.code)]
        return tuple(row[column] for column in (overview.LEVEL, overview.ANSWERED, overview.STATE))

    def open_points(self, section: str) -> tuple[object, ...]:
        """What the Check sheet counts for a section: to do, to correct, to explain."""
        columns = (check_sheet.TO_DO, check_sheet.TO_CORRECT, check_sheet.TO_EXPLAIN)
        row = next(row for row in self._grid(CHECKS) if row[check_sheet.CODE] == self.tabs[section])
        return tuple(row[column] for column in columns)

    @property
    def listed(self) -> list[Point]:
        """The open points that the Check sheet lists: number, indicator, question, what to do."""
        columns = (open_points.NUMBER, open_points.WHERE, open_points.QUESTION, open_points.POINT)
        lines = [tuple(str(row[column]) for column in columns) for row in self._grid(CHECKS)[-open_points.LINES :]]
        return [line for line in lines if any(line)]

    @property
    def verdicts(self) -> tuple[str, str]:
        """The verdict on the Cover and the one on the Check sheet."""
        on_cover, on_check = (
            next(str(cell) for row in self._grid(sheet) for cell in row if _is_verdict(cell))
            for sheet in (COVER, CHECKS)
        )
        return on_cover, on_check

    def says_on_cover(self, text: str) -> bool:
        """True if some cell of the Cover is exactly this text."""
        return any(cell == text for row in self._grid(COVER) for cell in row)

    @property
    def share(self) -> set[float]:
        """The numbers on the Cover: the share of questions answered is the only one."""
        return {round(cell, 9) for row in self._grid(COVER) for cell in row if isinstance(cell, float)}

    def _grid(self, sheet: str) -> Grid:
        """The cells of a sheet, with plain spaces: where a line may not break is no matter of what is said."""
        grid = self.reported.sheets[self.tabs[sheet]]
        return [[cell.replace("\u00a0", " ") if isinstance(cell, str) else cell for cell in row] for row in grid]


def _is_verdict(cell: object) -> bool:
    return isinstance(cell, str) and cell[:1] in tuple(Sign) and len(cell) > 3


# --- comparing ----------------------------------------------------------------------------------------------


def differing_cells(sheets: Sheets, cells: Mapping[str, Found]) -> Iterator[tuple[Slot, str]]:
    """Every slot of which the sheet says anything else than the pipeline, and in what."""
    for slot in sheets.layout.slots:
        said, found = sheets.check(slot), cells[slot.key]
        wanted = class_of(slot, found)
        if said[:1] != wanted:
            codes = [f"{entry.code}/{entry.severity}" for entry in found.findings]
            yield slot, f"the sheet says {said!r}, the pipeline {wanted!r} of a cell {found.status} with {codes}"
        elif (texts := _messages(found, wanted, sheets)) and not said[2:].startswith(texts):
            yield slot, f"the sheet says {said!r}, the pipeline {texts}"


def _messages(found: Found, wanted: str, sheets: Sheets) -> tuple[str, ...]:
    """The messages of the findings of a class, where the sheet says the same: of an automatic rule it says less."""
    severity = {Sign.ERROR: Severity.ERROR, Sign.WARNING: Severity.WARNING}.get(Sign(wanted)) if wanted else None
    entries = [entry for entry in found.findings if entry.severity is severity and entry.code not in TO_DO]
    worded = {rule.code for rule in sheets.layout.instrument.rules if rule.code not in AUTOMATIC or rule.previous_refs}
    alone = all(entry.code in worded for entry in entries)
    return tuple(entry.message_in(sheets.language) for entry in entries) if alone else ()


def differing_summaries(sheets: Sheets, cells: Mapping[str, Found], signed: bool) -> Iterator[str]:
    """Every count, state and verdict that is not what the pipeline's findings amount to."""
    instrument, layout = sheets.layout.instrument, sheets.layout
    counts = {entry.code: counts_of(entry, layout, cells) for entry in instrument.indicators}
    for indicator in instrument.indicators:
        own = counts[indicator.code]
        wanted: dict[str, tuple[object, object]] = {
            "counts": (sheets.counts(indicator), (own.due, own.done, own.to_do, own.to_correct, own.to_explain)),
            "line": (sheets.overview(indicator), _line(indicator, own, cells, sheets.language)),
        }
        yield from (f"{indicator.code}: {what} {a}, not {b}" for what, (a, b) in wanted.items() if a != b)
    for section in instrument.sections:
        total = _total([counts[entry.code] for entry in section.indicators])
        if sheets.open_points(section.code) != (total.to_do, total.to_correct, total.to_explain):
            yield f"{section.code}: {sheets.open_points(section.code)}, not {total}"
    pairs = enumerate(zip_longest(sheets.listed, _points(sheets, cells)), 1)
    yield from (f"open point {line} is {said}, not {point}" for line, (said, point) in pairs if said != point)
    yield from _differing_verdict(sheets, _total(list(counts.values())), signed)


def _differing_verdict(sheets: Sheets, total: Counts, signed: bool) -> Iterator[str]:
    verdict = _verdict(total, signed, sheets.language)
    yield from (f"the verdict is {said!r}, not {verdict!r}" for said in sheets.verdicts if said != verdict)
    progress = say("workbook", "cover_answered", sheets.language, done=total.done, total=total.due)
    if not sheets.says_on_cover(progress):
        yield f"the Cover does not say {progress!r}"
    if sheets.share != {round(total.done / total.due, 9)}:
        yield f"the share is {sheets.share}, not {total.done} of {total.due}"


def _verdict(total: Counts, signed: bool, language: str) -> str:
    steps = (
        (Sign.ERROR, "verdict_to_correct", total.to_correct),
        (Sign.TO_DO, "verdict_to_do", total.to_do),
        (Sign.WARNING, "verdict_to_explain", total.to_explain),
    )
    for sign, key, number in steps:
        if number:
            return f"{sign} {say('workbook', key, language, n=number)}"
    sign, key = (Sign.OK, "verdict_ready") if signed else (Sign.TO_DO, "verdict_sign_off")
    return f"{sign} {say('workbook', key, language)}"


def _line(indicator: Indicator, own: Counts, cells: Mapping[str, Found], language: str) -> tuple[object, ...]:
    level = next((asked for asked in indicator.fields if isinstance(asked.type, SingleChoice)), None)
    label = ""
    if level is not None and isinstance(level.type, SingleChoice):
        found = cells[f"{indicator.code}:{level.code}"]
        codes = [code for code in level.type.codelist if found.code == code.code or code.missing is found.status]
        label = in_language(codes[0].label, language) if codes else ""
    return label, f"{own.done} / {own.due}", say("workbook", own.state, language)


def _points(sheets: Sheets, cells: Mapping[str, Found]) -> list[Point]:
    """What the Check sheet has to list: errors, then what is missing, then reasons asked; each from the top down."""
    layout, language = sheets.layout, sheets.language
    classes = {slot.key: class_of(slot, cells[slot.key]) for slot in layout.slots}
    signs = (Sign.ERROR, Sign.TO_DO, Sign.WARNING)
    points: list[Point] = []
    for slot in (slot for sign in signs for slot in layout.slots if classes[slot.key] == sign):
        currency = isinstance(slot.field.type, SingleChoice) and not slot.field.is_first
        question = say("workbook", "part_currency", language) if currency else _shown(slot.field.label, sheets)
        points.append((slot.number, _shown(slot.indicator.text, sheets), question, sheets.check(slot)))
    nothing: Point = ("", "", "", f"{Sign.OK} {say('workbook', 'check_ok', language)}")
    return points[: open_points.LINES] or [nothing]


def _shown(text: Wording, sheets: Sheets) -> str:
    """A text in the language of the sheets; where that is missing, the official one, marked as such."""
    official = sheets.layout.instrument.official_language
    return text.get(sheets.language) or f"[{official}] {text[official]}"


def _total(counts: Sequence[Counts]) -> Counts:
    return Counts(
        done=sum(entry.done for entry in counts),
        to_do=sum(entry.to_do for entry in counts),
        to_correct=sum(entry.to_correct for entry in counts),
        to_explain=sum(entry.to_explain for entry in counts),
    )
