"""The list of deliberate faults fits the code: none is stale, none does nothing, and the tests that are to notice exist."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.mutants.run import ROOT, Fault, listed

FAULTS = listed([])
FILES = sorted({fault.file for fault in FAULTS})


@pytest.mark.parametrize("file", FILES)
def test_faults__of_a_file__replace_a_text_that_stands_there_once(file: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    assert [fault.old for fault in FAULTS if fault.file == file and source.count(fault.old) != 1] == []


@pytest.mark.parametrize("file", FILES)
def test_faults__of_a_file__name_tests_that_are_there(file: str) -> None:
    named = {test for fault in FAULTS if fault.file == file for test in fault.tests}
    assert named
    assert [test for test in sorted(named) if not (ROOT / test).exists()] == []


def test_faults__all_of_them__are_different_and_change_something() -> None:
    counted: Counter[Fault] = Counter(FAULTS)
    assert [str(fault) for fault, times in counted.items() if times > 1 or fault.old == fault.new] == []
