"""A return of an older edition of the instrument: read by what its questions are called today, told, never guessed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.desk import questionnaires
from pipeline.findings import Finding
from pipeline.merging.verdicts import own_judgement
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.batch import Batch, read_batch
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer
from questionnaire.sample import Draft
from questionnaire.sheet_names import tab_names
from questionnaire.tables import DeclarationError
from questionnaire.workbook.write import file_name
from tests.given import MINI, copy_of, mini_round, replace_in

Edit = Callable[[FilledWorkbook, Layout], None]


def older_instrument(root: Path) -> Path:
    """The small instrument as it was in edition 0: W01 and W03 were W01a and W02, W02 is no longer asked, W01b is new."""
    folder = copy_of(MINI, root / "then" / "mini")
    (folder / "editions.csv").unlink()
    replace_in(folder / "instrument.toml", 'edition = "1"', 'edition = "0"')
    replace_in(
        folder / "table.txt", "a) Households connected\nb) Money spent on connections\n\n\t2.\n",
        "Homes connected\n\n\t2.\nKeep lakes clean\n\n\tLakes monitored\n\n\t3.\n",
    )  # fmt: skip
    (folder / "indicators.csv").write_text(
        "indicator,indicator_type,questions,met_from_level\n"
        "W01,COUNT,regions targeted,3\nW02,COUNT,regions note,3\n"
        "W03,COUNT,regions begun opened report -rural -urban note,3\nF01,COUNT,targeted,1\n",
        encoding="utf-8",
    )
    questions = folder / "questions.csv"
    replace_in(questions, "started,year", "begun,year")
    (folder / "rules.toml").write_text("", encoding="utf-8")
    (folder / "translations.csv").unlink()
    return folder.parent


@dataclass(frozen=True)
class Sent:
    """A questionnaire of edition 0 as it was sent, with its layout; `round` is of the edition of today."""

    round: Round
    path: Path
    layout: Layout

    def returned(self, draft: Draft, edit: Edit | None = None) -> Path:
        respondent = self.round.participants[0]
        book = FilledWorkbook(self.path, self.layout, tab_names(self.layout), respondent.language)
        book.answer(draft)
        if edit:
            edit(book, self.layout)
        path = self.round.folder / "AAA.xlsx"
        book.save(path, dt.datetime(2026, 3, 1))
        return path


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    root = tmp_path_factory.mktemp("editions")
    folder = mini_round(root).folder
    replace_in(folder / "round.toml", 'edition = "1"', 'edition = "0"')
    then = read_round(folder, older_instrument(root))
    questionnaires.write_questionnaires(then)
    replace_in(folder / "round.toml", 'edition = "0"', 'edition = "1"')
    path = questionnaires.folder(then) / file_name(then, then.participants[0])
    return Sent(read_round(folder, MINI.parent), path, Layout(then.instrument))


def given(value: object) -> Answer:
    return Answer(value)  # type: ignore[arg-type]


THEN: Draft = {
    ("W01", "status"): given("3"), ("W01", "total"): given(12), ("W01", "regions.NORTH"): given("Y"),
    ("W02", "status"): given("2"), ("W02", "total"): given(0), ("W02", "regions.WEST"): given("Y"),
    ("W03", "status"): given("2"), ("W03", "begun"): given(2019), ("W03", "regions"): Answer(None, AnswerStatus.NOT_AVAILABLE),
    ("F01", "status"): given("0"),
}  # fmt: skip


def read(round_: Round, path: Path) -> Batch:
    return read_batch(round_, [receive_file(path)])


def answers(batch: Batch) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Status, text as typed and place of every answer that is not blank."""
    rows = batch.answers.astype("str").to_dict("records")
    return {
        (row["indicator"], row["field"]): (row["status"], row["raw"] or row["if_none"], f"{row['sheet']} {row['cell']}")
        for row in rows
        if row["status"] not in ("blank", "skipped")
    }


def found(batch: Batch, *codes: str) -> list[Finding]:
    return [entry for entry in batch.findings if entry.code in codes]


def verdict(batch: Batch) -> tuple[str, str]:
    [sha256] = batch.submissions
    judgement = own_judgement(entry for entry in batch.findings if entry.submission == sha256)
    return str(judgement.verdict), judgement.reason


def place(sent: Sent, indicator: str, field: str) -> str:
    slot = sent.layout.slot(indicator, field)
    return f"{tab_names(sent.layout)[slot.sheet]} {slot.cell(Column.ANSWER)}"


def test_answers__of_then__stand_under_the_codes_of_today_with_their_cells(sent: Sent) -> None:
    batch = read(sent.round, sent.returned(THEN))
    assert answers(batch) == {
        ("W01a", "status"): ("answered", "3 – Partly", place(sent, "W01", "status")),
        ("W01a", "total"): ("answered", "12", place(sent, "W01", "total")),
        ("W01a", "regions"): ("answered", "", place(sent, "W01", "regions")),
        ("W01a", "regions.NORTH"): ("answered", "Yes", place(sent, "W01", "regions.NORTH")),
        ("W02", "status"): ("answered", "2 – Adopted", place(sent, "W03", "status")),
        ("W02", "started"): ("answered", "2019", place(sent, "W03", "begun")),
        ("W02", "regions"): ("not_available", "Not available", place(sent, "W03", "regions")),
        ("F01", "status"): ("answered", "0 – None", place(sent, "F01", "status")),
    }


