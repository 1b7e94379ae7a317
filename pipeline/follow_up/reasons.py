"""Says in words why files have their verdicts: what the last run found in each that decided it."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.follow_up.cases import File
from pipeline.publication.results import read_rows
from questionnaire.messages import with_colon
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict

_COLUMNS = ("file", "code", "sheet", "cell", "message", "remedy")


def reasons(round_: Round, files: Iterable[File]) -> Mapping[str, Sequence[str]]:
    """By the name of each file, a text for each finding that decided its verdict, in the order of their codes.

    A text says where and what is wrong, of what is not usable also what to do: no command does it. Of several findings
    of one code, the first is told.
    """
    decided = {file["file"]: file for file in files if file["reason"]}
    found: dict[str, dict[str, str]] = {name: {} for name in decided}
    for one in read_rows(round_, "findings", _COLUMNS) if decided else ():
        if (file := decided.get(one["file"])) is not None and one["code"] in file["reason"].split():
            found[one["file"]].setdefault(one["code"], _told(round_, file, one))
    return {name: [texts[code] for code in sorted(texts)] for name, texts in found.items()}


def _told(round_: Round, file: File, one: File) -> str:
    place = " ".join(part for part in (one["sheet"], one["cell"]) if part)
    text = with_colon(place, one["message"], round_.working_language) if place else one["message"]
    return f"{text} {one['remedy']}" if file["verdict"] == Verdict.NOT_USABLE else text
