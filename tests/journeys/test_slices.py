"""Parts of the questionnaire come back from ministries: read, checked and merged like any return."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from pipeline.desk import questionnaires
from pipeline.desk.accept import NotAcceptedError, accept
from pipeline.desk.status import status_lines
from pipeline.journey import Published, consolidate_round
from pipeline.receiving import register
from pipeline.receiving.receive import receive, receive_file
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.batch import Batch, read_batch
from questionnaire.layout import Layout
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity
from questionnaire.sample import Draft, Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from questionnaire.workbook.write import file_name, identity
from tests.given import MINI, PERIOD, copy_of, replace_in
from tests.pipeline.consolidated import consolidate
from tests.questionnaire.rounds.test_slices import sliced

Edit = Callable[[FilledWorkbook], None]
WRONG: Draft = {("F01", "status"): Answer("1"), ("F01", "total"): Answer(1_000_001)}


def send(
    round_: Round, code: str, part: str, days: int, file: str, *, draft: Draft | None = None, edit: Edit | None = None
) -> Path:
    """Fill in the questionnaire of a respondent, or one part of it, with these answers or some that are in order."""
    respondent = round_.respondent(code)
    assert respondent
    asked = round_.slice_of(code, part) if part else None
    layout = Layout.of(round_)
    layout = layout.part(asked.indicators) if asked else layout
    sent = questionnaires.folder(round_) / file_name(round_, respondent, asked)
    book = FilledWorkbook(sent, layout, tab_names(layout), respondent.language)
    drawn = Sampler(layout.instrument, PERIOD, Random(days), respondent.language).valid()
    book.answer(drawn if draft is None else draft)
    book.type_named(SIGN_OFF, "Director")
    if edit:
        edit(book)
    path = round_.returns / file
    book.save(path, dt.datetime(2026, 3, 1) + dt.timedelta(days=days))
    return path


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    made = sliced(tmp_path_factory.mktemp("slices"))
    made.returns.mkdir()
    questionnaires.write_questionnaires(made, with_slices=True)
    send(made, "AAA", "", 10, "AAA_whole.xlsx")
    send(made, "AAA", "water", 20, "AAA_water.xlsx")
    send(made, "BBB", "water", 5, "BBB_water_draft.xlsx")
    send(made, "BBB", "water", 9, "BBB_water.xlsx")
    send(made, "BBB", "forests", 6, "BBB_forests.xlsx", draft=WRONG)
    send(made, "CCC", "forests", 7, "CCC_forests.xlsx")
    return made


@pytest.fixture(scope="module")
def done(round_: Round) -> Published:
    return consolidate_round(round_)


def rows_of(round_: Round, table: str) -> pd.DataFrame:
    return pd.read_parquet(round_.results(Access.RESTRICTED) / f"{table}.parquet").fillna({"slice": "", "reason": ""})


@pytest.mark.usefixtures("done")
def test_returns__slices__have_their_name_verdict_and_reason(round_: Round) -> None:
    columns = ["file", "respondent", "slice", "verdict", "reason"]
    assert rows_of(round_, "returns")[columns].to_numpy().tolist() == [
        ["AAA_water.xlsx", "AAA", "water", "accepted", ""],
        ["AAA_whole.xlsx", "AAA", "", "accepted", ""],
        ["BBB_forests.xlsx", "BBB", "forests", "to_correct", "range"],
        ["BBB_water.xlsx", "BBB", "water", "accepted", ""],
        ["BBB_water_draft.xlsx", "BBB", "water", "accepted", ""],
        ["CCC_forests.xlsx", "CCC", "forests", "accepted", ""],
    ]


@pytest.mark.usefixtures("done")
def test_findings__of_slices__say_nothing_is_missing_and_which_part_it_is(round_: Round) -> None:
    findings = rows_of(round_, "findings")
    own = findings[findings["file"] != "AAA_whole.xlsx"]
    assert set(own["code"]) == {"slice_read", "range"}
    read = findings[findings["code"] == "slice_read"]
    assert sorted(read["file"]) == sorted(set(rows_of(round_, "returns")["file"]) - {"AAA_whole.xlsx"})
    assert "the part “water” of the questionnaire" in read["message"].iloc[0]
    wrong = findings[findings["code"] == "range"].iloc[0]
    assert (wrong["file"], wrong["indicator"], wrong["cell"]) == ("BBB_forests.xlsx", "F01", "D8")


@pytest.mark.usefixtures("done")
def test_answers__of_slices__are_those_of_their_indicators_and_published(round_: Round) -> None:
    answers = rows_of(round_, "answers")
    asked = answers.groupby("file", observed=True)["indicator"].agg(lambda codes: sorted(set(codes)))
    assert asked["AAA_water.xlsx"] == ["F01", "W01a", "W02"]
    assert asked["CCC_forests.xlsx"] == ["F01"]
    assert set(answers.loc[answers["file"] == "CCC_forests.xlsx", "outcome"]) == {"published"}
    # A draft of the same ministry counts only where its later file says nothing.
    draft = answers[(answers["file"] == "BBB_water_draft.xlsx") & ~answers["status"].isin(("blank", "skipped"))]
    assert set(draft["outcome"]) == {"superseded", "published"}
    later = answers[(answers["file"] == "BBB_water.xlsx") & ~answers["status"].isin(("blank", "skipped"))]
    assert set(later["outcome"]) == {"published"}


@pytest.mark.usefixtures("done")
def test_reconciliation__with_slices__balances(round_: Round) -> None:
    table = rows_of(round_, "reconciliation").set_index("file")
    assert set(table["balanced"]) == {True}
    assert min(table["read"]) > 0
    row = table.loc["BBB_forests.xlsx"]
    assert row["rejected"] == row["read"]


def test_parts__say_which_are_missing_and_from_whom(round_: Round, done: Published) -> None:
    assert done.figures.standings == {"AAA": "accepted", "BBB": "in_part", "CCC": "in_part"}
    columns = ["respondent", "slice", "part_verdict", "missing"]
    assert rows_of(round_, "parts")[columns].to_numpy().tolist()[2:] == [
        ["BBB", "water", "accepted", ""],
        ["BBB", "forests", "to_correct", "F01"],
        ["CCC", "water", "no_return", "W01a W01b W02"],
        ["CCC", "forests", "accepted", ""],
    ]
    assert done.figures.provisional
    assert done.figures.provisional["accepted"] == 1
    regional = pd.read_parquet(round_.results(Access.RESTRICTED) / "regional.parquet")
    of_ccc = regional[regional["respondent"] == "CCC"].set_index("indicator")["submission"]
    assert of_ccc.notna().to_dict() == {"W01a": False, "W01b": False, "W02": False, "F01": True}


@pytest.mark.usefixtures("done")
def test_status__of_slices__says_which_part_it_is(round_: Round) -> None:
    lines = "\n".join(status_lines(round_, dt.date(2026, 5, 2)))
    assert "accepted [forests]" in lines
    assert "to correct [forests]\n      – F… D8: The number must be between 0 and 1000000.\n" in lines


def with_identity(round_: Round, part: str, **changes: str) -> Edit:
    """The identity of a slice of CCC says something else."""
    respondent, asked = round_.respondent("CCC"), round_.slice_of("CCC", part)
    assert respondent
    own = identity(round_, respondent, asked)
    return lambda book: book.replace(str(own), str(replace(own, **changes)))


def read(round_: Round, path: Path) -> Batch:
    return read_batch(round_, [receive_file(path)])


def test_slice__that_the_round_does_not_list__is_not_read(round_: Round, tmp_path: Path) -> None:
    edit = with_identity(round_, "forests", slice="fire")
    path = send(round_, "CCC", "forests", 8, str(tmp_path / "CCC_fire.xlsx"), edit=edit)
    batch = read(round_, path)
    found = batch.findings[0]
    assert [entry.code for entry in batch.findings] == ["slice_unknown", "token_wrong"]
    assert (found.severity, found.respondent, found.value) == (Severity.BLOCKER, "CCC", "fire")
    assert "(there are: water, forests)" in found.message_in("en")
    assert batch.answers.empty


def nameless(round_: Round, code: str, part: str) -> Edit:
    """The line that says whose it is and which part is gone from everywhere."""
    respondent, asked = round_.respondent(code), round_.slice_of(code, part)
    assert respondent
    return lambda book: book.replace(str(identity(round_, respondent, asked)), "")


@pytest.mark.wide
def test_slice__without_identity__is_held_as_the_part_it_seems_to_be_and_accepted_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = sliced(tmp_path)
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    monkeypatch.chdir(tmp_path)
    questionnaires.write_questionnaires(round_, with_slices=True)
    round_.returns.mkdir()
    send(round_, "CCC", "forests", 7, "CCC_parts.xlsx", edit=nameless(round_, "CCC", "forests"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--why", "by telephone"])

    def judged() -> list[str]:
        returns = consolidate(round_, read_batch(round_, register.with_acceptances(round_, receive(round_)))).returns
        return returns[["respondent", "slice", "verdict", "reason"]].to_numpy().tolist()[0]

    consolidate_round(round_)
    assert judged() == ["", "forests", "unverified", "no_identity"]
    batch = read(round_, round_.returns / "CCC_parts.xlsx")
    assert [entry.code for entry in batch.findings] == ["slice_read", "no_identity"]
    command = 'acopio accept rounds/mini CCC_parts.xlsx --as CCC --slice forests --why "..."'
    assert command in batch.findings[1].remedy_in("en")
    assert command in "\n".join(status_lines(round_, dt.date(2026, 5, 2)))
    accept = ("accept", "rounds/mini", "CCC_parts.xlsx", "--as", "CCC")
    unknown = run(*accept, "--slice", "fire")
    assert (unknown.exit_code, "(there are: water, forests)" in unknown.stderr) == (2, True)
    done = run(*accept, "--slice", "forests")
    assert "now counts as the part “forests” of the questionnaire of Gammaland (CCC)" in done.stdout
    assert judged() == ["CCC", "forests", "accepted", ""]
    run(*accept)
    assert judged()[:3] == ["CCC", "", "to_correct"]
    run("accept", "rounds/mini", "CCC_parts.xlsx", "--undo")
    assert judged() == ["", "forests", "unverified", "no_identity"]


def test_slice__that_says_itself_which_it_is__is_accepted_as_no_other(tmp_path: Path) -> None:
    round_ = sliced(tmp_path)
    questionnaires.write_questionnaires(round_, with_slices=True)
    round_.returns.mkdir()
    send(round_, "CCC", "forests", 7, "BBB.xlsx")
    for part in ("water", "forests"):
        arguments = (round_, "BBB.xlsx", "CCC", "sure", dt.datetime(2026, 3, 4, tzinfo=dt.UTC), part)
        if part == "water":
            with pytest.raises(NotAcceptedError, match=r"says itself which part of the questionnaire it is \(forests;"):
                accept(*arguments)
        else:
            assert "the part “forests”" in accept(*arguments)


def test_slice__changed_since_it_was_sent__is_blocked(tmp_path: Path) -> None:
    round_ = sliced(tmp_path)
    questionnaires.write_questionnaires(round_, with_slices=True)
    path = send(round_, "CCC", "forests", 8, str(tmp_path / "CCC_forests.xlsx"))
    assert [entry.code for entry in read(round_, path).findings] == ["slice_read"]
    replace_in(round_.folder / "slices.csv", "F01", "F01 W02")
    now = read_round(round_.folder, MINI.parent)
    found = [entry for entry in read(now, path).findings if entry.severity is Severity.BLOCKER]
    assert [entry.code for entry in found] == ["slice_changed"]
    assert "“forests” was changed after it was sent" in found[0].message_in("en")


def test_slice__a_row_deleted__is_missed(round_: Round, tmp_path: Path) -> None:
    slot = Layout.of(round_).part(frozenset({"F01"})).slot("F01", "urban")

    def gone(book: FilledWorkbook) -> None:
        book.replace(slot.key, "")
        book.replace(slot.number, "")
        book.replace(slot.name, "gone")

    path = send(round_, "CCC", "forests", 8, str(tmp_path / "CCC_forests.xlsx"), edit=gone)
    missing = [entry for entry in read(round_, path).findings if entry.code == "row_missing"]
    assert [(entry.indicator, entry.field) for entry in missing] == [("F01", "urban")]


def test_slice__a_rule_that_looks_beyond_it__is_left_to_the_whole(tmp_path: Path) -> None:
    instrument = copy_of(MINI, tmp_path / "instruments" / "mini")
    rule = "total - 1 <= W01a.total"
    replace_in(instrument / "rules.toml", f'check = "{rule}"', 'check = "within(targeted, W01a.targeted)"')
    round_ = read_round(sliced(tmp_path).folder, instrument.parent)
    questionnaires.write_questionnaires(round_, with_slices=True)
    status, targeted = (("F01", "status"), Answer("0")), (("F01", "targeted.NORTH"), Answer("Y"))
    found = {}
    for part in ("", "forests"):
        path = send(round_, "CCC", part, 8, str(tmp_path / f"CCC_{part}.xlsx"), draft=dict((status, targeted)))
        found[part] = {entry.code for entry in read(round_, path).findings}
    assert "fewer_trees" in found[""]
    assert found["forests"] == {"slice_read"}
