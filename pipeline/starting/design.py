"""Works out the design of a new instrument, sections, codes and what is asked about each indicator, and its files."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.starting.new_tables import NewTables
from pipeline.starting.plan_figures import PlanFigures
from questionnaire.declaration.blocks import PERSONS
from questionnaire.design_sheets.standard import STANDARD
from questionnaire.indicator_table.plain_table import plain_text
from questionnaire.indicator_table.records import Attribute, Indicator, IndicatorTable, State
from questionnaire.messages import LANGUAGES, say
from questionnaire.proposals.codes import indicator_codes, objective_numbers, section_codes
from questionnaire.proposals.proposal import UNIT_PATTERNS, Proposal, Remark, propose
from questionnaire.tables_written import csv_text, quoted

_ALWAYS = ("missing", "yes_no")
_ATTRIBUTES = (
    "definition",
    "unit",
    "baseline",
    "target",
    "year",
    "source",
    "frequency",
    "responsible",
    "disaggregation",
)
"""What the table says of an indicator that its help repeats, in this order."""
_LONGEST_HELP = 1500


@dataclass(frozen=True)
class Entry:
    """One indicator of the new instrument: its code, the number of its objective, and what is proposed for it."""

    code: str
    objective_number: str
    indicator: Indicator
    proposal: Proposal

    @property
    def text(self) -> str:
        """The text as it stands in the questionnaire: after its printed identifier, where the code is not just that."""
        printed = self.indicator.identifier
        known = not printed or printed == self.code or self.indicator.letter
        return self.indicator.text if known else f"{printed} {self.indicator.text}"

    @property
    def unit_question(self) -> str:
        """The code of the question with a unit of its own; "" where there is none."""
        return self.proposal.unit_question

    @property
    def questions(self) -> tuple[str, ...]:
        """What stands in indicators.csv: asked beyond the questions of the type, or with a minus not asked."""
        own = (self.unit_question,) if self.unit_question else ()
        removed = tuple(code for code in self.proposal.questions if code.startswith("-"))
        return (*removed, *own, *(code for code in self.proposal.questions if code not in removed))


@dataclass(frozen=True)
class NewInstrument:
    """The instrument to be: its name, title and official language, its sections by heading, its indicators in order."""

    name: str
    title: str
    language: str
    sections: Mapping[str, str]
    entries: tuple[Entry, ...]
    left_out: tuple[Indicator, ...] = ()

    @cached_property
    def types(self) -> list[dict[str, str]]:
        used = {entry.proposal.indicator_type for entry in self.entries}
        return [row for row in _rows("indicator_types.csv") if row["indicator_type"] in used]

    @cached_property
    def questions(self) -> list[dict[str, str]]:
        """The lines of questions.csv: those of the package that are asked, then those with a unit of the table."""
        asked = {code for row in self.types for code in row["questions"].split()}
        asked |= {code.lstrip("-") for entry in self.entries for code in entry.questions}
        standard = [row for row in _rows("questions.csv") if row["question"] in asked]
        patterns = {row["question"]: row for row in _rows("questions.csv")}
        proposals = {entry.unit_question: entry.proposal for entry in self.entries if entry.unit_question}
        # What the pattern of a measure helps with is to write its unit.
        without_help = {f"help_{language}": "" for language in LANGUAGES}
        own = [
            {
                **patterns[UNIT_PATTERNS[one.indicator_type]],
                **(without_help if one.indicator_type == "NUMBER" else {}),
                "question": code,
                f"unit_{self.language}": "" if one.indicator_type == "AMOUNT" else one.unit,
                "discloses": PERSONS if one.counts_persons else "",
            }
            for code, one in proposals.items()
        ]
        mults = {code: one.unit_mult for code, one in proposals.items() if one.unit_mult}
        return [
            {**row, "unit_mult": str(mults.get(row["question"], ""))} if mults else row for row in [*standard, *own]
        ]

    @cached_property
    def tables(self) -> NewTables:
        return NewTables({entry.code: entry.proposal for entry in self.entries})

    @cached_property
    def plan(self) -> PlanFigures:
        """The baselines and targets of the table that are figures."""
        indicators = {entry.code: entry.indicator for entry in self.entries}
        types = {entry.code: entry.proposal.indicator_type for entry in self.entries}
        return PlanFigures(indicators, types, self.language)

    @property
    def has_level(self) -> bool:
        return any(row["question"] == "level" for row in self.questions)

    def files(self) -> dict[str, str]:
        """The files of the instrument's folder, by name."""
        listed = {*_ALWAYS, *(row["codelist"] for row in self.questions), *self.tables.codelists}
        return {
            "instrument.toml": self._settings(),
            "table.csv": plain_text(
                (entry.code, one.section, entry.objective_number, one.objective, entry.text)
                for entry in self.entries
                for one in [entry.indicator]
            ),
            "indicators.csv": csv_text(self._indicators()),
            "indicator_types.csv": csv_text(self.types),
            "questions.csv": csv_text(self.questions),
            "codelists.csv": csv_text(row for row in _rows("codelists.csv") if row["codelist"] in listed),
            **self.tables.files(),
            "rules.toml": self._rules(),
            "translations.csv": csv_text(self._translations()),
            "proposals.csv": csv_text(self.proposals()),
        }

    def _settings(self) -> str:
        unofficial = {language: say("new_instrument", "official_only", language) for language in LANGUAGES}
        lines = [
            say("new_instrument", "about_settings", self.language),
            f"name = {quoted(self.name)}",
            'edition = "1"',
            'table = "table.csv"',
            f"official_language = {quoted(self.language)}",
            say("new_instrument", "about_languages", self.language),
            f"languages = [{quoted(self.language)}]",
            "core_questions = []",
            *(['level = "level"'] if self.has_level else []),
            f"title = {{ {self.language} = {quoted(self.title)} }}",
            "",
            "[unofficial]",
            *(f"{language} = {quoted(text)}" for language, text in unofficial.items()),
        ]
        for heading, code in self.sections.items():
            label = f"\nlabel = {{ {self.language} = {quoted(self.title)} }}" if not heading else ""
            lines += ["", "[[section]]", f"code = {quoted(code)}", f"heading = {quoted(heading)}{label}"]
        lines += self.plan.settings()
        return "\n".join(lines) + "\n"

    def _indicators(self) -> Iterable[dict[str, str]]:
        for entry in self.entries:
            said = [one for one in entry.indicator.attributes if self.plan.stays_text(entry.code, one)]
            figures = " ".join(figure.item for figure in self.plan.of(entry.code))
            yield {
                "indicator": entry.code,
                "indicator_type": entry.proposal.indicator_type,
                "questions": " ".join(entry.questions),
                "met_from_level": "",
                **({"reference": figures} if self.plan.every else {}),
                f"help_{self.language}": _help(said),
            }

    def _rules(self) -> str:
        """The rules of the package whose questions are all asked of some indicator."""
        text = (STANDARD / "rules.toml").read_text(encoding="utf-8")
        standard = {row["question"] for row in _rows("questions.csv")}
        kept = [say("new_instrument", "about_rules", self.language)]
        for part in text.split("[[rule]]\n")[1:]:
            rule = "[[rule]]\n" + part.strip()
            names = set(tomllib.loads(part)["check"].split()) & standard
            if any(names.issubset(self._asked(entry)) for entry in self.entries):
                kept.append(rule)
            if "count_women" in names:
                kept += self._sums_with_units(rule)
        return "\n\n".join([*kept, *self.tables.rules()]) + "\n"

    def _asked(self, entry: Entry) -> list[str]:
        """The codes of the questions that are asked of an indicator, in their order."""
        of_type = next(row for row in self.types if row["indicator_type"] == entry.proposal.indicator_type)
        dropped = {code[1:] for code in entry.questions if code.startswith("-")}
        asked = (*of_type["questions"].split(), *entry.questions)
        return [code for code in asked if code not in dropped and code[0] != "-"]

    def _sums_with_units(self, rule: str) -> Iterable[str]:
        """The rule that the sexes add up, for each count that has a unit and so a question of its own."""
        counts = [one.unit_question for one in self.entries if {"-count", "count_women"} <= {*one.questions}]
        for code in dict.fromkeys(counts):
            own = rule.replace('"SEXES_ADD_UP"', f'"SEXES_ADD_UP_{code.removeprefix("count_").upper()}"')
            yield own.replace('target = "count"', f'target = "{code}"').replace('"count == ', f'"{code} == ')

    def _translations(self) -> Iterable[dict[str, str]]:
        """A line for each text of the table, for translations beside it."""
        others = [language for language in LANGUAGES if language != self.language]
        texts = [("section", code, heading) for heading, code in self.sections.items() if heading]
        texts += [("indicator", entry.code, entry.text) for entry in self.entries]
        for kind, code, text in texts:
            yield {"kind": kind, "code": code, "original": text, **dict.fromkeys(others, "")}

    def proposals(self) -> Iterable[dict[str, str]]:
        """A line for each indicator: what is proposed and why, and what somebody should look at."""
        labels = {row["indicator_type"]: row[f"label_{self.language}"] for row in self.types}
        for entry in self.entries:
            kind = entry.proposal.indicator_type
            yield {
                "indicator": entry.code,
                "identifier": entry.indicator.identifier,
                "text": entry.indicator.text,
                "indicator_type": kind,
                "proposal": labels[kind],
                "questions": " ".join(self._asked(entry)),
                "reason": _said(entry.proposal.reason, self.language),
                "to_look_at": " ".join(_said(look, self.language) for look in entry.proposal.to_look_at),
            }


