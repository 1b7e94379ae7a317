"""Reads which conditional formats of an Office sheet may change what its cells show, and when they do."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.metadata import Restyled, area_place
from pipeline.reading.workbooks.office.styles import PutOn, Styles, put_on_by
from pipeline.reading.workbooks.xml_parts import truth

_COMPARED = {
    "lessThan": ("<",), "lessThanOrEqual": ("<=",), "greaterThan": (">",), "greaterThanOrEqual": (">=",),
    "equal": ("=",), "notEqual": ("<>",), "between": (">=", "<="),
}  # fmt: skip
_INSTEAD = ("dataBar", "iconSet")

Limits = tuple[tuple[str, float], ...] | None


def restyled_by(element: Element, styles: Styles) -> Iterator[Restyled]:
    """What an element with conditional formats may make of its cells; nothing for one that only colours them."""
    addresses = element.get("sqref") or " ".join(found.text or "" for found in element.iter("sqref"))
    areas = [area for address in addresses.split() if (area := area_place(address))]
    for rule in element.iter("cfRule"):
        made, limits = _made(rule, styles), _limits(rule)
        if made != PutOn():
            yield from (Restyled(area, made.code, made.hides, limits, made.ink, made.ground) for area in areas)


def _made(rule: Element, styles: Styles) -> PutOn:
    instead = next((found for tag in _INSTEAD if (found := rule.find(tag)) is not None), None)
    if instead is not None:
        return PutOn(hides=not truth(instead.get("showValue", "1")))
    scale = rule.findall("colorScale/color")
    if scale:
        # Which colour a cell has, the values of the others decide.
        return PutOn(hides=any(is_faint("", styles.colours.of(colour)) for colour in scale))
    own, number = rule.find("dxf"), rule.get("dxfId", "")
    if own is not None:
        return put_on_by(own, styles.colours)
    return styles.put_on[int(number)] if number.isdecimal() and int(number) < len(styles.put_on) else PutOn()


def _limits(rule: Element) -> Limits:
    if any(rule.find(tag) is not None for tag in _INSTEAD):
        return ()
    operators = _COMPARED.get(rule.get("operator", ""), ()) if rule.get("type") == "cellIs" else ()
    texts = [found.text or "" for tag in ("formula", "f") for found in rule.iter(tag)]
    try:
        return tuple(zip(operators, map(float, texts), strict=True)) if operators else None
    except ValueError:
        return None
