"""From a file to a submission: whose it is, what it says, and what is wrong with it, each with its cell."""

from __future__ import annotations

import datetime as dt
import pickle
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.tidy import identity_of, tidy
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.layout import Column
from questionnaire.messages import finding_codes, finding_wording
from tests.given import mini
from tests.pipeline.reading.workbooks.test_grids import repack
from tests.pipeline.returned import (
    COVER,
    SOME,
    Answers,
    answer_of,
    as_told,
    book,
    codes,
    identity,
    layout,
    mini_round,
    put,
    read,
    received,
    write,
)

IF_NONE, COMMENT = Column.IF_NONE, Column.COMMENT


def blockers(submission: Any) -> list[str]:
    return [finding.code for finding in submission.findings if finding.severity == "blocker"]


# --- what it says -------------------------------------------------------------------------------------------


def test_rows__one_for_every_field__blanks_included() -> None:
    submission = read(book())
    assert tuple(submission.rows) == COLUMN_NAMES
    keys = list(zip(submission.rows["indicator"], submission.rows["field"], strict=True))
    assert keys == [(slot.block.code, slot.field.code) for slot in layout().slots]
    assert submission.findings == ()
    assert (submission.respondent, submission.saved, submission.blocker) == ("BRA", "2025-06-01T12:30:00Z", "")
    assert submission.program == "Microsoft Excel"


def test_row__of_an_answer__says_value_and_where_it_came_from() -> None:
    sheets = put(book(), "W01a", "total", "in the annex", COMMENT)
    submission = read(sheets, "brazil.xlsx")
    slot = layout().slot("W01a", "total")
    assert answer_of(submission, "W01a", "total") == {
        "submission": submission.submission, "file": "brazil.xlsx", "respondent": "BRA",
        "block": "W01a", "line": 1, "indicator": "W01a", "field": "total", "status": "answered",
        "code": None, "number": 12.0, "text": None, "date": None,
        "raw": "12", "if_none": "", "comment": "in the annex", "sheet": "W", "cell": f"D{slot.row + 1}",
        "parsed_by": "number",
        "change": "",
        "previous": "",
    }  # fmt: skip


def test_every_answer_type__is_read_into_its_column() -> None:
    typed = {
        ("W01a", "status"): "3 – En partie", ("W02", "started"): 2019, ("W02", "opened"): dt.date(2024, 5, 4),
        ("W02", "free"): "Oui", ("W02", "source"): "https://x.org", ("W01b", "spent"): 12.5,
        ("W01b", "spent.currency"): "EUR – euro", ("W01a", "regions.NORTH"): "Yes", ("W01a", "regions.WEST"): "Oui",
    }  # fmt: skip
    submission = read(book(typed))
    assert codes(submission) == []

    def value(indicator: str, field: str, column: str) -> Any:
        return answer_of(submission, indicator, field)[column]

    assert value("W01a", "status", "code") == "3"
    assert value("W02", "started", "number") == 2019
    assert value("W02", "opened", "date") == dt.date(2024, 5, 4)
    assert value("W02", "free", "code") == "Y"
    assert value("W02", "source", "text") == "https://x.org"
    assert value("W01b", "spent", "number") == 12.5
    assert value("W01b", "spent.currency", "code") == "EUR"
    assert value("W01a", "regions", "code") == "NORTH;WEST"
    assert value("W01a", "regions", "parsed_by") == "selection"
    assert value("W01a", "regions.NORTH", "code") == "Y"
    assert value("W01a", "regions.SOUTH", "status") == "blank"
    assert value("W01a", "targeted", "status") == "blank"


@pytest.mark.parametrize(
    ("elsewhere", "number", "found"),
    [
        ({}, 1.234, "number_ambiguous"),
        ({("W01a", "total"): "12.345.678"}, 1234, "number_ambiguous"),
        ({("W01b", "planned"): "12,5"}, 1234, "number_ambiguous"),
        ({("W01b", "planned"): "12,5", ("F01", "total"): "1,234,567"}, None, "number_unclear"),
        ({("W02", "note"): "12,5"}, 1.234, "number_ambiguous"),
    ],
)  # fmt: skip
def test_number_with_two_readings__follows_the_other_numbers_of_the_return(
    elsewhere: Answers, number: float | None, found: str
) -> None:
    submission = read(book({**SOME, **elsewhere, ("W01b", "spent"): "1.234"}))
    answer = answer_of(submission, "W01b", "spent")
    assert (answer["number"], answer["raw"]) == (number, "1.234")
    assert [entry.code for entry in submission.findings if entry.field == "spent"] == [found]


