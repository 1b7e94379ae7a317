"""What tests start from: the small instrument, the real one, and rounds made for a test."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.layout import Layout
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.round import Respondent, Round, read_round
from questionnaire.rounds.round_key import create_key
from questionnaire.rounds.slices import Slice
from questionnaire.rules.evaluate import Answers
from questionnaire.workbook.template import template

MINI = Path(__file__).parent / "instruments" / "mini"
SEED = INSTRUMENTS / "oas-trafficking"
DEMO = Path(__file__).parent.parent / "rounds" / "demo"
PERIOD = {"period_start": 2024, "period_end": 2025}

PATIENCE = 1800
"""Seconds that a test waits for another program before it calls it hung, however busy the machine is."""


@cache
def mini() -> Instrument:
    """The small instrument with every answer type and every sort of rule."""
    return read_instrument(MINI)


@cache
def seed() -> Instrument:
    """The instrument of the real indicator table."""
    return read_instrument(SEED)


def mini_round(root: Path, name: str = "mini", more: str = "") -> Round:
    """A round of the small instrument with three participants and a key; `more` ends its round.toml."""
    folder = root / "rounds" / name
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text(_ROUND.replace("mini", name, 1) + more, encoding="utf-8")
    (folder / "respondents.csv").write_text(_FRAME, encoding="utf-8")
    create_key(folder)
    return read_round(folder, MINI.parent)


_ROUND = """
name = "mini"
instrument = "mini"
edition = "1"
reference_period = { start = 2024, end = 2025 }
languages = ["en", "fr"]
working_language = "en"
title = { en = "A small round", fr = "Un petit tour" }
deadlines = { questionnaire_sent = 2026-02-02, return_by = 2026-04-30 }
contact = { name = "Secretariat", email = "secretariat@example.org" }
# Tests that say nothing of it fill in a few cells only.
answered_at_least = 0
"""
_FRAME = """respondent,name_en,name_fr,language,participates,reason,aliases
AAA,Alphaland,Alphalande,en,yes,,Alpha
BBB,Betaland,Bétalande,fr,yes,,
CCC,Gammaland,Gammalande,en,yes,,
DDD,Deltaland,Deltalande,en,no,Left in 2020.,
"""


def demo_round(root: Path) -> Round:
    """The demonstration round without returns, with a key, in `root/demo`."""
    folder = copy_of(DEMO, root / "demo")
    create_key(folder)
    return read_round(folder)


def following(round_: Round, answers: Mapping[str, Answers]) -> Round:
    """The round as one that follows another, in which respondents gave these answers."""
    previous = Previous(Path("answers.parquet"), round_.instrument.edition, "2022–2023")
    return replace(round_, instrument=round_.instrument.with_comparisons(), previous=previous, previous_answers=answers)


def write_questionnaire(
    path: Path, round_: Round, respondent: Respondent, layout: Layout, part: Slice | None = None
) -> None:
    """Write the workbook of one respondent, or the slice `part` of it, as it is sent: from a template."""
    path.write_bytes(template(round_, respondent.language, layout, part).questionnaire_for(respondent))


def copy_of(folder: Path, target: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("returns", "key", "store", "register.sqlite*"))
    return target


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a text file; fails if it does not hold the old text."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
