"""Generated indicator tables read back exactly as written; any text is read without loss or refused."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from questionnaire.indicator_table.reader import IndicatorTableError, parse_indicator_table

WORDS = st.lists(st.sampled_from(["école", "law", "plan", "niños", "’s", "(x)", "2030", "ONU"]), max_size=5)
TEXT = WORDS.map(lambda words: " ".join(["Adopt", *words, "today"]))
BLANKS = st.sampled_from(["", "\n", " \n", "\n\n", "\t \n\n"])
HEADINGS = ["PRÉVENTION", "CARE AND AID", "RÉPRESSION"]


@dataclass(frozen=True)
class Row:
    section: str
    number: str
    objective: str
    letter: str
    indicator: str


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """A document and the rows it was written from."""
    sections = HEADINGS[: draw(st.integers(1, 3))] if draw(st.booleans()) else [""]
    numbering = draw(st.sampled_from(["running", "restart", "dotted"]))
    tab, stop = draw(st.sampled_from(["", "\t"])), draw(st.sampled_from([".", ")", ".-"]))
    lines, rows, count = "", [], 0
    if draw(st.booleans()):
        lines += " TABLE OF INDICATORS\n" if sections != [""] else "Objective\tIndicator\n"
    for order, section in enumerate(sections, 1):
        lines += f"{tab}{section}\n{draw(BLANKS)}" if section else ""
        count = 0 if numbering != "running" else count
        for _ in range(draw(st.integers(1, 3))):
            count += 1
            number = f"{order}.{count}" if numbering == "dotted" else str(count)
            objective, indicators = draw(TEXT), draw(st.lists(TEXT, min_size=1, max_size=3))
            lettered = draw(st.booleans())
            lines += tab + number + stop + draw(st.sampled_from([" ", "\n", "  \n"]))
            lines += objective.replace(" ", draw(st.sampled_from([" ", "  ", "\u00a0"]))) + "\n" + draw(BLANKS)
            for position, indicator in enumerate(indicators):
                letter = "abc"[position] if lettered else ""
                start = f"{draw(st.sampled_from(['', tab]))}{letter}) " if letter else "\t"
                start = "\t" + start.lstrip() if position == 0 else start
                lines += start + indicator + draw(st.sampled_from(["", " "])) + "\n" + draw(BLANKS)
                rows.append(Row(section, number, objective, letter, indicator))
    return lines, rows


@given(tables(), st.sampled_from(["\n", "\r\n"]))
def test_generated_table__reads_back_as_written(document: tuple[str, list[Row]], ending: str) -> None:
    text, rows = document
    table = parse_indicator_table(text.replace("\n", ending), "generated.txt")
    found = [Row(i.section, i.objective_number, i.objective, i.letter, i.text) for i in table.indicators]
    assert found == rows
    breaks = ("number_gap", "number_restart", "number_repeated", "text_left_out", "letter_repeated")
    assert [i for i in table.irregularities if i.kind in breaks] == []
    for indicator in table.indicators:
        assert text.split("\n")[indicator.line - 1] == indicator.verbatim


PIECES = st.sampled_from(
    [
        "1.",
        "2)",
        "1.1",
        " ",
        "\t",
        "\n",
        "\n\n",
        "a)",
        "- ",
        "ABC DEF",
        "GDP",
        "text",
        "OBJECTIF",
        ",",
        "Indicator",
        '"',
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text__read_or_refused__no_line_lost(text: str) -> None:
    try:
        table = parse_indicator_table(text, "any.txt")
    except IndicatorTableError:
        return
    if any(i.kind == "layout" and "," in i.message for i in table.irregularities):
        return  # cells of a comma-separated table are not whole lines
    kept = "\n".join([*(o.verbatim for o in table.objectives), *(i.verbatim for i in table.indicators)])
    noted = {i.line for i in table.irregularities}
    for number, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        assert number in noted or all(cell in kept for cell in cells), (number, line)
