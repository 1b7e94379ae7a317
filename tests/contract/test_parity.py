"""What the real questionnaire says of an answer, recalculated, is what the pipeline finds of it: cell by cell.

The sets of answers are typed into questionnaires as `questionnaire.workbook` writes them. IronCalc calculates them,
LibreOffice and Gnumeric some of them; the pipeline reads the same files. Where sheet and pipeline are meant to differ,
the difference is in INTENDED.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from questionnaire.addresses import column_letter
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Date, Percent, Selection, SingleChoice, WholeNumber
from questionnaire.layout import Column, Slot
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import refs
from questionnaire.rules.evaluate import Answer, Evaluator
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import OVERVIEW
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.sheets import overview
from tests.contract.answer_sets import AnswerSet, Desk, Drawing, keeps, on_answers
from tests.contract.bare_workbook import Typed
from tests.contract.compared import Compared, compare
from tests.contract.sheet_verdicts import differing_cells, differing_summaries
from tests.engines import IronCalc, engine_named
from tests.given import demo_round, mini_round
from tests.office import Step

FEW_SETS = {"valid": 12, "alone": 2, "anything": 24}
MANY_SETS = {"valid": 60, "alone": 9, "anything": 120}
SEED_SETS = {"valid": 3, "alone": 2, "anything": 8}
SPOILED_SETS = 12


@dataclass(frozen=True)
class Intended:
    """A cell of which sheet and pipeline are meant to say different things."""

    typed: Typed
    scalar: type
    sheet: Sign
    pipeline: str
    """The code of what the pipeline notes; "" if it takes the cell as it is."""


INTENDED: Mapping[str, Intended] = {
    # The sheet asks to correct what the reader understands and notes, so that nothing is left to guess.
    "number as text": Intended(Typed("1 234"), WholeNumber, Sign.ERROR, "number_from_text"),
    "ambiguous number": Intended(Typed("1,234"), WholeNumber, Sign.ERROR, "number_ambiguous"),
    "percentage as text": Intended(Typed("27,3 %"), Percent, Sign.ERROR, "number_from_text"),
    "points as text": Intended(Typed("27,3"), Percent, Sign.ERROR, "number_from_text"),
    "day as text": Intended(Typed("2024-12-31"), Date, Sign.ERROR, "date_from_text"),
    "day with a time": Intended(Typed(45000.5), Date, Sign.ERROR, "date_with_time"),
    "level in other signs": Intended(Typed("4 - fully."), SingleChoice, Sign.ERROR, "read_as_choice"),
    "reason in other words": Intended(Typed("sin datos"), WholeNumber, Sign.ERROR, "missing_from_wording"),
    # The sheet sees content in two cells; the reader, that both say the same or that one shows nothing.
    "one reason twice": Intended(Typed("ND", "ND"), WholeNumber, Sign.ERROR, ""),
    "invisible answer": Intended(Typed("\u200b", "ND"), WholeNumber, Sign.ERROR, ""),
    "reason that is a line break": Intended(Typed(7, "\n"), WholeNumber, Sign.ERROR, ""),
    # The cell is locked and holds a formula: the sheet does not look at what replaced it.
    "text over the count of options": Intended(Typed("North"), Selection, Sign.OK, "choice_in_head"),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """The small instrument: as many sets as it takes to break and keep every rule."""
    return _of_mini(tmp_path_factory.mktemp("parity"), FEW_SETS)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """The small instrument: several hundred sets."""
    return _of_mini(tmp_path_factory.mktemp("parity"), MANY_SETS)


def _of_mini(folder: Path, numbers: Mapping[str, int]) -> Compared:
    round_ = mini_round(folder)
    drawing = Drawing(round_, 20260202)
    cells = {name: (entry.typed, entry.scalar) for name, entry in INTENDED.items()}
    valid = [*drawing.valid(numbers["valid"])]
    sets = [
        *valid,
        *drawing.breaking_alone(round_.instrument.rules, indicators=numbers["alone"]),
        *drawing.anything(numbers["anything"]),
        *drawing.understood(cells, "AAA"),
        _beyond(valid),
    ]
    return compare(round_, sets, folder / "typed", IronCalc())


def _beyond(valid: Sequence[AnswerSet]) -> AnswerSet:
    """A set that is valid but for one number, which is 1 above its limit."""
    entry = next(entry for entry in valid if ("W01a", "total") in entry.draft)
    parts = [("W01a", part) for part in ("urban", "rural")]
    draft = {key: answer for key, answer in entry.draft.items() if key not in parts}
    return replace(entry, name="beyond", draft=draft | {("W01a", "total"): Answer(1_000_001.0)})


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """The instrument of the real table, in four languages."""
    folder = tmp_path_factory.mktemp("parity")
    round_ = demo_round(folder)
    drawing = Drawing(round_, 20260203)
    valid = list(drawing.valid(SEED_SETS["valid"]))
    drafts = [entry.draft for entry in valid]
    sets = [*valid, *drawing.breaking_many(round_.instrument.rules, drafts, SEED_SETS["alone"])]
    kept = _kept(round_, sets)
    sets += drawing.keeping((rule for rule in round_.instrument.rules if (rule.code, rule.target) not in kept), drafts)
    sets += drawing.anything(SEED_SETS["anything"])
    return compare(round_, sets, folder / "typed", IronCalc())


_WIDE = pytest.mark.wide


@pytest.fixture(params=["small", pytest.param("many", marks=_WIDE), pytest.param("real", marks=_WIDE)])
def compared(request: pytest.FixtureRequest) -> Compared:
    """Each of the three, calculated by IronCalc."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Compared)
    return found


