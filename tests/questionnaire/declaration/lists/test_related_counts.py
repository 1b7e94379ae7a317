"""Which numbers are shown together or not at all, since rules relate them to counts of persons."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.declaration.lists.related_counts import lists_of_persons, related_counts
from questionnaire.tables import DeclarationError
from tests import with_units
from tests.made_instruments import Made, indicators, sections, table

CASES = """
[[list]]
code = "cases"
lines = 9
label = { en = "Cases" }
[[list.column]]
column = "about"
type = "indicator"
required = true
label = { en = "About" }
[[list.column.option]]
code = "V01"
label = { en = "V01" }
[[list.column]]
column = "victims"
type = "whole_number"
discloses = "persons"
label = { en = "Victims" }
"""
PERSONS = ("all", "women", "men", "minors", "infants")


def declared(
    folder: Path, *checks: str, severity: str = "error", discloses: str = "persons", lists: str = "", more: str = ""
) -> Path:
    """An instrument whose rules require these; `clinics` and `beds` count no persons."""
    rules = [
        f'[[rule]]\ncode = "r{number}"\nscope = ["*"]\ntarget = "all"\ncheck = "{check}"\nseverity = "{severity}"\n'
        'reason = "So."\nmessage = { en = "No." }\nremedy = { en = "Correct it." }\n'
        for number, check in enumerate(checks)
    ]
    questions = (
        *(f"{code},whole_number,,,,,,,,How many {code}?,{discloses}" for code in PERSONS),
        *(f"{code},whole_number,,,,,,,,How many {code}?" for code in ("clinics", "beds")),
        "begun,year,,,,,,,,Since when?",
        *((more,) if more else ()),
    )
    made = Made(
        table(("VICTIMS", [["Victims protected"]])),
        questions,
        " ".join((*PERSONS, "clinics", "beds", "begun", *more.split(",")[:1])),
        indicators("V01"),
        sections(("V", "VICTIMS")),
        rules="".join(rules),
        lists=lists,
    )
    return made.write(folder / "made")


@pytest.mark.parametrize(
    ("checks", "together"),
    [
        ((), set()),
        (("all == women + men",), {"all women men"}),
        # A part of which nothing is added up: its whole stays, which is 5 or more where it is shown.
        (("all >= minors",), set()),
        (("all == women + men", "minors <= all"), {"all women men"}),
        # The whole of a total would bound its parts from above, and what is between two others both of them.
        (("all == women + men", "all <= minors"), {"all women men minors"}),
        (("infants <= minors", "minors <= all"), {"minors all"}),
        # What is part of two: one of them that is 0 would give it away where the other one takes it along.
        (("infants <= minors", "infants <= all"), {"all minors infants"}),
        # What counts no persons is shown where it is from 1 to 4 too.
        (("clinics <= all",), {"all clinics"}),
        (("all <= beds", "clinics <= beds"), {"all beds clinics"}),
        (("clinics <= beds",), set()),
        # The year of a start says how many as little as a level does.
        (("all >= begun",), set()),
        (("all >= previous(women)",), {"all women"}),
    ],
)
def test_related_counts__of_rules__are_what_would_narrow_a_small_count(
    tmp_path: Path, checks: tuple[str, ...], together: set[str]
) -> None:
    found = related_counts(read_instrument(declared(tmp_path, *checks)))
    joined = {frozenset(field for _, field in item.cells) for item in found}
    assert {item for item in joined if len(item) > 1} == {frozenset(codes.split()) for codes in together}
    assert {code for item in joined for code in item}.issuperset(PERSONS)


def test_related_counts__of_another_round__only_where_a_rule_must_hold(tmp_path: Path) -> None:
    for severity, must in (("error", True), ("warning", False)):
        instrument = read_instrument(declared(tmp_path / severity, "all >= previous(women)", severity=severity))
        assert {item.across_rounds for item in related_counts(instrument) if len(item.cells) > 1} == {must}


def test_related_counts__of_a_formula__are_what_is_computed_from_them(tmp_path: Path) -> None:
    written = "sum,computed,,,,,,,,How many in all?,,women + clinics + sum(cases.victims)"
    found = related_counts(read_instrument(declared(tmp_path, lists=CASES, more=written)))
    joined = {frozenset(field for _, field in item.cells): item.by_line for item in found}
    assert joined[frozenset({"sum", "women", "clinics", "victims"})] is False
    assert sum("women" in cells for cells in joined) == 1


def test_related_counts__of_two_tables__are_what_a_rule_compares_line_by_line(tmp_path: Path) -> None:
    folder = shutil.copytree(INSTRUMENTS / "criminal-justice", tmp_path / "criminal-justice")
    text = (folder / "tables.toml").read_text(encoding="utf-8").replace('type = "whole_number"', _PERSONS)
    (folder / "tables.toml").write_text(text.replace(f'{_PERSONS}\ndiscloses = "persons"', _PERSONS), encoding="utf-8")
    found = related_counts(read_instrument(folder))
    assert any({"investigated", "prosecuted", "convicted"} <= {block for block, _ in item.cells} for item in found)


_PERSONS = 'type = "whole_number"\ndiscloses = "persons"'


def test_related_counts__parts__go_with_their_whole_where_two_rounds_are_compared(tmp_path: Path) -> None:
    found = related_counts(read_instrument(declared(tmp_path, "minors <= all")))
    parts = {frozenset(field for _, field in item.cells): item.parts for item in found}
    assert parts[frozenset({"all"})] == {("V01", "minors")}
    assert parts[frozenset({"minors"})] == frozenset()


@pytest.mark.parametrize("check", ["helped == lines(cases)", "helped <= lines(cases, victims > 0)"])
def test_lists_of_persons__whose_lines_a_rule_or_a_formula_counts_beside_persons(tmp_path: Path, check: str) -> None:
    asked = "helped,whole_number,,,,,,,,How many helped?,persons"
    assert lists_of_persons(read_instrument(declared(tmp_path / "rule", check, lists=CASES, more=asked))) == {"cases"}
    written = "helped,computed,,,,,,,,How many helped?,,women + lines(cases)"
    assert lists_of_persons(read_instrument(declared(tmp_path / "formula", lists=CASES, more=written))) == {"cases"}
    beds = declared(tmp_path / "beds", "beds == lines(cases)", lists=CASES)
    assert lists_of_persons(read_instrument(beds)) == frozenset()


def test_discloses__what_is_no_count_of_persons__is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="“people” is not known") as caught:
        read_instrument(declared(tmp_path, discloses="people"))
    assert "questions.csv, line 2, column discloses" in caught.value.where
    path = declared(tmp_path / "year") / "questions.csv"
    path.write_text(path.read_text().replace("Since when?", "Since when?,persons"))
    with pytest.raises(DeclarationError, match="of type year counts no persons"):
        read_instrument(path.parent)


@pytest.mark.parametrize(
    ("line", "value", "what"), [(2, "never", "“never” is not known"), (9, "no", "type year is never")]
)
def test_sums__of_what_is_never_added_up_or_in_other_words__is_refused(
    tmp_path: Path, line: int, value: str, what: str
) -> None:
    path = declared(tmp_path) / "questions.csv"
    lines = path.read_text().splitlines()
    marked = (f"{'sums' if place == 1 else value if place == line else ''},{row}" for place, row in enumerate(lines, 1))
    path.write_text("\n".join(marked))
    with pytest.raises(DeclarationError, match=what) as caught:
        read_instrument(path.parent)
    assert f"questions.csv, line {line}, column sums" in caught.value.where


def test_related_counts__what_is_computed_from_persons__would_give_them_away(tmp_path: Path) -> None:
    head = "question,type,codelist,minimum,maximum,max_length,relevant_when,required_when,label_en,discloses,decimals,"
    ratio = "share,ratio,,,,,,,The share of women,,1,women,at(prisons.held; sorts == OPEN)"
    made = Made(
        table(("VICTIMS", [["Victims protected"]])),
        ("women,whole_number,,,,,,,How many women?,persons,,,", "beds,whole_number,,,,,,,How many beds?,,,,",
         ratio.replace(";", ",").replace("at(", '"at(') + '"'),
        "women beds share",
        indicators("V01"),
        sections(("V", "VICTIMS")),
        codelists="sorts,OPEN,,,Open\nsorts,SHUT,,,Shut\n",
        head=f"{head}numerator,denominator",
        tables='[[table]]\ncode = "prisons"\nindicator = "V01"\nlabel = { en = "Prisons" }\n'
        '[[table.dimension]]\ncodelist = "sorts"\nlabel = { en = "Sort" }\n'
        '[[table.column]]\ncolumn = "held"\ntype = "whole_number"\nlabel = { en = "Held" }\n',
    )  # fmt: skip
    (found,) = related_counts(read_instrument(made.write(tmp_path / "made")))
    assert found.cells == {("V01", "women"), ("V01", "share"), ("prisons", "held")}
    assert not found.by_line


def test_related__persons_in_a_unit_of_choice__with_what_they_are_converted_to(tmp_path: Path) -> None:
    made = with_units.made(
        ("herd,whole_number,,,,,,How many animals?,,,stock,,", "herd,whole_number,,,,,,Who?,,,stock,,persons")
    )
    folder = replace(made, head=made.head.replace("help_en", "discloses")).write(tmp_path / "made")
    found = related_counts(read_instrument(folder))
    assert any({("W01", "herd"), ("W01", "herd_converted")} <= one.cells for one in found)
