"""Conditions on a whole batch mean what they mean to the plain evaluator, whose expectations stand in its own tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from questionnaire.declaration.form import INDICATORS, Indicator
from questionnaire.rules.conditions import Condition, Quantity, Ref, refs
from schemas.conditions import Conditions
from schemas.frame import fields_of, wide_frames
from schemas.previous_round import with_previous_answers
from tests.given import PERIOD
from tests.questionnaire.rules.test_evaluate import ANSWERS, CONDITIONS, LAST, QUANTITIES
from tests.schemas.tidy_rows import mini, tidy_frame


@cache
def conditions() -> Conditions:
    """Two submissions, an empty one and that of the evaluator's tests, to an instrument that asks all of W01a."""
    sections = tuple(
        replace(section, indicators=tuple(map(_asking_all, section.indicators))) for section in mini().sections
    )
    instrument = replace(mini(), sections=sections)
    frame = wide_frames(tidy_frame(instrument, {"b": {}, "a": ANSWERS}), instrument)[INDICATORS]
    frame = with_previous_answers(frame, instrument, {"A": LAST})
    return Conditions(frame, fields_of(instrument, INDICATORS), instrument, PERIOD)


def _asking_all(indicator: Indicator) -> Indicator:
    return replace(indicator, questions=tuple(mini().questions.values())) if indicator.code == "W01a" else indicator


def there(looked_at: tuple[Ref, ...]) -> bool:
    """True where the wide frame has the columns: of another indicator or round only those that a rule looks at."""
    return all(str(ref) in conditions().frame for ref in looked_at)


def row() -> int:
    frame = conditions().frame
    return int(np.flatnonzero((frame["submission"] == "a") & (frame["block"] == "W01a"))[0])


@pytest.mark.parametrize(("quantity", "number"), [entry for entry in QUANTITIES if there(refs(entry[0]))])
def test_quantity__of_a_batch__is_the_number_or_unknown(quantity: Quantity, number: float | None) -> None:
    found = float(conditions().quantity(quantity)[row()])
    assert (None if np.isnan(found) else found) == number


@pytest.mark.parametrize(("condition", "holds"), [entry for entry in CONDITIONS if there(refs(entry[0]))])
def test_holds__of_a_batch__means_what_it_says(condition: Condition, holds: bool) -> None:
    assert bool(conditions().holds(condition)[row()]) is holds


def test_tables__almost_all_of_them__are_looked_at() -> None:
    asked = [entry for entry, _ in (*QUANTITIES, *CONDITIONS)]
    assert len([entry for entry in asked if there(refs(entry))]) >= len(asked) - 5
