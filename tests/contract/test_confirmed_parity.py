"""What the questionnaire says of answers that are confirmed with an x, recalculated, is what the pipeline finds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from random import Random
from typing import get_args

import pytest

from questionnaire.declaration.answer_types import DerivedType, is_text
from questionnaire.layout import Layout
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rules.evaluate import BLANK, Answer
from questionnaire.sample import Draft
from tests.contract.answer_sets import AnswerSet, Drawing
from tests.contract.bare_workbook import Raw, Typed
from tests.contract.compared import Compared, compare
from tests.engines import IronCalc, engine_named, in_other_programs
from tests.given import demo_round, following, mini_round

SETS = 40
REAL_SETS = 8
_MARKS: tuple[Raw, ...] = ("x", "x", "x", "x", "X", " x\u00a0", "y", "xx", "?", 1, "\u00a0", "*")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """One set for each of many respondents: each confirms some of what it answered in the previous round."""
    folder = tmp_path_factory.mktemp("confirmed")
    round_ = mini_round(folder)
    drawing = Drawing(round_, 20260204)
    entries = [*drawing.valid(SETS // 2), *drawing.breaking_alone(round_.instrument.rules, indicators=1)]
    drafts = [entry.draft for entry in entries][:: max(1, len(entries) // SETS)][:SETS]
    return compare(*_given(drawing, drafts, Random(20260204)), folder / "typed", IronCalc())


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """The instrument of the real table: a few respondents whose previous answers, together, keep and break most rules."""
    folder = tmp_path_factory.mktemp("confirmed")
    round_ = demo_round(folder)
    drawing = Drawing(round_, 20260206)
    valid = [entry.draft for entry in drawing.valid(2)]
    broken = (entry.draft for entry in drawing.breaking_many(round_.instrument.rules, valid, alone=0))
    drafts = [*valid, *islice(broken, REAL_SETS - len(valid))]
    return compare(*_given(drawing, drafts, Random(20260205)), folder / "typed", IronCalc())


@pytest.fixture(params=["small", pytest.param("real", marks=pytest.mark.wide)])
def confirmed(request: pytest.FixtureRequest) -> Compared:
    """Each of the two."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Compared)
    return found


def test_check__every_cell__says_what_the_pipeline_finds(confirmed: Compared) -> None:
    differences = confirmed.differing_cells(confirmed.sets)
    assert not differences, f"{len(differences)} cells differ, such as:\n" + "\n".join(differences[:12])


def test_summaries__every_set__count_what_the_pipeline_finds(confirmed: Compared) -> None:
    differences = confirmed.differing_summaries(confirmed.sets)
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])


@pytest.mark.parametrize(("engine", "every"), [*in_other_programs(10), *in_other_programs(1, wide=True)])
def test_other_programs__some_of_the_same_sets__say_what_the_pipeline_finds(
    small: Compared, request: pytest.FixtureRequest, engine: str, every: int
) -> None:
    found = small.by(engine_named(engine, request), small.sets[::every])
    assert [*found.differing_cells(found.sets), *found.differing_summaries(found.sets)] == []


def test_sets__together__meet_whatever_a_mark_may_mean(confirmed: Compared) -> None:
    codes = Counter(finding.code for finding in confirmed.batch.findings)
    assert min(codes[f"confirm_{code}"] for code in ("unknown", "nothing", "contradicted")) >= 5
    assert codes["confirm_altered"] == 0
    answers = confirmed.batch.answers
    assert set(answers["change"]) == {"", "new", "confirmed", "changed"}
    marked = answers[answers["parsed_by"] == "confirmed"]
    assert set(marked["status"]) >= {"answered", "not_available", "not_applicable", "confidential"}
    assert set(marked["change"]) == {"confirmed"}
    assert codes.keys() >= {"required", "not_relevant"}


def test_sets__together__confirm_every_type_of_answer(confirmed: Compared) -> None:
    fields = confirmed.round.instrument.fields
    answers = confirmed.batch.answers
    marked = answers[(answers["parsed_by"] == "confirmed") & (answers["status"] == "answered")]
    found = {type(fields[str(code)].type) for code in marked["field"].unique()}
    assert found == {type(asked.type) for asked in fields.values()} - {*get_args(DerivedType)}, (
        "what is computed takes no mark"
    )


@pytest.mark.wide
def test_sets__of_the_real_table__break_many_of_its_rules_by_what_they_confirm(real: Compared) -> None:
    answers = real.batch.answers
    marked = answers[answers["parsed_by"] == "confirmed"]
    places = set(zip(marked["file"], marked["indicator"], marked["field"], strict=True))
    written = {rule.code for rule in real.round.instrument.rules}
    found = real.batch.findings
    broken = {entry.code for entry in found if (entry.file, entry.indicator, entry.field) in places}
    assert len(broken & written) >= 25
    asked = {entry.code for entry in found if entry.code.startswith("W18")}
    assert asked == {"W18a", "W18b", "W18c", "W18d", "W18e"}, "answers that differ from the previous ones"
    assert not asked & broken


def _given(drawing: Drawing, drafts: Sequence[Draft], random: Random) -> tuple[Round, list[AnswerSet]]:
    """A round of respondents with these answers in the previous round, sound or not, and what each types today."""
    round_ = drawing.round
    respondents = tuple(
        Respondent(f"R{n:02}", {"en": f"Land {n}", "fr": f"Pays {n}"}, language, True, "", ())
        for n, language in zip(range(len(drafts)), cycle(round_.languages), strict=False)
    )
    answers = {
        respondent.code: {key: answer for key, answer in draft.items() if answer != BLANK and _can_stand(answer)}
        for respondent, draft in zip(respondents, _complete(drafts, round_), strict=True)
    }
    round_ = following(replace(round_, respondents=respondents), answers)
    today = list(drawing.valid(len(drafts)))
    return round_, [
        _set(respondent, entry.draft, round_, random) for respondent, entry in zip(respondents, today, strict=True)
    ]


def _can_stand(answer: Answer) -> bool:
    """False for a day before 1900, which no spreadsheet can hold: nobody can have given one that was published."""
    return not isinstance(answer.value, dt.date) or answer.value.year >= 1900


def _complete(drafts: Sequence[Draft], round_: Round) -> Iterator[Draft]:
    """The drafts with an amount wherever there is a currency: a question has no previous answer without its head."""
    for draft in drafts:
        yield {
            (indicator, field): answer
            for (indicator, field), answer in draft.items()
            if draft.get((indicator, round_.instrument.fields[field].question), BLANK) != BLANK
        }


def _set(respondent: Respondent, draft: Draft, round_: Round, random: Random) -> AnswerSet:
    """Of each question a mark, an answer, both, or neither."""
    answers, marks = dict[tuple[str, str], Answer](), dict[str, Raw]()
    layout = Layout.of(round_)
    for slot in layout.slots:
        if not slot.field.is_first:
            continue
        roll = random.random()
        known = (slot.block.code, slot.field.code) in round_.previous_answers[respondent.code]
        if roll < (0.75 if known else 0.1):
            marks[slot.key] = random.choice(_MARKS)
        if 0.65 < roll < 0.9:
            asked = [(slot.block.code, field.code) for field in slot.question.fields]
            answers |= {key: draft[key] for key in asked if key in draft}
    texts = (slot.key for slot in layout.slots if is_text(slot.field.type))
    typed = {next(texts): Typed(comment="Checked.")}
    return AnswerSet(
        respondent.code, respondent.code, respondent.language, answers, typed, random.random() < 0.5, marks
    )
