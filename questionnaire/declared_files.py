"""Names every file of an instrument and of a round, with its columns and keys and what they mean.

The readers take from here which columns must be there; docs/reference.md is made of it, and a test holds it to them.
"""

from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """Whether a column or key must be there, and whether there is one for each language."""

    ALWAYS = "always"
    OPTIONAL = ""
    OFFICIAL = "in the official language"
    LANGUAGES = "per language"


@dataclass(frozen=True)
class Entry:
    """One column, or one key with the table it stands in before a dot: `deadlines.return_by`."""

    name: str
    meaning: str
    need: Need = Need.OPTIONAL


@dataclass(frozen=True)
class DeclaredFile:
    """One file: what it holds, its columns or keys, and the modules that read it. `may_lack`: it may be absent."""

    name: str
    holds: str
    entries: tuple[Entry, ...]
    readers: tuple[str, ...]
    may_lack: bool = False


_A, _O, _L = Need.ALWAYS, Need.OFFICIAL, Need.LANGUAGES
_DESIGN = "questionnaire/declaration/design.py"
_REFERENCES = "questionnaire/declaration/references.py"

INSTRUMENT = (
    DeclaredFile("instrument.toml", "The instrument itself: name, edition, languages, sections.", (
        Entry("name", "the name of its folder", _A),
        Entry("edition", "the name of the edition; another one whenever what is asked changes", _A),
        Entry("follows_edition", "the edition that `acopio design` compares with; it writes this itself"),
        Entry("table", "the file of the indicator table", _A),
        Entry("official_language", "the language whose texts are official", _A),
        Entry("languages", "all languages, the official one among them", _A),
        Entry("core_questions", "codes of the questions asked about every indicator", _A),
        Entry("level", "the code of the question that gives the level; left out where there is none"),
        Entry("title", "the title, by language"),
        Entry("unofficial", "the sentence below texts that are not official, by language"),
        Entry("section.code", "the code of a section, one `[[section]]` for each", _A),
        Entry("section.heading", "its heading in the indicator table"),
        Entry("section.label", "its label, by language; else the heading"),
        Entry("reference.item", "the code of a figure that rounds bring, one `[[reference]]` for each"),
        Entry("reference.label", "what it is called, by language"),
        Entry("reference.unit", "what it counts, by language"),
    ), (
        _REFERENCES, "questionnaire/declaration/instrument.py",
        "pipeline/starting/next_edition.py",
    )),
    DeclaredFile("indicators.csv", "What is asked about each indicator of the table.", (
        Entry("indicator", "the code", _A),
        Entry("indicator_type", "a code of indicator_types.csv", _A),
        Entry("questions", "codes asked beyond those of the type; with a minus, not asked", _A),
        Entry("met_from_level", "the level from which it counts as met"),
        Entry("reference", "codes of reference values shown beside its figure, such as its baseline and its target"),
        Entry("help", "guidance beside the indicator", _L),
        Entry("note", "for whoever edits the file; nothing reads it"),
    ), (_DESIGN, _REFERENCES)),
    DeclaredFile("indicator_types.csv", "What indicators of one type are all asked.", (
        Entry("indicator_type", "the code", _A),
        Entry("questions", "codes of questions.csv, with spaces between", _A),
        Entry("label", "what it is called", _O),
        Entry("anchors", "what each level means, lowest first, with the sign | between", _L),
    ), (_DESIGN,)),
    DeclaredFile("questions.csv", "The questions.", (
        Entry("question", "the code, in small letters", _A),
        Entry("type", "the answer type", _A),
        Entry("codelist", "the list of a choice, or of the currencies of an amount", _A),
        Entry("minimum", "the smallest number or year; also period_start, period_end"),
        Entry("maximum", "the largest"),
        Entry("decimals", "how many decimals a number shows; what is computed is rounded to them"),
        Entry("max_length", "the most characters of a text"),
        Entry("fixed", "yes: a year that is the same in every round"),
        Entry("discloses", "persons: a number that counts persons"),
        Entry(
            "sums", "no: the sum over respondents says nothing, as that of years; or the amount in whose currency it is"
        ),
        Entry("formula", "what a computed question follows from"),
        Entry("numerator", "of a ratio: what is divided"),
        Entry("denominator", "of a ratio: what it is divided by"),
        Entry("factor", "of a ratio: 1, 100 (percent), 1000, 10000, 100000 or 1000000; without it 1"),
        Entry("part_of_whole", "yes: the numerator of a ratio is part of its denominator"),
        Entry("reference", "codes of reference values shown beside it; those it is computed from are anyway"),
        Entry("relevant_when", "the condition under which it is asked; empty: always", _A),
        Entry("required_when", "the condition under which an answer is due; empty: never", _A),
        Entry("label", "the question", _O),
        Entry("help", "guidance beside it", _L),
        Entry("unit", "what a number counts", _L),
        Entry("unit_measure", "the same as a code of SDMX (UNIT_MEASURE), such as PS or KM2"),
        Entry("unit_mult", "the power of ten that it is given in (UNIT_MULT): 3 for thousands, 6, 9; without it 0"),
        Entry("units", "in the place of a unit: the list from which the respondent chooses one"),
    ), (
        _DESIGN, "questionnaire/declaration/question_line.py", _REFERENCES, "questionnaire/declaration/formulas.py",
        "questionnaire/declaration/chosen_units.py",
    )),
    DeclaredFile("codelists.csv", "The lists that answers are chosen from; `missing` and `yes_no` are always there.", (
        Entry("codelist", "the name of the list", _A),
        Entry("code", "the code, in capitals, digits and underscores", _A),
        Entry("rank", "its place on an ordered scale", _A),
        Entry("missing", "the reason that choosing it gives for no value", _A),
        Entry("label", "what respondents choose", _O),
        Entry("definition", "what it means", _L),
        Entry("also", "other names that respondents type, with semicolons between"),
        Entry("factor", "of a unit: how many of the unit with the factor 1, to which all are converted, one of it is"),
    ), (_DESIGN,)),
    DeclaredFile("rules.toml", "The checks between answers, one `[[rule]]` for each.", (
        Entry("rule.code", "the code", _A),
        Entry("rule.scope", "indicators, indicator types or a list; `*` for all that fit", _A),
        Entry("rule.target", "the question beside which it is reported", _A),
        Entry("rule.when", "the condition under which it applies; left out: always"),
        Entry("rule.check", "what must then hold", _A),
        Entry("rule.severity", "error, warning or info", _A),
        Entry("rule.reason", "why it is checked, for the codebook, by language; one text alone is English", _A),
        Entry("rule.message", "what is wrong, by language", _A),
        Entry("rule.remedy", "what to do, by language", _A),
    ), ("questionnaire/rules/rulebook.py",)),
    DeclaredFile("lists.toml", "The lists that are filled in line by line, one `[[list]]` for each.", (
        Entry("list.code", "the name of its table in the dataset", _A),
        Entry("list.lines", "how many lines the sheet has", _A),
        Entry("list.label", "its title, by language", _A),
        Entry("list.help", "what to do, by language"),
        Entry("list.column.column", "the name of a column, one `[[list.column]]` for each", _A),
        Entry("list.column.type", "its answer type, or indicator", _A),
        Entry("list.column.label", "its heading, by language", _A),
        Entry("list.column.help", "what it says, by language"),
        Entry("list.column.required", "true: a line must have it"),
        Entry("list.column.required_with", "the column and code with which a line must have it"),
        Entry("list.column.codelist", "the list of a choice"),
        Entry("list.column.others_only", "true: the respondent itself cannot be chosen"),
        Entry("list.column.minimum", "the smallest number or year"),
        Entry("list.column.maximum", "the largest"),
        Entry("list.column.decimals", "how many decimals it shows"),
        Entry("list.column.unit", "what a number counts, by language"),
        Entry("list.column.unit_measure", "the same as a code of SDMX (UNIT_MEASURE), such as PS or KM2"),
        Entry("list.column.unit_mult", "the power of ten that it is given in (UNIT_MULT): 3, 6 or 9; without it 0"),
        Entry("list.column.formula", "what a computed column follows from: numbers of columns before it"),
        Entry("list.column.numerator", "of a ratio: what is divided"),
        Entry("list.column.denominator", "of a ratio: what it is divided by"),
        Entry("list.column.factor", "of a ratio: 1, 100 (percent), 1000, 10000, 100000 or 1000000; without it 1"),
        Entry("list.column.part_of_whole", "true: the numerator of a ratio is part of its denominator"),
        Entry("list.column.units", "in the place of a unit: the list from which one is chosen in each line"),
        Entry("list.column.max_length", "the most characters of a text"),
        Entry("list.column.discloses", "persons: a number that counts persons"),
        Entry("list.column.sums", "false: the sum over respondents says nothing"),
        Entry("list.column.option", "an indicator that lines may count for: code, label"),
        Entry("list.count", "a question that has the number of the lines: question, column, code"),
        Entry("list.bilateral", "which lines two respondents should both have: partner, column, code"),
    ), (
        "questionnaire/declaration/lists/list_checks.py",
        "questionnaire/declaration/lists/line_formulas.py",
    ), may_lack=True),
    DeclaredFile("tables.toml", "The tables with fixed lines, one `[[table]]` for each.", (
        Entry("table.code", "the name of its table in the dataset", _A),
        Entry("table.indicator", "the indicator that it is about", _A),
        Entry("table.label", "its title, by language", _A),
        Entry("table.help", "what to do, by language"),
        Entry("table.units", "the list from which the respondent chooses one unit for the whole table"),
        Entry("table.tolerance", "how far a total may be from the sum of its parts"),
        Entry("table.totals", "who fills totals in: `typed`, the respondent; `computed`, a formula, once all parts "
              "have a number; `computed_from_known`, a formula, from those that have one"),
        Entry("table.sheet", "on which sheet it stands: `own`, `section`; without it, as its size allows"),
        Entry("table.dimension.codelist", "the list of a dimension of its lines, a `[[table.dimension]]` for each", _A),
        Entry("table.dimension.years", "of the list `period`: how many years, up to the last of the reference period"),
        Entry("table.dimension.label", "its heading, by language", _A),
        Entry("table.dimension.total", "the code that is the total of all others"),
        Entry("table.across.codelist", "the list whose codes are the columns"),
        Entry("table.across.years", "of the list `period`: how many years, up to the last of the reference period"),
        Entry("table.across.total", "the code that is the total of all others"),
        Entry("table.column.type", "what is measured, one `[[table.column]]` for each, with the keys of a list", _A),
        Entry("table.cannot_occur", "a combination of codes that cannot be, one `[[table.cannot_occur]]` for each"),
    ), ("questionnaire/declaration/lists/table_design.py",), may_lack=True),
    DeclaredFile("translations.csv", "Unofficial translations of the table, a column for each further language.", (
        Entry("kind", "section, objective or indicator", _A),
        Entry("code", "its code", _A),
        Entry("original", "the text in the official language, for whoever translates; nothing reads it"),
    ), ("questionnaire/declaration/translations.py",), may_lack=True),
    DeclaredFile("editions.csv", "What older editions called what is still asked; `acopio design` proposes it.", (
        Entry("edition", "the older edition", _A),
        Entry("kind", "indicator or question; value: an answer that is one to another question today", _A),
        Entry("code_then", "its code in that edition; of a value, its question and itself: penalty_max=99, or *", _A),
        Entry("code", "its code today, empty: no longer asked; of a value, what it is today: penalty_life=Y", _A),
    ), ("questionnaire/declaration/earlier/editions.py",), may_lack=True),
    DeclaredFile("wordings_before.csv", "How things were worded before; `acopio design` proposes it.", (
        Entry("kind", "indicator, question or option", _A),
        Entry("code", "its code today; of an option, the code list, a dot and the code", _A),
        Entry("language", "the language", _A),
        Entry("wording", "the wording of then", _A),
    ), ("questionnaire/declaration/earlier/wordings_before.py",), may_lack=True),
)  # fmt: skip
"""The files of an instrument's folder beside its indicator table."""

