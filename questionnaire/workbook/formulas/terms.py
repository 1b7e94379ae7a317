"""Describes a number within a formula: its expression, and what must be known before it means anything."""

from dataclasses import dataclass

NEVER = ("FALSE",)
"""What is all true where something can never be known."""


@dataclass(frozen=True)
class Term:
    """A number: its expression, the cells it is unknown without, and whether it is whole."""

    text: str
    needs: tuple[str, ...] = ()
    whole: bool = True
    compound: bool = False
    absent: bool = False


def known_where(*terms: Term) -> tuple[str, ...]:
    """The expressions that are all true where everything that the terms need is known."""
    if any(term.absent for term in terms):
        return NEVER
    needs = tuple(dict.fromkeys(need for term in terms for need in term.needs))
    if len(needs) < 2:
        return tuple(f"ISNUMBER({need})" for need in needs)
    return (f"COUNT({','.join(needs)})={len(needs)}",)


def combined(sign: str, left: Term, right: Term) -> Term:
    """The sum, the difference or the product of two."""
    a, b = (f"({side.text})" if side.compound else side.text for side in (left, right))
    return Term(
        f"{a}{sign}{b}",
        tuple(dict.fromkeys((*left.needs, *right.needs))),
        whole=left.whole and right.whole,
        compound=True,
        absent=left.absent or right.absent,
    )
