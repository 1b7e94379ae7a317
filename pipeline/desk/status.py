"""Writes the printed status of a round: whose turn it is, what each participant owes, by when, and the next step."""

import csv
import datetime as dt
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.commands import bring_back_command
from pipeline.follow_up.case_words import case_words
from pipeline.follow_up.cases import SETTLED_BY_US, Case, Cases, File, Turn, read_cases
from pipeline.follow_up.differences import change_lines
from pipeline.follow_up.next_steps import Step, next_steps, settle
from pipeline.follow_up.reasons import reasons
from pipeline.publication.publish import PUBLISHING
from pipeline.receiving import register
from pipeline.receiving.receive import files_in, receive_file
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import Store
from pipeline.safe_text import harmless, on_one_line
from questionnaire.messages import in_language, say, with_colon
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import STANDINGS

WIDTH = 100
"""The columns of a terminal that everything printed keeps to, but for what cannot be broken."""

_HEADS = ("respondent", "owes", "answered", "signed", "deadline")
_WIDTHS = (23, 33, 7, 10, 19)
_MOST_REASONS = 3
_NOTHING = "–"
_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|\S)+""")


def status_lines(round_: Round, today: dt.date) -> Iterator[str]:
    """What is owed, by whose turn it is; then the files that are nobody's, and what changed since the last run."""
    language = round_.working_language
    cases = read_cases(round_, today)
    if (round_.outputs / PUBLISHING).exists():
        yield from _wrapped(
            say("summary", "status_interrupted", language, outputs=round_.outputs, folder=round_.folder)
        )
        yield ""
    changes = change_lines(round_)
    told = [*(file for case in cases.cases if _shows_files(case) for file in case.files), *cases.others]
    why = reasons(round_, (file for file in told if file["verdict"] in STANDINGS))
    counts = {"round": round_.name, "sent": cases.sent, "accepted": cases.accepted, "asked": len(cases.cases)}
    yield from _wrapped(say("desk", "headline", language, **counts, until=round_.return_by))
    for turn in Turn:
        if found := cases.of(turn):
            yield from ("", f"{say('desk', f'turn_{turn}', language)} ({len(found)})")
            yield from _row([say("desk", f"head_{head}", language) for head in _HEADS])
            for case in found:
                yield from _case(round_, case, changes.get(case.respondent.code, ""), why)
    if cases.others:
        yield from ("", f"{say('desk', 'turn_unknown', language)} ({len(cases.others)})")
        for file in cases.others:
            yield from _file(round_, file, why)
            if file["verdict"] in SETTLED_BY_US:
                yield from _step(settle(round_, file))
    yield from _since_then(round_, cases)


def _shows_files(case: Case) -> bool:
    return case.turn is not Turn.NOBODYS or len(case.files) > 1


def _case(round_: Round, case: Case, change: str, why: Mapping[str, Sequence[str]]) -> Iterator[str]:
    record = case_words(round_, case)
    name = f"{case.respondent.code} {in_language(case.respondent.name, round_.working_language)}"
    yield from _row((name, record["owes"], f"{case.answered}/{case.asked}", case.signed or _NOTHING, record["timing"]))
    if _shows_files(case):
        for file in case.files:
            yield from _file(round_, file, why)
    if change:
        yield from _wrapped(change, "    ")
    for step in next_steps(round_, case):
        yield from _step(step)


