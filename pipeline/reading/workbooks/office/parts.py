"""Finds the parts of an Office package the way the reading library does: by relations, whatever their case.

It knows what a relation is for only by the last word of its type, which both dialects of Office share.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.xml_parts import tree

_ROOT = ""
_NAMES, _BEGIN_NAMES, _END_NAMES = b"definedNames", b"<definedNames>", b"</definedNames>"
_MAIN = ("xl/workbook.xml", "xl/workbook.bin")


@dataclass(frozen=True)
class Relation:
    """What a part refers to: `kind` in small letters without hyphens, and a part, or an address outside the file."""

    kind: str
    target: str
    is_external: bool = False


class Parts:
    """The parts of a package by their names as `folded` gives them."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._trees: dict[str, Element] = {}
        self._relations: dict[str, Mapping[str, Relation]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._contents

    def __getitem__(self, name: str) -> bytes:
        return self._contents[name]

    def get(self, name: str) -> bytes:
        """A part, b"" if it is not there."""
        return self._contents.get(name, b"")

    def tree(self, name: str) -> Element:
        """A small part as a whole, but for the defined names of a workbook; raises PartError."""
        if name not in self._trees:
            self._trees[name] = tree(_names_apart(self._contents[name])[0])
        return self._trees[name]

    def names(self, main: str) -> bytes:
        """The defined names of the workbook as XML of their own, or the whole part with them."""
        return _names_apart(self._contents[main])[1]

    def relations(self, source: str = _ROOT) -> Mapping[str, Relation]:
        """What a part refers to, by the relation's name; the package itself by default."""
        if source not in self._relations:
            folder, name = posixpath.split(source)
            part = posixpath.join(folder, "_rels", f"{name}.rels")
            there = part in self._contents
            self._relations[source] = dict(_relations(self.tree(part), folder)) if there else {}
        return self._relations[source]

    def related(self, kind: str, source: str = _ROOT) -> Iterator[str]:
        """The parts of one kind that a part refers to, as far as they are there."""
        for relation in self.relations(source).values():
            if relation.kind == kind and relation.target in self._contents:
                yield relation.target

    def main(self) -> str:
        """The part of the workbook itself, "" if there is none."""
        return next((name for name in (*self.related("officedocument"), *_MAIN) if name in self._contents), "")

    def beside(self, main: str, kind: str, name: str) -> str:
        """The part of one kind that the workbook refers to, else that of this name beside it; "" if there is none."""
        usual = posixpath.join(posixpath.dirname(main), name)
        return next((found for found in (*self.related(kind, main), usual) if found in self._contents), "")


def _names_apart(part: bytes) -> tuple[bytes, bytes]:
    """A part without its defined names, and these as XML of their own."""
    begin, end = part.find(_BEGIN_NAMES), part.find(_END_NAMES) + len(_END_NAMES)
    if 0 <= begin < end and part.count(_NAMES) == 2 and b"<!" not in part:
        return part[:begin] + part[end:], part[begin:end]
    return part, part


def folded(name: str) -> str:
    """The name of a part as it is compared: some programs write capitals, or the separators of Windows."""
    return name.replace("\\", "/").lower()


def _relations(part: Element, folder: str) -> Iterator[tuple[str, Relation]]:
    for entry in part.iter("Relationship"):
        kind = entry.get("Type", "").rpartition("/")[2].lower().replace("-", "")
        target = entry.get("Target", "")
        if entry.get("TargetMode") == "External":
            yield entry.get("Id", ""), Relation(kind, target, is_external=True)
        else:
            path = posixpath.normpath(posixpath.join("/", folder, folded(target)))
            yield entry.get("Id", ""), Relation(kind, path.lstrip("/"))
