"""A form asks what the questionnaire asks, and refuses what the desk would refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import openpyxl
import pytest

from questionnaire.declaration.answer_types import Mark
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Evaluator, Responses
from questionnaire.rules.rule import Rule, Severity
from questionnaire.sample import Draft, Sampler
from questionnaire.xlsform.names import Names
from questionnaire.xlsform.naming import indicator_code, section_code
from questionnaire.xlsform.received import Entry
from questionnaire.xlsform.survey import _BESIDE, _FORMAL, Survey
from questionnaire.xlsform.write import xlsform
from tests.given import demo_round, mini_round
from tests.made_instruments import Made, indicators, sections
from tests.questionnaire.xlsform.odk import Form
from tests.with_ratio import ratio_round
from tests.with_ratio_columns import columns_round
from tests.with_units import units_round

_CASES = 60
"""Rules broken, each alone, in one run."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return mini_round(tmp_path_factory.mktemp("mini"))


def _rows(content: bytes, sheet: str, folder: Path) -> list[dict[str, str]]:
    (folder / "form.xlsx").write_bytes(content)
    head, *rows = openpyxl.load_workbook(folder / "form.xlsx")[sheet].iter_rows(values_only=True)
    return [{str(key): str(value or "") for key, value in zip(head, row, strict=True)} for row in rows]


def test_xlsform__small_instrument__accepted_without_a_warning(small: Round) -> None:
    assert Form.of(xlsform(small).content).warnings == ()


def test_xlsform__reference_value_that_is_the_same_for_all__is_a_note_before_its_question(tmp_path: Path) -> None:
    round_ = ratio_round(
        tmp_path, "respondent,item,value,unit,source,period\n,baseline,4,,Yearbook,2020\nAAA,area,3,,Atlas,\n"
    )
    rows = list(Survey(round_, Names(round_.instrument)).rows())
    notes = {row.name: row for row in rows if row.type == "note" and "Reference" in row.label.get("en", "")}
    assert [*notes] == ["W01-baseline", "W02-baseline"]
    assert notes["W01-baseline"].label["en"] == "Reference – Begun in 2020: 4, 2020 (Yearbook)"
    names = [row.name for row in rows]
    assert names[names.index("W01-baseline") + 1] == "W01_begun"


@pytest.mark.wide
def test_xlsform__the_real_instrument__accepted_without_a_warning(tmp_path: Path) -> None:
    assert Form.of(xlsform(demo_round(tmp_path)).content).warnings == ()


def test_xlsform__same_round__same_bytes(small: Round) -> None:
    assert xlsform(small).content == xlsform(small).content


def test_xlsform__every_field__asked_in_every_language(small: Round, tmp_path: Path) -> None:
    rows = {row["name"]: row for row in _rows(xlsform(small).content, "survey", tmp_path)}
    names = Names(small.instrument)
    for block in small.instrument.blocks.values():
        for field in block.fields:
            if not isinstance(field.type, Mark):
                assert names.of_field(block.code, field.code) in rows, (block.code, field.code)
    labels = [key for key in next(iter(rows.values())) if key.startswith("label::")]
    assert labels == ["label::English (en)", "label::Français (fr)"]
    asked = [
        row for row in rows.values() if row["type"].partition(" ")[0] not in ("calculate", "end_group", "end_repeat")
    ]
    assert all(row[label] for row in asked for label in labels)


def test_xlsform__computed_columns__are_calculated_in_their_repeat_and_reference_values_are_left_out(
    tmp_path: Path,
) -> None:
    form = xlsform(columns_round(tmp_path))
    rows = {row["name"]: row for row in _rows(form.content, "survey", tmp_path)}
    of_rate, above = "number(${courts_convicted}) * 100", "number(${courts_prosecuted})"
    calculated = f"round(if({above} = 0, number(''), ({of_rate}) div {above}), 1)"
    assert (rows["courts_rate"]["type"], rows["courts_rate"]["calculation"]) == ("calculate", calculated)
    assert rows["courts_rate-shown"]["type"] == "note"
    assert form.left_out["reference"] == ["by_area"]
    assert Form.of(form.content).warnings == ()


def test_names__of_indicators_and_sections_as_printed__are_safe_and_found_again(tmp_path: Path) -> None:
    lines = "1.a.1,WATER,1,Aim,Wells\n2/3,WATER,1,Aim,Pipes\n"
    text = f"code,section,objective_code,objective,indicator\n{lines}"
    question = "n,whole_number,,,,,,,,How many?"
    made = Made(text, (question,), "n", indicators("1.a.1", "2/3"), sections(("1.b", "WATER")))
    round_ = made.round(tmp_path, ["AAA"])
    form = xlsform(round_)
    rows = _rows(form.content, "survey", tmp_path)
    names = [row["name"] for row in rows if row["type"] == "begin_group"]
    assert names == ["section-1_b", "I1_a_1", "I2_3"]
    assert Form.of(form.content).warnings == ()
    labels = {"I1_a_1": {"en": "1.a.1 – Wells"}, "I2_3": {"en": "Pipes"}}
    entries = [Entry(2, "begin_group", "", name, {}, label, {}, {}) for name, label in labels.items()]
    assert [indicator_code(entry, ()) for entry in entries] == ["1.a.1", "I2_3"]
    assert indicator_code(entries[0], ("1.a.1",)) == "I1_a_1"
    assert [section_code(Entry(2, "", "", name, {}, {}, {}, {}), ()) for name in ("section-3", "3")] == ["3", "S3"]


