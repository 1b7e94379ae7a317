"""Writes a comparison of two submissions as text, as JSON or as a workbook."""

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import asdict

import xlsxwriter

from pipeline.follow_up.differences import Comparison, change_line
from pipeline.safe_text import harmless, on_one_line
from questionnaire.messages import in_language, quoted, say, with_colon
from questionnaire.rounds.round import Round

_COLUMNS = ("sort", "block", "line", "field", "before", "after", "cell_before", "cell_after")
_WIDTHS = (12, 10, 6, 16, 40, 40, 22, 22)
_NOTHING = "–"


def as_text(round_: Round, compared: Comparison) -> str:
    """A line of counts, then two lines for each answer that differs."""
    return "".join(f"{on_one_line(line)}\n" for line in _lines(round_, compared))


def _lines(round_: Round, compared: Comparison) -> Iterator[str]:
    language = round_.working_language
    name = in_language(compared.respondent.name, language)
    yield with_colon(f"{compared.respondent.code} {name}, {compared.later}", change_line(round_, compared), language)
    for found in compared.differences:
        line = f" {found.line}" if found.block in {block.code for block in round_.instrument.lists} else ""
        places = " → ".join(dict.fromkeys(place for place in (found.cell_before, found.cell_after) if place))
        yield f"  {say('desk', f'diff_{found.sort}', language)}  {found.block}{line} {found.field}  {places}"
        before, after = (quoted(text, language) if text else _NOTHING for text in (found.before, found.after))
        yield f"      {before} → {after}"


def as_json(_: Round, compared: Comparison) -> str:
    """The same for programs."""
    content = {
        "respondent": compared.respondent.code,
        "earlier": compared.earlier,
        "later": compared.later,
        **compared.counts,
        "differences": [asdict(found) for found in compared.differences],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_workbook(round_: Round, compared: Comparison) -> bytes:
    """The same as a sheet with filters; what was typed is text, whatever it begins with."""
    content, language = io.BytesIO(), round_.working_language
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": dt.datetime.combine(round_.sent_on, dt.time())})
        sheet = book.add_worksheet(compared.respondent.code[:31])
        head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        title = with_colon(compared.later, change_line(round_, compared), language)
        sheet.write_string(0, 0, harmless(on_one_line(title)))
        for column, (name, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, say("desk", f"diff_head_{name}", language), head)
        for row, found in enumerate(compared.differences, 3):
            for column, name in enumerate(_COLUMNS):
                value = say("desk", f"diff_{found.sort}", language) if name == "sort" else getattr(found, name)
                if name == "line":
                    sheet.write_number(row, column, value, text)
                else:
                    sheet.write_string(row, column, harmless(value), text)
        sheet.autofilter(2, 0, max(3, len(compared.differences) + 2), len(_COLUMNS) - 1)
        sheet.freeze_panes(3, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return content.getvalue()
