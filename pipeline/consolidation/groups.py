"""Divides a round into groups of a few respondents, and says by a key what the rows of each group depend on.

Neighbours of the frame form a group, whoever has sent something and however much: one more return changes one group.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.hashed import hashed, spelled
from pipeline.reading.reading_cache import ReadingCache
from pipeline.reading.submission import Submission
from pipeline.receiving.decision import Decisions
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from questionnaire.rounds.round import Round

_RESPONDENTS = 25
"""Respondents of a group: so few that those beside a new return cost little, so many that there are few files."""


@dataclass(frozen=True)
class Group:
    """Some respondents, all their files, and the key of what is made of them.

    Whoever is not in the frame, and the files that are nobody's, are together in the last one.
    """

    key: str
    files: tuple[ReceivedFile, ...]
    respondents: frozenset[str]

    @property
    def returns(self) -> list[ReceivedFile]:
        """The files that are read."""
        return [file for file in self.files if file.is_return]


@dataclass(frozen=True)
class Dividing:
    """Divides files and decisions; `whose` has the respondent of each content read, `unkept` what no cache has."""

    round: Round
    history: History
    cache: ReadingCache
    whose: Mapping[str, str]
    unkept: Mapping[str, Submission]

    def groups(self, files: Sequence[ReceivedFile]) -> list[Group]:
        """The groups in the order of the frame, each with its files by respondent."""
        places = {respondent.code: place for place, respondent in enumerate(self.round.respondents)}
        last = len(places)
        members: dict[int, set[str]] = {last // _RESPONDENTS + 1: {""}}
        for code in {*self.whose.values(), *(entry.respondent for entry in self.history.decisions.rows)}:
            group = places[code] // _RESPONDENTS if code in places else last // _RESPONDENTS + 1
            members.setdefault(group, set()).add(code)
        of_code: dict[str, list[ReceivedFile]] = {}
        for file in files:
            of_code.setdefault(self.whose.get(file.sha256, ""), []).append(file)
        there = frozenset(self.whose)
        found = []
        for _, codes in sorted(members.items()):
            ordered = sorted(codes, key=lambda code: (places.get(code, last), code))
            own = tuple(file for code in ordered for file in of_code.get(code, ()))
            found.append(Group(self._key(own, codes, there), own, frozenset(codes)))
        return found

    def _key(self, files: Iterable[ReceivedFile], codes: Collection[str], there: frozenset[str]) -> str:
        files = list(files)
        decided = history_of(self.history, codes, {file.sha256 for file in files}).decisions.rows
        parts = [self.cache.version, *map(spelled, decided)]
        for file in files:
            names = self.history.names.get(file.name, ())
            known = (self.history.received.get(file.sha256, ""), names, tuple(name in there for name in names))
            parts += [self.cache.name(file), spelled(known)]
            if file.sha256 in self.unkept:
                parts.append(spelled(self.unkept[file.sha256]))
        return hashed("\n".join(parts))


def history_of(history: History, respondents: Collection[str], contents: Collection[str]) -> History:
    """What the register knows of some respondents and contents."""
    rows = (row for row in history.decisions.rows if row.respondent in respondents or row.sha256 in contents)
    return replace(history, decisions=Decisions(tuple(rows)))


def split(
    tables: Mapping[str, pd.DataFrame], groups: Sequence[Group], round_: Round
) -> Iterator[tuple[Group, dict[str, pd.DataFrame]]]:
    """The rows of each group, those of a respondent together, else in the order in which they stand."""
    of_file = {file.sha256: number for number, group in enumerate(groups) for file in group.files}
    of_code = {code: number for number, group in enumerate(groups) for code in group.respondents}
    places = {respondent.code: place for place, respondent in enumerate(round_.respondents)}
    divided: dict[str, Mapping[object, pd.DataFrame]] = {}
    for name, table in tables.items():
        codes = table["respondent"]
        numbers = _looked_up(codes, of_code)
        source = next((column for column in ("submission", "sha256") if column in table), None)
        if source is not None:
            numbers = _looked_up(table[source], of_file).fillna(numbers)
        if name == "answers":
            order = pd.DataFrame({"place": _looked_up(codes, places).fillna(len(places)), "code": codes.astype(object)})
            table = table.loc[order.sort_values(["place", "code"], kind="stable").index]
        divided[name] = dict(iter(table.groupby(numbers.reindex(table.index), sort=False)))
    for number, group in enumerate(groups):
        yield group, {name: divided[name].get(number, tables[name].iloc[:0]) for name in tables}


def _looked_up(column: "pd.Series[str]", numbers: Mapping[str, int]) -> "pd.Series[float]":
    """The number of each text of a column, of one that repeats looked up once; none where it has none."""
    return column.map(numbers).astype("float64")
