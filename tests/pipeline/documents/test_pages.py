"""Web pages and Markdown texts are read with their tables, spans, titles and lists, and without what nobody sees."""

from pipeline.documents.html_pages import html_document
from pipeline.documents.markdown import markdown_document, plain
from pipeline.documents.opening import Refused, open_document, table_of_bytes
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTable
from tests.questionnaire.indicator_table.grids import attributes, notes, read

PAGE = """<!DOCTYPE html><html><head><title>Plan</title><style>td {color: red}</style></head><body>
<h1>Framework</h1><script>document.write("<table><tr><td>Indicator")</script>
<template><table><tr><th>Objective<th>Indicator<tr><td>0. None<td>Unseen</table></template>
<table><caption>Health</caption>
<tr><th>Objective<th>Indicator<th>Unit
<tr><td rowspan=2>1. More&nbsp;nurses<td>Nurses hired<sup>1</sup><td>km<sup>2</sup>
<tr><td><ul><li>Beds<br>bought<li>Rooms</ul><td>n
</table>
<h2>Schools</h2>
<table><thead><tr><td>Objective</td><td>Indicator</td><td>Unit</td></tr></thead>
<tr><td colspan="3">FIRST PART</td></tr><tr><td>2. Teachers</td><td>Hired</td><td></td></tr></table>
</body></html>"""


def table(name: str, text: str) -> IndicatorTable:
    found = table_of_bytes(Choices(), (name, text.encode()))
    assert isinstance(found, IndicatorTable), found
    return found


def test_html__spans_captions_lists_and_unclosed_tags() -> None:
    found = table("plan.html", PAGE)
    assert read(found) == [
        ("Health", "1", "More nurses", "", "Nurses hired"),
        ("Health", "1", "More nurses", "", "Beds bought"),
        ("Health", "1", "More nurses", "", "Rooms"),
        ("FIRST PART", "2", "Teachers", "", "Hired"),
    ]
    assert {one.text: one.place for one in found.indicators}["Nurses hired"] == "table 1, row 2, column B"
    assert [("unit", "km²")] in attributes(found)
    assert notes(found) == []


def test_html__layout_table_around_another__only_the_inner_one_is_read() -> None:
    page = "<table><tr><td>Menu<td><table><tr><th>Objective<th>Indicator<tr><td>1. Aim<td>Sign</table></table>"
    document = html_document(page, "plan.html")
    assert [grid.rows for grid in document.grids] == [(("Objective", "Indicator"), ("1. Aim", "Sign"))]


def test_html__in_another_encoding_that_it_names__read() -> None:
    page = '<meta charset="windows-1252"><table><tr><th>Objectif<th>Indicateur<tr><td>1. But<td>Élèves formés</table>'
    found = table_of_bytes(Choices(), ("plan.html", page.encode("cp1252")))
    assert isinstance(found, IndicatorTable)
    assert [one.text for one in found.indicators] == ["Élèves formés"]


def test_html__spans_without_end__refused_not_unfolded() -> None:
    page = "<table>" + '<tr><td colspan="999999" rowspan="999999">x' * 300 + "</table>"
    found = table_of_bytes(Choices(), ("plan.html", page.encode()))
    assert isinstance(found, Refused)
    assert found.what.startswith("The file asks for more room")


MARKDOWN = """---
title: Indicators
---
# Catalogue

## Health

| Code | Indicator | Unit | Periodicity |
|:-----|-----------|:---:|---|
| `BPfA-REP-001` | **Women** in parliament | % | Annual |
| BPfA-REP-002 | Women in *government* \\| cabinet[^1] | % | |
| BPfA-REP-003 | ~~Women in courts~~ | % | Annual |

## Education

Code | Indicator
---- | ---------
BPfA-EDU-001 | Girls at [school](https://example.org)<br>by region

Note: made up.
"""


def test_markdown__tables_under_headings__marks_of_its_own_taken_off() -> None:
    found = table("catalogue.md", MARKDOWN)
    assert [(i.section, i.identifier, i.text, i.line) for i in found.indicators] == [
        ("Health", "BPfA-REP-001", "Women in parliament", 10),
        ("Health", "BPfA-REP-002", "Women in government | cabinet", 11),
        ("Health", "BPfA-REP-003", "Women in courts", 12),
        ("Education", "BPfA-EDU-001", "Girls at school by region", 18),
    ]
    assert [one.place for one in found.indicators][-1] == "line 18, column B"
    assert attributes(found)[0] == [("unit", "%"), ("frequency", "Annual")]
    assert notes(found) == [("indicator_retired", "line 12, column B")]


def test_markdown__a_table_for_each_objective__headings_of_two_levels() -> None:
    heads = "| Indicator | Unit |\n|---|---|\n"
    text = (
        f"# Plan\n\n## Health\n\n### Objective 1: Nurses\n\n{heads}| Hired | n |\n\n### Objective 2: Beds\n\n{heads}"
        f"| Bought | n |\n\n## Schools\n\n### Objective 3: Teachers\n\n{heads}| Trained | n |\n"
    )
    assert read(table("plan.md", text)) == [
        ("Health", "1", "Nurses", "", "Hired"),
        ("Health", "2", "Beds", "", "Bought"),
        ("Schools", "3", "Teachers", "", "Trained"),
    ]


def test_markdown__titles__only_headings_that_are_still_open() -> None:
    rule = "\n| Indicator | Unit |\n|---|---|\n| Rate | % |\n\n"
    document = markdown_document(f"# A\n## B\n### C\n{rule}## D\n{rule}", "plan.md")
    assert [grid.titles for grid in document.grids] == [("A", "B", "C"), ("A", "D")]


def test_markdown__table_written_as_html__read() -> None:
    text = "# Annexe\n\n<table>\n<tr><td>N°</td><td>INDICATEUR</td></tr>\n<tr><td>1</td><td>Juges</td></tr>\n</table>\n"
    assert read(table("annexe.md", text)) == [("", "", "", "1", "Juges")]


def test_markdown__plain__words_with_signs_of_their_own_stay() -> None:
    assert plain("A_1_b and 2 * 3 * 4, **bold**, _leaning_, \\*, `x_y`") == "A_1_b and 2 * 3 * 4, bold, leaning, *, x_y"


def test_markdown__lines_are_numbered_as_in_the_file() -> None:
    document = markdown_document(MARKDOWN, "catalogue.md")
    assert document.text.split("\n")[19] == "Note: made up."
    assert document.text.split("\n")[1] == ""
    assert document.headings == {4: 1, 6: 2, 14: 2}
    assert [grid.titles for grid in document.grids] == [("Catalogue", "Health"), ("Catalogue", "Education")]
    assert open_document("catalogue.txt", MARKDOWN.encode()).grids == document.grids
