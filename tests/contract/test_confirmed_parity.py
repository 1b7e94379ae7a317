"""What the questionnaire says of answers that are confirmed with an x, recalculated, is what the pipeline finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from questionnaire.evaluate import BLANK, Answer
from questionnaire.layout import Layout
from questionnaire.previous import Previous
from questionnaire.rounds import Respondent, Round
from questionnaire.sample import Draft
from tests.contract.answer_sets import AnswerSet, Drawing
from tests.contract.bare_workbook import Raw, Typed
from tests.contract.sheet_verdicts import differing_cells, differing_summaries
from tests.contract.test_parity import Compared, compare
from tests.given import mini_round

pytestmark = pytest.mark.libreoffice

SETS = 40
_MARKS: tuple[Raw, ...] = ("x", "x", "x", "x", "X", " x\u00a0", "y", "xx", "?", 1, "\u00a0", "*")


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory: pytest.TempPathFactory, uno_python: Path) -> Compared:
    """One set for each of many respondents: each confirms some of what it answered in the round before."""
    folder = tmp_path_factory.mktemp("confirmed")
    round_, sets = _given(mini_round(folder), Random(20260204))
    return compare(round_, sets, folder / "typed", uno_python)


def test_check__every_cell__says_what_the_pipeline_finds(confirmed: Compared) -> None:
    differences = [
        f"{entry.name} {slot.key}: {told}"
        for entry in confirmed.sets
        for slot, told in differing_cells(confirmed.sheets[entry.name], confirmed.cells[entry.name])
    ]
    assert not differences, f"{len(differences)} cells differ, such as:\n" + "\n".join(differences[:12])


def test_summaries__every_set__count_what_the_pipeline_finds(confirmed: Compared) -> None:
    differences = [
        f"{entry.name} {told}"
        for entry in confirmed.sets
        for told in differing_summaries(confirmed.sheets[entry.name], confirmed.cells[entry.name], entry.signed)
    ]
    assert not differences, f"{len(differences)} differences, such as:\n" + "\n".join(differences[:12])


def test_sets__together__meet_whatever_a_mark_may_mean(confirmed: Compared) -> None:
    codes = Counter(finding.code for finding in confirmed.batch.findings)
    assert min(codes[f"confirm_{code}"] for code in ("unknown", "nothing", "contradicted")) >= 5
    assert codes["confirm_altered"] == 0
    answers = confirmed.batch.answers
    assert set(answers["change"]) == {"", "new", "confirmed", "changed"}
    marked = answers[answers["parsed_by"] == "confirmed"]
    assert set(marked["status"]) >= {"answered", "not_available", "not_applicable", "confidential"}
    assert set(marked["change"]) == {"confirmed"}
    assert codes.keys() >= {"parts", "required", "not_relevant"}


def _given(round_: Round, random: Random) -> tuple[Round, list[AnswerSet]]:
    """A round whose respondents have a round before, sound or not, and what each of them types today."""
    respondents = tuple(
        Respondent(f"R{n:02}", {"en": f"Land {n}", "fr": f"Pays {n}"}, ("en", "fr")[n % 2], True, "", ())
        for n in range(SETS)
    )
    drawing = Drawing(round_, 20260204)
    entries = [*drawing.valid(SETS // 2), *drawing.breaking_alone(round_.instrument.rules, indicators=1)]
    drafts = [entry.draft for entry in entries][:: max(1, len(entries) // SETS)][:SETS]
    last = {
        respondent.code: {key: answer for key, answer in draft.items() if answer != BLANK}
        for respondent, draft in zip(respondents, _complete(drafts, round_), strict=True)
    }
    previous = Previous(Path("answers.parquet"), "1", "2022–2023")
    round_ = replace(round_, respondents=respondents, previous=previous, last=last)
    today = list(drawing.valid(SETS))
    return round_, [
        _set(respondent, entry.draft, round_, random) for respondent, entry in zip(respondents, today, strict=True)
    ]


def _complete(drafts: list[Draft], round_: Round) -> Iterator[Draft]:
    """The drafts with an amount wherever there is a currency: a question has no last answer without its head."""
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
        known = (slot.indicator.code, slot.field.code) in round_.last[respondent.code]
        if roll < (0.75 if known else 0.1):
            marks[slot.key] = random.choice(_MARKS)
        if 0.65 < roll < 0.9:
            asked = [(slot.indicator.code, field.code) for field in slot.question.fields]
            answers |= {key: draft[key] for key in asked if key in draft}
    typed = {"W02:note": Typed(comment="Checked.")}
    return AnswerSet(
        respondent.code, respondent.code, respondent.language, answers, typed, random.random() < 0.5, marks
    )
