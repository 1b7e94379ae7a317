"""Lists in the declaration: what a lists.toml gives, and what is said of a malformed one."""

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import SingleChoice, Year
from questionnaire.declaration.blocks import LineCount, ListBlock
from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import FIRST_LINE, Layout, ListSheet
from questionnaire.messages import LANGUAGES
from questionnaire.tables import DeclarationError
from tests.given import mini, replace_in, seed
from tests.with_list import instrument, instrument_folder


def agreements() -> ListBlock:
    return seed().lists[0]


def test_lists__no_file__is_none() -> None:
    assert mini().lists == ()


def test_lists__the_seed__lists_agreements_for_the_indicators_that_count_them() -> None:
    assert [block.code for block in seed().lists] == ["agreements"]
    asked = [code.code for code in seed().indicators if "n_agreements" in code.field_codes]
    assert sorted(agreements().indicators) == sorted(asked)
    columns = ["indicator", "partner", "partner_other", "form", "subject", "year", "reference"]
    assert [field.code for field in agreements().fields] == columns
    assert agreements().field("year").type == Year(1950, "period_end")
    assert agreements().counts == (
        LineCount("n_agreements"),
        LineCount("n_bilateral", "form", "BILATERAL"),
    )


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


def test_lists__called_like_the_table_of_all_indicators__is_refused(tmp_path: Path) -> None:
    folder = instrument_folder(tmp_path / "mini")
    replace_in(folder / "lists.toml", 'code = "projects"', 'code = "indicators"')
    with pytest.raises(DeclarationError, match="the table of all indicators"):
        read_instrument(folder)
