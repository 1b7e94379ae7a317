"""Describes a number within a formula: its expression, and what must be known before it means anything."""

from dataclasses import dataclass, replace

from questionnaire.rules.evaluate import DECIMALS

NEVER = ("FALSE",)
"""What is all true where something can never be known."""


@dataclass(frozen=True)
class Term:
    """A number: its expression, the cells it is unknown without, and whether it is whole.

    `where` are conditions besides under which alone it is known: that what it is divided by is not 0.
    """

    text: str
    needs: tuple[str, ...] = ()
    whole: bool = True
    compound: bool = False
    absent: bool = False
    where: tuple[str, ...] = ()


def known_where(*terms: Term) -> tuple[str, ...]:
    """The expressions that are all true where everything that the terms need is known."""
    if any(term.absent for term in terms):
        return NEVER
    needs = tuple(dict.fromkeys(need for term in terms for need in term.needs))
    where = tuple(dict.fromkeys(condition for term in terms for condition in term.where))
    if len(needs) < 2:
        return (*(f"ISNUMBER({need})" for need in needs), *where)
    return (f"COUNT({','.join(needs)})={len(needs)}", *where)


def combined(sign: str, left: Term, right: Term) -> Term:
    """The sum, the difference, the product or the quotient of two."""
    if sign == "/":
        return _divided(left, right)
    a, b = (f"({side.text})" if side.compound else side.text for side in (left, right))
    return Term(
        f"{a}{sign}{b}",
        tuple(dict.fromkeys((*left.needs, *right.needs))),
        whole=left.whole and right.whole,
        compound=True,
        absent=left.absent or right.absent,
        where=(*left.where, *right.where),
    )


def _divided(left: Term, right: Term) -> Term:
    """The quotient of two; AND() evaluates all its parts, and so must be spared the error of a division by 0."""
    a, b = (f"({side.text})" if side.compound else side.text for side in (left, right))
    zero = f"{b}=0" if right.whole else f"ROUND({b},{DECIMALS})=0"
    return Term(
        f"{a}/({b}+({zero}))",
        tuple(dict.fromkeys((*left.needs, *right.needs))),
        whole=False,
        compound=True,
        absent=left.absent or right.absent,
        where=(*left.where, *right.where, f"NOT({zero})"),
    )


def rounded(term: Term, decimals: int) -> Term:
    """The term with so many decimals; programs round a half away from 0, as `questionnaire.rules.evaluate` does."""
    return replace(term, text=f"ROUND({term.text},{decimals})", whole=decimals == 0, compound=False)
