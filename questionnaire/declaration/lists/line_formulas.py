"""Reads the formulas of the columns of lists and tables: what is computed within each line, from columns before it."""

from collections.abc import Mapping

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Computed, Derived, ScalarType
from questionnaire.declaration.blocks import Question
from questionnaire.rules.conditions import Formula
from questionnaire.rules.formula_texts import FACTORS, RatioTexts, read_formula, read_ratio
from questionnaire.rules.names import ExpressionError, Names
from questionnaire.tables import Settings


def read_line_formula(
    entry: Settings,
    block: str,
    scalar: ScalarType,
    before: Mapping[str, Question],
    missing: Codelist,
    references: frozenset[str],
) -> Formula | None:
    """What a column follows from; None for one that somebody fills in. A fault names the key that cannot be computed.

    `before` are the columns of its list or table, `block`, that stand before it: nothing can follow from itself.
    """
    if not isinstance(scalar, Derived):
        return None
    types = {code: asked.type for code, asked in before.items()}
    names = Names(types, frozenset(), missing, references=references, within=block)
    key = "numerator" if entry.text("type") == "ratio" else "formula"
    try:
        if key == "formula":
            return read_formula(entry.text(key), names, None if isinstance(scalar, Computed) else scalar.decimals)
        return read_ratio(_divided(entry), names, scalar.decimals)
    except ExpressionError as error:
        known = ", ".join(types) or "none"
        remedy = f"Use numbers of the same line, from columns that stand before this one ({known}), or reference(…)"
        raise entry.fault(key, str(error), remedy) from None


def _divided(entry: Settings) -> RatioTexts:
    """What a column divides by what."""
    factor: int = entry.typed("factor", int, "a factor, such as 100", default=1)
    if factor not in FACTORS:
        raise entry.fault("factor", f"{factor} is no usual factor", f"Write one of {', '.join(map(str, FACTORS))}")
    is_part: bool = entry.typed("part_of_whole", bool, "true or false", default=False)
    return RatioTexts(entry.text("numerator"), entry.text("denominator"), factor, is_part)
