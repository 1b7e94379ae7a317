"""A form that was exported comes back as it went out; of another one, all that has a counterpart, and the rest is named."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.documents.forms import sheets_of_bytes
from pipeline.starting.from_form import StartedForm, start_from_form
from pipeline.starting.places import Places
from pipeline.starting.start import NotStartedError
from questionnaire.declaration.answer_types import MultipleChoice, SingleChoice, WholeNumber, Year
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import refs
from questionnaire.xlsform.write import xlsform
from tests.given import MINI, mini_round

TODAY = dt.date(2026, 3, 1)
Rows = list[list[str]]


def start(root: Path, survey: Rows, choices: Rows = [], settings: Rows = []) -> StartedForm:  # noqa: B006  never changed
    sheets = {"survey": survey, "choices": choices, "settings": settings}
    return start_from_form(Places("form", root / "instruments/form", root / "rounds/form"), sheets, TODAY)


@pytest.fixture(scope="module")
def back(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instrument, StartedForm]:
    """The small instrument, and what its exported form becomes."""
    root = tmp_path_factory.mktemp("form")
    sent = mini_round(root / "sent")
    sheets = sheets_of_bytes(None, ("mini.xlsx", xlsform(sent).content))
    assert isinstance(sheets, dict)
    started = start_from_form(Places("mini", root / "instruments/mini", root / "rounds/mini"), sheets, TODAY)
    return sent.instrument, started


def test_round_trip__small_instrument__nothing_is_left_out(back: tuple[Instrument, StartedForm]) -> None:
    assert back[1].form.plan.left_out == {}


def test_round_trip__small_instrument__same_sections_indicators_and_texts(
    back: tuple[Instrument, StartedForm],
) -> None:
    sent, found = back[0], back[1].round.instrument
    assert [(one.code, dict(one.label)) for one in found.sections] == [
        (one.code, dict(one.label)) for one in sent.sections
    ]
    assert [(one.code, one.section, one.text["en"], [q.code for q in one.questions]) for one in found.indicators] == [
        (one.code, one.section, one.text["en"], [q.code for q in one.questions]) for one in sent.indicators
    ]
    assert found.indicators[0].text == sent.indicators[0].text
    assert found.languages == sent.languages


def test_round_trip__small_instrument__same_questions(back: tuple[Instrument, StartedForm]) -> None:
    sent, found = back[0], back[1].round.instrument
    assert found.questions.keys() == sent.questions.keys()
    for code, question in sent.questions.items():
        again = found.questions[code]
        assert type(again.type) is type(question.type), code
        assert (again.label, again.required_when is None) == (question.label, question.required_when is None), code
        assert set(refs(again.relevant_when)) == set(refs(question.relevant_when)), code
        if isinstance(question.type, SingleChoice | MultipleChoice):
            codes = [(one.code, one.rank, one.missing, one.label) for one in question.type.codelist]
            assert [(one.code, one.rank, one.missing, one.label) for one in again.type.codelist] == codes  # type: ignore[union-attr]
    assert found.questions["status"].required_when == sent.questions["status"].required_when
    assert found.questions["total"].relevant_when == sent.questions["total"].relevant_when
    assert found.questions["total"].type == sent.questions["total"].type
    year = found.questions["started"].type
    assert isinstance(year, Year)
    assert (year.minimum, year.maximum) == (1990, 2025)


def test_round_trip__small_instrument__same_rules(back: tuple[Instrument, StartedForm]) -> None:
    sent, found = back[0], back[1].round.instrument
    again = {(rule.target, rule.blocks): rule for rule in found.rules if rule.code.endswith("_RULE")}
    for code in ("parts", "year_of_opening", "overspent"):
        rule = next(rule for rule in sent.rules if rule.code == code)
        same = again[rule.target, rule.blocks]
        assert (same.check, same.severity) == (rule.check, rule.severity), code
        assert same.message["fr"] == f"{rule.message['fr']} {rule.remedy['fr']}"


def test_round_trip__small_instrument__same_respondents(back: tuple[Instrument, StartedForm]) -> None:
    assert [(one.code, one.name["fr"]) for one in back[1].round.participants] == [
        ("AAA", "Alphalande"),
        ("BBB", "Bétalande"),
        ("CCC", "Gammalande"),
    ]


SURVEY = [
    ["type", "name", "label::English (en)", "label::Español (es)", "label::Kiswahili (sw)", "required", "relevant",
     "constraint", "calculation", "repeat_count"],
    ["start", "start"],
    ["begin group", "hh", "Household", "Hogar", "Kaya"],
    ["note", "hello", "Welcome"],
    ["integer", "Members", "Members", "Miembros", "", "yes", "", ". > 0 and . < 31"],
    ["integer", "children", "Children", "Niños", "", "", "${Members} > 1", ". <= ${Members}"],
    ["select_one yn", "water", "Water?", "¿Agua?", "", "", "${water2} = 1"],
    ["select_multiple src or_other", "in", "Sources", "Fuentes", "", "", "${water} = 'yes'"],
    ["calculate", "adults", "", "", "", "", "", "", "${Members} - ${children}"],
    ["calculate", "half", "", "", "", "", "", "", "${Members} div 2"],
    ["geopoint", "gps", "Where?"],
    ["begin_repeat", "person", "Person", "Persona", "", "", "", "", "", "12"],
    ["text", "name", "Name", "Nombre", "", "yes"],
    ["integer", "age", "Age", "Edad", "", "", "${name} != ''", ". >= 0 and . <= 120"],
    ["end_repeat"],
    ["begin_repeat", "deep"],
    ["begin_group", "deeper"],
    ["text", "x"],
    ["end_group"],
    ["end_repeat"],
    ["end group"],
    ["select_one nolist", "nolist", "No list"],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)"],
    ["yn", "yes", "Yes", "Sí"],
    ["yn", "no", "No", "No"],
    ["src", "1", "Well", "Pozo"],
    ["src", "2", "Well", "Pozo"],
]


def test_form_of_others__what_has_no_counterpart__named_with_its_row(tmp_path: Path) -> None:
    started = start(tmp_path, SURVEY, CHOICES)
    assert started.form.plan.left_out == {
        "automatic": ["start (start, survey 2)"],
        "or_other": ["in (select_multiple, survey 8)"],
        "type": ["gps (geopoint, survey 11)"],
        "calculation": ["half (calculate, survey 10)"],
        "note": ["hello (note, survey 4)"],
        "repeat": ["deep (repeat, survey 16)"],
        "no_choices": ["nolist (select_one, survey 22)"],
        "language": ["Kiswahili (sw)"],
        "expression": ["water relevant: ${water2} = 1", "age relevant"],
        "least": ["children"],
    }


def test_form_of_others__what_has_one__is_in_the_instrument(tmp_path: Path) -> None:
    instrument = start(tmp_path, SURVEY, CHOICES).round.instrument
    [household] = instrument.indicators
    assert [one.code for one in household.questions] == ["members", "children", "water", "in_q", "adults"]
    assert household.text == {"en": "Household", "es": "Hogar"}
    assert instrument.questions["members"].type == WholeNumber(1, 30)
    assert instrument.questions["adults"].formula is not None
    [listed] = instrument.lists
    assert (listed.code, listed.most_lines, listed.indicators) == ("person", 12, ("hh",))
    assert [one.code for one in listed.questions] == ["indicator", "name", "age"]


def test_form__nested_groups__section_objective_and_indicator(tmp_path: Path) -> None:
    survey = [["type", "name", "label"]]
    survey += [["begin_group", name, f"The {name}"] for name in ("area", "goal", "thing")]
    survey += [["date", "when", "When?"], ["end_group"], ["end_group"], ["end_group"]]
    instrument = start(tmp_path, survey).round.instrument
    assert (instrument.sections[0].code, instrument.sections[0].label["en"]) == ("area", "The area")
    assert instrument.indicators[0].objective["en"] == "The goal"
    assert instrument.indicators[0].text["en"] == "The thing"


@pytest.mark.parametrize(
    ("survey", "said"),
    [
        ([["type", "name"], ["begin_group", "a"], ["text", "b"]], "row 2: this group is not closed"),
        ([["type", "name"], ["text", "b"], ["end_group"]], "row 3: “end_group” closes nothing that is open"),
        ([["type", "name"], ["geopoint", "b"]], "no question that has a counterpart"),
        ([["type", "name"], *[["begin_group", "a"]] * 30], "row 22: more than 20 groups"),
    ],
)
def test_form__that_gives_nothing__refused_and_nothing_written(tmp_path: Path, survey: Rows, said: str) -> None:
    with pytest.raises(NotStartedError, match=said):
        start(tmp_path, survey)
    assert list(tmp_path.iterdir()) == []


def test_new__a_form_from_the_command_line__written_and_reported(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "survey"
    for row in (["type", "name", "label"], ["text", "why", "Why?"], ["image", "photo", "Photo"]):
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    (tmp_path / "form.xlsx").write_bytes(content.getvalue())
    done = CliRunner().invoke(main, ["new", str(tmp_path / "my"), str(tmp_path / "form.xlsx"), "--xlsform"])
    assert done.exit_code == 0, done.output
    assert "1 section, 1 group of questions, 1 question, 0 lists, in English." in done.output
    assert "left out (types of question): photo (image, survey 3)." in done.output
    refused = CliRunner().invoke(main, ["new", str(tmp_path / "it"), str(MINI / "table.txt"), "--xlsform"])
    assert (refused.exit_code, "This is not a workbook" in refused.output) == (2, True)