@pytest.mark.parametrize(
    ("currency", "found"),
    [
        ("EUR – euro", [("currency_disagrees", "error")]),
        ("USD – US dollar", []),
        ("", []),
    ],
)  # fmt: skip
def test_amount__with_a_sign__is_held_against_the_currency_chosen(currency: str, found: list[tuple[str, str]]) -> None:
    submission = read(book({**SOME, ("W01b", "spent"): "$ 1 200.50", ("W01b", "spent.currency"): currency}))
    noted = [(entry.code, str(entry.severity)) for entry in submission.findings if entry.field == "spent"]
    assert noted == [("number_from_text", "info"), *found]
    assert answer_of(submission, "W01b", "spent")["number"] == 1200.5
    assert answer_of(submission, "W01b", "spent.currency")["status"] == ("answered" if currency else "blank")


def test_multiple_choice__head_overwritten__is_told() -> None:
    submission = read(put(book(), "W01a", "regions", "North, South"))
    [found] = submission.findings
    assert (found.code, found.field, found.cell, found.value) == (
        "choice_in_head", "regions", answer_of(submission, "W01a", "regions")["cell"], "North, South",
    )  # fmt: skip


def test_multiple_choice__reason_and_marks__contradict() -> None:
    sheets = put(put(book(), "W01a", "regions", "ND", IF_NONE), "W01a", "regions.NORTH", "Yes")
    assert [(f.code, f.field) for f in read(sheets).findings] == [("conflict", "regions")]


def test_skipped__blank_where_another_answer_says_that_nothing_is_asked() -> None:
    typed = {("W01a", "status"): "0", ("W01b", "status"): "ND", ("W02", "status"): "1"}
    submission = read(book(typed))
    status = {key: answer_of(submission, *key)["status"] for key in [
        ("W01a", "total"), ("W01a", "regions"), ("W01a", "regions.NORTH"), ("W01a", "targeted"), ("W02", "started"),
        ("F01", "total"), ("W02", "total"),
    ]}  # fmt: skip
    assert status == {
        ("W01a", "total"): "skipped", ("W01a", "regions"): "skipped", ("W01a", "regions.NORTH"): "skipped",
        ("W01a", "targeted"): "blank", ("W02", "started"): "skipped", ("F01", "total"): "blank",
        ("W02", "total"): "blank",
    }  # fmt: skip
    assert codes(submission) == []


def test_fault__in_a_cell__names_sheet_cell_value_and_explanation() -> None:
    sheets = put(put(book(), "W02", "total", "1,234"), "W02", "total", "from the census", COMMENT)
    [found] = read(sheets, "b.xlsx").findings
    slot = layout().slot("W02", "total")
    assert (found.code, found.severity, found.respondent, found.indicator, found.field, found.file) == (
        "number_ambiguous", "warning", "BRA", "W02", "total", "b.xlsx",
    )  # fmt: skip
    assert (found.sheet, found.cell, found.value, found.explanation) == (
        "W", f"D{slot.row + 1}", "1,234", "from the census",
    )  # fmt: skip
    assert "1234" in found.message_in("fr")
    assert found.remedy_in("pt")


def test_error_cell__is_an_error_not_a_blank() -> None:
    submission = read(put(book(), "W01a", "urban", "=#N/A"))
    assert [(f.code, f.field, f.value) for f in submission.findings] == [("error_value", "urban", "#N/A")]
    assert answer_of(submission, "W01a", "urban")["status"] == "unreadable"


