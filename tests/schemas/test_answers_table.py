"""The tidy table's Arrow schema: the declared columns, and only values may be missing."""

from __future__ import annotations

import pyarrow as pa
import pytest

from questionnaire.answer_columns import COLUMN_NAMES
from schemas.answers_table import ANSWERS, answers_frame
from tests.given import seed


def test_schema__has_the_declared_columns__each_with_its_meaning() -> None:
    assert tuple(ANSWERS.names) == COLUMN_NAMES
    assert all(field.metadata[b"meaning"] for field in ANSWERS)


def test_columns__that_may_lack_a_value__are_those_of_the_answer_types() -> None:
    lacking = {field.name for field in ANSWERS if field.nullable}
    assert (
        {field.type.traits.column for field in seed().fields.values()} <= lacking == {"code", "number", "text", "date"}
    )


def test_value__that_is_not_of_its_columns_type__is_refused() -> None:
    row: dict[str, object] = dict.fromkeys(COLUMN_NAMES, "") | {"line": 1}
    row |= dict.fromkeys(("code", "number", "text", "date"))
    assert len(answers_frame({name: [value] for name, value in row.items()})) == 1
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        answers_frame({name: [value] for name, value in (row | {"number": "twelve"}).items()})
