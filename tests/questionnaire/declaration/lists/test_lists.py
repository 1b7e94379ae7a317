"""Lists in the declaration: what a lists.toml gives, and what is reported about a malformed one."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import Percent, SingleChoice, Text, WholeNumber, Year
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.list_checks import (
    BILATERAL_KEYS,
    COLUMN_KEYS,
    COUNT_KEYS,
    LIST_KEYS,
    OUTPUT_PREFIXES,
    OUTPUTS,
    RESERVED,
    TAKEN,
    TYPE_KEYS,
)
from questionnaire.layout import FIRST_LINE, Layout, ListSheet
from questionnaire.messages import LANGUAGES
from questionnaire.rules import conditions
from questionnaire.rules.conditions import (
    Always,
    And,
    CodeIn,
    Compare,
    Constant,
    Filled,
    LineSum,
    Parameter,
    Ref,
    Value,
)
from questionnaire.rules.expressions import read_condition
from questionnaire.rules.names import Names
from questionnaire.tables import DeclarationError
from schemas.tables.parts import list_table
from tests.given import SEED, mini, replace_in, seed
from tests.with_list import LIST, instrument, instrument_folder

SHARES = """type = "yes_no"
label = { en = "Free of charge", fr = "Gratuit" }
[[list.column]]
column = "share"
type = "percent"
label = { en = "Share", fr = "Part" }
[[list.column]]
column = "whole"
type = "percent"
minimum = 100
label = { en = "All of it", fr = "Le tout" }
"""


def agreements() -> ListBlock:
    return seed().lists[0]


def test_lists__no_file__is_none() -> None:
    assert mini().lists == ()


def test_lists__the_seed__lists_agreements_for_the_indicators_that_count_them() -> None:
    assert [block.code for block in seed().lists] == ["agreements"]
    asked = [code.code for code in seed().indicators if "agreements_not_listed" in code.field_codes]
    assert sorted(agreements().indicators) == sorted(asked)
    columns = ["indicator", "partner", "partner_other", "form", "subject", "year", "reference"]
    assert [field.code for field in agreements().fields] == columns
    assert agreements().field("year").type == Year(1950, "period_end")
    assert agreements().counts == (), "the numbers of agreements are computed from the list"
    counted = ["n_agreements", "n_bilateral", "n_multilateral", "n_signed_in_period"]
    assert list(seed().computed) == [(code, question) for code in asked for question in counted]


def test_lists__the_seed__offers_every_state_of_the_frame_and_others() -> None:
    partner = agreements().field("partner").type
    assert isinstance(partner, SingleChoice)
    assert len(partner.codelist.codes) == 36
    assert partner.codelist.find("Brésil") is partner.codelist["BRA"]
    assert partner.codelist.codes[-1].code == "OTHER"


def test_lists__the_seed__has_every_text_in_four_languages() -> None:
    for block in seed().lists:
        texts = [block.label, block.help]
        for question in block.questions:
            texts += [question.label, question.help]
            if isinstance(question.type, SingleChoice):
                texts += [code.label for code in question.type.codelist.codes]
        assert all(set(text) == set(LANGUAGES) for text in texts)


def test_only__some_indicators__limits_the_list_to_them() -> None:
    part = seed().only(frozenset(("P11", "P01")))
    assert [block.indicators for block in part.lists] == [("P11",)]
    assert seed().only(frozenset(("P01",))).lists == ()


def test_structure__a_list__counts_and_its_wording_does_not() -> None:
    listed = instrument()
    assert replace(listed, lists=()).structure == mini().structure != listed.structure
    block = listed.lists[0]
    reworded = replace(listed, lists=(replace(block, label={"en": "Projects"}),))
    shorter = replace(listed, lists=(replace(block, most_lines=3),))
    assert reworded.structure == listed.structure != shorter.structure


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("lines = 4", "lines = 0", "key list 1.lines", "0 lines cannot be had"),
        ('code = "projects"', 'code = "Projects"', "key list 1.code", "not a code"),
        ('code = "F01"', 'code = "F09"', "column 1.option 2.code", "there is no indicator F09"),
        ('type = "indicator"', 'type = "text"', "key list 1.column", "0 columns are of the type indicator"),
        ('codelist = "lands"', 'codelist = "seas"', "column 2.codelist", "“seas” is not a code list"),
        ('type = "year"', 'type = "month"', "column 4.type", "“month” is not known here"),
        ('column = "name"', 'column = "sheet"', "column 3.column", "“sheet” is taken"),
        ('code = "OTHER"', 'code = "NOBODY"', "column 3.required_with", "there is no choice NOBODY"),
        ('maximum = "period_end"', 'maximum = "now"', "column 4.maximum", "“now” is no limit"),
        ('question = "total"', 'question = "spent"', "count 1.question", "W01a is not asked"),
        ('code = "Y"', 'code = "MAYBE"', "count 2.code", "there is no choice MAYBE"),
        ('partner = "partner"', 'partner = "name"', "bilateral.partner", "not a column that names another respondent"),
        (
            'partner = "partner"\ncolumn = "free_use"',
            'partner = "partner"\ncolumn = "begun"',
            "bilateral.code",
            "no choice Y",
        ),
        ('label = { en = "Its name"', 'label = { de = "Name"', "column 3.label.en", "the text is missing"),
        ('label = { en = "List of projects"', 'label = { de = "Liste"', "list 1.label.en", "the text is missing"),
        ('label = { en = "W01a – Wells"', 'label = { de = "Brunnen"', "option 1.label.en", "the text is missing"),
        ("lines = 4", "lines = 501", "key list 1.lines", "501 lines cannot be had"),
        (
            'minimum = 1990\nmaximum = "period_end"',
            "minimum = 2101",
            "column 4.minimum",
            "2101 is above the maximum 2100",
        ),
        (
            'minimum = 1990\nmaximum = "period_end"',
            "maximum = 1899",
            "column 4.maximum",
            "the minimum 1900 is above the maximum 1899",
        ),
        ("max_length = 20", "max_length = 0", "column 3.max_length", "at most 0 characters cannot be had"),
        ("max_length = 20", "max_length = 32768", "column 3.max_length", "at most 32768 characters cannot be had"),
        ("max_length = 20", "others_only = true", "column 3.others_only", "of the type text has no “others_only”"),
        ("max_length = 20", 'unit = { en = "km" }', "column 3.unit", "of the type text has no “unit”"),
        ('type = "yes_no"', 'type = "yes_no"\nothers_only = true', "column 5.others_only", "has no “others_only”"),
        ('label = { en = "Its name"', 'label = { en = "With  whom"', "column 3.label.en", "two columns are called"),
        ('fr = "Son nom"', 'fr = "avec qui"', "column 3.label.fr", "two columns are called “avec qui”"),
        ("max_length = 20", "required = true", "column 3.required_with", "the column is required anyway"),
        ('{ column = "partner", code', '{ column = "name", code', "column 3.required_with", "it names its own column"),
        ('{ column = "partner", code = "OTHER" }', "{}", "column 3.required_with.column", "the key is missing"),
        ('{ column = "partner", code', '{ colum = "partner", code', "required_with.colum", "there is no such key"),
        ("required = true\nothers", "reqired = true\nothers", "column 2.reqired", "there is no such key"),
        ("lines = 4", "lines = 4\nline = 5", "key list 1.line", "there is no such key"),
        ('code = "F01"', 'code = "F01"\nhelp = "?"', "column 1.option 2.help", "there is no such key"),
        ('question = "total"', 'question = "total"\ncolum = "begun"', "count 1.colum", "there is no such key"),
        ("[list.bilateral]", '[list.bilateral]\npartners = "partner"', "bilateral.partners", "there is no such key"),
        ("[[list]]", 'title = "Lists"\n[[list]]', "key title", "there is no such key"),
    ],
)
def test_lists__a_malformed_one__names_where_and_what(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "lists.toml", old, new)
    with pytest.raises(DeclarationError) as caught:
        read_instrument(folder)
    assert where in caught.value.where
    assert what in caught.value.what


@pytest.mark.parametrize("prefilled", [False, True])
def test_layout__every_key__stands_once(prefilled: bool) -> None:
    (sheet,) = Layout(seed(), prefilled).lists
    places = list(sheet.columns.values())
    assert sorted(places) == list(range(len(places)))
    assert set(sheet.header_keys.values()) >= set(sheet.columns)
    assert "acopio:agreements.partner" in sheet.header_keys
    assert (sheet.key(1), sheet.number(1), sheet.row(1)) == ("agreements:1", "L1", FIRST_LINE)
    assert sheet.last == sheet.row(40)


def test_layout__names_of_sheets__are_no_section() -> None:
    assert [ListSheet(agreements()).code] == ["list_agreements"]
    assert "list_agreements" not in {section.code for section in seed().sections}


def test_lists__a_file_under_its_former_name__gives_the_same(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    text = (folder / "lists.toml").read_text(encoding="utf-8")
    former = text.replace("[[list", "[[roster").replace("[list.bilateral]", "[roster.mirror]")
    (folder / "lists.toml").unlink()
    (folder / "rosters.toml").write_text(former, encoding="utf-8")
    assert read_instrument(folder).lists == instrument().lists


@pytest.mark.parametrize("code", [*sorted(OUTPUTS), *(f"{prefix}x" for prefix in OUTPUT_PREFIXES)])
def test_lists__called_like_a_published_table__is_refused(tmp_path: Path, code: str) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "lists.toml", 'code = "projects"', f'code = "{code}"')
    with pytest.raises(DeclarationError, match=f"list 1.code: “{code}” is the name of another table"):
        read_instrument(folder)


@pytest.mark.parametrize("name", sorted(RESERVED | TAKEN))
def test_columns__named_like_something_else__are_refused(tmp_path: Path, name: str) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "lists.toml", 'column = "begun"', f'column = "{name}"')
    with pytest.raises(DeclarationError, match=f"column 4.column: “{name}” (is taken|means something else)"):
        read_instrument(folder)


def test_columns__the_columns_that_every_table_of_lines_has__are_taken() -> None:
    own = {field.code for field in agreements().fields}
    assert set(list_table(seed(), agreements()).names) - own <= TAKEN


def test_lists__two_with_the_same_label__are_refused(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    second = LIST.replace('code = "projects"', 'code = "plans"').replace("List of projects", "Plans")
    with (folder / "lists.toml").open("a", encoding="utf-8") as file:
        file.write(second)
    with pytest.raises(
        DeclarationError, match="key list 2.label.fr .of “plans”.: two lists are called “Liste des projets”"
    ):
        read_instrument(folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[[list]]", "[list]", r"^lists\.toml, key list: .*single square brackets\. Write \[\[list\]\]$"),
        (
            "[list.bilateral]",
            "[[list.bilateral]]",
            r"bilateral .*double square brackets\. Write \[list\.bilateral\], once$",
        ),
    ],
)
def test_lists__wrong_brackets__tells_which_to_write(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = instrument_folder(tmp_path / "mini")
    only = LIST.partition("[[list.column]]")[0] if old == "[[list]]" else LIST
    (folder / "lists.toml").write_text(only.replace(old, new), encoding="utf-8")
    with pytest.raises(DeclarationError, match=told):
        read_instrument(folder)


def test_lists__one_count_in_single_brackets__tells_to_write_double_ones(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    first = LIST.partition("[[list.count]]")[0]
    (folder / "lists.toml").write_text(f'{first}[list.count]\nquestion = "total"\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"list 1\.count .*Write \[\[list\.count\]\]$"):
        read_instrument(folder)


def test_lists__at_their_limits__are_accepted(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "lists.toml", "lines = 4", "lines = 500")
    replace_in(folder / "lists.toml", "max_length = 20", "max_length = 32767")
    replace_in(folder / "lists.toml", 'type = "yes_no"\nlabel = { en = "Free of charge", fr = "Gratuit" }\n', SHARES)
    block = read_instrument(folder).lists[0]
    assert block.most_lines == 500
    assert block.field("name").type == Text(32_767)
    assert block.field("share").type == Percent(0, 100, 1)
    assert block.field("whole").type == Percent(100, 100, 1)


def _head(name: str) -> str:
    """The comment at the head of a file of the large instrument."""
    text = (SEED / name).read_text(encoding="utf-8")
    return text[: text.index("\n[[")]


def test_lists_toml__its_head__names_every_type_and_key() -> None:
    keys = {*LIST_KEYS, *COLUMN_KEYS, *COUNT_KEYS, *BILATERAL_KEYS} - {"mirror"}
    of_types = {key for own in TYPE_KEYS.values() for key in own}
    head = _head("lists.toml")
    assert {word for word in (*TYPE_KEYS, *keys, *of_types) if not re.search(rf"\b{word}\b", head)} == set()


def test_rules_toml__its_head__shows_rules_on_lines_that_can_be_read() -> None:
    block = agreements()
    columns = {question.code: question.type for question in block.questions} | {"amount": WholeNumber(0, None)}
    counted, room = {block.code: block.indicator_field}, {block.code: 40}
    names = Names({}, frozenset(), seed().missing, {block.code: columns}, counted, room)
    shown = re.findall(r'^#   (?:when|check) = "(.+?)"', _head("rules.toml"), re.MULTILINE)
    when, check, lines, total, of_this, full = shown
    assert read_condition(when, names.of_list(block.code)) == CodeIn(Ref("form"), ("MULTILATERAL",), ())
    assert read_condition(check, names.of_list(block.code)) == Filled(Ref("reference"))
    bilateral, ours = CodeIn(Ref("form"), ("BILATERAL",), ()), CodeIn(Ref("indicator"), ("this",), ())
    in_period = Compare(">=", Value(Ref("year")), Parameter("period_start"))
    read = [read_condition(text, names) for text in (lines, total, of_this, full)]
    assert read == [
        Compare("<=", conditions.LineCount("agreements", bilateral), Constant(30)),
        Compare("<=", LineSum("agreements", Ref("amount"), in_period), Constant(1000)),
        Compare(">=", conditions.LineCount("agreements", And((ours, Filled(Ref("reference"))))), Constant(1)),
        Compare(">=", conditions.LineCount("agreements", Always()), Constant(40)),
    ]
