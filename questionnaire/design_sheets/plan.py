"""Declares the sheets of the design workbook, and of each column what it holds; explanations are those of the files.

It knows no cells and no files: rows are made of text files in `from_folder`, and text files of rows in `to_files`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import get_args

from questionnaire.blanks import DECLARED
from questionnaire.declaration.answer_types import Declared
from questionnaire.declaration.blocks import PERSONS
from questionnaire.declaration.lists.table_block import Stands, Totals
from questionnaire.declared_files import INSTRUMENT, Need
from questionnaire.rules.rule import Severity


class Holds(Enum):
    """What the cells of a column hold."""

    CODE = "code"
    CODES = "codes"
    CHOICE = "choice"
    NUMBER = "number"
    LIMIT = "limit"
    FLAG = "flag"
    PAIRS = "pairs"
    CONDITION = "condition"
    TEXT = "text"
    WORDING = "wording"


SPELT = frozenset((Holds.CODE, Holds.CODES, Holds.CHOICE, Holds.FLAG, Holds.PAIRS, Holds.NUMBER, Holds.LIMIT))
"""What is spelt for programs: spaces around it are a mistake."""

NUMBERS = frozenset((Holds.NUMBER, Holds.LIMIT))


@dataclass(frozen=True)
class Column:
    """One column; `choices` are the words that may stand in it, `known` the sheet and column whose codes may."""

    name: str
    meaning: str
    holds: Holds
    choices: tuple[str, ...] = ()
    known: tuple[str, str] | None = None


@dataclass(frozen=True)
class SheetPlan:
    """One sheet; `key` are the columns that name a line. One that `must_hold` something never loses all."""

    name: str
    holds: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    must_hold: bool = False

    def needs(self, column: Column) -> bool:
        """Whether every line has something in a column, texts in the official language."""
        return column.name in _NEEDED[self.name].split()

    def column(self, name: str) -> Column | None:
        """The column of a name, that of a text with or without its language; None for one that there is not."""
        stem = stem_of(name)
        return next((one for one in self.columns if one.name in (name, stem)), None)

    @property
    def wordings(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.columns if one.holds is Holds.WORDING)


def stem_of(name: str) -> str:
    """The name of a column without the language behind it: label for label_fr."""
    stem, _, language = name.rpartition("_")
    return stem if 1 < len(language) < 4 else name


_NEEDED = {
    "Sections": "code", "Indicators": "indicator text indicator_type", "Types": "indicator_type label",
    "Questions": "question type label", "Lists": "codelist code label", "Tables": "table part",
    "References": "item label",
    "Rules": "code scope target check severity message remedy",
    "Editions": "edition kind code_then", "Wordings": "kind code language wording",
}  # fmt: skip
_FILES = {file.name: file for file in INSTRUMENT}
_NUMBERS = ("met_from_level", "unit_mult", "decimals", "max_length", "rank", "lines", "tolerance", "years")
_LIMITS = ("minimum", "maximum")
_FLAGS = ("required", "others_only")
_CONDITIONS = ("formula", "numerator", "denominator", "relevant_when", "required_when", "when", "check")
_CODES = ("questions", "scope", "reference")
_PAIRS = ("required_with", "codes")
_PROSE = ("note", "also", "wording")
_CHOICES = {
    "type": get_args(Declared),
    "missing": tuple(map(str, DECLARED)),
    "severity": tuple(map(str, Severity)),
    "discloses": (PERSONS,),
    "fixed": ("yes",),
    "totals": tuple(map(str, Totals)),
    "sheet": tuple(map(str, Stands)),
    "part_of_whole": ("yes",),
    "factor": ("1", "100", "1000", "10000", "100000", "1000000"),
}
_KNOWN = {
    "section": ("Sections", "code"),
    "indicator_type": ("Types", "indicator_type"),
    "codelist": ("Lists", "codelist"),
    "units": ("Lists", "codelist"),
    "indicator": ("Indicators", "indicator"),
}


_SHEET_OF = {
    "instrument.toml, as a [[section]]": "Sections", "instrument.toml, as a [[reference]]": "References",
    "instrument.toml": "Read me", "indicators.csv": "Indicators", "table.csv": "Indicators",
    "indicator_types.csv": "Types", "questions.csv": "Questions", "codelists.csv": "Lists", "lists.toml": "Tables",
    "tables.toml": "Tables", "rules.toml": "Rules", "translations.csv": "Texts",
    "editions.csv": "Editions", "wordings_before.csv": "Wordings",
}  # fmt: skip
_FILE = re.compile("|".join(map(re.escape, _SHEET_OF)))
_PLACE = re.compile(rf"^({_FILE.pattern})\b")


_THE_SHEET = {"en": "the sheet", "fr": "la feuille", "es": "la hoja", "pt": "a planilha"}
_JOINED = {"em a planilha": "na planilha", "de a planilha": "da planilha", "a a planilha": "à planilha"}
"""How Portuguese joins the words before a sheet with its article."""


def in_sheets(text: str, language: str = "en") -> str:
    """A sentence about the text files, as one about the sheets."""
    said = _FILE.sub(lambda found: f"{_THE_SHEET[language]} {_SHEET_OF[found[0]]}", text).replace("`", "")
    for apart, joined in _JOINED.items() if language == "pt" else ():
        said = re.sub(rf"\b{apart}", joined, said)
    return said


def sheet_of(where: str) -> str:
    """The sheet that a place in the text files is on; "" for a file that is on none."""
    found = _PLACE.match(where)
    return _SHEET_OF[found[1]] if found else ""


def _column(file: str, entry: str, name: str = "", **own: object) -> Column:
    """The column of a column or key of a file, with its meaning there."""
    declared = next(one for one in _FILES[file].entries if one.name == entry)
    name = name or entry.rpartition(".")[2]
    in_languages = declared.need in (Need.OFFICIAL, Need.LANGUAGES) or "by language" in declared.meaning
    holds = Holds.WORDING if in_languages or name == "heading" else _holds(name, file)
    meaning = in_sheets(declared.meaning.removesuffix(", by language"))
    choices = ("true", "false") if holds is Holds.FLAG else _CHOICES.get(name, ())
    given = {"choices": choices, "known": _KNOWN.get(name), **own}
    return Column(name, meaning, holds, **given)  # type: ignore[arg-type]


def _holds(name: str, file: str) -> Holds:
    if name in _FLAGS or (name in ("sums", "part_of_whole") and file.endswith(".toml")):
        return Holds.FLAG
    if name == "factor" and file != "questions.csv":
        return Holds.NUMBER
    for names, holds in (
        (_NUMBERS, Holds.NUMBER), (_LIMITS, Holds.LIMIT), (_CONDITIONS, Holds.CONDITION), (_CODES, Holds.CODES),
        (_PAIRS, Holds.PAIRS), (_PROSE, Holds.TEXT), (tuple(_CHOICES), Holds.CHOICE),
    ):  # fmt: skip
        if name in names:
            return holds
    return Holds.CODE


def _columns(file: str, names: str, within: str = "") -> tuple[Column, ...]:
    return tuple(_column(file, within + name) for name in names.split())


README, SECTIONS, INDICATORS, TYPES, QUESTIONS, LISTS, TABLES, REFERENCES, RULES, EDITIONS, WORDINGS, TEXTS = (
    "Read me", "Sections", "Indicators", "Types", "Questions", "Lists", "Tables", "References", "Rules", "Editions",
    "Wordings", "Texts",
)  # fmt: skip
SETTINGS = ("name", "edition", "follows_edition", "official_language", "languages", "core_questions", "level")
"""The settings of an instrument that stand on the first sheet, before its title."""
SETTING_TEXTS = ("title", "unofficial")
SETTING, VALUE = "setting", "value"
"""The heads of the settings."""
REMARK = "remark"
"""The head of the column that says what is wrong in a line; nothing reads it."""
TEXT_COLUMNS = {
    "sheet": "where the text is used",
    "line": "the code of the line there; of a code in a list, the list, a dot and the code",
    "text": "the column there",
    "original": "the official text, for whoever translates: it is edited on its own sheet, not here",
}
"""The columns of the sheet Texts before those of the languages, with what they mean."""
PARTS = ("list", "table", "dimension", "across", "column", "option", "count", "bilateral", "cannot_occur")
"""What a line of the sheet Tables is: a list or table itself, or a part of the one above it."""

_OF_TABLES = (
    Column("table", "the code of the list or table that the line belongs to", Holds.CODE),
    Column(
        "part",
        "what the line is: a list (open lines) or a table (fixed lines) itself, or a part of it: a dimension of the "
        "lines or the one across, a column, an option of the column above, a count, a bilateral check, what cannot be",
        Holds.CHOICE,
        choices=PARTS,
    ),
    _column("lists.toml", "list.label"),
    _column("lists.toml", "list.help"),
    _column("tables.toml", "table.indicator"),
    _column("lists.toml", "list.lines"),
    _column("tables.toml", "table.tolerance"),
    _column("lists.toml", "list.column.column", known=None),
    _column("lists.toml", "list.column.type", choices=("indicator", *get_args(Declared))),
    Column("codelist", "the list of a dimension, or of a choice", Holds.CODE, known=("Lists", "codelist")),
    _column("tables.toml", "table.dimension.total"),
    _column("tables.toml", "table.dimension.years"),
    _column("tables.toml", "table.totals"),
    _column("tables.toml", "table.sheet"),
    *_columns(
        "lists.toml",
        "unit unit_measure unit_mult units required required_with others_only minimum maximum decimals",
        "list.column.",
    ),
    *_columns("lists.toml", "formula numerator denominator factor part_of_whole", "list.column."),
    *_columns("lists.toml", "max_length discloses sums", "list.column."),
    Column("code", "of an option the indicator; of a count or a bilateral check the code in the column", Holds.CODE),
    Column("question", "the question that a count is about", Holds.CODE, known=("Questions", "question")),
    Column("partner", "the column with the other respondent, of a bilateral check", Holds.CODE),
    Column("codes", "what cannot occur, such as sex=M form=X", Holds.PAIRS),
)

SHEETS = (
    SheetPlan(SECTIONS, "The sections of the questionnaire, in order.", ("code",), (
        *_columns("instrument.toml", "code heading label", "section."),
    ), must_hold=True),
    SheetPlan(INDICATORS, "The indicator table, and what is asked about each indicator.", ("indicator",), (
        Column("section", "the code of its section; empty where there is none", Holds.CODE, known=("Sections", "code")),
        Column("objective_code", "the number of its objective", Holds.CODE),
        Column("objective", "its objective", Holds.WORDING),
        _column("indicators.csv", "indicator", known=None),
        Column("text", "the indicator itself", Holds.WORDING),
        *_columns("indicators.csv", "indicator_type questions met_from_level reference help note"),
    ), must_hold=True),
    SheetPlan(TYPES, _FILES["indicator_types.csv"].holds, ("indicator_type",), (
        _column("indicator_types.csv", "indicator_type", known=None),
        *_columns("indicator_types.csv", "label questions anchors"),
    ), must_hold=True),
    SheetPlan(QUESTIONS, _FILES["questions.csv"].holds, ("question",), _columns(
        "questions.csv",
        "question type codelist label help unit unit_measure unit_mult units relevant_when required_when formula "
        "numerator denominator factor part_of_whole reference minimum maximum decimals max_length fixed discloses sums",
    ), must_hold=True),
    SheetPlan(LISTS, in_sheets(_FILES["codelists.csv"].holds), ("codelist", "code"), (
        _column("codelists.csv", "codelist", known=None),
        *_columns("codelists.csv", "code label definition rank missing also"),
        _column("codelists.csv", "factor", choices=()),
    ), must_hold=True),
    SheetPlan(TABLES, "The lists that are filled in line by line, and the tables with fixed lines.", (), _OF_TABLES),
    SheetPlan(REFERENCES, "Figures about respondents that each round brings along.", ("item",), _columns(
        "instrument.toml", "item label unit", "reference.",
    )),
    SheetPlan(RULES, "The checks between answers.", ("code",), _columns(
        "rules.toml", "code scope target when check severity message remedy reason", "rule.",
    )),
    SheetPlan(EDITIONS, in_sheets(_FILES["editions.csv"].holds), (), (
        _column("editions.csv", "edition"),
        _column("editions.csv", "kind", choices=("indicator", "question", "value")),
        *_columns("editions.csv", "code_then code"),
    )),
    SheetPlan(WORDINGS, in_sheets(_FILES["wordings_before.csv"].holds), (), (
        _column("wordings_before.csv", "kind", choices=("indicator", "question", "option")),
        *_columns("wordings_before.csv", "code language wording"),
    )),
)  # fmt: skip
"""The sheets with lines, in order; before them stands Read me, behind them Texts."""

IN_PARTS = {
    "list": "label help lines",
    "table": "label help indicator units tolerance totals sheet",
    "dimension": "codelist label total years",
    "across": "codelist total years",
    "column": "column type codelist label help unit unit_measure unit_mult units required required_with others_only "
    "minimum maximum decimals formula numerator denominator factor part_of_whole max_length discloses sums",
    "option": "code label",
    "count": "question column code",
    "bilateral": "partner column code",
    "cannot_occur": "codes",
}
"""What each part of a list or table may say, on the sheet Tables."""

_BY_NAME = {plan.name: plan for plan in SHEETS}


def plan_of(sheet: str) -> SheetPlan:
    """The plan of a sheet with lines; KeyError for another one."""
    return _BY_NAME[sheet]


def setting_meanings() -> dict[str, str]:
    """What each setting on the first sheet means, texts by their stem."""
    found = {
        one.name: in_sheets(one.meaning.removesuffix(", by language")) for one in _FILES["instrument.toml"].entries
    }
    return {name: found[name] for name in (*SETTINGS, *SETTING_TEXTS)}


def ordered_languages(official: str, declared: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """The languages of texts: the official one, those that the instrument offers, then others that texts have."""
    return tuple(dict.fromkeys((official, *declared, *sorted(set(found)))))
