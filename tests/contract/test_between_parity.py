"""What the questionnaire says of answers that differ from the previous round, recalculated, is what the pipeline finds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, product
from pathlib import Path
from random import Random

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import SingleChoice, WholeNumber, Year
from questionnaire.layout import Column, Layout, Slot
from questionnaire.messages import say
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rules.evaluate import BLANK, Answer, Evaluator
from questionnaire.rules.rule import Rule
from questionnaire.sample import Draft
from questionnaire.sheet_names import COVER
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.sheets.cover import LANGUAGE
from tests.contract.answer_sets import AnswerSet, Drawing
from tests.contract.bare_workbook import Raw, Typed
from tests.contract.compared import Compared, compare
from tests.contract.sheet_verdicts import differing_cells
from tests.engines import IronCalc, engine_named, in_other_programs
from tests.given import following, mini_round
from tests.office import Step

SETS = 30
DRAFTS = 8

Pair = tuple[Answer, Answer]
"""What was answered in the previous round, and what is answered today."""

SO, ND, CF, RS = (
    Answer(None, AnswerStatus(status))
    for status in ("not_applicable", "not_available", "confidential", "nothing_to_report")
)
LEVELS = [*map(Answer, "01234"), SO, ND, CF, BLANK]
ODD_COUNTS = [Answer(0), Answer(50), SO, ND, CF, RS, BLANK]
NUMBERS = [
    (20, 30), (20, 31), (20, 10), (20, 9), (18, 9), (1, 2), (1, 10), (1, 11), (2, 11), (2, 12), (2, 20), (12, 119),
    (12, 120), (120, 12), (129, 13), (12, 12_000), (999_999, 1), (500, 0), (10, 0), (9, 0), (0, 500), (7, 7), (500, -1),
]  # fmt: skip
YEARS = [Answer(2019), Answer(2020), SO, ND, BLANK]

PAIRS: Mapping[type, Sequence[Pair]] = {
    SingleChoice: list(product(LEVELS, LEVELS)),
    WholeNumber: [*((Answer(then), Answer(now)) for then, now in NUMBERS), *product(ODD_COUNTS, ODD_COUNTS)],
    Year: [pair for any_two in product(YEARS, YEARS) for pair in (any_two, (YEARS[0], YEARS[1]))],
}
OWN: Mapping[tuple[str, str], Sequence[Pair]] = {
    ("W02", "free"): [(BLANK, BLANK), (Answer("N"), BLANK), (BLANK, Answer("N"))],
    ("W02", "opened"): [(Answer(dt.date(2020, 5, 4)), Answer(dt.date(year, 12, 31))) for year in (2019, 2020, 2021)],
    ("W02", "source"): [(Answer("https://x.org"), Answer("https://x.org"))],
    ("W02", "report"): [(Answer("Annual report"), now) for now in (Answer("Another report"), BLANK)],
}
"""What the small instrument compares by rules that it writes itself."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """The small instrument: every pair of answers that matters, some of them with an x or a reason."""
    folder = tmp_path_factory.mktemp("between")
    round_ = mini_round(folder)
    drafts = [entry.draft for entry in Drawing(round_, 20260206).valid(DRAFTS)]
    return compare(*_given(round_, drafts), folder / "typed", IronCalc())


def test_check__every_cell__says_what_the_pipeline_finds_in_its_words(compared: Compared) -> None:
    differences = compared.differing_cells(compared.sets)
    assert not differences, f"{len(differences)} cells differ, such as:\n" + "\n".join(differences[:12])


def test_summaries__every_set__count_what_the_pipeline_finds(compared: Compared) -> None:
    differences = compared.differing_summaries(compared.sets)
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])


@pytest.mark.parametrize(("engine", "every"), [*in_other_programs(10), *in_other_programs(1, wide=True)])
def test_other_programs__some_of_the_same_sets__say_what_the_pipeline_finds(
    compared: Compared, request: pytest.FixtureRequest, engine: str, every: int
) -> None:
    found = compared.by(engine_named(engine, request), compared.sets[::every])
    assert [*found.differing_cells(found.sets), *found.differing_summaries(found.sets)] == []


def test_findings__every_set__are_what_the_evaluator_says(compared: Compared) -> None:
    for entry in compared.sets:
        evaluator = _evaluator(compared, entry)
        wanted = {
            (rule.code, f"{code}:{rule.target}")
            for rule in _comparing(compared)
            for code in rule.blocks
            if evaluator.broken(rule, code)
        }
        codes = {rule.code for rule in _comparing(compared)}
        found = {(item.code, key) for key, cell in compared.cells[entry.name].items() for item in cell.findings}
        assert {item for item in found if item[0] in codes} == wanted, entry.name


def test_sets__every_rule__is_broken_kept_shown_and_explained(compared: Compared) -> None:
    codes = {rule.code for rule in _comparing(compared)}
    seen = Counter(finding.code for finding in compared.batch.findings)
    assert not [code for code in codes if seen[code] < 2], "these are hardly ever broken"
    kept = {
        rule.code
        for entry in compared.sets
        for evaluator in [_evaluator(compared, entry)]
        for rule in _comparing(compared)
        if any(evaluator.decides(rule, code) and not evaluator.broken(rule, code) for code in rule.blocks)
    }
    assert kept == codes
    derived = {"W18a", "W18b", "W18c", "W18d", "W18e"}
    assert derived <= {finding.code for finding in compared.batch.findings if finding.explanation}
    assert derived <= {
        item.code
        for entry in compared.sets
        for slot in compared.desk.layout.slots
        if compared.sheets[entry.name].check(slot).startswith(Sign.WARNING)
        for item in compared.cells[entry.name][slot.key].findings
    }


SPOILED = {
    "nothing is said": ("W18d", "", '=""'),
    "ten times is a change like others": ("W18c", ">=10*", ">=99999*"),
    "what did not apply is forgotten": ("W18e", '"SO"', '"XX"'),
}
"""What is wrong with a formula: the rule whose verdict it is, a part of the formula, what comes instead."""


def test_one_formula_broken_on_purpose__is_noticed(compared: Compared) -> None:
    places = {name: _shown(compared, code) for name, (code, _, _) in SPOILED.items()}
    jobs: dict[str, tuple[Path, list[Step]]] = {}
    for name, (entry, slot) in places.items():
        spoiled = (compared.desk.tabs()[slot.sheet], slot.cell(Column.DIFFERENCE), *SPOILED[name][1:])
        jobs.setdefault(entry.name, (compared.desk.path(entry), []))[1].append(Step(spoiled=(spoiled,)))
    reported = dict(zip(jobs, map(iter, IronCalc().calculated(list(jobs.values()))), strict=True))
    for name, (entry, slot) in places.items():
        sheets = replace(compared.sheets[entry.name], reported=next(reported[entry.name]))
        assert slot in [other for other, _ in differing_cells(sheets, compared.cells[entry.name])], name


def test_language__another_is_chosen__message_and_previous_answer_are_in_it(compared: Compared) -> None:
    entry, slot = _shown(compared, "W18a", SingleChoice)
    other = {"en": "fr", "fr": "en"}[compared.sheets[entry.name].language]
    tabs = compared.desk.tabs()
    chosen = Step(cells=((tabs[COVER], LANGUAGE, say("workbook", f"language_{other}", other)),))
    [[reported]] = IronCalc().calculated([(compared.desk.path(entry), [chosen])])
    (finding,) = compared.cells[entry.name][slot.key].findings
    said = replace(compared.sheets[entry.name], reported=reported).check(slot)
    assert said.startswith(f"{Sign.WARNING} {finding.message_in(other)} ")
    assert finding.message_in(other) != finding.message_in(compared.sheets[entry.name].language)


def test_confirmed__whatever_was_answered__is_never_asked_about(compared: Compared) -> None:
    marked = [(entry.name, key) for entry in compared.sets for key in entry.marks]
    assert len(marked) >= 20
    codes = {item.code for name, key in marked for item in compared.cells[name][key].findings}
    assert not {code for code in codes if code.startswith("W18")}


def _comparing(compared: Compared) -> list[Rule]:
    return [rule for rule in compared.round.instrument.rules if rule.previous_refs]


def _evaluator(compared: Compared, entry: AnswerSet) -> Evaluator:
    """Of what was drawn for a set: an x gives the previous answer again, beside nothing else."""
    previous = compared.round.previous_answers[entry.respondent]
    answers = entry.draft | {key: previous[key] for key in map(_split, entry.marks)}
    return Evaluator(compared.round.instrument, answers, compared.round.period.parameters, previous)


def _shown(compared: Compared, code: str, scalar: type = WholeNumber) -> tuple[AnswerSet, Slot]:
    """A set and a cell of which the sheet says what a rule says, and nothing else was found."""
    return next(
        (entry, slot)
        for entry in compared.sets
        for slot in compared.desk.layout.slots
        if isinstance(slot.field.type, scalar)
        and compared.sheets[entry.name].check(slot).startswith(Sign.WARNING)
        and [item.code for item in compared.cells[entry.name][slot.key].findings] == [code]
    )


def _given(round_: Round, drafts: Sequence[Draft]) -> tuple[Round, list[AnswerSet]]:
    """A round whose respondents answered some of the pairs' first halves in the previous round; today the second.

    Whatever else they answered, then and now, is one of the drafts.
    """
    languages = round_.languages
    names = dict.fromkeys(languages, "Land")
    respondents = tuple(Respondent(f"R{n:02}", names, languages[n % len(languages)], True, "", ()) for n in range(SETS))
    random, pairs = Random(20260206), {scalar: cycle(listed) for scalar, listed in PAIRS.items()}
    previous: dict[str, Draft] = {}
    sets = []
    for respondent in respondents:
        then, now = (dict(random.choice(drafts)) for _ in range(2))
        for key, own in OWN.items():
            for draft, answer in zip((then, now), random.choice(own), strict=True):
                _put(draft, key, answer)
        marks, typed = dict[str, Raw](), dict[str, Typed]()
        for slot in _compared(round_):
            key = (slot.block.code, slot.field.code)
            before, today = next(pairs[type(slot.field.type)])
            _put(then, key, before)
            roll = random.random()
            if roll < 0.1 and before is not BLANK:
                now.pop(key, None)
                marks[slot.key] = "x"
            else:
                _put(now, key, today)
            if roll > 0.85:
                typed[slot.key] = Typed(comment="Counted otherwise since the reform.")
        previous[respondent.code] = {key: answer for key, answer in then.items() if _has_head(key, then, round_)}
        sets.append(AnswerSet(respondent.code, respondent.code, respondent.language, now, typed, False, marks))
    return following(replace(round_, respondents=respondents), previous), sets


def _compared(round_: Round) -> Iterator[Slot]:
    """The cells that are compared with the previous answer whatever the instrument writes of its own."""
    targets = {(rule.target, code) for rule in round_.instrument.comparisons for code in rule.blocks}
    for slot in Layout(round_.instrument).slots:
        scalar = slot.field.type
        if (slot.field.code, slot.block.code) in targets and isinstance(scalar, SingleChoice | WholeNumber | Year):
            yield slot


def _put(draft: Draft, key: tuple[str, str], answer: Answer) -> None:
    draft.pop(key, None)
    if answer is not BLANK:
        draft[key] = answer


def _has_head(key: tuple[str, str], draft: Draft, round_: Round) -> bool:
    indicator, field = key
    return (indicator, round_.instrument.fields[field].question) in draft


def _split(key: str) -> tuple[str, str]:
    indicator, field = key.split(":")
    return indicator, field
