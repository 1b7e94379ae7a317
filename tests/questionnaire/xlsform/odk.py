"""Evaluates a form as ODK does: its XML by pyxform, its XPath by lxml with the functions that ODK adds."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyxform.xls2xform  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.declaration.form import Instrument
from questionnaire.rules.evaluate import Responses
from questionnaire.xlsform.names import RESPONDENT, Names

_XFORMS = "{http://www.w3.org/2002/xforms}"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(value[0].itertext()) if value else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _selected(_: object, chosen: Any, code: Any) -> bool:
    return _text(code) in _text(chosen).split()


def _if(_: object, condition: Any, yes: Any, no: Any) -> Any:
    return yes if condition else no


def _coalesce(_: object, value: Any, other: Any) -> Any:
    return _text(value) or other


def _day_number(_: object, value: Any) -> float:
    text = _text(value)
    return float((dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days) if text else float("nan")


def _format_date(_: object, value: Any, pattern: Any) -> str:
    text = _text(value)
    return dt.date.fromisoformat(text).strftime(_text(pattern)).zfill(4) if text else ""


_FUNCTIONS = etree.FunctionNamespace(None)
_FUNCTIONS.update(
    {
        "selected": _selected, "if": _if, "coalesce": _coalesce,
        "decimal-date-time": _day_number, "format-date": _format_date,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """A form as pyxform makes it of an XLSForm: what its questions are bound to, and how empty answers look."""

    xml: etree._Element
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, content: bytes) -> Form:
        made = pyxform.xls2xform.convert(io.BytesIO(content), file_type=".xlsx", validate=False)
        return cls(etree.fromstring(made.xform.encode()), tuple(made.warnings))

    @cached_property
    def binds(self) -> Mapping[str, Mapping[str, str]]:
        """What each question is bound to, by its name."""
        return {
            bind.get("nodeset", "").rpartition("/")[2]: dict(bind.attrib) for bind in self.xml.iter(f"{_XFORMS}bind")
        }

    def answered(self, instrument: Instrument, names: Names, given: Responses) -> Instance:
        """The form with these answers, as it would be sent."""
        data = next(instance[0] for instance in self.xml.iter(f"{_XFORMS}instance") if instance.get("id") is None)
        root = etree.fromstring(etree.tostring(data))
        for element in root.iter():
            element.tag = etree.QName(element).localname
        texts = {RESPONDENT: given.respondent}
        for indicator in instrument.indicators:
            for question in indicator.questions:
                for field in question.fields:
                    name = names.of_field(indicator.code, field.code)
                    if isinstance(field.type, Mark):
                        continue
                    answer = given.answers.get((indicator.code, field.code))
                    if isinstance(field.type, Selection):
                        marked = [
                            part.code.partition(".")[2]
                            for part in question.fields
                            if isinstance(part.type, Mark) and _is_marked(given, indicator.code, part.code)
                        ]
                        texts[name] = " ".join(marked)
                    elif answer is not None and answer.value is not None:
                        texts[name] = str(answer.value)
                    if answer is not None and answer.value is None:
                        texts |= _declared(instrument, names, indicator.code, field.code, answer)
        for element in root.iter():
            if element.tag in texts and not len(element):
                element.text = texts[element.tag]
        return Instance(root, self.binds)


def _is_marked(given: Responses, indicator: str, field: str) -> bool:
    answer = given.answers.get((indicator, field))
    return answer is not None and answer.value is not None


def _declared(instrument: Instrument, names: Names, indicator: str, code: str, answer: Any) -> dict[str, str]:
    block = instrument.indicator(indicator)
    field = block.field(code)
    codelist = getattr(field.type, "codelist", None)
    if codelist is not None and any(one.missing is answer.status for one in codelist):
        return {names.of_field(indicator, code): next(one.code for one in codelist if one.missing is answer.status)}
    found = [one.code for one in instrument.missing if one.missing is answer.status]
    return {names.of_reason(block, field): found[0]} if found and field.takes_missing else {}


@dataclass(frozen=True)
class Instance:
    """The answers of one form."""

    root: etree._Element
    binds: Mapping[str, Mapping[str, str]]

    def says(self, name: str, attribute: str) -> bool:
        """Whether the constraint of a question holds, or whether it is relevant."""
        bind = self.binds[name]
        node = self.root.xpath(bind["nodeset"])[0]
        return bool(node.xpath(bind[attribute]))
