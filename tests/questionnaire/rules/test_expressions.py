"""The text form of conditions: what it means, and what is said when it cannot be read."""

from dataclasses import replace

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.rules.conditions import (
    Always,
    And,
    Arithmetic,
    CodeIn,
    Compare,
    Condition,
    Constant,
    Filled,
    Given,
    Length,
    MarkedCount,
    Not,
    Or,
    Parameter,
    Ref,
    Value,
    Valued,
    Within,
    YearOf,
    operands,
    refs,
    walk,
)
from questionnaire.rules.expressions import read_condition
from questionnaire.rules.names import ExpressionError, Names
from tests.given import mini

STATUS, TOTAL = Value(Ref("status")), Value(Ref("total"))
REGIONS = tuple(Ref(f"regions.{code}") for code in ("NORTH", "SOUTH", "WEST"))
LAST_REGIONS = tuple(replace(ref, previous=True) for ref in REGIONS)


def names() -> Names:
    instrument = mini()
    types = {code: question.type for code, question in instrument.questions.items()}
    return Names(types, frozenset(indicator.code for indicator in instrument.indicators), instrument.missing)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Always()),
        ("always", Always()),
        ("status >= 2", Compare(">=", STATUS, Constant(2))),
        ("1 <= status < 4", And((Compare("<=", Constant(1), STATUS), Compare("<", STATUS, Constant(4))))),
        ("total == -1", Compare("==", TOTAL, Constant(-1))),
        ("started <= period_end", Compare("<=", Value(Ref("started")), Parameter("period_end"))),
        (
            "total - 1 <= W01a.total * 1.5",
            Compare(
                "<=",
                Arithmetic("-", TOTAL, Constant(1)),
                Arithmetic("*", Value(Ref("total", "W01a")), Constant(1.5)),
            ),
        ),
        ("status == SO", CodeIn(Ref("status"), (), (AnswerStatus.NOT_APPLICABLE,))),
        ("status != SO", Not(CodeIn(Ref("status"), (), (AnswerStatus.NOT_APPLICABLE,)))),
        ("total == ND", CodeIn(Ref("total"), (), (AnswerStatus.NOT_AVAILABLE,))),
        ("free in (Y, CF)", CodeIn(Ref("free"), ("Y",), (AnswerStatus.CONFIDENTIAL,))),
        ("spent.currency not in (EUR,)", Not(CodeIn(Ref("spent.currency"), ("EUR",), ()))),
        ("filled(report)", Filled(Ref("report"))),
        ("valued(W02.opened)", Valued(Ref("opened", "W02"))),
        ("has(regions, SOUTH)", Valued(REGIONS[1])),
        ("count(regions) > 2", Compare(">", MarkedCount(REGIONS), Constant(2))),
        ("total >= previous(total)", Compare(">=", Value(Ref("total")), Value(Ref("total", previous=True)))),
        (
            "previous(W01a.status) == SO",
            CodeIn(Ref("status", "W01a", previous=True), (), (AnswerStatus.NOT_APPLICABLE,)),
        ),
        ("count(previous(regions)) > 2", Compare(">", MarkedCount(LAST_REGIONS), Constant(2))),
        ("has(previous(regions), SOUTH)", Valued(LAST_REGIONS[1])),
        ("length(report) >= 3", Compare(">=", Length(Ref("report")), Constant(3))),
        ("total >= given(urban)", Compare(">=", Value(Ref("total")), Given(Ref("urban")))),
        ("year(opened) >= started", Compare(">=", YearOf(Ref("opened")), Value(Ref("started")))),
        (
            "within(targeted, regions)",
            Within(tuple((Ref(ref.field.replace("regions", "targeted")), ref) for ref in REGIONS)),
        ),
        (
            "not filled(report) or valued(source) and status > 0",
            Or(
                (
                    Not(Filled(Ref("report"))),
                    And((Valued(Ref("source")), Compare(">", STATUS, Constant(0)))),
                )
            ),
        ),
    ],
)
def test_read_condition__every_form__gives_its_tree(text: str, tree: Condition) -> None:
    assert read_condition(text, names()) == tree


