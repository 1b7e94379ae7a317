"""Reads the small tables a secretariat edits (CSV, TOML), with faults that name file, line and remedy.

It knows nothing of what the tables mean.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from questionnaire.codelists import Wording

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
_NAMES = ("code", "column")
"""The keys by which entries of a TOML file are called."""
_NUMBERED = re.compile(r" \d+(?=\.)")


@dataclass(frozen=True)
class Spot:
    """Where something stands in a file: the line of a table or the entry of a TOML file, and the column or key."""

    file: str
    part: int | str
    name: str = ""


class DeclarationError(Exception):
    """A file of an instrument or a round that cannot be used as it stands; `spot` says `where` to programs."""

    def __init__(self, where: str, what: str, remedy: str, spot: Spot | None = None) -> None:
        super().__init__(f"{where}: {what}. {remedy}")
        self.where, self.what, self.remedy, self.spot = where, what, remedy, spot

    @property
    def faults(self) -> "tuple[DeclarationError, ...]":
        """Everything that is wrong, one by one."""
        return (self,)


class SeveralFaultsError(DeclarationError):
    """Several faults, reported together: its text has a line for each."""

    def __init__(self, faults: Sequence[DeclarationError]) -> None:
        first = faults[0]
        super().__init__(first.where, first.what, first.remedy, first.spot)
        self.args = ("\n".join(map(str, faults)),)
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[DeclarationError, ...]:
        return self._faults


@dataclass(frozen=True)
class Row:
    """One line of a CSV table: its cells by column name, and where it stands."""

    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def whole_number(self, column: str) -> int | None:
        """The cell as a whole number, None when it is empty."""
        text = self.get(column)
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise self.fault(
                column, f"“{text}” is not a whole number", "Write digits only, or leave it empty"
            ) from None

    def number(self, column: str) -> float | None:
        """The cell as a number that may have decimals, after a point or a comma; None when it is empty."""
        text = self.get(column)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise self.fault(column, f"“{text}” is not a number", "Write digits, with a point before decimals")
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() else number

    def wording(self, prefix: str, languages: tuple[str, ...]) -> Wording:
        """The columns `<prefix>_<language>` as one wording; languages without text are left out."""
        return {language: text for language in languages if (text := self.get(f"{prefix}_{language}"))}

    def fault(self, column: str, what: str, remedy: str) -> DeclarationError:
        where = f"{self.path.name}, line {self.line}, column {column}"
        return DeclarationError(where, what, remedy, Spot(self.path.name, self.line, column))


def read_text(path: Path) -> str:
    """The file as UTF-8 text, with or without a byte-order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DeclarationError(str(path), "the file is missing", "Put it back, or copy it from another round") from None
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} is not UTF-8"
        raise DeclarationError(str(path), what, "Save the file as “CSV UTF-8” or as UTF-8 text") from None


def read_rows(path: Path, required: tuple[str, ...], older: Mapping[str, str] = MappingProxyType({})) -> Iterator[Row]:
    """The lines of a CSV table with these columns at least; comma or semicolon, as spreadsheet programs save it.

    `older` gives the name of today for what a column was called before.
    Raises DeclarationError for a missing column, a repeated one, or a line with too many cells.
    """
    text = read_text(path)
    header_line = text.split("\n", 1)[0]
    delimiter = ";" if header_line.count(";") > header_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [older.get(cell.strip(), cell.strip()) for cell in next(reader, [])]
    if missing := [column for column in required if column not in header]:
        raise DeclarationError(
            f"{path.name}, line 1", f"the column {', '.join(missing)} is missing", "Add it to the first line"
        )
    if len(set(header)) < len(header):
        raise DeclarationError(f"{path.name}, line 1", "a column stands twice", "Remove one of the two")
    start = reader.line_num + 1
    for cells in reader:
        line, start = start, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            what = f"there are {len(cells)} cells under {len(header)} columns"
            raise DeclarationError(
                f"{path.name}, line {line}", what, "Put double quotes around a text with commas in it"
            )
        padded = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
        yield Row(path, line, dict(zip(header, padded, strict=True)))


