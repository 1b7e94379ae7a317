"""Reads an instrument's folder into the declaration; every fault names file, line or key, and a remedy."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from questionnaire.blanks import visible_text
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import AnswerType, SingleChoice
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.chosen_units import followed, with_converted
from questionnaire.declaration.column_names import check_names
from questionnaire.declaration.design import IndicatorDesign, ResponseDesign, met_from
from questionnaire.declaration.earlier.editions import Edition, read_editions
from questionnaire.declaration.earlier.wordings_before import read_wordings_before
from questionnaire.declaration.form import Indicator, IndicatorType, Instrument, Section
from questionnaire.declaration.formulas import check_formulas
from questionnaire.declaration.indicator_codes import WHAT_A_CODE_IS
from questionnaire.declaration.lists.list_design import BlockReader, read_lists
from questionnaire.declaration.lists.series import ANY_PERIOD, PERIOD, Series
from questionnaire.declaration.lists.table_block import TableBlock, unit_questions, unit_refs
from questionnaire.declaration.lists.table_design import FILE as TABLES
from questionnaire.declaration.lists.table_design import read_tables
from questionnaire.declaration.references import beside_figure, items_of, read_reference_items
from questionnaire.declaration.translations import Translations, read_translations
from questionnaire.declared_files import known_keys
from questionnaire.faults import Faults
from questionnaire.garbage import without_collecting
from questionnaire.indicator_table.identifiers import CODE, letters, objective_code
from questionnaire.indicator_table.reader import Indicator as TableIndicator
from questionnaire.indicator_table.reader import IndicatorTable, read_indicator_table
from questionnaire.rules.names import Names
from questionnaire.rules.rulebook import automatic_rules, written_rules
from questionnaire.tables import DeclarationError, Row, Settings, Spot, read_settings

INSTRUMENTS = Path(__file__).parents[1] / "instruments"
"""The folder whose folders are the instruments that rounds may name."""

KEPT = "editions"
"""The folder within an instrument’s that keeps older editions of it: rounds that began with one go on with it."""

ONLY_SECTION = "S"
"""The code of the section of an instrument that declares none."""


# Nearly all that is made stays: looking for garbage in cycles was a sixth of the time.
@without_collecting()
def read_instrument(
    folder: Path, with_past: bool = True, lost: Collection[str] = (), period: tuple[int, int] = ANY_PERIOD
) -> Instrument:
    """The instrument of a folder; without its past, whatever the files about older editions say.

    `period` is the first and the last year that a round asks about, which its time series follow. Codes that are `lost`
    are missing because of a fault that is reported elsewhere: what names them is none.

    Raises DeclarationError (file, line or key, remedy) for anything malformed, with all faults found at once, and
    IndicatorTableError for the table.
    """
    faults = Faults(lost=lost)
    with faults.together():
        return _instrument(folder, with_past, period, faults)


def _instrument(folder: Path, with_past: bool, period: tuple[int, int], faults: Faults) -> Instrument:
    settings = read_settings(folder / "instrument.toml")
    official, languages = settings.text("official_language"), settings.texts("languages")
    if official not in languages:
        raise settings.fault("official_language", f"“{official}” is not in languages", "Add it there")
    with faults.kept():
        settings.check_keys(known_keys("instrument.toml"))
    design = ResponseDesign(folder, official, languages, faults)
    codelists = design.codelists()
    questions = design.questions(codelists)
    types_of = with_converted({code: answer_type for code, (_, answer_type) in questions.items()})
    designs = {
        code: replace(item, questions=followed(item.questions, types_of))
        for code, item in design.indicators(_core(settings, questions, faults), questions).items()
    }
    asked_of = {code: {asked: types_of[asked] for asked in item.questions} for code, item in designs.items()}
    references = read_reference_items(settings, official, faults)
    reader = BlockReader(official, codelists, asked_of, frozenset(item.code for item in references), faults)
    open_lists = read_lists(folder, reader)
    tables = read_tables(folder, reader, open_lists, Series(*period, languages))
    lists = (*open_lists, *tables)
    types_of, designs = _with_units(tables, types_of, designs)
    names = Names(
        types_of, frozenset(designs), codelists["missing"],
        {block.code: {question.code: question.type for question in block.questions} for block in lists},
        {block.code: block.indicator_field for block in lists},
        {block.code: block.most_lines for block in lists},
        {block.code: block for block in tables}, reader.references, unit_refs(lists),
    )  # fmt: skip
    asked = design.asked(questions, names) | {unit.code: unit for unit in unit_questions(tables)}
    level, levels = "", None
    with faults.kept():
        level, levels = _level(settings, questions, designs, faults)
    types = design.indicator_types(levels)
    translations = read_translations(folder, tuple(other for other in languages if other != official), faults)
    table = read_indicator_table(folder / settings.text("table"))
    found = _Sections(
        settings, table, official, level, levels, designs, asked, names.references, types, translations, faults
    )
    sections = tuple(found.read())
    indicators = [indicator for section in sections for indicator in section.indicators]
    written = tuple(written_rules(folder / "rules.toml", names, indicators, lists, types, faults))
    with faults.kept():
        check_formulas(indicators, lists)
    edition = settings.text("edition")
    editions: tuple[Edition, ...] = ()
    with faults.kept():
        editions = read_editions(folder, edition, designs, types_of, codelists["missing"]) if with_past else ()
    faults.raise_found()
    rules = (*automatic_rules(indicators, lists), *written)
    instrument = Instrument(
        name=settings.text("name"),
        edition=edition,
        title=settings.wording("title"),
        official_language=official,
        languages=languages,
        unofficial=settings.wording("unofficial"),
        sections=sections,
        codelists={**codelists, **_years_in(tables)},
        rules=tuple(rule for rule in rules if not rule.previous_refs),
        fingerprint=fingerprint(folder),
        lists=lists,
        editions=editions,
        wordings_before=read_wordings_before(folder, languages, ((item, item.text) for item in indicators))
        if with_past
        else (),
        comparisons=tuple(rule for rule in rules if rule.previous_refs),
        level=level,
        references=references,
    )
    check_names(instrument)
    return instrument


def _with_units(
    tables: Iterable[TableBlock], types: Mapping[str, AnswerType], designs: Mapping[str, IndicatorDesign]
) -> tuple[dict[str, AnswerType], dict[str, IndicatorDesign]]:
    """The questions and the indicators with the questions in which the units of tables are chosen."""
    types, designs = dict(types), dict(designs)
    for block in tables:
        if unit := block.unit_question:
            if unit.code in types:
                what = f"the question {unit.code} is there already, and would have the unit of the table {block.code}"
                raise DeclarationError(TABLES, what, "Give the question, or the table, another code")
            types[unit.code] = unit.type
            own = designs[block.indicator]
            designs[block.indicator] = replace(own, questions=(*own.questions, unit.code))
    return types, designs


def _years_in(tables: Iterable[TableBlock]) -> dict[str, Codelist]:
    """The code lists of the time series, by their names."""
    dimensions = (dimension for block in tables for dimension in block.every_dimension.values())
    return {dimension.codelist.name: dimension.codelist for dimension in dimensions if dimension.name == PERIOD}


def _core(settings: Settings, questions: Collection[str], faults: Faults) -> tuple[str, ...]:
    """The questions asked about every indicator; a fault for those that are not declared."""
    core = settings.texts("core_questions")
    if unknown := faults.of_their_own([code for code in core if code not in questions]):
        what = f"the question {', '.join(unknown)} is not declared"
        faults.add(settings.fault("core_questions", what, "Correct the name, or add the question to questions.csv"))
    return tuple(code for code in core if code in questions)


def kept_editions(folder: Path) -> dict[str, Path]:
    """The folders of the older editions that an instrument's folder keeps whole, by their names."""
    kept = folder / KEPT
    return {path.name: path for path in sorted(kept.iterdir()) if path.is_dir()} if kept.is_dir() else {}


