"""Reads which conditional formats of an OpenDocument sheet may change what its cells show, and when they do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.metadata import Area, Restyled, area_place
from pipeline.reading.workbooks.opendocument.styles import OwnStyles, bare

Limits = tuple[tuple[str, float], ...] | None

_TAB = r"(?:'(?:[^']|'')*'|[^\s'.:]+)?\."
_AREA = re.compile(rf"{_TAB}(\$?[A-Z]{{1,3}}\$?\d{{1,7}})(?::(?:{_TAB})?(\$?[A-Z]{{1,3}}\$?\d{{1,7}}))?")
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_COMPARED = re.compile(rf"(?:cell-content\(\))?\s*(<=|>=|!=|<|>|=){_NUMBER}")
_BETWEEN = re.compile(rf"(?:cell-content-is-)?between\({_NUMBER},{_NUMBER}\)")
_INSTEAD = ("data-bar", "icon-set")


def restyled_by(element: Element, styles: OwnStyles) -> Iterator[Restyled]:
    """What an element with conditional formats may make of its cells; nothing for one that only colours them."""
    areas = list(_areas(element.get("target-range-address", "")))
    for rule in element:
        if rule.tag in _INSTEAD and any(entry.get("show-value") == "false" for entry in rule.iter()):
            yield from (Restyled(area, hides=True, limits=()) for area in areas)
        elif any(is_faint("", bare(entry.get("color", ""))) for entry in rule.iter("color-scale-entry")):
            # Which colour a cell has, the values of the others decide.
            yield from (Restyled(area, hides=True) for area in areas)
        elif found := styles.put_on.get(rule.get("apply-style-name", "")):
            limits = limits_of(rule.get("value", ""))
            yield from (replace(found, area=area, limits=limits) for area in areas)


def limits_of(condition: str) -> Limits:
    """The comparisons that a condition consists of; None for one that is not made of numbers alone."""
    if found := _COMPARED.fullmatch(condition):
        return ((found[1].replace("!=", "<>"), float(found[2])),)
    if found := _BETWEEN.fullmatch(condition):
        return ((">=", float(found[1])), ("<=", float(found[2])))
    return None


def _areas(addresses: str) -> Iterator[Area]:
    for found in _AREA.finditer(addresses):
        area = area_place(f"{found[1]}:{found[2] or found[1]}".replace("$", ""))
        if area:
            yield area
