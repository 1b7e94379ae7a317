"""Writes the dataset as a workbook for people: what it is, the levels at a glance, then the tables behind them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
from xlsxwriter.worksheet import Worksheet

from pipeline.publication.formats.workbook_sheets import (
    Book,
    TableSheet,
    batches_of,
    height,
    rows_of,
    shades,
    write_row,
    write_table,
)
from pipeline.validation.completeness import Coverage
from questionnaire.codelists import Code
from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language, say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import is_published
from questionnaire.sheet_names import free_tab
from schemas.tables.published import published_tables
from schemas.tables.table import Sensitivity, Table

WORKBOOK = "regional_dataset.xlsx"

MOST_ROWS = 1_000_000
"""A sheet has 1,048,576 rows: where a table has more than this, the workbook holds no rows of the dataset at all."""

_BLANK = "·"
_TOTALS = 2
_TALLEST_HEAD = 200.0
_LETTER, _UNEVEN = 4.2, 8
"""Points that a letter of an upright head takes, and how many letters a line may be shorter, since words stay whole."""
_LAST = ("submission", "sha256", "superseded_by")
"""Columns that nobody reads, but by which a file is found: they stand at the far end."""


def write_workbook(round_: Round, folder: Path, access: Access, coverage: Coverage, numbers: Mapping[str, int]) -> None:
    """Write the workbook of one access beside the Parquet files of its tables, and of them; it may be provisional.

    `numbers` are answers read and what became of them, for the sheet that is read first.
    """
    _Writer(round_, folder, access, coverage).write(numbers)


class _Writer:
    def __init__(self, round_: Round, folder: Path, access: Access, coverage: Coverage) -> None:
        self._coverage = coverage
        self._round, self._folder, self._language = round_, folder, round_.working_language
        tables = (table.for_(access) for table in published_tables(round_.instrument))
        self._tables = {table.name: _for_people(table) for table in tables if table is not None}
        self._too_many = any(self._count(name) > MOST_ROWS for name in self._tables)
        self._taken: set[str] = set()

    def write(self, numbers: Mapping[str, int]) -> None:
        instrument = self._round.instrument
        about = self._tab(self._say("sheet_about"))
        matrix = self._tab(self._say("sheet_levels")) if instrument.level_scale is not None else ""
        sections = (
            {} if self._too_many else {item.code: self._tab(self._section(item.code)) for item in instrument.sections}
        )
        sheets = {name: self._tab(self._name(table)) for name, table in self._tables.items() if self._has_sheet(table)}
        with Book(self._folder / WORKBOOK, self._title, self._round.sent_on) as book:
            meanings = {matrix: self._say("about_sheet_levels")} if matrix else {}
            meanings |= dict.fromkeys(sections.values(), self._say("about_sheet_section"))
            meanings |= {tab: in_language(self._tables[name].title, self._language) for name, tab in sheets.items()}
            self._about(book, about, numbers, meanings)
            if matrix:
                self._matrix(book, matrix)
            if sections:
                self._sections(book, sections)
            for name, tab in sheets.items():
                write_table(book, tab, self._tables[name], self._path(name), self._language)

    def _has_sheet(self, table: Table) -> bool:
        """The answers, and observations, are for programs; rows of `regional` stand on the sheets of the sections."""
        if table.name in ("answers", "observations", "regional", "damage", "questions", "codes"):
            return False
        return not self._too_many or table.name.startswith("measure_") or table.name == "codebook"

    def _about(self, book: Book, tab: str, numbers: Mapping[str, int], meanings: Mapping[str, str]) -> None:
        """What this is, how to read it, how the answers add up, and what stands on which sheet, by `meanings`."""
        sheet = book.add(tab)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, self._title, book.title)
        row = 2
        for key, value in self._lines(numbers):
            sheet.set_row(row, height(value, 100))
            sheet.write_string(row, 0, self._say(key), book.label)
            sheet.write_string(row, 1, value, book.text)
            row += 1
        row += 1
        sheet.write_string(row, 0, self._say("about_sheets"), book.label)
        for name, meaning in meanings.items():
            row += 1
            self._link(sheet, row, name, book)
            write_row(sheet, row, [meaning], book.text, start=1)

    def _link(self, sheet: Worksheet, row: int, tab: str, book: Book) -> None:
        place = tab.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{place}'!A1", book.link, tab)

    def _lines(self, numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        ((participants, responding),) = rows_of(self._path("measure_unit_response"), ("participants", "responding"))
        mark = "about_provisional_value" if self._coverage.provisional else "about_complete_value"
        yield "about_state", self._say(mark, **self._coverage.figures)
        yield "about_instrument", f"{self._round.instrument.name}, {self._round.instrument.edition}"
        yield "about_period", str(self._round.period)
        yield "about_participants", str(participants)
        yield "about_accepted", str(responding)
        yield "about_answers", self._say("about_answers_value", **numbers)
        scale = self._round.instrument.level_scale
        if scale is not None:
            yield "about_levels", self._say("about_levels_value", levels=self._labels(scale.ranked))
            yield (
                "about_missing",
                self._say("about_missing_value", reasons=self._labels(tuple(_signs(self._round.instrument).values()))),
            )
            yield "about_totals", self._say("about_totals_value")
        if self._too_many:
            yield "about_rows", self._say("about_rows_value", most=f"{MOST_ROWS:,}")
        if "answers" in self._tables:
            yield "about_trace", self._say("about_trace_value")

    def _labels(self, codes: Sequence[Code]) -> str:
        official = self._round.instrument.official_language
        return ", ".join(in_language(code.label, self._language, official) for code in codes)

    def _matrix(self, book: Book, tab: str) -> None:
        """Respondents by indicators: the level, or why there is none; how many have a level and are met, both ways."""
        instrument, sheet = self._round.instrument, book.add(tab)
        scored = [item for item in instrument.indicators if instrument.level in item.field_codes]
        official = instrument.official_language
        first = 2 + _TOTALS
        sheet.set_column(0, 0, 9)
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, first - 1, 9)
        sheet.set_column(first, first + len(scored) - 1, 6)
        heads = [self._say(f"matrix_{key}") for key in ("code", "respondent", "levels", "met")]
        texts = [in_language(item.text, self._language, official) for item in scored]
        sheet.set_row(0, _upright_height(texts))
        write_row(sheet, 0, [""] * first, book.head)
        write_row(sheet, 0, texts, book.upright, first)
        write_row(sheet, 1, [*heads, *(item.code for item in scored)], book.head)
        totals = self._totals()
        for row, (key, formats) in enumerate(
            (
                ("known", book.total),
                ("met", book.total),
                ("share_at_least", book.total_share),
                ("share_at_most", book.total_share),
            ),
            2,
        ):
            write_row(sheet, row, ["", self._say(f"matrix_total_{key}"), "", ""], book.total)
            for place, item in enumerate(scored, first):
                value = totals.get(item.code, {}).get(key)
                write_row(sheet, row, [""] if value is None else [value], formats, place)
        self._levels(book, sheet, 6, first)
        sheet.freeze_panes(6, first)

    def _totals(self) -> dict[str, dict[str, object]]:
        """Of each indicator what stands above it: how many have a level, how many meet it, the bounds of the share."""
        names = ("indicator", "known", "met", "share_at_least", "share_at_most")
        rows = rows_of(self._path("measure_share_met"), ("scope", *names))
        found: dict[str, dict[str, object]] = {
            str(row[0]): dict(zip(names, row, strict=True)) for scope, *row in rows if scope == "indicator"
        }
        counts: dict[str, int] = {}
        for indicator, level in rows_of(self._path("regional"), ("indicator", "level")):
            counts[str(indicator)] = counts.get(str(indicator), 0) + (level is not None)
        for indicator, count in counts.items():
            found.setdefault(indicator, {"known": count})
        return found

    def _levels(self, book: Book, sheet: Worksheet, row: int, first: int) -> None:
        instrument = self._round.instrument
        scale = instrument.level_scale
        ranks = [code.rank for code in scale.ranked] if scale is not None else []
        looks = {rank: book.levels[place] for rank, place in zip(ranks, shades(len(ranks)), strict=True)}
        signs = {status: code.short(self._language) for status, code in _signs(instrument).items()}
        scored = {item.code for item in instrument.indicators if instrument.level in item.field_codes}
        names = ("respondent", "respondent_name", "indicator", "response", "level", "met", "level_status")
        for (code, name), rows in groupby(rows_of(self._path("regional"), names), key=lambda entry: entry[:2]):
            shown = [entry[2:] for entry in rows if entry[2] in scored]
            known, met = sum(entry[2] is not None for entry in shown), sum(entry[3] is True for entry in shown)
            write_row(sheet, row, [code, name], book.label)
            # Of whom nothing is published, nothing is known: that is no zero.
            published = any(is_published(entry[1], entry[4]) for entry in shown)
            write_row(sheet, row, [known, met] if published else ["", ""], book.total, 2)
            for place, (_, response, level, _, status) in enumerate(shown, first):
                if level is None:
                    sign = signs.get(str(status), _BLANK) if is_published(response, status) else ""
                    write_row(sheet, row, [sign], book.none, place)
                else:
                    write_row(sheet, row, [level], looks[int(level)], place)  # type: ignore[arg-type]
            row += 1

    def _sections(self, book: Book, tabs: Mapping[str, str]) -> None:
        """The rows of `regional`, each on the sheet of its section."""
        table = self._tables["regional"]
        sheets = {
            section: TableSheet(book, tab, table.columns, self._language, frozen=0) for section, tab in tabs.items()
        }
        for rows in batches_of(self._path("regional"), table.names):
            for section, sheet in sheets.items():
                sheet.write(rows.filter(pc.equal(rows.column("section"), section)))
        for sheet in sheets.values():
            sheet.finish()

    @property
    def _title(self) -> str:
        return in_language(self._round.title, self._language)

    def _say(self, key: str, **values: object) -> str:
        return say("dataset", key, self._language, **values)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"

    def _count(self, name: str) -> int:
        rows: int = pq.read_metadata(self._path(name)).num_rows
        return rows

    def _section(self, code: str) -> str:
        section = next(item for item in self._round.instrument.sections if item.code == code)
        label = in_language(section.label, self._language, self._round.instrument.official_language)
        return f"{code} {label}".strip()

    def _name(self, table: Table) -> str:
        """The sheet of a list is named as in the questionnaire; that of the codebook and the like in the language."""
        for block in self._round.instrument.lists:
            if block.code == table.name:
                return in_language(block.label, self._language, self._round.instrument.official_language)
        return table.name

    def _tab(self, wanted: str) -> str:
        return free_tab(wanted, self._taken)


def _for_people(table: Table) -> Table:
    """The table without what is about how to reach a person: the workbook is handed on; hashes at the far end."""
    kept = [column for column in table.columns if column.sensitivity is not Sensitivity.CONTACT]
    return table.with_columns(sorted(kept, key=lambda column: column.name in _LAST))


def _upright_height(texts: Sequence[str]) -> float:
    """Points that the longest upright head needs in three lines of small letters, as far as rows stay in sight."""
    longest = max(map(len, texts), default=0)
    return min(_TALLEST_HEAD, max(110, _LETTER * (longest / 3 + _UNEVEN)))


def _signs(instrument: Instrument) -> dict[str, Code]:
    """The codes that say why there is no level, by answer status."""
    scale = instrument.level_scale or ()
    return {str(code.missing): code for code in (*instrument.missing, *scale) if code.missing is not None}
