"""Tries an instrument: one questionnaire, a few made-up returns and their dataset, apart from the round itself."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.desk import questionnaires
from pipeline.journey import Published, consolidate_round
from pipeline.simulation.faults import Planted
from pipeline.simulation.sender import SimulatedReturn
from pipeline.simulation.simulate import one_plain_fault, simulate
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Respondent, Round

_RESPONDENTS = 5


@dataclass(frozen=True)
class Trial:
    """What a trial made: the round that it was made in, whose folders are its own, and the empty questionnaire.

    `written` are the made-up returns, with what was planted in them on purpose.
    """

    round: Round
    questionnaire: Path
    written: tuple[SimulatedReturn, ...]
    published: Published

    @property
    def planted(self) -> Iterator[tuple[str, Planted]]:
        """The faults that were made on purpose, each with the respondent."""
        yield from ((sent.respondent, fault) for sent in self.written for fault in sent.planted)

    @property
    def silent(self) -> tuple[Respondent, ...]:
        """Those who sent nothing, on purpose too."""
        sent = {one.respondent for one in self.written}
        return tuple(one for one in self.round.participants if one.code not in sent)

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

    One answer cannot be used and one respondent sends nothing, so that both are seen; all else is in order.
    Everything goes to the folder `trial` beside the outputs of rounds, nothing to the round.
    """
    root = round_.outputs.parent / "trial" / round_.name
    shutil.rmtree(root, ignore_errors=True)
    folder = root / "rounds" / round_.name
    folder.mkdir(parents=True)
    trial = apart(round_, folder)
    questionnaires.write_questionnaires(trial)
    # Of a single return nothing would be left to show.
    written = simulate(trial, seed, stories=[one_plain_fault] if len(trial.participants) > 1 else [])
    published = consolidate_round(trial)
    first = next(sent for sent in sorted(questionnaires.folder(trial).glob("*.xlsx")))
    return Trial(trial, first, tuple(written), published)


def apart(round_: Round, folder: Path) -> Round:
    """The round with its first respondents alone, and what is known of them, in a folder of its own."""
    respondents = round_.participants[:_RESPONDENTS]
    tried = {respondent.code for respondent in respondents}
    references = tuple(value for value in round_.references if value.respondent in tried)
    return replace(round_, folder=folder, respondents=respondents, references=references, slices=(), previous=None)
