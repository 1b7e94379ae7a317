"""Reads what a workbook's zip package holds beside its cell values: who saved it and when, properties, names, sheets.

What stands in the part of a sheet is found in `sheet_parts`, `opendocument` and `binary_sheets`.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import _lru_cache_wrapper, lru_cache
from typing import TypeVar
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.extent import MAX_CELLS, check_part
from pipeline.reading.workbooks.metadata import (
    UNSEEN,
    At,
    Checkbox,
    Drawn,
    NamedCell,
    SheetMetadata,
    WorkbookMetadata,
)
from pipeline.reading.workbooks.office.binary_sheets import (
    counts_from_1904,
    read_binary_notes,
    read_binary_sheet,
    read_binary_tabs,
)
from pipeline.reading.workbooks.office.binary_styles import BinaryLooks, read_binary_looks
from pipeline.reading.workbooks.office.drawings import is_checked, read_controls, read_drawing
from pipeline.reading.workbooks.office.notes import read_notes
from pipeline.reading.workbooks.office.parts import Parts, folded
from pipeline.reading.workbooks.office.plain_cells import PlainCells
from pipeline.reading.workbooks.office.plain_rows import Rows, rows_of
from pipeline.reading.workbooks.office.plain_values import UnsureError, shared_texts
from pipeline.reading.workbooks.office.sheet_parts import Beside, Looks, look_at_sheet
from pipeline.reading.workbooks.office.styles import Styles, read_styles, rich_texts
from pipeline.reading.workbooks.opendocument.content import read_content
from pipeline.reading.workbooks.plain_packages import check_plain
from pipeline.reading.workbooks.xml_parts import tree, truth
from pipeline.receiving.zip_gate import PackageError, read_marked_parts

_NAMED_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:#\[\]]+))!(\$?[A-Z]{1,3}\$?\d{1,7})(?::.*)?")
_DESCRIPTION = ("coreproperties", "extendedproperties", "customproperties")
_OWN_DESCRIPTION = "meta.xml"
_CONTENT, _OWN_STYLES, _SETTINGS = "content.xml", "styles.xml", "settings.xml"
_ZEROS = "ShowZeroValues"
_SHEET_FOLDER = "/worksheets/"
_VISIBLE, _STATES = "visible", ("visible", "hidden", "veryHidden")
_MACROS = ("vbaproject.bin", "basic/script-lc.xml")
_BINARY = ".bin"
_BOX = b"Checkbox"
_LONGEST_KEPT = 256 * 1024

Read = TypeVar("Read")
_Entry = tuple[str, str]
"""An element by its name, and its text."""


@dataclass(frozen=True)
class PlainSheet:
    """The cells of a sheet that is written in the plain usual way, as the reading library would give them."""

    rows: Rows
    is_visible: bool


@dataclass(frozen=True)
class Package:
    """What a package holds: its metadata, and its sheets in their order where all of them are plain, else None.

    `small` are the parts of sheets that are known not to span too many cells.
    """

    metadata: WorkbookMetadata
    sheets: Mapping[str, PlainSheet] | None = None
    small: frozenset[str] = frozenset()


def read_package(data: bytes, unread: frozenset[str] = frozenset()) -> Package:
    """What a zip package holds, but for the sheets called as in `unread`.

    Raises PackageError for a package that is unsafe or damaged, NotPlainError for one that is not in UTF-8.
    """
    contents: dict[str, bytes] = {}
    for name, content, is_marked in read_marked_parts(data):
        check_plain(name, content, is_marked)
        if folded(name) in contents:
            raise PackageError("workbook_damaged", "two parts have the same name but for capitals")
        contents[folded(name)] = content if _may_matter(name, content) else b""
    parts = Parts(contents)
    sheets: dict[str, str] = {}
    with suppress(Exception):
        sheets = _sheet_parts(parts)
    if _CONTENT in contents:
        check_part(_CONTENT, contents[_CONTENT])
    package = Package(replace(_described(parts), has_macros=any(name.endswith(_MACROS) for name in contents)))
    # What stands behind the cells is a second look: whatever it stumbles over, the cells can be read without it.
    with suppress(Exception):
        package = _behind_cells(package.metadata, parts, sheets, unread)
    for name, content in contents.items():
        is_sheet = name in sheets.values() or (_SHEET_FOLDER in name and "/_rels/" not in name)
        if is_sheet and name not in package.small:
            check_part(name, content)
    return package


def _may_matter(name: str, content: bytes) -> bool:
    """True for parts that say something beside a picture or a font: those in XML, and records."""
    return folded(name).endswith(_BINARY) or b"<" in content[:200]


def _behind_cells(metadata: WorkbookMetadata, parts: Parts, tabs: Mapping[str, str], unread: frozenset[str]) -> Package:
    if _CONTENT in parts:
        return Package(_of_opendocument(metadata, parts))
    main, sheets = parts.main(), {tab: name for tab, name in tabs.items() if tab not in unread}
    links = sum(relation.kind == "externallink" for relation in parts.relations(main).values())
    if main.endswith(_BINARY):
        styles = parts.get(parts.beside(main, "styles", "styles.bin"))
        texts = parts.get(parts.beside(main, "sharedstrings", "sharedstrings.bin"))
        theme = parts.get(parts.beside(main, "theme", "theme/theme1.xml"))
        boxes = parts.get(parts.beside(main, "featurepropertybag", "featurepropertybag/featurepropertybag.xml"))
        binary = read_binary_looks(styles, texts, theme, has_boxes=_BOX in boxes)
        metadata = replace(
            metadata,
            external_links=links,
            date_1904=counts_from_1904(parts[main]),
            sheets={tab: _binary_sheet(parts, name, binary) for tab, name in sheets.items()},
        )
        return Package(metadata)
    workbook = parts.tree(main)
    settings, looks = workbook.find("workbookPr"), _looks(parts, main)
    seen = {tab: _sheet(parts, name, looks) for tab, name in sheets.items()}
    metadata = replace(
        metadata,
        external_links=links,
        date_1904=settings is not None and truth(settings.get("date1904")),
        sheets={tab: found for tab, (found, _) in seen.items()},
        names=_kept(_names, parts.names(main)),
        is_complete=True,
    )
    cells = {tab: cells for tab, (_, cells) in seen.items()}
    small = frozenset(sheets[tab] for tab, own in cells.items() if own is not None and own.extent <= MAX_CELLS)
    are_small = small.issuperset(sheets.values())
    plain = _plain_sheets(parts, main, looks.styles, cells, metadata.date_1904) if are_small else None
    return Package(metadata, plain, small)


def _plain_sheets(
    parts: Parts, main: str, styles: Styles, cells: Mapping[str, PlainCells | None], date_1904: bool
) -> Mapping[str, PlainSheet] | None:
    """The sheets of a workbook in their order, without rows those that are not to be read; None if one is not plain."""
    tabs = [(sheet.get("name", ""), sheet.get("state", _VISIBLE)) for sheet in parts.tree(main).iter("sheet")]
    if len(dict(tabs)) < len(tabs) or not all(state in _STATES for _, state in tabs) or None in cells.values():
        return None
    if not _is_whole(parts, main, dict(tabs).keys()):
        return None
    part = parts.get(parts.beside(main, "sharedstrings", "sharedstrings.xml"))
    try:
        texts = shared_texts(part) if part else []
        rows = {tab: rows_of(own, texts, styles, date_1904) for tab, own in cells.items() if own is not None}
    except UnsureError:
        return None
    return {tab: PlainSheet(rows.get(tab, []), state == _VISIBLE) for tab, state in tabs}


def _is_whole(parts: Parts, main: str, tabs: Collection[str]) -> bool:
    """True where relations lead to the workbook and from there to all that it needs: else the library finds less."""
    targets = [relation.target for relation in parts.relations(main).values() if not relation.is_external]
    sheets = _sheet_parts(parts)
    is_there = main in parts.related("officedocument") and all(target in parts for target in targets)
    return is_there and sheets.keys() >= set(tabs) and all(_SHEET_FOLDER in f"/{sheets[tab]}" for tab in tabs)


def _of_opendocument(metadata: WorkbookMetadata, parts: Parts) -> WorkbookMetadata:
    content = read_content(parts[_CONTENT], parts.get(_OWN_STYLES))
    return replace(
        metadata,
        date_1904=content.date_1904,
        sheets={
            name: replace(sheet, hides_zeros=_hides_zeros(parts)) if sheet.is_seen else sheet
            for name, sheet in content.sheets.items()
        },
        names=content.names,
        external_links=content.links,
        is_complete=True,
    )


def _hides_zeros(parts: Parts) -> bool:
    """True where the settings of an OpenDocument spreadsheet say so: they are those of all its sheets."""
    entries = parts.tree(_SETTINGS).iter("config-item") if _SETTINGS in parts else ()
    return any(entry.get("name") == _ZEROS and entry.text == "false" for entry in entries)


def _sheet_parts(parts: Parts) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    main = parts.main()
    if not main:
        return {}
    tabs = read_binary_tabs(parts[main]) if main.endswith(_BINARY) else dict(_tabs(parts.tree(main)))
    relations = parts.relations(main)
    return {tab: relations[identity].target for tab, identity in tabs.items() if identity in relations}


def _tabs(workbook: Element) -> Iterator[tuple[str, str]]:
    """The name of each sheet and its relation; of two with the same name the first counts."""
    for sheet in reversed(list(workbook.iter("sheet"))):
        yield sheet.get("name", ""), sheet.get("id", "")


def _looks(parts: Parts, main: str) -> Looks:
    styles = parts.get(parts.beside(main, "styles", "styles.xml"))
    texts = parts.get(parts.beside(main, "sharedstrings", "sharedstrings.xml"))
    theme = parts.get(parts.beside(main, "theme", "theme/theme1.xml"))
    read = _styles(styles, theme) if styles else Styles()
    return Looks(read, rich_texts(texts, read.colours) if texts else {})


@lru_cache(maxsize=16)
def _styles(part: bytes, theme: bytes) -> Styles:
    """The styles of a workbook, kept: those of the returns that one program saved are the same."""
    return read_styles(part, theme)


def _sheet(parts: Parts, name: str, looks: Looks) -> tuple[SheetMetadata, PlainCells | None]:
    try:
        return look_at_sheet(parts[name], looks, _beside(parts, name, read_notes))
    except Exception:
        # The others can be seen all the same.
        return UNSEEN, None


def _binary_sheet(parts: Parts, name: str, looks: BinaryLooks) -> SheetMetadata:
    try:
        return read_binary_sheet(parts[name], looks, _beside(parts, name, read_binary_notes))
    except Exception:
        return UNSEEN


def _beside(parts: Parts, name: str, read_old: Callable[[bytes], dict[At, str]]) -> Beside:
    """What the parts that a sheet refers to tell of it."""
    over = [found for part in parts.related("drawing", name) for found in read_drawing(parts[part])]
    states = [is_checked(parts[part]) for part in parts.related("ctrlprop", name)]
    checked = [state for state in states if state is not None]
    controls = [found for part in parts.related("vmldrawing", name) for found in read_controls(parts[part], checked)]
    labels = {found.text for found in controls}
    notes = {at: note for part in parts.related("comments", name) for at, note in read_old(parts[part]).items()}
    for part in parts.related("threadedcomment", name):
        # A conversation counts once, without the copy that is kept for older programs.
        notes |= read_notes(parts[part])
    relations = parts.relations(name)
    return Beside(
        notes,
        # A control is drawn a second time for programs of today.
        (
            *(found for found in over if not (found.text and found.text in labels)),
            *(found for found in controls if isinstance(found, Drawn)),
        ),
        tuple(found for found in controls if isinstance(found, Checkbox)),
        {identity: relation.target for identity, relation in relations.items() if relation.is_external},
    )


def _kept(read: "_lru_cache_wrapper[Read]", part: bytes) -> Read:
    """What is read of a part, kept unless it is large: such parts are the same in all returns of a questionnaire."""
    return read(part) if len(part) <= _LONGEST_KEPT else read.__wrapped__(part)


@lru_cache(maxsize=64)
def _names(part: bytes) -> Mapping[str, NamedCell | None]:
    return {
        entry.get("name", ""): NamedCell.written(entry.text or "", _NAMED_CELL)
        for entry in tree(part).iter("definedName")
    }


# --- who saved it -------------------------------------------------------------------------------------------


def _described(parts: Parts) -> WorkbookMetadata:
    entries: list[_Entry] = []
    with suppress(Exception):
        names = [name for kind in _DESCRIPTION for name in parts.related(kind)]
        for name in (*names, *((_OWN_DESCRIPTION,) if _OWN_DESCRIPTION in parts else ())):
            entries += _kept(_entries, parts[name])
    return WorkbookMetadata(
        last_saved=_time(_text(entries, "modified", "date")),
        program=_text(entries, "Application", "generator"),
        properties=tuple(text for tag, text in entries if tag in ("lpwstr", "lpstr", "user-defined") and text),
    )


@lru_cache(maxsize=64)
def _entries(part: bytes) -> tuple[_Entry, ...]:
    return tuple((entry.tag, entry.text or "") for entry in tree(part).iter())


def _time(text: str) -> dt.datetime | None:
    """The time in UTC; one without a zone is taken as UTC, since nothing tells where it was written."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


def _text(entries: list[_Entry], *tags: str) -> str:
    return next((text.strip() for tag, text in entries if tag in tags and text), "")
