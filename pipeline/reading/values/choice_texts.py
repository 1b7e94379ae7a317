"""Finds the code that a text names in other signs than the list has: `4 - Aplicación completa`, `4.`, `Nivel 4`.

Accents, capitals and the signs between words are of no account; every word is, but for what a label adds in brackets.
A text that names one code by its code and another by its label names none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.reading.values.number_names import number_named
from pipeline.reading.values.plain_texts import words
from questionnaire.codelists import Code, Codelist

LEVELS = (
    "niveau", "nivel", "level", "nível", "niv.", "option", "opción", "opção", "code", "código",
    "degré", "grado", "grade", "grau", "valeur", "valor", "value", "réponse", "respuesta", "answer", "resposta",
)  # fmt: skip
"""Before a choice: what it is."""

_LEVELS = frozenset(word for text in LEVELS for word in words(text))
_NUMBER = re.compile(
    r"(?<=\w)[\s:]+(?:n\.?\s?[º°]|no\.|nro\.?|n[uú]m\.?|n[uú]mero|num[eé]ro|number|#)\s*(?=\d)", re.IGNORECASE
)
"""Between `nivel` and its number; alone, `no. 4` could deny it."""

_SAINTS = {"st": "saint", "ste": "sainte", "sta": "santa"}
_AND = "&"
_LINKS = frozenset({"et", "y", "e", "and"})
_MORE_WORDS = 12
"""How many words may stand beside those of a label: a number in words has seven at most, and a code one or two."""

_IN_BRACKETS = re.compile(r"([^()]+) \(([^()]+)\)")

_LONGEST_KEPT = 256
"""Characters of a text of which it is kept what it names."""

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
    return _kept_named(codelist, text) if len(text) <= _LONGEST_KEPT else _kept_named.__wrapped__(codelist, text)


@lru_cache(maxsize=8192)
def _kept_named(codelist: Codelist, text: str) -> Named:
    found = _named_with_levels(codelist, text)
    return found if found.codes or "/" not in text else _twice(codelist, text.split("/"))


def _named_with_levels(codelist: Codelist, text: str) -> Named:
    """The codes that a text names, whether or not it says before them what they are."""
    said = _words(text)
    found = _named(codelist, said)
    if found.codes:
        return found
    unnumbered = _NUMBER.sub(" ", text)
    bare = _without_levels(said if unnumbered == text else _words(unnumbered))
    return found if bare == said else _named(codelist, bare)


def _without_levels(said: Words) -> Words:
    """A text without the word before its choice, which may stand behind the label too: `… (nivel 4)`."""
    places = [place for place, word in enumerate(said[:-1]) if word in _LEVELS and place in (0, len(said) - 2)]
    kept = tuple(word for place, word in enumerate(said) if place not in places)
    return kept[:1] if places and len(set(kept)) == 1 else kept


def _twice(codelist: Codelist, texts: Sequence[str]) -> Named:
    """The code that several texts name, such as one label in two languages; none where they name different ones.

    Numbers alone are a fraction: `3/3` is the whole, not a three.
    """
    found = _named_with_levels(codelist, texts[0])
    is_same = bool(found.codes) and all(_named_with_levels(codelist, text).codes == found.codes for text in texts[1:])
    is_fraction = all(word.isdecimal() for text in texts for word in words(text))
    return found if is_same and not is_fraction else Named()


def _named(codelist: Codelist, said: Words) -> Named:
    listed = _listed(codelist)
    if len(said) > listed.most_words and _AND not in said:
        return Named()
    alone = listed.by_text.get(said) or listed.by_number(said) or listed.by_other_name(said)
    if said and len(alone) == 1:
        return Named(alone)
    for first, name in _parted(said):
        by_code = listed.by_short.get(first)
        name = name[1:] if len(name) > 1 and name[0] == first else name
        by_name = listed.by_name.get(name, ())
        if by_code is not None and (by_code in by_name or (first.isdecimal() and _number(name) == int(first))):
            return Named((by_code,), is_whole=True)
        if by_code is not None and by_name:
            return Named((by_code, by_name[0]))
    return Named()


def _parted(said: Words) -> Iterator[tuple[str, Words]]:
    """A text as a code before or behind a label."""
    if len(said) > 1:
        yield said[0], said[1:]
        yield said[-1], said[:-1]


def _words(text: str) -> Words:
    """The words of a text, with the saints of places written out."""
    return tuple(_SAINTS.get(word, word) for word in words(text))


def _codes(code: Code) -> Sequence[str]:
    """The code as a word, and what stands for it in the languages."""
    return ["".join(words(short)) for short in {code.code: 0, **{code.short(language): 0 for language in code.label}}]


def _names(code: Code) -> Sequence[Words]:
    """The labels and other names of a code, without the code where they begin with it."""
    labels = [_words(label) for label in _labels(code)]
    return [label[1:] if len(label) > 1 and label[0] in _codes(code) else label for label in labels]


def _labels(code: Code) -> Sequence[str]:
    return tuple(dict.fromkeys((*code.label.values(), *code.typed)))


def _number(said: Words) -> int | None:
    """The number that words name, without digits: `4 (cuatro)`."""
    return None if any(word.isdecimal() for word in said) else number_named(" ".join(said))


@lru_cache(maxsize=512)
def _listed(codelist: Codelist) -> "_Listed":
    return _Listed(codelist)


class _Listed:
    """The codes of a list by the words that name them, made ready once for the many texts that are read by it.

    `by_text` is by a code or label that stands alone, `by_name` by label, `by_short` by code.
    """

    def __init__(self, codelist: Codelist) -> None:
        self.by_text: dict[Words, tuple[Code, ...]] = {}
        self.by_name: dict[Words, tuple[Code, ...]] = {}
        self.by_short: dict[str, Code] = {}
        self._numbers = {int(code.code): code for code in reversed(codelist.codes) if code.code.isdecimal()}
        self._linked: dict[Words, tuple[Code, ...]] = {}
        self._bracketed: dict[Words, tuple[Code, ...]] = {}
        for code in codelist:
            shorts, names = _codes(code), _names(code)
            for short in shorts:
                self.by_short.setdefault(short, code)
            _add(self.by_name, code, names)
            _add(self.by_text, code, (*((short,) for short in shorts), *names))
            for label in _labels(code):
                _add(self._linked, code, [tuple(word for word in _words(label) if word not in _LINKS)])
        for code in codelist:
            _add(self._bracketed, code, [name for label in _labels(code) for name in self._without_brackets(label)])
        names = (*self.by_text, *self.by_name, *self._bracketed)
        self.most_words = max(map(len, names), default=0) + _MORE_WORDS

    def by_number(self, said: Words) -> tuple[Code, ...]:
        """The code that is the number which some words name."""
        number = _number(said) if self._numbers else None
        return (self._numbers[number],) if number in self._numbers else ()

    def by_other_name(self, said: Words) -> tuple[Code, ...]:
        """The codes of which a text is the label with & for its and, or without its brackets."""
        if _AND in said:
            return self._linked.get(tuple(word for word in said if word != _AND), ())
        return self._bracketed.get(said, ())

    def _without_brackets(self, label: str) -> Iterator[Words]:
        """What names a code as well where its label has brackets: `Bolivia (Estado Plurinacional de)`.

        What stands before brackets is no name where another label begins with it too; behind what is in them,
        it is one.
        """
        found = _IN_BRACKETS.fullmatch(label)
        if found is None:
            return
        short, rest = _words(found[1]), _words(found[2])
        begun = {code.code for name, codes in self.by_name.items() if name[: len(short)] == short for code in codes}
        if len(begun) == 1:
            yield short
        if rest:
            yield rest + short


def _add(codes: dict[Words, tuple[Code, ...]], code: Code, texts: Iterable[Words]) -> None:
    """Note the texts that name a code, which several labels of it may give."""
    for text in texts:
        if code not in codes.get(text, ()):
            codes[text] = (*codes.get(text, ()), code)
