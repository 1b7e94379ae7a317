"""Owns the printed status of a round: who has returned the questionnaire, with what verdict, and who has not."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.receive import receive
from pipeline.results import read_results
from questionnaire.messages import in_language, say
from questionnaire.rounds import Respondent, Round

_HEADS = ("respondent", "verdict", "findings", "saved", "file")
_NOTHING = "–"


def status_lines(round_: Round) -> Iterator[str]:
    """One line per participant, in the order of the frame, each file received below it."""
    language = round_.working_language
    returns = read_results(round_, "returns")
    rows = [tuple(say("summary", f"head_{head}", language) for head in _HEADS)]
    for respondent in round_.participants:
        rows += _rows(returns[returns["respondent"] == respondent.code], respondent, language)
    unknown = returns[~returns["respondent"].isin([respondent.code for respondent in round_.participants])]
    rows += [_row("?", entry, language) for entry in unknown.to_dict("records")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if _hashes_now(round_) != set(returns["sha256"]):
        yield ""
        yield say("summary", "returns_changed", language)


def _rows(entries: pd.DataFrame, respondent: Respondent, language: str) -> list[tuple[str, ...]]:
    name = f"{respondent.code} {in_language(respondent.name, language)}"
    if entries.empty:
        return [(name, say("summary", "verdict_no_return", language), _NOTHING, _NOTHING, _NOTHING)]
    records = entries.sort_values(["saved", "file"], ascending=False).to_dict("records")
    return [_row(name if number == 0 else "", record, language) for number, record in enumerate(records)]


def _row(name: str, entry: Mapping[Any, Any], language: str) -> tuple[str, ...]:
    verdict = say("summary", f"verdict_{entry['verdict']}", language)
    reason = f" ({entry['reason']})" if entry["verdict"] in ("not_usable", "to_correct") else ""
    part = f" [{entry['slice']}]" if entry["slice"] else ""
    counts = f"{entry['errors'] + entry['blockers']} / {entry['warnings']}"
    return (name, verdict + part + reason, counts, str(entry["saved"])[:10] or _NOTHING, str(entry["file"]))


def _hashes_now(round_: Round) -> set[str]:
    return {file.sha256 for file in receive(round_)}
