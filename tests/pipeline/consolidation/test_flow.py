"""Returns flow through in chunks: the same rows however they are divided, and only what is new is read and judged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.consolidation import flow, groups
from pipeline.consolidation.consolidate import Consolidation, consolidate
from pipeline.consolidation.flow import Flow, ThisMachine
from pipeline.consolidation.judge import judge
from pipeline.consolidation.kept_groups import Kept, KeptGroups
from pipeline.consolidation.work import GROUPS, Chunk, Work, judge_chunk
from pipeline.processes import Processes
from pipeline.reading.one_return import read_return
from pipeline.reading.submission import as_read, unread
from pipeline.receiving.decision import Decision, Decisions, Kind
from pipeline.receiving.isolation import LOST
from pipeline.receiving.isolation_error import IsolationError
from pipeline.receiving.received import ReceivedFile, with_copies
from pipeline.receiving.register import NO_HISTORY, History
from pipeline.validation.batch import read_new
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import Always
from questionnaire.rules.rule import Rule, Severity
from tests.given import replace_in
from tests.pipeline.consolidated import frame, read_here
from tests.pipeline.returned import SOME, Book, book, identity, mini_round, put, received, write

SOUND = {**SOME, ("W01a", "regions.NORTH"): "x"}
WRONG = {**SOUND, ("W01a", "total"): -1}
AT = "2026-05-01T10:00:00Z"


def sent(folder: Path, name: str, sheets: Book) -> ReceivedFile:
    data = write(sheets)
    (folder / name).write_bytes(data)
    return replace(received(data, name), path=folder / name)


def decided(respondent: str, value: str, number: int) -> Decision:
    return Decision(
        Kind.CORRECT, respondent, "ada", AT, "By telephone.", question="W01a.total", value=value, number=number
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[ReceivedFile]:
    """Of MEX two that differ, of USA one with an error, of BRA one twice, and two that are nobody's."""
    folder = tmp_path_factory.mktemp("returns")
    made = [
        sent(folder, "a.xlsx", book(WRONG, identity(respondent="USA"))),
        sent(folder, "b.xlsx", book(SOUND, identity(respondent="MEX"))),
        sent(folder, "c.xlsx", put(book(SOUND, identity(respondent="MEX")), "W01a", "total", 5)),
        sent(folder, "d.xlsx", book(SOUND)),
        sent(folder, "e.xlsx", book(who=identity(round="2019"))),
        replace(received(b"a letter", "g.txt"), path=folder / "g.txt").refused("lock_file"),
    ]
    copy = folder / "f.xlsx"
    copy.write_bytes(made[3].path.read_bytes())
    return with_copies([*made[:5], replace(made[3], name="f.xlsx", path=copy), made[5]])


HISTORY = History(
    names={"a.xlsx": ("earlier", "later")},
    decisions=Decisions((decided("MEX", "6", 1), decided("BRA", "7", 2), decided("NOBODY", "8", 3))),
)


def made(
    files: Sequence[ReceivedFile], folder: Path, history: History = HISTORY, round_: Round | None = None, **how: Any
) -> Consolidation:
    round_ = round_ or mini_round()
    return consolidate(round_, Flow(round_, folder, **how).run(files, history).groups, files, folder / GROUPS, history)


def shown(found: Consolidation) -> dict[str, str]:
    """Everything that a consolidation holds, as text."""
    tables = {name: frame(getattr(found, name)) for name in ("answers", "findings", "damage")}
    tables |= {name: getattr(found, name) for name in ("returns", "reconciliation", "decisions", "parts")}
    tables |= {f"conflicts {language}": table for language, table in found.conflicts.items()}
    texts = {name: table.to_csv(index=False) for name, table in tables.items()}
    return texts | {"rest": repr((found.standings, found.coverage, sorted(found.severities.items())))}