def test_date_system_1904__days_and_years_are_right() -> None:
    typed = {("W02", "opened"): dt.date(2024, 5, 4), ("W02", "started"): dt.date(1909, 7, 12)}
    submission = read(book(typed), date_1904=True)
    assert answer_of(submission, "W02", "opened")["date"] == dt.date(2024, 5, 4)
    assert answer_of(submission, "W02", "started")["number"] == 2019


def without_formats(data: bytes) -> bytes:
    """The workbook as some web tools and scripts leave it: without styles.xml, and no cell asks for a style."""

    def change(name: str, content: bytes) -> bytes | None:
        content = re.sub(rb"<(?:Override|Relationship)\b[^>]*styles\.xml[^>]*/>", b"", content)
        return None if name == "xl/styles.xml" else re.sub(rb'(<c\b[^>]*?) s="\d+"', rb"\1", content)

    return repack(change, data)


@pytest.mark.parametrize("date_1904", [False, True])
def test_days__in_a_workbook_without_formats__are_read_with_a_warning__and_taken_for_no_year(date_1904: bool) -> None:
    typed = {("W02", "opened"): dt.date(2024, 5, 4), ("W02", "started"): dt.date(2019, 3, 1), ("F01", "total"): 7}
    data = without_formats(write(book(typed), date_1904=date_1904))
    submission = as_told(tidy(received(data), data, mini_round(), layout()))
    assert answer_of(submission, "W02", "opened")["date"] == dt.date(2024, 5, 4)
    assert answer_of(submission, "W02", "started")["status"] == "unreadable"
    opened, started = (layout().slot("W02", field).cell(Column.ANSWER) for field in ("opened", "started"))
    serials = ("43954", "42063") if date_1904 else ("45416", "43525")
    assert sorted((f.code, f.severity, f.sheet, f.cell, f.value) for f in submission.findings) == [
        ("date_from_number", "warning", "W", opened, serials[0]),
        ("year_is_day", "error", "W", started, serials[1]),
    ]
    assert sorted((str(f.values["date"]) for f in submission.findings), reverse=True) == ["2024-05-04", "2019-03-01"]


# --- whose it is --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code", "rows"),
    [
        ({"instrument": "maxi"}, "other_instrument", 0),
        ({"round": "2019"}, "other_round", 0),
        ({"edition": "7"}, "other_edition", 0),
        ({"fingerprint": "0" * 16}, "other_fingerprint", None),
        ({"respondent": "CUB"}, "respondent_not_participating", None),
    ],
)
def test_identity__of_something_else__is_a_blocker(changed: dict[str, str], code: str, rows: int | None) -> None:
    submission = read(book(who=identity(**changed)))
    assert codes(submission) == [code]
    assert submission.blocker == code
    assert len(submission.rows["status"]) == (len(layout().slots) if rows is None else rows)


def test_identity__gone_from_the_cells__is_taken_from_the_properties() -> None:
    sheets = book()
    del sheets["_acopio"], sheets[COVER]
    for name in "WF":
        sheets[name][2] = [""] * 11
    assert read(sheets, properties=str(identity())).respondent == "BRA"
    assert identity_of(write(sheets, properties=str(identity()))) == identity()


def test_identity__two_questionnaires_in_one_file__is_a_blocker() -> None:
    sheets = {**book(), "F": book(who=identity(respondent="MEX"))["F"]}
    submission = read(sheets)
    assert blockers(submission) == ["two_respondents"]
    assert submission.respondent == ""
    other = {**book(), "F": book(who=identity(round="2019"))["F"]}
    assert blockers(read(other)) == ["identities_disagree"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("return.xlsx", []),
        ("BRA.xlsx", []),
        ("Questionário do Brasil (final).xlsx", []),
        ("BRA_MEX.xlsx", ["file_name_disagrees"]),
        ("Brazil and Mexico.xlsx", ["file_name_disagrees"]),
        ("MEX_test.xlsx", ["respondent_unclear"]),
        ("mexico/answers.xlsx", ["respondent_unclear"]),
        ("Estados Unidos Mexicanos.xlsx", ["respondent_unclear"]),
        ("us and usa and br.xlsx", []),
    ],
)
def test_file_name__of_another_respondent__is_told(name: str, found: list[str]) -> None:
    assert codes(read(book(), name)) == found


