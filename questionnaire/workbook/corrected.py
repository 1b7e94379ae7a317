"""Makes the workbook that goes back to its respondent: today's questionnaire, signed, with its answers in place."""

from questionnaire.layout import Layout
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.workbook.package import Package
from questionnaire.workbook.prefill.previous_round import previous_round
from questionnaire.workbook.returned import Returned
from questionnaire.workbook.write import identity, write_blank


def corrected_workbook(
    round_: Round, respondent: Respondent, layout: Layout, part: Slice | None, returned: Returned
) -> bytes:
    """The workbook; `layout` is that of the part, where it is one.

    The answers of the previous round stand beside the questions again. The lines of its lists do not: in their cells
    stand the lines of the return.
    """
    blank = write_blank(round_, respondent, identity(round_, respondent, part), layout, part, returned)
    xml = {code: blank.parts[name] for code, name in blank.sheets.items()}
    sections = Layout(layout.instrument, layout.prefilled)
    sections.lists = ()
    previous = previous_round(round_, sections, respondent.language, xml, blank.long_text)
    parts = {name: (content,) for name, content in blank.parts.items()}
    package = Package({**parts, **{blank.sheets[code]: sheet.pieces for code, sheet in previous.sheets.items()}})
    shown = {blank.sheets[code]: places for code, places in previous.of(respondent.code).items()}
    return package.filled({}, shown)
