"""The reading cache, kept from run to run: used only where reading would give the same, harmless when damaged."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.findings import finding
from pipeline.reading import fingerprints
from pipeline.reading.reading_cache import ReadingCache, _sealed, _unsealed
from pipeline.reading.submission import Cover, Submission, unread
from pipeline.receiving.acceptance import Acceptance
from pipeline.receiving.isolation import Isolation
from pipeline.receiving.received import ReceivedFile
from pipeline.validation.batch import read_batch
from questionnaire.codelists import Wording
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import Round
from questionnaire.rounds.round_key import create_key
from questionnaire.rounds.slices import Slice
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity
from tests.pipeline.returned import book, identity, mini_round, put, read, received, write

DAY = dt.date(2025, 3, 1)


def file_in(folder: Path, answer: Any = 12, name: str = "return.xlsx") -> ReceivedFile:
    """A return that lies in a folder."""
    data = write(put(book(), "W01a", "total", answer))
    (folder / name).write_bytes(data)
    return replace(received(data, name), path=folder / name)


@cache
def plain_submission() -> Submission:
    return read(put(book(), "W01a", "total", 12))


def submission(**changes: Any) -> Submission:
    """What one return says, with something in every part of it."""
    found = finding("unplaced", Severity.WARNING, {"typed": "12", "count": 3}, sheet="W", cell="D4", value="12")
    plain = plain_submission()
    made = replace(
        plain,
        rows={**plain.rows, "date": [DAY, *plain.rows["date"][1:]]},
        findings=(found, *plain.findings),
        part=Slice("justice", "*", {"en": "Justice"}, frozenset({"W01a", "F01"})),
        cover=Cover({"focal_point": "Ada"}, frozenset({(3, 1), (4, 1)}), "Cover", "B5"),
    )
    return replace(made, **changes)


@pytest.fixture
def file(tmp_path: Path) -> ReceivedFile:
    return file_in(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_find__what_was_kept__comes_back_the_same_to_the_type(folder: Path, file: ReceivedFile) -> None:
    kept = submission()
    ReadingCache(folder, mini_round()).keep(file, kept)
    found = ReadingCache(folder, mini_round()).find(file)
    assert found == kept
    assert found is not None
    assert repr(dict(found.rows)) == repr(kept.rows)
    assert all(isinstance(entry.severity, Severity) for entry in found.findings)


def test_read_batch__returns_read_before__are_not_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [file_in(tmp_path, number, f"{number}.xlsx") for number in (3, 12, 40)]
    whole = read_batch(mini_round(), files)
    first = read_batch(mini_round(), files[:2], cache=folder)
    read_now: list[str] = []
    map_ = Isolation.map

    def watched(self: Isolation, function: Any, items: Any) -> Any:
        read_now.extend(item.name for item in items)
        return map_(self, function, items)

    monkeypatch.setattr(Isolation, "map", watched)
    again = read_batch(mini_round(), files, cache=folder)
    assert read_now == ["40.xlsx"]
    assert list(again.submissions.items()) == list(whole.submissions.items())
    assert again.findings == whole.findings
    assert again.answers.equals(whole.answers)
    assert list(first.submissions) == list(whole.submissions)[:2]


def renamed(wording: Wording) -> Wording:
    return {**wording, "en": "Another title"}


@pytest.mark.parametrize(
    "change",
    [
        lambda round_: replace(round_, limits=ReadingLimits(memory_mb=512)),
        lambda round_: replace(round_, respondents=round_.respondents[:-1]),
        lambda round_: replace(round_, older_editions=("0",)),
        lambda round_: replace(round_, previous_answers={"BRA": {("W01a", "total"): Answer(12.0)}}),
        lambda round_: replace(round_, instrument=replace(round_.instrument, title=renamed(round_.title))),
    ],
)
def test_find__another_declaration__finds_nothing(
    folder: Path, file: ReceivedFile, change: Callable[[Round], Round]
) -> None:
    round_ = mini_round()
    ReadingCache(folder, round_).keep(file, submission())
    assert ReadingCache(folder, change(round_)).find(file) is None
    assert ReadingCache(folder, round_).find(file) is not None


def test_find__another_key__finds_nothing(folder: Path, file: ReceivedFile, tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    ReadingCache(folder, round_).keep(file, submission())
    create_key(tmp_path)
    assert ReadingCache(folder, round_).find(file) is None


def test_find__another_version_of_the_code__finds_nothing(
    folder: Path, file: ReceivedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReadingCache(folder, mini_round()).keep(file, submission())
    monkeypatch.setattr(fingerprints, "code", lambda: ("newer",))
    assert ReadingCache(folder, mini_round()).find(file) is None


def test_find__what_is_known_of_the_file__counts_but_not_where_it_lies(
    folder: Path, file: ReceivedFile, tmp_path: Path
) -> None:
    ReadingCache(folder, mini_round()).keep(file, submission())
    moved = tmp_path / "moved"
    file.path.rename(moved)
    elsewhere = replace(file, path=moved, modified=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    accepted = Acceptance(file.sha256, "USA", "ada", "2026-03-01T00:00:00Z", "By telephone.")
    kept = ReadingCache(folder, mini_round())
    assert kept.find(elsewhere) is not None
    for other in ({"name": "USA.xlsx"}, {"sender": "a@b.example"}, {"copies": ("b.xlsx",)}, {"accepted": accepted}):
        assert kept.find(replace(elsewhere, **other)) is None, other


def test_find__a_file_that_has_changed_since__is_left_to_reading(folder: Path, file: ReceivedFile) -> None:
    ReadingCache(folder, mini_round()).keep(file, submission())
    file.path.write_bytes(b"something else")
    assert ReadingCache(folder, mini_round()).find(file) is None
    (reported,) = read_batch(mini_round(), [file], cache=folder).submissions.values()
    assert [entry.code for entry in reported.findings] == ["file_changed"]


def with_fewer_columns(kept: bytes) -> bytes:
    """A reading that lacks a column of its rows."""
    line, _, rows = _unsealed(kept).partition(b"\n")
    table = pa.ipc.open_stream(pa.CompressedInputStream(pa.BufferReader(rows), "zstd")).read_all().drop_columns("raw")
    content = pa.BufferOutputStream()
    with pa.ipc.new_stream(content, table.schema) as stream:
        stream.write_table(table)
    return _sealed(line + b"\n" + pa.compress(content.getvalue(), codec="zstd", asbytes=True))


class Trap:
    def __reduce__(self) -> Any:
        return pytest.fail, ("what was kept has been executed",)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda kept: kept[: len(kept) // 2],
        lambda kept: kept[:-1],
        lambda kept: kept[: len(kept) // 2] + bytes([kept[len(kept) // 2] ^ 1]) + kept[len(kept) // 2 + 1 :],
        with_fewer_columns,
        lambda kept: kept.replace(b'"12"', b'"13"', 1),
        lambda kept: kept.replace(b'"respondent":"BRA"', b'"respondent":"MEX"'),
        lambda _: _sealed(b"[]"),
        lambda _: _sealed(b'{"rows": 3}'),
        lambda kept: _sealed(_unsealed(kept).replace(b"{", b'{"colour":"red",', 1)),
        lambda _: pickle.dumps(Trap()),
        lambda _: _sealed(pickle.dumps(Trap())),
    ],
)
def test_find__a_damaged_reading__is_as_good_as_none(
    folder: Path, file: ReceivedFile, damage: Callable[[bytes], bytes]
) -> None:
    kept = ReadingCache(folder, mini_round())
    kept.keep(file, submission())
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert kept.find(file) is None
    # Whose it is may be what is wrong.
    assert kept.respondent(file) in (None, submission().respondent)


def test_find__the_reading_of_another_file_under_its_name__is_as_good_as_none(
    folder: Path, file: ReceivedFile, tmp_path: Path
) -> None:
    other, kept = file_in(tmp_path, 13, "other.xlsx"), ReadingCache(folder, mini_round())
    kept.keep(other, submission(submission=other.sha256))
    (folder / kept.name(other)).rename(folder / kept.name(file))
    assert (kept.find(file), kept.respondent(file)) == (None, None)


def test_read_batch__a_damaged_reading__is_mended(folder: Path, file: ReceivedFile) -> None:
    whole = read_batch(mini_round(), [file], cache=folder)
    (path,) = folder.iterdir()
    kept = path.read_bytes()
    path.write_bytes(kept[:-1])
    assert read_batch(mini_round(), [file], cache=folder).submissions == whole.submissions
    assert path.read_bytes() == kept


def test_read_batch__a_folder_that_cannot_be_written__costs_nothing(tmp_path: Path, file: ReceivedFile) -> None:
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    whole = read_batch(mini_round(), [file], cache=tmp_path / "cache")
    assert whole.submissions == read_batch(mini_round(), [file]).submissions


def test_keep__a_file_that_died_or_could_not_be_read__is_read_again(folder: Path, file: ReceivedFile) -> None:
    kept = ReadingCache(folder, mini_round())
    for code in ("reading_died", "reading_too_long", "reading_too_large", "workbook_damaged"):
        kept.keep(file, unread(file, code, "SIGABRT"))
    assert kept.find(file) is None


def test_keep__the_questionnaire_of_another_round__is_kept(folder: Path, file: ReceivedFile) -> None:
    foreign = replace(read(book(who=identity(round="2019"))), submission=file.sha256)
    assert foreign.blocker == "other_round"
    ReadingCache(folder, mini_round()).keep(file, foreign)
    assert ReadingCache(folder, mini_round()).find(file) == foreign


def test_forget_others__what_no_file_was_looked_up_in__is_gone(folder: Path, tmp_path: Path) -> None:
    here, gone = file_in(tmp_path), file_in(tmp_path, 40, "gone.xlsx")
    kept = ReadingCache(folder, mini_round())
    kept.keep(here, submission())
    kept.keep(gone, submission())
    (folder / ".half-written").write_bytes(b"\x1f\x8b")
    later = ReadingCache(folder, mini_round())
    assert later.find(here) is not None
    later.forget_others()
    assert len(list(folder.iterdir())) == 1
    assert kept.find(gone) is None


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(),
    st.tuples(st.text()), st.lists(st.text()), st.dictionaries(st.text(), st.text()),
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReadingCache, ReceivedFile]:
    folder = tmp_path_factory.mktemp("cache")
    return ReadingCache(folder / "kept", mini_round()), file_in(folder)


@given(value=VALUES, day=st.none() | st.dates(), number=st.floats(allow_nan=False), reported=VALUES, text=st.text())
def test_find__whatever_a_reading_holds__comes_back_the_same_or_not_at_all(
    place: tuple[ReadingCache, ReceivedFile], value: Any, day: Any, number: float, reported: Any, text: str
) -> None:
    kept_cache, file = place[0], replace(place[1], name=repr((value, day, number, reported, text)))
    note = finding("unplaced", Severity.WARNING, {"typed": reported}, value=text)
    changed = {"raw": text, "text": value, "status": value, "date": day, "number": number}
    rows = plain_submission().rows
    rows = {name: [changed.get(name, values[0]), *values[1:]] for name, values in rows.items()}
    kept = submission(rows=rows, findings=(note,), program=text)
    kept_cache.keep(file, kept)
    found = kept_cache.find(file)
    assert found is None or (found == kept and repr(dict(found.rows)) == repr(kept.rows))
