"""Owns checking single workbooks: what a file is, what is found in it, and how that is printed."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from pipeline.consolidation.batch import read_batch
from pipeline.findings import Finding
from pipeline.reading.one_return import read_identity
from pipeline.reading.tidy import Submission
from pipeline.receiving import register
from pipeline.receiving.isolation import Isolation
from pipeline.receiving.receive import open_files, receive_file
from pipeline.receiving.received import ReceivedFile, file_finding, with_copies
from pipeline.receiving.store import Store
from pipeline.safe_text import harmless, on_one_line
from questionnaire.messages import say
from questionnaire.rounds.identity import Identity
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.rule import Severity
from questionnaire.tables import DeclarationError

ROUNDS = Path("rounds")

_MUST_BE_CORRECTED = (Severity.BLOCKER, Severity.ERROR)
_COLUMNS = ("file", "severity", "code", "indicator", "field", "sheet", "cell", "value", "message", "remedy")


@dataclass(frozen=True)
class Checked:
    """One file and all that is found in it; `language` is the respondent's, or that of the round."""

    file: str
    language: str
    findings: tuple[Finding, ...]

    @property
    def must_be_corrected(self) -> bool:
        """True if the file would not be accepted as it is."""
        return any(finding.severity in _MUST_BE_CORRECTED for finding in self.findings)


def check(path: Path, round_folder: Path | None) -> list[Checked]:
    """Check one file, or what a mail or archive holds, against its round: the one given, else the one it names itself.

    Raises DeclarationError if no round is given and nothing in it names one that is in `rounds`.
    """
    round_ = read_round(round_folder) if round_folder else None
    limits = round_.limits if round_ else ReadingLimits()
    with TemporaryDirectory() as folder:
        files = with_copies(open_files([receive_file(path, limits=limits)], Store(Path(folder)), limits))
        returns = [file for file in files if file.is_return]
        if not returns:
            return [_checked(file, [file_finding(file)], round_) for file in files]
        round_ = round_ or read_round(_round_of(returns))
        batch = read_batch(round_, register.with_acceptances(round_, files))
    return [
        _checked(file, [found for found in batch.findings if found.file == file.name], round_, batch.submissions)
        for file in files
    ]


def _checked(
    file: ReceivedFile,
    findings: Sequence[Finding | None],
    round_: Round | None,
    submissions: Mapping[str, Submission] = MappingProxyType({}),
) -> Checked:
    submission = submissions.get(file.sha256)
    respondent = round_.respondent(submission.respondent) if round_ and submission else None
    language = respondent.language if respondent else round_.working_language if round_ else "en"
    return Checked(file.name, language, tuple(found for found in findings if found is not None))


def _round_of(files: Sequence[ReceivedFile]) -> Path:
    with Isolation(ReadingLimits()) as isolated:
        found = list(isolated.map(read_identity, files))
    names = dict.fromkeys(identity.round for identity in found if isinstance(identity, Identity))
    for name in names:
        if "/" not in name and (ROUNDS / name / "round.toml").exists():
            return ROUNDS / name
    named = " ".join(f"“{name}”" for name in names)
    what = f"the file belongs to the round {named}, which is not in {ROUNDS}/" if named else "the file names no round"
    raise DeclarationError(files[0].name, what, "Say which round it is: acopio check --round rounds/NAME FILE")


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
        for row in _rows(entry, language):
            place = " · ".join(part for part in (row["file"], row["sheet"], row["cell"], row["indicator"]) if part)
            severity = say("summary", f"severity_{row['severity']}", spoken)
            typed = f" “{row['value']}”" if row["value"] else ""
            lines.append(on_one_line(f"{place}: {severity} [{row['code']}]{typed}"))
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
