"""Sixteen kinds of tables, as their owners publish them, become an instrument that is read without a hand-written line."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from pipeline.documents.opening import table_of_bytes
from pipeline.starting.places import Places
from pipeline.starting.start import start
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTable

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Kind:
    """A document, and of each indicator made of it: code, type; its sections."""

    name: str
    data: bytes
    expected: dict[str, str]
    sections: int = 1
    language: str = "en"


def csv(rows: Rows, sign: str = ";", encoding: str = "utf-8") -> bytes:
    return "\n".join(sign.join(map(str, row)) for row in rows).encode(encoding)


def markdown(rows: Rows) -> bytes:
    lines = [" | ".join(map(str, row)) for row in rows]
    return "\n".join(["# Indicators", "", lines[0], " | ".join("---" for _ in rows[0]), *lines[1:]]).encode()


def html(rows: Rows) -> bytes:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><h1>Indicators</h1><table>{cells}</table></body></html>".encode()


def saved(save: Callable[[io.BytesIO], Any]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def xlsx(rows: Rows, merged: Sequence[str] = (), formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for cell, code in (formats or {}).items():
        sheet[cell].number_format = code
    return saved(book.save)


def word(rows: Rows, headings: Sequence[str] = ()) -> bytes:
    document = docx.Document()
    for heading in headings:
        document.add_heading(heading, 1)
    grid = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = str(text)
    return saved(document.save)


SDG = [
    ("Goals and Targets", "Indicators"),
    ("Goal 1. End poverty in all its forms everywhere", ""),
    (
        "1.1 By 2030, eradicate extreme poverty",
        "1.1.1 Proportion of the population below the poverty line, by sex, age",
    ),
    ("1.a Ensure mobilization of resources", "1.a.1 Total official development assistance grants as a share of GNI"),
    ("Goal 2. End hunger and achieve food security", ""),
    ("2.1 By 2030, end hunger", "2.1.1 Prevalence of undernourishment"),
    ("2.c Adopt measures", "2.c.1 Indicator of food price anomalies"),
]
SDG_TYPES = {"1.1.1": "PERCENT", "1.a.1": "PERCENT", "2.1.1": "PERCENT", "2.c.1": "TEXT"}
LOGFRAME = [
    ("Results chain", "Indicators", "Baseline", "Target", "Sources of verification"),
    ("Outcome 1: Judges know the law", "# of judges trained, by sex", 0, 120, "Reports"),
    ("Output 1.1: A manual", "Manual available", "no", "yes", "Web site"),
    ("Output 1.2: Courses", "% of courts with a course", 0.12, 0.5, "Survey"),
]
PLAN = [
    ("Eixo", "Objetivo", "Indicador", "Unidade"),
    ("Prevenção", "1. Informar", "Número de campanhas realizadas", "campanhas"),
    ("Prevenção", "2. Capacitar", "Percentual de profissionais capacitados", "%"),
    ("Repressão", "3. Punir", "Existência de lei específica", "sim/não"),
]  # fmt: skip
FRENCH = [
    ("N°", "Objectif", "Indicateur", "Désagrégation"),
    ("I.7", "Protéger", "Nombre de victimes assistées", "sexe, âge"),
    ("I.8", "Protéger", "Montant des dépenses d’assistance", ""),
    ("I.9", "Protéger", "Taux de mortalité pour 1 000 naissances", ""),
]
SPANISH = [
    ("Código", "Línea estratégica", "Indicador", "Unidad de medida", "Línea base"),
    ("A.CT.1", "Agua", "Cobertura de agua potable", "%", "71"),
    ("A.CT.2", "Agua", "Grado de aplicación de la ley de aguas", "", ""),
    ("B.CT.1", "Tierra", "Superficie restaurada", "hectáreas", "100"),
]
CODED = [("Code", "Indicator"), ("BPfA-REP-001", "Whether a plan exists"), ("BPfA-REP-002", "Year of the last census")]
NUMBERED = """Indicators
1. Train those who apply the law
\ta) Number of judges trained
\tb) Existence of a manual
2. House victims
\tNumber of beds
"""
OUTLINE = """Goal 1. Health
Target 1.1: Fewer deaths
Indicator 1.1.1: Maternal mortality ratio
Indicator 1.1.2: Proportion of births attended by skilled health personnel
"""
BULLETS = """# Indicators of the plan

