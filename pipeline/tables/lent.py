"""Lends to the database what queries look things up in: small tables of the round and its declaration."""

import datetime as dt
from collections.abc import Container, Mapping, Sequence

import pyarrow as pa

from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer
from schemas.tables.own_codes import SUPPRESSED


def frame_rows(round_: Round, standings: Mapping[str, str]) -> pa.Table:
    """`frame`: the respondents in their order; `response` only of those who take part."""
    language = round_.working_language
    rows = [
        (
            place,
            respondent.code,
            in_language(respondent.name, language) or respondent.code,
            respondent.language,
            respondent.participates,
            respondent.reason,
            standings.get(respondent.code),
        )
        for place, respondent in enumerate(round_.respondents)
    ]
    return table_of(
        rows,
        place=pa.int32(), respondent=pa.string(), respondent_name=pa.string(), language=pa.string(),
        participates=pa.bool_(), not_asked_because=pa.string(), response=pa.string(),
    )  # fmt: skip


def asked_rows(round_: Round) -> pa.Table:
    """`asked`: the indicators in their order; `scored` where their level is asked."""
    instrument, language = round_.instrument, round_.working_language
    official = instrument.official_language
    rows = [
        (
            place,
            indicator.code,
            section.code,
            in_language(section.label, language, official),
            indicator.objective_number,
            in_language(indicator.text, language, official),
            indicator.indicator_type.code,
            bool(instrument.level) and instrument.level in indicator.field_codes,
            indicator.met_from_level,
            len(indicator.questions),
        )
        for place, (section, indicator) in enumerate(
            (section, indicator) for section in instrument.sections for indicator in section.indicators
        )
    ]
    return table_of(
        rows,
        place=pa.int32(), indicator=pa.string(), section=pa.string(), section_label=pa.string(), objective=pa.string(),
        indicator_text=pa.string(), indicator_type=pa.string(), scored=pa.bool_(), met_from_level=pa.int32(),
        questions=pa.int32(),
    )  # fmt: skip


def field_rows(round_: Round) -> pa.Table:
    """`fields`: the fields of each indicator in order; `head` is true for the one that stands for its question.

    `name` is what SDMX calls the indicator.
    """
    rows = [
        (
            place,
            indicator.code,
            indicator.name,
            field.code,
            field.is_first,
            field.is_first and question.required_when is not None,
        )
        for place, (indicator, question, field) in enumerate(
            (indicator, question, field)
            for indicator in round_.instrument.indicators
            for question in indicator.questions
            for field in question.fields
        )
    ]
    return table_of(
        rows,
        place=pa.int32(), block=pa.string(), name=pa.string(), field=pa.string(), head=pa.bool_(), required=pa.bool_(),
    )  # fmt: skip


def due_rows(round_: Round) -> pa.Table:
    """`due`: what a respondent is to answer, by the item that item non-response is measured of.

    An item is a question or a column of a table, which is due in each cell that occurs and that somebody fills in.
    """
    tables = [block for block in round_.instrument.lists if isinstance(block, TableBlock)]
    found: list[tuple[tuple[str, int, str], tuple[str, str, bool]]] = []
    for indicator in round_.instrument.indicators:
        for question in indicator.questions:
            if question.formula is not None:
                continue  # nobody answers it: what it lacks, the questions that it follows from lack
            code = question.fields[0].code
            found.append(((indicator.code, 1, code), (indicator.code, code, question.required_when is not None)))
        found += [
            ((block.code, line, code), (indicator.code, f"{block.code}.{code}", True))
            for block in tables
            if block.indicator == indicator.code
            for code in block.measured
            for line in block.typed_lines
            if block.occurs(line, code) and block.is_typed(line, code)
        ]
    places = {item: place for place, item in enumerate(dict.fromkeys(item for _, item in found))}
    rows = [(places[item], *cell, *item) for cell, item in found]
    return table_of(
        rows,
        place=pa.int32(), block=pa.string(), line=pa.int32(), field=pa.string(),
        indicator=pa.string(), name=pa.string(), required=pa.bool_(),
    )  # fmt: skip


