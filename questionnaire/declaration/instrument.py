"""Owns reading an instrument's folder into the declaration; every fault names file, line or key, and a remedy."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from questionnaire.codelists import Wording
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.design import IndicatorDesign, ResponseDesign
from questionnaire.declaration.editions import read_editions
from questionnaire.declaration.form import Indicator, Instrument, Kind, Section
from questionnaire.declaration.list_design import read_lists
from questionnaire.indicator_table.reader import Indicator as TableIndicator
from questionnaire.indicator_table.reader import IndicatorTable, read_indicator_table
from questionnaire.rules.expressions import Names
from questionnaire.rules.rulebook import automatic_rules, written_rules
from questionnaire.tables import DeclarationError, Settings, read_rows, read_settings

INSTRUMENTS = Path(__file__).parents[1] / "instruments"
"""The folder whose folders are the instruments that rounds may name."""


def read_instrument(folder: Path) -> Instrument:
    """The instrument of a folder.

    Raises DeclarationError (file, line or key, remedy) for anything malformed, IndicatorTableError for the table.
    """
    settings = read_settings(folder / "instrument.toml")
    official, languages = settings.text("official_language"), settings.texts("languages")
    if official not in languages:
        raise settings.fault("official_language", f"“{official}” is not in languages", "Add it there")
    design = ResponseDesign(folder, official, languages)
    codelists, questions = design.codelists(), design.questions(design.codelists())
    designs = design.indicators(settings.texts("core_questions"), questions)
    names = Names({code: kind for code, (_, kind) in questions.items()}, frozenset(designs), codelists["missing"])
    asked = {code: design.question(row, answer_type, names) for code, (row, answer_type) in questions.items()}
    table = read_indicator_table(folder / settings.text("table"))
    sections = tuple(_Sections(settings, table, design, designs, asked).read())
    indicators = [indicator for section in sections for indicator in section.indicators]
    lists = read_lists(folder, official, codelists, indicators)
    columns = {block.code: {question.code: question.type for question in block.questions} for block in lists}
    written = written_rules(folder / "rules.toml", replace(names, lists=columns), indicators, lists)
    rules = (*automatic_rules(indicators, lists), *written)
    edition = settings.text("edition")
    return Instrument(
        name=settings.text("name"),
        edition=edition,
        title=settings.wording("title"),
        official_language=official,
        languages=languages,
        unofficial=settings.wording("unofficial"),
        sections=sections,
        codelists=codelists,
        rules=tuple(rule for rule in rules if not rule.previous_refs),
        fingerprint=fingerprint(folder),
        lists=lists,
        editions=read_editions(folder, edition, designs, questions),
        comparisons=tuple(rule for rule in rules if rule.previous_refs),
    )


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
    design: ResponseDesign
    designs: Mapping[str, IndicatorDesign]
    questions: Mapping[str, Question]

    def read(self) -> Iterator[Section]:
        kinds, translations = self.design.kinds(), self._translations()
        heads = {section.text("heading", ""): section for section in self.settings.tables("section")}
        grouped: dict[str, dict[str, Indicator]] = {section.text("code"): {} for section in heads.values()}
        siblings = Counter(entry.objective_line for entry in self.table.indicators)
        for entry in self.table.indicators:
            if entry.section not in heads:
                what = f"the section “{entry.section}” is not declared"
                raise self._fault(entry, what, f"Declare it in instrument.toml, which has {', '.join(heads)}")
            section_code = heads[entry.section].text("code")
            indicator = self._indicator(entry, section_code, siblings[entry.objective_line] > 1, kinds, translations)
            if indicator.code in grouped[section_code]:
                what = f"the code {indicator.code} comes a second time in its section"
                raise self._fault(entry, what, "Give every objective of a section its own number")
            grouped[section_code][indicator.code] = indicator
        self._check_all_designs_used({code for indicators in grouped.values() for code in indicators})
        for section in heads.values():
            code = section.text("code")
            yield Section(code, section.wording("label"), tuple(grouped[code].values()))

    def _indicator(
        self,
        entry: TableIndicator,
        section: str,
        has_siblings: bool,
        kinds: Mapping[str, Kind],
        translations: Mapping[tuple[str, str], Wording],
    ) -> Indicator:
        objective = section + _padded(entry.objective_number)
        position = chr(ord("a") + entry.position - 1) if has_siblings else ""
        code = objective + (entry.letter or position)
        if code not in self.designs:
            raise self._fault(entry, f"the indicator {code} has no design", f"Add a line {code} to indicators.csv")
        design, official = self.designs[code], self.design.official
        return Indicator(
            code=code,
            section=section,
            objective_number=entry.objective_number,
            objective={official: entry.objective, **translations.get(("objective", objective), {})},
            text={official: entry.text, **translations.get(("indicator", code), {})},
            help=design.row.wording("help", self.design.languages),
            kind=kinds[design.kind],
            met_from_status=design.row.whole_number("met_if_status_at_least"),
            questions=tuple(self.questions[question] for question in design.questions),
            objective_line=entry.objective_line,
            line=entry.line,
        )

    def _check_all_designs_used(self, codes: set[str]) -> None:
        for code, design in self.designs.items():
            if code not in codes:
                what = f"{code} is not in {self.table.source}"
                raise design.row.fault("indicator", what, "Remove the line, or correct the code")

    def _translations(self) -> dict[tuple[str, str], Wording]:
        """translations.csv, if there is one: (kind, code) -> wording in the languages that are not official."""
        path = self.design.folder / "translations.csv"
        if not path.exists():
            return {}
        others = [language for language in self.design.languages if language != self.design.official]
        return {
            (row["kind"], row["code"]): {language: text for language in others if (text := row.get(language))}
            for row in read_rows(path, ("kind", "code"))
        }

    def _fault(self, entry: TableIndicator, what: str, remedy: str) -> DeclarationError:
        return DeclarationError(f"{self.table.source}, line {entry.line}", what, remedy)


def _padded(objective_number: str) -> str:
    """Two digits at least, so that codes sort; dots become underscores, which survive in every program's names."""
    head, *rest = objective_number.split(".")
    return "_".join([head.zfill(2), *rest])
