"""Instruments and rounds made of a few lines for a test: what no line says is as small as it can be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from questionnaire.rounds.round import Round, read_round
from questionnaire.rounds.round_key import create_key

CODELISTS = """codelist,code,rank,missing,label_en,factor
missing,NA,,not_applicable,Does not apply
missing,UNKNOWN,,not_available,Not known
yes_no,Y,,,Yes
yes_no,N,,,No
stage,LOW,1,,Low
stage,MID,2,,Middling
stage,HIGH,3,,High
colours,RED,,,Red
colours,BLUE,,,Blue
"""
QUESTION = (
    "question,type,codelist,minimum,maximum,max_length,fixed,relevant_when,required_when,label_en,discloses,formula"
)


@dataclass(frozen=True)
class Made:
    """The files of an instrument's folder: the table, the lines of its CSV tables, and what instrument.toml adds.

    `questions` are lines of questions.csv, `asked` the codes asked of every indicator, `indicators` lines of
    indicators.csv, `codelists` more lines of codelists.csv, `head` the first line of questions.csv.
    """

    table: str
    questions: Sequence[str]
    asked: str
    indicators: Sequence[str]
    settings: str = ""
    rules: str = ""
    codelists: str = ""
    lists: str = ""
    translations: str = ""
    tables: str = ""
    head: str = QUESTION
    languages: Sequence[str] = ("en",)
    types: str = "indicator_type,label_en,questions\nT,Thing,\n"

    def write(self, folder: Path) -> Path:
        """Write the folder; its name is the instrument's."""
        folder.mkdir(parents=True)
        asked = ", ".join(f'"{code}"' for code in self.asked.split())
        head = f'name = "{folder.name}"\nedition = "1"\ntable = "table.txt"\nofficial_language = "en"\n'
        head += f"languages = {_written(self.languages)}\n"
        title = 'title = { en = "A made instrument" }\nunofficial = { en = "All of it is official." }\n'
        files = {
            "instrument.toml": f"{head}core_questions = [{asked}]\n{title}{self.settings}",
            "table.txt": self.table,
            "questions.csv": "\n".join((self.head, *self.questions)),
            "codelists.csv": CODELISTS + self.codelists,
            "indicator_types.csv": self.types,
            "indicators.csv": "\n".join(("indicator,indicator_type,questions,met_from_level", *self.indicators)),
            "rules.toml": self.rules,
            "lists.toml": self.lists,
            "translations.csv": self.translations,
            "tables.toml": self.tables,
        }
        for name, text in files.items():
            if text or name == "rules.toml":
                (folder / name).write_text(text, encoding="utf-8")
        return folder

    def round(self, root: Path, respondents: Sequence[str]) -> Round:
        """A round of it with these respondents and a key."""
        folder = root / "rounds" / "made"
        self.write(root / "instruments" / "made")
        folder.mkdir(parents=True)
        text = _ROUND.replace('["en"]', _written(self.languages))
        (folder / "round.toml").write_text(text, encoding="utf-8")
        frame = [f"{code},Place {code},en,yes,,," for code in respondents]
        head = "respondent,name_en,language,participates,reason,aliases,senders"
        (folder / "respondents.csv").write_text("\n".join((head, *frame)), encoding="utf-8")
        create_key(folder)
        return read_round(folder, root / "instruments")


def _written(texts: Sequence[str]) -> str:
    return json.dumps(list(texts))


_ROUND = """
name = "made"
instrument = "made"
edition = "1"
reference_period = { start = 2024, end = 2025 }
languages = ["en"]
working_language = "en"
title = { en = "A made round" }
deadlines = { questionnaire_sent = 2026-02-02, return_by = 2026-04-30 }
contact = { name = "Secretariat", email = "secretariat@example.org" }
"""


def table(*sections: tuple[str, Sequence[Sequence[str]]]) -> str:
    """An indicator table: under each heading ("" for none) the indicators of one objective after another."""
    lines = []
    for heading, objectives in sections:
        lines += [f"\t{heading}", ""] if heading else []
        for number, indicators in enumerate(objectives, 1):
            lines += [f"\t{number}.", f"What aim {number} is for", ""]
            lines += [f"\t{text}" for text in indicators]
            lines.append("")
    return "\n".join(lines)


def sections(*declared: tuple[str, str]) -> str:
    """The sections of instrument.toml: (code, heading)."""
    return "".join(f'[[section]]\ncode = "{code}"\nheading = "{heading}"\n' for code, heading in declared)


def indicators(*codes: str) -> tuple[str, ...]:
    """Lines of indicators.csv: indicators of the type T that are asked what all are asked."""
    return tuple(f"{code},T,," for code in codes)