@pytest.mark.parametrize(
    ("text", "part", "what"),
    [
        ("status >=", "status >=", "well-formed"),
        ("stats >= 2", "stats", "is not a question"),
        ("W01a.stats >= 2", "W01a.stats", "is not a question"),
        ("report > 3", "report", "has no number"),
        ("free > 0", "free", "has no number"),
        ("status == MAYBE", "MAYBE", "is no code"),
        ("spent.money > 0", "spent.money", "is no part of spent"),
        ("has(regions, EAST)", "regions", "has no option"),
        ("count(total) > 1", "total", "is not a multiple choice"),
        ("length(total) > 1", "total", "is not a text"),
        ("given(status) > 1", "status", "is not a number"),
        ("given(started) > 1", "started", "is not a number"),
        ("year(started) > 1", "started", "is not a date"),
        ("within(regions, regions) + 1", "within", "neither a comparison"),
        ("__import__('os').system('true')", "__import__", "neither a comparison"),
        ("total is 3", "3", "compared in a way"),
        ("previous(total, urban) > 1", "previous(total, urban)", "takes one question"),
        ("previous(stats) > 1", "stats", "is not a question"),
        ("previous(total)", "previous(total)", "neither a comparison"),
        ("filled()", "filled()", "takes 1 name in brackets, not 0"),
        ("valued(total, urban)", "valued(total, urban)", "takes 1 name in brackets, not 2"),
        ("has()", "has()", "takes 2 names in brackets, not 0"),
        ("within(regions)", "within(regions)", "takes 2 names in brackets, not 1"),
        ("length(report, source) > 1", "length(report, source)", "takes 1 name in brackets, not 2"),
        ("filled(total, at=urban)", "filled(total, at=urban)", "not anything with “=”"),
        ("has(spent.currency, EUR)", "spent.currency", "is not a multiple choice"),
        ("free == this", "free", "known only within lines() and sum()"),
        ("[x for x in total]", "[x for x in total]", "neither a comparison"),
    ],
)
def test_read_condition__not_understood__names_the_part(text: str, part: str, what: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_condition(text, names())
    assert part in str(caught.value)
    assert what in str(caught.value)


def test_refs_and_operands__a_rule__lists_each_once_in_reading_order() -> None:
    tree = read_condition("total == urban + rural and not total == SO and filled(report)", names())
    assert refs(tree) == (Ref("total"), Ref("urban"), Ref("rural"), Ref("report"))
    assert [type(node) for node in operands(tree)] == [Value, Value, Value, CodeIn]
    assert len(list(walk(tree))) == 9


def printed_names() -> Names:
    listed = Codelist("asked", (Code("1.a", {}, {}), Code("W02", {}, {})))
    types = {**names().types, "about": SingleChoice(listed)}
    return replace(names(), types=types, indicators=frozenset(("1.a", "1.a.1", "BPfA-REP-001")))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("I1_a.total > 2", Compare(">", Value(Ref("total", "1.a")), Constant(2))),
        ("I1_a_1.spent.currency == EUR", CodeIn(Ref("spent.currency", "1.a.1"), ("EUR",), ())),
        ("filled(BPfA_REP_001.total)", Filled(Ref("total", "BPfA-REP-001"))),
        ('about == "1.a"', CodeIn(Ref("about"), ("1.a",), ())),
        ("about in (I1_a, W02)", CodeIn(Ref("about"), ("1.a", "W02"), ())),
    ],
)
def test_name__of_an_indicator_with_signs__is_its_safe_name(text: str, tree: Condition) -> None:
    assert read_condition(text, printed_names()) == tree


@pytest.mark.parametrize("text", ["1.a.1.total > 2", "BPfA-REP-001.total > 2", "filled(1.a.1)"])
def test_name__written_with_its_signs__is_refused_with_the_safe_one(text: str) -> None:
    with pytest.raises(
        ExpressionError, match=r"in expressions, (1\.a\.1 is called I1_a_1|BPfA-REP-001 is called BPfA_)"
    ):
        read_condition(text, printed_names())
