"""Writes the codebook as data archives take it: the round as a study, each table as a file, each column as a variable.

Source: DDI Codebook 2.5 (ddialliance.org), whose schema fixes the order of the elements.
"""

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from questionnaire.declaration.answer_types import Numeric
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.form import Instrument
from questionnaire.messages import LANGUAGES, in_language
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import Always
from schemas.codebook import blocks_of, meanings, rules_of_column
from schemas.description import describe
from schemas.metadata.xml_text import LANGUAGE, add, add_worded, as_bytes
from schemas.tables.table import Column, Table

_NAMESPACE = "ddi:codebook:2_5"
_COUNTED = ("int32", "int64", "double")


def ddi_codebook(round_: Round, access: Access, tables: Iterable[Table], rows: Mapping[str, int]) -> bytes:
    """The codebook of the tables of an edition; `rows` says how many each has, by name."""
    tables = tuple(tables)
    language = round_.working_language
    root = ET.Element("codeBook", {"xmlns": _NAMESPACE, "version": "2.5", LANGUAGE: language})
    _add_study(add(root, "stdyDscr"), round_, access)
    for table in tables:
        _add_file(root, table, rows[table.name], language)
    variables = add(root, "dataDscr")
    for table in tables:
        asked = blocks_of(table, round_.instrument)
        for column in table.columns:
            _add_variable(variables, table, column, asked, round_)
    return as_bytes(root)


def _add_study(study: ET.Element, round_: Round, access: Access) -> None:
    language, official = round_.working_language, round_.instrument.official_language
    citation = add(study, "citation")
    titles = add(citation, "titlStmt")
    add(titles, "titl", in_language(round_.title, language, official)).set(LANGUAGE, language)
    for other in LANGUAGES:
        if other != language and other in round_.title:
            add(titles, "parTitl", round_.title[other]).set(LANGUAGE, other)
    add(titles, "IDNo", f"{round_.name}-{access}")
    add(add(citation, "rspStmt"), "AuthEnty", round_.contact_name)
    add(add(citation, "verStmt"), "version", round_.instrument.edition)
    summary = add(add(study, "stdyInfo"), "sumDscr")
    for event, year in (("start", round_.period.start), ("end", round_.period.end)):
        add(summary, "timePrd", str(year), event=event, date=str(year))
    for event, day in (("start", round_.sent_on), ("end", round_.return_by)):
        add(summary, "collDate", day.isoformat(), event=event, date=day.isoformat())
    for respondent in round_.participants:
        name = in_language(respondent.name, language, official) or respondent.code
        add(summary, "nation", name, abbr=respondent.code)


def _add_file(root: ET.Element, table: Table, rows: int, language: str) -> None:
    file = add(add(root, "fileDscr", ID=f"F_{table.name}", URI=f"{table.name}.csv"), "fileTxt")
    add(file, "fileName", f"{table.name}.csv")
    add(file, "fileCont", in_language(table.title, language))
    size = add(file, "dimensns")
    add(size, "caseQnty", str(rows))
    add(size, "varQnty", str(len(table.columns)))
    add(file, "fileType", "text/csv", charset="utf-8")


def _add_variable(parent: ET.Element, table: Table, column: Column, asked: Iterable[str], round_: Round) -> None:
    official = round_.instrument.official_language
    sort = "contin" if column.type in _COUNTED and column.codelist is None else "discrete"
    place = {"ID": f"V_{table.name}.{column.name}", "files": f"F_{table.name}"}
    variable = add(parent, "var", name=column.name, intrvl=sort, **place)
    add_worded(variable, "labl", column.label)
    if column.sensitivity:
        add(variable, "security", str(column.sensitivity))
    question = _question(column, table, round_.instrument)
    if question is not None:
        add_worded(add(variable, "qstn"), "qstnLit", question.label, official)
    _add_range(variable, column)
    if question is not None and not isinstance(question.relevant_when, Always):
        add(variable, "universe", describe(question.relevant_when, round_.instrument, round_.working_language))
    for value, label in meanings(column):
        category = add(variable, "catgry")
        add(category, "catValu", value)
        add_worded(category, "labl", label, official)
    for code, rule in rules_of_column(column, asked, round_.instrument).items():
        for language, text in rule.reason.items():
            add(variable, "codInstr", f"{code} = {text}").set(LANGUAGE, language)
    add(variable, "varFormat", type="numeric" if column.type in _COUNTED else "character")


def _question(column: Column, table: Table, instrument: Instrument) -> Question | None:
    """What was asked for the values of a column."""
    if column.field is None or column.is_status:
        return None
    lists = {
        question.code: question
        for block in instrument.lists
        if block.code == table.name
        for question in block.questions
    }
    return lists.get(column.field.question) or instrument.questions.get(column.field.question)


def _add_range(variable: ET.Element, column: Column) -> None:
    """The limits that are numbers; one that the round decides is among the rules."""
    asked = column.field.type if column.field is not None and not column.is_status else None
    if not isinstance(asked, Numeric):
        return
    limits = {"min": asked.minimum, "max": asked.maximum}
    if numbers := {name: f"{limit:.15g}" for name, limit in limits.items() if isinstance(limit, int | float)}:
        add(add(variable, "valrng"), "range", **numbers)
