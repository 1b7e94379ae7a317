"""The mutation run itself: it tells a fault that tests notice from one that they do not, and leaves the code as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.run import Fault, Verdict, listed, main, tried

CODE = "LIMIT = 3\nUNUSED = 4\n"
TEST = "from bounds import LIMIT\n\ndef test_limit__is_three() -> None:\n    assert LIMIT == 3\n"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("LIMIT = 3", "LIMIT = 2", Verdict.CAUGHT),
        ("UNUSED = 4", "UNUSED = 5", Verdict.SURVIVED),
        ("LIMIT = 3", "LIMIT =", Verdict.BROKEN),
        ("LIMIT = 9", "LIMIT = 2", Verdict.STALE),
        (" = ", " == ", Verdict.STALE),
    ],
)
def test_tried__a_fault__has_its_verdict_and_the_code_is_sound_again(
    tmp_path: Path, old: str, new: str, verdict: Verdict
) -> None:
    (tmp_path / "bounds.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "test_bounds.py").write_text(TEST, encoding="utf-8")
    assert tried(tmp_path, Fault("bounds.py", old, new, ("test_bounds.py",))) is verdict
    assert (tmp_path / "bounds.py").read_text(encoding="utf-8") == CODE


def test_tried__a_file_that_is_gone__is_stale(tmp_path: Path) -> None:
    assert tried(tmp_path, Fault("bounds.py", "LIMIT = 3", "LIMIT = 2", ("test_bounds.py",))) is Verdict.STALE
    assert list(tmp_path.iterdir()) == []


def test_listed__by_a_word__are_the_faults_of_those_files() -> None:
    assert {fault.file for fault in listed(["versions"])} == {"pipeline/merging/versions.py"}
    assert len(listed([])) > 60


def test_main__by_a_word_of_no_file__says_so_and_tries_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no_such_file"]) == 1
    assert capsys.readouterr().err == "No file of faults.toml has no_such_file in its path.\n"
