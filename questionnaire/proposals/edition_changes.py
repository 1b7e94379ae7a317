"""Compares an edition of an instrument with the one before: what was added, dropped, renamed, reworded or moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from questionnaire.codelists import Wording, choice_key
from questionnaire.declaration.answer_types import MultipleChoice
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.form import Instrument
from questionnaire.proposals.likeness import Likeness, compared


class How(StrEnum):
    """What became of something: the keys of the sentences in wordings/editions.toml that say so."""

    RENAMED = "renamed"
    DROPPED = "dropped"
    ADDED = "added"
    REWORDED = "reworded"
    MOVED = "moved"
    DECIDED = "decided"
    ASKED = "asked"
    NOT_READ = "not_read"


@dataclass(frozen=True)
class Change:
    """One change: of an indicator, a question or an option; its codes then and now, "" for none; and the reason.

    `reason` is a key of wordings/editions.toml with its `values`. `candidates` are the codes of today that a person is
    asked about.
    """

    kind: str
    how: How
    then: str
    now: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thing:
    """What is compared: its text, where it stands, and what sort of answer it takes."""

    text: Wording
    place: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Compared:
    """The changes, and the code of today for each code of then; "" for what is no longer asked."""

    changes: tuple[Change, ...]
    now: Mapping[str, str]


def indicators_of(instrument: Instrument) -> dict[str, Thing]:
    """The indicators of an instrument, by code."""
    official = instrument.official_language
    labels = {section.code: section.label.get(official, section.code) for section in instrument.sections}
    return {
        one.code: Thing(one.text, " / ".join(dict.fromkeys((labels[one.section], one.objective.get(official, "")))))
        for one in instrument.indicators
    }


def questions_of(instrument: Instrument) -> dict[str, Thing]:
    """The questions of an instrument, by code."""
    return {
        code: Thing(question.label, "", _sort(question, instrument.official_language))
        for code, question in instrument.questions.items()
    }


def _sort(question: Question, language: str) -> str:
    scalars = [one.type for one in question.fields]
    declared = " + ".join(dict.fromkeys(scalar.traits.declared for scalar in scalars))
    unit = question.fields[0].unit.get(language, "")
    return f"{declared}, {unit}" if unit else declared


def compare(
    kind: str, then: Mapping[str, Thing], now: Mapping[str, Thing], decided: Mapping[str, str], official: str
) -> Compared:
    """What became of things of one kind; what a person `decided` of a code holds."""
    return _Comparison(kind, then, now, decided, official).result()


@dataclass
class _Comparison:
    kind: str
    then: Mapping[str, Thing]
    today: Mapping[str, Thing]
    decided: Mapping[str, str]
    official: str
    pairs: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def result(self) -> Compared:
        for code, now in self.decided.items():
            if code in self.then and (not now or now in self.today):
                self._note(How.DECIDED, code, now, "in_editions")
                self.pairs[code] = now
        self._same_texts()
        self._same_codes()
        self._others()
        asked = {one for change in self.changes if change.how is How.ASKED for one in change.candidates}
        for code in self._new():
            if code not in asked:
                self._note(How.ADDED, "", code, "new_code", text=self._text(self.today[code]))
        self._beside()
        return Compared(tuple(self.changes), self.pairs)

    def _same_texts(self) -> None:
        """What is worded as before is the same, whatever its code: where no other is worded so."""
        texts = [self._by_text(things) for things in (self.then, self.today)]
        for code in self._open():
            if code in self.today and self._key(self.today[code]) == self._key(self.then[code]):
                self._pair(code, code, "")
        for code in self._open():
            key = self._key(self.then[code])
            same = [other for other in texts[1].get(key, ()) if other not in self.pairs.values()]
            if len(same) == 1 and len(texts[0][key]) == 1:
                self._pair(code, same[0], "same_text")

    def _same_codes(self) -> None:
        for code in self._open():
            if code not in self._new():
                continue
            found = compared(self._text(self.then[code]), self._text(self.today[code]))
            if found.likeness is Likeness.REWORDED:
                self._pair(code, code, "")
            else:
                reason = "other_text" if found.likeness is Likeness.OTHER else "other_words"
                self._ask(code, (code,), reason)

    def _others(self) -> None:
        """Look for what has neither its code nor its text."""
        asked = {one for change in self.changes if change.how is How.ASKED for one in change.candidates}
        waiting = {change.then for change in self.changes if change.how is How.ASKED}
        alike: dict[str, dict[str, Likeness]] = {}
        for code in self._open():
            if code not in waiting:
                judged = {
                    one: compared(self._text(self.then[code]), self._text(self.today[one])).likeness
                    for one in self._new()
                    if one not in asked
                }
                alike[code] = {one: likeness for one, likeness in judged.items() if likeness is not Likeness.OTHER}
        for code, near in alike.items():
            rivals = [other for other in alike if other != code and near.keys() & alike[other].keys()]
            if not near:
                self._note(How.DROPPED, code, "", "nothing_alike", text=self._text(self.then[code]))
                self.pairs[code] = ""
            elif len(near) == 1 and not rivals and Likeness.REWORDED in near.values():
                self._pair(code, next(iter(near)), "like_text")
            else:
                self._ask(code, tuple(near), "perhaps")

    def _pair(self, code: str, now: str, reason: str) -> None:
        then, today = self.then[code].sort, self.today[now].sort
        if then != today:
            self._ask(code, (now,), "other_sort", sort_then=then, sort_now=today)
            return
        self.pairs[code] = now
        if code != now:
            texts = {"text_then": self._text(self.then[code]), "text_now": self._text(self.today[now])}
            self._note(How.RENAMED, code, now, reason, **texts)

    def _ask(self, code: str, candidates: tuple[str, ...], reason: str, **values: str) -> None:
        texts = {one: self._text(self.today[one]) for one in candidates}
        shown = "; ".join(f"{one} “{text}”" for one, text in texts.items())
        said = {"text_then": self._text(self.then[code]), "text_now": shown, **values}
        self.changes.append(Change(self.kind, How.ASKED, code, "", reason, said, candidates))

    def _beside(self) -> None:
        """Note what was reworded or moved among what is asked then and now."""
        for code, now in self.pairs.items():
            if not now:
                continue
            then, today = self.then[code], self.today[now]
            if any(self._differs(then, today, language) for language in then.text):
                texts = {"text_then": self._text(then), "text_now": self._text(today)}
                reason = "translation" if self._key(then) == self._key(today) else "same_in_other_words"
                self._note(How.REWORDED, code, now, reason, **texts)
            if then.place != today.place:
                self._note(How.MOVED, code, now, "other_place", place_then=then.place, place_now=today.place)

    @staticmethod
    def _differs(then: Thing, now: Thing, language: str) -> bool:
        return choice_key(then.text[language]) != choice_key(now.text.get(language, ""))

    def _open(self) -> list[str]:
        asked = {change.then for change in self.changes if change.how is How.ASKED}
        return [code for code in self.then if code not in self.pairs and code not in asked]

    def _new(self) -> list[str]:
        return [code for code in self.today if code not in self.pairs.values()]

    def _by_text(self, things: Mapping[str, Thing]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, thing in things.items():
            found.setdefault(self._key(thing), []).append(code)
        return found

    def _text(self, thing: Thing) -> str:
        return thing.text.get(self.official, next(iter(thing.text.values()), ""))

    def _key(self, thing: Thing) -> str:
        return choice_key(self._text(thing))

    def _note(self, how: How, then: str, now: str, reason: str, **values: str) -> None:
        self.changes.append(Change(self.kind, how, then, now, reason, values))


def older_wordings(
    then: Instrument, now: Instrument, pairs: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, ...]]:
    """The lines of wordings_before.csv for what is asked in other words: kind, code of today, language, wording."""
    for kind, of in (("indicator", indicators_of), ("question", questions_of)):
        before, today = of(then), of(now)
        for code, current in pairs[kind].items():
            if not current:
                continue
            for language, text in before[code].text.items():
                said = today[current].text.get(language, "")
                if language in now.languages and said and choice_key(text) != choice_key(said):
                    yield kind, current, language, text
    for name, language, code, text in _options(then, now):
        yield "option", f"{name}.{code}", language, text


def _options(then: Instrument, now: Instrument) -> Iterator[tuple[str, str, str, str]]:
    """The options of multiple choices that are worded otherwise now: list, language, code, wording of then."""
    lists = {one.type.codelist.name for one in now.questions.values() if isinstance(one.type, MultipleChoice)}
    for name in sorted(lists & then.codelists.keys()):
        for code in then.codelists[name]:
            if code.code not in now.codelists[name]:
                continue
            label = now.codelists[name][code.code].label
            for language, text in code.label.items():
                if (
                    language in now.languages
                    and label.get(language)
                    and choice_key(text) != choice_key(label[language])
                ):
                    yield name, language, code.code, text


def not_read(then: Instrument, now: Instrument) -> Iterator[Change]:
    """What no file can say of older editions: codes of lists that are gone, and columns of lists."""
    for name in (name for name in then.codelists if name in now.codelists):
        for code in then.codelists[name]:
            if code.code not in now.codelists[name]:
                yield Change("option", How.NOT_READ, f"{name}.{code.code}", "", "code_gone")
    lists = {one.code: one for one in now.lists}
    for block in then.lists:
        gone = block.field_codes - lists[block.code].field_codes if block.code in lists else {""}
        for column in sorted(gone):
            yield Change("list", How.NOT_READ, ".".join(filter(None, (block.code, column))), "", "column_gone")
