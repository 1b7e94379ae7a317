"""Makes the files of an instrument from the plan of an XLSForm: questions, code lists, rules, lists and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from questionnaire.codelists import Codelist, Wording
from questionnaire.indicator_table.identifiers import safe_name
from questionnaire.indicator_table.plain_table import plain_text
from questionnaire.messages import filled_in_all, say, wording
from questionnaire.tables_written import csv_text, inline, quoted
from questionnaire.xlsform import choices as code_lists
from questionnaire.xlsform.constraints import Constraints
from questionnaire.xlsform.naming import BEHIND_CODE, free_name, indicator_code, list_code, question_code, section_code
from questionnaire.xlsform.plan import Plan, Planned, PlannedBlock
from questionnaire.xlsform.repeats import Repeats
from questionnaire.xlsform.translated import Asked, Translation, numeric
from questionnaire.xlsform.xpath import SELF, Node, NotUnderstoodError, parsed

_WORDS = "xlsform_import"
_TYPE = "FORM"


@dataclass(frozen=True)
class Standard:
    """The code lists that every instrument has, as the package words them."""

    missing: Codelist
    yes_no: Codelist


@dataclass
class ImportedForm:
    """An instrument to be, made of a form: its languages, what it left out, and its files."""

    name: str
    plan: Plan
    standard: Standard
    given_title: str = ""
    _lists: dict[str, code_lists.Choices] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        return self.plan.form.languages

    @property
    def language(self) -> str:
        return self.languages[0]

    @property
    def title(self) -> str:
        return self.given_title or _plain(self.plan.form.title) or self.name

    @cached_property
    def indicators(self) -> dict[str, PlannedBlock]:
        """The blocks of one line, by their codes."""
        found: dict[str, PlannedBlock] = {}
        for block in self.plan.blocks:
            if not block.repeat:
                found[indicator_code(block.group, found)] = block
        return found

    @cached_property
    def lists(self) -> dict[str, PlannedBlock]:
        """The blocks of open lines, by their codes."""
        found: dict[str, PlannedBlock] = {}
        for block in self.plan.blocks:
            if block.repeat:
                found[list_code(block.group, found)] = block
        return found

    @property
    def respondents(self) -> tuple[tuple[str, Wording], ...]:
        """Who answers, where the form asks that."""
        return self.plan.form.choices.get(self.plan.respondents, ())

    @cached_property
    def codes(self) -> dict[str, tuple[str, str]]:
        """By the name of a question in the form: its indicator and its code there; what is asked alike has one code."""
        found: dict[str, tuple[str, str]] = {}
        alike: dict[str, object] = {}
        for indicator, block in self.indicators.items():
            own: set[str] = set()
            for one in block.questions:
                wanted, sort = question_code(one, block), _sort(one, block)
                if alike.setdefault(wanted, sort) != sort or wanted in own:
                    wanted = free_name(f"{wanted}_{safe_name(indicator).lower()}", alike)
                    alike[wanted] = sort
                own.add(wanted)
                found[one.entry.name] = indicator, wanted
        return found

    @cached_property
    def missing(self) -> Codelist:
        """The reasons for no answer: those of an exported form in its words, else the standard ones."""
        own = self.plan.form.choices.get("missing", ())
        known = {code: label for code, label in own if code in self.standard.missing}
        if len(known) < len(own) or not own:
            return self.standard.missing
        return code_lists.choices(
            "missing", own, self.language, self.standard.missing, ranked=False, marked=False
        ).codelist

    def choices(self, one: Planned) -> code_lists.Choices:
        """The choices of a question, as a code list."""
        entry = one.currency or one.entry
        listed = self.plan.form.choices[entry.list]
        if one.declared == "yes_no":
            return code_lists.yes_no(listed, self.standard.yes_no)
        if entry.list not in self._lists:
            asked = [other for block in self.plan.blocks for other in block.questions if other.entry.list == entry.list]
            name = free_name(entry.list, ("missing", "yes_no"))
            ranked = any(Node("answer", value=other.entry.name) in self._numeric for other in asked)
            marked = any(other.declared == "multiple_choice" for other in asked)
            asks_reason = any(other.reason for block in self.plan.blocks for other in block.questions)
            missing = self.missing if asks_reason else Codelist("missing", ())
            self._lists[entry.list] = code_lists.choices(name, listed, self.language, missing, ranked, marked)
        return self._lists[entry.list]

    @cached_property
    def _numeric(self) -> frozenset[Node]:
        """The answers that some expression of the form takes for numbers."""
        found: frozenset[Node] = frozenset()
        for block in self.plan.blocks:
            for entry in (block.group, *block.around, *block.group.children):
                for text in (entry.cell(column) for column in ("relevant", "required", "constraint")):
                    try:
                        asked = numeric(parsed(text)) if text else frozenset()
                    except NotUnderstoodError:
                        continue
                    found |= {Node("answer", value=entry.name) if one == SELF else one for one in asked}
        return found

    @cached_property
    def _known(self) -> dict[str, Asked]:
        found: dict[str, Asked] = {}
        for indicator, block in self.indicators.items():
            for one in block.questions:
                code = self.codes[one.entry.name][1]
                listed = self.choices(one) if one.entry.list else None
                codes, is_scale = (listed.codes, listed.codelist.is_scale) if listed else ({}, False)
                found[one.entry.name] = Asked(indicator, code, one.declared, codes, is_scale=is_scale)
                if one.currency:
                    currencies = self.choices(one).codes
                    found[one.currency.name] = Asked(indicator, f"{code}.currency", "single_choice", currencies)
                if one.reason:
                    reasons = {reason.code: reason.code for reason in self.missing}
                    found[one.reason.name] = Asked(indicator, code, one.declared, reasons, is_reason=True)
        return found

    # --- files ----------------------------------------------------------------------------------------------

    def files(self) -> dict[str, str]:
        """The files of the instrument's folder, by name."""
        questions = dict(self._questions())
        rules = "\n\n".join(["# " + say(_WORDS, "about_rules", self.language), *self._rules()])
        lists = list(self._list_entries())
        used = {one.codelist.name: one.codelist for one in self._lists.values()}
        all_lists = [self.missing, self.standard.yes_no, *used.values()]
        label = {language: say(_WORDS, "type_label", language) for language in self.languages}
        types = {"indicator_type": _TYPE, "questions": "", **self._columns("label", label)}
        return {
            "instrument.toml": self._settings(),
            "table.csv": plain_text(self._table()),
            "indicators.csv": csv_text(self._indicators()),
            "indicator_types.csv": csv_text([types]),
            "questions.csv": csv_text(questions.values()),
            "codelists.csv": csv_text(row for one in all_lists for row in code_lists.rows(one, self.languages)),
            "rules.toml": rules + "\n",
            "translations.csv": csv_text(self._translations(), ("kind", "code", "original", *self.languages[1:])),
            **({"lists.toml": "\n".join(lists)} if lists else {}),
        }

    @cached_property
    def _places(self) -> dict[str, tuple[str, str, str]]:
        """By indicator: the code of its section, the number of its objective, and the objective."""
        found: dict[str, tuple[str, str, str]] = {}
        numbers: dict[str, dict[str, int]] = {}
        for indicator, block in self.indicators.items():
            section = self._section_of(block)
            objective = " – ".join(self.wording(entry.label, entry.name)[self.language] for entry in block.around[2:])
            within = numbers.setdefault(section, {})
            found[indicator] = section, str(within.setdefault(objective, len(within) + 1)), objective
        return found

    def _section_of(self, block: PlannedBlock) -> str:
        top = block.around[1] if len(block.around) > 1 else None
        return self.sections.get(top.name if top else "", "")

    @cached_property
    def sections(self) -> dict[str, str]:
        """The codes of the sections, by the names of the outermost groups, "" for indicators without one."""
        found: dict[str, str] = {}
        for block in self.indicators.values():
            top = block.around[1] if len(block.around) > 1 else None
            if (top.name if top else "") not in found:
                found[top.name if top else ""] = (
                    section_code(top, found.values()) if top else free_name("S", found.values())
                )
        return found

    @cached_property
    def _headings(self) -> dict[str, Wording]:
        """The label of each section, by its code; none for indicators without one. No two are the same."""
        tops = {block.around[1].name: block.around[1] for block in self.indicators.values() if len(block.around) > 1}
        found: dict[str, Wording] = {}
        for name, code in self.sections.items():
            label = self.wording(tops[name].label, tops[name].name) if name else {}
            text = label.get(self.language, "")
            taken = {one.get(self.language, "").casefold() for one in found.values()}
            found[code] = {**label, self.language: f"{text} ({code})"} if text and text.casefold() in taken else label
        return found

    def _table(self) -> Iterator[tuple[str, str, str, str, str]]:
        for indicator, (section, number, objective) in self._places.items():
            heading = self._headings[section].get(self.language, "")
            yield indicator, heading, number, objective, self._texts_of(indicator)[self.language]

    def _texts_of(self, indicator: str) -> Wording:
        """What an indicator is called: the label of its group, without the code that an export puts before it."""
        group = self.indicators[indicator].group
        texts = self.wording(group.label, group.name)
        return {language: text.removeprefix(f"{indicator}{BEHIND_CODE}") for language, text in texts.items()}

    def _settings(self) -> str:
        lines = [
            "# " + say(_WORDS, "about_settings", self.language),
            f"name = {quoted(self.name)}",
            'edition = "1"',
            'table = "table.csv"',
            f"official_language = {quoted(self.language)}",
            f"languages = [{', '.join(map(quoted, self.languages))}]",
            "core_questions = []",
            f"title = {inline({self.language: self.title})}",
            f"unofficial = {inline({one: say('new_instrument', 'official_only', one) for one in self.languages})}",
        ]
        for code, label in self._headings.items():
            shown = label or {self.language: self.title}
            heading = label.get(self.language, "")
            lines += ["", "[[section]]", f"code = {quoted(code)}", f"heading = {quoted(heading)}"]
            lines += [f"label = {inline(shown)}"]
        return "\n".join(lines) + "\n"

    def _list_entries(self) -> Iterator[str]:
        texts = {indicator: self._texts_of(indicator) for indicator in self.indicators}
        repeats = Repeats(texts, self.languages, self.choices, self.wording, self.plan.leave_out)
        for code, block in self.lists.items():
            yield repeats.toml(code, block, self._near(block))

    def _near(self, repeat: PlannedBlock) -> str:
        """The indicator that the lines of a repeat count for: that of the group around it, else the one above."""
        groups = {block.group.row: indicator for indicator, block in self.indicators.items()}
        around = [groups[group.row] for group in repeat.around if group.row in groups and group.row]
        above = [indicator for row, indicator in groups.items() if row < repeat.group.row]
        return (around or above or list(self.indicators))[-1]

    def _indicators(self) -> Iterator[dict[str, str]]:
        for indicator, block in self.indicators.items():
            asked = [self.codes[one.entry.name][1] for one in block.questions]
            help_ = self.wording(block.group.hint, "")
            yield {
                "indicator": indicator,
                "indicator_type": _TYPE,
                "questions": " ".join(asked),
                **self._columns("help", help_),
            }

    def _translations(self) -> Iterator[dict[str, str]]:
        for indicator in self.indicators:
            texts = self._texts_of(indicator)
            others = {language: texts.get(language, "") for language in self.languages[1:]}
            yield {"kind": "indicator", "code": indicator, "original": texts[self.language], **others}

    def _questions(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The lines of questions.csv, by their codes; what is asked of several indicators comes once."""
        done: set[str] = set()
        for indicator, block in self.indicators.items():
            for one in block.questions:
                code = self.codes[one.entry.name][1]
                if code not in done:
                    done.add(code)
                    yield code, self._question(indicator, block, one, code)

    def _question(self, indicator: str, block: PlannedBlock, one: Planned, code: str) -> dict[str, str]:
        computed = one.declared == "computed"
        gates = [*(group.cell("relevant") for group in (*block.around, block.group)), one.entry.cell("relevant")]
        due = (one.reason or one.entry).cell("required")
        if one.declared in ("whole_number", "number") and not one.limits.minimum:
            self.plan.leave_out("least", one.entry.name)
        has_list = bool(one.entry.list or one.currency) and one.declared != "computed"
        return {
            "question": code,
            "type": one.declared,
            "codelist": self.choices(one).codelist.name if has_list and one.declared != "yes_no" else "",
            "minimum": one.limits.minimum,
            "maximum": one.limits.maximum,
            "max_length": one.limits.max_length,
            "relevant_when": self._translated(indicator, one, gates, "relevant"),
            "required_when": "" if computed else self._due(indicator, one, due),
            "formula": self._formula(indicator, one) if computed else "",
            **self._columns("label", self.wording(one.entry.label, one.entry.name)),
            **self._columns("help", self._help(one)),
        }

    def _due(self, indicator: str, one: Planned, text: str) -> str:
        if text.casefold() in ("", "no", "false", "false()"):
            return ""
        if text.casefold() in ("yes", "true", "true()"):
            return "always"
        return self._translated(indicator, one, [text], "required")

    def _formula(self, indicator: str, one: Planned) -> str:
        translation = Translation(self._known, indicator, one.entry.name)
        return translation.quantity(parsed(one.entry.cell("calculation")))

    def _translated(self, indicator: str, one: Planned, texts: Iterable[str], column: str) -> str:
        """Conditions that must all hold, as far as they have a counterpart."""
        translation = Translation(self._known, indicator, one.entry.name)
        found: list[str] = []
        for text in filter(None, texts):
            try:
                found.append(translation.condition(parsed(text)))
            except NotUnderstoodError as error:
                self.plan.leave_out("expression", f"{one.entry.name} {column}: {error}")
        return " and ".join(dict.fromkeys(part for part in found if part))

    def _rules(self) -> Iterator[str]:
        rules = Constraints(self._known, self.languages, self.wording, self.plan.leave_out)
        for indicator, block in self.indicators.items():
            rules.add(indicator, block, {one.entry.name: self.codes[one.entry.name][1] for one in block.questions})
        return rules.entries()

    # --- texts ----------------------------------------------------------------------------------------------

    def wording(self, texts: Wording, otherwise: str) -> Wording:
        """The texts in the languages of the instrument; the official one is there whatever the form has."""
        official = texts.get(self.language) or next(iter(texts.values()), otherwise)
        return {language: _plain(text) for language, text in {**texts, self.language: official}.items() if text}

    def _help(self, one: Planned) -> Wording:
        """The hint, unless it is what a question of the type has without one."""
        usual = _usual_help(one)
        own = {language: text for language, text in one.entry.hint.items() if text != usual.get(language)}
        return {language: _plain(text) for language, text in own.items()}

    def _columns(self, prefix: str, texts: Wording) -> dict[str, str]:
        return {f"{prefix}_{language}": texts.get(language, "") for language in self.languages}


def _usual_help(one: Planned) -> Wording:
    key = {"single_choice": "choice", "multiple_choice": "multiple", "web_reference": "web"}.get(
        one.declared, one.declared
    )
    return filled_in_all(wording("workbook", f"help_{key}"), max=one.limits.max_length)


def _sort(one: Planned, block: PlannedBlock) -> object:
    """What makes two questions of one name the same question."""
    prefix = f"${{{block.group.name}_"
    gates = [group.cell("relevant") for group in (*block.around, block.group)] + [one.entry.cell("relevant")]
    texts = [*gates, (one.reason or one.entry).cell("required"), one.entry.cell("calculation")]
    said = tuple(text.replace(prefix, "${") for text in texts)
    limits = one.limits.minimum, one.limits.maximum, one.limits.max_length
    lists = one.entry.list, one.currency.list if one.currency else ""
    return one.declared, lists, dict(one.entry.label), dict(one.entry.hint), limits, said


def _plain(text: str) -> str:
    """A text without the signs that mean something to a form or to a message."""
    return " ".join(text.replace("{", "(").replace("}", ")").replace("$(", "(").split())
