"""What other programs read about the tables: each file is read back by a program of the field that it is written for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyarrow.parquet as pq
import pytest
from frictionless import Package
from pysdmx.io import get_datasets, read_sdmx

from pipeline.publication.formats.csv_files import signs, write_csv
from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.formats.metadata_files import (
    DATA_PACKAGE,
    DDI_CODEBOOK,
    SDMX_CSV,
    SDMX_STRUCTURE,
    write_metadata,
)
from questionnaire.blanks import AnswerStatus
from questionnaire.messages import LANGUAGES, in_language
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer, Responses
from schemas.metadata.sdmx_structure import dataflow
from tests import with_list
from tests.pipeline.tables.made import Made, round_of

DDI = "{ddi:codebook:2_5}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LINES = {"projects": {2: {"indicator": Answer("F01"), "partner": Answer("OTHER"), "name": Answer("=Utopia")}}}
ANSWERS = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(1200.0),
    ("W01a", "regions"): Answer("WEST"),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W01b", "status"): Answer(None, AnswerStatus.NOT_APPLICABLE),
    ("W01b", "spent"): Answer(2.5),
    ("W01b", "spent.currency"): Answer("EUR"),
    ("F01", "covered"): Answer(27.3),
    ("W02", "report"): Answer("A “text”;\nwith, signs"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Both editions with their CSV files and metadata: the public one as a double click in a French Excel opens it."""
    round_ = round_of(with_list.instrument(), "AAA", "BBB", previous_answers={"AAA": {("W01a", "status"): Answer("4")}})
    found = Made(round_, tmp_path_factory.mktemp("made"), {"AAA": Responses(ANSWERS, LINES)}, BBB="no_return")
    for access, flavour in ((Access.RESTRICTED, Flavour.PLAIN), (Access.PUBLIC, Flavour.EXCEL)):
        written, folder = signs(flavour, "fr"), found.folders[access]
        for parquet in folder.glob("*.parquet"):
            write_csv(parquet, parquet.with_suffix(".csv"), written)
        write_metadata(round_, access, found.tables.values(), folder, written)
    return found


def package(made: Made, access: Access) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((made.folders[access] / DATA_PACKAGE).read_text(encoding="utf-8"))
    return described


@pytest.mark.parametrize("access", Access)
def test_data_package__frictionless__finds_every_table_as_described(made: Made, access: Access) -> None:
    report = Package(str(made.folders[access] / DATA_PACKAGE)).validate()
    assert report.flatten(["type", "message"]) == []
    described = {entry["name"]: entry for entry in package(made, access)["resources"]}
    assert described.keys() == {path.stem for path in made.folders[access].glob("*.parquet")}
    for name, entry in described.items():
        assert [field["name"] for field in entry["schema"]["fields"]] == pq.read_schema(
            made.folders[access] / f"{name}.parquet"
        ).names
    assert described["regional"]["dialect"] == {"delimiter": "," if access is Access.RESTRICTED else ";"}