def test_ironcalc__every_cell_and_summary_of_every_set__says_what_the_pipeline_finds(compared: Compared) -> None:
    _assert_the_same(compared)


@pytest.mark.parametrize(
    ("sets", "engine", "every"),
    [
        pytest.param("small", "libreoffice", 5, marks=pytest.mark.libreoffice),
        pytest.param("small", "gnumeric", 12, marks=pytest.mark.gnumeric),
        *(
            pytest.param(sets, engine, 1, marks=[getattr(pytest.mark, engine), _WIDE])
            for sets in ("many", "real")
            for engine in ("libreoffice", "gnumeric")
        ),
    ],
)
def test_other_programs__some_of_the_same_sets__say_what_the_pipeline_finds(
    request: pytest.FixtureRequest, sets: str, engine: str, every: int
) -> None:
    found = request.getfixturevalue(sets)
    assert isinstance(found, Compared)
    _assert_the_same(found.by(engine_named(engine, request), _without_intended(found)[::every]))


def _assert_the_same(compared: Compared) -> None:
    entries = _without_intended(compared)
    differences = [*compared.differing_cells(entries), *compared.differing_summaries(entries)]
    number = len(entries) * len(compared.desk.layout.slots)
    assert number
    assert not differences, f"{len(differences)} of {number} cells differ, such as:\n" + "\n".join(differences[:12])


def test_sets__every_rule__is_broken_somewhere_and_kept_elsewhere(compared: Compared) -> None:
    instrument = compared.round.instrument
    declared = {(rule.code, rule.target) for rule in on_answers(instrument.rules, instrument)}
    assert _kept(compared.round, compared.sets) >= declared
    assert {(found.code, found.field) for found in compared.batch.findings} >= declared


def test_sets__the_valid_ones__are_all_clear(compared: Compared) -> None:
    signs = set()
    for entry in compared.of("valid"):
        assert all(not found.findings for found in compared.cells[entry.name].values())
        signs |= {verdict[:1] for verdict in compared.sheets[entry.name].verdicts}
    assert signs <= {Sign.OK, Sign.TO_DO}
    assert Sign.OK in signs


def test_sets__together__meet_every_sign_status_verdict_and_state(compared: Compared) -> None:
    entries = _without_intended(compared)
    signs = Counter(
        compared.sheets[entry.name].check(slot)[:1] for entry in entries for slot in compared.desk.layout.slots
    )
    assert set(signs) == {"", *Sign}
    statuses = {found.status for entry in entries for found in compared.cells[entry.name].values()}
    assert statuses == set(AnswerStatus)
    states = {
        (compared.sheets[entry.name].language, compared.sheets[entry.name].overview(indicator)[2])
        for entry in entries
        for indicator in compared.round.instrument.indicators
    }
    assert max(Counter(language for language, _ in states).values()) >= 4
    assert {compared.sheets[entry.name].verdicts[1][:1] for entry in entries} >= {Sign.OK, Sign.TO_DO, Sign.ERROR}


@pytest.mark.parametrize("name", INTENDED)
def test_intended_difference__the_sheet_says_one_thing__the_pipeline_another(small: Compared, name: str) -> None:
    wanted = INTENDED[name]
    (entry,) = small.of(f"understood_{name}")
    (key,) = entry.typed
    slot, sheets, cells = small.desk.layout.by_key[key], small.sheets[entry.name], small.cells[entry.name]
    assert sheets.check(slot).startswith(wanted.sheet)
    noted = [found.code for found in cells[key].findings if found.severity is not Severity.ERROR]
    assert noted[:1] == [wanted.pipeline] * bool(wanted.pipeline)
    assert cells[key].status is not AnswerStatus.UNREADABLE
    others = {other.key for other, _ in differing_cells(sheets, cells)} - {key}
    assert others <= _looking_at(small, slot)


