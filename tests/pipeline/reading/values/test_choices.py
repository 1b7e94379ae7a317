"""Choices by their codes: of identifiers of indicators, a cell may have made numbers."""

from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import SingleChoice
from tests.given import mini

CONTEXT = Context(mini().missing, ".")


def test_choice__typed_as_a_number_that_two_codes_are__is_asked_back() -> None:
    codes = SingleChoice(Codelist("indicators", tuple(Code(code, {}, {}) for code in ("1.1", "1.10", "1.2"))))
    assert parse(codes, 1.2, None, CONTEXT).code == "1.2"
    assert parse(codes, "1.10", None, CONTEXT).code == "1.10"
    doubtful = parse(codes, 1.1, None, CONTEXT)
    assert (doubtful.code, [fault.code for fault in doubtful.faults]) == (None, ["contradictory"])
    assert doubtful.faults[0].values == {"typed": "1.1", "first": "1.1", "second": "1.10"}
