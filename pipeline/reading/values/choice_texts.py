"""Finds the code that a text names in other signs than the list has: `4 - Aplicación completa`, `4.`, `Nivel 4`.

Accents, capitals and the signs between words are of no account; every word is. A text that names one code by its
code and another by its label names none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.reading.values.number_names import number_named
from pipeline.reading.values.plain_texts import words
from questionnaire.codelists import Code, Codelist

LEVELS = ("niveau", "nivel", "level", "nível", "option", "opción", "opção", "code", "código")
"""Before a choice: what it is."""

_LEVELS = frozenset(word for text in LEVELS for word in words(text))

Words = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """The codes that a text names: one, or two that contradict each other; `is_whole` with both code and label."""

    codes: tuple[Code, ...] = ()
    is_whole: bool = False

    @property
    def code(self) -> Code | None:
        """The one code."""
        return self.codes[0] if len(self.codes) == 1 else None


def named(codelist: Codelist, text: str) -> Named:
    """The codes of a list that a text names."""
    said = words(text)
    if len(said) > 1 and said[0] in _LEVELS:
        said = said[1:]
    alone = [code for code in codelist if said in ((_code(code),), *_names(code))]
    if said and len(alone) == 1:
        return Named((alone[0],))
    for first, name in _parted(said):
        by_code = next((code for code in codelist if _code(code) == first), None)
        by_name = [code for code in codelist if name in _names(code)]
        if by_code is not None and (by_code in by_name or (first.isdecimal() and _is_number(name, first))):
            return Named((by_code,), is_whole=True)
        if by_code is not None and by_name:
            return Named((by_code, by_name[0]))
    return Named()


def _parted(said: Words) -> Iterator[tuple[str, Words]]:
    """A text as a code before or behind a label."""
    if len(said) > 1:
        yield said[0], said[1:]
        yield said[-1], said[:-1]


def _code(code: Code) -> str:
    return "".join(words(code.code))


def _names(code: Code) -> Sequence[Words]:
    """The labels of a code, without the code where they begin with it."""
    labels = [words(label) for label in code.label.values()]
    return [label[1:] if len(label) > 1 and label[0] == _code(code) else label for label in labels]


def _is_number(name: Words, digits: str) -> bool:
    """True for the number itself, in words: `4 (cuatro)`."""
    return number_named(" ".join(name)) == int(digits)
