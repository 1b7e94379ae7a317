"""Runs the return pipeline: receives what came back, and has everything made of it unless an earlier run has done so.

It starts without what only a run with something new needs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.hashed import spelled
from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.made_before import Recipe, made_before
from pipeline.publication.manifest import inputs_of
from pipeline.publication.outcome import Figures
from pipeline.reading.fingerprints import of_file, of_judging, of_readings
from pipeline.receiving import register
from pipeline.receiving.receive import receive
from questionnaire.rounds.round import Round

if TYPE_CHECKING:
    from pipeline.consolidation.flow import Engine
    from pipeline.validation.batch import Progress


class NoReturnsError(Exception):
    """There is nothing in the folder of returns."""


@dataclass(frozen=True)
class Published:
    """What a run came to, and what came earlier and is there no more.

    `is_new` is false where an earlier run has made the same, and its files were left where they are.
    """

    figures: Figures
    gone: tuple[register.Gone, ...] = ()
    is_new: bool = True


def consolidate_round(
    round_: Round,
    progress: Progress = iter,
    flavour: Flavour = Flavour.PLAIN,
    labels: str = "",
    jobs: int | None = None,
    engine: Engine | None = None,
) -> Published:
    """Make everything in `outputs/<round>` from the folder of returns; `flavour` is that of its CSV.

    What would be the same as what stands there is not made again.

    `labels` is the language of the labels in Stata and SPSS files and of the signs in CSV for Excel, else the working
    language of the round. `jobs` is how many processes read returns and write files; `engine` reads and judges
    elsewhere.

    Raises NoReturnsError, NotPublishedError or DeclarationError; the earlier outputs then stay as they are.
    """
    if round_.previous is not None:
        # What opens a dataset takes long to load, and most rounds name none.
        from pipeline.previous_round.previous_answers import with_previous_answers  # noqa: PLC0415

        round_ = with_previous_answers(round_)
    files = receive(round_, jobs)
    if not files:
        raise NoReturnsError
    register.record(round_, files, dt.datetime.now(dt.UTC))
    files, history = register.with_acceptances(round_, files), register.history(round_)
    gone, inputs, readings = register.gone(round_, files), inputs_of(round_, files), of_readings(round_)
    # All that rows depend on beside code, declaration and previous round.
    known = spelled((history.received, history.names, history.decisions.rows))
    rows = [*(of_file(readings, file) for file in files), known]
    version, labels = of_judging(round_, readings), labels or round_.working_language
    recipe = Recipe(version, flavour, labels, rows, inputs, readings)
    if before := made_before(round_, recipe):
        return Published(before, gone, is_new=False)
    from pipeline.made_anew import make_anew  # noqa: PLC0415  pandas and much else comes along

    figures, is_new = make_anew(round_, files, history, recipe, progress, jobs=jobs, engine=engine)
    return Published(figures, gone, is_new)
