"""Tables as files: CSV is harmless in every column, and blank, zero and text stay apart."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline.publication.publish import MANIFEST, Staging
from questionnaire.rounds.access import Access

FORMULA, MADE_HARMLESS = "=HYPERLINK(1)", "'=HYPERLINK(1)"


def csv_of(table: pd.DataFrame, tmp_path: Path) -> str:
    with Staging(tmp_path) as staging:
        staging.add_table("table", table, ("csv",))
        return (staging.of(Access.RESTRICTED) / "table.csv").read_bytes().decode("utf-8")


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_csv__a_text_that_a_program_would_obey__is_made_harmless_in_any_column(dtype: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"sheet": pd.Series([FORMULA, "plain", FORMULA, None, "\u202eplain"], dtype=dtype)})
    assert csv_of(table, tmp_path) == f'\ufeffsheet\n{MADE_HARMLESS}\nplain\n{MADE_HARMLESS}\n""\nplain\n'


def test_csv__blank_zero_and_the_text_zero__stay_what_they_are(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "text": ["0", "", None, "a\nb"],
            "number": [0.0, -1.5, None, 2.0],
            "count": pd.array([0, -1, None, 2], dtype="Int64"),
            "mark": pd.array([True, False, None, True], dtype="boolean"),
            "day": pd.Series(["2025-03-01", None, None, None], dtype="datetime64[ms]"),
        }
    )
    assert csv_of(table, tmp_path) == (
        '\ufefftext,number,count,mark,day\n0,0.0,0,True,2025-03-01\n,-1.5,-1,False,\n,,,,\n"a\nb",2.0,2,True,\n'
    )


def test_csv__more_rows_than_are_written_at_a_time__are_all_there(tmp_path: Path) -> None:
    rows = 12_001
    lines = csv_of(pd.DataFrame({"number": range(rows)}), tmp_path).splitlines()
    assert lines == ["\ufeffnumber", *map(str, range(rows))]


def test_add_table__a_second_one_of_a_name__is_refused_and_the_first_stays(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        staging.add_table("table", pd.DataFrame({"number": [1]}), ("csv",))
        with pytest.raises(FileExistsError, match=r"^table\.csv was written already"):
            staging.add_table("table", pd.DataFrame({"number": [2]}), ("csv",))
        assert (staging.of(Access.RESTRICTED) / "table.csv").read_text(encoding="utf-8-sig") == "number\n1\n"


def test_commit__files_and_folders__take_the_place_of_earlier_ones_and_the_manifest_has_their_hashes(
    tmp_path: Path,
) -> None:
    restricted = tmp_path / "restricted"
    (restricted / "pages").mkdir(parents=True)
    (restricted / "pages" / "old.html").write_text("old", encoding="utf-8")
    (restricted / "a.csv").write_text("old", encoding="utf-8")
    (restricted / "kept.txt").write_text("of somebody else", encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.add_bytes("a.csv", b"for all", Access.PUBLIC)
        (staging.of(Access.RESTRICTED) / "pages").mkdir()
        (staging.of(Access.RESTRICTED) / "pages" / "new.html").write_bytes(b"page")
        staging.commit()
    found = files(restricted)
    manifest = json.loads(found.pop(MANIFEST))
    assert found == {"a.csv": b"new", "pages/new.html": b"page", "kept.txt": b"of somebody else"}
    assert manifest == {name: hashlib.sha256(found[name]).hexdigest() for name in ("a.csv", "pages/new.html")}
    public = files(tmp_path / "public")
    assert json.loads(public.pop(MANIFEST)) == {"a.csv": hashlib.sha256(b"for all").hexdigest()}
    assert public == {"a.csv": b"for all"}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_commit__what_earlier_runs_wrote_and_this_one_does_not__is_removed(tmp_path: Path) -> None:
    for name in ("answers.csv", "data_docs/index.html", "mine.txt", "restricted/gone.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("old", encoding="utf-8")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.csv"
    outside.write_text("of somebody else", encoding="utf-8")
    # An earlier version wrote into the folder above.
    (tmp_path / MANIFEST).write_text(json.dumps({"answers.csv": "", "data_docs/index.html": ""}), encoding="utf-8")
    listed = {"gone.csv": "", "never.csv": "", f"../../{outside.name}": ""}
    (tmp_path / "restricted" / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.add_bytes("a.csv", b"new")
        staging.commit()
    assert files(tmp_path).keys() == {"mine.txt", "restricted/a.csv", f"restricted/{MANIFEST}", f"public/{MANIFEST}"}
    assert not (tmp_path / "data_docs").exists()
    assert outside.exists()


def test_commit__an_unreadable_manifest__removes_nothing(tmp_path: Path) -> None:
    for name in ("answers.csv", MANIFEST):
        (tmp_path / name).write_text("{", encoding="utf-8")
    with Staging(tmp_path) as staging:
        staging.commit()
    assert files(tmp_path).keys() == {"answers.csv", f"restricted/{MANIFEST}", f"public/{MANIFEST}"}


def test_staging__begun__clears_what_a_run_that_was_killed_left_and_no_other(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead, alive = (tmp_path / f".staging-x-{pid}" for pid in (int(gone.stdout), os.getppid()))
    for folder in (dead, alive, tmp_path / ".staging-unknown"):
        folder.mkdir()
    with Staging(tmp_path):
        assert not dead.exists()
        assert alive.exists()
    assert list(tmp_path.iterdir()) == [alive]
