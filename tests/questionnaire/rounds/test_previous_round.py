"""What a round says of the previous round it, and how a fault in that is reported."""

from pathlib import Path

import pytest

from questionnaire.tables import DeclarationError
from tests.given import mini_round

PREVIOUS = '\n[previous]\nanswers = "../../outputs/a/answers.parquet"\nedition = "0"\nperiod = "2022–2023"\n'


def test_previous__stated__is_read_beside_the_round(tmp_path: Path) -> None:
    previous = mini_round(tmp_path, more=PREVIOUS).previous
    assert previous
    assert previous.answers.resolve() == tmp_path.resolve() / "outputs" / "a" / "answers.parquet"
    assert (previous.edition, previous.period) == ("0", "2022–2023")


def test_previous__not_stated__there_is_none(tmp_path: Path) -> None:
    round_ = mini_round(tmp_path)
    assert round_.previous is None
    assert round_.previous_answers == {}


@pytest.mark.parametrize(
    ("old", "new", "key", "what"),
    [
        ('edition = "0"', 'edition = "9"', "previous.edition", "nothing says what edition 9 called"),
        ('period = "2022–2023"', 'period = " "', "previous.period", "it is empty"),
        ('period = "2022–2023"', "", "previous.period", "the key is missing"),
        ("answers =", "# answers =", "previous.answers", "the key is missing"),
        ('answers = "../../outputs/a/answers.parquet"', "answers = 1", "previous.answers", "not what belongs here"),
    ],
)
def test_previous__malformed__names_the_key_and_a_remedy(
    tmp_path: Path, old: str, new: str, key: str, what: str
) -> None:
    with pytest.raises(DeclarationError, match=what) as caught:
        mini_round(tmp_path, more=PREVIOUS.replace(old, new, 1))
    assert caught.value.where == f"round.toml, key {key}"
    assert caught.value.remedy
