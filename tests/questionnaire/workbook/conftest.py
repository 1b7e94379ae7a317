"""Writes the questionnaires that several test modules look at: one of each instrument, written once."""

from __future__ import annotations

import pytest

from questionnaire.rounds.round import Respondent, read_round
from tests.given import DEMO, mini_round
from tests.questionnaire.workbook.written import Written, write


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of the small instrument, in French, which is not its official language."""
    folder = tmp_path_factory.mktemp("small")
    round_ = mini_round(folder)
    return write(folder, round_, _participant(round_.respondents, "BBB"))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of the real instrument, in Portuguese."""
    round_ = read_round(DEMO)
    return write(tmp_path_factory.mktemp("real"), round_, _participant(round_.respondents, "BRA"))


@pytest.fixture(params=["small", "real"])
def written(request: pytest.FixtureRequest) -> Written:
    """Each of the two."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Written)
    return found


def _participant(respondents: tuple[Respondent, ...], code: str) -> Respondent:
    return next(respondent for respondent in respondents if respondent.code == code)
