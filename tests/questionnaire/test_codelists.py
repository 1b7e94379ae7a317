"""Other names of codes: read from `also` and from labels in languages that are not offered, never two codes by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.values.choice_texts import named
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.design import ResponseDesign
from questionnaire.tables import DeclarationError

STANDARD = Path("questionnaire/standard")
LISTS = """codelist,code,rank,missing,label_en,label_es,also
missing,NA,,not_applicable,Does not apply,No corresponde,
yes_no,Y,,,Yes,Sí,
yes_no,N,,,No,No,
partners,USA,,,United States of America,,EE. UU.; EEUU
partners,DEU,,,Germany,Alemania,
"""


def _lists(folder: Path, *, lists: str = LISTS) -> dict[str, Codelist]:
    (folder / "codelists.csv").write_text(lists, encoding="utf-8")
    return ResponseDesign(folder, "en", ("en",)).codelists()


@pytest.mark.parametrize(("text", "code"), [("EE.UU.", "USA"), ("eeuu", "USA"), ("Alemania", "DEU"), ("UU", None)])
def test_named__a_name_of_also_or_of_a_language_not_offered__is_its_code(
    tmp_path: Path, text: str, code: str | None
) -> None:
    found = named(_lists(tmp_path)["partners"], text).code
    assert (found and found.code) == code


def test_codelists__a_name_of_also_that_another_code_has__is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="code list partners.*USA and DEU share the text “alemania”"):
        _lists(tmp_path, lists=LISTS.replace("; EEUU", "; Alemania"))


def test_codelists__without_also__have_their_labels_alone(tmp_path: Path) -> None:
    codes = _lists(tmp_path, lists=LISTS.replace(",also", "").replace(",EE. UU.; EEUU", "").replace(",\n", "\n"))[
        "partners"
    ]
    assert [code.typed for code in codes] == [(), ("Alemania",)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Reino Unido", "GBR"),
        ("Alemania", "DEU"),
        ("Viêt Nam", "VNM"),
        ("EE.UU.", "USA"),
        ("Guyane", "GUF"),
        ("No", None),
    ],
)
def test_named__of_the_standard_countries__are_common_names_in_any_language(text: str, code: str | None) -> None:
    found = named(ResponseDesign(STANDARD, "fr", ("fr",)).codelists()["countries"], text).code
    assert (found and found.code) == code


def test_faults__another_name_that_is_the_label_of_another_code__is_one() -> None:
    codes = (Code("USA", {"en": "United States"}, {}, typed=("EE. UU.", "America")), Code("AME", {"en": "America"}, {}))
    assert Codelist("states", codes).faults() == ["the codes USA and AME share the text “america”"]
