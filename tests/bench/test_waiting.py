"""The measurement of what a person waits for runs to its end: its seconds are no matter of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.waiting import measured

pytestmark = [pytest.mark.libreoffice, pytest.mark.wide]


def test_waiting__of_the_real_questionnaire__says_what_took_how_long(tmp_path: Path) -> None:
    lines = list(measured(tmp_path, repeats=1))
    assert [float(line[1:7]) >= 0 for line in lines] == [True] * 5
    assert [line.split(maxsplit=5)[-1].split()[0] for line in lines] == ["loading", *["calculating"] * 4]
