"""Tries an instrument: one questionnaire, a few made-up returns and their dataset, apart from the round itself."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.desk import questionnaires
from pipeline.journey import Published, consolidate_round
from pipeline.simulation.simulate import simulate
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

_RESPONDENTS = 5


@dataclass(frozen=True)
class Trial:
    """What a trial made: the round that it was made in, whose folders are its own, and the empty questionnaire."""

    round: Round
    questionnaire: Path
    returns: int
    published: Published

    @property
    def files(self) -> Iterator[tuple[str, Path]]:
        """What to look at, each by the key of its sentence."""
        outputs = self.round.outputs / Access.RESTRICTED
        yield "tried_dataset", outputs / "regional.csv"
        yield "tried_workbook", outputs / "regional_dataset.xlsx"
        yield "tried_findings", outputs / "findings.csv"
        yield "tried_report", outputs / "data_docs" / "index.html"


def try_out(round_: Round, seed: int = 1) -> Trial:
    """Try the instrument of a round with its first respondents; what an earlier trial made is replaced.

    Everything goes to the folder `trial` beside the outputs of rounds, nothing to the round.
    """
    root = round_.outputs.parent / "trial" / round_.name
    shutil.rmtree(root, ignore_errors=True)
    folder = root / "rounds" / round_.name
    folder.mkdir(parents=True)
    respondents = round_.participants[:_RESPONDENTS]
    tried = {respondent.code for respondent in respondents}
    references = tuple(value for value in round_.references if value.respondent in tried)
    own = {"respondents": respondents, "references": references, "slices": (), "previous": None}
    trial = replace(round_, folder=folder, **own)  # type: ignore[arg-type]
    questionnaires.write_questionnaires(trial)
    written = simulate(trial, seed)
    published = consolidate_round(trial)
    first = next(sent for sent in sorted(questionnaires.folder(trial).glob("*.xlsx")))
    return Trial(trial, first, len(written), published)
