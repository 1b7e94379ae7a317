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
    found = _named(codelist, _without_levels(words(text)))
    return found if found.codes or "/" not in text else _twice(codelist, text.split("/"))


def _without_levels(said: Words) -> Words:
    """A text without the word before its choice, which may stand behind the label too: `… (nivel 4)`."""
    places = [place for place, word in enumerate(said[:-1]) if word in _LEVELS and place in (0, len(said) - 2)]
    return tuple(word for place, word in enumerate(said) if place not in places)


def _twice(codelist: Codelist, texts: Sequence[str]) -> Named:
    """The code that several texts name, such as one label in two languages; none where they name different ones."""
    found = [_named(codelist, _without_levels(words(text))) for text in texts]
    named_codes = {tuple(code.code for code in each.codes) for each in found}
    return found[0] if len(named_codes) == 1 else Named()


def _named(codelist: Codelist, said: Words) -> Named:
    alone = [code for code in codelist if said in (*((short,) for short in _codes(code)), *_names(code))]
    alone = alone or [code for code in codelist if code.code.isdecimal() and _is_number(said, code.code)]
    if said and len(alone) == 1:
        return Named((alone[0],))
    for first, name in _parted(said):
        by_code = next((code for code in codelist if first in _codes(code)), None)
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


def _codes(code: Code) -> Sequence[str]:
    """The code as a word, and what stands for it in the languages."""
    return ["".join(words(short)) for short in {code.code: 0, **{code.short(language): 0 for language in code.label}}]


def _names(code: Code) -> Sequence[Words]:
    """The labels of a code, without the code where they begin with it."""
    labels = [words(label) for label in code.label.values()]
    return [label[1:] if len(label) > 1 and label[0] in _codes(code) else label for label in labels]


def _is_number(name: Words, digits: str) -> bool:
    """True for the number itself, in words: `4 (cuatro)`."""
    return not any(word.isdecimal() for word in name) and number_named(" ".join(name)) == int(digits)
