"""Reads the sheets of an XLSForm into a tree of groups and questions, its choices and its languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from questionnaire.codelists import Wording
from questionnaire.messages import LANGUAGES, say
from questionnaire.proposals.languages import language_of

Sheets = Mapping[str, Sequence[Sequence[str]]]
"""The cells of a workbook as texts, by the name of the sheet."""

_LANGUAGE = re.compile(r"\(\s*([A-Za-z]{2,3})(?:[-_]\w+)?\s*\)\s*$")
_NAMES = {
    "fr": ("french", "français", "francais", "francés", "frances", "francês"),
    "es": ("spanish", "español", "espanol", "espagnol", "espanhol"),
    "en": ("english", "anglais", "inglés", "ingles", "inglês"),
    "pt": ("portuguese", "português", "portugues", "portugués", "portugais"),
}
_COLUMNS = {
    "relevance": "relevant",
    "constraint message": "constraint_message",
    "list name": "list_name",
    "repeat count": "repeat_count",
    "calculate": "calculation",
    "value": "name",
}
_TYPES = {
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "select one from": "select_one",
    "select one": "select_one",
    "select all that apply from": "select_multiple",
    "select multiple from": "select_multiple",
    "select multiple": "select_multiple",
    "select all that apply": "select_multiple",
    "add select one prompt using": "select_one",
    "string": "text",
    "int": "integer",
}
_DEEPEST = 20


class FormError(Exception):
    """A form that cannot be read: which sentence of wordings/xlsform_import.toml says so, with its values."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say("xlsform_import", key, "en", **values))
        self.key, self.values = key, values


@dataclass(frozen=True)
class Entry:
    """A question, or a group or repeat with what stands in it. `row` is that of the sheet survey."""

    row: int
    type: str
    list: str
    name: str
    cells: Mapping[str, str]
    label: Wording
    hint: Wording
    message: Wording
    children: tuple[Entry, ...] = ()

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Form:
    """A form: its title and version, its languages, official one first, its entries, and its choices by list."""

    title: str
    version: str
    languages: tuple[str, ...]
    entries: tuple[Entry, ...]
    choices: Mapping[str, tuple[tuple[str, Wording], ...]]
    other_languages: tuple[str, ...] = ()


def read_form(sheets: Sheets) -> Form:
    """The form of a workbook; FormError for one without questions, or whose groups do not close."""
    tables = {name.strip().casefold(): rows for name, rows in sheets.items()}
    if "survey" not in tables:
        raise FormError("no_survey", sheets=", ".join(sheets) or "—")
    survey, choices, settings = (_records(tables.get(name, ())) for name in ("survey", "choices", "settings"))
    first = settings[0][1] if settings else {}
    reader = _Texts(first.get("default_language", ""), [cells for _, cells in (*survey, *choices)])
    entries = _Tree(survey, reader).entries()
    lists: dict[str, list[tuple[str, Wording]]] = {}
    for _, cells in choices:
        if cells.get("list_name") and cells.get("name"):
            lists.setdefault(cells["list_name"], []).append((cells["name"], reader.texts(cells, "label")))
    return Form(
        first.get("form_title", ""),
        first.get("version", ""),
        reader.languages,
        entries,
        {name: tuple(codes) for name, codes in lists.items()},
        reader.others,
    )


def _records(rows: Sequence[Sequence[str]]) -> list[tuple[int, dict[str, str]]]:
    """The rows below the heads, each with its number, by the names of the columns."""
    head = [_head(cell) for cell in rows[0]] if rows else []
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: text.strip() for name, text in zip(head, row, strict=False) if name and text.strip()}
        if cells:
            found.append((number, cells))
    return found


def _head(text: str) -> str:
    """A head as it is known here: its own name in small letters, then the language as it is written."""
    name, colons, language = text.strip().partition("::")
    if not colons:
        name, colons, language = name.partition(":")
    name = name.strip().casefold()
    return f"{_COLUMNS.get(name, name)}{'::' if colons else ''}{language.strip()}"


class _Texts:
    """Knows which columns have the texts of which language."""

    def __init__(self, default: str, records: Sequence[Mapping[str, str]]) -> None:
        named = dict.fromkeys(name.partition("::")[2] for cells in records for name in cells if "::" in name)
        known = {name: code for name in named if (code := _language(name))}
        plain = [cells["label"] for cells in records if "label" in cells]
        own = _language(default) or (language_of(plain) if plain or not known else next(iter(known.values())))
        self.others = tuple(name for name in named if name not in known)
        self.languages = tuple(dict.fromkeys([own, *known.values()]))
        self._suffixes = {"": own, **{f"::{name}": code for name, code in known.items()}}
        if known and own not in known.values() and not plain:
            self.languages = tuple(known.values())

    def texts(self, cells: Mapping[str, str], column: str) -> Wording:
        found = {code: cells[name] for end, code in self._suffixes.items() if (name := column + end) in cells}
        return {code: found[code] for code in self.languages if code in found}


def _language(name: str) -> str:
    """The code of a language as a form names it: `English (en)`, `en`, `Français`; "" for one not known."""
    coded = _LANGUAGE.search(name)
    code = (coded[1] if coded else name).strip().casefold()
    if code in LANGUAGES:
        return code
    plain = _LANGUAGE.sub("", name).strip().casefold()
    return next((code for code, names in _NAMES.items() if plain in names), "")


@dataclass
class _Tree:
    """Puts the rows of the sheet survey into their groups."""

    rows: list[tuple[int, dict[str, str]]]
    texts: _Texts
    open: list[int] = field(default_factory=list)

    def entries(self) -> tuple[Entry, ...]:
        self.rows = [one for one in self.rows if one[1].get("type") and not one[1]["type"].startswith("#")]
        return tuple(self._until(""))

    def _until(self, end: str) -> list[Entry]:
        found: list[Entry] = []
        while self.rows:
            row, cells = self.rows.pop(0)
            kind, list_ = _type(cells["type"])
            if kind.startswith("end_"):
                if kind != end:
                    raise FormError("group_not_open", row=row, type=cells["type"])
                self.open.pop()
                return found
            name = cells.get("name", f"row_{row}")
            label, hint, message = (self.texts.texts(cells, one) for one in ("label", "hint", "constraint_message"))
            children: list[Entry] = []
            if kind.startswith("begin_"):
                if len(self.open) >= _DEEPEST:
                    raise FormError("too_deep", row=row, most=_DEEPEST)
                self.open.append(row)
                children = self._until(kind.replace("begin", "end"))
            found.append(Entry(row, kind, list_, name, cells, label, hint, message, tuple(children)))
        if end:
            raise FormError("group_not_closed", row=self.open[-1])
        return found


def _type(text: str) -> tuple[str, str]:
    """The type of a row and the list it is chosen from."""
    words = text.split()
    joined = " ".join(words).casefold()
    for written, known in _TYPES.items():
        if joined == written or joined.startswith(f"{written} "):
            return known, " ".join(words[len(written.split()) :])
    return words[0].casefold(), " ".join(words[1:])
