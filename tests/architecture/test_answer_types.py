"""No answer type can be half added: every decision by type names them all, so that mypy says where one is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from questionnaire.declaration import answer_types
from questionnaire.declaration.answer_types import (
    AnswerType,
    Coded,
    Declared,
    Derived,
    InUnits,
    Numeric,
    Scalar,
    ScalarType,
    Written,
)
from questionnaire.messages import LANGUAGES, keys, wording
from tests.architecture.import_graph import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
NAMES = {entry.__name__ for entry in (*get_args(AnswerType), Coded, Numeric, Scalar, Written)}
SCALARS: tuple[type[Scalar], ...] = get_args(ScalarType)


def faults(source: str, where: str) -> Iterator[str]:
    """What in a module decides by answer type and would swallow a new one."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Match(subject, cases) if any(map(_names_a_type, cases)) and not _is_closed(subject, cases[-1]):
                yield f"{where}:{node.lineno}: end it in `case _: assert_never({ast.unparse(subject)})`"
            case ast.If(test, _, [ast.If(other)]) if (found := _tested(test)) and found == _tested(other):
                yield f"{where}:{node.lineno}: {found} is one type or another: use a `match` that ends in assert_never"


def _names_a_type(case: ast.match_case) -> bool:
    classes = (node.cls for node in ast.walk(case.pattern) if isinstance(node, ast.MatchClass))
    return any(ast.unparse(cls).rpartition(".")[2] in NAMES for cls in classes)


def _is_closed(subject: ast.expr, last: ast.match_case) -> bool:
    closing = "\n".join(map(ast.unparse, last.body))
    return (
        ast.unparse(last.pattern) == "_" and last.guard is None and closing == f"assert_never({ast.unparse(subject)})"
    )


def _tested(test: ast.expr) -> str:
    """What a condition tests for an answer type, "" for none."""
    for node in ast.walk(test):
        match node:
            case ast.Call(ast.Name("isinstance"), [subject, types]):
                if any(isinstance(part, ast.Name) and part.id in NAMES for part in ast.walk(types)):
                    return ast.unparse(subject)
    return ""


def sources() -> Iterator[tuple[str, str]]:
    for package in (*PACKAGES, "tests"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_decisions_by_answer_type__everywhere__end_in_assert_never() -> None:
    found = [fault for where, source in sources() for fault in faults(source, where)]
    assert not found, "\n".join(found)


def test_decisions_by_answer_type__the_ones_there_are__are_seen() -> None:
    seen = {
        where
        for where, source in sources()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Match) and any(map(_names_a_type, node.cases)) and not where.startswith("tests")
    }
    assert {
        "questionnaire/workbook/formulas/cell_formulas.py",
        "questionnaire/workbook/sheets/dropdowns.py",
        "pipeline/reading/values/parsing.py",
        "schemas/pandera_schema.py",
    } <= seen


@pytest.mark.parametrize(
    "source",
    [
        "match scalar:\n    case Year(low):\n        pass",
        "match scalar:\n    case Year():\n        pass\n    case _:\n        pass",
        "match scalar:\n    case answers.Text() | WebReference():\n        pass\n    case _:\n        return None",
        "match scalar:\n    case Year():\n        pass\n    case _:\n        assert_never(other)",
        "if isinstance(scalar, Year):\n    pass\nelif isinstance(scalar, Text | WebReference):\n    pass",
    ],
)
def test_decisions_by_answer_type__one_that_swallows_a_new_type__is_a_fault(source: str) -> None:
    assert list(faults(source, "here.py"))


def test_decisions_by_answer_type__a_closed_one_and_one_of_something_else__are_none() -> None:
    closed = "match scalar:\n    case Year():\n        pass\n    case _:\n        assert_never(scalar)"
    assert not list(faults(closed, "here.py"))
    assert not list(faults("match node:\n    case Value():\n        pass", "here.py"))


def test_types__those_there_are__all_belong_to_the_union() -> None:
    declared = {
        entry for entry in vars(answer_types).values() if isinstance(entry, type) and issubclass(entry, Scalar)
    } - {Scalar}
    assert declared == set(SCALARS)


def test_traits__of_different_types__are_distinguished_by_their_names() -> None:
    assert len({scalar.traits.name for scalar in SCALARS}) == len(SCALARS)


def test_traits__a_column_of_numbers__has_numbers_with_limits_unless_they_are_computed() -> None:
    for scalar in SCALARS:
        assert issubclass(scalar, Numeric | Derived) == (scalar.traits.column == "number"), scalar
        assert issubclass(scalar, Written) == (scalar.traits.column == "text"), scalar


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda scalar: str(scalar.__name__))
def test_traits__sentences__are_worded_in_every_language(scalar: type[Scalar]) -> None:
    traits = scalar.traits
    named = [traits.help, traits.fault]
    alert = "choice" if traits.validation in ("list", "none") else traits.prompt
    for key in (*named, f"alert_{alert}_text"):
        assert set(wording("workbook", key)) == set(LANGUAGES), key


def test_declared__every_name__is_that_of_a_type_and_is_worded() -> None:
    assert {entry.declared for entry in get_args(AnswerType) if entry not in (*SCALARS, InUnits)} | {
        scalar.traits.declared for scalar in SCALARS
    } == set(get_args(Declared))
    assert set(get_args(Declared)) <= set(keys("answer_kinds"))
