"""Writes what of the previous round stands in the workbook of one respondent, sheet by sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.layout import Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Evaluator, Line, Responses
from questionnaire.workbook.prefill import previous_answers, previous_lines, previous_tables
from questionnaire.workbook.prefill.prefilled_sheet import PrefilledSheet
from questionnaire.workbook.prefill.previous_answers import PreviousAnswers
from questionnaire.workbook.prefill.previous_heights import Heights
from questionnaire.workbook.prefill.previous_lines import PreviousLines
from questionnaire.workbook.prefill.previous_tables import PreviousTables
from questionnaire.workbook.texts.codelist_sheet import ListAddresses, list_addresses
from questionnaire.workbook.texts.texts import Texts

Places = dict[str, str]
"""What stands in the places of a sheet."""


@dataclass(frozen=True)
class PreviousRound:
    """The previous round as the workbooks of one language show it.

    `sheets` are those that show something of it, by the codes of sections and lists; `sections` has what puts answers
    into those of sections, and how tall their rows are. `waiting` is what is shown beside a line without an x.
    """

    round: Round
    layout: Layout
    lists: ListAddresses
    language: str
    sheets: Mapping[str, PrefilledSheet]
    sections: Mapping[str, tuple[PreviousAnswers, Heights]]
    waiting: str

    def of(self, respondent: str) -> dict[str, Places]:
        """What one respondent answered, by the codes of the sheets that show it."""
        if not self.layout.prefilled:
            return {}
        return {**self._sections(respondent), **self._lines(respondent), **self._tables(respondent)}

    def _sections(self, respondent: str) -> dict[str, Places]:
        answers = self.round.previous_answers.get(respondent, {})
        of_tables = self._previous_tables(respondent)
        places = {}
        for section in self.layout.sheets:
            sheet = self.sheets[section.code]
            shown, heights = self.sections[section.code]
            taller = heights.taller(answers)
            placed = shown.places(answers) | sheet.filled({}, taller)
            for table in section.tables:
                placed |= sheet.filled(of_tables.cells(table), {})
            if taller:
                placed |= sheet.broken_before(heights.breaks(taller))
            places[section.code] = placed
        return places

    def _lines(self, respondent: str) -> dict[str, Places]:
        lines = self._worked_out(respondent)
        shown = PreviousLines(lines, self.lists, self.language, self.waiting)
        return {
            sheet.code: self.sheets[sheet.code].filled(
                shown.cells(sheet), shown.taller(sheet, self.sheets[sheet.code].heights)
            )
            for sheet in self.layout.lists
            if sheet.prefilled
        }

    def _worked_out(self, respondent: str) -> dict[str, tuple[Line, ...]]:
        """The lines of the previous round with what their columns compute today, as the sheet will."""
        instrument, parameters = self.round.instrument, self.round.period.parameters
        evaluator = Evaluator(instrument, Responses({}, {}, respondent), parameters)
        found: dict[str, tuple[Line, ...]] = {}
        for block, lines in self.round.previous_lines.get(respondent, {}).items():
            own = instrument.blocks[block].computed_questions
            given = [{code: answer for code, answer in line.items() if code not in own} for line in lines]
            found[block] = tuple({**line, **evaluator.computed_columns(block, line)} for line in given)
        return found

    def _tables(self, respondent: str) -> dict[str, Places]:
        shown = self._previous_tables(respondent)
        tables = (sheet for sheet in self.layout.own_sheets if isinstance(sheet, TableSheet))
        return {sheet.code: self.sheets[sheet.code].filled(shown.cells(sheet), {}) for sheet in tables}

    def _previous_tables(self, respondent: str) -> PreviousTables:
        lines = self.round.previous_lines.get(respondent, {})
        return PreviousTables(lines, self.lists.missing_list, self.language)


def addresses(layout: Layout) -> dict[str, set[str]]:
    """The cells that show something of the previous round, by the codes of their sheets; none without such a round."""
    if not layout.prefilled:
        return {}
    found = {
        section.code: previous_answers.addresses(section).union(*map(previous_tables.addresses, section.tables))
        for section in layout.sheets
    }
    for listed in layout.own_sheets:
        if isinstance(listed, TableSheet):
            found[listed.code] = previous_tables.addresses(listed)
        elif listed.prefilled:
            found[listed.code] = previous_lines.addresses(listed)
    return found


def previous_round(
    round_: Round, layout: Layout, language: str, sheets: Mapping[str, PrefilledSheet], long_text: int
) -> PreviousRound:
    """The previous round in sheets with places for what `addresses` says."""
    texts = Texts(round_.languages, round_.instrument.official_language, language)
    lists, waiting = list_addresses(layout.instrument, round_.languages), previous_lines.waiting(texts)
    sections = {
        section.code: (
            PreviousAnswers(section, sheets[section.code], lists, language, long_text),
            Heights(layout, section, sheets[section.code].heights),
        )
        for section in layout.sheets
        if layout.prefilled
    }
    return PreviousRound(round_, layout, lists, language, sheets, sections, waiting)
