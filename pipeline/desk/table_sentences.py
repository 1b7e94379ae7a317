"""Says in another language what the modules that read indicator tables report in English.

A sentence is known by its English wording in `wordings/table_sentences.toml`; what it quotes of the document stays as
it is. A sentence that is not there stays English: better that than nothing.
"""

import re
from functools import cache

from questionnaire.messages import keys, with_colon, with_semicolons, wording

_CATALOGUE = "table_sentences"
_PART = "part_"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NARROW = {"line": r"\d+", "row": r"\d+", "table": r"\d+", "count": r"\d+", "column": "[A-Z]{1,3}"}
"""What a placeholder of a part may be; one of a whole sentence may be any text."""
_PLACES = ("table_cell", "table_row", "cell", "row", "line")


def told(message: str, language: str) -> str:
    """The message in a language, one of LANGUAGES."""
    if language == "en":
        return message
    for key in keys(_CATALOGUE):
        if not key.startswith(_PART) and (found := _pattern(key).fullmatch(message)):
            values = {name: _value(name, text, language) for name, text in found.groupdict().items()}
            return wording(_CATALOGUE, key)[language].format_map(values)
    return message


def told_all(message: str, language: str) -> str:
    """A message of several sentences, of which the first may be known together or alone."""
    whole = told(message, language)
    if language == "en" or whole != message:
        return whole
    for end in (found.start() for found in re.finditer(r" (?=[A-Z“])", message)):
        first, rest = message[:end], message[end + 1 :]
        if (known := told(first, language)) != first:
            return f"{known} {told_all(rest, language)}"
    return message


def place_in(place: str, language: str) -> str:
    """A place such as line 9, column D in a language; cells of sheets, such as Plan!D9, are called the same in all."""
    for name in _PLACES:
        key = f"{_PART}place_{name}"
        place = _pattern(key).sub(lambda found, key=key: _filled(key, found, language), place)  # type: ignore[misc]
    return place


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """The English wording of a sentence, with a group for each placeholder."""
    pieces = _PLACEHOLDER.split(wording(_CATALOGUE, key)["en"])
    is_part = key.startswith(_PART)
    texts = map(re.escape, pieces[::2])
    groups = [f"(?P<{name}>{_NARROW.get(name, '.+?') if is_part else '.+?'})" for name in pieces[1::2]]
    return re.compile("".join(text + group for text, group in zip(texts, [*groups, ""], strict=True)), re.DOTALL)


def _filled(key: str, found: re.Match[str], language: str) -> str:
    return wording(_CATALOGUE, key)[language].format_map(found.groupdict())


def _part(name: str, text: str, language: str) -> str:
    """A text that is one of the parts whose keys begin so, in the language; else as it is."""
    for key in keys(_CATALOGUE):
        if key.startswith(_PART + name) and (found := _pattern(key).fullmatch(text)):
            return _filled(key, found, language)
    return text


def _value(name: str, text: str, language: str) -> str:
    """What is filled in, in the language where it is ours and not the document's."""
    if name.startswith("place"):
        more = _pattern(f"{_PART}and_more").fullmatch(text)
        return place_in(_filled(f"{_PART}and_more", more, language) if more else text, language)
    if name.startswith("columns"):
        return with_semicolons((_column(part, language) for part in text.split("; ")), language)
    if name == "role":
        return _part("role_", text, language)
    if name == "heads":
        for key in (f"{_PART}without_texts", f"{_PART}the_table"):
            text = _pattern(key).sub(wording(_CATALOGUE, key)[language], text)
        return place_in(text, language)
    return text


def _column(text: str, language: str) -> str:
    """“objective: column B “Aim”” in a language."""
    role, colon, column = text.partition(": ")
    if not colon:
        return _part("column_", text, language)
    of = _pattern(f"{_PART}code_of").fullmatch(role)
    said = (
        wording(_CATALOGUE, f"{_PART}code_of")[language].format(role=_part("role_", of["role"], language))
        if of
        else _part("heading_", _part("role_", role, language), language)
    )
    return with_colon(said, _part("column_", column, language), language)
