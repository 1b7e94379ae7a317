"""Owns reading the XML parts of a package, by the parser of the standard library; a document type is refused.

Of the parts of an Office package only local names count: programs differ in their prefixes, and its two dialects in
their namespaces.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

Attributes = dict[str, str]


class PartError(Exception):
    """A part that is not understood."""


def local(name: str) -> str:
    """A name without its prefix or its namespace."""
    return name[max(name.rfind(":"), name.rfind(" ")) + 1 :]


def new_parser(namespaces: bool = False) -> expat.XMLParserType:
    """A parser that gives names with their prefixes, or with their namespace and a space before them."""
    parser = expat.ParserCreate(namespace_separator=" " if namespaces else None)
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def tree(part: bytes) -> Element:
    """A whole part, names without prefixes; raises PartError."""
    parser, found = new_parser(), list[Element]()
    parser.StartElementHandler = lambda name, attributes: capture(parser, name, attributes, found.append)
    parse(parser, part)
    return found[0]


def parse(parser: expat.XMLParserType, part: bytes) -> None:
    """Go through a part; raises PartError for one that is no XML."""
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise PartError(str(error)) from error


def capture(parser: expat.XMLParserType, name: str, attributes: Attributes, done: Callable[[Element], None]) -> None:
    """Take the element that has just begun as a whole, then go on as before; to be called where an element begins."""
    before = parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler
    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        builder.start(local(name), {local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(local(name))
        if not depth:
            parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = before
            done(builder.close())

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    start(name, attributes)


def is_on(element: Element | None) -> bool:
    """True for a property that is there and not switched off."""
    return element is not None and element.get("val", "1") not in ("0", "false", "off")


def truth(text: str | None) -> bool:
    """True for an attribute that says yes."""
    return text in ("1", "true", "on")


def _refuse(name: str, *_: object) -> None:
    raise PartError(f"it declares the document type {name}")