def test_flow__however_many_at_a_time__gives_the_same(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(files, tmp_path / "whole")
    answers = frame(whole.answers)
    assert answers["respondent"].drop_duplicates().tolist() == ["BRA", "USA", "MEX", "NOBODY"]
    assert set(whole.returns["verdict"]) >= {"accepted", "duplicate", "to_correct", "not_usable"}
    for respondents, together in ((1, 1), (2, 3), (1, 3)):
        monkeypatch.setattr(groups, "_RESPONDENTS", respondents)
        parts = made(files, tmp_path / f"{respondents}-{together}", together=together)
        assert len(parts.answers.files) > len(whole.answers.files)
        assert shown(parts) == shown(whole)


def test_batch__a_return_that_is_empty__is_asked_no_rules(tmp_path: Path) -> None:
    files = [sent(tmp_path, "wrong.xlsx", book(WRONG)), sent(tmp_path, "empty.xlsx", book({}))]
    assert {found.file for found in read_here(mini_round(), files).broken} == {"wrong.xlsx"}


@pytest.mark.parametrize(
    ("jobs", "together", "expected"),
    [(1, 3, [2, 2]), (2, 9, [4]), (2, 3, [2, 2]), (3, 2, [2, 1, 1]), (9, 1, [1, 1, 1, 1])],
)
def test_flow__more_than_are_judged_together__are_divided_evenly_among_those_who_judge(
    files: list[ReceivedFile],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    jobs: int,
    together: int,
    expected: list[int],
) -> None:
    sizes: list[int] = []

    class Counting(ThisMachine):
        def judge(self, work: Work, chunks: Iterable[Chunk]) -> Iterable[Mapping[str, Kept]]:
            chunks = list(chunks)
            sizes.extend(len(chunk.returns) for chunk in chunks)
            return super().judge(work, chunks)

    monkeypatch.setattr(groups, "_RESPONDENTS", 1)
    with Processes(mini_round(), judge_chunk.__module__, jobs) as processes:
        four = [files[0], files[1], files[3], files[4]]
        made(four, tmp_path, together=together, engine=Counting(processes=processes))
    assert sizes == expected


def test_flow__files_that_are_no_returns__are_judged_with_the_last_of_those_that_are(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[int, int]] = []

    class Counting(ThisMachine):
        def judge(self, work: Work, chunks: Iterable[Chunk]) -> Iterable[Mapping[str, Kept]]:
            chunks = list(chunks)
            sizes.extend((len(chunk.groups), len(chunk.returns)) for chunk in chunks)
            return super().judge(work, chunks)

    monkeypatch.setattr(groups, "_RESPONDENTS", 1)
    made([files[0], files[1], files[-1]], tmp_path, History(), engine=Counting())
    assert sizes == [(3, 2)]


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.wide)])
def test_flow__chunks_judged_in_several_processes__gives_the_same(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    whole = made(files, tmp_path / "whole")
    monkeypatch.setattr(groups, "_RESPONDENTS", 1)
    with Processes(mini_round(), judge_chunk.__module__, jobs) as processes:
        processes.start()
        parts = made(files, tmp_path / "parts", together=1, engine=ThisMachine(1, processes))
    assert shown(parts) == shown(whole)


def lost(code: str) -> Any:
    """How files are read whose children all end so."""
    return lambda _, files, **__: (unread(file, code, "SIGKILL") for file in files)


@pytest.mark.parametrize("code", sorted(LOST))
def test_flow__whatever_is_read_ends_its_child__stops_unless_something_was_ever_read(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr("pipeline.consolidation.work.read_new", lost(code))
    with pytest.raises(IsolationError, match="SIGKILL"):
        made(files[:3], tmp_path / "nothing")
    # Two may both be bad, and so may all that have come since yesterday.
    assert set(made(files[:2], tmp_path / "two").returns["verdict"]) == {"not_usable"}
    monkeypatch.undo()
    made(files[3:4], tmp_path / "known")
    monkeypatch.setattr("pipeline.consolidation.work.read_new", lost(code))
    assert sorted(made(files[:4], tmp_path / "known").returns["verdict"]) == ["accepted", *["not_usable"] * 3]


def test_flow__anything_new__says_how_many_returns_are_read_and_judged_before_they_are(
    files: list[ReceivedFile], tmp_path: Path
) -> None:
    begun: list[int] = []
    flow = Flow(mini_round(), tmp_path)
    flow.run(files[:2], HISTORY, begun.append)
    assert begun == [2, 2]
    flow.run(files[:2], HISTORY, begun.append)
    assert begun == [2, 2]
    flow.run(files[:3], HISTORY, begun.append)
    assert begun == [2, 2, 1, 3]


class Watched:
    """Which files a run reads and which it judges."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.judged: list[str] = []

        def reading(round_: Round, files: Sequence[ReceivedFile], **rest: Any) -> Any:
            self.read += [file.name for file in files]
            return read_new(round_, files, **rest)

        def judging(round_: Round, batch: Any, *rest: Any) -> Any:
            self.judged += [file.name for file in batch.files]
            return judge(round_, batch, *rest)

        monkeypatch.setattr("pipeline.consolidation.work.read_new", reading)
        monkeypatch.setattr("pipeline.consolidation.work.judge", judging)

    def now(self) -> tuple[list[str], list[str]]:
        """What was since the last time."""
        found = self.read, self.judged
        self.read, self.judged = [], []
        return found


def test_flow__again__reads_and_judges_only_what_is_new_and_gives_the_same_as_a_full_run(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "_RESPONDENTS", 1)
    few = [file for file in files if file.name != "c.xlsx"]
    first = made(few, tmp_path)
    watched = Watched(monkeypatch)
    assert shown(made(few, tmp_path)) == shown(first)
    assert watched.now() == ([], [])
    again = made(files, tmp_path)
    assert watched.now() == (["c.xlsx"], ["b.xlsx", "c.xlsx"])
    assert shown(again) == shown(made(files, tmp_path / "full"))
    watched.now()
    # A decision concerns its respondent alone; what came in under another name, the file of that name.
    changed = replace(HISTORY, decisions=Decisions((*HISTORY.decisions.rows, decided("BRA", "9", 4))))
    assert shown(made(files, tmp_path, changed)) == shown(made(files, tmp_path / "changed", changed))
    assert watched.now()[1][:2] == ["d.xlsx", "f.xlsx"]
    renamed = replace(HISTORY, names={"a.xlsx": ("another",)})
    made(files, tmp_path, renamed)
    assert watched.now() == ([], ["a.xlsx"])


def test_flow__an_earlier_content_of_a_name_is_no_longer_there__judges_its_file_again(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "_RESPONDENTS", 1)
    # What came as a.xlsx before is another respondent's, and stands there under another name.
    history = History(names={"a.xlsx": (files[1].sha256,)})
    made(files[:2], tmp_path, history)
    watched = Watched(monkeypatch)
    again = made(files[:1], tmp_path, history)
    assert watched.now() == ([], ["a.xlsx"])
    assert shown(again) == shown(made(files[:1], tmp_path / "full", history))


def test_flow__what_was_kept_is_damaged__is_made_again(files: list[ReceivedFile], tmp_path: Path) -> None:
    whole = shown(made(files[:1], tmp_path))
    folder = tmp_path / GROUPS
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name, content in before.items():
        (folder / name).write_bytes(content[:-1])
        assert shown(made(files[:1], tmp_path)) == whole, name
    small = max(folder.glob("*.json"), key=lambda path: path.stat().st_size)
    # What somebody, or a failing disk, made of it may still be JSON.
    replace_in(small, '"to_correct"', '"accepted"')
    assert shown(made(files[:1], tmp_path)) == whole
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def with_rules(changed: Callable[[Rule], Rule]) -> Round:
    round_ = mini_round()
    rules = tuple(map(changed, round_.instrument.rules))
    return replace(round_, instrument=replace(round_.instrument, rules=rules, fingerprint="another"))


def test_flow__a_changed_rule__judges_all_again_and_reads_only_for_another_text(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(files, tmp_path)
    assert "error" in set(frame(first.findings)["severity"])
    lenient = with_rules(lambda rule: replace(rule, severity=Severity.WARNING, check=Always()))
    watched = Watched(monkeypatch)
    again = made(files, tmp_path, round_=lenient)
    read_now, judged_now = watched.now()
    assert (read_now, sorted(judged_now)) == ([], sorted(file.name for file in files))
    assert shown(again) == shown(made(files, tmp_path / "full", round_=lenient))
    assert shown(again) != shown(first)
    watched.now()
    made(files, tmp_path, round_=with_rules(lambda rule: replace(rule, message={"en": "Look at this."})))
    assert len(watched.now()[0]) == 5


def test_as_read__in_place_of_the_whole_round__reads_the_same(files: list[ReceivedFile]) -> None:
    round_ = mini_round()
    less = as_read(round_)
    assert (less.instrument.fingerprint, less.instrument.structure) == ("", round_.instrument.structure)
    for file in files[:5]:
        assert read_return((less, Layout.of(less)), file) == read_return((round_, Layout.of(round_)), file)


def test_flow__a_reading_that_cannot_be_kept__is_judged_by_what_was_read(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.reading.reading_cache.ReadingCache.keep", lambda *_: False)
    watched = Watched(monkeypatch)
    whole = made(files, tmp_path / "unkept", NO_HISTORY)
    assert watched.now()[0] == ["a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx"]
    monkeypatch.undo()
    assert shown(whole) == shown(made(files, tmp_path / "kept", NO_HISTORY))


def test_forget_others__what_no_run_has_used_for_a_day__is_gone(files: list[ReceivedFile], tmp_path: Path) -> None:
    made(files[:1], tmp_path)
    folder = tmp_path / GROUPS
    used = {path.name for path in folder.iterdir()}
    for name in ("old.json", "young.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    for path in folder.iterdir():
        if path.name != "young.json":
            os.utime(path, (two_days_ago, two_days_ago))
    made(files[:1], tmp_path)
    assert {path.name for path in folder.iterdir()} == used | {"young.json"}
    assert KeptGroups(folder).find("young") is None


def test_memory__that_judging_took__is_given_back_before_the_next_chunk_and_the_tables(
    files: list[ReceivedFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    judge_one = Work.judge

    def judged(work: Work, chunk: Chunk) -> dict[str, Kept]:
        done.append("judged")
        return judge_one(work, chunk)

    monkeypatch.setattr(Work, "judge", judged)
    monkeypatch.setattr(flow, "give_back", lambda: done.append("given back"))
    monkeypatch.setattr(groups, "_RESPONDENTS", 1)
    Flow(mini_round(), tmp_path, together=1).run(files, HISTORY)
    assert done == ["judged", "given back"] * (len(done) // 2)
    assert len(done) > 2
