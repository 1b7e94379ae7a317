"""Declares code lists: the closed sets of codes that answers are drawn from, with labels in every language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from questionnaire.blanks import AnswerStatus, visible_text

Wording = Mapping[str, str]
"""One text in several languages: language code -> text."""

_LONGEST_KEPT = 1024
"""Characters of a text whose key is kept: those of a form are compared in every return."""

_SHORT = re.compile(r"(?P<short>[A-Z]{2,4})(?P<rest> – .+)")


@dataclass(frozen=True)
class Code:
    """One code of a code list.

    `rank` orders an ordered scale; `missing` says that choosing the code declares that no value is given. `typed` are
    its other names, of whatever language, that people type: the desk reads them, the sheet asks for the label.
    `factor` is how many of the unit that its list is converted to one of this unit is.
    """

    code: str
    label: Wording
    definition: Wording
    rank: int | None = None
    missing: AnswerStatus | None = None
    typed: tuple[str, ...] = ()
    factor: float | None = None

    @property
    def number(self) -> float | None:
        """The number that formulas take it for: its rank, or its factor as a unit; None for most codes."""
        return self.factor if self.rank is None else self.rank

    def short(self, language: str) -> str:
        """The code of a reason in a language: what stands before the dash in its label there, else the code itself."""
        found = _SHORT.fullmatch(self.label.get(language, "")) if self.missing is not None else None
        return found["short"] if found else self.code

    def with_short(self, language: str, label: str) -> str:
        """The label of a reason in a language, behind its code there."""
        short = self.short(language)
        return label if label.startswith(f"{short} ") else f"{short} – {label}"

    @cached_property
    def also(self) -> tuple[str, ...]:
        """What else names a reason: its codes in the languages, and its labels behind the code itself."""
        if self.missing is None:
            return ()
        found = [match for label in self.label.values() if (match := _SHORT.fullmatch(label))]
        texts = [text for match in found for text in (match["short"], self.code + match["rest"])]
        known = {choice_key(text) for text in (self.code, *self.label.values())}
        return tuple(text for text in dict.fromkeys(texts) if choice_key(text) not in known)


@dataclass(frozen=True)
class Codelist:
    """A named, ordered list of codes; codes and labels identify one code each, in any language."""

    name: str
    codes: tuple[Code, ...]

    def __hash__(self) -> int:
        # Its labels are mappings; what is made of a list is kept by it.
        return hash(self.name)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.codes)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Code:
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> dict[str, Code]:
        return {code.code: code for code in self.codes}

    @cached_property
    def _by_text(self) -> dict[str, Code]:
        texts = {choice_key(code.code): code for code in self.codes}
        for code in self.codes:
            texts |= {choice_key(text): code for text in (*code.label.values(), *code.also)}
        return texts

    @property
    def value_codes(self) -> tuple[str, ...]:
        """The codes that are values, without those that declare a missing one."""
        return tuple(code.code for code in self.codes if code.missing is None)

    @cached_property
    def declares(self) -> bool:
        """True for a list that has codes of its own for a missing value, as a scale of levels may."""
        return any(code.missing is not None for code in self.codes)

    @cached_property
    def is_scale(self) -> bool:
        """True for an ordered list: some of its codes have a rank."""
        return any(code.rank is not None for code in self.codes)

    @cached_property
    def has_numbers(self) -> bool:
        """True if some of its codes stand for a number."""
        return any(code.number is not None for code in self.codes)

    @cached_property
    def converted_to(self) -> Code | None:
        """Of units, the one that numbers are converted to: the first with the factor 1. None where nothing is."""
        return next((code for code in self.codes if code.factor == 1), None)

    @cached_property
    def ranked(self) -> tuple[Code, ...]:
        """The codes that have a rank, lowest first."""
        return tuple(sorted((code for code in self.codes if code.rank is not None), key=lambda code: code.rank or 0))

    def find(self, text: str) -> Code | None:
        """The code that a text names, by code or by its label in any language; None if it names none."""
        return self._by_text.get(choice_key(text))

    def faults(self) -> list[str]:
        """What makes the list ambiguous, one sentence each; empty for a sound list."""
        faults = []
        owners: dict[str, str] = {}
        for code in self.codes:
            for text in {choice_key(t) for t in (code.code, *code.label.values(), *code.also, *code.typed)}:
                owner = owners.setdefault(text, code.code)
                if owner != code.code:
                    faults.append(f"the codes {owner} and {code.code} share the text “{text}”")
        return faults


def choice_key(text: str) -> str:
    """How choices are compared: as seen, and regardless of capitals, the same as `=` does in a spreadsheet."""
    return _kept_key(text) if len(text) <= _LONGEST_KEPT else visible_text(text).casefold()


@lru_cache(maxsize=16_384)
def _kept_key(text: str) -> str:
    return visible_text(text).casefold()