def new_instrument(name: str, title: str, table: IndicatorTable, language: str) -> NewInstrument:
    """The instrument proposed for a table; indicators that are retired, pending or empty are left out, and named."""
    meant = [one for one in table.indicators if one.state is State.MEANT]
    headings = list(dict.fromkeys(one.section for one in meant))
    sections = section_codes(headings, {section.heading: section.code for section in table.sections})
    called = zip(indicator_codes(meant, sections), objective_numbers(meant), meant, strict=True)
    years = {heading: _years(one for one in meant if one.section == heading) for heading in headings}
    entries = (Entry(code, number, one, propose(one, language, years[one.section])) for code, number, one in called)
    left_out = tuple(one for one in table.indicators if one.state is not State.MEANT)
    order = {heading: position for position, heading in enumerate(headings)}
    ordered = tuple(sorted(entries, key=lambda entry: order[entry.indicator.section]))
    return NewInstrument(name, title, language, sections, ordered, left_out)


def _years(indicators: Iterable[Indicator]) -> set[str]:
    """The heads of the columns that are years."""
    return {said.head.strip() for one in indicators for said in one.attributes if said.role == "year"}


def _help(attributes: Iterable[Attribute]) -> str:
    """What the table says of an indicator beside its text, each under the head it has there."""
    listed = list(attributes)
    found = [f"{one.head or one.role}: {one.text}" for role in _ATTRIBUTES for one in listed if one.role == role]
    return " · ".join(dict.fromkeys(found))[:_LONGEST_HELP]


def _said(remark: Remark, language: str) -> str:
    return say("proposals", remark.key, language, **remark.values)


def _rows(name: str) -> list[dict[str, str]]:
    with (STANDARD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