def _file(round_: Round, file: File, why: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What a file is worth; below, in words, what decided it."""
    verdict = say("summary", f"verdict_{file['verdict']}", round_.working_language, n=1)
    part = f" [{file['slice']}]" if file["slice"] else ""
    day = (file["saved"] or file["mail_date"])[:10] or _NOTHING
    said = with_colon(str(file["file"]), f"{verdict}{part}", round_.working_language)
    yield from _wrapped(f"{day}  {said}", "    ")
    texts = why.get(file["file"], ())
    for text in texts[:_MOST_REASONS]:
        yield from _wrapped(f"– {text}", "      ")
    if len(texts) > _MOST_REASONS:
        more = say("desk", "page_more", round_.working_language, shown=_MOST_REASONS, n=len(texts))
        yield from _wrapped(f"– {more}", "      ")


def _step(step: Step) -> Iterator[str]:
    yield from _wrapped(f"→ {step.words}", "    ")
    yield from _command(step.command)


def _command(command: str) -> Iterator[str]:
    """A command as it may be pasted: a long one goes on after a backslash."""
    line = ""
    for word in _WORD.findall(command):
        if line and len(line) + len(word) > WIDTH - 10:
            yield f"      {line} \\"
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield f"      {line}"


def _row(cells: Sequence[str]) -> Iterator[str]:
    """The lines of a row of the table: what is too long for its column goes on below."""
    columns = [textwrap.wrap(on_one_line(cell), width) for cell, width in zip(cells, _WIDTHS, strict=True)]
    for number in range(max(map(len, columns))):
        parts = [column[number] if number < len(column) else "" for column in columns]
        yield "  ".join(part.ljust(width) for part, width in zip(parts, _WIDTHS, strict=True)).rstrip()


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    """A text in lines of at most WIDTH; the name of a file is not broken at its hyphens."""
    goes_on = indent and f"{indent}  "
    yield from textwrap.wrap(
        on_one_line(text), WIDTH, initial_indent=indent, subsequent_indent=goes_on, break_on_hyphens=False
    )


def _since_then(round_: Round, cases: Cases) -> Iterator[str]:
    """What was received and is gone, with the command that brings it back; whether the folder has changed."""
    known = [file for case in cases.cases for file in case.files] + list(cases.others)
    files = [receive_file(path, round_.returns, limits=round_.limits) for path in files_in(round_.returns)]
    here = {file.sha256 for file in files} | {file["sha256"] for file in known if file["container"]}
    gone = [entry for entry in register.gone(round_, files) if entry.sha256 not in here]
    if gone:
        yield ""
        yield from _wrapped(say("summary", "status_gone", round_.working_language))
    store, taken = Store(round_.store), {file.name for file in files}
    for entry in gone:
        yield from _wrapped(f"{entry.name} ({entry.sha256[:12]})", "  ")
        if store.path(entry.sha256).exists():
            yield from _command(bring_back_command(round_, entry.name, entry.sha256, taken))
    if _changed(files, known):
        yield ""
        yield from _wrapped(say("summary", "returns_changed", round_.working_language))


def _changed(files: Sequence[ReceivedFile], known: Sequence[File]) -> bool:
    """True if what lies in the folder is not what the last run found there; what mails hold changes with them."""
    return {file.sha256 for file in files} != {file["sha256"] for file in known if not file["container"]}


def _records(round_: Round, today: dt.date) -> list[dict[str, Any]]:
    """One record per participant, for programs: codes beside the words."""
    records, changes = [], change_lines(round_)
    for case in read_cases(round_, today).cases:
        words = case_words(round_, case)
        step = next(next_steps(round_, case), Step(""))
        records.append(
            {
                "respondent": case.respondent.code,
                "name": in_language(case.respondent.name, round_.working_language),
                "turn": str(case.turn),
                "standing": case.owes,
                "owes": words["owes"],
                "answered": case.answered,
                "asked": case.asked,
                "errors": case.errors,
                "missing_parts": " ".join(case.missing),
                "signed": case.signed,
                "timing": str(case.timing),
                "until": case.until.isoformat(),
                "days": case.days,
                "next_step": step.words,
                "command": step.command,
                "change": changes.get(case.respondent.code, ""),
                "files": " | ".join(file["file"] for file in case.files),
            }
        )
    return records


def _as_text(round_: Round, today: dt.date) -> str:
    return "".join(f"{line}\n" for line in status_lines(round_, today))


def _as_json(round_: Round, today: dt.date) -> str:
    return json.dumps(_records(round_, today), ensure_ascii=False, indent=1) + "\n"


def _in_cell(value: object) -> object:
    """A number as it is, days that have passed below zero too; a text so that no program takes it for a formula."""
    return value if isinstance(value, int) else harmless(str(value))


def _as_csv(round_: Round, today: dt.date) -> str:
    records, text = _records(round_, today), io.StringIO()
    writer = csv.DictWriter(text, records[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _in_cell(value) for key, value in record.items()} for record in records)
    return text.getvalue()


FORMATS: Mapping[str, Callable[[Round, dt.date], str]] = {"text": _as_text, "json": _as_json, "csv": _as_csv}
"""How the status is printed, by the name of the format."""
