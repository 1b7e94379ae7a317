"""Collects the faults of a declaration, so that all of them are reported at once and not one refusal at a time."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from questionnaire.indicator_table.identifiers import safe_name
from questionnaire.known_sentences import filled_in
from questionnaire.tables import DeclarationError, SeveralFaultsError

_SENTENCES = "declaration_faults"
_Given = ParamSpec("_Given")
_Read = TypeVar("_Read")


class Faults:
    """The faults found so far; `at_once`: the first one ends the reading instead. `lost` is known not to be declared.

    `count` is how many there were, with those that follow from others.

    A faulty line declares nothing, and other lines may name what it would have declared: what is then missing follows
    from the first fault and is no fault of its own.
    """

    def __init__(self, at_once: bool = False, lost: Iterable[str] = ()) -> None:
        self.at_once = at_once
        self.count = 0
        self._found: list[DeclarationError] = []
        self._lost: set[str] = set(lost)

    def add(self, fault: DeclarationError, *lost: str) -> None:
        """Keep a fault, unless it follows from another one; `lost` is what is therefore not declared."""
        if self.at_once:
            raise fault
        self.count += 1
        if any(one in self._found for one in fault.faults):
            return  # what was found so far has ended the reading
        if not any(_names(fault.what, name) for name in self._lost):
            self._found.append(fault)
        self._lost.update(filter(None, lost))

    def lose(self, name: str) -> None:
        """Take it that something is not declared as it should be: a fault that names it follows from another."""
        self._lost.update(filter(None, [name]))

    def of_their_own(self, missing: Sequence[str]) -> Sequence[str]:
        """Those of what is missing that no other fault explains; all of them where each follows from one."""
        return [name for name in missing if not self.has_lost(name)] or missing

    def __bool__(self) -> bool:
        return bool(self._found)

    def has_lost(self, name: str) -> bool:
        """Whether something of that name is at fault."""
        return name in self._lost

    @contextmanager
    def kept(self, *lost: str) -> Iterator[None]:
        """Keep the fault that ends the block, and go on behind it."""
        try:
            yield
        except DeclarationError as fault:
            self.add(fault, *lost)

    def attempt(self, read: Callable[_Given, _Read], *args: _Given.args, **kwargs: _Given.kwargs) -> _Read | None:
        """What is read; None where that is at fault, which is kept: so the next cell of the line is read too."""
        with self.kept():
            return read(*args, **kwargs)
        return None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Raise, at the end of the block, what was found in it: one fault as itself, several as SeveralFaultsError."""
        with self.kept():
            yield
        self.raise_found()

    def raise_found(self) -> None:
        """Raise what was found so far, if anything."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            raise SeveralFaultsError(self._found)


AT_ONCE = Faults(at_once=True)
"""For who reads one file alone: its first fault is raised."""


def _names(text: str, name: str) -> bool:
    """Whether a text is about something of that name, or of the one that stands for it in expressions.

    1.a is no name of 1, nor I.7 of I; a mere number may be a count, and what is missing is not the list of that name.
    """
    before = "^|“|indicator " if name.isdigit() else r"(?<![\w./-])"
    if name.isalpha() and name.islower():
        # Such as value, level and missing: sentences have these words too.
        text = "; ".join(filled_in(_SENTENCES, text))
    safe = safe_name(name)
    after = r"\.[A-Z\d]" if safe == name else r"\.\w"
    return bool(
        re.search(rf"(?:{before}){re.escape(name)}(?![\w/(-]|{after})", text)
        or (safe != name and re.search(rf"(?<![\w.]){safe}(?!\w)", text))
    )