def test_findings__of_an_older_edition__count_and_keep_what_has_no_place(sent: Sent) -> None:
    batch = read(sent.round, sent.returned(THEN))
    [migrated] = found(batch, "edition_migrated")
    assert (migrated.severity, migrated.value, migrated.respondent) == ("error", "0", "AAA")
    message = migrated.message_in("en")
    assert message.startswith(
        "This questionnaire is of edition 0; that of the round is 1. 7 answers were carried over, 3 "
    )
    dropped = [(entry.value, f"{entry.sheet} {entry.cell}") for entry in found(batch, "no_longer_asked")]
    assert dropped == [
        ("2 – Adopted", place(sent, "W02", "status")),
        ("0", place(sent, "W02", "total")),
        ("Yes", place(sent, "W02", "regions.WEST")),
    ]
    assert "How many in all?" in found(batch, "no_longer_asked")[1].message_in("en")
    assert {entry.code for entry in batch.findings} == {"edition_migrated", "no_longer_asked", "not_signed_off"}
    assert verdict(batch) == ("to_correct", "edition_migrated")


def test_round__that_takes_the_edition__accepts_it(sent: Sent) -> None:
    batch = read(replace(sent.round, older_editions=("0",)), sent.returned(THEN))
    assert [entry.severity for entry in found(batch, "edition_migrated")] == ["info"]
    assert verdict(batch) == ("accepted", "")


def test_rules__on_answers_of_then__are_those_of_today(sent: Sent) -> None:
    draft = dict(THEN) | {("W01", "urban"): given(3), ("W01", "rural"): given(3)}
    batch = read(replace(sent.round, older_editions=("0",)), sent.returned(draft))
    [wrong] = found(batch, "parts")
    assert (wrong.indicator, wrong.field, f"{wrong.sheet} {wrong.cell}") == (
        "W01a",
        "total",
        place(sent, "W01", "total"),
    )
    assert verdict(batch) == ("to_correct", "parts")


def swapped(one: Slot, other: Slot) -> Edit:
    """Two rows exchange what is visible of them, as when only the visible columns are sorted."""

    def edit(book: FilledWorkbook, _: Layout) -> None:
        for slot, number in ((one, other.number), (other, one.number)):
            book.type(slot, number, Column.NUMBER)

    return edit


def test_rows_sorted__without_their_keys__are_reported_and_none_is_placed(sent: Sent) -> None:
    edit = swapped(sent.layout.slot("W01", "total"), sent.layout.slot("W01", "urban"))
    batch = read(sent.round, sent.returned(THEN, edit))
    unclear = found(batch, "edition_row_unclear")
    assert [(entry.severity, entry.value) for entry in unclear] == [
        ("error", "3 – Partly"),
        ("error", "12"),
        ("error", "Yes"),
    ]
    assert {indicator for indicator, _ in answers(batch)} == {"W02", "F01"}


def test_rows_exchanged__between_indicators__are_reported_and_none_is_placed(sent: Sent) -> None:
    edit = swapped(sent.layout.slot("W01", "total"), sent.layout.slot("W03", "total"))
    batch = read(sent.round, sent.returned(THEN, edit))
    assert {indicator for indicator, _ in answers(batch)} == {"F01"}
    assert len(found(batch, "edition_row_unclear")) == 3 + 3


def test_rows_inserted__keep_every_answer(sent: Sent) -> None:
    def edit(book: FilledWorkbook, layout: Layout) -> None:
        book.insert_rows("W", layout.slot("W01", "urban").row + 1, 2)

    batch = read(sent.round, sent.returned(THEN, edit))
    assert {key: entry[:2] for key, entry in answers(batch).items()} == {
        key: entry[:2] for key, entry in answers(read(sent.round, sent.returned(THEN))).items()
    }


def test_keys_gone__nothing_can_be_placed__asks_for_the_present_questionnaire(sent: Sent) -> None:
    def edit(book: FilledWorkbook, layout: Layout) -> None:
        for slot in layout.slots:
            book.type(slot, None, Column.KEY)

    batch = read(sent.round, sent.returned(THEN, edit))
    assert {entry.code for entry in batch.findings} == {"other_edition", "edition_row_unclear"}
    assert verdict(batch) == ("not_usable", "other_edition")
    assert batch.answers.empty


def test_edition__that_the_instrument_does_not_map__is_not_read(sent: Sent) -> None:
    path = sent.returned(THEN)
    unmapped = replace(sent.round, instrument=replace(sent.round.instrument, editions=()))
    batch = read(unmapped, path)
    assert verdict(batch) == ("not_usable", "other_edition")
    assert batch.answers.empty


def test_token__of_an_older_edition__is_checked_like_any(sent: Sent) -> None:
    path = sent.returned(THEN, lambda book, _: book.replace("|AAA|", "|BBB|"))
    batch = read(sent.round, path)
    assert verdict(batch)[0] == "unverified"
    assert len(answers(batch)) == 8


def test_round_toml__an_edition_that_is_not_mapped__is_named(tmp_path: Path) -> None:
    folder = mini_round(tmp_path).folder
    replace_in(folder / "round.toml", 'edition = "1"', 'edition = "1"\nolder_editions = ["0", "7"]')
    with pytest.raises(
        DeclarationError, match=r"key older_editions: .* what edition 7 called things\. List it in its editions"
    ):
        read_round(folder, MINI.parent)
