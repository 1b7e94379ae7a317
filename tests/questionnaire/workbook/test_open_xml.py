"""What Microsoft's own validator (the rules of the Open XML SDK, for Excel 2010) says of whole questionnaires: nothing.

`package_rules` holds what that validator does not know, such as names that formulas mention and limits of texts.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from questionnaire.layout import Layout
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import read_round
from questionnaire.rules.evaluate import Answer, Answers
from tests.given import DEMO, write_questionnaire
from tests.questionnaire.workbook.written import Written, write

_MOVED_BY_EXCEL = "Excel_InlineStrCells"
"""Answers of the previous round as texts in their cells, which Excel moves to the shared strings when it saves."""

_SECTION = "xl/worksheets/sheet3.xml"
# What is wrong -> what (a regular expression) is replaced by what, and what the validator then says, in short.
_FAULTS = {
    "order": (r"(<mergeCells.*</mergeCells>)(.*?)(<pageMargins[^>]*/>)", r"\2\3\1", "Unexpected element 'mergeCells'"),
    "value": (r'<sheetProtection sheet="1"', '<sheetProtection sheet="maybe"', "'maybe'"),
    "missing": (r'<mergeCell ref="[^"]*"/>', "<mergeCell/>", "'ref'"),
}


def _said(content: bytes, folder: Path) -> list[str]:
    path = folder / "looked at.xlsx"
    path.write_bytes(content)
    found = OpenXmlValidator(file_format=FileFormat.OFFICE_2010).validate(path).errors
    return [f"{fault.part_uri} {fault.path}: {fault.description}" for fault in found if fault.id != _MOVED_BY_EXCEL]


@pytest.fixture(scope="module")
def prefilled(small: Written, tmp_path_factory: pytest.TempPathFactory) -> Written:
    answers = {("W02", "status"): Answer("3"), ("W02", "started"): Answer(2019)}
    return _prefilled(small, {**answers, ("W02", "report"): Answer("Plano & <1>")}, tmp_path_factory)


@pytest.fixture(scope="module")
def real_prefilled(real: Written, tmp_path_factory: pytest.TempPathFactory) -> Written:
    answers = {("P01", "status"): Answer("3"), ("P01", "year_adopted"): Answer(2019)}
    return _prefilled(real, {**answers, ("P01", "title"): Answer("Plano & <1>")}, tmp_path_factory)


def _prefilled(written: Written, answers: Answers, factory: pytest.TempPathFactory) -> Written:
    """The same with these answers of the previous round."""
    round_, respondent = written.round, written.respondent
    assert all(code in round_.instrument.indicator(indicator).field_codes for indicator, code in answers)
    previous = Previous(Path("x"), "2026.1", "2022–2023")
    after = replace(round_, previous=previous, previous_answers={respondent.code: answers})
    return write(factory.mktemp("prefilled"), after, respondent)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Written:
    round_ = read_round(DEMO)
    respondent, asked = round_.respondent("BRA"), round_.slice_of("BRA", "justice")
    assert respondent
    assert asked
    path, layout = tmp_path_factory.mktemp("slice") / "BRA.xlsx", Layout(round_.instrument)
    write_questionnaire(path, round_, respondent, layout, asked)
    return Written(path, round_, respondent, layout.part(asked.indicators))


@pytest.mark.parametrize(
    "kind",
    [
        "small",
        "prefilled",
        *(pytest.param(kind, marks=pytest.mark.wide) for kind in ("real", "part", "real_prefilled")),
    ],
)
def test_validator__of_a_questionnaire_of_each_kind__has_nothing_to_say(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> None:
    written: Written = request.getfixturevalue(kind)
    assert _said(written.path.read_bytes(), tmp_path) == []


@pytest.mark.parametrize("fault", _FAULTS)
def test_validator__of_a_questionnaire_broken_on_purpose__names_the_sheet(
    small: Written, fault: str, tmp_path: Path
) -> None:
    pattern, by, said = _FAULTS[fault]
    content, count = re.subn(pattern, by, small.package[_SECTION].decode(), count=1)
    assert count == 1
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as package:
        for name, part in {**small.package, _SECTION: content.encode()}.items():
            package.writestr(name, part)
    [first, *_] = _said(broken.getvalue(), tmp_path)
    assert first.startswith(f"/{_SECTION} ")
    assert said in first