def read_settings(path: Path) -> "Settings":
    """A TOML file; DeclarationError names the line that is not TOML."""
    try:
        return Settings(path, tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(path.name, str(error), "Compare that line with the ones around it") from None


@dataclass(frozen=True)
class Settings:
    """The keys of a TOML file (or of one table in it), asked for by name and type."""

    path: Path
    values: dict[str, Any]
    within: str = ""

    def text(self, key: str, default: str | None = None) -> str:
        return self._typed(key, str, "a text in double quotes", default)  # type: ignore[no-any-return]

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        found = self._typed(key, list, "a list of texts in square brackets", None if default is None else list(default))
        return tuple(map(str, found))

    def wording(self, key: str) -> Wording:
        found = self._typed(key, dict, "one text for each language", {})
        return {str(language): str(text) for language, text in found.items() if str(text).strip()}

    def wording_in(self, key: str, languages: Sequence[str]) -> Wording:
        """The same, where no other languages than these have a meaning: a text in another would be shown to nobody."""
        found = self.wording(key)
        if unknown := [language for language in found if language not in languages]:
            what = f"there are no texts in {', '.join(unknown)}"
            raise self.fault(key, what, f"Remove it, or use {', '.join(languages)}")
        return found

    def table(self, key: str, words: str = "a table") -> "Settings":
        if isinstance(self.values.get(key), list):
            raise self.fault(key, "it stands in double square brackets", f"Write [{self._heading(key)}], once")
        return Settings(self.path, self._typed(key, dict, words, None), f"{self._name(key)}")

    def tables(self, key: str) -> "tuple[Settings, ...]":
        written = f"[[{self._heading(key)}]]"
        if isinstance(self.values.get(key), dict):
            raise self.fault(key, "it stands in single square brackets", f"Write {written}")
        found = self._typed(key, list, f"{written} above each", [])
        if not all(isinstance(item, dict) for item in found):
            raise self.fault(key, "it is a list of values, not of tables", f"Write {written} above each")
        return tuple(Settings(self.path, item, f"{self._name(key)} {n}") for n, item in enumerate(found, 1))

    def typed(self, key: str, wanted: type | tuple[type, ...], wanted_words: str, default: Any = None) -> Any:
        """A key of any other TOML type; `wanted_words` says in an error what should stand there."""
        return self._typed(key, wanted, wanted_words, default)

    def check_keys(self, known: Sequence[str], elsewhere: Mapping[str, str] = MappingProxyType({})) -> None:
        """A fault at a key that is not known: misspelt, it would be as good as not there.

        Keys of a table are known by its name, a dot and their own; a table of which none is known may have any.
        `elsewhere` says of tables where something stands that is often looked for there.
        """
        names = list(dict.fromkeys(name.partition(".")[0] for name in known))
        for key, value in self.values.items():
            if key not in names:
                alike = get_close_matches(key, names, 1)
                remedy = f"Write {alike[0]}" if alike else f"Remove it, or use one of {', '.join(names)}"
                other = elsewhere.get(self.within)
                raise self.fault(key, "there is no such key", f"{remedy}; {other}" if other else remedy)
            within = [name.removeprefix(f"{key}.") for name in known if name.startswith(f"{key}.")]
            if within and isinstance(value, dict):
                self.table(key).check_keys(within, elsewhere)

    def fault(self, key: str, what: str, remedy: str) -> DeclarationError:
        where = f"{self.path.name}, key {self._name(key)}{self._of(key)}"
        return DeclarationError(where, what, remedy, Spot(self.path.name, self.within, key))

    def _of(self, key: str) -> str:
        """What an entry calls itself, so that nobody has to count entries."""
        called = next((self.values[name] for name in _NAMES if isinstance(self.values.get(name), str)), "")
        return f" (of “{called}”)" if self.within and called and key not in _NAMES else ""

    def _name(self, key: str) -> str:
        return f"{self.within}.{key}" if self.within else key

    def _heading(self, key: str) -> str:
        """The key as a heading in the file names it: list.column, not list 1.column."""
        return _NUMBERED.sub("", self._name(key))

    def _typed(self, key: str, wanted: type | tuple[type, ...], words: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(key, "the key is missing", f"Add it: {words}")
        if not isinstance(value, wanted) or isinstance(value, bool) is not (wanted is bool):
            raise self.fault(key, f"“{value}” is not what belongs here", f"Write {words}")
        return value
