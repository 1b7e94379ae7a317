"""Checks single files and whole folders: what a file is, what is found in it, and how that is printed."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from pipeline.desk.signature_copy import signature_copy
from pipeline.files import write_whole
from pipeline.findings import Alike, Finding, alike, finding, many_alike
from pipeline.reading.in_children import read_identity
from pipeline.reading.submission import Submission
from pipeline.receiving import register
from pipeline.receiving.isolation import Isolation, Lost
from pipeline.receiving.receive import files_in, open_files, receive_file
from pipeline.receiving.received import ReceivedFile, file_finding, with_copies
from pipeline.receiving.store import Store
from pipeline.safe_text import harmless, on_one_line
from pipeline.validation.one_by_one import judge
from questionnaire.messages import quoted, say
from questionnaire.rounds.identity import Identity
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.rule import Severity

ROUNDS = Path("rounds")

_MUST_BE_CORRECTED = (Severity.BLOCKER, Severity.ERROR)
_COLUMNS = ("file", "severity", "code", "indicator", "field", "sheet", "cell", "value", "message", "remedy")


@dataclass(frozen=True)
class Checked:
    """One file and all that is found in it; `language` is the respondent's, or that of the round.

    `copy` makes its copy for signature in a language; None for a file of which nothing was read.
    """

    file: str
    language: str
    findings: tuple[Finding, ...]
    copy: Callable[[str], str] | None = None

    @property
    def must_be_corrected(self) -> bool:
        """True if the file would not be accepted as it is."""
        return any(finding.severity in _MUST_BE_CORRECTED for finding in self.findings)


def check(path: Path, round_folder: Path | None) -> list[Checked]:
    """Check one file, all files in a folder, or what a mail or archive holds, each against its round.

    That is the round given, else the one that a file names itself, else the only one that files beside it name; of
    what belongs to no round in `rounds`, that is reported.
    """
    given = read_round(round_folder) if round_folder else None
    limits = given.limits if given else ReadingLimits()
    with TemporaryDirectory() as folder, Isolation(limits, (Store(Path(folder)), limits)) as isolated:
        if path.is_dir():
            listed = [receive_file(found, path, limits=limits) for found in files_in(path)]
        else:
            listed = [receive_file(path, limits=limits)]
        files = with_copies(open_files(listed, isolated))
        named, unnamed = ({}, {}) if given else _rounds_of([file for file in files if file.is_return], isolated)
        rounds = {"": given} if given else {name: read_round(ROUNDS / name) for name in sorted(set(named.values()))}
        checked: dict[str, Checked] = {}
        for name, round_ in rounds.items():
            its = [file for file in files if given or named.get(file.name) == name]
            checked |= _checked_against(round_, its, isolated)
    only = next(iter(rounds.values())) if len(rounds) == 1 else None
    return [
        checked.get(file.name) or _checked(file, [unnamed.get(file.name) or file_finding(file)], only) for file in files
    ]


def _checked_against(round_: Round, files: Sequence[ReceivedFile], isolated: Isolation) -> dict[str, Checked]:
    """What is found in each of some files of one round, by name."""
    judged = judge(round_, register.with_acceptances(round_, files), isolated)
    return {
        file.name: _checked(
            file, [found for found in judged.findings if found.file == file.name], round_, judged.submissions
        )
        for file in files
    }


def _checked(
    file: ReceivedFile,
    findings: Sequence[Finding | None],
    round_: Round | None,
    submissions: Mapping[str, Submission] = MappingProxyType({}),
) -> Checked:
    submission = submissions.get(file.sha256)
    respondent = round_.respondent(submission.respondent) if round_ and submission else None
    language = respondent.language if respondent else round_.working_language if round_ else "en"
    copy = partial(signature_copy, round_, submission) if round_ and submission and respondent else None
    found = [entry for entry in findings if entry is not None and not entry.repeats]
    return Checked(file.name, language, (*found, *many_alike(found).values()), copy)


def write_copies(checked: Sequence[Checked], language: str | None, folder: Path) -> list[Path]:
    """Write the copy for signature of each file that was read: `copy-1.html` is that of the first file."""
    written = []
    for number, entry in enumerate(checked, 1):
        if entry.copy is not None:
            written.append(folder / f"copy-{number}.html")
            write_whole(written[-1], entry.copy(language or entry.language).encode())
    return written


def _rounds_of(files: Sequence[ReceivedFile], isolated: Isolation) -> tuple[dict[str, str], dict[str, Finding]]:
    """The round of each file, by its name; and of each that has none here what is to be said of it."""
    found = dict(zip((file.name for file in files), isolated.map(read_identity, files), strict=True))
    named = {name: entry.round for name, entry in found.items() if isinstance(entry, Identity)}
    here = {round_ for round_ in named.values() if _is_here(round_)}
    rounds: dict[str, str] = {}
    unnamed: dict[str, Finding] = {}
    for file in files:
        outcome = found[file.name]
        name = named.get(file.name) or (next(iter(here)) if len(here) == 1 else "")
        where = {"file": file.name, "submission": file.sha256}
        if isinstance(outcome, Lost):
            unnamed[file.name] = finding(outcome.code, Severity.BLOCKER, {"detail": outcome.detail}, **where)
        elif name in here:
            rounds[file.name] = name
        else:
            values = {"round": name, "rounds": ROUNDS}
            code = "round_not_here" if name else "round_not_named"
            unnamed[file.name] = finding(code, Severity.BLOCKER, values, **where)
    return rounds, unnamed


def _is_here(name: str) -> bool:
    return "/" not in name and (ROUNDS / name / "round.toml").exists()


def _gathered(checked: Checked) -> Checked:
    """The same with one finding in the place of many that may have one cause, as grave as they are."""
    notes, shown = many_alike(checked.findings), dict[Alike | int, Finding]()
    for number, found in enumerate(checked.findings):
        group = alike(found)
        if group in notes:
            shown.setdefault(group, replace(notes[group], code=found.code, severity=found.severity))
        elif found.code != "many_alike":
            shown[number] = found
    return replace(checked, findings=tuple(shown.values()))


def _rows(checked: Checked, language: str | None) -> list[dict[str, str]]:
    spoken = language or checked.language
    return [
        {
            "file": checked.file,
            "severity": str(finding.severity),
            "code": finding.code,
            **{key: getattr(finding, key) for key in ("indicator", "field", "sheet", "cell", "value")},
            "message": finding.message_in(spoken),
            "remedy": finding.remedy_in(spoken),
        }
        for finding in checked.findings
    ]


def _as_text(checked: Sequence[Checked], language: str | None) -> str:
    lines = []
    for entry in checked:
        spoken = language or entry.language
        if not entry.findings:
            lines.append(on_one_line(say("summary", "clean", spoken, file=entry.file)))
        for row in _rows(_gathered(entry), language):
            place = " · ".join(part for part in (row["file"], row["sheet"], row["cell"], row["indicator"]) if part)
            severity = say("summary", f"severity_{row['severity']}", spoken)
            typed = f" {quoted(row['value'], spoken)}" if row["value"] else ""
            found = say("summary", "found", spoken, place=place, severity=severity)
            lines.append(on_one_line(f"{found} [{row['code']}]{typed}"))
            lines.append(on_one_line(f"    {row['message']} {row['remedy']}"))
    return "\n".join(lines) + "\n"


def _as_json(checked: Sequence[Checked], language: str | None) -> str:
    rows = [row for entry in checked for row in _rows(entry, language)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _as_csv(checked: Sequence[Checked], language: str | None) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in checked:
        writer.writerows({key: harmless(value) for key, value in row.items()} for row in _rows(entry, language))
    return text.getvalue()


FORMATS: Mapping[str, Callable[[Sequence[Checked], str | None], str]] = {
    "text": _as_text,
    "json": _as_json,
    "csv": _as_csv,
}
"""How what was found is printed, by the name of the format."""
