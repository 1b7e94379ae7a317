"""Reads returned workbooks for the recount, by the hidden keys that stand in them and in plain Python."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Cell:
    """What was answered: its state, and its value where it has one."""

    state: str
    value: Any = None


@dataclass
class Workbook:
    """What one returned workbook says: cells of questions, by indicator and question, and lines of agreements."""

    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def level(self, indicator: str) -> int | None:
        value = self.cells[indicator, "status"].value
        return None if value is None else int(value)


class Declaration:
    """The CSV files of the instrument."""

    def __init__(self, folder: Path) -> None:
        self.questions = {row["question"]: row for row in table(folder / "questions.csv")}
        self.met_from = {row["indicator"]: int(row["met_from_level"]) for row in table(folder / "indicators.csv")}
        self.types = {row["indicator"]: row["indicator_type"] for row in table(folder / "indicators.csv")}
        self.codes: dict[str, dict[str, str]] = defaultdict(dict)
        self.missing: dict[str, str] = {}
        for row in table(folder / "codelists.csv"):
            for label in (row[name] for name in row if name.startswith("label_")):
                self.codes[row["codelist"]][label] = row["code"]
                if row["missing"]:
                    self.missing[label] = row["missing"]
        self.sections = ("P", "R", "A")


def read(path: Path, declared: Declaration) -> Workbook:
    """The answers of a workbook, by the hidden keys that stand in it."""
    book, found = python_calamine.load_workbook(path), Workbook()
    raw: dict[str, tuple[Any, Any]] = {}
    for sheet in book.sheets_metadata:
        if "Hidden" in str(sheet.visible):
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        heads = [str(cell) for cell in rows[0]] if rows else []
        if "acopio:answer" in heads:
            answer, reason = heads.index("acopio:answer"), heads.index("acopio:if_none")
            raw |= {str(row[0]): (row[answer], row[reason]) for row in rows[1:] if ":" in str(row[0])}
        elif "acopio:agreements.key" in heads:
            names = [head.rpartition(".")[2] for head in heads[:9]]
            lines = (dict(zip(names, row, strict=False)) for row in rows[6:])
            found.lines += [_line(line, declared) for line in lines if line["indicator"] != ""]
    keys = [tuple(key.split(":")) for key in raw if re.fullmatch(r"\w+:[\w.]+", key)]
    for indicator, name in keys:
        if "." not in name:
            found.cells[indicator, name] = _cell(indicator, name, raw, found, declared)
    return found


def _line(line: Mapping[str, Any], declared: Declaration) -> dict[str, Any]:
    return {
        "indicator": str(line["indicator"]).split(" – ")[0],
        "partner": declared.codes["states"].get(line["partner"]),
        "form": declared.codes["agreement_forms"].get(line["form"]),
        "year": line["year"],
    }


def _cell(
    indicator: str, name: str, raw: Mapping[str, tuple[Any, Any]], found: Workbook, declared: Declaration
) -> Cell:
    question = declared.questions[name]
    answer, reason = raw[f"{indicator}:{name}"]
    if question["type"] == "computed":
        answer = _computed(question["formula"], indicator, raw, found)
    if question["type"] == "multiple_choice":
        options = [raw[key][0] for key in raw if key.startswith(f"{indicator}:{name}.")]
        answer = "yes" if any(declared.codes["yes_no"].get(option) == "Y" for option in options) else ""
    for stands in (answer, reason):
        if stands in declared.missing:
            return Cell(declared.missing[stands])
    relevant = not question["relevant_when"] or _holds(question["relevant_when"], indicator, found.cells)
    if answer in ("", None) or (question["type"] == "computed" and not relevant):
        return Cell("blank" if relevant else "skipped")
    if question["codelist"] and question["type"] == "single_choice":
        answer = declared.codes[question["codelist"]][answer]
    if question["type"] == "yes_no":
        answer = declared.codes["yes_no"][answer]
    if question["type"] == "amount":
        currency = declared.codes["currencies"].get(raw[f"{indicator}:{name}.currency"][0], "")
        return Cell("answered", (float(answer), currency))
    if question["type"] in ("whole_number", "year"):
        answer = float(re.sub(r"\s", "", str(answer)))  # "1 234", typed as text
    return Cell("answered", answer)


def _holds(condition: str, indicator: str, cells: Mapping[tuple[str, str], Cell]) -> bool:
    """Whether `status >= 2`, `status in (SO, ND)` or `status >= 1 and not penalty_life in (Y)` holds."""
    if " and not " in condition:
        condition, _, but = condition.partition(" and not ")
        name, codes = but.removesuffix(")").split(" in (")
        if cells[indicator, name].value in codes.split(", "):
            return False
    status = cells[indicator, "status"]
    if compared := re.fullmatch(r"status >= (\d)", condition):
        return status.value is not None and int(status.value) >= int(compared[1])
    reasons = {"SO": "not_applicable", "ND": "not_available", "CF": "confidential"}
    listed = re.fullmatch(r"status in \((.+)\)", condition)
    assert listed, condition
    return status.state in {reasons[code] for code in listed[1].split(", ")}


def _computed(formula: str, indicator: str, raw: Mapping[str, tuple[Any, Any]], found: Workbook) -> int | None:
    """The count of lines that a question stands for; none where a reason stands for those that the list lacks."""
    own = [line for line in found.lines if line["indicator"] == indicator]
    if "given(" in formula:
        more, reason = raw[f"{indicator}:agreements_not_listed"]
        return None if reason else len(own) + int(more or 0)
    if form := re.search(r"form == (\w+)", formula):
        return len([line for line in own if line["form"] == form[1]])
    return len([line for line in own if 2024 <= line["year"] <= 2025])
