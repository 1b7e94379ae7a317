"""Makes a list of an instrument from a repeat of an XLSForm, as lists.toml has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from questionnaire.codelists import Wording
from questionnaire.declaration.lists.list_checks import TYPE_KEYS
from questionnaire.messages import wording
from questionnaire.tables_written import inline, quoted
from questionnaire.xlsform.choices import Choices
from questionnaire.xlsform.naming import free_name, question_code
from questionnaire.xlsform.plan import Planned, PlannedBlock

_LINES = 40
_MOST_LINES = 500
_INDICATOR = "indicator"


@dataclass(frozen=True)
class Repeats:
    """Writes repeats as lists. `indicators` have the words by which they are chosen; `near` are those beside a repeat.

    `texts` gives a text in the languages of the instrument, `choices` the choices of a column.
    """

    indicators: Mapping[str, Wording]
    languages: tuple[str, ...]
    choices: Callable[[Planned], Choices]
    texts: Callable[[Wording, str], Wording]
    leave_out: Callable[[str, str], None]

    def toml(self, code: str, block: PlannedBlock, near: str) -> str:
        """The entry of a list."""
        group = block.group
        count = group.cell("repeat_count")
        lines = int(count) if count.isdecimal() and 1 <= int(count) <= _MOST_LINES else _LINES
        written = ["[[list]]", f"code = {quoted(code)}", f"lines = {lines}"]
        written += [f"label = {inline(self.texts(group.label, group.name))}"]
        written += [f"help = {inline(self.texts(group.hint, ''))}"] if group.hint else []
        chosen = next((one for one in block.questions if self._chooses_indicator(one)), None)
        taken: list[str] = []
        labels: list[str] = []
        if chosen is None:
            taken.append(_INDICATOR)
            labels.append("")
            asked = {one: wording("xlsform_import", "list_indicator")[one] for one in self.languages}
            written += ["", *self._indicators(_INDICATOR, asked, (near,))]
        for one in block.questions:
            column = free_name(question_code(one, block), taken)
            taken.append(column)
            label = self.texts(one.entry.label, one.entry.name)
            if any(text.casefold() in labels for text in label.values()):
                label = {language: f"{text} ({column})" for language, text in label.items()}
            labels += [text.casefold() for text in label.values()]
            if one is chosen:
                codes = tuple(name for name in self.choices(one).codes if name in self.indicators)
                written += ["", *self._indicators(column, label, codes)]
            else:
                written += ["", *self._column(column, label, one)]
        return "\n".join(written) + "\n"

    def _chooses_indicator(self, one: Planned) -> bool:
        return one.declared == "single_choice" and all(name in self.indicators for name in self.choices(one).codes)

    def _indicators(self, column: str, label: Wording, codes: tuple[str, ...]) -> Iterator[str]:
        yield from ("[[list.column]]", f"column = {quoted(column)}", f"type = {quoted(_INDICATOR)}")
        yield from (f"label = {inline(label)}", "required = true")
        for code in codes:
            texts = {language: f"{code} – {text}" for language, text in self.indicators[code].items()}
            yield from ("", "[[list.column.option]]", f"code = {quoted(code)}", f"label = {inline(texts)}")

    def _column(self, column: str, label: Wording, one: Planned) -> Iterator[str]:
        yield from ("[[list.column]]", f"column = {quoted(column)}", f"type = {quoted(one.declared)}")
        yield f"label = {inline(label)}"
        if one.entry.hint:
            yield f"help = {inline(self.texts(one.entry.hint, ''))}"
        due = one.entry.cell("required").casefold()
        if due in ("yes", "true", "true()"):
            yield "required = true"
        elif due not in ("", "no", "false", "false()"):
            self.leave_out("expression", f"{one.entry.name} required")
        for what, said in (("relevant", one.entry.cell("relevant")), ("constraint", one.limits.rules)):
            if said:
                self.leave_out("expression", f"{one.entry.name} {what}")
        limits = {"minimum": one.limits.minimum, "maximum": one.limits.maximum, "max_length": one.limits.max_length}
        known = TYPE_KEYS[one.declared]
        yield from (f"{key} = {text}" for key, text in limits.items() if text and key in known)
        if one.declared == "single_choice":
            yield f"codelist = {quoted(self.choices(one).codelist.name)}"
