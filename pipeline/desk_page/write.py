"""Writes the desk page of a round: whole in one file, without a network, of what the last run and the register say."""

import base64
import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.desk_page.cards import Desk, card, file_table, finding_tables, step_item
from pipeline.files import write_whole
from pipeline.follow_up.case_words import case_words
from pipeline.follow_up.cases import SETTLED_BY_US, Case, Cases, File, Turn, read_cases
from pipeline.follow_up.differences import change_lines
from pipeline.follow_up.next_steps import settle
from pipeline.publication.results import read_rows
from pipeline.receiving import register
from pipeline.receiving.decision import Decision
from pipeline.report.markup import Markup, group, heading, paragraph, row, table, tag
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity

FOLDER = "desk"
"""Where the page stands, among the outputs of a round."""

_PAGES = Path(__file__).parent / "pages"
_STYLES = (_PAGES.parents[1] / "report" / "pages" / "report.css", _PAGES / "desk.css")
_SCRIPT = _PAGES / "desk.js"
_LETTERS = ("feedback", "letters")
"""The folders of the outputs in which letters to respondents are written."""

_GRAVE = (str(Severity.BLOCKER), str(Severity.ERROR))
_SET_ASIDE = (Verdict.SUPERSEDED, Verdict.DUPLICATE, Verdict.NOT_A_RETURN)
_FINDING = ("severity", "code", "file", "indicator", "field", "sheet", "cell", "value", "message", "remedy")
_HEADS = ("respondent", "owes", "answered", "signed", "deadline")
_MOST_OPEN = 50
"""Of so many participants at most a group is open at first: a page of a thousand would be some hundred screens tall."""


def write_desk_page(round_: Round, today: dt.date) -> Path:
    """Write `outputs/<round>/desk/index.html`; NotConsolidatedError before a first run."""
    path = round_.outputs / FOLDER / "index.html"
    write_whole(path, desk_page(round_, today).encode())
    return path


def desk_page(round_: Round, today: dt.date) -> str:
    """The page in the working language, as of a day."""
    cases = read_cases(round_, today)
    decisions: dict[str, list[Decision]] = defaultdict(list)
    for one in register.decisions(round_).in_force:
        decisions[one.respondent].append(one)
    desk = Desk(round_, _findings(round_, cases), decisions, _letters(round_, cases), change_lines(round_))
    language, script = round_.working_language, _SCRIPT.read_text(encoding="utf-8")
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'"
    style = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    title = tag("title", f"{desk.say('page_title')} – {round_.name}")
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{title}\n<style>\n{style}</style>\n"
    )
    body = tag("body", tag("main", *_main(desk, cases, today)))
    page = f"<head>\n{head}</head>\n{body}\n<script>{script}</script>\n"
    return f'<!DOCTYPE html>\n<html lang="{language}">\n{page}</html>\n'


def _main(desk: Desk, cases: Cases, today: dt.date) -> Iterator[Markup]:
    round_ = desk.round
    yield tag("a", say("report", "skip", round_.working_language), href="#overview", class_="skip")
    counts = {"round": round_.name, "sent": cases.sent, "accepted": cases.accepted, "asked": len(cases.cases)}
    yield tag(
        "header",
        paragraph(in_language(round_.title, round_.working_language), "kicker"),
        tag("h1", desk.say("page_title")),
        paragraph(say("report", "access_restricted", round_.working_language), "access restricted"),
        paragraph(desk.say("headline", **counts, until=round_.return_by), "status open"),
        paragraph(desk.say("page_as_of", day=today), "note"),
    )
    yield _filters(desk, cases)
    yield tag("h2", desk.say("page_overview"), id="overview")
    yield from _folded(desk, cases, lambda turn, found: (_overview(desk, turn, found),))
    yield tag("h2", desk.say("page_cases"))
    yield from _folded(desk, cases, lambda _, found: (card(desk, case) for case in found))
    if cases.others:
        yield _others(desk, cases.others)


def _filters(desk: Desk, cases: Cases) -> Markup:
    """What may be chosen to see less; it shows only where scripts run."""
    options = (tag("option", f"{desk.say(f'turn_{turn}')} ({len(cases.of(turn))})", value=str(turn)) for turn in Turn)
    every = tag("option", f"{desk.say('page_all')} ({len(cases.cases)})", value="all")
    return tag(
        "form",
        tag("label", f"{desk.say('page_show')} ", tag("select", every, *options, id="turn")),
        tag("label", f"{desk.say('page_search')} ", Markup('<input type="search" id="words"/>')),
        tag("span", id="count", role="status"),
        class_="filters",
        hidden="hidden",
    )


def _folded(desk: Desk, cases: Cases, content: Callable[[Turn, Sequence[Case]], Iterable[Markup]]) -> Iterator[Markup]:
    """What there is about the participants in groups that fold: those of whom something is owed come first."""
    for turn in Turn:
        if found := cases.of(turn):
            summary = tag("summary", f"{desk.say(f'turn_{turn}')} ({len(found)})")
            is_open = turn is not Turn.NOBODYS and len(found) <= _MOST_OPEN
            yield tag("details", summary, *content(turn, found), class_="turn", open="open" if is_open else "")


def _overview(desk: Desk, turn: Turn, found: Sequence[Case]) -> Markup:
    heads = [heading(desk.say(f"head_{head}")) for head in _HEADS]
    lines = (_line(desk, case) for case in found)
    return table(desk.say(f"turn_{turn}"), heads, [group("", len(heads), lines)], "texts overview")


def _line(desk: Desk, case: Case) -> Markup:
    words, code = case_words(desk.round, case), case.respondent.code
    link = tag("a", f"{code} {desk.name(case)}", href=f"#c-{code}")
    cells = (words["owes"], f"{case.answered}/{case.asked}", case.signed or "–", words["timing"])
    return row(link, cells, f"turn-{case.turn}")


def _others(desk: Desk, files: Sequence[File]) -> Markup:
    """The files that are no participant's, what is wrong with them, and what settles those that we must settle."""
    steps = (step_item(desk, settle(desk.round, file)) for file in files if file["verdict"] in SETTLED_BY_US)
    tables = (file_table(desk, desk.say("turn_unknown"), files), *finding_tables(desk, files))
    return tag("section", *tables, *steps, id="others")


def _findings(round_: Round, cases: Cases) -> Mapping[str, Sequence[File]]:
    """What is grave in each file that may still count."""
    files = [*(file for case in cases.cases for file in case.files), *cases.others]
    open_ = {file["file"] for file in files if file["verdict"] not in _SET_ASIDE}
    found: dict[str, list[File]] = defaultdict(list)
    for one in read_rows(round_, "findings", _FINDING):
        if one["severity"] in _GRAVE and one["file"] in open_:
            found[one["file"]].append(one)
    return found


def _letters(round_: Round, cases: Cases) -> Mapping[str, Sequence[Path]]:
    """The letters written to each participant: the files whose name begins with its code."""
    paths = [path for name in _LETTERS for path in sorted((round_.outputs / name).glob("**/*")) if path.is_file()]
    found: dict[str, list[Path]] = {case.respondent.code: [] for case in cases.cases}
    for path in paths:
        for end in re.finditer(r"[_.]", path.name):
            if (whose := found.get(path.name[: end.start()])) is not None:
                whose.append(path)
    return found
