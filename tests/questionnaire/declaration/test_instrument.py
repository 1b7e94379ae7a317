"""Reading an instrument's folder: what it gives, and what is said when a file in it is malformed."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import InUnits, MultipleChoice
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import fingerprint, kept_editions, read_instrument
from questionnaire.indicator_table.reader import IndicatorTableError
from questionnaire.rules.rule import AUTOMATIC, Severity
from questionnaire.tables import DeclarationError
from tests import with_list
from tests.given import MINI, SEED, copy_of, mini, replace_in, seed

EXPECTED = Path(__file__).parents[1] / "seed_expected.csv"


def test_read_instrument__the_seed__has_each_indicator_with_its_official_text() -> None:
    with EXPECTED.open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    read = [
        {
            "id": indicator.code,
            "objective_no": indicator.objective_number,
            "objective_line": str(indicator.objective_line),
            "indicator_line": str(indicator.line),
            "objective_fr": indicator.objective["fr"],
            "indicator_fr": indicator.text["fr"],
        }
        for indicator in seed().indicators
    ]
    assert read == [{key: row[key] for key in read[0]} for row in expected]
    assert [len(section.indicators) for section in seed().sections] == [13, 13, 27]


def test_read_instrument__the_seed__has_every_text_in_four_languages() -> None:
    instrument = seed()
    wordings = {f"section {section.code}": section.label for section in instrument.sections}
    for indicator in instrument.indicators:
        wordings |= {f"{indicator.code} objective": indicator.objective, f"{indicator.code} text": indicator.text}
        wordings |= {f"{indicator.code} type": indicator.indicator_type.label}
        if indicator.help:
            wordings[f"{indicator.code} help"] = indicator.help
    for question in instrument.questions.values():
        wordings |= {f"{question.code} label": question.label, f"{question.code} help": question.help}
    for codelist in instrument.codelists.values():
        wordings |= {f"{codelist.name} {code.code}": code.label for code in codelist}
    for rule in (*instrument.rules, *instrument.comparisons):
        wordings |= {f"rule {rule.code} message": rule.message, f"rule {rule.code} remedy": rule.remedy}
    missing = {key: sorted(set(instrument.languages) - wording.keys()) for key, wording in wordings.items()}
    assert {key: languages for key, languages in missing.items() if languages} == {}


def test_read_instrument__the_small_one__composes_codes_and_questions() -> None:
    instrument = mini()
    assert [indicator.code for indicator in instrument.indicators] == ["W01a", "W01b", "W02", "F01"]
    assert [question.code for question in instrument.indicator("W02").questions] == [
        "status", "total", "regions", "started", "opened", "free", "source", "report", "note",
    ]  # fmt: skip
    assert isinstance(instrument.questions["regions"].type, MultipleChoice)
    assert isinstance(instrument.questions["spent"].type, InUnits)
    fields = [field.code for field in instrument.indicator("W01b").fields]
    assert fields == ["status", "spent", "spent.currency", "planned", "planned.currency"]


def test_read_instrument__rules__are_placed_where_their_questions_are_asked() -> None:
    rules = {rule.code: rule for rule in mini().rules if rule.code not in AUTOMATIC}
    assert rules["parts"].blocks == ("W01a", "F01")
    assert rules["overspent"].blocks == ("W01b",)
    assert rules["overspent"].severity is Severity.WARNING
    targets = {(rule.code, rule.target) for rule in mini().rules if rule.code in AUTOMATIC}
    assert ("required", "regions") in targets
    assert ("unanswered", "status") in targets
    assert ("currency_required", "planned.currency") in targets
    assert ("not_relevant", "regions.WEST") in targets
    assert ("not_relevant", "regions") not in targets
    assert ("range", "started") in targets


def test_only__some_indicators__drops_rules_that_look_outside() -> None:
    part = mini().only(frozenset({"F01"}))
    assert [indicator.code for indicator in part.indicators] == ["F01"]
    assert "fewer_trees" not in {rule.code for rule in part.rules}
    assert {code for rule in part.rules for code in rule.blocks} == {"F01"}


def test_fingerprint__line_ends_and_contents__only_contents_count(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    assert fingerprint(folder) == fingerprint(MINI) == mini().fingerprint
    table = folder / "questions.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    assert fingerprint(folder) == mini().fingerprint
    replace_in(table, "How many in all?", "How many altogether?")
    assert fingerprint(folder) != mini().fingerprint


def test_structure__a_text_mended_or_a_question_added__only_the_latter_changes_it(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    replace_in(folder / "questions.csv", "How many in all?", "How many altogether?")
    assert read_instrument(folder).structure == mini().structure
    replace_in(folder / "indicators.csv", "F01,COUNT,targeted", "F01,COUNT,free targeted")
    assert read_instrument(folder).structure != mini().structure


def _without(instrument: Instrument, asked_since: frozenset[str]) -> Instrument:
    """The instrument as it was before some of its questions were asked."""
    sections = tuple(
        replace(
            section,
            indicators=tuple(
                replace(entry, questions=tuple(item for item in entry.questions if item.code not in asked_since))
                for entry in section.indicators
            ),
        )
        for section in instrument.sections
    )
    return replace(instrument, sections=sections)


def kept(edition: str) -> Instrument:
    """An older edition of the real instrument."""
    return read_instrument(kept_editions(SEED)[edition])


ASKED_SINCE = frozenset(("covered", "bare", "depth"))


@pytest.mark.parametrize(
    ("instrument", "structure"),
    [
        (seed(), "c4dfab19a779ff0716baef176c0b5f1b0fc9bc8d8ab412f68266c7b000c576d1"),
        (kept("2026.1"), "ad83df8e9357f8c4df3a45b387e0de389b187cdf4e35081a9abe15d5c5525b29"),
        (mini(), "0cad7736c99bcdfb22a16be2f698617ed42da49fa28307bc652dcfa5db2c99cb"),
        (with_list.instrument(), "a45a57756b6b83635a93fe5096cf9dbc13f4593760f1ef34156866f7f97b1ce5"),
    ],
    ids=["seed", "its first edition", "mini", "mini with a list"],
)
def test_structure__of_questionnaires_sent_out__stays_what_they_carry(instrument: Instrument, structure: str) -> None:
    assert _without(instrument, ASKED_SINCE).structure == structure


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "what"),
    [
        ("questions.csv", "total,whole_number", "total,whole_numbre", "questions.csv, line 3, column type", "whole_numbre"),
        ("questions.csv", "urban,", "Urban,", "questions.csv, line 4, column question", "not a question code"),
        ("questions.csv", "urban,", "total,", "questions.csv, line 4, column question", "stands twice"),
        ("questions.csv", "status >= 1,status >= 3", "stage >= 1,status >= 3", "questions.csv, line 3, column relevant_when", "stage"),
        ("questions.csv", "1000000", "a million", "questions.csv, line 3, column maximum", "not a whole number"),
        ("questions.csv", "regions,multiple_choice,regions", "regions,multiple_choice,", "line 6, column codelist", "missing"),
        ("questions.csv", "Number,Nombre", "Number,Nombre,,,,x", "questions.csv, line 3", "17 cells under 16 columns"),
        ("questions.csv", "question,type", "question,sort", "questions.csv, line 1", "the column type is missing"),
        ("questions.csv", "1990,period_end,,yes", "1990,period_end,,no", "questions.csv, line 10, column fixed", "“no”"),
        ("questions.csv", "opened,date,,,,,", "opened,date,,,,,yes", "questions.csv, line 11, column fixed", "type date"),
        ("questions.csv", "free,yes_no,,,,,,,", "free,yes_no,,,,,,previous(free) == Y,", "questions.csv, line 12, column relevant_when", "previous(free)"),
        ("questions.csv", "free,yes_no,,,,,,,,Is it free?,Est-ce gratuit ?,,", "free,yes_no,,,,,,,,Is it free?,Est-ce gratuit ?,,,2,,", "questions.csv, line 12, column decimals", "type yes_no"),
        ("questions.csv", "report,text,,,,40,,,,Title of the report,Titre du rapport,,", "report,text,,,,40,,,,Title of the report,Titre du rapport,,,,pages,", "questions.csv, line 14, column unit_en", "has no unit"),
        ("questions.csv", "1,metres,mètres", "7,metres,mètres", "questions.csv, line 18, column decimals", "7 decimals"),
        ("questions.csv", "1,metres,mètres", "1,,mètres", "questions.csv, line 18, column unit_en", "the text is missing"),
        ("questions.csv", "bare,percent,,0.5", "bare,percent,,half", "questions.csv, line 17, column minimum", "“half” is not a number"),
        ("questions.csv", "total,whole_number,,0,", "total,whole_number,,0.5,", "questions.csv, line 3, column minimum", "not a whole number"),
        ("codelists.csv", "regions,SOUTH,,,South*,Sud*", "regions,SOUTH,,,North,Sud*", "code list regions", "share the text"),
        ("codelists.csv", "status,0,0,", "status,0,zero,", "codelists.csv, line 2, column rank", "not a whole number"),
        ("codelists.csv", "missing,RS,,nothing_to_report", "missing,RS,,", "codelists.csv, code list missing", "RS does not say why"),
        ("codelists.csv", "yes_no,N,,,No,Non", "yes_no,M,,,No,Non", "codelists.csv, code list yes_no", "not Y and N"),
        ("questions.csv", "total,whole_number,,0,", "total,whole_number,,2000000,", "questions.csv, line 3, column maximum", "the minimum 2000000 is above the maximum"),
        ("codelists.csv", "status,SO,,not_applicable", "status,SO,,absent", "codelists.csv, line 7, column missing", "absent"),
        ("indicators.csv", "F01,COUNT", "F01,COUNTS", "indicators.csv, line 5, column indicator_type", "COUNTS"),
        ("indicators.csv", "F01,COUNT", "F02,COUNT", "table.txt, line 24", "the indicator F01 has no design"),
        ("indicators.csv", "F01,COUNT,targeted", "F01,COUNT,target", "indicators.csv, line 5, column questions", "target"),
        ("indicator_types.csv", "none | planned | adopted", "none | planned", "indicator_types.csv, line 2, column anchors_en", "4 levels"),
        ("rules.toml", 'code = "parts"', 'code = "overspent"', "rules.toml, key rule 2.code", "is taken"),
        ("rules.toml", "total == urban + rural", "total == urban + rurale", "rules.toml, key rule 1.check", "rurale"),
        ("rules.toml", 'severity = "error"', 'severity = "fatal"', "rules.toml, key rule 1.severity", "fatal"),
        ("rules.toml", 'scope = ["MONEY"]', 'scope = ["COUNT"]', "rules.toml, key rule 2.scope", "is not asked"),
        ("rules.toml", 'scope = ["MONEY"]', 'scope = ["MONNEY"]', "rules.toml, key rule 2.scope", "neither an indicator, an"),
        ("rules.toml", "It would have opened earlier", "It opened {previous}", "rules.toml, key rule 9.message", "neither a day"),
        ("rules.toml", "Much more was spent", "More than {previous} was spent", "rules.toml, key rule 2.message", "{previous}"),
        ("rules.toml", 'check = "total == urban', 'check = "total == previous(opened)', "rules.toml, key rule 1.scope", "no indicator"),
        ("rules.toml", "The total is not the sum", "The total {foo} is not the sum", "rules.toml, key rule 1.message", "nothing fills in {foo}"),
        ("rules.toml", "Correct the total or a part.", "Correct {previous}.", "rules.toml, key rule 1.remedy", "{previous}"),
        ("rules.toml", "It would have opened earlier", "{previous!r}", "rules.toml, key rule 9.message", "{previous!r}"),
        ("rules.toml", "Check both amounts.", "Check both {amounts.", "rules.toml, key rule 2.remedy", "{amounts."),
        ("rules.toml", 'target = "total"', "target = total", "rules.toml", "line 4"),
        ("instrument.toml", 'heading = "FORESTS"', 'heading = "FOREST"', "table.txt, line 24", "“FORESTS” is not declared"),
        ("instrument.toml", 'edition = "1"', "edition = 1", "instrument.toml, key edition", "not what belongs here"),
        ("instrument.toml", 'official_language = "en"', 'official_language = "nl"', "key official_language", "nl"),
    ],
)  # fmt: skip
def test_read_instrument__a_malformed_file__names_where_and_what(
    tmp_path: Path, file: str, old: str, new: str, where: str, what: str
) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    replace_in(folder / file, old, new)
    with pytest.raises(DeclarationError) as caught:
        read_instrument(folder)
    assert where in caught.value.where
    assert what in str(caught.value)
    assert caught.value.remedy


def test_read_instrument__a_semicolon_table_with_a_mark__reads_alike(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    path = folder / "indicator_types.csv"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert read_instrument(folder).indicators == mini().indicators


def test_read_instrument__no_table__says_so(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    (folder / "table.txt").write_text("Minutes of the meeting.\n", encoding="utf-8")
    with pytest.raises(IndicatorTableError, match="table.txt"):
        read_instrument(folder)


def test_read_instrument__not_utf_8__names_the_byte(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    (folder / "indicator_types.csv").write_bytes("kind,label_en\nÉ,é\n".encode("latin-1"))
    with pytest.raises(DeclarationError, match=r"byte 15 is not UTF-8"):
        read_instrument(folder)
