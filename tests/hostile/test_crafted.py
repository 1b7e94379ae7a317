"""Files made to harm whoever opens them: each is one row of the register, none costs another file, none is believed."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline.desk.questionnaires import folder, write_questionnaires
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Layout
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round, read_round
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.write import file_name
from tests.given import MINI, PATIENCE, mini_round
from tests.hostile.crafted import crafted
from tests.journeys.test_demo_round import ROOT

_LARGEST = 700
"""Megabytes that the process which reads a round may hold at most, whatever is in its folder."""

# In a process of its own, so that what it takes is its own and a crash is no crash of the tests.
_RUN = """
import json, resource, sys
from pathlib import Path
from questionnaire.rounds.round import read_round
from pipeline.journey import consolidate_round
consolidate_round(read_round(Path(sys.argv[1]), Path(sys.argv[2])))
print(json.dumps({"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> tuple[Round, dict[str, bytes]]:
    """A round whose folder of returns holds every crafted file and two sound returns."""
    round_ = mini_round(tmp_path_factory.mktemp("hostile"))
    with (round_.folder / "round.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"[limits]\ncpu_seconds = 5\nseconds = {PATIENCE}\n")
    round_ = read_round(round_.folder, MINI.parent)
    write_questionnaires(round_)
    round_.returns.mkdir(exist_ok=True)
    for code, total in (("AAA", 7), ("CCC", 8)):
        _fill(round_, code, total)
    sound = next(path for path in round_.returns.iterdir() if path.name.startswith("AAA")).read_bytes()
    planted = dict(crafted(sound))
    for name, content in planted.items():
        (round_.returns / name).write_bytes(content)
    os.mkfifo(round_.returns / "pipe.xlsx")
    (round_.returns / "outside.xlsx").symlink_to("/etc/passwd")
    (round_.returns / "nowhere.xlsx").symlink_to("/no/such/file")
    (round_.returns / "folder.xlsx").mkdir()
    (round_.returns / os.fsdecode(b"bad-\xff-name.xlsx")).write_bytes(b"x")
    return round_, planted


@pytest.fixture(scope="module")
def reported(names: tuple[Round, dict[str, bytes]]) -> dict[str, int]:
    """What the run reported about itself; it must end well."""
    round_, _ = names
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _RUN, str(round_.folder), str(MINI.parent)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    figures: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _fill(round_: Round, code: str, total: int) -> None:
    layout, respondent = Layout(round_.instrument), round_.respondent(code)
    assert respondent is not None
    name = file_name(round_, respondent)
    book = FilledWorkbook(folder(round_) / name, layout, tab_names(layout), respondent.language)
    book.type(layout.slot("F01", "total"), total)
    book.save(round_.returns / name, dt.datetime(2026, 3, 1))


def register(round_: Round) -> pd.DataFrame:
    return pd.read_parquet(round_.results(Access.RESTRICTED) / "returns.parquet")


@pytest.mark.usefixtures("reported")
def test_crafted__every_file__is_one_row_of_the_register(names: tuple[Round, dict[str, bytes]]) -> None:
    round_, planted = names
    rows = register(round_)
    loose = rows[rows["container"] == ""]["file"]
    special = {"pipe.xlsx", "outside.xlsx", "nowhere.xlsx"}
    assert not loose[loose.duplicated()].tolist()
    missing = (set(planted) | special) - set(loose)
    assert not missing
    assert len(loose) == len(planted) + len(special) + 3  # two sound returns, and a name that is no UTF-8


@pytest.mark.usefixtures("reported")
def test_crafted__sound_returns_beside_them__are_accepted(names: tuple[Round, dict[str, bytes]]) -> None:
    rows = register(names[0]).set_index("respondent")
    assert rows.loc["CCC", "verdict"] == "accepted"
    assert "accepted" in rows.loc[["AAA"], "verdict"].tolist()


@pytest.mark.usefixtures("reported")
def test_crafted__damaged_questionnaires__say_nothing_else_than_the_sound_one(
    names: tuple[Round, dict[str, bytes]],
) -> None:
    answers = pd.read_parquet(names[0].results(Access.RESTRICTED) / "answers.parquet")
    said = answers[(answers["status"] == "answered") & (answers["respondent"] != "CCC")]
    values = {(row.indicator, row.field, row.number) for row in said.itertuples()}
    assert values <= {("F01", "total", 7.0)}


@pytest.mark.usefixtures("reported")
def test_crafted__nothing__is_written_outside_the_round(names: tuple[Round, dict[str, bytes]]) -> None:
    root = names[0].folder.parent.parent
    assert {path.name for path in root.iterdir()} == {"rounds", "outputs"}
    assert not [path for path in (Path("/tmp/escaped.xml"), Path("/tmp/escaped2.xml")) if path.exists()]


def test_crafted__the_reading_process__stays_small(reported: dict[str, int]) -> None:
    assert reported["megabytes"] < _LARGEST


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bomb-one-part.xlsx", "workbook_unsafe"),
        ("bomb-many-parts.xlsx", "workbook_unsafe"),
        ("bomb-nested.zip", "container_unsafe"),
        ("bomb-quoted.zip", "container_unsafe"),
        ("sheet-laughs.xlsx", "workbook_unsafe"),
        ("sheet-external.xlsx", "workbook_unsafe"),
        ("sheet-doctype-utf16.xlsx", "workbook_unsafe"),
        ("sheet-far-cell.xlsx", "workbook_unsafe"),
        ("sheet-far-corners.xlsx", "workbook_unsafe"),
        ("sheet-far-wide.xlsx", "workbook_unsafe"),
        ("sheet-column-huge.xlsx", "workbook_unsafe"),
        ("sheet-row-number-huge.xlsx", "workbook_unsafe"),
        ("strings-unique-count.xlsx", "workbook_unsafe"),
        ("ods-repeated-rows.ods", "workbook_unsafe"),
        ("ods-repeated-huge.ods", "workbook_unsafe"),
        ("ods-locked.ods", "workbook_encrypted"),
        ("encrypted-flag.xlsx", "workbook_encrypted"),
        ("size-lie.xlsx", "workbook_damaged"),
        ("cut-5.xlsx", "workbook_damaged"),
        ("ole-loop.xls", "not_a_workbook"),
        ("ole-huge.xls", "reading_died"),
        ("mail-nested.eml", "mail_unsafe"),
        ("mail-links.eml", "mail_with_link"),
        ("mail-attachments.eml", "container_without_workbook"),
        ("mail-attachments-more.eml", "container_unsafe"),
        ("mail-count-only.emlx", "file_is_text"),
        ("shortcut.url", "file_is_shortcut"),
        ("shortcut-lines.url", "file_is_shortcut"),
        ("shortcut-laughs.webloc", "file_is_shortcut"),
        ("shortcut-self.webloc", "file_is_shortcut"),
        ("signed-bomb.zip.p7m", "container_without_workbook"),
        ("signed-cut.xlsx.p7m", "signed_damaged"),
        ("signed-deep.p7m", "signed_damaged"),
        ("signed-in-signed.p7m", "container_without_workbook"),
        ("mail-header.eml", "mail_unsafe"),
        ("pipe.xlsx", "file_not_opened"),
        ("outside.xlsx", "link_not_followed"),
        ("nowhere.xlsx", "link_not_followed"),
    ],
)
def test_crafted__each_sort_of_harm__is_named(names: tuple[Round, dict[str, bytes]], name: str, reason: str) -> None:
    row = register(names[0]).set_index("file").loc[name]
    assert (row["verdict"], row["reason"]) == ("not_usable", reason)
