"""Compares what respondents report about each other in lists; it finds what one names and the other does not.

It looks only at what is published, and keeps nothing out.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pipeline.consolidation.whole import OWNER
from pipeline.findings import Finding, finding
from questionnaire.codelists import Wording
from questionnaire.declaration.blocks import BilateralConsistency, ListBlock
from questionnaire.layout import ListSheet
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity
from schemas.questions import BILATERAL_CONSISTENCY as CODE

_Cell = dict[Hashable, Any]
"""A row of the tidy table."""


@dataclass(frozen=True)
class _Named:
    """That a respondent names a partner for an indicator, and the cell where it does."""

    indicator: str
    respondent: str
    partner: str
    cell: _Cell


def bilateral_findings(round_: Round, answers: pd.DataFrame, answered: frozenset[str]) -> Iterator[Finding]:
    """A warning at each partner that does not name the respondent in turn, at the first of its lines for an indicator.

    `answers` is the published part of the tidy table, `answered` are the respondents of whom anything is
    published: of the others nobody knows what they would name.
    """
    for block in round_.instrument.lists:
        if block.bilateral is None:
            continue
        own = answers[answers["block"].astype("str") == block.code]
        named: dict[tuple[str, str, str], _Named] = {}
        for entry in _named(own, block, block.bilateral):
            named.setdefault((entry.indicator, entry.respondent, entry.partner), entry)
        for (indicator, respondent, partner), entry in named.items():
            if partner in answered and (indicator, partner, respondent) not in named:
                yield _finding(round_, entry)


def _named(cells: pd.DataFrame, block: ListBlock, asked: BilateralConsistency) -> Iterator[_Named]:
    """Who names whom, line by line; a line that lacks what it takes to say so says nothing."""
    for line in _lines(cells):
        indicator, partner = line[block.indicator_field], line[asked.partner]
        if line[asked.field]["code"] == asked.code and indicator["code"] and partner["code"]:
            yield _Named(str(indicator["code"]), str(partner["respondent"]), str(partner["code"]), partner)


def _lines(cells: pd.DataFrame) -> Iterator[dict[str, _Cell]]:
    lines: dict[tuple[object, ...], dict[str, _Cell]] = {}
    for row in cells.astype(object).where(cells.notna(), "").to_dict("records"):
        lines.setdefault((row.get(OWNER, row["submission"]), row["line"]), {})[str(row["field"])] = row
    yield from lines.values()


def _finding(round_: Round, named: _Named) -> Finding:
    cell = {key: str(value) for key, value in named.cell.items()}
    found = finding(
        CODE, Severity.WARNING, {"line": ListSheet.number(int(cell["line"]))},
        submission=cell["submission"], file=cell["file"], respondent=named.respondent, indicator=named.indicator,
        field=f"{cell['block']}.{cell['field']}", sheet=cell["sheet"], cell=cell["cell"], value=cell["raw"],
    )  # fmt: skip
    both = {"{respondent}": _name(round_, named.respondent), "{partner}": _name(round_, named.partner)}
    return replace(found, message=_with_names(found.message, both))


def _name(round_: Round, code: str) -> Wording:
    respondent = round_.respondent(code)
    return respondent.name if respondent else {"en": code}


def _with_names(message: Wording, names: Mapping[str, Wording]) -> Wording:
    """The message with the names of both in each of its languages: a placeholder takes one text for all of them."""
    texts = {}
    for language, text in message.items():
        for placeholder, name in names.items():
            text = text.replace(placeholder, in_language(name, language))
        texts[language] = text
    return texts