def test_intended_difference__a_comment_that_shows_nothing__explains_in_the_sheet_only(
    small: Compared, tmp_path: Path
) -> None:
    broken = next(entry for entry in small.of("breaking_overspent"))
    slot = small.desk.layout.slot("W01b", "spent")
    desk = Desk(small.round, tmp_path)
    entry = AnswerSet("comment", broken.respondent, broken.language, broken.draft, {slot.key: Typed(comment="\n")})
    once = compare(small.round, [entry], tmp_path, IronCalc(), desk)
    assert once.sheets["comment"].check(slot).startswith(Sign.OK)
    assert [(f.code, f.severity) for f in once.cells["comment"][slot.key].findings] == [("overspent", Severity.WARNING)]


# --- one formula broken on purpose --------------------------------------------------------------------------

SPOILED: Mapping[str, tuple[str, str, Column, str, str]] = {
    "a limit is off by one": ("W01a", "total", Column.CHECK, "1000000", "1000001"),
    "a check says nothing": ("W02", "started", Column.CHECK, "", '=""'),
    "a choice is not understood": ("W01a", "status", Column.CODE, "", '=""'),
    "marks are not counted": ("W01a", "regions", Column.CODE, "", '=""'),
    "a number is not seen": ("F01", "total", Column.NUMERIC, "", '=""'),
    "a percentage is a tenth of it": ("F01", "covered", Column.NUMERIC, "*100", "*10"),
}
SPOILED_COUNT = "a count of the Overview is nought"


@pytest.fixture(scope="module")
def spoiled(small: Compared) -> Mapping[str, list[str]]:
    """What differs in some of the sets while one formula is broken, by what is wrong with it."""
    shares = [entry for entry in small.of("valid") if {("F01", "covered"), ("F01", "bare")} <= entry.draft.keys()]
    entries = [*small.of("beyond"), *shares[:2], *small.of("anything")[:SPOILED_SETS]]
    names = (*SPOILED, SPOILED_COUNT)
    jobs = [
        (small.desk.path(entry), [_spoiling(name, small.desk.tabs(), small) for name in names]) for entry in entries
    ]
    found: dict[str, list[str]] = {name: [] for name in names}
    for entry, steps in zip(entries, IronCalc().calculated(jobs), strict=True):
        cells = small.cells[entry.name]
        for name, reported in zip(names, steps, strict=True):
            sheets = replace(small.sheets[entry.name], reported=reported)
            found[name] += [slot.key for slot, _ in differing_cells(sheets, cells)]
            if name == SPOILED_COUNT:
                found[name] += differing_summaries(sheets, cells, signed=False)
    return found


@pytest.mark.parametrize("name", [*SPOILED, SPOILED_COUNT])
def test_one_formula_broken_on_purpose__is_noticed(spoiled: Mapping[str, list[str]], name: str) -> None:
    assert spoiled[name], f"nothing tells that {name}"


def _spoiling(name: str, tabs: Mapping[str, str], small: Compared) -> Step:
    if name == SPOILED_COUNT:
        row = overview.indicator_row(small.round.instrument, "W01b") + 1
        return Step(spoiled=((tabs[OVERVIEW], f"{column_letter(overview.TO_CORRECT)}{row}", "", "=0"),))
    indicator, field, column, old, new = SPOILED[name]
    slot = small.desk.layout.slot(indicator, field)
    return Step(spoiled=((tabs[slot.sheet], slot.cell(column), old, new),))


# --- which sets are compared ---------------------------------------------------------------------------------


def _without_intended(compared: Compared) -> list[AnswerSet]:
    return [entry for entry in compared.sets if "understood" not in entry.name]


def _kept(round_: Round, sets: Sequence[AnswerSet]) -> set[tuple[str, str]]:
    """The rules (code and target) that some set gives occasion to break and keeps."""
    kept = set[tuple[str, str]]()
    for entry in sets:
        evaluator = Evaluator(round_.instrument, entry.draft, round_.period.parameters)
        for rule in round_.instrument.rules:
            if (rule.code, rule.target) not in kept and any(keeps(evaluator, rule, code) for code in rule.blocks):
                kept.add((rule.code, rule.target))
    return kept


def _looking_at(compared: Compared, slot: Slot) -> set[str]:
    """The keys of the cells whose check depends on the answer in a slot."""
    found = set()
    for other in compared.desk.layout.slots:
        code = other.indicator.code
        rules = compared.round.instrument.rules_for(code, other.field.code)
        looked = {ref for rule in rules for ref in rule.refs} | set(refs(other.question.relevant_when))
        if any((ref.indicator or code, ref.field) == (slot.block.code, slot.field.code) for ref in looked):
            found.add(other.key)
    return found
