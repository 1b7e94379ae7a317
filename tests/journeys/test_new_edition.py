"""A return of edition 2026.1 in a round of 2026.2: what was typed then counts, and nothing of it is lost in silence."""

import datetime as dt

import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Layout
from questionnaire.rounds.round import read_round
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from tests.given import demo_round, replace_in, write_questionnaire

THEN = {
    ("R16", "status"): "3", ("R16", "n_agreements"): 7.0, ("R16", "n_bilateral"): 5.0, ("R16", "partners"): "BRA; PER",
    ("P11", "status"): "0",
    ("R13", "status"): "3", ("R13", "penalty_min"): 99.0, ("R13", "penalty_max"): 99.0,
}  # fmt: skip
LINE = {"indicator": "R16", "partner": "PER", "form": "BILATERAL", "year": 2019.0}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """What is read today of a questionnaire that was sent, and filled in, as it was in edition 2026.1."""
    now = demo_round(tmp_path_factory.mktemp("rounds"))
    replace_in(now.folder / "round.toml", 'edition = "2026.2"', 'edition = "2026.1"')
    replace_in(now.folder / "round.toml", 'older_editions = ["2026.1"]', "")
    then = read_round(now.folder)
    layout, respondent = Layout.of(then), then.respondent("ARG")
    assert respondent is not None
    path = now.folder / "ARG.xlsx"
    write_questionnaire(path, then, respondent, layout)
    book = FilledWorkbook(path, layout, tab_names(layout), "es")
    book.answer({key: Answer(value) for key, value in THEN.items()})  # type: ignore[arg-type]
    book.fill_lines(layout.lists[0], [{code: Answer(value) for code, value in LINE.items()}])  # type: ignore[arg-type]
    book.save(path, dt.datetime(2026, 3, 1))
    return tidy(receive_file(path), path.read_bytes(), now, Layout.of(now))


def rows(read: Submission, indicator: str) -> dict[str, tuple[object, object]]:
    """What a return says of the agreements of an indicator: number and rule of reading, by field."""
    at = [n for n, block in enumerate(read.rows["block"]) if block == indicator]
    found = {str(read.rows["field"][n]): (read.rows["number"][n], read.rows["parsed_by"][n]) for n in at}
    return {field: said for field, said in found.items() if field.startswith(("n_", "agreements_"))}


def test_counts__that_were_typed__are_read_and_those_left_blank_stay_so(read: Submission) -> None:
    assert read.older == "2026.1"
    assert rows(read, "R16") == {
        "agreements_not_listed": (None, "blank"),
        "n_agreements": (7.0, "number"),
        "n_bilateral": (5.0, "number"),
        "n_multilateral": (None, "blank"),
        "n_signed_in_period": (None, "blank"),
    }
    assert set(rows(read, "P11").values()) == {(None, "blank")}


def test_partners__asked_then_as_a_text__are_reported_with_it_and_the_lines_are_read(read: Submission) -> None:
    found = {entry.code: entry for entry in read.findings}
    assert (found["no_longer_asked"].value, str(found["no_longer_asked"].severity)) == ("BRA; PER", "warning")
    assert str(found["edition_migrated"].severity) == "info", "the demo round takes returns of 2026.1 as they are"
    assert found["edition_migrated"].values["new"] == 5, "one question more for each indicator of the list, and life"
    lines = [n for n, block in enumerate(read.rows["block"]) if block == "agreements"]
    assert [read.rows["number"][n] for n in lines if read.rows["field"][n] == "year"] == [2019.0]
    assert "computed_overwritten" not in found


def test_life__that_was_typed_as_99__is_an_answer_of_its_own_with_its_cell_and_no_number(read: Submission) -> None:
    names = ("status", "code", "number", "raw", "parsed_by")
    at = {read.rows["field"][n]: n for n, block in enumerate(read.rows["block"]) if block == "R13"}
    said = {field: tuple(read.rows[name][at[field]] for name in names) for field in at if str(field).startswith("pen")}
    assert said == {
        "penalty_min": ("not_applicable", None, None, "99", "edition"),
        "penalty_life": ("answered", "Y", None, "99", "edition"),
        "penalty_max": ("skipped", None, None, "", "blank"),
    }
    moved = [entry for entry in read.findings if entry.code == "value_moved"]
    assert [(entry.field, str(entry.severity), entry.value) for entry in moved] == [
        ("penalty_min", "info", "99"),
        ("penalty_max", "info", "99"),
    ]
    cells = {entry.field: (entry.sheet, entry.cell) for entry in moved}
    assert (read.rows["sheet"][at["penalty_life"]], read.rows["cell"][at["penalty_life"]]) == cells["penalty_min"]
    assert (
        moved[1].message_in("en") == "In edition 2026.1, “99” answered penalty_max; today it reads: penalty_life = Y."
    )
