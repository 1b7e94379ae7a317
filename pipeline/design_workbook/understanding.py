"""Makes the rows of the design of the sheets of a workbook, and says what of a cell is not what belongs there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.design_workbook.opening import SheetCells
from pipeline.design_workbook.remarks import Place, Remarks
from pipeline.design_workbook.sheets import FoundSheet, find_sheets
from questionnaire.addresses import address
from questionnaire.blanks import visible_text
from questionnaire.design_sheets.plan import (
    INDICATORS,
    LISTS,
    PARTS,
    README,
    SETTING,
    SETTING_TEXTS,
    SETTINGS,
    SHEETS,
    SPELT,
    TABLES,
    TEXT_COLUMNS,
    TEXTS,
    VALUE,
    Holds,
    SheetPlan,
)
from questionnaire.design_sheets.rows import DesignRow, DesignRows, names_of, objective_of
from questionnaire.rules.rule import Severity

_WHERE, _LINE, _COLUMN = "sheet", "line", "text"
_ONCE = ("across", "bilateral")
_LANGUAGE = re.compile("[a-z]{2,3}")


class Understood:
    """The rows of a workbook. What is not there to be checked is as it was `before`, and is never written."""

    def __init__(self, sheets: Sequence[SheetCells], before: DesignRows, remarks: Remarks) -> None:
        self.before, self.remarks = before, remarks
        self.languages = tuple(dict.fromkeys((*before.languages, *_named_languages(sheets))))[1:]
        self.found = find_sheets(sheets, self._heads(), remarks)
        self.settings = self._settings()
        self.sheets = {plan.name: self._rows(plan) for plan in SHEETS}
        self.text_rows: dict[tuple[str, str, str], int] = {}
        self._left: list[tuple[Place, tuple[str, str, str]]] = []
        self._check_parts()
        self._translate()
        self._check_official()

    @property
    def rows(self) -> DesignRows:
        return DesignRows(self.settings, self.sheets)

    def place(self, sheet: str, row: DesignRow, column: str) -> Place:
        """Where a cell of a row stands; the first column for one that the sheet does not have."""
        if column in row.elsewhere:
            sheet, line, column = row.elsewhere[column]
        else:
            line = row.line
        if sheet not in self.found or not line:
            return sheet, 0, -1
        found = self.found[sheet]
        named = next((head for head in (column, f"{column}_{self._official}") if head in found.columns), None)
        places = found.columns.values()
        return found.cells.name, line - 1, found.columns[named] if named else min(places, default=0)

    def gone(self, sheet: str) -> set[str]:
        """The codes of before that a sheet no longer has."""
        now, before = (names_of(sheet, rows[sheet]) for rows in (self.sheets, self.before.sheets))
        gone = set(before) - set(now)
        return {name.rpartition(".")[2] for name in gone} if sheet in (LISTS, TABLES) else gone

    def is_key(self, at: Place) -> bool:
        """Whether a cell is the code of its line."""
        return any(
            at[0] == found.cells.name and at[2] in {found.columns.get(key) for key in plan.key}
            for plan in SHEETS
            if (found := self.found.get(plan.name))
        )

    @property
    def _official(self) -> str:
        return self.before.official

    def _heads(self) -> dict[str, list[str]]:
        """The columns that each sheet has as it is written."""
        heads = {README: [SETTING, VALUE]}
        for plan in SHEETS:
            heads[plan.name] = [
                f"{one.name}_{self._official}" if one.holds is Holds.WORDING else one.name for one in plan.columns
            ]
        heads[TEXTS] = [*TEXT_COLUMNS, *self.languages]
        return heads

    def _settings(self) -> DesignRow:
        if README not in self.found:
            return self.before.settings
        known = (*SETTINGS, *(f"{name}_{self._official}" for name in SETTING_TEXTS))
        cells: dict[str, str] = {}
        elsewhere: dict[str, tuple[str, int, str]] = {}
        found = self.found[README]
        for row, line in found.lines():
            name = visible_text(line.get(SETTING, ""))
            at = (found.cells.name, row, found.columns.get(SETTING, 0))
            if name in cells:
                self.remarks.add("setting_twice", Severity.ERROR, at, name=name)
            elif name not in known:
                self.remarks.add("setting_unknown", Severity.ERROR, at, name=name, known=", ".join(known))
            else:
                elsewhere[name] = (README, row + 1, VALUE)
                holds = Holds.CODE if name in SETTINGS else Holds.WORDING
                if text := self._text(found, row, VALUE, line.get(VALUE, ""), holds):
                    cells[name] = text
        return DesignRow(cells, 1, elsewhere)

    def _rows(self, plan: SheetPlan) -> list[DesignRow]:
        """The lines of a sheet; those of before where it is missing, or empty and must not be."""
        if plan.name not in self.found:
            return list(self.before.sheets[plan.name])
        found = self.found[plan.name]
        self._check_merged(found)
        rows = []
        for row, line in found.lines():
            cells = {}
            for head, text in line.items():
                column = plan.column(head)
                assert column is not None, "only heads of the plan are found"
                if clean := self._text(found, row, head, text, column.holds):
                    cells[head] = clean.casefold() if column.holds is Holds.FLAG else clean
            if cells:
                rows.append(DesignRow(cells, row + 1))
        if not rows and self.before.sheets[plan.name]:
            severity = Severity.ERROR if plan.must_hold else Severity.WARNING
            at = (found.cells.name, found.head_row + 1, min(found.columns.values()))
            self.remarks.add("sheet_empty", severity, at, count=len(self.before.sheets[plan.name]))
            return list(self.before.sheets[plan.name]) if plan.must_hold else []
        return self._completed(plan, found, self._checked(plan, found, rows))

    def _text(self, found: FoundSheet, row: int, head: str, text: str, holds: Holds) -> str:
        """The text of a cell as it is meant; "" for one that says nothing of its own."""
        at = row, found.columns[head]
        place = (found.cells.name, *at)
        if at in found.cells.errors or at in found.cells.formulas:
            self.remarks.add("formula", Severity.ERROR, place, text=text)
            return ""
        if holds in SPELT and text != text.strip():
            self.remarks.add("spaces", Severity.WARNING, place, text=text.strip())
        elif holds in (Holds.CODE, Holds.CODES, Holds.CHOICE, Holds.PAIRS) and at in found.cells.numbers:
            self.remarks.add("number_for_code", Severity.WARNING, place, text=text)
        return text.strip().replace("\r\n", "\n")

    def _check_merged(self, found: FoundSheet) -> None:
        for first, left, last, right in found.cells.merged:
            if last > found.head_row and {*range(left, right + 1)} & {*found.columns.values()}:
                area = f"{address(first, left)}:{address(last, right)}"
                self.remarks.add("merged", Severity.ERROR, (found.cells.name, first, left), area)
                for row in range(first, min(last, len(found.cells.rows)) + 1):
                    for column in range(left, right + 1):
                        self.remarks.silence((found.cells.name, row, column))

    def _checked(self, plan: SheetPlan, found: FoundSheet, rows: list[DesignRow]) -> list[DesignRow]:
        """Of the indicators those with a code; one without a text gets a sign for it, so that all else is checked."""
        if plan.name != INDICATORS:
            return rows
        kept = []
        text = f"text_{self._official}"
        for row in rows:
            for column in ("indicator", text):
                if not row.get(column) and column in found.columns:
                    place = self.place(plan.name, row, column)
                    self.remarks.add("cell_missing", Severity.ERROR, place, column=column)
            if row.get("indicator"):
                kept.append(row if row.get(text) else replace(row, cells={**row.cells, text: "?"}))
        return kept

    def _completed(self, plan: SheetPlan, found: FoundSheet, rows: list[DesignRow]) -> list[DesignRow]:
        """The rows; of columns that are missing, the cells of before."""
        wanted = self._heads()[plan.name]
        if not (missing := [head for head in wanted if head not in found.columns]):
            return rows
        before = self.before.sheets[plan.name]
        if set(missing) & set(plan.key) or not plan.key:
            return list(before)
        known = dict(zip(names_of(plan.name, before), before, strict=True))
        completed = []
        for row, name in zip(rows, names_of(plan.name, rows), strict=True):
            old = known.get(name, DesignRow({}))
            cells = {head: text for head in missing if (text := old.get(head))}
            completed.append(replace(row, cells={**row.cells, **cells}))
        return completed

    def _check_parts(self) -> None:
        """Leave out, and report, lines of Tables that are no part of the list or table above them."""
        kept: list[DesignRow] = []
        within, parts = "", set[str]()
        for row in self.sheets[TABLES]:
            table, part = row.get("table"), row.get("part")
            if part not in PARTS:
                place = self.place(TABLES, row, "part")
                self.remarks.add("part_unknown", Severity.ERROR, place, part=part, known=", ".join(PARTS))
                continue
            if part in ("list", "table"):
                within, parts = table, set()
            elif table != within:
                place = self.place(TABLES, row, "table")
                self.remarks.add("part_astray", Severity.ERROR, place, part=part, table=table, above=within)
                continue
            elif part in _ONCE and part in parts:
                self.remarks.add("part_twice", Severity.ERROR, self.place(TABLES, row, "part"), part=part, table=table)
                continue
            parts.add(part)
            kept.append(row)
        self.sheets[TABLES] = kept

    def _translate(self) -> None:
        """Put the texts of the sheet Texts into the rows that they belong to."""
        if TEXTS not in self.found:
            return
        found = self.found[TEXTS]
        owners = self._owners()
        known_before = {(text.sheet, text.line, text.column) for text in self.before.texts()}
        for row, line in found.lines():
            key = (line.get(_WHERE, ""), line.get(_LINE, ""), line.get(_COLUMN, ""))
            named: tuple[str, str, str] = tuple(map(visible_text, key))  # type: ignore[assignment]
            place = (found.cells.name, row, found.columns.get(_LINE, 0))
            texts = {
                language: text
                for language in self.languages
                if language in line and (text := self._text(found, row, language, line[language], Holds.WORDING))
            }
            if named not in owners:
                if texts and named in known_before:
                    self._left.append((place, named))
                elif texts:
                    self.remarks.add("text_of_nothing", Severity.ERROR, place, named=" · ".join(named))
            elif named in self.text_rows:
                first = self.text_rows[named]
                self.remarks.add("text_twice", Severity.ERROR, place, named=" · ".join(named), row=first)
            else:
                self.text_rows[named] = row + 1
                for owner in owners[named]:
                    self._add(owner, named[2], texts, row + 1)

    def _check_official(self) -> None:
        """Report texts that must be there and stand in other languages only."""
        needed = {(plan.name, column.name) for plan in SHEETS for column in plan.columns if plan.needs(column)}
        for text in self.rows.texts():
            if self.rows.official not in text.wording and (text.sheet, text.column) in needed:
                place = self._own(text.sheet, text.line, text.column)
                self.remarks.add("cell_missing", Severity.ERROR, place, column=f"{text.column}_{self._official}")

    def _owners(self) -> dict[tuple[str, str, str], list[tuple[str, int]]]:
        """The rows, by sheet and number, that a line of the sheet Texts may name."""
        owners: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
        for column in SETTING_TEXTS:
            owners[README, column, column] = [(README, 0)]
        for plan in SHEETS:
            rows = self.sheets[plan.name]
            for number, (row, name) in enumerate(zip(rows, names_of(plan.name, rows), strict=True)):
                for column in plan.wordings:
                    line = objective_of(row) if (plan.name, column) == (INDICATORS, "objective") else name
                    owners.setdefault((plan.name, line, column), []).append((plan.name, number))
        return owners

    def _add(self, owner: tuple[str, int], column: str, texts: Mapping[str, str], line: int) -> None:
        sheet, number = owner
        row = self.settings if sheet == README else self.sheets[sheet][number]
        cells = {f"{column}_{language}": text for language, text in texts.items()}
        places = {f"{column}_{language}": (TEXTS, line, language) for language in self.languages}
        row = replace(row, cells={**row.cells, **cells}, elsewhere={**row.elsewhere, **places})
        if sheet == README:
            self.settings = row
        else:
            self.sheets[sheet][number] = row

    def report_texts(self) -> None:
        """A warning for each text that a language does not have, or that belongs to nothing any more.

        Of texts whose line is new or gone nothing is said beside errors, of which that may be one.
        """
        rows = self.rows
        for place, left in self._left if not self.remarks.has_errors else ():
            self.remarks.add("text_left", Severity.WARNING, place, named=" · ".join(left))
        for text in rows.texts() if TEXTS in self.found else ():
            missing = [one for one in rows.offered if one not in text.wording and rows.official in text.wording]
            named = " · ".join((text.sheet, text.line, text.column))
            line = self.text_rows.get((text.sheet, text.line, text.column))
            found = self.found[TEXTS]
            if line:
                for language in (one for one in missing if one in found.columns):
                    place = (found.cells.name, line - 1, found.columns[language])
                    self.remarks.add("translation_missing", Severity.WARNING, place, named=named, language=language)
            elif missing and not self.remarks.has_errors:
                place = self._own(text.sheet, text.line, text.column)
                languages = ", ".join(missing)
                self.remarks.add("translation_new", Severity.WARNING, place, named=named, languages=languages)

    def _own(self, sheet: str, line: str, column: str) -> Place:
        """Where the official text of a line stands."""
        if sheet == README:
            return self.place(README, self.settings, f"{column}_{self._official}")
        rows = self.sheets[sheet]
        named = zip(names_of(sheet, rows), rows, strict=True)
        own = (row for name, row in named if line in (name, objective_of(row) if sheet == INDICATORS else name))
        return self.place(sheet, next(own), f"{column}_{self._official}")


def _named_languages(sheets: Sequence[SheetCells]) -> tuple[str, ...]:
    """The languages that the first sheet names, each of which may have a column of texts."""
    rows = (row for sheet in sheets if visible_text(sheet.name).casefold() == README.casefold() for row in sheet.rows)
    named = (row[place + 1] for row in rows for place, text in enumerate(row[:-1]) if visible_text(text) == "languages")
    return tuple(code for code in next(named, "").split() if _LANGUAGE.fullmatch(code))
