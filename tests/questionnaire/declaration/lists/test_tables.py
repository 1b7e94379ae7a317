"""Tables in the declaration: what a tables.toml gives, and what is reported about a malformed one."""

from pathlib import Path

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.series import Series
from questionnaire.declaration.lists.table_block import Stands, TableBlock
from questionnaire.rounds.previous_round import cells_before
from questionnaire.rules.evaluate import Answer
from questionnaire.tables import DeclarationError
from tests.given import MINI, mini, replace_in, seed
from tests.with_table import instrument, instrument_folder, table


def test_lines__two_dimensions__every_combination_in_the_order_of_the_lists() -> None:
    assert table().combinations == (
        ("OAK", "HILL"), ("OAK", "PLAIN"), ("PALM", "HILL"), ("PALM", "PLAIN"), ("T", "HILL"), ("T", "PLAIN"),
    )  # fmt: skip
    assert (table().most_lines, table().line_of(("T", "HILL")), table().line_of(("T", "SEA"))) == (6, 5, 0)


def test_columns__measures__each_has_a_field_beside_the_dimensions() -> None:
    assert [field.code for field in table().fields] == ["sorts", "grounds", "planted", "alive"]
    assert table().coordinates(3, "alive") == {"sorts": "PALM", "grounds": "HILL"}


def test_columns__codes_across__one_measure_under_each() -> None:
    wells = table("wells")
    assert [field.code for field in wells.fields] == ["grounds", "dug_2024", "dug_2025", "dug_all"]
    assert wells.coordinates(2, "dug_2025") == {"grounds": "PLAIN", "years": "2025"}
    assert wells.field("dug_all").label["fr"] == "Les deux années"


def test_columns__codes_across__are_left_out_of_sums_where_their_measure_is(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "made")
    replace_in(folder / "tables.toml", 'column = "dug"', 'column = "dug"\nsums = false')
    (wells,) = (block for block in read_instrument(folder).lists if block.code == "wells")
    assert [field.sums for field in wells.fields] == [True, False, False, False]


def test_occurs__declared_combination__nothing_is_asked_there() -> None:
    assert [line for line in range(1, 7) if not table().occurs(line, "planted")] == [3]
    assert table().cells(3) == ()


def test_totals__total_line__names_its_parts() -> None:
    assert [(line, parts) for _, line, parts in table().totals()] == [(5, (1, 3)), (6, (2, 4))]


def test_only__other_indicators__leaves_the_table_out() -> None:
    assert [block.code for block in instrument().only(frozenset(("F01",))).lists] == ["trees"]


def test_structure__instruments_without_tables__is_that_of_what_was_sent() -> None:
    assert mini().structure == read_instrument(MINI).structure
    assert instrument().structure != mini().structure
    assert not any(line.code == "trees" for line in seed().lists)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('code = "trees"', 'code = "answers"', "key table 1.code"),
        ('code = "wells"', 'code = "trees"', "key table 2.code"),
        ('code = "trees"', 'code = "Trees"', "key table 1.code"),
        ("\n[[table]]", "more = 1\n[[table]]", "key more"),
        ('indicator = "F01"', 'indicator = "F09"', "key table 1.indicator (of “trees”)"),
        ('codelist = "sorts"', 'codelist = "sort"', "key table 1.dimension 1.codelist"),
        ('codelist = "sorts"', 'codelist = "status"', "key table 1.dimension 1.codelist"),
        ('codelist = "grounds"', 'codelist = "sorts"', "key table 1.dimension 2.codelist"),
        ('codelist = "years"', 'codelist = "grounds"', "key table 2.across.codelist"),
        ('total = "T"', 'total = "ALL"', "key table 1.dimension 1.total"),
        ('column = "alive"', 'column = "planted"', "key table 1.column 2.column"),
        ('column = "alive"', 'column = "sorts"', "key table 1.column 2.column"),
        ('column = "alive"', 'column = "reason"', "key table 1.column 2.column"),
        ('type = "percent"', 'type = "indicator"', "key table 1.column 2.type (of “alive”)"),
        ('type = "percent"', 'type = "percent"\nrequired = true', "key table 1.column 2.required (of “alive”)"),
        ('grounds = "HILL"', 'grounds = "SEA"', "key table 1.cannot_occur 1.grounds"),
        ('grounds = "HILL"', 'years = "2024"', "key table 1.cannot_occur 1.years"),
        ('totals = "computed"\n', 'totals = "sum"\n', "key table 3.totals (of “nests”)"),
        ('totals = "computed"\n', 'totals = "computed"\ntolerance = 1\n', "key table 3.tolerance (of “nests”)"),
        ('code = "rain"', 'code = "rain"\ntotals = "computed"', "key table 5.totals (of “rain”)"),
        ('codelist = "period"\nyears = 3', 'codelist = "period"\nyears = 25', "key table 5.dimension 1.years"),
        ('code = "rain"', 'code = "rain"\nsheet = "new"', "key table 5.sheet (of “rain”)"),
        ('code = "trees"', 'code = "trees"\nsheet = "section"', "key table 1.sheet (of “trees”)"),
        ('codelist = "grounds"', 'codelist = "grounds"\nyears = 3', "key table 1.dimension 2.years"),
        ("years = 3\n", 'years = 3\ntotal = "2025"\n', "key table 5.dimension 1.total"),
        ("years = 3\n", 'years = 3\ntotal = "ALL"\n', "key table 5.totals (of “rain”)"),
        ('help = { en = "Count', 'tolerance = -1\nhelp = { en = "Count', "key table 1.tolerance (of “trees”)"),
        ('help = { en = "Count', 'lines = 6\nhelp = { en = "Count', "key table 1.lines (of “trees”)"),
        (
            'label = { en = "Wells", fr = "Puits" }',
            'label = { fr = "Puits" }',
            "key table 2.column 1.label.en (of “dug”)",
        ),
    ],
)
def test_tables__malformed__fault_names_the_key(tmp_path: Path, old: str, new: str, where: str) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "tables.toml", old, new)
    with pytest.raises(DeclarationError) as fault:
        read_instrument(folder)
    assert fault.value.where == f"tables.toml, {where}"
    assert fault.value.remedy


