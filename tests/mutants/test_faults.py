"""The list of deliberate faults fits the code: none is stale, none does nothing, and the tests that are to notice exist."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.mutants.run import ROOT, Fault, listed

BY_FILE = {file: [fault for fault in listed([]) if fault.file == file] for file in {entry.file for entry in listed([])}}


@pytest.mark.parametrize("file", sorted(BY_FILE))
def test_faults__of_a_file__replace_a_text_that_stands_there_once(file: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    assert [fault.old for fault in BY_FILE[file] if source.count(fault.old) != 1] == []


@pytest.mark.parametrize("file", sorted(BY_FILE))
def test_faults__of_a_file__name_tests_that_are_there(file: str) -> None:
    named = {test for fault in BY_FILE[file] for test in fault.tests}
    assert named
    assert [test for test in sorted(named) if not (ROOT / test).exists()] == []


def test_faults__all_of_them__are_different_and_change_something() -> None:
    counted: Counter[Fault] = Counter(listed([]))
    assert [str(fault) for fault, times in counted.items() if times > 1 or fault.old == fault.new] == []
