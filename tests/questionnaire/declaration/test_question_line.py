"""A line of questions.csv is read whole, whatever is at fault in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import WholeNumber
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.question_line import QuestionLine
from questionnaire.faults import AT_ONCE
from questionnaire.rules.names import Names
from questionnaire.tables import DeclarationError, Row

WHOLE = WholeNumber(0, None)
NAMES = Names({"wells": WHOLE}, frozenset(), Codelist("missing", ()), lists={"sites": {"depth": WHOLE}})


def question(**cells: str) -> Question:
    given = {"question": "wells", "type": "whole_number", "relevant_when": "", "required_when": "", "label_en": "Wells"}
    row = Row(Path("questions.csv"), 2, given | cells)
    found = QuestionLine(row, "en", ("en",), AT_ONCE).question(WHOLE, NAMES)
    assert found is not None
    return found


@pytest.mark.parametrize("column", ["relevant_when", "required_when"])
def test_condition__on_the_lines_of_a_list__is_no_condition_of_a_question(column: str) -> None:
    with pytest.raises(DeclarationError, match=f"column {column}"):
        question(**{column: "sum(sites.depth) > 2"})


def test_unit__of_what_is_multiplied_by_100__is_percent_unless_another_is_given() -> None:
    assert question(factor="100").measured_in.words == {"en": "%"}
    assert question(factor="100", unit_en="per 100 beds").measured_in.words == {"en": "per 100 beds"}


def test_what_a_type_may_say__of_a_type_that_there_is_not__is_no_further_fault() -> None:
    assert question(type="whole number", discloses="persons", sums="no").sums
