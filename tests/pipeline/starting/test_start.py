"""`acopio new` writes an instrument and a round that are read at once, whatever the table holds; nothing else is written."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from pipeline.starting.places import Places, design_file, instrument_of, places, round_of, rounds_in
from pipeline.starting.start import NotStartedError, Started, start
from questionnaire.declaration.answer_types import InUnits, Number, Percent, Ratio, SingleChoice, WholeNumber
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.indicator_table.reader import parse_indicator_table, read_indicator_table
from questionnaire.layout import Layout
from questionnaire.rules.conditions import Always, refs
from questionnaire.tables import DeclarationError, Spot
from tests.given import SEED

TODAY = dt.date(2026, 3, 1)
TABLE = """Code;Area;Objective;Indicator;Unit;Baseline;Target;Disaggregation
1.a.1;Water;Bring water;Proportion of households with water;%;40 %;60 %;sex
1.a.2;Water;Bring water;Number of wells;wells;12;30;
1.b.1;Water;Keep rivers;Shore restored;kilometres;3;9;
1.b.2;Water;Keep rivers;to be defined;;;;
2.1;"Fire ""x"" {y}";Put out;Government expenditure on fire brigades;USD;;;
2.2;"Fire ""x"" {y}";Put out;Extent to which the plan is applied;;;;
2.3;"Fire ""x"" {y}";Put out;"=1+1 whether ""it"" exists";;;;
2.4;"Fire ""x"" {y}";Put out;Food anomalies;;;;
"""


def there(root: Path, name: str = "water") -> Places:
    return Places(name, root / "instruments" / name, root / "rounds" / name)


def started(root: Path, text: str = TABLE, **options: object) -> Started:
    return start(there(root), parse_indicator_table(text, "plan.csv"), TODAY, **options)  # type: ignore[arg-type]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_start__of_a_table__every_indicator_with_what_is_proposed(tmp_path: Path) -> None:
    instrument = started(tmp_path).round.instrument
    assert [one.code for one in instrument.indicators] == ["1.a.1", "1.a.2", "1.b.1", "2.1", "2.2", "2.3", "2.4"]
    types = [type(one.questions[0].type) for one in instrument.indicators]
    assert types[:5] == [Number, WholeNumber, Number, InUnits, SingleChoice]
    shares = [(question.code, type(question.type)) for question in instrument.indicators[0].questions[:4]]
    typed = instrument.indicators[0].questions[3]
    assert {ref.field for ref in refs(typed.relevant_when)} == {"numerator", "denominator"}
    assert typed.required_when == Always()
    assert shares == [("numerator", Number), ("denominator", Number), ("share", Ratio), ("percentage", Percent)]
    first = instrument.indicators[0]
    assert first.text == {"en": "Proportion of households with water"}
    assert first.objective == {"en": "Bring water"}
    assert first.help == {"en": "Unit: % · Disaggregation: sex"}
    assert instrument.level == "level"
    assert [section.label for section in instrument.sections] == [{"en": "Water"}, {"en": 'Fire "x" {y}'}]
    assert "part_exceeds_whole" in {rule.code for rule in instrument.rules}
    assert "SEXES_ADD_UP" not in {rule.code for rule in instrument.rules}
    assert {slot.block.code for slot in Layout(instrument).slots} == {one.code for one in instrument.indicators}


def test_start__a_unit_of_the_table__is_that_of_the_number(tmp_path: Path) -> None:
    question = started(tmp_path).round.instrument.indicators[2].questions[0]
    assert question.code == "value_kilometres"
    assert isinstance(question.type, Number)
    assert question.fields[0].unit == {"en": "kilometres"}


def test_start__proposals__each_with_reason_and_what_to_look_at(tmp_path: Path) -> None:
    started(tmp_path)
    found = rows(tmp_path / "instruments" / "water" / "proposals.csv")
    assert found[1] == {
        "indicator": "1.a.2",
        "identifier": "1.a.2",
        "text": "Number of wells",
        "indicator_type": "COUNT",
        "proposal": "Count",
        "questions": "count_wells figure_year data_source",
        "reason": "“Number of”: a whole number.",
        "to_look_at": "",
    }
    assert found[-1]["to_look_at"] == "Proposed as a text: choose a type from indicator_types.csv."


def test_start__round__has_nothing_of_the_demonstration(tmp_path: Path) -> None:
    round_ = started(tmp_path).round
    assert (round_.period.start, round_.period.end) == (2025, 2025)
    assert (round_.sent_on, round_.return_by) == (TODAY, dt.date(2026, 4, 30))
    assert [one.code for one in round_.participants] == ["R01", "R02", "R03"]
    assert round_.outputs == tmp_path / "outputs" / "water"
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*") if path.name != "codelists.csv"]
    assert not [text for text in texts for word in ("traffick", "traite", "oas", "demo") if word in text.casefold()]


def test_start__respondents__are_countries_by_their_official_names(tmp_path: Path) -> None:
    round_ = started(tmp_path, respondents=["BOL", "KOR"]).round
    assert [one.name["en"] for one in round_.participants] == ["Bolivia (Plurinational State of)", "Republic of Korea"]


def test_start__same_table_and_day__same_files(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        started(tmp_path / name)
        contents.append({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")})
    assert contents[0] == contents[1]


def test_start__the_real_table__reads_as_three_sections_and_53_indicators(tmp_path: Path) -> None:
    table = read_indicator_table(SEED / "tableau-des-indicateurs.txt")
    instrument = start(there(tmp_path), table, TODAY).round.instrument
    assert (len(instrument.sections), len(instrument.indicators)) == (3, 53)
    assert instrument.official_language == "fr"
    assert [one.text["fr"] for one in instrument.indicators] == [one.text for one in table.indicators]


def test_start__again_or_of_nothing__refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(NotStartedError, match="no indicator"):
        started(tmp_path, "Objective;Indicator\nAim;Deleted\nAim;Retired\n")
    with pytest.raises(NotStartedError, match="“XYZ”"):
        started(tmp_path, respondents=["XYZ"])
    assert list(tmp_path.iterdir()) == []
    started(tmp_path)
    with pytest.raises(NotStartedError, match="is there already"):
        started(tmp_path)


def test_places__name_in_the_checkout_path_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places(str(tmp_path / "water")) == there(tmp_path / "water")
    monkeypatch.chdir(tmp_path)
    assert places("water") == there(Path("water"))
    monkeypatch.chdir(INSTRUMENTS.parents[1])
    assert places("water") == Places("water", INSTRUMENTS / "water", INSTRUMENTS.parents[1] / "rounds" / "water")
    assert [places(name) for name in ("Water", "a b", "..", "é")] == [None] * 4


def test_design_file__stands_in_the_folder_that_has_all_or_right_here_never_in_the_instrument(tmp_path: Path) -> None:
    folder = tmp_path / "water" / "instruments" / "water"
    assert design_file(str(tmp_path / "water"), folder) == tmp_path / "water" / "water.design.xlsx"
    assert design_file(str(folder), folder) == Path("water.design.xlsx")
    assert design_file("water", folder) == Path("water.design.xlsx")


def test_help__what_two_columns_say_alike__stands_once(tmp_path: Path) -> None:
    twice = "Objective;Indicator;Source;Source\nAim;Number of wells;Census;Census\n"
    assert started(tmp_path, twice).round.instrument.indicators[0].help == {"en": "Source: Census"}


def test_round__by_name_path_or_folder(tmp_path: Path) -> None:
    assert round_of(str(tmp_path)) is None
    folder = started(tmp_path / "water").round.folder
    assert [round_of(str(given)) for given in (tmp_path / "water", folder)] == [folder, folder]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_command__of_a_table__says_what_was_made_and_what_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(TABLE, encoding="utf-8")
    done = run("new", tmp_path / "water", path, "--title", "Water and fire")
    assert done.exit_code == 0, done.output
    assert "water: 2 sections, 7 indicators" in done.output
    assert "  2.4 Food anomalies\n      Text. Proposed as a text" in done.output
    assert "Left out, as empty or retired: 1.b.2 to be defined" in done.output
    assert f"acopio try {tmp_path / 'water'}" in done.output
    settings = (tmp_path / "water" / "instruments" / "water" / "instrument.toml").read_text(encoding="utf-8")
    assert 'title = { en = "Water and fire" }' in settings


@pytest.mark.parametrize(("name", "what"), [("Bad Name", "cannot be the name"), ("good", "cannot be opened")])
def test_command__that_cannot_be__exit_code_2(tmp_path: Path, name: str, what: str) -> None:
    done = run("new", tmp_path / name, tmp_path / "missing.csv")
    assert done.exit_code == 2
    assert what in done.output
    assert not (tmp_path / name).exists()


def test_start__units_of_counts_and_amounts__are_those_of_their_questions(tmp_path: Path) -> None:
    text = "Indicator;Unit\nNumber of women and men trained, by sex;persons\nBudget of the plan;USD million\n"
    instrument = started(tmp_path, text).round.instrument
    trained, budget = instrument.indicators
    assert trained.questions[0].fields[0].unit == {"en": "persons"}
    assert trained.questions[0].code == "count_persons"
    # Small counts of persons are not for everybody; how many of them are women would tell the others.
    assert {
        field.code: field.discloses for field in trained.fields if field.code.startswith("count_")
    } == dict.fromkeys(("count_persons", "count_women", "count_men", "count_other_sex"), "persons")
    [sums] = [rule for rule in instrument.rules if rule.code == "SEXES_ADD_UP_PERSONS"]
    assert (sums.target, {ref.field for ref in sums.refs}) == (
        "count_persons",
        {"count_persons", "count_women", "count_men", "count_other_sex"},
    )
    assert (budget.questions[0].code, budget.questions[0].measured_in.mult) == ("amount_usd_million", 6)
    assert isinstance(budget.questions[0].type, InUnits)


def test_objective__that_one_of_its_lines_leaves_out__is_reported_with_the_cell(tmp_path: Path) -> None:
    started(tmp_path, "Code;Objective;Indicator\n1.a;Bring water;Wells dug\n1.b;Bring water;Number of pumps\n")
    folder = there(tmp_path).instrument
    text = (folder / "table.csv").read_text(encoding="utf-8")
    (folder / "table.csv").write_text(text.replace("Bring water", "", 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match="text of the objective 1 is missing, which another line") as raised:
        read_instrument(folder)
    assert raised.value.spot == Spot("table.csv", 2, "objective_en")
    (folder / "table.csv").write_text(text.replace("Bring water", ""), encoding="utf-8")
    assert len(read_instrument(folder).indicators) == 2


def test_help__of_a_very_long_definition__is_cut(tmp_path: Path) -> None:
    made = started(tmp_path, f"Indicator;Definition\nNumber of wells;{'deep ' * 500}\n")
    assert len(made.round.instrument.indicators[0].help["en"]) == 1500


def test_copied_folder__that_has_all__is_known_by_the_only_round_and_instrument_in_it(tmp_path: Path) -> None:
    copied = tmp_path / "Water (2)"
    for file in ("rounds/water/round.toml", "instruments/water/instrument.toml"):
        (copied / file).parent.mkdir(parents=True)
        (copied / file).touch()
    assert round_of(str(copied)) == copied / "rounds" / "water"
    assert instrument_of(str(copied)) == copied / "instruments" / "water"
    assert design_file(str(copied), copied / "instruments" / "water") == copied / "water.design.xlsx"


def test_folder__of_several_rounds__is_none_of_them_and_names_all(tmp_path: Path) -> None:
    folders = [tmp_path / "rounds" / name for name in ("2024", "2026")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "round.toml").touch()
    assert (round_of(str(tmp_path)), rounds_in(str(tmp_path))) == (None, folders)
    said = CliRunner().invoke(main, ["try", str(tmp_path)])
    assert said.exit_code == 2
    assert said.output == f"There are several in {tmp_path}: {folders[0]}, {folders[1]}. Name one of these folders.\n"
