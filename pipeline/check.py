"""Owns checking single workbooks: what a file is, what is found in it, and how that is printed."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import register
from pipeline.batch import read_batch
from pipeline.findings import Finding
from pipeline.receive import file_finding, receive_file
from pipeline.safe_text import harmless, on_one_line
from pipeline.tidy import identity_of
from questionnaire.messages import say
from questionnaire.rounds import read_round
from questionnaire.rules import Severity
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


def check(path: Path, round_folder: Path | None) -> Checked:
    """Check one file against its round: the one given, else the one in `rounds` that the file itself names.

    Raises DeclarationError if no round is given and the file names none that is there.
    """
    file = receive_file(path)
    refusal = file_finding(file)
    if refusal is not None:
        return Checked(file.name, "en", (refusal,))
    round_ = read_round(round_folder or _round_of(path))
    batch = read_batch(round_, register.with_acceptances(round_, [file]))
    respondent = round_.respondent(batch.submissions[file.sha256].respondent)
    language = respondent.language if respondent else round_.working_language
    return Checked(file.name, language, tuple(batch.findings))


def _round_of(path: Path) -> Path:
    identity = identity_of(path.read_bytes())
    name = identity.round if identity else ""
    if name and "/" not in name and (ROUNDS / name / "round.toml").exists():
        return ROUNDS / name
    what = f"the file belongs to the round “{name}”, which is not in {ROUNDS}/" if name else "the file names no round"
    raise DeclarationError(path.name, what, "Say which round it is: acopio check --round rounds/NAME FILE")


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