def _level(
    settings: Settings,
    questions: Mapping[str, tuple[Row, AnswerType]],
    designs: Mapping[str, IndicatorDesign],
    faults: Faults,
) -> tuple[str, tuple[Code, ...] | None]:
    """The code of the question that gives the level, and the levels of its scale, lowest first; nothing without one.

    Where a level is at fault, its scale is unknown: None.
    """
    level = settings.text("level", "")
    if not level:
        return "", ()
    if level not in questions:
        raise settings.fault("level", f"“{level}” is not a question", "Use a code of questions.csv, or remove the line")
    _, answer_type = questions[level]
    if not isinstance(answer_type, SingleChoice):
        raise settings.fault("level", f"the question {level} is not a single_choice", "Name a choice from a scale")
    scale = answer_type.codelist
    if faults.has_lost(scale.name):
        return level, None
    if unranked := [code for code in scale.value_codes if scale[code].rank is None]:
        what = f"the code list {scale.name} is no scale: {', '.join(unranked)} has no rank"
        raise settings.fault("level", what, "Give each of its levels a rank in codelists.csv")
    if not any(level in design.questions for design in designs.values()):
        what = f"no indicator is asked {level}"
        raise settings.fault("level", what, "Add it to core_questions or to indicators, or remove the line")
    return level, scale.ranked


