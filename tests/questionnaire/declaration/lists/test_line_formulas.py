"""Computed columns of lists and tables in the declaration: what they may say, and what is reported about one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.conditions import Arithmetic, Constant, Ref, Reference, Rounded, Value
from questionnaire.rules.rule import Severity
from questionnaire.tables import DeclarationError
from tests.with_ratio_columns import courts, instrument, made


def test_ratio__of_columns__is_their_quotient_times_the_factor_rounded() -> None:
    formula = courts().computed_questions["rate"].formula
    convicted, prosecuted = Value(Ref("convicted")), Value(Ref("prosecuted"))
    assert formula is not None
    assert formula.value == Rounded(Arithmetic("/", Arithmetic("*", convicted, Constant(100)), prosecuted), 1)
    assert (formula.ratio and formula.ratio.is_part) is True
    by_area = courts().computed_questions["by_area"].formula
    assert by_area is not None
    assert by_area.ratio is not None
    assert by_area.ratio.denominator == Reference("area")


def test_columns__computed__are_no_sums_in_total_lines_and_nobody_fills_them_in() -> None:
    table = courts()
    total = table.line_of(("T",))
    assert {cell for cell in table.computed if cell[0] == total} == {(total, "prosecuted"), (total, "convicted")}
    assert [column for column in table.measured if table.is_typed(1, column)] == ["prosecuted", "convicted"]
    assert table.is_computed(total)
    assert not table.is_computed(1)
    summed = {rule.target for rule in instrument().rules if rule.code == "lines_total"}
    assert summed == {"prosecuted", "convicted"}


def test_rules__of_a_ratio_in_lines__ask_about_0_and_forbid_more_than_the_whole() -> None:
    found = {
        (rule.blocks, rule.target): (rule.code, rule.severity)
        for rule in instrument().rules
        if rule.code in ("line_by_zero", "part_exceeds_whole", "ratio_by_zero")
    }
    assert found == {
        (("visits",), "helped_share"): ("line_by_zero", Severity.WARNING),
        (("courts",), "by_area"): ("line_by_zero", Severity.WARNING),
        (("courts",), "rate"): ("part_exceeds_whole", Severity.ERROR),
    }
    at_rate = [rule.code for rule in instrument().rules_for("courts", "rate")]
    assert at_rate == ["line_by_zero", "part_exceeds_whole", "rate_high"]


RATIO = 'numerator = "convicted"\ndenominator = "prosecuted"'
TYPED = 'column = "prosecuted"\ntype = "whole_number"\ndiscloses = "persons"'


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (RATIO, 'numerator = "rate"\ndenominator = "prosecuted"', "rate"),
        (RATIO, 'numerator = "convicted"\ndenominator = "by_area"', "by_area.* is not a column of courts"),
        (RATIO, 'numerator = "sex"\ndenominator = "prosecuted"', "sex.* is not a column of courts"),
        (RATIO, 'numerator = "convicted"', "denominator"),
        (RATIO, f"{RATIO}\nformula = \"convicted\"", "no “formula”"),
        (RATIO, f"{RATIO}\nrequired = true", "filled in by nobody"),
        ("factor = 100\npart", "factor = 12\npart", "12 is no usual factor"),
        ("factor = 100\npart", 'factor = "100"\npart', "factor"),
        ('"reference(area)"', '"reference(people)"', "is no reference value"),
        ('formula = "given(seen) + given(seen)"', 'formula = "seen / 2"', "need not be whole"),
        ('formula = "given(seen) + given(seen)"', 'formula = "helped + 1"', "is no whole number"),
        ('formula = "given(seen) + given(seen)"', 'formula = "lines(visits)"', "is not a list"),
        ("decimals = 3", "decimals = 9", "9 decimals cannot be had"),
        ('formula = "given(seen) + given(seen)"\n', "", "formula"),
    ],
)  # fmt: skip
def test_column__that_cannot_be_computed__is_refused_at_its_key(old: str, new: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=what) as refused:
        read_instrument(made((old, new)).write(tmp_path / "made"))
    assert refused.value.spot is None or refused.value.spot.file in ("lists.toml", "tables.toml")
    assert "toml" in str(refused.value)


def test_table__in_which_nobody_fills_anything_in__is_refused(tmp_path: Path) -> None:
    dimension = '[[table.column]]\ncolumn = "prosecuted"'
    across = f'[table.across]\ncodelist = "stage"\n\n{dimension}'
    folder = made((dimension, across)).write(tmp_path / "made")
    path = folder / "tables.toml"
    text = path.read_text(encoding="utf-8")
    first, *columns = text.split("[[table.column]]")
    only = next(column for column in columns if '"by_area"' in column)
    path.write_text(f"{first}[[table.column]]{only}".replace('"convicted"', '"reference(area)"'), encoding="utf-8")
    with pytest.raises(DeclarationError, match="nobody fills anything in"):
        read_instrument(folder)


def test_computed__of_another_computed_column__follows_from_it() -> None:
    table = instrument().blocks["courts"]
    assert isinstance(table, TableBlock)
    assert list(instrument().computed_columns) == [
        ("visits", "helped_share"), ("visits", "both"),
        ("courts", "rate"), ("courts", "by_area"), ("courts", "twice_rate"), ("courts", "together"),
    ]  # fmt: skip
