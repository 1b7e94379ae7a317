"""Says what a person may have meant by the name of a respondent, indicator or question that there is not."""

from questionnaire.declaration.blocks import Block, ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import in_language, say
from questionnaire.question_names import cell_name, line_number, split_name
from questionnaire.rounds.naming import find_respondent, is_near, nearest, nearest_respondents
from questionnaire.rounds.round import Respondent, Round


class UnknownError(Exception):
    """A respondent, indicator, question or file that the round does not know; the text says what there is."""


def respondent_named(round_: Round, named: str) -> Respondent:
    """The respondent with that code, name or alias; UnknownError with what there is, the nearest first."""
    found = find_respondent(round_, named)
    if found is not None:
        return found
    language, ordered = round_.working_language, nearest_respondents(round_, named)
    known = ", ".join(f"{entry.code} {in_language(entry.name, language)}" for entry in ordered[:_MOST])
    near = any(is_near(named, name) for entry in ordered[:1] for name in (entry.code, *entry.name.values()))
    key = "unknown_respondent_near" if near else "unknown_respondent"
    raise UnknownError(say("summary", key, language, respondent=named, known=known, near=ordered[0].code))


def indicator_named(instrument: Instrument, named: str, language: str) -> str:
    """The code of the indicator, or list, written in whatever capitals; UnknownError with what there is."""
    codes = [entry.code for entry in instrument.indicators] + [block.code for block in instrument.lists]
    found = {code.casefold(): code for code in codes}.get(named.casefold())
    if found is None:
        known = ", ".join(nearest(named, codes))
        raise UnknownError(say("summary", "unknown_indicator", language, indicator=named, known=known))
    return found


def field_named(instrument: Instrument, block: str, named: str, language: str) -> str:
    """The code of a field of an indicator or list; UnknownError with what there is, the nearest first."""
    codes = [field.code for field in instrument.blocks[block].fields]
    found = {code.casefold(): code for code in codes}.get(named.casefold())
    if found is None:
        known = ", ".join(nearest(named, codes))
        raise UnknownError(say("summary", "unknown_field", language, field=named, indicator=block, known=known))
    return found


def question_named(instrument: Instrument, question: str, language: str) -> str:
    """A question as the register has it, `W01a.total`; without a field, the first of its indicator.

    A cell of a list or table stands in a line: `projects[3].partner`, `wells[grounds=HILL].y2024`. Raises UnknownError
    with what there is, the nearest first.
    """
    name = split_name(question, instrument.blocks)
    block = indicator_named(instrument, name.block if name else question, language)
    asked = instrument.blocks[block]
    if name is None or (isinstance(asked, ListBlock) and not (name.place and name.field)):
        key = "decide_table" if isinstance(asked, TableBlock) else "decide_list"
        raise UnknownError(say("summary", key, language, question=question, example=_example(instrument, asked)))
    if not isinstance(asked, ListBlock):
        found = field_named(instrument, block, name.field, language) if name.field else asked.fields[0].code
        return f"{block}.{found}"
    line = line_number(instrument, block, name.place)
    if not 0 < line <= asked.most_lines:
        values = {"line": name.place, "block": block, "example": _example(instrument, asked)}
        raise UnknownError(say("summary", "unknown_line", language, **values))
    return cell_name(instrument, block, line, field_named(instrument, block, name.field, language))


def _example(instrument: Instrument, block: Block) -> str:
    """The name of one cell of a list or table."""
    columns = block.measured if isinstance(block, TableBlock) else [field.code for field in block.fields]
    return cell_name(instrument, block.code, 1, list(columns)[-1])


_MOST = 8
