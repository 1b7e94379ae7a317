"""What a person types to say which sheet and columns are meant is taken with or without quotation marks."""

import pytest

from pipeline.documents.choices import choices


@pytest.mark.parametrize(
    "head", ["Key signs, or marks", '"Key signs, or marks"', "“Key signs, or marks”", "'Key signs, or marks'"]
)
def test_map__with_or_without_quotation_marks__names_the_head(head: str) -> None:
    found = choices("“Plan”", None, [f"objective=A, indicator = {head}"])
    assert (found.sheet, found.columns) == ("Plan", {"objective": "A", "indicator": "Key signs, or marks"})
