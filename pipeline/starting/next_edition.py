"""Starts the next edition of an instrument, and proposes what its files say of the one before."""

import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import write_whole
from questionnaire.declaration.earlier.editions import EDITIONS, NO_LONGER, read_editions
from questionnaire.declaration.earlier.moved_values import VALUE
from questionnaire.declaration.earlier.wordings_before import WORDINGS_BEFORE, read_wordings_before
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import KEPT, kept_editions, read_instrument
from questionnaire.declared_files import required_columns
from questionnaire.proposals.edition_changes import (
    Change,
    Compared,
    compare,
    indicators_of,
    not_read,
    older_wordings,
    questions_of,
)
from questionnaire.tables import DeclarationError, read_rows, read_settings
from questionnaire.tables_written import csv_text, quoted

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EDITION = re.compile(r"^edition\s*=.*$", re.MULTILINE)
_FOLLOWS = "follows_edition"
"""The key of instrument.toml with the edition that the next one is compared with."""
_EDITION_COLUMNS = required_columns(EDITIONS)
_WORDING_COLUMNS = required_columns(WORDINGS_BEFORE)
_KINDS = ("indicator", "question")
_NO_CODE = "-"
"""Stands for a code of then where all have stayed the same: an edition is read only if it has a line."""

Line = tuple[str, ...]


class NoNextEditionError(Exception):
    """Nothing was changed; the text is the key of why, in wordings/editions.toml, and `value` what it names."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(key)
        self.value = value


@dataclass(frozen=True)
class Proposed:
    """What was proposed for an edition: the changes, the lines written, and those that could mean two things."""

    then: Instrument
    now: Instrument
    changes: tuple[Change, ...]
    editions: tuple[Line, ...]
    wordings: tuple[Line, ...]
    ambiguous: tuple[Line, ...] = ()


def start_edition(folder: Path, edition: str) -> Path:
    """Keep the instrument of a folder whole among its older editions and give it the new name; the folder kept.

    Raises NoNextEditionError for a name that cannot be had, DeclarationError for an instrument that cannot be read.
    """
    if not _NAME.fullmatch(edition):
        raise NoNextEditionError("bad_edition", edition)
    before = read_instrument(folder).edition
    if not _NAME.fullmatch(before):
        raise NoNextEditionError("bad_edition", before)
    kept = folder / KEPT / before
    if kept.exists() or edition in kept_editions(folder):
        raise NoNextEditionError("kept_already", str(folder / KEPT))
    kept.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".edition-") as aside:
        whole = Path(aside) / before
        whole.mkdir()
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            shutil.copy2(path, whole / path.name)
        whole.rename(kept)
    settings = folder / "instrument.toml"
    text = settings.read_text(encoding="utf-8-sig")
    text = re.sub(rf"^{_FOLLOWS}\s*=.*\n", "", text, flags=re.MULTILINE)
    lines = f"edition = {quoted(edition)}\n{_FOLLOWS} = {quoted(before)}"
    write_whole(settings, _EDITION.sub(lambda _: lines, text, count=1).encode())
    return kept


def propose(folder: Path) -> Proposed:
    """Compare the instrument of a folder with the edition that it follows, and write what is certain into its files.

    What a person wrote there holds. Raises NoNextEditionError where no older edition is kept.
    """
    before = _before(folder)
    then, now = read_instrument(before), read_instrument(folder, with_past=False)
    known = {"indicator": indicators_of(now), "question": questions_of(now)}
    listed = _lines(folder / EDITIONS, _EDITION_COLUMNS)
    written = [line for line in listed if _is_decided(line, known)]
    decided = {kind: {one[2]: one[3] for one in written if one[:2] == (then.edition, kind)} for kind in _KINDS}
    official = now.official_language
    found = {
        "indicator": compare("indicator", indicators_of(then), known["indicator"], decided["indicator"], official),
        "question": compare("question", questions_of(then), known["question"], decided["question"], official),
    }
    editions = _editions(then, before, written, found, known)
    editions += _values(before, listed, editions, found["question"].now, known["question"])
    codes = {kind: one.now for kind, one in found.items()}
    wanted = [*_carried(before, folder, codes), *older_wordings(then, now, codes)]
    wordings, ambiguous = _readable(now, list(dict.fromkeys(wanted)))
    _check(now, editions)
    _write(folder / EDITIONS, _EDITION_COLUMNS, editions)
    _write(folder / WORDINGS_BEFORE, _WORDING_COLUMNS, wordings)
    changes = (*found["indicator"].changes, *found["question"].changes, *not_read(then, now))
    return Proposed(then, now, changes, tuple(editions), tuple(wordings), tuple(ambiguous))


def _before(folder: Path) -> Path:
    """The folder of the edition that the instrument follows: the one it names, or the only one that it keeps."""
    kept = kept_editions(folder)
    named = read_settings(folder / "instrument.toml").text(_FOLLOWS, "")
    if named in kept:
        return kept[named]
    if len(kept) != 1:
        raise NoNextEditionError("nothing_before", str(folder / KEPT))
    return next(iter(kept.values()))


def _lines(path: Path, columns: tuple[str, ...]) -> list[Line]:
    return [tuple(row[column] for column in columns) for row in read_rows(path, columns)] if path.exists() else []


def _is_decided(line: Line, known: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether a line says of a code of then what it is today."""
    _, kind, then, code = line
    return kind in known and then != _NO_CODE and (code == NO_LONGER or code in known[kind])


