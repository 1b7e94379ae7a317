"""Sentences are known by their English wording, with what fills them; what nobody knows stays English."""

import pytest

from questionnaire.known_sentences import in_other_words
from questionnaire.messages import LANGUAGES, keys, wording

FAULTS = "declaration_faults"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“a b” stands twice", "« a b » figure deux fois"),
        ("“a” stands twice in colours", "« a » figure deux fois dans colours"),
        ("Use one of 1, 2, or nothing", "Employez l’un de 1, 2, ou rien"),
        ("in “x > y”, “y” is not a date", "dans « x > y », « y » n’est pas une date"),
        (
            "in “1.a > 2”, “1.a” is not a number; in expressions, 1.a is called I1_a",
            "dans « 1.a > 2 », « 1.a » n’est pas un nombre ; dans les expressions, 1.a s’appelle I1_a",
        ),
        (
            "in “at(trees.planted, sorts)”, “sorts” names no code of a dimension: write it as in sex == T",
            "dans « at(trees.planted, sorts) », « sorts » ne nomme aucun code d’une dimension : écrivez-le comme dans "
            "sex == T",
        ),
        ("2 columns are to stand under each code", "2 colonnes seraient sous chaque code"),
        (
            "Use what there is (indicators: A, …; indicator types: COUNT; lists: –), or “*” for all indicators that fit",
            "Employez ce qu’il y a (indicateurs : A, … ; types d’indicateurs : COUNT ; listes : –), ou « * » pour tous "
            "les indicateurs qui conviennent",
        ),
        ("Write a whole number", "Écrivez un nombre entier"),
        ("nobody ever said so", "nobody ever said so"),
        ("", ""),
    ],
)
def test_in_other_words__of_a_sentence__fills_in_what_it_quotes(text: str, said: str) -> None:
    assert in_other_words(FAULTS, text, "fr") == said
    assert in_other_words(FAULTS, text, "en") == text


@pytest.mark.parametrize("catalogue", [FAULTS, "design_explanations"])
def test_catalogue__every_sentence__is_found_by_its_own_wording(catalogue: str) -> None:
    for key in keys(catalogue):
        said = wording(catalogue, key)
        assert set(said) == set(LANGUAGES)
        if "{" not in said["en"]:
            assert in_other_words(catalogue, said["en"], "pt") == said["pt"]