## Objective 1: More nurses

- Number of nurses per 10,000 inhabitants
- Date of the last survey

## Objective 2: More beds

- Ratio of beds to nurses
"""
IN_ONE_CELL = [
    ("Objective", "Indicators"),
    ("1. Train", "• Number of judges\n• Percentage of courts\n• Link to the manual"),
]
TITLED = [
    ("Plan of action 2026",),
    ("",),
    ("Objective", "Indicator"),
    ("Train", "Officers trained"),
    ("Source: office", ""),
]

KINDS = [
    Kind("sdg.csv", csv(SDG), SDG_TYPES, 2),
    Kind("sdg.xlsx", xlsx(SDG, ["A2:B2", "A5:B5"]), SDG_TYPES, 2),
    Kind("sdg.docx", word(SDG), SDG_TYPES, 2),
    Kind("logframe.xlsx", xlsx(LOGFRAME, formats={"C4": "0%"}), {"S01": "COUNT", "S01_1": "YES_NO", "S01_2": "PERCENT"}),
    Kind("logframe.docx", word(LOGFRAME), {"S01": "COUNT", "S01_1": "YES_NO", "S01_2": "PERCENT"}),
    Kind("plano.csv", csv(PLAN, ",", "cp1252"), {"P01": "COUNT", "P02": "PERCENT", "R03": "YES_NO"}, 2, "pt"),
    Kind("plano.md", markdown(PLAN), {"P01": "COUNT", "P02": "PERCENT", "R03": "YES_NO"}, 2, "pt"),
    Kind("cadre.csv", csv(FRENCH, "\t"), {"I.7": "COUNT", "I.8": "AMOUNT", "I.9": "RATE"}, 1, "fr"),
    Kind("cadre.html", html(FRENCH), {"I.7": "COUNT", "I.8": "AMOUNT", "I.9": "RATE"}, 1, "fr"),
    Kind("marco.xlsx", xlsx(SPANISH), {"A.CT.1": "PERCENT", "A.CT.2": "LEVEL", "B.CT.1": "NUMBER"}, 2, "es"),
    Kind("coded.csv", csv(CODED), {"BPfA-REP-001": "YES_NO", "BPfA-REP-002": "YEAR"}),
    Kind("numbered.txt", NUMBERED.encode(), {"S01a": "COUNT", "S01b": "YES_NO", "S02": "COUNT"}),
    Kind("outline.txt", OUTLINE.encode(), {"1.1.1": "RATE", "1.1.2": "PERCENT"}),
    Kind("bullets.md", BULLETS.encode(), {"S01a": "RATE", "S01b": "DATE", "S02": "RATIO"}),
    Kind("cell.xlsx", xlsx(IN_ONE_CELL), {"S01a": "COUNT", "S01b": "PERCENT", "S01c": "WEB"}),
    Kind("titled.docx", word([(*row, "")[:2] for row in TITLED]), {"S01": "COUNT"}),
]  # fmt: skip


def test_kinds__sixteen_in_six_formats_and_four_languages() -> None:
    assert len(KINDS) == 16
    assert {kind.name.rpartition(".")[2] for kind in KINDS} == {"csv", "xlsx", "docx", "md", "html", "txt"}
    assert {kind.language for kind in KINDS} == {"fr", "es", "en", "pt"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_table__of_each_kind__is_an_instrument_without_a_hand_written_line(kind: Kind, tmp_path: Path) -> None:
    table = table_of_bytes(Choices(), (kind.name, kind.data))
    assert isinstance(table, IndicatorTable), table
    places = Places("tried", tmp_path / "instruments" / "tried", tmp_path / "rounds" / "tried")
    started = start(places, table, dt.date(2026, 3, 1))
    assert {entry.code: entry.proposal.indicator_type for entry in started.new.entries} == kind.expected
    instrument = started.round.instrument
    assert (len(instrument.sections), instrument.official_language) == (kind.sections, kind.language)
    assert [indicator.code for indicator in instrument.indicators] == list(kind.expected)