def test_tables__second_measure_under_codes__fault(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    more = '\n[[table.column]]\ncolumn = "more"\ntype = "whole_number"\nlabel = { en = "More", fr = "Encore" }\n'
    with (folder / "tables.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    with pytest.raises(DeclarationError, match="2 columns are to stand under each code"):
        read_instrument(folder)


def test_period__as_columns__are_the_years_of_each_round(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "tables.toml", 'codelist = "years"\n\n', 'codelist = "period"\n\n')
    replace_in(folder / "rules.toml", "same(wells.dug)", "before(dry)")
    columns = {}
    for period in ((2024, 2025), (2025, 2027), (2030, 2030)):
        dry = read_instrument(folder, period=period).blocks["dry"]
        columns[period] = [(field.code, field.label["fr"]) for field in dry.fields[1:]]
    assert columns == {
        (2024, 2025): [("dry_2024", "2024"), ("dry_2025", "2025")],
        (2025, 2027): [("dry_2025", "2025"), ("dry_2026", "2026"), ("dry_2027", "2027")],
        (2030, 2030): [("dry_2030", "2030")],
    }


def test_period__a_number_of_years__ends_with_the_last_of_the_period(tmp_path: Path) -> None:
    made = read_instrument(instrument_folder(tmp_path / "mini"), period=(2024, 2025))
    rain = made.blocks["rain"]
    assert isinstance(rain, TableBlock)
    assert rain.combinations == (("2023",), ("2024",), ("2025",))
    assert [code.code for code in made.codelists["period_3"]] == ["2023", "2024", "2025"]


def test_period__with_a_total__has_all_years_behind_them_which_are_no_year(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "tables.toml", "years = 3\n", 'years = 3\ntotal = "ALL"\n')
    replace_in(folder / "tables.toml", 'code = "rain"', 'code = "rain"\ntotals = "computed"')
    made = read_instrument(folder, period=(2024, 2025))
    rain = made.blocks["rain"]
    assert isinstance(rain, TableBlock)
    assert rain.combinations == (("2023",), ("2024",), ("2025",), ("ALL",))
    assert rain.computed == {(4, "days"): ((1, "days"), (2, "days"), (3, "days"))}
    (together,) = (code for code in made.codelists["period_3_all"] if code.code == "ALL")
    assert (together.label, together.rank) == ({"en": "All years", "fr": "Toutes les années"}, None)
    before = [{"period": Answer(year), "days": Answer(9.0)} for year in ("2022", "2024", "ALL")]
    assert cells_before(rain, before) == {(2, "days"): Answer(9.0)}


def test_period__in_a_combination_that_cannot_occur__is_named_by_its_place(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "tables.toml", "years = 3\n", "")
    own = '[[table.cannot_occur]]\nperiod = "period_start"\n\n[[table.column]]\ncolumn = "days"'
    replace_in(folder / "tables.toml", '[[table.column]]\ncolumn = "days"', own)
    rain = read_instrument(folder, period=(2024, 2025)).blocks["rain"]
    assert isinstance(rain, TableBlock)
    assert rain.impossible == ({"period": "2024"},)
    replace_in(folder / "tables.toml", '"period_start"', '"2024"')
    with pytest.raises(DeclarationError, match="has no code 2024.*period_start, period_end"):
        read_instrument(folder, period=(2024, 2025))


def test_period__a_code_list_of_that_name__fault(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    with (folder / "codelists.csv").open("a", encoding="utf-8") as file:
        file.write("period,A,,,First,Premier,,\n")
    with pytest.raises(DeclarationError, match="stands for the years of the reference period"):
        read_instrument(folder)


def test_computed__totals_filled_in__are_sums_of_cells_that_are_no_totals() -> None:
    nests, birds = table("nests"), table("birds")
    assert nests.computed == {
        (1, "nests_all"): ((1, "nests_2024"), (1, "nests_2025")),
        (2, "nests_all"): ((2, "nests_2025"),),
        (3, "nests_2024"): ((1, "nests_2024"),),
        (3, "nests_2025"): ((1, "nests_2025"), (2, "nests_2025")),
        (3, "nests_all"): ((1, "nests_2024"), (1, "nests_2025"), (2, "nests_2025")),
    }
    assert birds.computed == {(5, "birds"): ((1, "birds"), (3, "birds")), (6, "birds"): ((2, "birds"), (4, "birds"))}
    assert table("trees").computed == {}
    assert [nests.is_computed(line) for line in (1, 2, 3)] == [False, False, True]


def test_period__may_be_named_by_its_first_and_last_year_in_any_round() -> None:
    assert Series(2024, 2026, ("en",)).named == {"period_start": "2024", "period_end": "2026"}


@pytest.mark.parametrize(
    ("said", "stands"), [("", None), ('sheet = "own"', Stands.OWN), ('sheet = "section"', Stands.SECTION)]
)
def test_table__stands_where_its_key_says(tmp_path: Path, said: str, stands: Stands | None) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "tables.toml", 'code = "rain"', f'code = "rain"\n{said}')
    found = read_instrument(folder).blocks["rain"]
    assert isinstance(found, TableBlock)
    assert found.stands is stands