def fingerprint(folder: Path) -> str:
    """SHA-256, in hexadecimal, of the names and contents of the folder's files, whatever their line ends."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class _Sections:
    """Brings the indicator table, the design and the translations together."""

    settings: Settings
    table: IndicatorTable
    official: str
    level: str
    levels: tuple[Code, ...] | None
    designs: Mapping[str, IndicatorDesign]
    questions: Mapping[str, Question]
    references: frozenset[str]
    types: Mapping[str, IndicatorType]
    translations: Translations
    faults: Faults

    def read(self) -> Iterator[Section]:
        heads = self._heads()
        grouped: dict[str, dict[str, Indicator]] = {section.text("code"): {} for section in heads.values()}
        codes: set[str] = set()
        siblings = Counter(entry.objective_line for entry in self.table.indicators)
        under: set[str] = set()
        for entry in self.table.indicators:
            if (heading := _seen(entry.section)) not in heads:
                self.faults.add(
                    self._undeclared(entry, heads), heading, entry.identifier if self.table.has_codes else ""
                )
                continue
            under.add(heading)
            section_code = heads[heading].text("code")
            with self.faults.kept():
                indicator = self._indicator(entry, section_code, siblings[entry.objective_line] > 1, codes)
                grouped[section_code][indicator.code] = indicator
        self._check_all_designs_used(codes)
        self._check_objectives()
        self._check_translations(codes, heads)
        for heading, section in heads.items():
            if heading not in under:
                what = f"no indicator stands under “{heading}” in {self.table.source}"
                self.faults.add(section.fault("heading", what, "Correct the heading, or remove the section"))
            with self.faults.kept():
                yield self._section(section, tuple(grouped[section.text("code")].values()))

    def _section(self, section: Settings, indicators: tuple[Indicator, ...]) -> Section:
        code, heading = section.text("code"), section.text("heading", "")
        own = {self.official: heading} if heading else self.settings.wording("title")
        return Section(code, {**own, **self.translations.of("section", code), **section.wording("label")}, indicators)

    def _heads(self) -> dict[str, Settings]:
        """The sections by their headings as a reader sees them; where none is declared, one without a heading."""
        declared = self.settings.tables("section") or (Settings(self.settings.path, {"code": ONLY_SECTION}, "section"),)
        heads: dict[str, Settings] = {}
        codes: set[str] = set()
        for section in declared:
            with self.faults.kept():
                code, heading = section.text("code"), _seen(section.text("heading", ""))
                if not CODE.fullmatch(code):
                    raise section.fault("code", f"“{code}” cannot be the code of a section", WHAT_A_CODE_IS)
                if code.casefold() in codes or heading in heads:
                    what = f"the section {code} “{heading}” is declared twice"
                    raise section.fault("code", what, "Give every section a code and a heading of its own")
                codes.add(code.casefold())
                heads[heading] = section
                if not heading and len(declared) > 1 and not section.wording("label"):
                    what = f"the section {code} has neither a heading nor a label"
                    raise section.fault("heading", what, "Write its heading as the table has it, or a label")
        return heads

    def _indicator(self, entry: TableIndicator, section: str, has_siblings: bool, codes: set[str]) -> Indicator:
        """The indicator of an entry; its code comes to those that there are, `codes`."""
        objective = objective_code(section, entry.objective_number)
        code = objective + (entry.letter or (letters(entry.position) if has_siblings else ""))
        code = entry.identifier if self.table.has_codes else code
        if code in codes:
            what = f"the code {code} comes a second time in its section"
            raise self._fault(entry, what, "Give every objective of a section its own number")
        codes.add(code)
        if code not in self.designs:
            raise self._fault(entry, f"the indicator {code} has no design", f"Add a line {code} to indicators.csv")
        design = self.designs[code]
        questions = tuple(self.questions[question].about(code) for question in design.questions)
        with self.faults.kept():
            questions = beside_figure(questions, items_of(design.row, self.references))
        return Indicator(
            code=code,
            section=section,
            objective_number=entry.objective_number,
            objective={self.official: entry.objective, **self.translations.of("objective", objective)},
            text={self.official: entry.text, **self.translations.of("indicator", code)},
            help=design.help,
            indicator_type=self.types.get(design.indicator_type, IndicatorType(design.indicator_type, {}, {})),
            met_from_level=met_from(design, self.level, self.levels),
            questions=questions,
            objective_line=entry.objective_line,
            line=entry.line,
        )

    def _check_all_designs_used(self, codes: set[str]) -> None:
        for code, design in self.designs.items():
            if code not in codes:
                what = f"{code} is not in {self.table.source}"
                self.faults.add(design.row.fault("indicator", what, "Remove the line, or correct the code"))

    def _check_objectives(self) -> None:
        """Keep a fault for an objective that one line leaves out, and another one of its number does not."""
        written = {(one.section, one.number) for one in self.table.objectives if one.verbatim}
        for one in self.table.objectives if self.table.has_codes else ():
            if (one.section, one.number) in written and not one.verbatim:
                where, column = f"{self.table.source}, line {one.line}", f"objective_{self.official}"
                what = f"the text of the objective {one.number} is missing, which another line gives"
                spot = Spot(self.table.source, one.line, column)
                self.faults.add(DeclarationError(where, what, "Write it in each line, or another number", spot))

    def _check_translations(self, indicators: set[str], heads: Mapping[str, Settings]) -> None:
        sections = {heading: section.text("code") for heading, section in heads.items()}
        objectives = {
            objective_code(sections.get(_seen(objective.section), ""), objective.number)
            for objective in self.table.objectives
        }
        codes = {"section": set(sections.values()), "objective": objectives, "indicator": indicators}
        self.translations.check(codes, self.faults)

    def _undeclared(self, entry: TableIndicator, heads: Mapping[str, Settings]) -> DeclarationError:
        if not entry.section:
            what = "the indicator stands under no section heading"
            remedy = "Write the heading above it, or declare a section without a heading"
            return self._fault(entry, what, remedy, "section")
        declared = ", ".join(filter(None, heads)) or "no section"
        what = f"the section “{entry.section}” is not declared"
        return self._fault(entry, what, f"Declare it in instrument.toml, as a [[section]] beside {declared}", "section")

    def _fault(self, entry: TableIndicator, what: str, remedy: str, column: str = "indicator") -> DeclarationError:
        where = f"{self.table.source}, line {entry.line}"
        return DeclarationError(where, what, remedy, Spot(self.table.source, entry.line, column))


def _seen(heading: str) -> str:
    """A heading as its reader sees it: accents composed, every sort of space a space."""
    return visible_text(unicodedata.normalize("NFC", heading))
