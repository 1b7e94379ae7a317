"""How the sheet looks at cells beside the answer; what it makes of answers is held in tests/contract."""

from __future__ import annotations

from questionnaire.workbook.formulas.cell_formulas import beside


def test_beside__a_no_break_space_as_people_paste_it__is_no_content() -> None:
    assert beside("E5") == 'TRIM(SUBSTITUTE(E5,"\u00a0"," "))'
