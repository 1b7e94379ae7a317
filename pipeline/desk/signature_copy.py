"""Makes a copy for signature of a return: a page to print that shows only what was answered, and room to sign.

What a respondent wrote is shown as text, whatever is in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pipeline.reading.submission import Submission
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Coded, Mark, Selection
from questionnaire.declaration.blocks import Field
from questionnaire.layout import Layout, Slot
from questionnaire.messages import in_language, wording
from questionnaire.rounds.round import Round
from questionnaire.typography import unbroken

_STYLE = """
@page { size: A4; margin: 10mm }
body { font: 7.5pt/1.2 Carlito, Calibri, Arial, sans-serif; color: #1b2733; margin: 0; overflow-wrap: anywhere }
h1 { font-size: 15pt; margin: 0 } h2 { font-size: 12pt; margin: 8pt 0 0; break-after: avoid }
h3 { font-size: 8.5pt; margin: 4pt 0 0.5pt; break-after: avoid } p { margin: 0 0 4pt }
.said { columns: 2; column-gap: 14pt }
.said p { margin: 0; padding: 0.5pt 0 0.5pt 34pt; text-indent: -34pt; border-top: 0.5pt solid #d3dbe5 }
.said p span { display: inline-block; width: 34pt; text-indent: 0; color: #55606e }
.sign { break-inside: avoid; margin-top: 12pt; font-size: 8.5pt } .sign table { width: 100%; border-collapse: collapse }
.sign td { height: 22pt; border-bottom: 0.5pt solid #1b2733; vertical-align: bottom }
.sign td:nth-child(odd) { width: 20% }
.small { font-size: 8pt; color: #55606e; margin-top: 4pt }
"""
_UNSAID = (AnswerStatus.BLANK, AnswerStatus.SKIPPED)


def signature_copy(round_: Round, submission: Submission, language: str) -> str:
    """The page, in a language; the same return gives the same page."""
    layout = Layout.of(round_)
    if submission.part is not None:
        layout = layout.part(submission.part.indicators)
    return _Copy(round_, layout, submission, language).page()


@dataclass(frozen=True)
class _Copy:
    round: Round
    layout: Layout
    submission: Submission
    language: str

    def page(self) -> str:
        respondent = self.round.respondent(self.submission.respondent)
        name = in_language(respondent.name, self.language) if respondent else self.submission.respondent
        official = self.layout.instrument.official_language
        title, heading = in_language(self.layout.instrument.title, self.language, official), self._say("copy_title")
        lines = [
            f"<p class='small'>{escape(heading)} · {escape(in_language(self.round.title, self.language))}</p>",
            f"<h1>{escape(title)}</h1><p><b>{escape(name)}</b></p>",
            "<div class='said'>", *self._sections(), *self._lists(), "</div>", *self._sign_off(),
            f"<p class='small'>{escape(self.submission.file)} · SHA-256 {self.submission.submission}</p>",
        ]  # fmt: skip
        head = f"<meta charset='utf-8'><title>{escape(f'{heading} – {name}')}</title><style>{_STYLE}</style>"
        body = "\n".join(lines)
        return f"<!DOCTYPE html>\n<html lang='{self.language}'><head>{head}</head>\n<body>\n{body}\n</body></html>\n"

    def _sections(self) -> Iterator[str]:
        answers = {(row["block"], row["field"]): row for row in self._rows() if not self._is_list(row)}
        for sheet in self.layout.sheets:
            blocks = {
                code: list(self._block(code, answers)) for code in dict.fromkeys(s.block.code for s in sheet.slots)
            }
            if any(blocks.values()):
                yield f"<h2>{escape(in_language(sheet.section.label, self.language))}</h2>"
            for code, rows in blocks.items():
                if rows:
                    text = self.layout.instrument.indicator(code).text
                    said = in_language(text, self.language, self.layout.instrument.official_language)
                    yield f"<h3>{escape(code)} {escape(said)}</h3>{''.join(rows)}"

    def _block(self, code: str, answers: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[str]:
        for slot in self.layout.slots:
            row = answers.get((slot.block.code, slot.field.code))
            if slot.block.code == code and row is not None and self._is_said(slot, row):
                yield _said(slot.number, self._asked(slot.field), self._value(slot.field, row), str(row["comment"]))

    def _is_said(self, slot: Slot, row: Mapping[str, Any]) -> bool:
        """Options are told at the head of their choice."""
        if isinstance(slot.field.type, Mark):
            return bool(row["comment"])
        return AnswerStatus(row["status"]) not in _UNSAID or bool(row["raw"] or row["comment"])

    def _lists(self) -> Iterator[str]:
        rows = [row for row in self._rows() if self._is_list(row)]
        for sheet in self.layout.lists:
            of_list = [row for row in rows if row["block"] == sheet.block.code]
            if of_list:
                yield f"<h2>{escape(in_language(sheet.block.label, self.language))}</h2>"
            for line in sorted({int(row["line"]) for row in of_list}):
                said = [
                    self._say("copy_entry", label=in_language(field.label, self.language), value=value)
                    for row in of_list
                    if row["line"] == line and (value := self._value(field := sheet.block.field(row["field"]), row))
                ]
                yield _said(sheet.number(line), " · ".join(said))

    def _sign_off(self) -> Iterator[str]:
        entries = self.submission.cover.entries if self.submission.cover else {}
        labels = {
            "signed_off_by": "cover_sign_off_name", "position": "cover_focal_point_position",
            "institution": "cover_focal_point_institution", "signed_off_on": "cover_sign_off_date",
        }  # fmt: skip
        cells = [cell for entry, key in labels.items() for cell in (self._say(key), entries.get(entry, ""))]
        rows = [_table_row(cells[:4]), _table_row(cells[4:]), _table_row((self._say("copy_signature"), "", "", ""))]
        statement = escape(self._say("cover_sign_off_statement"))
        yield f"<div class='sign'><p>{statement}</p><table>{''.join(rows)}</table></div>"

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        columns = self.submission.rows
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))

    def _is_list(self, row: Mapping[str, Any]) -> bool:
        return any(sheet.block.code == row["block"] for sheet in self.layout.lists)

    def _asked(self, field: Field) -> str:
        if field.asks_unit:
            return self._say(f"part_{field.asks_unit}")
        return unbroken(in_language(field.label, self.language), self.language)

    def _value(self, field: Field, row: Mapping[str, Any]) -> str:
        """An answer in the words of the language; the reason where there is none; else what was typed."""
        status = AnswerStatus(row["status"])
        if status is not AnswerStatus.ANSWERED:
            reasons = [code for code in self.layout.instrument.missing if code.missing is status]
            return in_language(reasons[0].label, self.language) if reasons else str(row["raw"])
        if row["code"] is not None:
            codelist = field.type.codelist if isinstance(field.type, Coded | Selection) else None
            codes = str(row["code"]).split(";")
            return " · ".join(in_language(codelist[code].label, self.language) if codelist else code for code in codes)
        if row["number"] is not None:
            return f"{row['number']:.15G}" + (" %" if field.type.traits.scale != 1 else "")
        return str(row["text"] if row["text"] is not None else row["date"])

    def _say(self, key: str, **values: object) -> str:
        # What is filled in was written by the respondent, whose spaces stay as they are.
        return unbroken(in_language(wording("workbook", key), self.language), self.language).format(**values)


def _said(number: str, asked: str, answer: str = "", comment: str = "") -> str:
    """What stands behind one number: the question, the answer, and the comment where there is one."""
    further = f" – <i>{escape(comment)}</i>" if comment else ""
    return f"<p><span>{escape(number)}</span>{escape(asked)} <b>{escape(answer)}</b>{further}</p>"


def _table_row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
