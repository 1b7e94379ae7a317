"""Shows the levels one by one: the matrix of participants and indicators."""

from collections.abc import Callable, Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, group, heading, key, paragraph, table, tag
from pipeline.report.source import Row
from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.form import Indicator
from questionnaire.rounds.standings import is_published

MOST_COLUMNS = 60
"""For how many participants the matrix has room."""

_ABSENT = {
    OBS_STATUS[AnswerStatus.NOT_APPLICABLE]: ("cannot_exist", AnswerStatus.NOT_APPLICABLE),
    OBS_STATUS[AnswerStatus.NOT_AVAILABLE]: ("not_collected", AnswerStatus.NOT_AVAILABLE),
    OBS_STATUS[AnswerStatus.CONFIDENTIAL]: ("suppressed", AnswerStatus.CONFIDENTIAL),
    OBS_STATUS[AnswerStatus.BLANK]: ("no_answer", AnswerStatus.BLANK),
}
"""Of an observation status without a level: what the key says of it, and the answer status whose sign stands for it."""

_NOT_PUBLISHED, _BLANK = "–", "·"


def matrix(edition: Edition) -> Iterator[Markup]:
    """One row per indicator with a level, one column per participant."""
    participants = [respondent.code for respondent in edition.round.participants]
    if len(participants) > MOST_COLUMNS:
        yield paragraph(edition.say("matrix_too_wide", most=MOST_COLUMNS, n=len(participants)))
        return
    yield paragraph(edition.say("matrix_lead"))
    signs = _signs(edition)
    absent = [("absent", signs[status], edition.say(words)) for status, (words, _) in _ABSENT.items()]
    levels = [(look, str(rank), label) for rank, look, label in edition.ranks]
    yield key((*levels, *absent, ("unpublished", _NOT_PUBLISHED, edition.say("no_published"))))
    known = edition.source.rows(
        "regional", "respondent", "indicator", "response", "level", "level_status", "obs_status"
    )
    cells = {(one["respondent"], one["indicator"]): one for one in known}
    met = edition.source.rows("measure_share_met", "indicator", "met", "known", scope="indicator")
    shares = {one["indicator"]: one for one in met}

    def line(indicator: Indicator) -> Markup:
        head = tag("th", tag("b", indicator.code), " ", tag("span", edition.text(indicator.text)), scope="row")
        own = (_cell(edition, cells.get((code, indicator.code)), signs) for code in participants)
        share = shares.get(indicator.code)
        total = "–" if share is None else f"{figure(share['met'])}/{figure(share['known'])}"
        return tag("tr", head, *own, tag("td", total, class_="total"))

    columns = (
        tag("th", tag("abbr", code, title=edition.name(code)), scope="col", class_="code") for code in participants
    )
    heads = [heading(edition.say("indicator")), *columns, heading(edition.say("met_of_known"), "total")]
    yield table(edition.say("matrix"), heads, by_section(edition, len(heads), line), "matrix")


def _signs(edition: Edition) -> dict[str, str]:
    """What stands in a cell without a level, by observation status: the reason as the questionnaire abbreviates it."""
    scale = edition.round.instrument.level_scale
    codes = [*edition.round.instrument.missing, *(scale or ())]
    reasons = {code.missing: code.short(edition.language) for code in codes if code.missing is not None}
    return {status: reasons.get(reason, _BLANK) for status, (_, reason) in _ABSENT.items()}


def _cell(edition: Edition, one: Row | None, signs: dict[str, str]) -> Markup:
    if one is None or not is_published(one["response"], one["level_status"]):
        return tag("td", _NOT_PUBLISHED, class_="unpublished")
    for rank, look, _ in edition.ranks:
        if one["level"] == rank:
            return tag("td", str(rank), class_=look)
    return tag("td", signs.get(one["obs_status"], _BLANK), class_="absent")


def by_section(edition: Edition, columns: int, line: Callable[[Indicator], Markup]) -> Iterator[Markup]:
    """The indicators that have a level, under the heading of their section."""
    instrument = edition.round.instrument
    for section in instrument.sections:
        asked = [indicator for indicator in section.indicators if instrument.level in indicator.field_codes]
        if asked:
            yield group(edition.text(section.label) or section.code, columns, map(line, asked))
