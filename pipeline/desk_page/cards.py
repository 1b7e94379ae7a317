"""Makes what the desk page shows of one participant: files, findings, decisions, letters, and what to do next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from pipeline.follow_up.case_words import case_words
from pipeline.follow_up.cases import Case, File
from pipeline.follow_up.next_steps import Step, next_steps
from pipeline.receiving.decision import Decision
from pipeline.report.markup import Markup, group, heading, paragraph, row, table, tag
from questionnaire.messages import in_language, quoted, say
from questionnaire.rounds.round import Round

MOST_FINDINGS = 60
"""How many findings of a participant are listed; `acopio check` shows all."""

_NOTHING = "–"
_FILE_HEADS = ("file", "verdict", "saved", "came_from", "counts")
_FINDING_HEADS = ("place", "question", "found", "to_do")
_DECISION_HEADS = ("decision", "about", "who", "why")


@dataclass(frozen=True)
class Desk:
    """What is known of all: the findings that stand against each file, the decisions in force, the letters written.

    The decisions are by respondent, "" for all.
    """

    round: Round
    findings: Mapping[str, Sequence[File]]
    decisions: Mapping[str, Sequence[Decision]]
    letters: Mapping[str, Sequence[Path]]
    changes: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A sentence of the page, in the working language."""
        return say("desk", key, self.round.working_language, **values)

    def name(self, case: Case) -> str:
        return in_language(case.respondent.name, self.round.working_language)

    def decisions_about(self, respondent: str) -> Sequence[Decision]:
        """Those about a respondent or about all, in the order of the register."""
        about = (*self.decisions.get("", ()), *self.decisions.get(respondent, ()))
        return sorted(about, key=attrgetter("number"))


def card(desk: Desk, case: Case) -> Markup:
    """All about one participant."""
    code = case.respondent.code
    name, words = desk.name(case), case_words(desk.round, case)
    facts = (
        ("head_owes", words["owes"]),
        ("head_answered", f"{case.answered}/{case.asked}"),
        ("head_signed", case.signed or _NOTHING),
        ("head_deadline", f"{case.until} ({words['timing']})"),
        ("page_changed", desk.changes.get(code, "")),
    )
    listed = (part for key, value in facts if value for part in (tag("dt", desk.say(key)), tag("dd", value)))
    return tag(
        "section",
        tag("h3", f"{code} {name}", id=f"h-{code}"),
        tag("dl", *listed, class_="facts"),
        *(step_item(desk, step) for step in next_steps(desk.round, case)),
        *((file_table(desk, desk.say("page_files"), case.files),) if case.files else ()),
        *finding_tables(desk, case.files),
        *_decisions(desk, desk.decisions_about(code)),
        *_letters(desk, desk.letters.get(code, ())),
        class_="case",
        id=f"c-{code}",
        data_turn=str(case.turn),
        aria_labelledby=f"h-{code}",
    )


def step_item(desk: Desk, step: Step) -> Markup:
    """What to do, and its command with a button that copies it."""
    words = paragraph(step.words, "step")
    return tag("div", words, copied(desk, step.command)) if step.command else words


def copied(desk: Desk, text: str) -> Markup:
    """A text with a button that copies it; the button shows only where scripts run."""
    button = tag("button", desk.say("page_copy"), type="button", class_="copy", hidden="hidden")
    return tag("div", tag("pre", text), button, class_="command")


def file_table(desk: Desk, caption: str, files: Sequence[File]) -> Markup:
    """Files with their verdicts."""
    heads = [heading(desk.say(f"page_{head}")) for head in _FILE_HEADS]
    return table(caption, heads, [group("", len(heads), (_file_row(desk, file) for file in files))], "texts")


def _file_row(desk: Desk, file: File) -> Markup:
    """What a file is worth, when it was saved, who sent it, how many errors and warnings it has."""
    verdict = say("summary", f"verdict_{file['verdict']}", desk.round.working_language, n=1)
    part = f" [{file['slice']}]" if file["slice"] else ""
    saved = (file["saved"] or file["mail_date"])[:16].replace("T", " ") or _NOTHING
    counts = f"{int(file['errors']) + int(file['blockers'])} / {file['warnings']}"
    return row(file["file"], (f"{verdict}{part}", saved, file["sender"] or _NOTHING, counts))


def finding_tables(desk: Desk, files: Iterable[File]) -> Iterator[Markup]:
    """What is wrong with the files and what to do, if anything: what concerns a file as a whole comes first."""
    found = [one for file in files for one in desk.findings.get(file["file"], ())]
    found.sort(key=lambda one: bool(one["cell"]))
    if not found:
        return
    heads = [heading(desk.say(f"page_{head}")) for head in _FINDING_HEADS]
    lines = (_finding(desk, one) for one in found[:MOST_FINDINGS])
    yield table(desk.say("page_findings", n=len(found)), heads, [group("", len(heads), lines)], "texts places")
    if len(found) > MOST_FINDINGS:
        yield paragraph(desk.say("page_more", shown=MOST_FINDINGS, n=len(found)), "note")


def _finding(desk: Desk, one: File) -> Markup:
    place = " ".join(part for part in (one["sheet"], one["cell"]) if part) or one["file"]
    question = " ".join(part for part in (one["indicator"], one["field"]) if part) or _NOTHING
    typed = f"{quoted(one['value'], desk.round.working_language)} " if one["value"] else ""
    return row(place, (question, f"{typed}{one['message']}", one["remedy"]))


def _decisions(desk: Desk, decisions: Sequence[Decision]) -> Iterator[Markup]:
    if not decisions:
        return
    heads = [heading(desk.say(f"page_{head}")) for head in _DECISION_HEADS]
    lines = (_decision(one) for one in decisions)
    yield table(desk.say("page_decisions"), heads, [group("", len(heads), lines)], "texts")


def _decision(one: Decision) -> Markup:
    about = " ".join(part for part in (one.question or one.sha256[:12], one.value[:40]) if part)
    who = f"{one.who} ({one.source})" if one.source else one.who
    return row(str(one.kind), (about or _NOTHING, f"{who}, {one.at[:10]}", one.why))


def _letters(desk: Desk, letters: Sequence[Path]) -> Iterator[Markup]:
    """Each letter as a link, and the text of those that are text, to copy."""
    if not letters:
        return
    yield tag("h4", desk.say("page_letters"))
    for path in letters:
        where = f"../{quote(path.relative_to(desk.round.outputs).as_posix())}"
        yield paragraph(tag("a", path.name, href=where))
        if path.suffix == ".txt":
            text = path.read_text(encoding="utf-8", errors="replace")
            yield tag("details", tag("summary", desk.say("page_read")), copied(desk, text))
