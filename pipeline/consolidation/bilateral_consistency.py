"""Compares what respondents report about each other in lists; it finds what one names and the other does not.

It looks only at what is published, and keeps nothing out.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.consolidation.rows import Rows
from pipeline.findings import Finding, finding
from pipeline.merging.whole import OWNER
from questionnaire.codelists import Wording
from questionnaire.declaration.blocks import BilateralConsistency, ListBlock
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity
from questionnaire.table_columns import line_number
from schemas.questions import BILATERAL_CONSISTENCY as CODE

_PLACE = ("submission", "file", "line", "field", "sheet", "cell", "raw")

NAMED = pa.schema([(name, pa.string()) for name in ("list", "indicator", "respondent", "partner", *_PLACE)])
"""The columns of what `named_partners` finds."""

_Cell = dict[str, Any]
"""A row of the tidy table."""


@dataclass(frozen=True)
class _Named:
    """That a respondent names a partner for an indicator, and the cell where it does."""

    indicator: str
    respondent: str
    partner: str
    cell: _Cell


def named_partners(round_: Round, answers: pd.DataFrame) -> pd.DataFrame:
    """Whom respondents name for which indicator in a list, and the first cell where each does; as texts.

    `answers` is the published part of the tidy table.
    """
    rows = []
    for block in round_.instrument.lists:
        if block.bilateral is None:
            continue
        asked = [block.indicator_field, block.bilateral.field, block.bilateral.partner]
        own = answers[(answers["block"] == block.code) & answers["field"].isin(asked)]
        named: dict[tuple[str, str, str], _Named] = {}
        for entry in _named(own, block, block.bilateral):
            named.setdefault((entry.indicator, entry.respondent, entry.partner), entry)
        rows += [(block.code, *key, *(str(entry.cell[name]) for name in _PLACE)) for key, entry in named.items()]
    return pd.DataFrame(rows, columns=list(NAMED.names), dtype="str")


def published_in_lists(round_: Round, answers: pd.DataFrame) -> pd.DataFrame:
    """On which of the indicators of such lists anything of a respondent is published, one row each; as texts."""
    asked = {indicator for block in round_.instrument.lists if block.bilateral for indicator in block.indicators}
    own = answers.loc[answers["block"].isin(asked), ["respondent", "block"]]
    return own.drop_duplicates(ignore_index=True).astype("str")


def bilateral_findings(round_: Round, named: Rows, answered: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """A warning at each partner that does not name the respondent in turn.

    `answered` are the respondents and indicators of which anything is published: of the others, and of a part that has
    not come, nobody knows whom they would name.
    """
    there = {(row["list"], row["indicator"], row["respondent"], row["partner"]) for row in named.records()}
    for row in named.records():
        back = (row["list"], row["indicator"], row["partner"], row["respondent"])
        if (row["partner"], row["indicator"]) in answered and back not in there:
            yield _finding(round_, row)


def _named(cells: pd.DataFrame, block: ListBlock, asked: BilateralConsistency) -> Iterator[_Named]:
    """Who names whom, line by line; a line that lacks what it takes to say so says nothing."""
    for line in _lines(cells):
        indicator, partner = line[block.indicator_field], line[asked.partner]
        if line[asked.field]["code"] == asked.code and indicator["code"] and partner["code"]:
            yield _Named(str(indicator["code"]), str(partner["respondent"]), str(partner["code"]), partner)


def _lines(cells: pd.DataFrame) -> Iterator[dict[str, _Cell]]:
    lines: dict[tuple[object, ...], dict[str, _Cell]] = {}
    columns = [name for name in (*_PLACE, "code", "respondent", OWNER) if name in cells]
    for values in cells[columns].to_numpy(dtype=object, na_value="").tolist():
        row = dict(zip(columns, values, strict=True))
        lines.setdefault((row.get(OWNER, row["submission"]), row["line"]), {})[str(row["field"])] = row
    yield from lines.values()


def _finding(round_: Round, row: Mapping[str, str]) -> Finding:
    found = finding(
        CODE, Severity.WARNING, {"line": line_number(int(row["line"]))},
        submission=row["submission"], file=row["file"], respondent=row["respondent"], indicator=row["indicator"],
        field=f"{row['list']}.{row['field']}", sheet=row["sheet"], cell=row["cell"], value=row["raw"],
    )  # fmt: skip
    both = {"{respondent}": _name(round_, row["respondent"]), "{partner}": _name(round_, row["partner"])}
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
