"""Declares the columns of the tidy table of answers: what each is called, holds and means.

The reader fills them, and `schemas.answers_table` makes the Arrow schema of them.
"""

from dataclasses import dataclass
from enum import Enum


class Holds(Enum):
    """What stands in a column."""

    TEXT = "text"
    REPEATED = "a text that stands on many rows"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class AnswerColumn:
    """One column of the tidy table; only one that `may_lack` its value has rows without one."""

    name: str
    holds: Holds
    meaning: str
    may_lack: bool = False


ANSWER_COLUMNS = (
    AnswerColumn("submission", Holds.REPEATED, "SHA-256 of the file returned"),
    AnswerColumn("file", Holds.REPEATED, "its name in the folder of returns"),
    AnswerColumn("respondent", Holds.REPEATED, "code of the respondent"),
    AnswerColumn("block", Holds.REPEATED, "code of the block: of the indicator, or of the list"),
    AnswerColumn("line", Holds.WHOLE, "number of the line of a list; 1 in an indicator"),
    AnswerColumn("indicator", Holds.REPEATED, "code of the indicator that the answer is about, '' if none"),
    AnswerColumn("field", Holds.REPEATED, "code of the field"),
    AnswerColumn("status", Holds.REPEATED, "answered, or why there is no value"),
    AnswerColumn("code", Holds.TEXT, "the value of a choice", may_lack=True),
    AnswerColumn("number", Holds.NUMBER, "the value of a number or a year", may_lack=True),
    AnswerColumn("text", Holds.TEXT, "the value of a text or a web address", may_lack=True),
    AnswerColumn("date", Holds.DATE, "the value of a date", may_lack=True),
    AnswerColumn("raw", Holds.TEXT, "the answer cell as typed, '' if blank"),
    AnswerColumn("if_none", Holds.TEXT, "the cell “If no answer” as typed"),
    AnswerColumn("comment", Holds.TEXT, "the comment beside the answer"),
    AnswerColumn("sheet", Holds.REPEATED, "name of the sheet"),
    AnswerColumn("cell", Holds.TEXT, "address of the answer cell, such as D12"),
    AnswerColumn("parsed_by", Holds.REPEATED, "rule that made the value"),
    AnswerColumn("change", Holds.REPEATED, "new, confirmed or changed since the previous round"),
    AnswerColumn("previous", Holds.TEXT, "the answer of the previous round, '' if none"),
)
"""In the order of the table; exactly one of code, number, text and date is there where a row is answered."""

COLUMN_NAMES = tuple(column.name for column in ANSWER_COLUMNS)
