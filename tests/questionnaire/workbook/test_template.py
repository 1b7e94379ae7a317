"""One template makes the questionnaires of many respondents: each its own, as if it had been written for it alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.rounds.identity import find_identity, is_genuine
from questionnaire.rounds.round import Respondent
from questionnaire.workbook.package import Place
from questionnaire.workbook.placeholders import in_footer, instead, name, with_places
from questionnaire.workbook.template import Template, template
from questionnaire.workbook.write import identity
from tests.questionnaire.workbook.written import Written


@pytest.fixture(scope="module")
def made(small: Written) -> Template:
    return template(small.round, "fr", small.layout)


def _written(made: Template, respondent: Respondent, small: Written, folder: Path) -> Written:
    path = folder / f"{respondent.code}.xlsx"
    path.write_bytes(made.questionnaire_for(respondent))
    return Written(path, small.round, respondent, small.layout)


def test_template__of_several_respondents__names_each_and_no_other(
    made: Template, small: Written, tmp_path: Path
) -> None:
    for respondent in small.round.respondents:
        written = _written(made, respondent, small, tmp_path)
        parts = "".join(content.decode() for content in written.package.values())
        named = {other.code for other in small.round.respondents if f"{other.name['fr']} ({other.code})" in parts}
        assert named == {respondent.code}
        found = find_identity(written.values["_acopio"][0][0])
        assert found is not None
        assert small.round.key is not None
        assert (found.respondent, found.language) == (respondent.code, "fr")
        assert is_genuine(found, small.round.key)


def test_template__of_a_round_without_a_key__has_the_line_without_a_token(small: Written, tmp_path: Path) -> None:
    keyless = replace(small.round, folder=tmp_path)
    written = _written(template(keyless, "fr", small.layout), small.respondent, small, tmp_path)
    assert written.values["_acopio"][0][0] == str(replace(identity(small.round, small.respondent), token=""))


def test_template__whatever_letters_a_token_or_a_name_has__puts_them_in_as_they_are(
    made: Template, small: Written, tmp_path: Path
) -> None:
    # Once words of letters stood for code and name, and a name or token with such letters was taken for one of them.
    odd = replace(small.respondent, code="ZQCODEQZ", name={"fr": "code token name fr ZQNAMEfrQZ"})
    written = _written(made, odd, small, tmp_path)
    assert "code token name fr ZQNAMEfrQZ (ZQCODEQZ)" in {
        str(cell) for row in written.values[written.tabs["cover"]] for cell in row
    }


def test_template__of_an_earlier_questionnaire__is_none_the_worse(made: Template, small: Written) -> None:
    first = made.questionnaire_for(small.respondent)
    made.questionnaire_for(replace(small.respondent, code="AAA", name={"fr": "Un autre"}))
    assert made.questionnaire_for(small.respondent) == first == small.path.read_bytes()


def test_words__within_a_text__become_places() -> None:
    text = f"<v>{name('fr')}</v>{in_footer('A & B, ' + name('fr'))}"
    assert list(with_places([text, Place("own")])) == [
        "<v>", Place("name fr"), "</v>A && B, ", Place("footer name fr"), "", Place("own"),
    ]  # fmt: skip


def test_instead__of_a_name_with_signs_of_xml_and_of_footers__is_harmless(small: Written) -> None:
    odd = replace(small.respondent, name={"fr": "A & <B>"})
    given = instead(odd, "TOKEN", ("fr", "en"), {"reference area fr": "1 < 2"})
    assert given["reference area fr"] == "1 &lt; 2"
    assert given["name fr"] == "A &amp; &lt;B&gt;"
    assert given["footer name fr"] == "A &amp;&amp; &lt;B&gt;"
    assert given["name en"] == given["name fr"]
    assert (given["code"], given["token"]) == ("BBB", "TOKEN")
