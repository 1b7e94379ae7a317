"""Makes many questionnaires from one: a template per language, in which only what names the respondent differs.

To write a workbook takes half a second; to put a name and previous answers into a copy of it takes some milliseconds.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from questionnaire.layout import Layout
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.sheet_names import REFERENCES_SHEET
from questionnaire.workbook import placeholders, reference_values
from questionnaire.workbook.package import Package, Pieces
from questionnaire.workbook.prefill.prefilled_sheet import PrefilledSheet
from questionnaire.workbook.prefill.previous_round import PreviousRound, addresses, previous_round
from questionnaire.workbook.write import Blank, identity, write_blank


@dataclass(frozen=True)
class Template:
    """A questionnaire for nobody in particular, in one language; `part` is the slice that it is.

    `sheets` are the parts of the package in which sections and lists stand, by their codes; `references` is the hidden
    sheet of the reference values, if there is one.
    """

    round: Round
    part: Slice | None
    package: Package
    sheets: dict[str, str]
    previous: PreviousRound
    references: PrefilledSheet | None = None

    @classmethod
    def of(
        cls, blank: Blank, previous: PreviousRound, sheets: Mapping[str, Pieces], others: Mapping[str, Pieces]
    ) -> "Template":
        """A template of what was written: with places in sheets, by their codes, and in other parts, by their names."""
        round_, references = previous.round, None
        pieces: dict[str, Pieces] = {name: (content,) for name, content in blank.parts.items()}
        pieces |= {blank.sheets[code]: content for code, content in sheets.items()} | dict(others)
        if REFERENCES_SHEET in blank.sheets:
            references = PrefilledSheet(blank.xml(REFERENCES_SHEET), reference_values.addresses(round_))
            pieces[blank.sheets[REFERENCES_SHEET]] = references.pieces
        package = Package({name: placeholders.with_places(content) for name, content in pieces.items()})
        return cls(round_, blank.book.part, package, blank.sheets, previous, references)

    def questionnaire_for(self, respondent: Respondent) -> bytes:
        """The workbook of a respondent."""
        return self.filled(respondent, self.previous.of(respondent.code))

    def filled(
        self,
        respondent: Respondent,
        shown: Mapping[str, Mapping[str, str]],
        others: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> bytes:
        """The workbook of a respondent with this in the places of sheets, by their codes, and of other parts."""
        within = {self.sheets[code]: places for code, places in shown.items()} | dict(others)
        if self.references is not None:
            numbers = reference_values.cells(self.round, respondent.code)
            within[self.sheets[REFERENCES_SHEET]] = self.references.filled(numbers, {})
        return self.package.filled(self.words(respondent), within)

    def words(self, respondent: Respondent) -> dict[str, str]:
        """What comes in the place of the words that stand for a respondent."""
        languages = _languages(self.round)
        figures = reference_values.words(self.round, respondent.code, languages)
        return placeholders.instead(respondent, identity(self.round, respondent, self.part).token, languages, figures)


def template(round_: Round, language: str, layout: Layout, part: Slice | None = None) -> Template:
    """The template of a round's questionnaires in a language, or of one slice of them.

    `layout` is that of the whole round.
    """
    layout = layout.part(part.indicators) if part else layout
    blank = blank_for_nobody(round_, language, layout, part)
    sheets = {code: PrefilledSheet(blank.xml(code), cells) for code, cells in addresses(layout).items()}
    previous = previous_round(round_, layout, language, sheets, blank.long_text)
    return Template.of(blank, previous, {code: sheet.pieces for code, sheet in sheets.items()}, {})


def blank_for_nobody(
    round_: Round, language: str, layout: Layout, part: Slice | None, correct_by: dt.date | None = None
) -> Blank:
    """A workbook for nobody in particular, with words where the respondent is named."""
    names = {code: placeholders.name(code) for code in _languages(round_)}
    nobody = Respondent(placeholders.CODE, names, language, participates=True, reason="", aliases=())
    whose = identity(round_, nobody, part)
    whose = replace(whose, token=placeholders.TOKEN) if whose.token else whose
    return write_blank(round_, nobody, whose, layout, part, correct_by)


def _languages(round_: Round) -> tuple[str, ...]:
    """Those that a name may be shown in."""
    return tuple(dict.fromkeys((*LANGUAGES, *round_.languages)))
