"""Makes rules of an instrument from the constraints of an XLSForm, and from the notes in which an export warns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from questionnaire.codelists import Wording
from questionnaire.messages import say, wording
from questionnaire.tables_written import inline, quoted
from questionnaire.xlsform.naming import free_name
from questionnaire.xlsform.plan import PlannedBlock
from questionnaire.xlsform.translated import Asked, Translation
from questionnaire.xlsform.xpath import Node, NotUnderstoodError, condition_of, parsed

_WORDS = "xlsform_import"
_Said = tuple[str, str, str, str, str]
"""What a rule says: its target, severity, both conditions, and its message as TOML."""


@dataclass
class Constraints:
    """Collects rules: what is required of several indicators alike stands there once, for all of them."""

    known: Mapping[str, Asked]
    languages: tuple[str, ...]
    texts: Callable[[Wording, str], Wording]
    leave_out: Callable[[str, str], None]
    _scopes: dict[_Said, list[str]] = field(default_factory=dict)

    def add(self, indicator: str, block: PlannedBlock, codes: Mapping[str, str]) -> None:
        """Add the rules of a block; `codes` are those of its questions, by their names in the form."""
        for one in block.questions:
            for when, check, message in one.limits.rules:
                self._add(indicator, (one.entry.name, codes[one.entry.name], "error"), when, check, message)
        for above, note in block.notes:
            if above in codes:
                try:
                    when, check = condition_of(parsed(note.cell("relevant")))
                except NotUnderstoodError as error:
                    self.leave_out("expression", f"{note.name} relevant: {error}")
                    continue
                self._add(indicator, (above, codes[above], "warning"), when, check, note.label)

    def _add(self, indicator: str, about: tuple[str, str, str], when: Node, check: Node, message: Wording) -> None:
        name, target, severity = about
        translation = Translation(self.known, indicator, name)
        try:
            parts = translation.condition(when), translation.condition(check)
        except NotUnderstoodError as error:
            self.leave_out("expression", f"{name} constraint: {error}")
            return
        texts = self.texts(message or wording(_WORDS, "broken"), "")
        shown = inline({language: texts.get(language) or texts[self.languages[0]] for language in self.languages})
        self._scopes.setdefault((target, severity, *parts, shown), []).append(indicator)

    def entries(self) -> Iterator[str]:
        """The entries of rules.toml."""
        taken: list[str] = []
        remedy = inline({language: say(_WORDS, "remedy", language) for language in self.languages})
        for (target, severity, when, check, message), scope in self._scopes.items():
            taken.append(free_name(f"{target}_rule".upper(), taken))
            yield "\n".join([
                "[[rule]]",
                f"code = {quoted(taken[-1])}",
                f"scope = [{', '.join(map(quoted, scope))}]",
                f"target = {quoted(target)}",
                *([f"when = {quoted(when)}"] if when else []),
                f"check = {quoted(check)}",
                f"severity = {quoted(severity)}",
                f"reason = {inline({language: say(_WORDS, 'reason', language) for language in self.languages})}",
                f"message = {message}",
                f"remedy = {remedy}",
            ])  # fmt: skip
