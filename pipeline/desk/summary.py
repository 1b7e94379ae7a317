"""Writes the printed summary of a consolidation: what came back, what it is worth, and where to look next."""

from collections import Counter
from collections.abc import Iterator

from pipeline.journey import Published
from questionnaire.messages import say
from questionnaire.rounds.round import Round
from questionnaire.rounds.round_key import KEY
from questionnaire.rounds.standings import IN_PART, NO_RETURN, STANDINGS, Outcome, Verdict
from questionnaire.rules.rule import Severity

_NOT_EXPECTED = (
    IN_PART, Verdict.TO_APPROVE, Verdict.TO_COMPLETE, Verdict.UNREADABLE_IN_PART, Verdict.UNVERIFIED
)  # fmt: skip
_NEXT = ("look_report", "look_findings", "look_returns", "look_dataset", "look_data_docs")


def summary(round_: Round, published: Published, folder: str) -> Iterator[str]:
    """The lines a secretary reads after a run, in the working language of the round."""
    language, figures = round_.working_language, published.figures

    def line(key: str, **values: object) -> str:
        return say("summary", key, language, **values)

    standings = Counter(figures.standings.values())
    asked = len(round_.participants)
    yield line("consolidated", round=round_.name, returned=asked - standings[NO_RETURN], asked=asked)
    for standing in STANDINGS:
        if standing in _NOT_EXPECTED and not standings[standing]:
            continue
        codes = [code for code, value in figures.standings.items() if value == standing]
        named = f": {' '.join(codes)}" if codes and standing != Verdict.ACCEPTED else ""
        yield f"  {standings[standing]:>4}  {line(f'count_{standing}', n=standings[standing])}{named}"
    verdicts = Counter(figures.verdicts)
    counted = ", ".join(
        f"{number} {line(f'verdict_{verdict}', n=number)}" for verdict in Verdict if (number := verdicts[verdict])
    )
    yield line("files_received", files=verdicts.total(), verdicts=counted)
    if figures.key_missing:
        yield line("key_missing", file=round_.folder / KEY)
    if figures.conflicts:
        yield line("answers_in_conflict", count=figures.conflicts)
    if verdicts[Verdict.UNVERIFIED]:
        yield line("files_held", count=verdicts[Verdict.UNVERIFIED], folder=round_.folder)
    if published.gone:
        yield line("files_gone", count=len(published.gone), returns=round_.returns, folder=round_.folder)
    yield line("findings_counted", **{f"{severity}s": figures.severities.get(severity, 0) for severity in Severity})
    key = "reconciled_waiting" if figures.reconciled[Outcome.WAITING] else "reconciled"
    yield line(key, **figures.reconciled)
    yield line("gate_passed", expectations=figures.expectations)
    if figures.left_out:
        yield line("labelled_left_out", tables=", ".join(figures.left_out))
    if not published.is_new:
        yield line("nothing_new")
    yield ""
    yield line("look_next", folder=folder)
    for key in _NEXT:
        yield f"  {line(key)}"
    if figures.provisional:
        yield line("provisional", **figures.provisional)
