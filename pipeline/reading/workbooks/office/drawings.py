"""Finds what lies over the cells of a sheet in an Office package: boxes, pictures, controls, by its drawing parts."""

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.metadata import At, Checkbox, Drawn, cell_place
from pipeline.reading.workbooks.xml_parts import tree
from questionnaire.rounds.cover_page import LOGO

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_CONTROL = re.compile(rb"ObjectType=[\"'](?!Note|Pict)")
_TICKED = ("Checkbox", "Radio")
_WITH_STATE = ("CheckBox", "Radio")
_NOT_DRAWN = ("Note", "Pict")


def read_drawing(part: bytes) -> Iterator[Drawn]:
    """What lies over the cells, but for the controls, which stand in `read_controls` too; raises PartError."""
    root = tree(part)
    for parent in list(root.iter()):
        # What stands there is for programs that do not know what stands before it.
        for fallback in parent.findall("Fallback"):
            parent.remove(fallback)
    for anchor in (element for element in root.iter() if element.tag in _ANCHORS):
        text = "\n".join(_lines(anchor)).strip()
        named = list(anchor.iter("cNvPr"))
        is_own = not text and any(entry.get("descr") == LOGO for entry in named)
        if not is_own and not any(entry.get("hidden") == "1" for entry in named):
            row, column = anchor.findtext("from/row", ""), anchor.findtext("from/col", "")
            yield Drawn(_place(row, column), text)


def is_checked(part: bytes) -> bool | None:
    """The state of a control by its part of properties, None for one that has no state; raises PartError."""
    control = tree(part)
    return control.get("checked") == "Checked" if control.get("objectType") in _WITH_STATE else None


def read_controls(part: bytes, checked: Sequence[bool] = ()) -> Iterator[Drawn | Checkbox]:
    """The controls of a sheet by its part in VML, which holds its comments too; raises PartError.

    `checked` are the states of those that have one, in their order: LibreOffice writes them there alone.
    """
    states = iter(checked)
    if not _CONTROL.search(part):
        return
    # Excel itself leaves this one open.
    for shape in tree(part.replace(b"<br>", b"<br/>")).iter("shape"):
        data = shape.find("ClientData")
        if data is None or (sort := data.get("ObjectType", "")) in _NOT_DRAWN:
            continue
        anchor = [number.strip() for number in data.findtext("Anchor", "").split(",")]
        at = _place(anchor[2], anchor[0]) if len(anchor) == 8 else None
        text = " ".join("".join(box.itertext()).strip() for box in shape.iter("textbox")).strip()
        if sort in _TICKED:
            # A link that names a sheet leads to another: what is ticked stands there too.
            linked = cell_place(data.findtext("FmlaLink", "").upper())
            is_ticked = next(states, False) or data.findtext("Checked", "0").strip() == "1"
            yield Checkbox(at, is_ticked, linked, text)
        else:
            yield Drawn(at, text)


def _lines(anchor: Element) -> Iterator[str]:
    for paragraph in anchor.iter("p"):
        if line := "".join(run.text or "" for run in paragraph.iter("t")):
            yield line


def _place(row: str, column: str) -> At | None:
    return (int(row), int(column)) if row.isdecimal() and column.isdecimal() else None
