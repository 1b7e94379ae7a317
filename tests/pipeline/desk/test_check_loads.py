"""What `acopio check` loads: not what only batches or children need, which takes longer to load than to judge a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import xlsxwriter

from questionnaire.layout import Column, Layout
from questionnaire.rounds.identity import Identity, short_fingerprint
from questionnaire.rounds.round import read_round
from questionnaire.table_columns import column_key
from tests.given import DEMO

_CHECK = """
import sys
from pipeline.cli.main import main
try:
    main(["check", sys.argv[1], "--round", sys.argv[2], "--format", "csv"])
finally:
    print(sorted({"pandas", "pandera", "pyarrow", "python_calamine", "oxmsg"} & set(sys.modules)))
"""


def test_check__of_a_return__loads_neither_pandas_nor_what_reads(tmp_path: Path) -> None:
    round_ = read_round(DEMO)
    instrument, who = round_.instrument, round_.participants[0].code
    identity = Identity(
        instrument.name, instrument.edition, short_fingerprint(instrument.structure), round_.name, who, "en"
    )
    slot = Layout.of(round_).slots[0]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet(slot.sheet)
        sheet.write_row(0, 0, [column_key(Column.KEY), column_key(Column.ANSWER), str(identity)])
        sheet.write_row(1, 0, [slot.key, "5"])
    command = [sys.executable, "-c", _CHECK, str(tmp_path / "a.xlsx"), str(DEMO)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    *found, loaded = done.stdout.splitlines()
    codes = {line.split(",")[2] for line in found if line.startswith("a.xlsx,")}
    assert {"token_missing", "unanswered", "too_little_answered"} <= codes, "it was read, and judged by the rules"
    assert loaded == "[]"
