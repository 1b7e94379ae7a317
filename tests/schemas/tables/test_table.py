"""What a declared table is called in other programs, and what of it everybody may see."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from questionnaire.rounds.access import Access
from schemas.tables.published import published_tables
from schemas.tables.table import Column, Sensitivity, Table
from tests import with_list
from tests.given import seed


def table(*columns: str, sensitive: str = "", key: tuple[str, ...] = ()) -> Table:
    declared = (
        Column(name, "string", {"en": name}, Sensitivity.CONTACT if name == sensitive else Sensitivity.NONE)
        for name in columns
    )
    return Table("made", {"en": "Made"}, tuple(declared), key)


def test_short_names__long_ones__are_cut_in_both_parts_and_distinguished() -> None:
    long = [f"regions_of_the_whole_country_{number}__NORTH_AND_SOUTH" for number in (1, 2)]
    names = table("total", "in", "IF", *long).short_names
    assert names == {
        "total": "total", "in": "in_", "IF": "IF_",
        long[0]: "regions_of_the_w__NORTH_AND_", long[1]: "regions_of_the_2__NORTH_AND_",
    }  # fmt: skip


def test_short_names__of_every_table__are_those_of_stata() -> None:
    for declared in published_tables(seed()):
        names = declared.short_names.values()
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,27}", name) for name in names), declared.name
        assert len({name.lower() for name in names}) == len(declared.names)


def test_names__of_every_table_and_column__are_their_own() -> None:
    tables = published_tables(with_list.instrument())
    assert len({declared.name.lower() for declared in tables}) == len(tables)
    for declared in tables:
        assert len({name.lower() for name in declared.names}) == len(declared.names)
        assert set(declared.key) <= set(declared.names)
        assert all(column.label for column in declared.columns)


@pytest.mark.parametrize(
    ("sensitive", "key", "shown"),
    [("", ("a",), ("a", "b")), ("b", ("a",), ("a",)), ("a", ("a",), None), ("a", (), ("b",))],
)
def test_for__everybody__no_sensitive_column__and_no_table_without_its_key(
    sensitive: str, key: tuple[str, ...], shown: tuple[str, ...] | None
) -> None:
    declared = table("a", "b", sensitive=sensitive, key=key)
    public = declared.for_(Access.PUBLIC)
    assert (public.names if public else None) == shown
    assert declared.for_(Access.RESTRICTED) == declared
    assert replace(declared, access=Access.RESTRICTED).for_(Access.PUBLIC) is None
