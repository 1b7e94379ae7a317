"""Reads the comments of a sheet in an Office package, by a part of comments or of conversations."""

from pipeline.reading.workbooks.metadata import At, cell_place
from pipeline.reading.workbooks.xml_parts import tree


def read_notes(part: bytes) -> dict[At, str]:
    """The comments of a sheet by a part of comments or of conversations, replies included; raises PartError."""
    found: dict[At, list[str]] = {}
    for comment in (element for element in tree(part).iter() if "ref" in element.attrib):
        place = cell_place(comment.get("ref", ""))
        text = "".join(piece.text or "" for piece in comment.iter() if piece.tag in ("t", "text")).strip()
        if place and text:
            found.setdefault(place, []).append(text)
    return {place: "\n".join(texts) for place, texts in found.items()}
