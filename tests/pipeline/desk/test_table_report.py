"""`acopio table` prints what was understood so that a mistake is seen, and gives everything as JSON and CSV."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import main
from tests.given import SEED

TABLE = """Plan of action;;;;
Code;Objective;Indicator;Unit;Comment
1;Train;Judges trained;n;
1;;Officers trained;n;
1;;"Laws adopted
Plans adopted";n;
2;Shelter;=Beds;n;Hubs
3;House;to be defined;;
Source: ministry;;;;
"""


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["table", str(path), *options])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "plan of action.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_text__counts_columns_first_and_last_doubts(path: Path) -> None:
    done = run(path)
    assert done.exit_code == 0
    assert done.output == (
        "plan of action.csv: 0 sections, 3 objectives, 5 indicators\n"
        "\n"
        "Heads in line 2. Read as code of the objective: column A “Code”; objective: column B “Objective”; indicator: column C\n"
        "    “Indicator”; unit: column D “Unit”. Not used: column E “Comment”.\n"
        "\n"
        "No section: 3 objectives, 5 indicators\n"
        "    line 3, column C  1 Train → Judges trained\n"
        "    … 3 more\n"
        "    line 7, column C  2 Shelter → =Beds\n"
        "\n"
        "2 to look at:\n"
        "  line 5, column C: The lines of the cell were read as 2 indicators. (cell_lines)\n"
        "  line 8, column C: “to be defined” stands in the place of an indicator; none was read. Is there one to ask?\n"
        "      (no_indicator)\n"
        "\n"
        "Read without a doubt, though irregular:\n"
        "  line 9, column A: “Source: ministry” was left out.\n"
        "  line 2: Above the heads, not read: “Plan of action”.\n"
        "\n"
        "0 sections, 3 objectives, 5 indicators, 2 to look at.\n"
    )


def test_json__every_indicator_with_its_place_and_attributes(path: Path) -> None:
    reported = json.loads(run(path, "--format", "json").output)
    assert reported["counts"] == {"sections": 0, "objectives": 3, "indicators": 5}
    assert reported["indicators"][2] == {
        "section": "",
        "objective_identifier": "1",
        "objective": "Train",
        "identifier": "",
        "position": 3,
        "text": "Laws adopted",
        "verbatim": "Laws adopted",
        "state": "",
        "attributes": [{"role": "unit", "head": "Unit", "text": "n", "at": "line 5, column D"}],
        "at": "line 5, column C",
    }
    assert [one["kind"] for one in reported["irregularities"] if one["doubtful"]] == ["cell_lines", "no_indicator"]


def test_csv__a_line_for_each_indicator__no_formula(path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(path, "--format", "csv").output)))
    assert [row["indicator"] for row in rows] == [
        "Judges trained",
        "Officers trained",
        "Laws adopted",
        "Plans adopted",
        "'=Beds",
    ]
    assert [row["objective_code"] for row in rows] == ["1", "1", "1", "1", "2"]
    assert {row["unit"] for row in rows} == {"n"}
    assert rows[4]["at"] == "line 7, column C"


def test_json_and_text__characters_that_nobody_sees__no_harm(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Objective;Indicator\n1. Aim;Sign\u202eeno\u2028line\x85two\u200b\n", encoding="utf-8")
    reported = json.loads(run(path, "--format", "json").output)
    assert reported["indicators"][0]["text"] == "Sign\u202eeno line two"
    assert reported["indicators"][0]["verbatim"] == "Sign\u202eeno\u2028line\x85two\u200b"
    assert "\u202e" not in run(path).output + run(path, "--format", "json").output


def test_text__of_the_seed__three_sections() -> None:
    done = run(SEED / "tableau-des-indicateurs.txt")
    lines = done.output.splitlines()
    assert lines[0] == "tableau-des-indicateurs.txt: 3 sections, 43 objectives, 53 indicators"
    assert lines[2] == "line 2  PRÉVENTION: 12 objectives, 13 indicators"
    assert lines[-1] == "3 sections, 43 objectives, 53 indicators, 3 to look at."


def test_text__of_the_seed_as_json__same_as_expected() -> None:
    reported = json.loads(run(SEED / "tableau-des-indicateurs.txt", "--format", "json").output)
    with (Path(__file__).parents[2] / "questionnaire" / "seed_expected.csv").open(encoding="utf-8", newline="") as file:
        expected = [list(row.values())[-1] for row in csv.DictReader(file)]
    assert [one["text"] for one in reported["indicators"]] == expected


@pytest.mark.parametrize(
    "columns",
    [["--map", "objective=Code,indicator=Comment"], ["--map", "objective=A", "--map", 'indicator="Comment"']],
)
def test_map__heads_or_letters__in_one_option_or_more(path: Path, columns: list[str]) -> None:
    reported = json.loads(run(path, *columns, "--format", "json").output)
    assert [one["text"] for one in reported["indicators"]] == ["Hubs"]


def test_map__head_with_a_comma__taken_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text('Aim;"Sign, or mark"\n1. Aim;Sign\n', encoding="utf-8")
    done = run(path, "--map", "objective=Aim,indicator=Sign, or mark")
    assert done.output.startswith("plan.csv: 0 sections, 1 objective, 1 indicator\n")


@pytest.mark.parametrize("columns", ["Comment", "aim=A", "indicator="])
def test_map__not_role_and_head__refused_with_the_roles(path: Path, columns: str) -> None:
    done = run(path, "--map", columns)
    assert done.exit_code == 2
    assert "Write ROLE=HEAD or ROLE=LETTER, with one of section, objective, indicator," in done.output


def test_refused__the_command_of_the_remedy_works_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "plan d'action.csv"
    path.write_text("Ligne;Mesuré par;Valeur\nFormer les juges;Juges formés au droit;3\n", encoding="utf-8")
    done = run(path)
    assert done.exit_code == 2
    command = done.output.split("acopio table ")[1].strip()
    import shlex

    again = CliRunner().invoke(main, ["table", *shlex.split(command)])
    assert again.exit_code == 0
    assert again.output.startswith("plan d'action.csv: 0 sections, 1 objective, 1 indicator\n")
