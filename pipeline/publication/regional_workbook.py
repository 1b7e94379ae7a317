"""Writes the regional dataset as a workbook for people: levels by state at a glance, then the tables behind them."""

import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.consolidation.consolidate import Consolidation
from pipeline.reading.cover import CONTACT
from pipeline.safe_text import harmless
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.column_names import LEVEL, status_column
from questionnaire.declaration.form import Instrument
from questionnaire.layout import Layout
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from questionnaire.sheet_names import tab_names

_LONGEST_TEXT = 32767
_WIDEST = 46
_LINE = 14.5
_INK, _HEAD, _RULE = "#1F2933", "#17324D", "#D5DCE3"
# One blue from light to dark: more is darker, in print and to colour-blind eyes too; the figure stands in the cell.
_LEVELS = ("#F3F6F9", "#D6E4F0", "#A9C8E2", "#5B95C6", "#1F5F99")
_DARK = _LEVELS[-1]
_BLANK = "·"


def regional_workbook(round_: Round, made: Consolidation, codebook: pd.DataFrame) -> bytes:
    """The workbook: about, levels (indicators by states), regional, lists, findings, returns, sums, codebook."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"title": _title(round_), "created": dt.datetime.combine(round_.sent_on, dt.time())})
        writer = _Writer(workbook, round_)
        writer.about(made)
        if round_.instrument.level_scale is not None:
            writer.levels(round_.instrument.level_scale, made.regional)
        writer.table("regional", made.regional.dropna(axis="columns", how="all"))
        layout = Layout(round_.instrument)
        names = tab_names(layout, round_.working_language)
        for sheet in layout.lists:
            writer.lines(names[sheet.code], made.lists[sheet.block.code])
        for name, table in (
            ("findings", made.findings),
            # Whom to write to is for the secretariat alone, not for whoever is handed the dataset.
            ("returns", made.returns.drop(columns=list(CONTACT))),
            ("reconciliation", made.reconciliation),
            ("codebook", codebook),
        ):
            writer.table(name, table)
    return buffer.getvalue()


def _title(round_: Round) -> str:
    return in_language(round_.title, round_.working_language)


class _Writer:
    def __init__(self, workbook: Workbook, round_: Round) -> None:
        self._workbook, self._round = workbook, round_
        self._language = round_.working_language
        base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}
        self._text = workbook.add_format({**base, "text_wrap": True})
        self._plain = workbook.add_format(base)
        self._head = workbook.add_format(
            {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "text_wrap": True, "valign": "vcenter"}
        )
        self._title_format = workbook.add_format({**base, "bold": True, "font_size": 18, "font_color": _HEAD})
        self._label = workbook.add_format({**base, "bold": True})
        centred = {**base, "align": "center", "border": 1, "border_color": _RULE}
        self._levels = [
            workbook.add_format(
                {**centred, "bg_color": colour, "font_color": "#FFFFFF" if colour == _DARK else _INK, "bold": True}
            )
            for colour in _LEVELS
        ]
        self._none = workbook.add_format({**centred, "font_color": "#5F6B76", "italic": True})

    def _say(self, key: str, **values: object) -> str:
        return say("dataset", key, self._language, **values)

    def about(self, made: Consolidation) -> None:
        """What this is, how to read it, and how the answers add up."""
        sheet = self._sheet("about")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, _title(self._round), self._title_format)
        sheet.set_row(0, 30)
        totals = made.reconciliation[["read", *map(str, Outcome)]].sum().astype(int)
        mark = "about_provisional_value" if made.coverage.provisional else "about_complete_value"
        lines = [
            ("about_state", self._say(mark, **made.coverage.figures)),
            ("about_instrument", f"{self._round.instrument.name}, {self._round.instrument.edition}"),
            ("about_period", str(self._round.period)),
            ("about_participants", str(len(self._round.participants))),
            ("about_accepted", str(list(made.standings.values()).count("accepted"))),
            ("about_answers", self._say("about_answers_value", **{str(key): value for key, value in totals.items()})),
            *self._about_levels(),
            ("about_trace", self._say("about_trace_value")),
        ]
        for row, (key, value) in enumerate(lines, 2):
            sheet.write_string(row, 0, self._say(key), self._label)
            sheet.write_string(row, 1, value, self._text)
            sheet.set_row(row, _height(value, 90))

    def _about_levels(self) -> Iterator[tuple[str, str]]:
        scale = self._round.instrument.level_scale
        if scale is not None:
            reasons = _signs(self._round.instrument).values()
            labels, listed = (
                [in_language(code.label, self._language, self._round.instrument.official_language) for code in codes]
                for codes in (scale.ranked, reasons)
            )
            yield "about_levels", self._say("about_levels_value", levels=", ".join(labels))
            yield "about_missing", self._say("about_missing_value", reasons=", ".join(listed))

    def levels(self, scale: Codelist, regional: pd.DataFrame) -> None:
        """One row per indicator that has a level, one column per participant, the level in each cell."""
        sheet = self._sheet("levels")
        sheet.repeat_rows(0)
        participants = [respondent.code for respondent in self._round.participants]
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 1 + len(participants), 5)
        heads = [self._say("column_indicator"), self._say("column_text"), *participants]
        self._row(sheet, 0, heads, self._head)
        sheet.set_row(0, 24)
        instrument = self._round.instrument
        shown = _shown_levels(regional, instrument)
        looks = {code.code: self._levels[place] for code, place in zip(scale.ranked, _shades(scale), strict=True)}
        asked = [item for item in instrument.indicators if instrument.level in item.field_codes]
        for row, indicator in enumerate(asked, 1):
            sheet.write_string(row, 0, indicator.code, self._label)
            text = harmless(in_language(indicator.text, self._language))
            sheet.write_string(row, 1, text, self._text)
            sheet.set_row(row, _height(text, 60))
            for column, code in enumerate(participants, 2):
                level = shown[code, indicator.code]
                sheet.write_string(row, column, level, looks.get(level, self._none))
        sheet.freeze_panes(1, 2)

    def table(self, name: str, table: pd.DataFrame) -> None:
        """A table as it is, every text made harmless, with a filter on each column."""
        self._fill(self._sheet(name), table)

    def lines(self, title: str, table: pd.DataFrame) -> None:
        """The lines of a list, on a sheet named as in the questionnaire."""
        self._fill(self._added(title), table)

    def _fill(self, sheet: Worksheet, table: pd.DataFrame) -> None:
        self._row(sheet, 0, [str(column) for column in table.columns], self._head)
        for column, label in enumerate(table.columns):
            # Most cells of the regional dataset are empty: they are not even looked at.
            rows = table[label].notna().to_numpy().nonzero()[0]
            values = [_plain(value) for value in table[label].iloc[rows].tolist()]
            for row, value in zip((rows + 1).tolist(), values, strict=True):
                if isinstance(value, str):
                    sheet.write_string(row, column, value, self._plain)
                else:
                    sheet.write(row, column, value, self._plain)
            longest = max(len(str(label)), *map(len, map(str, values)), 0)
            sheet.set_column(column, column, min(longest + 2, _WIDEST))
        if len(table):
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        sheet.freeze_panes(1, 0)

    def _sheet(self, name: str) -> Worksheet:
        return self._added(self._say(f"sheet_{name}"))

    def _added(self, title: str) -> Worksheet:
        sheet = self._workbook.add_worksheet(title)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _row(self, sheet: Worksheet, row: int, texts: Iterable[str], format_: Format) -> None:
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, format_)


def _signs(instrument: Instrument) -> dict[str, Code]:
    """The codes that say why there is no level, by answer status."""
    scale = instrument.level_scale or ()
    return {str(code.missing): code for code in (*instrument.missing, *scale) if code.missing is not None}


def _shades(scale: Codelist) -> list[int]:
    """For each level the place of its colour: from the lightest to the darkest, in even steps."""
    steps = max(len(scale.ranked) - 1, 1)
    return [round(place * (len(_LEVELS) - 1) / steps) for place in range(len(scale.ranked))]


def _shown_levels(regional: pd.DataFrame, instrument: Instrument) -> dict[tuple[str, str], str]:
    """What stands in the cell of a participant and an indicator: the level, or a sign for why there is none."""
    signs = {status: code.code for status, code in _signs(instrument).items()}
    shown: dict[tuple[str, str], str] = {}
    columns = ["respondent", "indicator", "response", LEVEL, status_column(instrument, instrument.level)]
    for respondent, indicator, response, level, why in regional[columns].itertuples(index=False, name=None):
        absent = signs.get(str(why), _BLANK) if response == "accepted" else ""
        shown[str(respondent), str(indicator)] = absent if pd.isna(level) else str(level)
    return shown


def _height(text: str, width: int) -> float:
    """The height, in points, of a text that wraps in a column `width` characters wide."""
    return _LINE * max(1, math.ceil(len(text) / (width * 1.1)))


def _plain(value: object) -> str | float | bool:
    if isinstance(value, str):
        return harmless(value)[:_LONGEST_TEXT]
    if isinstance(value, bool | int | float):
        return value
    return value.strftime("%Y-%m-%d") if isinstance(value, dt.date) else str(value)