def test_xlsform__text_with_a_reference_of_its_own__refers_to_nothing(small: Round, tmp_path: Path) -> None:
    titled = replace(small, languages=("en",))
    respondents = tuple(replace(one, name={"en": "${x} land"}) for one in small.respondents)
    named = replace(titled, respondents=respondents)
    choices = _rows(xlsform(named).content, "choices", tmp_path)
    assert choices[0]["label::English (en)"] == "$ {x} land"


def _drafts(round_: Round, random: Random) -> Iterator[Draft]:
    """Answers that keep every rule, and for each rule some that break it."""
    sampler = Sampler(round_.instrument, round_.period.parameters, random)
    valid = sampler.valid()
    yield valid
    indicators = {indicator.code for indicator in round_.instrument.indicators}
    cases = [(rule, block) for rule in round_.instrument.rules for block in rule.blocks if block in indicators]
    for rule, block in random.sample(cases, min(len(cases), _CASES)):
        if (draft := sampler.breaking(valid, rule, block)) is not None:
            yield draft


def _differences(round_: Round, seed: int) -> list[str]:
    """Where the form and the desk disagree on a rule, and how often both said that one is broken."""
    instrument, names = round_.instrument, Names(round_.instrument)
    form, found, broken_at_all = Form.of(xlsform(round_).content), [], 0
    for draft in _drafts(round_, Random(seed)):
        given = Responses(draft, {}, round_.participants[0].code)
        evaluator = Evaluator(instrument, given, round_.period.parameters)
        instance = form.answered(instrument, names, given)
        for indicator in instrument.indicators:
            for field in indicator.fields:
                if isinstance(field.type, Mark):
                    continue
                name = names.of_field(indicator.code, field.code)
                if "constraint" not in form.binds[name]:
                    continue
                rules = list(_kept_out(instrument, indicator.code, field.code))
                broken = [rule.code for rule in rules if evaluator.broken(rule, indicator.code)]
                broken_at_all += bool(broken)
                if instance.says(name, "constraint") == bool(broken):
                    found.append(f"{name}: the desk finds {broken or 'nothing'}")
            for rule in _asking(instrument, indicator.code):
                note = f"{indicator.code}-{rule.code}"
                if instance.says(note, "relevant") != evaluator.broken(rule, indicator.code):
                    found.append(f"{note}: the desk does not say so")
    assert broken_at_all > 0
    return found


def _kept_out(instrument: Instrument, indicator: str, field: str) -> Iterator[Rule]:
    question = instrument.field(indicator, field).question
    parts = [one.code for one in instrument.questions[question].fields if isinstance(one.type, Mark)]
    for target in (field, *(parts if field == question else ())):
        for rule in instrument.rules_for(indicator, target):
            if rule.code not in _BESIDE and (rule.severity is Severity.ERROR or rule.code in _FORMAL):
                yield rule


def _asking(instrument: Instrument, indicator: str) -> Iterator[Rule]:
    """The rules that only ask, of which an indicator has no more than one."""
    codes = Counter(rule.code for rule in instrument.rules if indicator in rule.blocks)
    for rule in instrument.rules:
        is_note = rule.severity is Severity.WARNING and rule.code not in (*_BESIDE, *_FORMAL)
        # What is computed, ODK computes; this test does not.
        computed = any((indicator, ref.field) in instrument.computed for ref in rule.refs)
        if is_note and indicator in rule.blocks and codes[rule.code] == 1 and not rule.lists and not computed:
            yield rule


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_constraints__answers_that_break_each_rule__as_the_desk_judges(small: Round, seed: int) -> None:
    assert _differences(small, seed) == []


def test_constraints__of_numbers_in_units__as_the_desk_judges(tmp_path: Path) -> None:
    assert _differences(units_round(tmp_path), 1) == []


def test_calculation__of_a_number_in_units__multiplies_by_the_factor_of_the_unit(tmp_path: Path) -> None:
    rows = {row["name"]: row for row in _rows(xlsform(units_round(tmp_path)).content, "survey", tmp_path)}
    assert (rows["W01_herd_unit"]["type"], rows["W01_herd_unit"]["label::English (en)"]) == (
        "select_one stock",
        "Unit of the number above",
    )
    factors = "if(${W01_herd_unit} = 'DOZEN', 12, if(${W01_herd_unit} = 'HEAD', 1, number('')))"
    assert rows["W01_herd_converted"]["calculation"] == f"round((number(${{W01_herd}}) * {factors}), 0)"


@pytest.mark.wide
@pytest.mark.parametrize("seed", [1, 2])
def test_constraints__the_real_instrument__as_the_desk_judges(tmp_path: Path, seed: int) -> None:
    assert _differences(demo_round(tmp_path), seed) == []