def test_data_package__a_value_that_is_no_code__is_found(made: Made, tmp_path: Path) -> None:
    for path in made.folders[Access.RESTRICTED].glob("*.*"):
        if path.suffix in (".csv", ".json"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    respondents = tmp_path / "respondents.csv"
    respondents.write_text(
        respondents.read_text(encoding="utf-8-sig").replace("no_return", "nothing"), encoding="utf-8"
    )
    regional = tmp_path / "regional.csv"
    regional.write_text(regional.read_text(encoding="utf-8-sig").replace(",BBB,", ",XXX,"), encoding="utf-8")
    report = Package(str(tmp_path / DATA_PACKAGE)).validate()
    assert {tuple(row) for row in report.flatten(["type", "fieldName"])} == {
        ("constraint-error", "response"),
        ("foreign-key", None),
    }


def test_data_package__fields__have_keys_codes_and_meanings(made: Made) -> None:
    described = {entry["name"]: entry["schema"] for entry in package(made, Access.RESTRICTED)["resources"]}
    fields = {field["name"]: field for field in described["type_count"]["fields"]}
    assert fields["level"]["type"] == "integer"
    assert fields["level"]["constraints"] == {"enum": [0, 1, 2, 3, 4]}
    assert fields["level"]["titles"]["fr"] == "Où en est-on ?"
    assert fields["depth"]["unit"] == "metres"
    assert "constraints" not in fields["regions"]
    assert described["regional"]["primaryKey"] == ["respondent", "indicator"]
    assert [key["reference"]["resource"] for key in described["regional"]["foreignKeys"]] == [
        "respondents",
        "indicators",
    ]
    # Registers quote what files say, right or wrong.
    assert "foreignKeys" not in described["returns"]


def test_sdmx__pysdmx__reads_the_structure_and_the_same_values(made: Made) -> None:
    folder = made.folders[Access.RESTRICTED]
    message = read_sdmx(folder / SDMX_STRUCTURE, validate=True)
    (flow,) = message.get_dataflows()
    assert f"{flow.agency}:{flow.id}({flow.version})" == dataflow(made.round.instrument)
    (data,) = get_datasets(folder / SDMX_CSV, folder / SDMX_STRUCTURE)
    rows = pq.read_table(folder / "observations.parquet").to_pylist()
    read = data.data.to_dict("records")
    plain = [{name: None if value == "" or pd.isna(value) else value for name, value in row.items()} for row in read]
    assert plain == rows
    assert {row["OBS_VALUE"] for row in rows} >= {"3", "1200", "2.5", "27.3", "1", "0", None}
    codes = {codelist.id: {code.id: code for code in codelist} for codelist in message.get_codelists()}
    for row in rows:
        for name in ("FREQ", "REF_AREA", "INDICATOR", "MEASURE", "OBS_STATUS", "UNIT_MEASURE"):
            assert row[name] in codes[f"CL_{name}"], row
    assert set(codes["CL_MEASURE"]) == {row["MEASURE"] for row in rows}
    (note,) = codes["CL_MEASURE"]["level"].annotations
    assert (note.type, note.title) == ("CODELIST", "VALUES_status")
    assert list(codes["VALUES_status"]) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("access", Access)
def test_sdmx__each_edition__has_its_own(made: Made, access: Access) -> None:
    assert {SDMX_CSV, SDMX_STRUCTURE} <= {path.name for path in made.folders[access].iterdir()}


def test_sdmx__nothing_published__structure_alone_which_pysdmx_reads(tmp_path: Path) -> None:
    found = Made(round_of(with_list.instrument(), "AAA"), tmp_path, {}, AAA="no_return")
    folder = found.folders[Access.RESTRICTED]
    write_metadata(found.round, Access.RESTRICTED, found.tables.values(), folder, signs(Flavour.PLAIN, "en"))
    assert not (folder / SDMX_CSV).exists()
    assert read_sdmx(folder / SDMX_STRUCTURE, validate=True).get_dataflows()


def test_sdmx__an_edition_that_is_no_version_of_sdmx__is_version_1() -> None:
    instrument = with_list.instrument()
    assert dataflow(replace(instrument, edition="2026.1")).endswith("(2026.1)")
    assert dataflow(replace(instrument, edition="2026-b", name="my-table.x")) == "ACOPIO:MY_TABLE_X(1.0)"


@pytest.mark.parametrize("access", Access)
def test_ddi__every_table_and_column__with_its_meaning_in_every_language(made: Made, access: Access) -> None:
    root = ET.parse(made.folders[access] / DDI_CODEBOOK).getroot()
    shown = [part for table in made.tables.values() if (part := table.for_(access))]
    variables = {entry.attrib["ID"]: entry for entry in root.iter(f"{DDI}var")}
    assert list(variables) == [f"V_{table.name}.{name}" for table in shown for name in table.names]
    for table in shown:
        for column in table.columns:
            entry = variables[f"V_{table.name}.{column.name}"]
            labels = {label.attrib[XML_LANG]: label.text for label in entry.findall(f"{DDI}labl")}
            assert labels == {language: in_language(column.label, language) for language in LANGUAGES}
    files = {entry.attrib["URI"]: entry.findtext(f".//{DDI}caseQnty") for entry in root.iter(f"{DDI}fileDscr")}
    assert files["regional.csv"] == "8"
    assert files.keys() == {f"{table.name}.csv" for table in shown}


def test_ddi__a_variable__has_its_question_limits_codes_and_rules(made: Made) -> None:
    root = ET.parse(made.folders[Access.RESTRICTED] / DDI_CODEBOOK).getroot()
    variables = {entry.attrib["ID"]: entry for entry in root.iter(f"{DDI}var")}
    level = variables["V_type_count.level"]
    assert [code.text for code in level.iter(f"{DDI}catValu")] == ["0", "1", "2", "3", "4"]
    assert {text.attrib[XML_LANG]: text.text for text in level.iter(f"{DDI}qstnLit")}["fr"] == "Où en est-on ?"
    covered = variables["V_type_count.covered"]
    assert covered.find(f"{DDI}valrng/{DDI}range").attrib == {"min": "0", "max": "100"}  # type: ignore[union-attr]
    assert covered.findtext(f"{DDI}security") is None
    assert variables["V_type_count.report"].findtext(f"{DDI}security") == "answer_text"
    assert any((rule.text or "").startswith("range = ") for rule in covered.iter(f"{DDI}codInstr"))


def test_metadata__written_twice__is_the_same_bytes(made: Made) -> None:
    for access, folder in made.folders.items():
        names = [path.name for path in folder.iterdir() if path.suffix in (".json", ".xml")]
        before = {name: (folder / name).read_bytes() for name in names}
        assert {DATA_PACKAGE, DDI_CODEBOOK} <= before.keys()
        written = signs(Flavour.PLAIN if access is Access.RESTRICTED else Flavour.EXCEL, "fr")
        write_metadata(made.round, access, made.tables.values(), folder, written)
        assert {name: (folder / name).read_bytes() for name in names} == before
