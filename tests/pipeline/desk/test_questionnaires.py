"""Sending: which files are written, for whom, and what the index says."""

import csv
import zipfile
from pathlib import Path

import pytest

from pipeline.desk.questionnaires import INDEX, are_current, folder, write_questionnaires
from pipeline.reading.tidy import identity_of
from questionnaire.rounds.identity import is_genuine
from questionnaire.rounds.round_key import KEY
from questionnaire.tables import DeclarationError
from tests.given import mini_round
from tests.questionnaire.rounds.test_slices import sliced

WHOLE = ["AAA_Alphaland_mini_en.xlsx", "BBB_Betalande_mini_fr.xlsx", "CCC_Gammaland_mini_en.xlsx"]


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir() if entry.name != INDEX)


def test_write__with_slices__puts_them_beside_the_whole_questionnaires(tmp_path: Path) -> None:
    round_ = sliced(tmp_path)
    sent = write_questionnaires(round_, with_slices=True)
    parts = [name.replace(".xlsx", f"_{code}.xlsx") for name in WHOLE for code in ("water", "forests")]
    assert names(folder(round_)) == sorted(WHOLE + parts)
    assert len(sent) == 9
    with (folder(round_) / INDEX).open(encoding="utf-8", newline="") as file:
        listed = {row["file"]: (row["respondent"], row["slice"]) for row in csv.DictReader(file)}
    for name, whose in listed.items():
        identity = identity_of((folder(round_) / name).read_bytes())
        assert identity
        assert (identity.respondent, identity.slice) == whose
    assert are_current(round_)


def test_write__again_without_slices__removes_them(tmp_path: Path) -> None:
    round_ = sliced(tmp_path)
    write_questionnaires(round_, with_slices=True)
    whole = {name: (folder(round_) / name).read_bytes() for name in WHOLE}
    write_questionnaires(round_)
    assert {name: (folder(round_) / name).read_bytes() for name in names(folder(round_))} == whole


def test_write__each_workbook__is_signed_wherever_its_identity_stands(tmp_path: Path) -> None:
    round_ = sliced(tmp_path)
    write_questionnaires(round_, with_slices=True)
    key = round_.key
    assert key
    tokens = set()
    for name in names(folder(round_)):
        own = identity_of((folder(round_) / name).read_bytes())
        assert own
        assert is_genuine(own, key)
        tokens.add(own.token)
        with zipfile.ZipFile(folder(round_) / name) as package:
            parts = {part: package.read(part).decode() for part in package.namelist()}
        lines = {part: content.count(str(own)) for part, content in parts.items() if "acopio|" in content}
        assert lines == {part: content.count("acopio|") for part, content in parts.items() if part in lines}
        assert {"docProps/core.xml", "docProps/custom.xml"} < lines.keys()
        assert key.hex() not in "".join(parts.values())
    assert len(tokens) == len(names(folder(round_)))


def test_write__the_first_time__makes_the_key_and_later_the_same_bytes(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    (round_.folder / KEY).unlink()
    assert not are_current(round_)
    write_questionnaires(round_)
    before = {name: (folder(round_) / name).read_bytes() for name in WHOLE}
    write_questionnaires(round_)
    assert {name: (folder(round_) / name).read_bytes() for name in WHOLE} == before
    (round_.folder / KEY).unlink()
    assert not are_current(round_)


def test_write__slices_wanted_and_none_listed__says_where_to_list_them(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as caught:
        write_questionnaires(mini_round(tmp_path), with_slices=True)
    assert caught.value.where.endswith("rounds/mini/slices.csv")
    assert "respondent, slice, title_<language>, sections, indicators" in caught.value.remedy
