"""Reports what `acopio new` wrote, with everything that somebody should look at, and what `acopio try` made."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.desk.summary import summary
from pipeline.starting.design import NewInstrument
from pipeline.starting.places import Places
from pipeline.starting.start import Started
from pipeline.starting.trial import Trial
from questionnaire.indicator_table.records import IndicatorTable
from questionnaire.messages import say, with_colon
from questionnaire.rounds.access import Access

_SHORT = 90


def started_lines(
    started: Started, table: IndicatorTable, places: Places, given: str, shown: Callable[[Path], str]
) -> Iterator[str]:
    """The report, in the language of the table; `shown` gives the short form of a path."""
    new, round_ = started.new, started.round
    language = new.language

    def told(key: str, **values: object) -> str:
        return say("new_instrument", key, language, **values)

    counts = {"sections": len(new.sections), "indicators": len(new.entries), "questions": len(new.questions)}
    yield told("made_instrument", folder=shown(places.instrument), **counts)
    yield told("made_round", folder=shown(places.round), period=round_.period, respondents=len(round_.participants))
    if doubts := sum(entry.is_doubtful for entry in table.irregularities):
        yield told("doubts_of_table", count=doubts)
    yield ""
    yield told("proposed")
    rows = list(new.proposals())
    for label, count in Counter(row["proposal"] for row in rows).most_common():
        yield f"{count:6}  {label}"
    doubtful = [row for row in rows if row["to_look_at"]]
    if doubtful:
        yield ""
        yield told("to_look_at", count=len(doubtful), file=shown(places.instrument / "proposals.csv"))
    for row in doubtful:
        yield f"  {row['indicator']} {_short(row['text'])}"
        yield f"      {row['proposal']}. {row['to_look_at']}"
    yield from _figures_of_plan(new, places, shown)
    for one in new.left_out:
        yield told("left_out", indicator=f"{one.identifier} {_short(one.text or one.verbatim)}".strip())
    yield ""
    yield told(
        "placeholders", respondents=shown(places.round / "respondents.csv"), round=shown(places.round / "round.toml")
    )
    yield told("next", name=given)


def _figures_of_plan(new: NewInstrument, places: Places, shown: Callable[[Path], str]) -> Iterator[str]:
    """Which baselines and targets became reference values, and which stay in the help, as texts."""
    texts = list(new.plan.texts)
    if new.plan.every or texts:
        yield ""
    if count := len(new.plan.every):
        file = shown(places.round / "reference.csv")
        yield say("new_instrument", "figures_of_plan", new.language, count=count, file=file)
    if texts:
        yield say("new_instrument", "texts_of_plan", new.language, count=len(texts))
    yield from (f"  {code} {with_colon(one.head or one.role, _short(one.text), new.language)}" for code, one in texts)


def tried_lines(trial: Trial, shown: Callable[[Path], str]) -> Iterator[str]:
    """What a trial made, each file with what it is, then the summary of its consolidation."""
    round_ = trial.round
    language, first = round_.working_language, round_.participants[0]

    def told(key: str, **values: object) -> str:
        return say("new_instrument", key, language, **values)

    yield told("tried", name=round_.name)
    respondent = first.name.get(language, first.code)
    made = [
        (trial.questionnaire, told("tried_questionnaire", respondent=respondent)),
        (round_.returns, told("tried_returns", count=len(trial.written))),
        *((path, told(key)) for key, path in trial.files),
    ]
    for path, what in made:
        yield "  " + with_colon(shown(path), what, language)
    named = {one.code: one.name.get(language, one.code) for one in round_.participants}
    for code, fault in trial.planted:
        where = " ".join((fault.sheet, fault.cell))
        yield told("tried_planted", respondent=named[code], indicator=fault.indicator, where=where)
    if trial.silent:
        yield told("tried_silent", respondents=", ".join(named[one.code] for one in trial.silent))
    if round_.instrument.lists:
        yield told("tried_tables")
    yield from summary(round_, trial.published, shown(round_.results(Access.RESTRICTED)))


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