ROUND = (
    DeclaredFile("round.toml", "The round: which instrument, about which years, until when.", (
        Entry("name", "the name of its folder", _A),
        Entry("instrument", "the instrument", _A),
        Entry("edition", "its edition", _A),
        Entry("older_editions", "older editions whose returns count although they lack what is new"),
        Entry("answered_at_least", "the share of indicators, 0 to 1, that a return must answer; without it 0.5"),
        Entry("approval", "true: nothing is published that no named person has approved"),
        Entry("languages", "the languages, in order; without it those of the instrument"),
        Entry("working_language", "the language of the secretariat; without it en"),
        Entry("title", "the title on the cover, by language", _A),
        Entry("reference_period.start", "the first year that answers are about", _A),
        Entry("reference_period.end", "the last one", _A),
        Entry("deadlines.questionnaire_sent", "the day the questionnaires go out", _A),
        Entry("deadlines.return_by", "the last day for answers", _A),
        Entry("deadlines.final", "the last day for corrections"),
        Entry("contact.name", "whom respondents write to", _A),
        Entry("contact.email", "the address", _A),
        Entry("cover.logo", "a PNG or JPEG picture in the folder"),
        Entry("cover.letterhead", "the name of the organisation, by language"),
        Entry("cover.purpose", "what the questionnaire is for, by language"),
        Entry("cover.use", "who sees the answers, by language"),
        Entry("limits.file_mb", "the size of one file, in megabytes"),
        Entry("limits.memory_mb", "the memory of the process that reads it"),
        Entry("limits.cpu_seconds", "its computing time"),
        Entry("limits.seconds", "its time on the clock"),
        Entry("limits.attachments", "the files in one mail or archive"),
        Entry("mail.host", "the server that sends letters"),
        Entry("mail.port", "its port"),
        Entry("mail.security", "starttls, tls or none"),
        Entry("mail.user", "the user, where it asks for a password"),
        Entry("mail.from", "the sender; without it the address of the contact"),
        Entry("mail.per_minute", "how many letters a minute"),
        Entry("previous.answers", "the answers that the previous round published"),
        Entry("previous.edition", "the edition it was of"),
        Entry("previous.period", "what its answers are about"),
    ), (
        "questionnaire/rounds/round.py", "questionnaire/rounds/cover_page.py", "questionnaire/rounds/limits.py",
        "questionnaire/rounds/mail_settings.py", "questionnaire/rounds/previous_round.py",
    )),
    DeclaredFile("respondents.csv", "The frame: who is asked.", (
        Entry("respondent", "the code; never change it between rounds", _A),
        Entry("name", "the name", _L),
        Entry("language", "the language its workbook opens in", _A),
        Entry("participates", "yes or no", _A),
        Entry("reason", "why not, when participates is no"),
        Entry("aliases", "other names, with semicolons between"),
        Entry("senders", "addresses that write for it; contacts.csv says more"),
        Entry("valid_from", "the day it entered the frame, for its readers; nothing reads it"),
        Entry("valid_to", "the day it left the frame, for its readers; nothing reads it"),
    ), ("questionnaire/rounds/round.py",)),
    DeclaredFile("contacts.csv", "Whom letters go to, and who writes for whom.", (
        Entry("respondent", "whose letters it receives", _A),
        Entry("name", "the name of the contact"),
        Entry("email", "the address; without a role, a domain is enough", _A),
        Entry("role", "to, cc, or empty: writes only"),
        Entry("salutation", "how letters begin"),
        Entry("writes_for", "codes of respondents that this address writes for, with semicolons between"),
    ), ("questionnaire/rounds/contacts.py",), may_lack=True),
    DeclaredFile("reference.csv", "Figures about respondents from other sources, such as their populations.", (
        Entry("respondent", "whom it is about; empty: the same for all, but for those with a line of their own", _A),
        Entry("item", "which figure: a `[[reference]]` of instrument.toml", _A),
        Entry("value", "the number", _A),
        Entry("unit", "what it counts, where that is not what the instrument says"),
        Entry("source", "where it comes from; shown beside the question", _A),
        Entry("period", "the year or the years that it is about"),
    ), ("questionnaire/rounds/references.py",), may_lack=True),
    DeclaredFile("slices.csv", "Parts of the questionnaire for single ministries.", (
        Entry("respondent", "whose ministry it is; * for every participant", _A),
        Entry("slice", "the code", _A),
        Entry("title", "the name on the cover", _L),
        Entry("sections", "codes of whole sections, with spaces between", _A),
        Entry("indicators", "codes of single indicators, with spaces between", _A),
    ), ("questionnaire/rounds/slices.py",), may_lack=True),
)  # fmt: skip
"""The files of a round's folder that a secretariat edits."""


def required_columns(file: str, official: str = "") -> tuple[str, ...]:
    """The columns that a table must have; those of texts in the official language."""
    declared = _declared(file)
    always = [one.name for one in declared.entries if one.need is Need.ALWAYS]
    return (*always, *(f"{one.name}_{official}" for one in declared.entries if one.need is Need.OFFICIAL))


def known_keys(file: str) -> tuple[str, ...]:
    """All keys that a file may have, those of tables after a dot."""
    return tuple(one.name for one in _declared(file).entries)


def _declared(file: str) -> DeclaredFile:
    return next(one for one in (*INSTRUMENT, *ROUND) if one.name == file)