def scale_rows(round_: Round) -> pa.Table:
    """`scale`: the levels and their ranks; none in an instrument without levels."""
    scale = round_.instrument.level_scale
    ranked = scale.ranked if scale is not None else ()
    return table_of([(code.code, code.rank) for code in ranked], level_code=pa.string(), level=pa.int32())


def obs_status_rows() -> pa.Table:
    """`obs_statuses`: the SDMX code of each answer status, suppressed ones as those that a state keeps confidential."""
    rows = [(str(status), code) for status, code in OBS_STATUS.items()]
    rows.append((SUPPRESSED, OBS_STATUS[AnswerStatus.CONFIDENTIAL]))
    return table_of(rows, status=pa.string(), obs_status=pa.string())


def previous_level_rows(round_: Round) -> pa.Table:
    """`previous_levels`: the levels of the previous round; none where the round names none."""
    scale = round_.instrument.level_scale
    ranks = {code.code: code.rank for code in scale.ranked} if scale is not None else {}
    rows = [
        (respondent, indicator, ranks[str(answer.value)])
        for respondent, answers in round_.previous_answers.items()
        for (indicator, field), answer in answers.items()
        if field == round_.instrument.level and _is_level(answer, ranks)
    ]
    return table_of(rows, respondent=pa.string(), indicator=pa.string(), previous_level=pa.int32())


def _is_level(answer: Answer, ranks: Mapping[str, int | None]) -> bool:
    return answer.value is not None and str(answer.value) in ranks


def lines_compared(round_: Round) -> Mapping[str, pa.Table]:
    """`compared`: the columns of open lists; `previous_lines`: their cells in the previous round.

    `previous_asked`: the indicators on which each respondent answered something then.
    """
    cells = [
        (respondent, block, number, field, *_by_type(answer))
        for respondent, lists in round_.previous_lines.items()
        for block, lines in lists.items()
        for number, line in enumerate(lines, 1)
        for field, answer in line.items()
    ]
    answered = {(respondent, block) for respondent, given in round_.previous_answers.items() for block, _ in given}
    return {
        "compared": compared_rows(round_.instrument),
        "previous_lines": table_of(
            cells,
            respondent=pa.string(), block=pa.string(), line=pa.int32(), field=pa.string(),
            code=pa.string(), number=pa.float64(), text=pa.string(), date=pa.date32(),
        ),
        "previous_asked": table_of(sorted(answered), respondent=pa.string(), indicator=pa.string()),
    }  # fmt: skip


def compared_rows(instrument: Instrument, left_out: Container[tuple[str, str]] = ()) -> pa.Table:
    """`compared`: the columns of open lists by which lines are compared between rounds, without those left out."""
    rows = [
        (block.code, field.code, place, field.code in block.key, field.code == block.indicator_field)
        for block in instrument.lists
        if not isinstance(block, TableBlock)
        for place, field in enumerate(block.fields)
        if (block.code, field.code) not in left_out
    ]
    return table_of(
        rows, block=pa.string(), field=pa.string(), place=pa.int32(), is_key=pa.bool_(), is_indicator=pa.bool_()
    )


def _by_type(answer: Answer) -> tuple[None, float | None, str | None, dt.date | None]:
    """What an answer says, in columns for code, number, text and date; a code is a text here."""
    value = answer.value
    return (
        None,
        float(value) if isinstance(value, int | float) else None,
        value if isinstance(value, str) else None,
        value if isinstance(value, dt.date) else None,
    )


def table_of(rows: Sequence[tuple[object, ...]], **columns: pa.DataType) -> pa.Table:
    """Rows as an Arrow table with these columns, which it also has where there is no row."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    arrays = [pa.array(list(column), type_) for column, type_ in zip(values, columns.values(), strict=True)]
    return pa.table(arrays, names=list(columns))
