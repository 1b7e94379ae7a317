"""Reads the rules that an instrument writes itself, and placing them on the indicators they apply to."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import Date, Selection
from questionnaire.declaration.blocks import ListBlock, Question
from questionnaire.declaration.form import Indicator
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.messages import in_english
from questionnaire.rules.comparable import comparable
from questionnaire.rules.conditions import CodeIn, Condition, Divided, Ref, both
from questionnaire.rules.expressions import read_condition
from questionnaire.rules.names import ExpressionError, Names
from questionnaire.rules.rule import (
    AUTOMATIC,
    Asked,
    Rule,
    Severity,
    rule_of_count,
    rules_of,
    rules_of_list,
    rules_of_ratio,
)
from questionnaire.rules.since_previous import rules_between
from questionnaire.rules.substitution import for_indicator
from questionnaire.rules.table_rules import in_each_column, looks_before, rules_of_table
from questionnaire.tables import Settings, read_settings

EVERYWHERE = "*"
PREVIOUS = "{previous}"
"""Stands in the message of a rule for the answer of the previous round."""
MOST_NAMED = 12
"""So many codes are named where a message says which there are."""

_CURLY = re.compile(r"\{[^{}]*\}?|\}")


def automatic_rules(indicators: Sequence[Indicator], lists: Iterable[ListBlock]) -> Iterator[Rule]:
    """The rules that follow from the questions, each once for all blocks that ask the question."""
    users: dict[str, list[str]] = {}
    questions: dict[str, Question] = {}
    for indicator in indicators:
        for question in indicator.questions:
            users.setdefault(question.code, []).append(indicator.code)
            questions[question.code] = question
    for code, question in questions.items():
        fields = tuple((field.code, field.type) for field in question.fields)
        asked = Asked(question.type, fields, question.relevant_when, question.required_when, tuple(users[code]))
        yield from rules_of(asked)
        yield from rules_between(asked)
    yield from _rules_on_ratios(indicators)
    for block in lists:
        yield from _rules_in_lines(block)
        yield from rules_of_table(block) if isinstance(block, TableBlock) else _rules_on_list(block)


def _rules_on_ratios(indicators: Iterable[Indicator]) -> Iterator[Rule]:
    """The rules of each ratio, once for all indicators that ask it of the same numbers."""
    users: dict[tuple[str, Divided], list[str]] = {}
    questions = {question.code: question for indicator in indicators for question in indicator.questions}
    for indicator in indicators:
        for question in indicator.questions:
            if question.formula is not None and question.formula.ratio is not None:
                users.setdefault((question.code, question.formula.ratio), []).append(indicator.code)
    for (code, ratio), codes in users.items():
        question = questions[code]
        fields = tuple((field.code, field.type) for field in question.fields)
        asked = Asked(question.type, fields, question.relevant_when, None, tuple(codes))
        yield from rules_of_ratio(asked, ratio)


def _rules_in_lines(block: ListBlock) -> Iterator[Rule]:
    printed = block.dimension_codes if isinstance(block, TableBlock) else ()
    for question in (item for item in block.questions if item.code not in printed):
        fields = tuple((field.code, field.type) for field in question.fields)
        relevant, required = question.relevant_when, question.required_when
        asked = Asked(question.type, fields, relevant, required, (block.code,), True, question.others_only)
        yield from rules_of(asked)
        if question.formula is not None and question.formula.ratio is not None:
            yield from rules_of_ratio(asked, question.formula.ratio)


def _rules_on_list(block: ListBlock) -> Iterator[Rule]:
    yield from rules_of_list(block.code, block.indicator_field, block.most_lines)
    for indicator in block.indicators:
        for count in block.counts:
            counted = CodeIn(Ref(count.field), (count.code,), ()) if count.field else None
            yield rule_of_count(indicator, count.question, block.code, block.indicator_field, counted)


def written_rules(
    path: Path,
    names: Names,
    indicators: Iterable[Indicator],
    lists: Iterable[ListBlock],
    types: Iterable[str],
    faults: Faults = AT_ONCE,
) -> Iterator[Rule]:
    """The rules of rules.toml, whose scopes may name `types` of indicators; each fault names the rule and its key."""
    by_code = {indicator.code: indicator for indicator in indicators}
    listed = {block.code: block for block in lists}
    known = {"indicators": by_code, "indicator types": tuple(types), "lists": listed}
    seen = set(AUTOMATIC)
    for entry in read_settings(path).tables("rule"):
        faults.attempt(_own_code, entry, seen)
        scope = faults.attempt(entry.texts, "scope") or ()
        in_lists = [name for name in scope if name in listed]
        is_about = in_lists or {EVERYWHERE, *names.indicators, *known["indicator types"]}.intersection(scope)
        own = names.of_rule_on(in_lists[0]) if in_lists else names
        # What it says can be judged even where an indicator of its scope is at fault, or is none.
        rule = _rule(entry, own if is_about else None, faults)
        with faults.kept():
            _check_scope(entry, known)
            if rule is not None and in_lists:
                yield from _in_list(rule, entry, names, listed[in_lists[0]], listed)
            elif rule is not None:
                yield from _each(_placed(rule, entry, by_code, faults))


def _own_code(entry: Settings, seen: set[str]) -> None:
    """The code of a rule comes to those `seen`; a fault where another one has it."""
    code = entry.text("code")
    if code in seen:
        raise entry.fault("code", f"“{code}” is taken", "Give every rule a code of its own")
    seen.add(code)


def _in_list(
    rule: Rule, entry: Settings, names: Names, block: ListBlock, lists: Mapping[str, ListBlock]
) -> Iterator[Rule]:
    """A rule on the lines of a list; its names are the columns. One on a measure of a table is one for each column."""
    if entry.texts("scope") != (block.code,):
        what = f"a rule on the lines of {block.code} is about nothing else"
        raise entry.fault("scope", what, f"Write [“{block.code}”] alone, and another rule for the rest")
    rule = replace(rule, blocks=(block.code,))
    measures = names.measures(block.code)
    if rule.target not in block.field_codes and rule.target not in measures:
        known = ", ".join(sorted((*block.field_codes, *measures)))
        raise entry.fault("target", f"{block.code} has no column {rule.target}", f"Use one of {known}")
    if rule.previous_refs:
        what = "the lines of a list are not compared with those of the previous round"
        raise entry.fault("check", what, "Leave previous(…) out")
    if any(PREVIOUS in text for text in rule.message.values()):
        what = f"nothing fills in {PREVIOUS}, as the lines of {block.code} have no previous answer"
        raise entry.fault("message", what, f"Leave {PREVIOUS} out")
    placed = [*in_each_column(rule, block, lists)] if isinstance(block, TableBlock) else [rule]
    if not placed and not (isinstance(block, TableBlock) and looks_before(rule, block)):
        what = f"the tables that {rule.code} looks at have no column in common"
        raise entry.fault("check", what, "Name a column of each")
    yield from placed


def _check_scope(entry: Settings, known: Mapping[str, Collection[str]]) -> None:
    there_are = {name for codes in known.values() for name in codes}
    if unknown := [name for name in entry.texts("scope") if name not in (*there_are, EVERYWHERE)]:
        what = f"{', '.join(unknown)} is neither an indicator, an indicator type nor a list"
        there = "; ".join(f"{word}: {_some(codes)}" for word, codes in known.items())
        raise entry.fault("scope", what, f"Use what there is ({there}), or “{EVERYWHERE}” for all indicators that fit")


def _some(codes: Iterable[str]) -> str:
    """The codes in a row, of many the first."""
    shown = [*codes]
    return ", ".join([*shown[:MOST_NAMED], *(["…"] if len(shown) > MOST_NAMED else [])]) or "–"


def _each(rule: Rule) -> Iterator[Rule]:
    """The rule; one for each indicator where it counts the lines of the indicator that is judged."""
    for code in rule.blocks:
        own = replace(rule, blocks=(code,), when=for_indicator(rule.when, code), check=for_indicator(rule.check, code))
        if (own.when, own.check) == (rule.when, rule.check):
            yield rule
            return
        yield own


def _rule(entry: Settings, names: Names | None, faults: Faults) -> Rule | None:
    """The rule of an entry; None where nobody knows what it says: without `names`, it is about nothing that there is.

    What is at fault is kept; where a rule applies can be judged whatever its texts are.
    """
    read = faults.attempt
    target = read(_target, entry, names) if names else None
    severity = read(_severity, entry)
    when = read(_condition, entry, "when", names) if names else None
    check = read(_condition, entry, "check", names) if names else None
    if names and when is not None and check is not None:
        when = read(_in_one_unit, entry, when, check, names)
    reason = read(_reason, entry)
    message = read(_wording, entry, "message", PREVIOUS)
    remedy = read(_wording, entry, "remedy")
    if target is None or when is None or check is None:
        return None
    return Rule(
        code=str(entry.values.get("code", "")),
        blocks=(),
        target=target,
        when=when,
        check=check,
        severity=severity or Severity.ERROR,
        reason=reason or {},
        message=message or {},
        remedy=remedy or {},
    )


def _in_one_unit(entry: Settings, when: Condition, check: Condition, names: Names) -> Condition:
    """When a rule applies: only where what it compares is in one unit."""
    try:
        return both(comparable((when, check), names), when)
    except ExpressionError as error:
        raise entry.fault("check", str(error), "Correct the expression") from None


def _target(entry: Settings, names: Names) -> str:
    if (target := entry.text("target")).partition(".")[0] not in names.types:
        raise entry.fault("target", f"“{target}” is not a question", "Use a code of questions.csv")
    return target


def _severity(entry: Settings) -> Severity:
    severities = [str(severity) for severity in Severity]
    if (severity := entry.text("severity")) not in severities:
        raise entry.fault("severity", f"“{severity}” is not known", f"Use {', '.join(severities)}")
    return Severity(severity)


def _condition(entry: Settings, key: str, names: Names) -> Condition:
    try:
        return read_condition(entry.text(key, ""), names)
    except ExpressionError as error:
        raise entry.fault(key, str(error), "Correct the expression") from None


def _reason(entry: Settings) -> Wording:
    """Why it is checked: a line for each language, or one text alone, in English."""
    if isinstance(entry.values.get("reason"), dict):
        return _wording(entry, "reason")
    return in_english(entry.text("reason"))


def _wording(entry: Settings, key: str, placeholder: str = "") -> Mapping[str, str]:
    wording = entry.wording(key)
    if not wording:
        raise entry.fault(key, "no text is given", "Write it, one line for each language")
    for text in wording.values():
        if unknown := _CURLY.search(text.replace(placeholder, "") if placeholder else text):
            remedy = f"Only {placeholder} is known here" if placeholder else "Write the text without curly brackets"
            raise entry.fault(key, f"nothing fills in {unknown[0]}", remedy)
    return wording


def _placed(rule: Rule, entry: Settings, indicators: Mapping[str, Indicator], faults: Faults) -> Rule:
    """The rule with the codes of the indicators in its scope: named, of a type named, or all that have its fields.

    That there is none may follow from other faults, and is then none of its own.
    """
    scope = entry.texts("scope")
    faults.attempt(_check_references, rule, entry, indicators)
    if any(PREVIOUS in text for text in rule.message.values()):
        faults.attempt(_check_quoted, rule, entry, indicators)
    own = {ref.field for ref in (*rule.refs, *rule.previous_refs) if not ref.indicator} | {rule.target}
    placed: list[str] = []
    for code, indicator in indicators.items():
        lacking = own - indicator.field_codes
        if lacking and (code in scope or indicator.indicator_type.code in scope):
            what = f"{code} is not asked {', '.join(sorted(lacking))}"
            raise entry.fault("scope", what, "Take the indicator out of the scope, or add the question to it")
        if not lacking and (code in scope or indicator.indicator_type.code in scope or EVERYWHERE in scope):
            placed.append(code)
    if not placed and not faults:
        what = f"no indicator is asked {', '.join(sorted(own))}, which the rule looks at"
        raise entry.fault("scope", what, "Name indicators or indicator types that are asked these questions")
    return replace(rule, blocks=tuple(placed))


def _check_quoted(rule: Rule, entry: Settings, indicators: Mapping[str, Indicator]) -> None:
    """The previous answer is quoted as it stands beside its question: a day as a number, many choices as a count."""
    if not rule.quotes_previous:
        what = f"{PREVIOUS} stands in a text of a rule that has no previous({rule.target})"
        raise entry.fault("message", what, f"Use previous({rule.target}) in the rule, or leave {PREVIOUS} out")
    fields = (field for indicator in indicators.values() for field in indicator.fields)
    if any(field.code == rule.target and isinstance(field.type, Date | Selection) for field in fields):
        what = f"neither a day nor a choice of several can be quoted, as {PREVIOUS} would {rule.target}"
        raise entry.fault("message", what, f"Leave {PREVIOUS} out: the previous answer stands beside the question")


def _check_references(rule: Rule, entry: Settings, indicators: Mapping[str, Indicator]) -> None:
    for ref in (*rule.refs, *rule.previous_refs):
        # One that has a design and is not in the table is a fault of its own.
        asked = indicators.get(ref.indicator)
        if asked and ref.field not in asked.field_codes:
            what = f"{ref.indicator} is not asked {ref.field}"
            raise entry.fault("check", what, "Correct the name, or add the question to the indicator")