def _editions(
    then: Instrument,
    before: Path,
    written: Iterable[Line],
    found: Mapping[str, Compared],
    known: Mapping[str, Mapping[str, object]],
) -> list[Line]:
    """The lines of editions.csv: of the edition before, and of older ones by way of it; what is `written` holds."""
    lines: dict[Line, str] = {}
    for kind in _KINDS:
        for code, now in found[kind].now.items():
            if code != now:
                lines[then.edition, kind, code] = now
    inherited = [line for line in _lines(before / EDITIONS, _EDITION_COLUMNS) if line[1] in _KINDS]
    # What an older edition called something and is not found again below is no longer asked.
    lines |= {(edition, kind, code): NO_LONGER for edition, kind, code, _ in inherited}
    for older in then.editions:
        for kind, codes in (("indicator", older.indicators), ("question", older.questions)):
            for code, once in codes.items():
                now = found[kind].now.get(once, once)
                is_listed = (older.name, kind, code) in lines
                if (now != code or is_listed) and now in (*known[kind], NO_LONGER):
                    lines[older.name, kind, code] = now
    for edition, kind, code, now in written:
        if (edition, kind, code, now) not in inherited:
            lines[edition, kind, code] = now
    for edition in (then.edition, *dict.fromkeys(one.name for one in then.editions)):
        if not any(line[0] == edition for line in lines):
            lines[edition, "indicator", _NO_CODE] = NO_LONGER
    order = {edition: number for number, edition in enumerate((then.edition, *(one.name for one in then.editions)))}
    rows = [(*line, code) for line, code in lines.items()]
    return sorted(rows, key=lambda row: (order.get(row[0], len(order)), row[0], row[1]))


def _values(
    before: Path, listed: Iterable[Line], editions: Iterable[Line], now: Mapping[str, str], known: Collection[str]
) -> list[Line]:
    """The lines about values that the edition before had, by the codes of today, and those that were added since."""
    inherited = [line for line in _lines(before / EDITIONS, _EDITION_COLUMNS) if line[1] == VALUE]
    today = {(edition, then): code for edition, kind, then, code in editions if kind == "question"}
    lines: list[Line] = []
    for edition, kind, then, code in inherited:
        asked, _, value = then.partition("=")
        question, _, answer = code.partition("=")
        question, dot, unit = question.partition(".")
        question = now.get(question, question)
        if today.get((edition, asked), asked) in known and question in known:
            lines.append((edition, kind, f"{asked}={value}", f"{question}{dot}{unit}={answer}"))
    added = (line for line in listed if line[1] == VALUE and line not in inherited)
    return list(dict.fromkeys([*lines, *added]))


def _carried(before: Path, folder: Path, now: Mapping[str, Mapping[str, str]]) -> Iterator[Line]:
    """The older wordings of the edition before, under the codes of today, and what a person added since."""
    inherited = _lines(before / WORDINGS_BEFORE, _WORDING_COLUMNS)
    for kind, code, language, wording in inherited:
        current = now[kind].get(code, NO_LONGER) if kind in now else code
        if current != NO_LONGER:
            yield kind, current, language, wording
    yield from (line for line in _lines(folder / WORDINGS_BEFORE, _WORDING_COLUMNS) if line not in inherited)


def _readable(now: Instrument, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that can be read, and those that could mean two things or nothing any more."""
    kept: list[Line] = []
    refused: list[Line] = []
    if _is_readable(now, lines):
        return lines, []
    for line in lines:
        (kept if _is_readable(now, [*kept, line]) else refused).append(line)
    return kept, refused


def _is_readable(now: Instrument, lines: list[Line]) -> bool:
    with tempfile.TemporaryDirectory() as aside:
        _write(Path(aside) / WORDINGS_BEFORE, _WORDING_COLUMNS, lines)
        try:
            read_wordings_before(Path(aside), now.languages, [(one, one.text) for one in now.indicators])
        except DeclarationError:
            return False
    return True


def _check(now: Instrument, lines: list[Line]) -> None:
    """Raise DeclarationError for lines that contradict one another, which only a person can have written."""
    with tempfile.TemporaryDirectory() as aside:
        _write(Path(aside) / EDITIONS, _EDITION_COLUMNS, lines)
        codes = [one.code for one in now.indicators]
        types = {code: one.type for code, one in now.questions.items()}
        read_editions(Path(aside), now.edition, codes, types, now.missing)


def _write(path: Path, columns: tuple[str, ...], lines: Iterable[Line]) -> None:
    rows = [dict(zip(columns, line, strict=True)) for line in lines]
    if rows or path.exists():
        write_whole(path, csv_text(rows, columns).encode())
