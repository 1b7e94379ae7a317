"""Says what changed between two submissions of a respondent, or since the previous round: answer by answer, with cells.

Lines of lists are compared by what they say, not by their number: a line put in between changes no other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import duckdb

from pipeline.desk.naming import UnknownError, respondent_named
from pipeline.publication.results import read_rows, results_path
from questionnaire.blanks import EMPTY
from questionnaire.messages import say
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.standings import Verdict

PREVIOUS = "previous"
"""What stands for the previous round where a file may be named."""

Row = Mapping[str, Any]
_Line = Mapping[str, Row]
_SHORTEST_HASH = 8
_ABSENT: Row = {"status": "blank", "value": "", "raw": "", "sheet": "", "cell": ""}
_ANSWERS = """
SELECT submission, block, line, indicator, field, status, raw, sheet, cell, change, previous,
    coalesce(code, CAST(number AS VARCHAR), CAST(date AS VARCHAR), text, '') AS value
FROM read_parquet(?) WHERE list_contains(?, submission)
"""


class NothingToCompareError(Exception):
    """There are no two things to compare; the text is the sentence for the user."""


class Sort(StrEnum):
    """How an answer differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """One answer that differs: what stood there and what stands there, as typed or in words, and in which cells."""

    sort: Sort
    block: str
    line: int
    field: str
    before: str
    after: str
    cell_before: str
    cell_after: str


