"""The next edition keeps the one before whole, and its files say what became of everything that was asked."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.starting.next_edition import NoNextEditionError, propose, start_edition
from questionnaire.declaration.instrument import fingerprint, read_instrument
from questionnaire.rounds.round import read_round
from tests.given import MINI, copy_of, mini_round, replace_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small instrument, in edition 2, with a few things changed since edition 1."""
    folder = copy_of(MINI, tmp_path / "instruments" / "mini")
    start_edition(folder, "2")
    replace_in(folder / "table.txt", "Rivers monitored", "Rivers that are monitored")
    for name in ("questions.csv", "indicators.csv", "rules.toml"):
        text = (folder / name).read_text(encoding="utf-8").replace("started", "begun2")
        (folder / name).write_text(text, encoding="utf-8")
    replace_in(folder / "questions.csv", "Title of the report", "The full title of the report")
    replace_in(folder / "codelists.csv", "South*,Sud*", "Southern,Sud*")
    return folder


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


def test_start_edition__instrument__kept_whole_and_named_anew(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    before = fingerprint(folder)
    kept = start_edition(folder, "2")
    assert (kept, fingerprint(kept)) == (folder / "editions" / "1", before)
    assert (read_instrument(folder).edition, read_instrument(kept).edition) == ("2", "1")
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_start_edition__round_that_began_before__goes_on_with_its_own(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "instruments" / "mini")
    start_edition(folder, "2")
    (tmp_path / "out").mkdir()
    assert read_round(mini_round(tmp_path / "out").folder, folder.parent).instrument.edition == "1"


@pytest.mark.parametrize(("name", "key"), [("../2", "bad_edition"), ("", "bad_edition"), ("1", "kept_already")])
def test_start_edition__name_that_cannot_be_had__refused(tmp_path: Path, name: str, key: str) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    if key == "kept_already":
        start_edition(folder, "2")
    before = fingerprint(folder)
    with pytest.raises(NoNextEditionError, match=key):
        start_edition(folder, name)
    assert fingerprint(folder) == before


def test_propose__what_changed__written_so_that_answers_and_forms_of_then_are_read(folder: Path) -> None:
    propose(folder)
    assert lines(folder / "editions.csv") == [
        "1,question,started,begun2",
        "0,indicator,W01,W01a",
        "0,indicator,W03,W02",
        "0,indicator,W02,",
        "0,question,begun,begun2",
    ]
    assert lines(folder / "wordings_before.csv") == [
        "indicator,W02,en,Rivers monitored",
        "question,report,en,Title of the report",
        "option,regions.SOUTH,en,South*",
    ]
    edition = read_instrument(folder).older_edition("1")
    assert edition is not None
    assert edition.now("W02", "started") == ("W02", "begun2")
    assert edition.now("W01a", "total") == ("W01a", "total")


def test_propose__code_of_an_edition_before_comes_back__older_editions_go_by_way_of_the_last(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    start_edition(folder, "2")
    for name in ("questions.csv", "indicators.csv", "rules.toml"):
        text = (folder / name).read_text(encoding="utf-8").replace("started", "begun")
        (folder / name).write_text(text, encoding="utf-8")
    propose(folder)
    assert lines(folder / "editions.csv")[0] == "1,question,started,begun"
    assert lines(folder / "editions.csv")[-1] == "0,question,begun,begun"
    edition = read_instrument(folder).older_edition("0")
    assert edition is not None
    assert edition.now("W01", "begun") == ("W01a", "begun")


def test_propose__codes_exchanged__older_editions_follow(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    start_edition(folder, "2")
    then = "a) Households connected\nb) Money spent on connections"
    replace_in(folder / "table.txt", then, "a) Money spent on connections\nb) Households connected")
    propose(folder)
    assert lines(folder / "editions.csv")[:3] == [
        "1,indicator,W01a,W01b",
        "1,indicator,W01b,W01a",
        "0,indicator,W01,W01b",
    ]


def test_propose__values_that_moved__are_carried_by_the_codes_of_today(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    replace_in(folder / "questions.csv", "note,text,", "extra,yes_no,,,,,,,,Anything else?,Autre chose ?,,\nnote,text,")
    replace_in(folder / "indicators.csv", " report -rural", " report extra -rural")
    with (folder / "editions.csv").open("a", encoding="utf-8") as file:
        file.write("0,value,begun=9999,free=Y\n0,value,begun=9999,started=ND\n0,value,total=9,extra=N\n")
        file.write("0,value,spent=*,spent.currency=EUR\n")
    start_edition(folder, "2")
    for name in ("questions.csv", "indicators.csv", "rules.toml"):
        text = (folder / name).read_text(encoding="utf-8").replace("started", "since").replace(" extra ", " ")
        (folder / name).write_text(text.replace("\nextra,yes_no", "\nother,yes_no"), encoding="utf-8")
    with (folder / "editions.csv").open("a", encoding="utf-8") as file:
        file.write("1,question,extra,\n1,value,started=9998,since=SO\n")
    for _ in range(2):
        propose(folder)
        assert [line for line in lines(folder / "editions.csv") if ",value," in line] == [
            "0,value,begun=9999,free=Y",
            "0,value,begun=9999,since=ND",
            "0,value,spent=*,spent.currency=EUR",
            "1,value,started=9998,since=SO",
        ]


def test_propose__again__writes_the_same(folder: Path) -> None:
    propose(folder)
    before = fingerprint(folder)
    propose(folder)
    assert fingerprint(folder) == before


def test_propose__nothing_changed__the_edition_is_known_all_the_same(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    start_edition(folder, "2")
    assert propose(folder).changes == ()
    edition = read_instrument(folder).older_edition("1")
    assert edition is not None
    assert edition.now("W02", "total") == ("W02", "total")


def test_propose__wording_that_another_question_has_today__not_written_and_named(folder: Path) -> None:
    replace_in(folder / "questions.csv", "Where can it be read?", "Title of the report")
    with (folder / "editions.csv").open("a", encoding="utf-8") as file:
        file.write("1,question,report,report\n1,question,source,source\n")
    proposed = propose(folder)
    assert ("question", "report", "en", "Title of the report") in proposed.ambiguous
    assert ("question", "report", "en", "Title of the report") not in proposed.wordings


def test_design__from_the_command_line__asks_what_it_does_not_know_until_it_is_decided(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    command = ["design", str(folder), "--edition", "2"]
    first = CliRunner().invoke(main, command)
    assert (first.exit_code, "keeps edition 1 whole" in first.output) == (0, True)
    replace_in(folder / "table.txt", "Households connected", "Families connected")
    second = CliRunner().invoke(main, command)
    assert second.exit_code == 1
    assert "To be decided (1)." in second.output
    assert "1,indicator,W01a,W01a ← if it is the same: answers carry over" in second.output
    assert "1,indicator,W01a, ← if it is no longer asked" in second.output
    with (folder / "editions.csv").open("a", encoding="utf-8") as file:
        file.write("1,indicator,W01a,W01a\n")
    third = CliRunner().invoke(main, command)
    assert third.exit_code == 0, third.output
    assert "Indicator W01a: reworded. “Households connected”, now “Families connected”." in third.output
    assert lines(folder / "wordings_before.csv") == ["indicator,W01a,en,Households connected"]


def test_design__nothing_there__says_how_to_make_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["design", str(tmp_path / "none"), "--edition", "2"])
    assert (done.exit_code, "acopio new" in done.output) == (2, True)
