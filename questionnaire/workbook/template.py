"""Makes many questionnaires from one: a template per language, in which only what names the respondent differs.

To write a workbook takes half a second; to put a name and previous answers into a copy of it takes some milliseconds.
"""

from dataclasses import dataclass, replace

from questionnaire.layout import Layout
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.sheet_names import REFERENCES_SHEET
from questionnaire.workbook import placeholders, reference_values
from questionnaire.workbook.package import Package, Pieces
from questionnaire.workbook.prefill.prefilled_sheet import PrefilledSheet
from questionnaire.workbook.prefill.previous_round import PreviousRound, previous_round
from questionnaire.workbook.write import identity, write_blank


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

    def questionnaire_for(self, respondent: Respondent) -> bytes:
        """The workbook of a respondent."""
        token = identity(self.round, respondent, self.part).token
        languages = _languages(self.round)
        figures = reference_values.words(self.round, respondent.code, languages)
        words = placeholders.instead(respondent, token, languages, figures)
        shown = {self.sheets[code]: places for code, places in self.previous.of(respondent.code).items()}
        if self.references is not None:
            numbers = reference_values.cells(self.round, respondent.code)
            shown[self.sheets[REFERENCES_SHEET]] = self.references.filled(numbers, {})
        return self.package.filled(words, shown)


def template(round_: Round, language: str, layout: Layout, part: Slice | None = None) -> Template:
    """The template of a round's questionnaires in a language, or of one slice of them.

    `layout` is that of the whole round.
    """
    layout = layout.part(part.indicators) if part else layout
    names = {code: placeholders.name(code) for code in _languages(round_)}
    nobody = Respondent(placeholders.CODE, names, language, participates=True, reason="", aliases=())
    whose = identity(round_, nobody, part)
    whose = replace(whose, token=placeholders.TOKEN) if whose.token else whose
    blank = write_blank(round_, nobody, whose, layout, part)
    xml = {code: blank.parts[name] for code, name in blank.sheets.items()}
    previous = previous_round(round_, layout, language, xml, blank.long_text)
    pieces: dict[str, Pieces] = {name: (content,) for name, content in blank.parts.items()}
    pieces |= {blank.sheets[code]: sheet.pieces for code, sheet in previous.sheets.items()}
    references = None
    if REFERENCES_SHEET in xml:
        references = PrefilledSheet(xml[REFERENCES_SHEET], reference_values.addresses(round_))
        pieces[blank.sheets[REFERENCES_SHEET]] = references.pieces
    package = Package({name: placeholders.with_places(content) for name, content in pieces.items()})
    return Template(round_, part, package, blank.sheets, previous, references)


def _languages(round_: Round) -> tuple[str, ...]:
    """Those that a name may be shown in."""
    return tuple(dict.fromkeys((*LANGUAGES, *round_.languages)))
