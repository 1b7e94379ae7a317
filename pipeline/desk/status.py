"""Writes the printed status of a round: what a person must settle and how, who has returned what, and who has not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.commands import accept_command, bring_back_command, choose_command
from pipeline.consolidation.completeness import coverage
from pipeline.publication.publish import PUBLISHING
from pipeline.publication.results import read_results
from pipeline.receiving import register
from pipeline.receiving.receive import receive
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import Store
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.standings import Verdict

_HEADS = ("respondent", "verdict", "findings", "saved", "file")
_NOTHING = "–"
_WITH_REASON = (
    Verdict.NOT_USABLE, Verdict.UNVERIFIED, Verdict.UNREADABLE_IN_PART, Verdict.TO_CORRECT, Verdict.TO_COMPLETE,
)  # fmt: skip


def status_lines(round_: Round) -> Iterator[str]:
    """What a person must settle, then one line per participant, in the order of the frame, with its files below it."""
    language = round_.working_language
    returns = read_results(round_, "returns")
    if (round_.outputs / PUBLISHING).exists():
        yield say("summary", "status_interrupted", language, outputs=round_.outputs, folder=round_.folder)
        yield ""
    yield from _readable_in_part(round_, returns[returns["verdict"] == Verdict.UNREADABLE_IN_PART])
    yield from _held(round_, returns[returns["verdict"] == Verdict.UNVERIFIED])
    covered = coverage(round_, returns)
    if covered.provisional:
        yield say("summary", "provisional", language, **covered.figures)
        yield ""
    rows = [tuple(say("summary", f"head_{head}", language) for head in _HEADS)]
    for respondent in round_.participants:
        rows += _rows(returns[returns["respondent"] == respondent.code], respondent, language)
    unknown = returns[~returns["respondent"].isin([respondent.code for respondent in round_.participants])]
    rows += [_row("?", entry, language) for entry in unknown.to_dict("records")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    files = receive(round_)
    yield from _gone(round_, files)
    if {file.sha256 for file in files} != set(returns["sha256"]):
        yield ""
        yield say("summary", "returns_changed", language)


def _readable_in_part(round_: Round, returns: pd.DataFrame) -> Iterator[str]:
    """Each file that could be looked at only in part, and the command for whoever has compared it with its cells."""
    if returns.empty:
        return
    yield say("summary", "status_readable_in_part", round_.working_language)
    for entry in returns.to_dict("records"):
        yield f"  {entry['file']}"
        yield f"      {choose_command(round_, entry['file'], entry['sha256'])}"
    yield ""


def _held(round_: Round, returns: pd.DataFrame) -> Iterator[str]:
    """Each file that is held, and the command that accepts it; first, since only a person can settle it."""
    if returns.empty:
        return
    yield say("summary", "status_held", round_.working_language)
    for entry in returns.to_dict("records"):
        yield f"  {entry['file']} ({entry['reason']})"
        # What says itself which part it is need not be listed.
        part = entry["slice"] if "no_identity" in entry["reason"].split() else ""
        yield f"      {accept_command(round_, entry['file'], entry['sha256'], entry['respondent'], part)}"
    yield ""


def _gone(round_: Round, files: Sequence[ReceivedFile]) -> Iterator[str]:
    """Each content received earlier that no file holds any more, and the command that brings it back."""
    gone = register.gone(round_, files)
    if not gone:
        return
    yield ""
    yield say("summary", "status_gone", round_.working_language)
    store, taken = Store(round_.store), {file.name for file in files}
    for entry in gone:
        yield f"  {entry.name} ({entry.sha256[:12]})"
        if store.path(entry.sha256).exists():
            yield f"      {bring_back_command(round_, entry.name, entry.sha256, taken)}"


def _rows(entries: pd.DataFrame, respondent: Respondent, language: str) -> list[tuple[str, ...]]:
    name = f"{respondent.code} {in_language(respondent.name, language)}"
    if entries.empty:
        return [(name, say("summary", "verdict_no_return", language), _NOTHING, _NOTHING, _NOTHING)]
    records = entries.sort_values(["saved", "file"], ascending=False).to_dict("records")
    return [_row(name if number == 0 else "", record, language) for number, record in enumerate(records)]


def _row(name: str, entry: Mapping[Any, Any], language: str) -> tuple[str, ...]:
    verdict = say("summary", f"verdict_{entry['verdict']}", language, n=1)
    reason = f" ({entry['reason']})" if entry["verdict"] in _WITH_REASON else ""
    part = f" [{entry['slice']}]" if entry["slice"] else ""
    counts = f"{entry['errors'] + entry['blockers']} / {entry['warnings']}"
    return (name, verdict + part + reason, counts, str(entry["saved"])[:10] or _NOTHING, str(entry["file"]))
