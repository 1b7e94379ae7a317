"""The Cover: what must be on its first screen, what it says of the burden, and what a round puts on it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.layout import Layout
from questionnaire.messages import wording
from questionnaire.rounds.round import read_round
from questionnaire.sheet_names import COVER
from questionnaire.tables import DeclarationError
from questionnaire.typography import unbroken
from questionnaire.workbook.sheets.cover import LABEL
from tests.given import MINI, mini_round, write_questionnaire
from tests.questionnaire.workbook.written import Written

_SCREEN = 395
"""Points of rows that LibreOffice shows on 1366 × 768 pixels, at full size."""


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_first_screen__has_all_that_is_filled_in__and_the_cursor_stands_there(written: Written) -> None:
    sheet = written.book[written.tabs[COVER]]
    names = {name: written.book.defined_names[entry.name].attr_text for name, entry in COVER_ENTRIES.items()}
    rows = {name: int(target.rpartition("$")[2]) for name, target in names.items()}
    assert sum(sheet.row_dimensions[row].height or 15 for row in range(1, max(rows.values()) + 1)) <= _SCREEN
    assert sheet.sheet_view.selection[0].activeCell == names["focal_point"].rpartition("!")[2].replace("$", "")


def test_progress__of_an_untouched_questionnaire__is_what_the_verdict_counts(small: Written) -> None:
    texts = [cell for row in small.values[small.tabs[COVER]] for cell in row if isinstance(cell, str)]
    due = sum(1 for indicator in small.layout.instrument.indicators if "status" in indicator.field_codes)
    assert unbroken(wording("workbook", "cover_answered")["fr"], "fr").format(done=0, total=due) in texts
    assert any(unbroken(wording("workbook", "verdict_to_do")["fr"], "fr").format(n=due) in text for text in texts)


def test_burden__of_the_questionnaire__is_measured_from_the_declaration(real: Written) -> None:
    texts = [cell for row in real.values[real.tabs[COVER]] for cell in row if isinstance(cell, str)]
    possible = sum(slot.field.is_first for slot in real.layout.slots)
    said = wording("workbook", "cover_burden")["pt"]
    hours = (2, -(-possible * 2 // 60))
    assert said.format(indicators=53, least=53, most=possible, minutes=2, first=hours[0], last=hours[1]) in texts
    share = wording("workbook", "cover_share")["pt"]
    for sheet in real.layout.sheets:
        count, most = len(sheet.section.indicators), sum(slot.field.is_first for slot in sheet.slots)
        assert share.format(indicators=count, least=count, most=most) in texts


def test_steps__the_reasons_for_no_answer__have_the_codes_of_the_readers_language(real: Written) -> None:
    texts = [cell for row in real.values[real.tabs[COVER]] for cell in row if isinstance(cell, str)]
    assert wording("workbook", "cover_step_3")["pt"].format(codes="NSA, ND, CF, NAI") in texts


OWN = """
[cover]
purpose = { en = "To know." }
use = { en = "Only we read it." }
letterhead = { en = "THE OFFICE" }
logo = "logo.png"
"""


def test_cover__of_a_round_with_its_own__has_them_and_its_logo_is_no_finding(tmp_path: Path) -> None:
    folder = tmp_path / "rounds" / "mini"
    folder.mkdir(parents=True)
    (folder / "logo.png").write_bytes(png(300, 100))
    folder.joinpath("logo.png").rename(tmp_path / "logo.png")
    folder.rmdir()
    with pytest.raises(DeclarationError, match=r"cover\.logo"):
        mini_round(tmp_path, more=OWN)
    (tmp_path / "logo.png").rename(folder / "logo.png")
    round_ = read_round(folder, MINI.parent)
    respondent, layout = round_.participants[0], Layout.of(round_)
    path = tmp_path / "AAA.xlsx"
    write_questionnaire(path, round_, respondent, layout)
    made = Written(path, round_, respondent, layout)
    cover = made.values[made.tabs[COVER]]
    assert cover[0][LABEL] == "THE OFFICE"
    said = {cell for row in cover for cell in row}
    assert {"To know.", "Only we read it."} <= said
    assert wording("workbook", "cover_use")["en"] not in said
    with zipfile.ZipFile(path) as package:
        assert package.read("xl/media/image1.png") == png(300, 100)
    found = tidy(receive_file(path), path.read_bytes(), round_, layout).findings
    assert not {"pictures_found", "text_box"} & {entry.code for entry in found}
