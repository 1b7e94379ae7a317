"""A text in other words is known as such; one that may ask for something else is for a person to judge."""

import pytest

from questionnaire.proposals.likeness import Likeness, compared


@pytest.mark.parametrize(
    ("then", "now", "likeness"),
    [
        ("Rivers monitored", "rivers  monitored", Likeness.SAME),
        ("Rivers monitored", "Rivers that are monitored", Likeness.REWORDED),
        ("Rivers monitored", "Rivers under monitoring", Likeness.REWORDED),
        ("Nombre de puits creusés", "Nombre de puits creusés dans l’année", Likeness.REWORDED),
        ("Número de víctimas identificadas", "Número de victimas identificadas", Likeness.REWORDED),
        ("Number of girls at school", "Number of boys at school", Likeness.DOUBTFUL),
        ("Children under 5 who are ill", "Children under 15 who are ill", Likeness.DOUBTFUL),
        ("Cases that were tried", "Cases that were not tried", Likeness.DOUBTFUL),
        ("Number of victims assisted", "Number of women victims assisted", Likeness.DOUBTFUL),
        ("Household income per month", "Household expenditure per month", Likeness.DOUBTFUL),
        ("Revenue from the tax on oil", "Revenue from the tax on gas", Likeness.DOUBTFUL),
        ("Acuerdos con los puertos", "Acuerdos por los puertos", Likeness.REWORDED),
        ("Rivers monitored", "Budget of the ministry of health", Likeness.OTHER),
    ],
)
def test_compared__two_texts__how_alike_they_are(then: str, now: str, likeness: Likeness) -> None:
    assert compared(then, now).likeness is likeness
