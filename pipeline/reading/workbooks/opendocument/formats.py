"""Writes the number formats of an OpenDocument spreadsheet (.ods) the way Excel writes them, but for their colours."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

_SORTS = frozenset({
    "number-style", "percentage-style", "currency-style", "date-style", "time-style", "text-style", "boolean-style",
})  # fmt: skip
_MONTHS = {("", ""): "m", ("long", ""): "mm", ("", "true"): "mmm", ("long", "true"): "mmmm"}
_PLAIN = {"scientific-number": "0.00E+00", "fraction": "# ?/?", "text-content": "@", "am-pm": "AM/PM"}
_DAYS = {"year": "yy", "day": "d", "day-of-week": "ddd", "hours": "h", "minutes": "m", "seconds": "s", "era": "g"}
_LONG = {"year": "yyyy", "day-of-week": "dddd"}


def number_formats(entries: Sequence[Element]) -> dict[str, str]:
    """The formats by the names of their styles, without those that show a number as it is."""
    styles = {entry.get("name", ""): entry for entry in entries if entry.tag in _SORTS}
    found = {name: _code(entry, styles) for name, entry in styles.items()}
    return {name: code for name, code in found.items() if code is not None}


def _code(style: Element, styles: Mapping[str, Element]) -> str | None:
    """All sections of a format; None for the one that changes nothing."""
    sections = [
        f"[{condition}]{_section(styles[other])}"
        for condition, other in ((_condition(entry), entry.get("apply-style-name", "")) for entry in style.iter("map"))
        if other in styles and condition
    ]
    own = _section(style)
    if not sections and (own == "General" or style.tag == "boolean-style"):
        return None
    # One section that shows nothing would be no format at all.
    return ";".join((*sections, own)) if sections or own else ";;;"


def _condition(entry: Element) -> str:
    """`value()>=0` without its function."""
    said = entry.get("condition", "")
    return said.removeprefix("value()").replace("!=", "<>") if said.startswith("value()") else ""


def _section(style: Element) -> str:
    return "".join(_part(entry, style) for entry in style)


def _part(entry: Element, style: Element) -> str:
    is_long = entry.get("style") == "long"
    match entry.tag:
        case "number":
            return _digits(entry)
        case "text":
            text = entry.text or ""
            return text if style.tag == "percentage-style" and text.strip() == "%" else _literal(text)
        case "currency-symbol":
            return f"[${entry.text or ''}]"
        case "text-properties" if colour := entry.get("color", ""):
            return f"[{colour}]"
        case "month":
            return _MONTHS["long" if is_long else "", "true" if entry.get("textual") == "true" else ""]
        case part if part in _DAYS:
            return _LONG.get(part, 2 * _DAYS[part]) if is_long else _DAYS[part]
        case other:
            return _PLAIN.get(other, "")


def _digits(entry: Element) -> str:
    decimals, least = entry.get("decimal-places"), entry.get("min-integer-digits", "1")
    embedded = {_small(found.get("position")): _literal(found.text or "") for found in entry.iter("embedded-text")}
    if decimals is None and least in ("0", "1") and not embedded and "grouping" not in entry.attrib:
        return "General"
    digit = "#" if least == "0" else "0"
    whole = f"#,##{digit}" if entry.get("grouping") == "true" else digit
    if embedded:
        # Each text stands before as many digits as its position says.
        whole = "".join(f"{digit}{embedded.get(place, '')}" for place in range(max(embedded), -1, -1))
    parts = _small(decimals)
    least_parts = min(parts, _small(entry.get("min-decimal-places", decimals)))
    shown = "." + "0" * least_parts + "#" * (parts - least_parts) if parts else ""
    return whole + shown + "," * _thousands(entry.get("display-factor", "1"))


def _small(number: str | None) -> int:
    """A number of digits; 0 for one that no format has."""
    return int(number) if number and number.isdecimal() and len(number) < 3 else 0


def _thousands(factor: str) -> int:
    """How many times a number is shown in thousands of what it is."""
    number = float(factor) if factor.replace(".", "", 1).isdecimal() else 1.0
    times = 0
    while number >= 1000:
        number, times = number / 1000, times + 1
    return times


def _literal(text: str) -> str:
    parts = (f'"{part}"' if part else "" for part in text.split('"'))
    return '\\"'.join(parts)
