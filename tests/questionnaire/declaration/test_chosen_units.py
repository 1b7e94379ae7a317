"""Units that the respondent chooses: what a list of them may say, what a number converts to, what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import ComputedNumber, InUnits, SingleChoice, WholeNumber
from questionnaire.declaration.chosen_units import converted
from questionnaire.declaration.instrument import read_instrument
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.to_files import design_files
from questionnaire.rules.conditions import Compare, Constant, Ref, SameCode, Value
from questionnaire.rules.evaluate import Answer, Evaluator, Responses
from questionnaire.tables import DeclarationError
from tests.given import PERIOD
from tests.with_units import RULES, instrument, made


def answered(**cells: float | str) -> Evaluator:
    """The answers of W01; `lasted__unit` is its unit."""
    given = {("W01", code.replace("__", ".")): Answer(value) for code, value in cells.items()}
    return Evaluator(instrument(), given, PERIOD)


def rule(code: str):  # type: ignore[no-untyped-def]
    return next(one for one in (*instrument().rules, *instrument().comparisons) if one.code == code)


def test_number__with_a_list_of_units__has_a_cell_for_the_unit_and_a_question_for_what_it_converts_to() -> None:
    asked = {question.code: question for question in instrument().indicators[0].questions}
    assert [field.code for field in asked["reached"].fields] == ["reached", "reached.unit"]
    assert isinstance(asked["reached"].fields[1].type, SingleChoice)
    assert asked["reached"].fields[0].unit_in == "reached.unit"
    assert list(asked)[:3] == ["lasted", "lasted_converted", "reached"]
    assert "reached_converted" not in asked
    converted = asked["lasted_converted"]
    assert converted.label == {"en": "How long did it last? – converted to: Months"}
    assert (converted.measured_in.code, converted.type) == ("MONTH", ComputedNumber(2))
    assert asked["herd_converted"].type == ComputedNumber(0)


@pytest.mark.parametrize(
    ("number", "unit", "converted"),
    [(3.0, "YEAR", 36.0), (3.0, "DAY", 1.5), (3.0, "MONTH", 3.0), (3.0, "AGE", None), (2.01, "DAY", 1.01)],
)
def test_converted__by_the_factor_of_the_unit_chosen__rounded_as_shown(
    number: float, unit: str, converted: float | None
) -> None:
    assert answered(lasted=number, lasted__unit=unit).computed("W01", "lasted_converted").value == converted


def test_converted__without_a_number_or_a_unit__is_blank() -> None:
    assert answered(lasted=3.0).computed("W01", "lasted_converted").value is None
    assert answered(lasted__unit="YEAR").computed("W01", "lasted_converted").value is None


def test_converted__of_a_question__is_added_up_only_for_counts_and_says_nothing_beside_it_again() -> None:
    asked = instrument().questions
    assert (asked["herd_converted"].sums, asked["lasted_converted"].sums) == (True, False)
    held = converted(replace(asked["herd"], references=("area",), discloses="persons"))
    assert (held.references, held.discloses) == ((), "")


def test_formulas_and_rules__on_a_number_in_convertible_units__mean_what_it_converts_to() -> None:
    assert answered(lasted=2.0, lasted__unit="YEAR").computed("W01", "twice").value == 48.0
    assert answered(lasted=3.0, lasted__unit="YEAR").broken(rule("two_years"), "W01")
    assert not answered(lasted=30.0, lasted__unit="DAY").broken(rule("two_years"), "W01")
    assert not answered(lasted=30.0, lasted__unit="AGE").decides(rule("two_years"), "W01")


def test_rule__on_numbers_in_units_that_nothing_converts__applies_where_both_are_in_one() -> None:
    assert rule("more_than_aimed").when == SameCode(Ref("reached.unit"), Ref("aimed.unit"))
    numbers: dict[str, float | str] = {"reached": 20.0, "aimed": 10.0}
    assert answered(**numbers, reached__unit="PERSON", aimed__unit="PERSON").broken(rule("more_than_aimed"), "W01")
    assert not answered(**numbers, reached__unit="PERSON", aimed__unit="HOUSEHOLD").decides(
        rule("more_than_aimed"), "W01"
    )
    assert not answered(**numbers).decides(rule("more_than_aimed"), "W01")


def test_rule__that_says_itself_that_units_are_alike__does_not_say_it_twice(tmp_path: Path) -> None:
    old = 'check = "reached <= aimed"'
    read = read_instrument(made((old, f'when = "alike(reached.unit, aimed.unit)"\n{old}')).write(tmp_path / "made"))
    found = next(one for one in read.rules if one.code == "more_than_aimed")
    assert found.when == SameCode(Ref("reached.unit"), Ref("aimed.unit"))


def test_rule__on_amounts__applies_where_both_are_in_one_currency() -> None:
    numbers: dict[str, float | str] = {"spent": 20.0, "planned": 10.0}
    assert answered(**numbers, spent__currency="EUR", planned__currency="EUR").broken(rule("overspent"), "W01")
    assert not answered(**numbers, spent__currency="EUR", planned__currency="USD").decides(rule("overspent"), "W01")


def test_unit__left_blank__is_missed_beside_a_number_that_is_not_0() -> None:
    due = next(one for one in instrument().rules if (one.code, one.target) == ("unit_required", "reached.unit"))
    assert answered(reached=1.0).broken(due, "W01")
    assert not answered(reached=0.0).broken(due, "W01")
    assert not answered(reached=1.0, reached__unit="PERSON").broken(due, "W01")
    assert not answered(reached__unit="PERSON").broken(due, "W01")


def test_unit__of_a_number_that_may_be_below_0__is_missed_there_too(tmp_path: Path) -> None:
    below = "reached,whole_number,,-5,,,,How many were reached?"
    folder = made(("reached,whole_number,,,,,,How many were reached?", below)).write(tmp_path / "made")
    read = read_instrument(folder)
    due = next(one for one in read.rules if (one.code, one.target) == ("unit_required", "reached.unit"))
    assert Evaluator(read, {("W01", "reached"): Answer(-1.0)}, PERIOD).broken(due, "W01")


def test_counts__of_two_rounds__are_compared_in_one_unit() -> None:
    jumps = {one.target: one for one in instrument().comparisons if one.code == "W18c"}
    assert jumps.keys() == {"reached", "aimed", "herd_converted"}
    assert all(jump.quotes_previous for jump in jumps.values())

    def broken(target: str, now: tuple[float, str], then: tuple[float, str]) -> bool:
        given, before = (
            {("W01", target): Answer(number), ("W01", f"{target}.unit"): Answer(unit)} for number, unit in (now, then)
        )
        before[("W01", f"{target}_converted")] = Answer(then[0] * (12 if then[1] == "DOZEN" else 1))
        compared = replace(instrument(), rules=(*instrument().rules, *instrument().comparisons))
        return Evaluator(compared, given, PERIOD, before).broken(jumps.get(target, jumps["herd_converted"]), "W01")

    assert broken("reached", (2000.0, "PERSON"), (20.0, "PERSON"))
    assert not broken("reached", (2000.0, "PERSON"), (20.0, "HOUSEHOLD"))
    assert not broken("herd", (240.0, "HEAD"), (20.0, "DOZEN"))
    assert broken("herd", (20.0, "DOZEN"), (20.0, "HEAD"))


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        (",times,,", ",hours,,", "line 2, column units", "“hours” is not a code list"),
        ("spent,amount,money,,,,,How much was spent?,,,,", "spent,amount,money,,,,,Spent,,,groups,", "column units",
         "a question of type amount has no unit to choose"),
        ("times,MONTH,,,Months,1", "times,MONTH,,,Months,2", "column units", "not just one code has the factor 1"),
        ("times,DAY,,,Days,0.5", "times,DAY,,,Days,1", "column units", "not just one code has the factor 1"),
        ("times,DAY,,,Days,0.5", "times,DAY,,,Days,-1", "column units", "a factor is not above 0"),
        ("times,DAY,,,Days,0.5", "times,DAY,,,Days,0", "column units", "a factor is not above 0"),
        ("times,DAY,,,Days,0.5", "times,DAY,1,,Days,", "column units", "some codes are no units"),
        ("money,EUR,,,EUR", "money,EUR,,,EUR,2", "column codelist", "not just one code has the factor 1"),
        ("herd,whole", "lasted_converted,whole", "line 2, column question", "is what lasted is converted to"),
        ('twice,computed,,,,,,Twice as long,2,lasted', 'twice,computed,,,,,,Twice as long,2,reached', "column formula",
         "“reached” is in the unit that the respondent chooses, and nothing converts it"),
        ("reached,whole_number,,,,", "reached,whole_number,,,,aimed > 10", "column relevant_when",
         "a number in the unit that the respondent chooses is compared with another: say which unit is meant, as in aimed"),
        ("herd,whole_number,,,,", "herd,whole_number,,,,reached > aimed", "column relevant_when",
         "numbers are compared of which each may be in another unit"),
        ("aimed.unit == PERSON", "alike(aimed.unit, aimed)", "key rule 3.when", "“aimed” is not a choice"),
        ('when = "aimed.unit == PERSON"\n', "", "check",
         "a number in the unit that the respondent chooses is compared with another: say which unit is meant, as in aimed"),
    ],
)  # fmt: skip
def test_units__that_nobody_could_choose_or_compare__are_refused(
    old: str, new: str, where: str, what: str, tmp_path: Path
) -> None:
    with pytest.raises(DeclarationError) as found:
        read_instrument(made((old, new)).write(tmp_path / "made"))
    assert where in str(found.value)
    assert what in str(found.value)


def test_units__beside_a_unit_that_is_given__are_refused(tmp_path: Path) -> None:
    folder = made().write(tmp_path / "made")
    path = folder / "questions.csv"
    text = path.read_text(encoding="utf-8").replace("sums,help_en", "sums,unit_en").replace(",groups,,", ",groups,,km")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match="line 4, column unit_en: the respondent chooses the unit"):
        read_instrument(folder)


def test_rule__on_a_number_in_a_unit_it_names__is_read_as_it_stands(tmp_path: Path) -> None:
    rules = RULES.replace("aimed <= 1000", "aimed <= 1000 and aimed > 0")
    read = read_instrument(made((RULES, rules)).write(tmp_path / "made"))
    found = next(one for one in read.rules if one.code == "many_persons")
    assert Compare("<=", Value(Ref("aimed")), Constant(1000)) in found.check.items  # type: ignore[union-attr]


def test_rule__on_a_factor_times_a_number__compares_in_one_unit_whichever_stands_first(tmp_path: Path) -> None:
    read = read_instrument(made(("reached <= aimed", "reached <= 2 * aimed")).write(tmp_path / "made"))
    found = next(one for one in read.rules if one.code == "more_than_aimed")
    assert found.when == SameCode(Ref("reached.unit"), Ref("aimed.unit"))


def test_structure__of_a_number_in_units__has_the_unit_and_its_codes() -> None:
    asked = instrument().questions["reached"].type
    assert isinstance(asked, InUnits)
    assert (asked.declared, asked.number) == ("whole_number", WholeNumber())


def test_list__with_units__has_a_column_for_the_unit_behind_the_number() -> None:
    assets = instrument().blocks["assets"]
    assert [field.code for field in assets.fields] == ["indicator", "size", "size_unit", "lost", "lost_unit"]
    assert (assets.field("size").unit_in, assets.field("size_unit").label) == ("size_unit", {"en": "Size – unit"})
    due = next(one for one in instrument().rules_for("assets", "size_unit") if one.code == "line_incomplete")
    assert due.when == Compare("!=", Value(Ref("size")), Constant(0))
    assert rule("lost_at_most").when == SameCode(Ref("lost_unit"), Ref("size_unit"))


def test_table__with_units__has_one_question_about_its_indicator() -> None:
    table = instrument().blocks["held"]
    assert (table.field("held").unit_in, table.field("share").unit_in) == ("held_unit", "")
    assert [field.code for field in instrument().indicator("W01").fields][-1] == "held_unit"
    assert instrument().questions["held_unit"].label == {"en": "Held – unit"}
    assert "held_unit" not in instrument().indicator("W02").field_codes
    assert [one.code for one in instrument().rules].count("sold_at_most") == 1
    assert rule("sold_at_most").when == SameCode(Ref("sold_unit", "W02"), Ref("held_unit", "W01"))


def test_table__with_a_number__needs_its_unit() -> None:
    due = next(one for one in instrument().rules if (one.code, one.target) == ("unit_required", "held_unit"))
    assert due.blocks == ("W01",)

    def broken(line: dict[str, Answer], unit: str = "") -> bool:
        given = {("W01", "held_unit"): Answer(unit)} if unit else {}
        return Evaluator(instrument(), Responses(given, {"held": {1: line}}), PERIOD).broken(due, "W01")

    assert broken({"held": Answer(3.0)})
    assert not broken({"held": Answer(3.0)}, "HEAD")
    assert not broken({"share": Answer(30.0)})
    assert not broken({})


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('units = "stock"\nlabel = { en = "Size" }', 'units = "herds"\nlabel = { en = "Size" }', "column 2.units",
         "“herds” is not a code list"),
        ('units = "stock"\nlabel = { en = "Size" }', 'units = "stage"\nlabel = { en = "Size" }', "column 2.units",
         "some codes are no units"),
        ('units = "stock"\nlabel = { en = "Size" }', 'units = "stock"\nunit_mult = 3\nlabel = { en = "Size" }',
         "column 2.unit_mult", "the respondent chooses the unit"),
        ('column = "lost"', 'column = "size_unit"', "column 3.column", "“size_unit” is taken"),
        ('units = "stock"\nlabel = { en = "Held" }\n', 'units = "herds"\nlabel = { en = "Held" }\n', "table 1.units",
         "“herds” is not a code list"),
        ('column = "held"\ntype = "whole_number"\n', 'column = "held"\ntype = "whole_number"\nunits = "stock"\n',
         "column 1.units", "the unit is chosen for the whole table"),
        ('column = "held"\ntype = "whole_number"\n', 'column = "held"\ntype = "whole_number"\nunit_measure = "PS"\n',
         "column 1.unit_measure", "the respondent chooses the unit"),
        ("herd,whole_number", "held_unit,whole_number", "tables.toml", "the question held_unit is there already"),
        ("size_unit == HEAD", "lost_unit == HEAD", "check", "sum(assets.size) would add up figures in different units"),
        ('check = "lost <= size"', 'check = "lost <= 10"', "check", "is compared with another"),
        ("sold_low <= same(held.held)", "sold_low <= same(held.share)", "check", "is compared with another"),
        ("lasted * 2", '"at(held.held, colours == RED)"', "column formula", "“held” is in the unit that the respondent"),
        ("lasted * 2", "sum(assets.size)", "column formula", "would add up figures in different units"),
    ],
)  # fmt: skip
def test_units__of_lists_and_tables_that_cannot_be__are_refused(
    old: str, new: str, where: str, what: str, tmp_path: Path
) -> None:
    with pytest.raises(DeclarationError) as found:
        read_instrument(made((old, new)).write(tmp_path / "made"))
    assert where in str(found.value)
    assert what in str(found.value)


def test_folder__with_units__is_the_same_back_from_the_rows_of_its_design(tmp_path: Path) -> None:
    folder, back = made().write(tmp_path / "made"), tmp_path / "back"
    back.mkdir()
    for name, text in design_files(rows_of_folder(folder)).texts.items():
        (back / name).write_text(text, encoding="utf-8")
    assert read_instrument(back).structure == read_instrument(folder).structure
    assert rows_of_folder(back) == rows_of_folder(folder)
