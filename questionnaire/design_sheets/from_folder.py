"""Makes the rows of the design sheets of an instrument's folder, whatever its files look like.

What a file declares is taken as it stands, right or wrong: whoever reads the declaration judges it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.list_design import FILES
from questionnaire.declaration.translations import TRANSLATIONS
from questionnaire.design_sheets.plan import (
    EDITIONS,
    INDICATORS,
    LISTS,
    QUESTIONS,
    REFERENCES,
    RULES,
    SECTIONS,
    SETTING_TEXTS,
    SETTINGS,
    TABLES,
    TYPES,
    WORDINGS,
    Holds,
    plan_of,
)
from questionnaire.design_sheets.rows import DesignRow, DesignRows, objective_of
from questionnaire.messages import in_english
from questionnaire.tables import Row, read_rows, read_settings

_OLDER = {"kind": "indicator_type", "met_if_status_at_least": "met_from_level", "mirror": "bilateral"}
"""What earlier instruments call things."""
_WITH_KINDS = (TRANSLATIONS, "editions.csv", "wordings_before.csv")
"""The files whose column kind is called so today."""
_PARTS = {
    "list": ("column", "count", "bilateral", "mirror"),
    "table": ("dimension", "across", "column", "cannot_occur"),
}


def rows_of_folder(folder: Path) -> DesignRows:
    """The rows of an instrument; DeclarationError, IndicatorTableError for one that cannot be read."""
    instrument = read_instrument(folder)
    settings = read_settings(folder / "instrument.toml").values
    official = instrument.official_language
    translated: dict[tuple[str, str], Mapping[str, str]] = {}
    for row in _lines(folder, TRANSLATIONS):
        texts = {language: text for language, text in row.cells.items() if len(language) in (2, 3) and text}
        translated[row["kind"], row["code"]] = texts
    sections = [_section(one, official, translated) for one in settings.get("section", ())]
    types = "indicator_types.csv" if (folder / "indicator_types.csv").exists() else "kinds.csv"
    return DesignRows(
        _settings(settings),
        {
            SECTIONS: sections,
            REFERENCES: [DesignRow(_cells(one, REFERENCES)) for one in settings.get("reference", ())],
            INDICATORS: list(_indicators(instrument, folder, translated, bool(sections))),
            TYPES: [DesignRow(_told(row, TYPES)) for row in _lines(folder, types)],
            QUESTIONS: [DesignRow(_told(row, QUESTIONS)) for row in _lines(folder, "questions.csv")],
            LISTS: [DesignRow(_told(row, LISTS)) for row in _lines(folder, "codelists.csv")],
            TABLES: list(_tables(folder)),
            EDITIONS: [DesignRow(_told(row, EDITIONS)) for row in _lines(folder, "editions.csv")],
            WORDINGS: [DesignRow(_told(row, WORDINGS)) for row in _lines(folder, "wordings_before.csv")],
            RULES: [DesignRow(_cells(one, RULES)) for one in _entries(folder, "rules.toml", "rule")],
        },
    )


_Translated = Mapping[tuple[str, str], Mapping[str, str]]


def _section(entry: Mapping[str, Any], official: str, translated: _Translated) -> DesignRow:
    cells = _cells({key: value for key, value in entry.items() if key != "heading"}, SECTIONS)
    heading = {f"heading_{official}": entry["heading"]} if entry.get("heading") else {}
    return _with(DesignRow({**cells, **heading}), "heading", translated.get(("section", cells["code"]), {}))


def _indicators(
    instrument: Instrument, folder: Path, translated: _Translated, has_sections: bool
) -> Iterator[DesignRow]:
    official = instrument.official_language
    designs = {row["indicator"]: row for row in _lines(folder, "indicators.csv")}
    for one in instrument.indicators:
        cells = {
            "section": one.section if has_sections else "",
            "objective_code": one.objective_number,
            f"objective_{official}": one.objective[official],
            "indicator": one.code,
            f"text_{official}": one.text[official],
            **_told(designs[one.code], INDICATORS),
        }
        row = DesignRow({name: text for name, text in cells.items() if text})
        row = _with(row, "objective", translated.get(("objective", objective_of(row)), {}))
        yield _with(row, "text", translated.get(("indicator", one.code), {}))


def _settings(values: Mapping[str, Any]) -> DesignRow:
    cells = {name: written(values[name]) for name in SETTINGS if name in values}
    for name in SETTING_TEXTS:
        cells |= {f"{name}_{language}": str(text) for language, text in values.get(name, {}).items()}
    return DesignRow({name: text for name, text in cells.items() if text})


def _lines(folder: Path, name: str) -> Iterator[Row]:
    path = folder / name
    if path.exists():
        yield from read_rows(path, (), {} if name in _WITH_KINDS else _OLDER)


def _told(row: Row, sheet: str) -> dict[str, str]:
    """The cells of a line that the sheet has a column for."""
    plan = plan_of(sheet)
    return {name: seen(text) for name, text in row.cells.items() if text and plan.column(name)}


def seen(text: str) -> str:
    """A text as a cell keeps it: its line ends are those of Unix."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with(row: DesignRow, column: str, texts: Mapping[str, str]) -> DesignRow:
    return DesignRow({**row.cells, **{f"{column}_{language}": text for language, text in texts.items()}})


def _entries(folder: Path, name: str, word: str) -> Iterator[Mapping[str, Any]]:
    path = folder / name
    if path.exists():
        yield from read_settings(path).values.get(word, ())


def _cells(entry: Mapping[str, Any], sheet: str) -> dict[str, str]:
    """The keys of an entry as cells; a text in several languages is a cell for each."""
    plan = plan_of(sheet)
    found: dict[str, str] = {}
    for key, value in entry.items():
        column = plan.column(key)
        if column is None:
            continue
        if column.holds is Holds.WORDING:
            wording = value if isinstance(value, dict) else in_english(value)
            found |= {f"{key}_{language}": seen(str(text)) for language, text in wording.items() if text}
        elif value != "":
            found[key] = written(value)
    return found


def written(value: Any) -> str:
    """A value of a TOML file as it stands in a cell."""
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return " ".join(map(written, value))
        case dict():
            return " ".join(f"{name}={text}" for name, text in value.items())
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return seen(str(value))


def _tables(folder: Path) -> Iterator[DesignRow]:
    """The lists, then the tables, each followed by its parts."""
    for name, word in FILES.items():
        for entry in _entries(folder, name, word):
            yield from _block("list", entry)
    for entry in _entries(folder, "tables.toml", "table"):
        yield from _block("table", entry)


def _block(part: str, entry: Mapping[str, Any]) -> Iterator[DesignRow]:
    code = str(entry.get("code", ""))
    yield _part(code, part, {key: value for key, value in entry.items() if key != "code"})
    for key in _PARTS[part]:
        items = entry.get(key, ())
        for item in (items,) if isinstance(items, dict) else items:
            if key == "cannot_occur":
                yield DesignRow({"table": code, "part": key, "codes": written(item)})
                continue
            yield _part(code, _OLDER.get(key, key), item)
            for option in item.get("option", ()):
                yield _part(code, "option", option)


def _part(table: str, part: str, entry: Mapping[str, Any]) -> DesignRow:
    own = {key: value for key, value in entry.items() if key not in _PARTS.get(part, ())}
    return DesignRow({"table": table, "part": part, **_cells(own, TABLES)})
