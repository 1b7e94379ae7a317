"""The lines of a submission, and all that is found in it: while reading, and by the rules."""

from __future__ import annotations

from dataclasses import replace

from pipeline.consolidation.validate import validate
from pipeline.reading.tidy import Columns, Submission
from questionnaire.rounds.round import Round
from schemas.answers_table import answers_frame


def rows_of(submission: Submission) -> Columns:
    """The tidy table of a submission without the rows of its indicators."""
    asked = zip(submission.rows["block"], submission.rows["indicator"], strict=True)
    kept = [place for place, (block, indicator) in enumerate(asked) if block != indicator]
    return {name: [values[place] for place in kept] for name, values in submission.rows.items()}


def judged(round_: Round, submission: Submission) -> Submission:
    """The submission with what the rules on lists find, too."""
    instrument = round_.instrument
    own = replace(instrument, rules=tuple(rule for rule in instrument.rules if rule.lists or "projects" in rule.blocks))
    found = validate(answers_frame(submission.rows), own, round_.period.parameters, {})
    return replace(submission, findings=(*submission.findings, *found))
