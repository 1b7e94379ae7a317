"""Checks by the rules of ECMA-376 whether programs open a workbook without a word: each a function of a package.

A rule yields a sentence for each fault, naming part and cell; it reads the XML itself. FUNCTIONS are those of Excel 2010.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from openpyxl.utils import get_column_letter, range_boundaries

from tests.questionnaire.workbook.package_parts import MAIN, STRINGS, Cell, Package

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

FUNCTIONS = {
    "AND", "CHAR", "CHOOSE", "COUNT", "COUNTIF", "COUNTIFS", "EXACT", "FIND", "HYPERLINK", "IF", "IFERROR", "INDEX", "INT",
    "ISBLANK", "ISERROR", "ISLOGICAL", "ISNUMBER", "LEFT", "MID", "LEN", "LOWER", "MATCH", "MAX", "MIN", "MOD", "N", "NOT",
    "OFFSET", "OR", "REPT",
    "ROUND", "ROW", "SUBSTITUTE", "SUM", "SUMPRODUCT", "TRIM", "YEAR",
}  # fmt: skip

# CT_Worksheet is a sequence: elements in another order make Excel repair the sheet.
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
)  # fmt: skip

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_TAB = r"'((?:[^']|'')+)'!|(?<![\w'])([A-Za-z_][\w.]*)!"
_CALL = re.compile(r"([A-Za-z_.][\w.]*)\(")
_NAME = re.compile(r"[A-Za-z_\\][\w.\\]*")
_LIKE_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr]([0-9]*)([Cc][0-9]*)?|[Cc][0-9]*")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LONGEST_FORMULA, _DEEPEST_FORMULA, _LONGEST_LITERAL, _LONGEST_TEXT = 8_192, 64, 255, 32_767


# --- the package ----------------------------------------------------------------------------------------------


def well_formed(package: Package) -> Iterator[str]:
    for name, content in package.parts.items():
        try:
            ElementTree.fromstring(content)
        except ElementTree.ParseError as fault:
            yield f"{name} is not XML: {fault}"


def relation_targets(package: Package) -> Iterator[str]:
    for name, relation in package.relations():
        folder = posixpath.dirname(posixpath.dirname(name))
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        if relation.get("TargetMode") != "External" and target not in package.parts:
            yield f"{name}: {relation.get('Id')} leads to {target}, which is not there"


def relation_ids(package: Package) -> Iterator[str]:
    known: dict[str, set[str]] = {}
    for name, relation in package.relations():
        if relation.get("Id") in known.setdefault(name, set()):
            yield f"{name}: {relation.get('Id')} stands twice"
        known[name].add(relation.get("Id", ""))
    for name in package.parts:
        if name.endswith(".rels"):
            continue
        relations = f"{posixpath.dirname(name)}/_rels/{posixpath.basename(name)}.rels"
        for element in package.root(name).iter():
            used = element.get(f"{_OFFICE}id")
            if used is not None and used not in known.get(relations, set()):
                yield f"{name}: {element.tag} uses {used}, which {relations} does not have"


def content_types(package: Package) -> Iterator[str]:
    root = package.root("[Content_Types].xml")
    parts = {item.get("PartName", "").lstrip("/") for item in root if item.get("PartName")}
    # The type that goes with the extension .xml says nothing of what a part is.
    extensions = {item.get("Extension") for item in root if item.get("Extension")} - {"xml"}
    for name in package.parts:
        if name not in parts | {"[Content_Types].xml"} and name.rpartition(".")[2] not in extensions:
            yield f"{name} has no content type of its own"
    yield from (f"{name} has a content type and is not there" for name in parts - set(package.parts))


def external_links(package: Package) -> Iterator[str]:
    for name, relation in package.relations():
        if relation.get("TargetMode") == "External" or "externalLink" in relation.get("Type", ""):
            yield f"{name}: {relation.get('Id')} leads out of the workbook"
    for where, formula in package.formulas():
        if "[" in _QUOTED.sub("", formula):
            yield f"{where} refers to another workbook"


# --- names ----------------------------------------------------------------------------------------------------


def sheet_names(package: Package) -> Iterator[str]:
    folded = [tab.casefold() for tab in package.tabs]
    for tab in package.tabs:
        if not 0 < len(tab) <= 31:
            yield f"the sheet name {tab!r} has {len(tab)} characters"
        if re.search(r"[\[\]:*?/\\\x00-\x1f]", tab) or tab != tab.strip("'") or folded.count(tab.casefold()) > 1:
            yield f"the sheet name {tab!r} is not valid, or stands twice"


def defined_names(package: Package) -> Iterator[str]:
    seen: set[tuple[str, str | None]] = set()
    for item in package.names:
        name = item.get("name", "")
        key = name.casefold(), item.get("localSheetId")
        if key in seen:
            yield f"the name {name} is defined twice"
        seen.add(key)
        if not _NAME.fullmatch(name) or len(name) > 255 or _LIKE_ADDRESS.fullmatch(name):
            yield f"the name {name} is not valid, or like the address of a cell"


def references(package: Package) -> Iterator[str]:
    """Every sheet and every name that a formula mentions exists."""
    tabs = {tab.casefold() for tab in package.tabs}
    names = {item.get("name", "").casefold() for item in package.names}
    for where, formula in package.formulas():
        text = _QUOTED.sub('""', formula)
        for quoted, plain in re.findall(_TAB, text):
            if (quoted.replace("''", "'") or plain).casefold() not in tabs:
                yield f"{where} refers to a sheet {quoted or plain}, which is not there"
        bare = re.sub(_TAB, "", text)
        for word in re.findall(r"(?<![\w.$])[A-Za-z_][\w.]*(?![\w.(])", bare):
            if not _LIKE_ADDRESS.fullmatch(word) and word not in ("TRUE", "FALSE") and word.casefold() not in names:
                yield f"{where} mentions {word}, which is no name"
        if "#REF!" in text:
            yield f"{where} has lost what it referred to"


# --- formulas -------------------------------------------------------------------------------------------------


def formula_limits(package: Package) -> Iterator[str]:
    for where, formula in package.formulas():
        bare, deep, deepest = re.sub(r"'[^']*'", "", _QUOTED.sub("", formula)), 0, 0
        for character in bare:
            deep += (character == "(") - (character == ")")
            deepest = max(deep, deepest)
        if deep:
            yield f"{where} has brackets that do not match"
        if len(formula) > _LONGEST_FORMULA or deepest > _DEEPEST_FORMULA:
            yield f"{where} is {len(formula)} characters long and {deepest} levels deep"
        if any(len(literal) > _LONGEST_LITERAL for literal in _QUOTED.findall(formula)):
            yield f"{where} holds a text of more than {_LONGEST_LITERAL} characters"


def functions(package: Package) -> Iterator[str]:
    for where, formula in package.formulas():
        called = set(_CALL.findall(re.sub(r"'[^']*'", "", _QUOTED.sub("", formula))))
        if strange := called - FUNCTIONS:
            yield f"{where} uses {', '.join(sorted(strange))}"


def shared_formulas(package: Package) -> Iterator[str]:
    """A shared formula is reported by its first cell, which says how far it reaches; it stays on its sheet."""
    declared: dict[tuple[str, str], tuple[int, int, int, int]] = {}
    for cell in package.cells:
        formula = cell.element.find(f"{MAIN}f")
        if formula is None or formula.get("t") != "shared":
            continue
        key = cell.part, formula.get("si", "")
        if formula.text:
            if key in declared or formula.get("ref") is None:
                yield f"{cell}: the shared formula {key[1]} is given twice, or does not say how far it reaches"
            declared[key] = _area(formula.get("ref", "A1"))
            if "!" in _QUOTED.sub("", formula.text) or "{" in _QUOTED.sub("", formula.text):
                yield f"{cell}: a shared formula refers to another sheet or holds an array"
        if key not in declared:
            yield f"{cell} shares the formula {key[1]}, which no cell above has given"
        elif not _holds(declared[key], cell):
            yield f"{cell} is beyond the reach of the formula {key[1]}"
        if cell.element.get("r") != cell.address:
            yield f"{cell} shares a formula and does not say where it stands, which openpyxl needs"


# --- cells ----------------------------------------------------------------------------------------------------


def positions(package: Package) -> Iterator[str]:
    before: Cell | None = None
    for cell in package.cells:
        if before is not None and before.part == cell.part and (cell.row, cell.column) <= (before.row, before.column):
            yield f"{cell} stands after {before.address}"
        if cell.row > _LAST_ROW or cell.column > _LAST_COLUMN or cell.element.get("r", cell.address) != cell.address:
            yield f"{cell} is not where it says, or beyond the sheet"
        before = cell
    for part, root in package.sheets.items():
        numbers = [int(row.get("r", 0)) for row in root.iter(f"{MAIN}row") if row.get("r")]
        if numbers != sorted(set(numbers)):
            yield f"{part}: rows are not in order"


def addresses(package: Package) -> Iterator[str]:
    """Every row and every cell says where it stands. The standard does not ask for it; some programs do (IronCalc)."""
    for part, root in package.sheets.items():
        for tag in ("row", "c"):
            for element in root.iter(f"{MAIN}{tag}"):
                if element.get("r") is None:
                    yield f"{part}: an element {tag} does not say where it stands"


def texts(package: Package) -> Iterator[str]:
    held = [(str(cell), cell.element) for cell in package.cells]
    held += [(f"{STRINGS} {number}", item) for number, item in enumerate(package.strings)]
    for where, element in held:
        for item in (*element.iter(f"{MAIN}t"), *element.iter(f"{MAIN}v")):
            units = len((item.text or "").encode("utf-16-le")) // 2
            if units > _LONGEST_TEXT:
                yield f"{where} holds {units} characters"
            spaced = (item.text or "") != (item.text or "").strip()
            if spaced and item.tag == f"{MAIN}t" and item.get("{http://www.w3.org/XML/1998/namespace}space") is None:
                yield f"{where} begins or ends with a space that would be lost"


def cell_types(package: Package) -> Iterator[str]:
    for cell in package.cells:
        kind, value = cell.element.get("t", "n"), cell.element.findtext(f"{MAIN}v")
        if kind not in ("n", "s", "str", "inlineStr", "b", "e"):
            yield f"{cell} is of the type {kind}"
        if kind == "n" and value and not re.fullmatch(r"-?\d+(\.\d+)?(E[+-]?\d+)?", value):
            yield f"{cell} is a number and holds {value!r}"
        if (kind == "inlineStr") != (cell.element.find(f"{MAIN}is") is not None):
            yield f"{cell} is of the type {kind}, its content is not"


def string_indices(package: Package) -> Iterator[str]:
    count = len(package.strings)
    for cell in package.cells:
        if cell.element.get("t") == "s" and not 0 <= int(cell.element.findtext(f"{MAIN}v") or -1) < count:
            yield f"{cell} points to text {cell.element.findtext(f'{MAIN}v')} of {count}"


def style_indices(package: Package) -> Iterator[str]:
    styles = package.root("xl/styles.xml")
    counts = {tag: len(styles.findall(f"{MAIN}{tag}/*")) for tag in ("fonts", "fills", "borders", "cellXfs", "dxfs")}
    for cell in package.cells:
        if not 0 <= int(cell.element.get("s", 0)) < counts["cellXfs"]:
            yield f"{cell} has the style {cell.element.get('s')} of {counts['cellXfs']}"
    for part, root in package.sheets.items():
        for rule in root.iter(f"{MAIN}cfRule"):
            if not 0 <= int(rule.get("dxfId", 0)) < counts["dxfs"]:
                yield f"{part}: a conditional format has the style {rule.get('dxfId')} of {counts['dxfs']}"
    for number, item in enumerate(styles.findall(f"{MAIN}cellXfs/*")):
        for tag in ("font", "fill", "border"):
            if not 0 <= int(item.get(f"{tag}Id", 0)) < counts[f"{tag}s"]:
                yield f"xl/styles.xml: style {number} has a {tag} that is not there"


# --- the rest of a sheet --------------------------------------------------------------------------------------


def element_order(package: Package) -> Iterator[str]:
    for part, root in package.sheets.items():
        tags = [child.tag.removeprefix(MAIN) for child in root]
        if strange := [tag for tag in tags if tag not in _ORDER]:
            yield f"{part} has {', '.join(strange)}"
        elif tags != sorted(tags, key=_ORDER.index):
            yield f"{part} has its elements in the order {', '.join(dict.fromkeys(tags))}"


def merged_areas(package: Package) -> Iterator[str]:
    for part, root in package.sheets.items():
        taken: dict[tuple[int, int], str] = {}
        for item in root.iter(f"{MAIN}mergeCell"):
            left, top, right, bottom = _area(item.get("ref", ""))
            for place in ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)):
                if place in taken:
                    yield f"{part}: {item.get('ref')} overlaps {taken[place]}"
                taken[place] = item.get("ref", "")


def validations(package: Package) -> Iterator[str]:
    limits = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
    for part, root in package.sheets.items():
        taken: dict[str, str] = {}
        for item in root.iter(f"{MAIN}dataValidation"):
            where = f"{part} {item.get('sqref', '')[:20]}"
            for key, limit in limits.items():
                if len(item.get(key, "")) > limit:
                    yield f"{where}: {key} has {len(item.get(key, ''))} characters, {limit} are taken"
            if item.get("type") == "list" and len(item.findtext(f"{MAIN}formula1", "")) > _LONGEST_LITERAL:
                yield f"{where}: a list of more than {_LONGEST_LITERAL} characters"
            for area in item.get("sqref", "").split():
                left, top, right, bottom = _area(area)
                for row in range(top, bottom + 1):
                    for column in range(left, right + 1):
                        address = f"{get_column_letter(column)}{row}"
                        if address in taken:
                            yield f"{part} {address} is validated twice"
                        taken[address] = area


def counts(package: Package) -> Iterator[str]:
    """Where a list says how many it has, it has as many; `count` of the shared strings is that of the cells."""
    for part in package.parts:
        for element in package.root(part).iter():
            declared = element.get("uniqueCount", element.get("count"))
            if declared is not None and element.tag.startswith(MAIN) and int(declared) != len(element):
                yield f"{part}: {element.tag.removeprefix(MAIN)} says {declared} and has {len(element)}"


def hyperlinks(package: Package) -> Iterator[str]:
    tabs = set(package.tabs)
    names = {item.get("name") for item in package.names}
    for part, root in package.sheets.items():
        for item in root.iter(f"{MAIN}hyperlink"):
            location = item.get("location", "")
            tab, _, cell = location.rpartition("!")
            tab = tab[1:-1].replace("''", "'") if tab.startswith("'") else tab
            if location not in names and (tab not in tabs or not re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", cell)):
                yield f"{part} {item.get('ref')} leads to {location!r}"


def _area(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference)
    assert None not in (left, top, right, bottom), f"{reference} is no area"
    return int(left or 0), int(top or 0), int(right or 0), int(bottom or 0)


def _holds(area: tuple[int, int, int, int], cell: Cell) -> bool:
    left, top, right, bottom = area
    return left <= cell.column <= right and top <= cell.row <= bottom


RULES: tuple[Callable[[Package], Iterator[str]], ...] = (
    well_formed, relation_targets, relation_ids, content_types, external_links, sheet_names, defined_names, references,
    formula_limits, functions, shared_formulas, positions, addresses, texts, cell_types, string_indices, style_indices,
    element_order, merged_areas, validations, counts, hyperlinks,
)  # fmt: skip
