"""The indicator table of the default instrument: read byte for byte as expected, whatever its encoding."""

import csv
from pathlib import Path

import pytest

from questionnaire.indicator_table.reader import (
    IndicatorTable,
    IndicatorTableError,
    TableSection,
    parse_indicator_table,
    read_indicator_table,
)

ROOT = Path(__file__).parents[2]
SEED = ROOT / "questionnaire/instruments/oas-trafficking/tableau-des-indicateurs.txt"
EXPECTED = Path(__file__).with_name("seed_expected.csv")


def table(text: str) -> IndicatorTable:
    return parse_indicator_table(text, "table.txt")


def shape(text: str) -> list[tuple[str, str, str, str, str]]:
    """What a reader of the table would write down: section, number, objective, letter, indicator."""
    return [(i.section, i.objective_number, i.objective, i.letter, i.text) for i in table(text).indicators]


def kinds(text: str) -> list[tuple[int, str]]:
    return [(i.line, i.kind) for i in table(text).irregularities if i.kind != "layout"]


def refusal(text: str) -> IndicatorTableError:
    with pytest.raises(IndicatorTableError) as caught:
        table(text)
    return caught.value


@pytest.fixture(scope="module")
def seed() -> IndicatorTable:
    return read_indicator_table(SEED)


def test_seed__every_indicator__as_expected(seed: IndicatorTable) -> None:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values())[1:] for row in csv.DictReader(file)]
    found = [
        (i.section, i.objective_number, i.letter, str(i.objective_line), str(i.line), i.objective, i.text)
        for i in seed.indicators
    ]
    assert found == expected


def test_seed__counts_and_sections(seed: IndicatorTable) -> None:
    assert (len(seed.sections), len(seed.objectives), len(seed.indicators)) == (3, 43, 53)
    assert seed.sections == (
        TableSection("", "PRÉVENTION", 2),
        TableSection("", "RÉPRESSION ET RESPONSABILITÉ", 66),
        TableSection("", "ASSISTANCE ET PROTECTION", 124),
    )
    assert [objective.number for objective in seed.objectives] == [str(number) for number in range(1, 44)]


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("title", [1]),
        ("layout", [2, 4, 5, 66, 124]),
        ("num_inline", [28]),
        ("no_blank_before_indicator", [59, 75, 122, 144, 205]),
        ("letter_continuation", [16, 76, 93, 101, 130, 150, 157, 163, 196, 206]),
        ("blank_inside_letters", [100]),
        ("letter_gap", [179]),
        ("double_blank", [77, 94, 102, 151, 180]),
        ("ws_only_line", [117, 178, 207, 238]),
        ("double_space_inside", [33, 74, 105, 127, 154]),
        ("ws_double_after_letter", [150, 157, 162]),
        ("duplicate_text", [92, 93]),
        ("final_period", [118, 190, 201]),
        ("trailing_space", [26, 50, 62, 87, 92, 99, 107, 129, 133, 135, 144, 149, 190, 204, 227]),
    ],
)
def test_seed__irregularity__cites_its_lines(seed: IndicatorTable, kind: str, lines: list[int]) -> None:
    assert [i.line for i in seed.irregularities if i.kind == kind] == lines


def test_seed__numbers_are_written_in_two_ways__both_counted(seed: IndicatorTable) -> None:
    found = [i.kind for i in seed.irregularities if i.kind in ("num_trailing_space", "num_no_space")]
    assert (found.count("num_trailing_space"), found.count("num_no_space")) == (18, 24)


def test_seed__nothing_else_is_irregular(seed: IndicatorTable) -> None:
    assert len(seed.irregularities) == 5 + 1 + 1 + 5 + 10 + 1 + 1 + 5 + 4 + 5 + 3 + 2 + 3 + 15 + 42


def test_seed__every_line_is_accounted_for(seed: IndicatorTable) -> None:
    verbatim = [*(o.verbatim for o in seed.objectives), *(i.verbatim for i in seed.indicators)]
    kept = {line for text in verbatim for line in text.split("\n")}
    layout = {i.line for i in seed.irregularities if i.kind in ("title", "layout")}
    for number, line in enumerate(SEED.read_text("utf-8").split("\n"), 1):
        assert not line.strip() or line in kept or number in layout, number


def test_seed__verbatim_keeps_what_the_text_drops(seed: IndicatorTable) -> None:
    shelters = next(i for i in seed.indicators if i.line == 162)
    assert shelters.verbatim == "\ta)  Abris existants identifiés"
    assert shelters.text == "Abris existants identifiés"
    assert shelters.code_parts == ("ASSISTANCE ET PROTECTION", "29", "a")
    assert seed.objectives[5].verbatim.startswith("\t6.\nFormuler")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_seed__other_line_ends__same_table(seed: IndicatorTable, ending: str) -> None:
    again = parse_indicator_table(SEED.read_text("utf-8").replace("\n", ending), SEED.name)
    assert again == seed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_seed__other_encoding__same_table_and_encoding_named(
    seed: IndicatorTable, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / SEED.name
    path.write_bytes(SEED.read_text("utf-8").encode(encoding))
    again = read_indicator_table(path)
    notes = [(i.line, i.kind) for i in again.irregularities if i not in seed.irregularities]
    assert again.indicators == seed.indicators
    assert notes == ([] if encoding == "utf-8-sig" else [(1, "encoding")])