@dataclass(frozen=True)
class Comparison:
    """What changed from one file, or the previous round, to another file."""

    respondent: Respondent
    earlier: str
    later: str
    differences: tuple[Difference, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        counted = Counter(found.sort for found in self.differences)
        return {str(sort): counted[sort] for sort in Sort}


def compare(round_: Round, respondent: str, first: str = "", second: str = "") -> Comparison:
    """Compare two files of a respondent; without names, the newest with the one before.

    They are named as in returns.csv, or by the beginning of their hash. `first` may be PREVIOUS, and is where there is
    one file alone. Raises UnknownError, NothingToCompareError or NotConsolidatedError.
    """
    whose = respondent_named(round_, respondent)
    files = _files(round_)[whose.code]
    later = _named(round_, whose, files, second) if second else (files[0] if files else None)
    if later is None:
        raise NothingToCompareError(say("desk", "diff_no_file", round_.working_language, respondent=whose.code))
    rest = files[files.index(later) + 1 :]
    if first not in ("", PREVIOUS):
        earlier = _named(round_, whose, files, first)
    elif first or not rest:
        return _since_previous(round_, whose, later)
    else:
        earlier = rest[0]
    answers = _answers(round_, [earlier["sha256"], later["sha256"]])
    found = _differences(round_, answers[earlier["sha256"]], answers[later["sha256"]])
    return Comparison(whose, earlier["file"], later["file"], tuple(found))


def change_lines(round_: Round) -> Mapping[str, str]:
    """Of each respondent with several submissions, a line on what the newest changed, for status and the desk page."""
    return {code: change_line(round_, compared) for code, compared in newest_changes(round_).items()}


def newest_changes(round_: Round) -> Mapping[str, Comparison]:
    """Of each respondent with several submissions of the same part, what the newest changed."""
    pairs = {
        code: files[:2]
        for code, files in _files(round_).items()
        if len(files) > 1 and files[0]["slice"] == files[1]["slice"]
    }
    if not pairs:
        return {}
    answers = _answers(round_, [file["sha256"] for pair in pairs.values() for file in pair])
    changes = {}
    for code, (later, earlier) in pairs.items():
        found = tuple(_differences(round_, answers[earlier["sha256"]], answers[later["sha256"]]))
        whose = round_.respondent(code)
        if whose is not None:
            changes[code] = Comparison(whose, earlier["file"], later["file"], found)
    return changes


def change_line(round_: Round, compared: Comparison, language: str = "") -> str:
    """A comparison in one line, in the working language or another."""
    spoken = language or round_.working_language
    return say("desk", "diff_line", spoken, earlier=compared.earlier, **compared.counts)


def _files(round_: Round) -> Mapping[str, list[Row]]:
    """The files of each respondent of which answers were read, newest first; of the parts of ministries all."""
    rows = read_rows(
        round_, "returns", ("file", "sha256", "respondent", "verdict", "saved", "mail_date", "answers", "slice")
    )
    files: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["respondent"] and row["answers"] and row["verdict"] != Verdict.DUPLICATE:
            files[row["respondent"]].append(row)
    for found in files.values():
        found.sort(key=lambda row: (row["saved"] or row["mail_date"], row["file"]), reverse=True)
        # Parts of different ministries ask different things: the newest is compared with an earlier one of the same.
        newest = found[0]["slice"]
        found[:] = [row for row in found if row["slice"] == newest] + [row for row in found if row["slice"] != newest]
    return files


def _named(round_: Round, whose: Respondent, files: Sequence[Row], wanted: str) -> Row:
    name = wanted.removeprefix(f"{round_.returns}/")
    for row in files:
        is_hash = len(wanted) >= _SHORTEST_HASH and row["sha256"].startswith(wanted.lower())
        if row["file"] == name or row["file"].rpartition("/")[2] == name or is_hash:
            return row
    known = ", ".join(row["file"] for row in files) or "–"
    values = {"file": wanted, "respondent": whose.code, "known": known}
    raise UnknownError(say("desk", "diff_unknown_file", round_.working_language, **values))


def _answers(round_: Round, submissions: list[str]) -> Mapping[str, list[Row]]:
    found = duckdb.execute(_ANSWERS, [str(results_path(round_, "answers")), submissions])
    names = [column[0] for column in found.description]
    answers: dict[str, list[Row]] = defaultdict(list)
    for row in found.fetchall():
        answers[row[0]].append(dict(zip(names, row, strict=True)))
    return answers


def _since_previous(round_: Round, whose: Respondent, later: Row) -> Comparison:
    """What the answers of a file say beside those of the previous round, which stand in the same rows."""
    if round_.previous is None:
        values = {"respondent": whose.code, "file": later["file"]}
        raise NothingToCompareError(say("desk", "diff_one_file", round_.working_language, **values))
    found = []
    for row in _answers(round_, [later["sha256"]])[later["sha256"]]:
        before, given = row["previous"], row["status"] not in EMPTY
        sort = {"new": Sort.ADDED, "changed": Sort.CHANGED}.get(row["change"])
        if before and not given:
            sort = Sort.REMOVED
        if sort:
            place = (row["block"], row["line"], row["field"])
            found.append(Difference(sort, *place, before, _seen(round_, row), "", _place(row)))
    return Comparison(whose, round_.previous.period, later["file"], tuple(found))


def _differences(round_: Round, before: Iterable[Row], after: Iterable[Row]) -> Iterator[Difference]:
    """Every answer that differs, in the order of the later submission."""
    for one, other in _pairs(before, after):
        known = other if other is not _ABSENT else one
        had, has = one["status"] not in EMPTY, other["status"] not in EMPTY
        if had == has and (not has or (one["status"], one["value"]) == (other["status"], other["value"])):
            continue
        sort = Sort.CHANGED if had and has else Sort.ADDED if has else Sort.REMOVED
        words = (_seen(round_, one), _seen(round_, other))
        yield Difference(sort, known["block"], known["line"], known["field"], *words, _place(one), _place(other))


def _pairs(before: Iterable[Row], after: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """What is to be compared: each answer with that to the same question; where one has none, with nothing."""
    earlier, later = _by_line(before), _by_line(after)
    for block in dict.fromkeys((*later, *earlier)):
        for one, other in _paired_lines(earlier.get(block, {}), later.get(block, {})):
            for field in dict.fromkeys((*other, *one)):
                yield one.get(field, _ABSENT), other.get(field, _ABSENT)


def _by_line(rows: Iterable[Row]) -> dict[str, dict[int, dict[str, Row]]]:
    blocks: dict[str, dict[int, dict[str, Row]]] = {}
    for row in rows:
        blocks.setdefault(row["block"], {}).setdefault(row["line"], {})[row["field"]] = row
    return blocks


def _paired_lines(before: Mapping[int, _Line], after: Mapping[int, _Line]) -> Iterator[tuple[_Line, _Line]]:
    """Lines that say the same, then the others in their order."""
    left = dict(before)
    others = []
    for _, line in sorted(after.items()):
        same = next((number for number, one in left.items() if _content(one) == _content(line)), None)
        if same is None:
            others.append(line)
        else:
            yield left.pop(same), line
    rest = [line for _, line in sorted(left.items())]
    for number in range(max(len(rest), len(others))):
        yield (rest[number] if number < len(rest) else {}), (others[number] if number < len(others) else {})


def _content(line: _Line) -> dict[str, tuple[str, str]]:
    return {field: (row["status"], row["value"]) for field, row in line.items() if row["status"] not in EMPTY}


def _seen(round_: Round, row: Row) -> str:
    """An answer as it was typed, else its value, else why there is none."""
    if row["status"] in EMPTY:
        return ""
    return str(row["raw"] or row["value"] or say("answer_kinds", row["status"], round_.working_language))


def _place(row: Row) -> str:
    return f"{row['sheet']}!{row['cell']}" if row["cell"] else ""