def test_file_name__longest_name_first__does_not_name_the_united_states() -> None:
    submission = read(book(who=identity(respondent="MEX")), "Estados Unidos Mexicanos.xlsx")
    assert codes(submission) == []


# --- no questionnaire at all --------------------------------------------------------------------------------


def test_empty_return__is_a_blocker_and_keeps_its_blank_rows() -> None:
    submission = read(book({}))
    assert codes(submission) == ["empty_return"]
    assert set(submission.rows["status"]) == {"blank"}


@pytest.mark.parametrize("sheets", [{"Sheet1": [[""]]}, {"Budget": [["Item", "Cost"], ["Paper", 12]]}])
def test_workbook_of_something_else__is_not_a_questionnaire(sheets: Any) -> None:
    submission = read(sheets)
    assert blockers(submission) == ["not_a_questionnaire"]
    assert submission.rows["status"] == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"Pays;R\xe9ponse\n", "file_is_text"),
        (b"%PDF-1.7\n", "file_is_pdf"),
        (b"PK\x03\x04 xl/workbook.xml", "workbook_damaged"),
    ],
)
def test_file__that_is_no_workbook__is_one_blocker(data: bytes, code: str) -> None:
    file = received(data)
    if code != "workbook_damaged":
        from pipeline.receiving.receive import receive_file  # the refusal is decided on receipt

        file = _received_from(receive_file, data)
    submission = tidy(file, data, mini_round(), layout())
    assert codes(submission) == [code]
    assert submission.findings[0].file == file.name
    assert submission.rows == {name: [] for name in COLUMN_NAMES}


def _received_from(receive_file: Any, data: bytes) -> Any:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "answers.xlsx")
        path.write_bytes(data)
        return receive_file(path)


TYPED = st.one_of(
    st.integers(-5, 5000), st.booleans(), st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).filter(
        lambda text: not text.startswith(("=", "{"))
    ),
    st.sampled_from(["Yes", "ND", "W01a-1", "W01a:total", "acopio:answer", "acopio|1|x",
                     "Answer", "=#N/A", str(identity())]),
)  # fmt: skip
EDIT = st.tuples(st.sampled_from(["Cover", "W", "F"]), st.integers(0, 60), st.integers(0, 14), TYPED)


@settings(max_examples=60)
@given(st.lists(EDIT, max_size=25))
def test_any_cells_overwritten__give_one_row_a_field_and_worded_findings(
    edits: list[tuple[str, int, int, Any]],
) -> None:
    sheets = book()
    for name, row, column, value in edits:
        rows = sheets[name]
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    submission = read(sheets)
    assert len(submission.rows["status"]) in (0, len(layout().slots))
    for finding in submission.findings:
        assert finding.message_in("es")
        assert finding.remedy_in("pt")


def test_submission__travels_between_processes() -> None:
    submission = read(put(book(), "W01a", "urban", "many"))
    assert pickle.loads(pickle.dumps(submission)) == submission


def test_wordings__of_reading__fill_their_placeholders_in_every_language() -> None:
    placeholder = re.compile(r"\{(\w+)\}")
    for code in finding_codes():
        wording = finding_wording(code)
        for texts in (wording.message, wording.remedy):
            assert set(texts) == {"fr", "es", "en", "pt"}, code
            assert len({frozenset(placeholder.findall(text)) for text in texts.values()}) == 1, code


def test_every_finding_of_reading__is_worded() -> None:
    from pathlib import Path

    import pipeline.reading.tidy

    folder = Path(pipeline.reading.tidy.__file__).parent.parent
    rooms = (folder / room for room in ("receiving", "reading"))
    source = "".join(path.read_text(encoding="utf-8") for room in rooms for path in sorted(room.rglob("*.py")))
    raised = re.findall(r'(?:finding|Fault|Error|_note|_unreadable|_of_slot)\(\s*(?:raw, |\w+, )?"([a-z_]+)"', source)
    assert len(set(raised)) > 30
    assert set(raised) <= set(finding_codes())
    assert mini().name == "mini"
