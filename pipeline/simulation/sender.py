"""A simulated respondent: it fills in its questionnaire, signs it, and sends it, perhaps more than once."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pipeline.desk import questionnaires
from pipeline.simulation.faults import Planted, Scene
from pipeline.simulation.fill import FilledWorkbook
from pipeline.simulation.simulated_lines import DrawnLine, LineWriter
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Layout
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rules.evaluate import Answer
from questionnaire.sample import Draft, Sampler
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from questionnaire.workbook.write import file_name

_TRIES = 20
_CHANGED = 6  # One in so many indicators is answered anew in a questionnaire that is sent again.


@dataclass(frozen=True)
class SimulatedReturn:
    """One file written, what was done to it, and what a run should find in it."""

    file: str
    respondent: str
    story: str
    verdict: str
    planted: tuple[Planted, ...] = ()


@dataclass
class Sender:
    """A respondent who fills in and sends the questionnaire, perhaps more than once.

    Nothing comes back from those who are `silent`; the `witness`, "" without one, sends one return, all in order.
    """

    round_: Round
    layout: Layout
    respondent: Respondent
    random: Random
    random_lines: Random
    silent: tuple[str, ...]
    witness: str
    tabs: dict[str, str] = field(init=False)
    sampler: Sampler = field(init=False)
    writer: LineWriter = field(init=False)

    def __post_init__(self) -> None:
        self.tabs = dict(tab_names(self.layout))
        instrument, period = self.round_.instrument, self.round_.period
        previous = self.round_.previous_answers.get(self.respondent.code, {})
        drawn = Sampler(instrument, period.parameters, self.random_lines, self.respondent.language)
        self.writer = LineWriter(drawn, self.respondent.code, self.silent)
        lines = self.writer.drawn_first(instrument)
        self.sampler = Sampler(
            instrument,
            period.parameters,
            self.random,
            self.respondent.language,
            previous,
            lines,
            self.respondent.code,
        )

    def scene(self, draft: Draft | None = None) -> Scene:
        """A return in the making; without a draft, with answers that are all in order."""
        answers = dict(draft) if draft is not None else self.answers()
        return Scene(self.layout, self.tabs, self.sampler, self.random, answers)

    def answers(self) -> Draft:
        """Answers that are all in order; some at least, since what comes back empty is no return."""
        draft = next((draft for _ in range(_TRIES) if (draft := self.sampler.valid())), {})
        return self._units_of_tables() | draft if draft else draft

    def _units_of_tables(self) -> Draft:
        """The first unit of each table in which one is chosen: all tables are filled in."""
        tables = (block for block in self.layout.instrument.lists if isinstance(block, TableBlock))
        return {
            (block.indicator, asked.code): Answer(asked.type.codelist.value_codes[0])
            for block in tables
            if (asked := block.unit_question) and isinstance(asked.type, SingleChoice)
        }

    def changed(self, draft: Draft) -> Draft:
        """The same answers but for some indicators, of which every question is answered anew; all in order."""
        other, changed = self.answers(), dict(draft)
        indicators = [indicator.code for indicator in self.layout.instrument.indicators]
        for code in self.random.sample(indicators, max(1, len(indicators) // _CHANGED)):
            anew = {key: answer for key, answer in other.items() if key[0] == code}
            trial = changed | anew
            if all(key in anew for key in changed if key[0] == code) and not any(
                True for _ in self.sampler.broken(trial)
            ):
                changed = trial
        return changed

    def questionnaire(self) -> Path:
        """The questionnaire that was sent to this respondent."""
        return questionnaires.folder(self.round_) / file_name(self.round_, self.respondent)

    def other(self) -> Respondent:
        """Some other participant."""
        return next(entry for entry in self.round_.participants if entry.code != self.respondent.code)

    def send(self, scene: Scene, days: int, suffix: str = "", language: str = "", name: str = "") -> str:
        """Type the answers, make the edits, save `days` after the questionnaire was sent; the name of the file."""
        book = FilledWorkbook(self.questionnaire(), self.layout, self.tabs, language or self.respondent.language)
        book.answer(scene.draft)
        for sheet in self.layout.lists:
            book.fill_lines(sheet, scene.lines.get(sheet.block.code) or self.lines(sheet.block, scene))
        self._sign(book, days)
        for edit in scene.edits:
            edit(book)
        file = (name or self.questionnaire().stem + suffix) + ".xlsx"
        book.save(self.round_.returns / file, self.saved(days))
        return file

    def lines(self, block: ListBlock, scene: Scene) -> list[DrawnLine]:
        """The lines of a list that go with the answers of a scene."""
        if block.code in self.sampler.lines:
            return [dict(line) for line in self.sampler.lines[block.code].values()] if scene.draft else []
        return self.writer.lines(block, scene.draft, scene.touched)

    def _sign(self, book: FilledWorkbook, days: int) -> None:
        """Fill in the Cover: a focal point with an address that can be nobody's, and the sign-off."""
        code = self.respondent.code
        book.type_named(COVER_ENTRIES["focal_point"].name, f"{code} focal point")
        book.type_named(COVER_ENTRIES["email"].name, f"focal.point@{code.lower()}.example")
        book.type_named(SIGN_OFF, f"{code} director")
        book.type_named(COVER_ENTRIES["signed_off_on"].name, self.saved(days).date())

    def saved(self, days: int) -> dt.datetime:
        return dt.datetime.combine(self.round_.sent_on, dt.time(9, 30)) + dt.timedelta(days=days)

    def returned(self, file: str, story: str, verdict: str, *planted: Planted) -> SimulatedReturn:
        return SimulatedReturn(file, self.respondent.code, story, verdict, planted)
