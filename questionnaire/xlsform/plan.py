"""Decides what of an XLSForm becomes a block, a question or a list, and notes what has no counterpart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from questionnaire.codelists import Wording
from questionnaire.xlsform.names import RESPONDENT
from questionnaire.xlsform.numbers import plain_number
from questionnaire.xlsform.received import Entry, Form
from questionnaire.xlsform.xpath import (
    NOTHING,
    SELF,
    Node,
    NotUnderstoodError,
    answers,
    condition_of,
    conjuncts,
    parsed,
)

DECLARED = {
    "integer": "whole_number",
    "decimal": "number",
    "range": "number",
    "date": "date",
    "text": "text",
    "select_one": "single_choice",
    "select_multiple": "multiple_choice",
    "calculate": "computed",
}
"""The answer type of a type of XLSForm."""

YES_NO = ({"yes", "no"}, {"y", "n"}, {"oui", "non"}, {"si", "no"}, {"sí", "no"}, {"sim", "nao"}, {"sim", "não"})
_AUTOMATIC = ("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email",
              "start-geopoint", "audit", "background-audio", "csv-external", "xml-external", "hidden")  # fmt: skip
_BESIDE = ("choice_filter", "default", "trigger", "repeat_count", "read_only", "readonly")
_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Limits:
    """What a constraint says in columns of its own, and what only a rule can say: each with its message."""

    minimum: str = ""
    maximum: str = ""
    max_length: str = ""
    is_web: bool = False
    rules: tuple[tuple[Node, Node, Wording], ...] = ()


@dataclass(frozen=True)
class Planned:
    """A question to be, or a column: what it is made of, its answer type and its limits."""

    entry: Entry
    declared: str
    limits: Limits = field(default_factory=Limits)
    reason: Entry | None = None
    currency: Entry | None = None


@dataclass(frozen=True)
class PlannedBlock:
    """An indicator to be, or a list where `repeat`: the group it stands for, the groups around it, its questions.

    `notes` are the warnings that an exported form has in it, each with the name of the question above.
    """

    group: Entry
    around: tuple[Entry, ...]
    questions: tuple[Planned, ...]
    repeat: bool = False
    notes: tuple[tuple[str, Entry], ...] = ()


@dataclass
class Plan:
    """What is made of a form. `left_out` has what is not, by the key of why."""

    form: Form
    blocks: list[PlannedBlock] = field(default_factory=list)
    respondents: str = ""
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, why: str, what: str) -> None:
        """Note what has no counterpart."""
        self.left_out.setdefault(why, []).append(what)


def planned(form: Form) -> Plan:
    """The plan of a form."""
    plan = Plan(form)
    title = {form.languages[0]: form.title or "1"}
    _walk(plan, Entry(0, "begin_group", "", "form", {}, title, {}, {}, form.entries), ())
    for language in form.other_languages:
        plan.leave_out("language", language)
    return plan


def _walk(plan: Plan, group: Entry, around: tuple[Entry, ...]) -> None:
    own = [entry for entry in group.children if not entry.children and not entry.type.startswith("begin_")]
    if not around:
        own = [entry for entry in own if not _is_frame(plan, entry)]
    questions = tuple(_computable(plan, list(_questions(plan, own))))
    if questions:
        plan.blocks.append(PlannedBlock(group, around, questions, notes=tuple(_notes(plan, group, own))))
    for entry in group.children:
        if entry.type == "begin_group":
            _walk(plan, entry, (*around, group))
        elif entry.type == "begin_repeat":
            _repeat(plan, entry, (*around, group))


def _is_frame(plan: Plan, entry: Entry) -> bool:
    """Whether a question asks who answers, as in an exported form."""
    found = entry.type == "select_one" and entry.name == RESPONDENT and entry.list in plan.form.choices
    plan.respondents = entry.list if found else plan.respondents
    return found


def _repeat(plan: Plan, entry: Entry, around: tuple[Entry, ...]) -> None:
    if any(child.type.startswith("begin_") for child in entry.children):
        plan.leave_out("repeat", _named(entry))
        return
    kept = []
    for one in _questions(plan, entry.children):
        if one.declared in ("multiple_choice", "computed"):
            plan.leave_out("in_repeat", _named(one.entry))
        else:
            kept.append(one)
    if kept:
        plan.blocks.append(PlannedBlock(entry, around, tuple(kept), repeat=True))


def _questions(plan: Plan, entries: Sequence[Entry]) -> Iterator[Planned]:
    """The questions of a group: an amount is one with its currency, a question one with that for the reason."""
    waiting: Planned | None = None
    for entry in entries:
        if waiting is not None and entry.type == "select_one":
            if _asks_reason(entry, waiting.entry):
                waiting = replace(waiting, reason=entry)
                continue
            if waiting.declared == "number" and entry.name == f"{waiting.entry.name}_currency":
                waiting = replace(waiting, declared="amount", currency=entry)
                continue
        if entry.type == "note":
            continue
        if waiting is not None:
            yield waiting
        waiting = _question(plan, entry)
    if waiting is not None:
        yield waiting


def _computable(plan: Plan, questions: list[Planned]) -> Iterator[Planned]:
    """The questions without what a formula cannot compute: only sums and products of whole numbers beside it."""
    whole = {Node("answer", value=one.entry.name) for one in questions if one.declared == "whole_number"}
    for one in questions:
        if one.declared != "computed" or _is_computed(one.entry.cell("calculation"), whole):
            yield one
        else:
            plan.leave_out("calculation", _named(one.entry))


def _is_computed(text: str, whole: Collection[Node]) -> bool:
    try:
        node = parsed(text)
    except NotUnderstoodError:
        return False
    return bool(answers(node)) and _adds_up(node, whole)


def _adds_up(node: Node, whole: Collection[Node]) -> bool:
    if node.sign == "number":
        return float(node.value).is_integer()
    if node.sign in ("+", "-", "*", "coalesce"):
        return all(_adds_up(part, whole) for part in node.parts)
    return node in whole


def _asks_reason(entry: Entry, above: Entry) -> bool:
    return entry.list == "missing" and entry.cell("relevant").startswith(f"${{{above.name}}} = ''")


def _question(plan: Plan, entry: Entry) -> Planned | None:
    declared = DECLARED.get(entry.type, "")
    if not declared or (entry.type == "select_one" and entry.list.startswith("from_file")):
        why = "automatic" if entry.type in _AUTOMATIC else "type"
        plan.leave_out(why, _named(entry))
        return None
    list_ = entry.list.removesuffix(" or_other")
    if list_ != entry.list:
        plan.leave_out("or_other", _named(entry))
    if entry.type.startswith("select_") and not plan.form.choices.get(list_):
        plan.leave_out("no_choices", _named(entry))
        return None
    for column in _BESIDE:
        if entry.cell(column):
            plan.leave_out("column", f"{_named(entry)} {column}")
    entry = replace(entry, list=list_)
    limits = _limits(plan, entry)
    return Planned(entry, _exact(declared, entry, limits, plan.form), limits)


def _exact(declared: str, entry: Entry, limits: Limits, form: Form) -> str:
    """The narrower answer type that a list, limits or words show."""
    if declared == "single_choice" and {code.casefold() for code, _ in form.choices[entry.list]} in YES_NO:
        return "yes_no"
    low, high = (float(text) if text else None for text in (limits.minimum, limits.maximum))
    if declared == "whole_number" and low is not None and high is not None and low >= 1900 and high <= 2100:
        return "year"
    said = " ".join((*entry.label.values(), *entry.hint.values()))
    if declared == "number" and "%" in said and low is not None and high is not None and low >= 0 and high <= 100:
        return "percent"
    return "web_reference" if declared == "text" and limits.is_web else declared


def _notes(plan: Plan, group: Entry, entries: Sequence[Entry]) -> Iterator[tuple[str, Entry]]:
    """The notes that say when something is to be looked at; all others only say something, and are left out."""
    above = ""
    for entry in entries:
        if entry.type != "note":
            above = entry.name if entry.type in DECLARED and not entry.name.endswith("-reason") else above
        elif entry.name.startswith(f"{group.name}-") and entry.cell("relevant") and above:
            yield above, entry
        elif not entry.name.endswith("-shown"):
            plan.leave_out("note", _named(entry))


def _limits(plan: Plan, entry: Entry) -> Limits:
    text = entry.cell("constraint")
    if not text:
        return Limits()
    try:
        parts = conjuncts(parsed(text))
    except NotUnderstoodError as error:
        plan.leave_out("expression", f"{_named(entry)} constraint: {error}")
        return Limits()
    messages = _messages(entry.message, len(parts))
    found = Limits()
    for part, message in zip(parts, messages, strict=True):
        when, check = condition_of(part.parts[0]) if part.sign == "not" else (Node("true"), part)
        narrower: Limits | None = found if when.sign == "true" else None
        for one in conjuncts(check):
            narrower = narrower and _limit(narrower, _about(one, entry.name), entry.type)
        found = narrower or replace(found, rules=(*found.rules, (when, check, message)))
    return found


def _messages(message: Wording, count: int) -> list[Wording]:
    """The message of each part: an export joins them with a stroke."""
    split = {language: text.split(" / ") for language, text in message.items()}
    if not split or any(len(parts) != count for parts in split.values()):
        return [message] * count
    return [{language: parts[number] for language, parts in split.items()} for number in range(count)]


def _about(node: Node, name: str) -> Node:
    """The same with the own answer written as such."""
    if node == Node("answer", value=name):
        return SELF
    return replace(node, parts=tuple(_about(part, name) for part in node.parts))


def _limit(limits: Limits, node: Node, type_: str) -> Limits | None:
    """The limits with one more, None where the condition is no limit."""
    if node.sign == "or" and all(_is_web(part) for part in node.parts):
        return replace(limits, is_web=True)
    if node.sign not in _SWAPPED:
        return None
    (left, right), sign = node.parts, node.sign
    if left.sign == "number":
        left, right, sign = right, left, _SWAPPED[sign]
    length = left == Node("string-length", (SELF,))
    if right.sign != "number" or not (left == SELF or length):
        return None
    number = float(right.value)
    if sign in ("<", ">"):
        if type_ != "integer" and not length:
            return None
        number += 1 if sign == ">" else -1
    text = plain_number(number)
    if length:
        return replace(limits, max_length=text) if sign in ("<", "<=") and number >= 1 else None
    if type_ not in ("integer", "decimal", "range"):
        return None
    return replace(limits, maximum=text) if sign in ("<", "<=") else replace(limits, minimum=text)


def _is_web(node: Node) -> bool:
    return node == Node("=", (SELF, NOTHING)) or (
        node.sign == "starts-with" and node.parts[0] == SELF and node.parts[1].value.startswith("http")
    )


def _named(entry: Entry) -> str:
    kind = entry.type.replace("begin_", "")
    return f"{entry.name} ({kind}, survey {entry.row})"
