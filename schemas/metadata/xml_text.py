"""Writes XML: elements with texts in several languages, as bytes that are the same each time."""

import re
from xml.etree import ElementTree as ET

from questionnaire.codelists import Wording
from questionnaire.messages import LANGUAGES, in_language

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Append an element; what XML cannot hold is left out of its text."""
    child = ET.SubElement(parent, tag, attributes)
    if text:
        child.text = _NOT_IN_XML.sub("", text)
    return child


def add_worded(parent: ET.Element, tag: str, texts: Wording, official: str = "en", **attributes: str) -> None:
    """Append the same element for each language; one whose text is missing has that of the official language."""
    for language in LANGUAGES:
        if text := in_language(texts, language, official):
            add(parent, tag, text, **attributes).set(LANGUAGE, language)


def as_bytes(root: ET.Element) -> bytes:
    """The whole document, indented."""
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"
