"""Reads a round: one collection with one edition of an instrument, and its frame, the dated list of respondents."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from questionnaire.codelists import Wording
from questionnaire.declaration.earlier.editions import EDITIONS
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import INSTRUMENTS, kept_editions, read_instrument
from questionnaire.declared_files import known_keys, required_columns
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.access import Access
from questionnaire.rounds.contacts import CONTACTS, Contact, read_contacts, senders
from questionnaire.rounds.cover_page import CoverPage, read_cover_page
from questionnaire.rounds.limits import ReadingLimits, read_limits
from questionnaire.rounds.mail_settings import ELSEWHERE, MailSettings, read_mail_settings
from questionnaire.rounds.previous_round import Previous, read_previous
from questionnaire.rounds.references import REFERENCES, ReferenceValue, numbers_of, read_references
from questionnaire.rounds.round_key import read_key
from questionnaire.rounds.slices import EVERYBODY, Slice, read_slices, slices_of
from questionnaire.rules.evaluate import Answers, Line
from questionnaire.tables import DeclarationError, Row, Settings, read_rows, read_settings

_SENDER = re.compile(r"([^\s@<>]+@)?[^\s@<>.]+(\.[^\s@<>.]+)+")

SLICES = "slices.csv"
"""The file of a round that lists the parts of the questionnaire for single ministries; it may be absent."""


@dataclass(frozen=True)
class Respondent:
    """One line of the frame. `reason` says why a respondent does not take part.

    `senders` are the e-mail addresses and domains that speak for it, in small letters, from wherever they are listed.
    """

    code: str
    name: Wording
    language: str
    participates: bool
    reason: str
    aliases: tuple[str, ...]
    senders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """The reference period, in whole calendar years, both included."""

    start: int
    end: int

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}–{self.end}"

    @property
    def parameters(self) -> Mapping[str, int]:
        """The values that rules may name."""
        return {"period_start": self.start, "period_end": self.end}


@dataclass(frozen=True)
class Round:
    """One collection: which instrument, about which period, from whom, by when.

    `previous_answers` has what respondents answered in the previous round, by their code, and `previous_lines` what
    their lists said, by code and list; whoever needs them puts them there. `previous_suppressed` are the numbers that
    everybody did not see then (respondent, block, line as in `previous_lines`, field), each with the one that everybody
    saw last, if any; None where nobody recorded it. Returns of `older_editions` count without
    the answers that only today's edition asks for. In a round that names a `previous` one, the rules of the instrument
    compare the two. `answered_at_least` is the share of indicators, from 0 to 1, that a return must answer to count.
    `correct_by` is the last day for corrections; what a single respondent was granted stands in the register. With
    `approval`, nothing is published that no named person has approved. `references` are figures about respondents from
    other sources; their numbers are in the instrument too, where rules and formulas look for them.
    """

    name: str
    folder: Path
    title: Wording
    instrument: Instrument
    period: Period
    languages: tuple[str, ...]
    working_language: str
    sent_on: dt.date
    return_by: dt.date
    contact_name: str
    contact_email: str
    respondents: tuple[Respondent, ...]
    slices: tuple[Slice, ...] = ()
    previous: Previous | None = None
    previous_answers: Mapping[str, Answers] = field(default_factory=dict)
    previous_lines: Mapping[str, Mapping[str, tuple[Line, ...]]] = field(default_factory=dict)
    previous_suppressed: Mapping[tuple[str, str, int, str], float | None] | None = None
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    older_editions: tuple[str, ...] = ()
    answered_at_least: float = 0.5
    approval: bool = False
    cover: CoverPage = field(default_factory=CoverPage)
    correct_by: dt.date | None = None
    contacts: tuple[Contact, ...] = ()
    mail: MailSettings | None = None
    references: tuple[ReferenceValue, ...] = ()

    @cached_property
    def participants(self) -> tuple[Respondent, ...]:
        """Those of the frame who are asked to answer, in the order of the frame."""
        return tuple(respondent for respondent in self.respondents if respondent.participates)

    @property
    def returns(self) -> Path:
        """The folder that the secretariat puts returned files into."""
        return self.folder / "returns"

    @property
    def store(self) -> Path:
        """Where every content received is kept, under its SHA-256."""
        return self.folder / "store"

    @property
    def outputs(self) -> Path:
        """Where everything made from this round goes: `outputs/<name>` beside the folder `rounds`."""
        return self.folder.resolve().parent.parent / "outputs" / self.name

    def results(self, access: Access) -> Path:
        """Where the results that are for some people go, among the outputs."""
        return self.outputs / access

    @property
    def key(self) -> bytes | None:
        """The secret of the round, None where there is none yet; read each time, so that nothing else keeps it."""
        return read_key(self.folder)

    @cached_property
    def _references(self) -> Mapping[tuple[str, str], ReferenceValue]:
        return {(value.respondent, value.item): value for value in self.references}

    def reference(self, respondent: str, item: str) -> ReferenceValue | None:
        """A figure about a respondent from another source, None where the round brings none."""
        return self._references.get((respondent, item))

    def respondent(self, code: str) -> Respondent | None:
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> Mapping[str, Respondent]:
        return {respondent.code: respondent for respondent in self.respondents}

    def contacts_of(self, respondent: str) -> tuple[Contact, ...]:
        """The contacts of a respondent, in the order of the file."""
        return tuple(self._contacts.get(respondent, ()))

    @cached_property
    def _contacts(self) -> Mapping[str, list[Contact]]:
        found: dict[str, list[Contact]] = defaultdict(list)
        for contact in self.contacts:
            found[contact.respondent].append(contact)
        return found

    def slices_of(self, respondent: str) -> tuple[Slice, ...]:
        """The parts of the questionnaire that ministries of a respondent fill in, in the order of slices.csv."""
        own, everybodys = (self._slices.get(whose, []) for whose in (respondent, EVERYBODY))
        return slices_of(tuple(part for _, part in sorted(own + everybodys, key=itemgetter(0))), respondent)

    @cached_property
    def _slices(self) -> Mapping[str, list[tuple[int, Slice]]]:
        """The parts by whose they are, with their places in the file."""
        found: dict[str, list[tuple[int, Slice]]] = defaultdict(list)
        for place, part in enumerate(self.slices):
            found[part.respondent].append((place, part))
        return found

    def missing_from(self, respondent: str, slices: Collection[str]) -> frozenset[str]:
        """The indicators that none of some parts of a respondent's questionnaire asks for; "" is the whole of it."""
        asked = [part.indicators for part in self.slices_of(respondent) if part.code in slices]
        every = frozenset(indicator.code for indicator in self.instrument.indicators)
        return frozenset() if "" in slices else every.difference(*asked)

    def slice_of(self, respondent: str, code: str) -> Slice | None:
        return next((part for part in self.slices_of(respondent) if part.code == code), None)


def read_round(folder: Path, instruments: Path | None = None) -> Round:
    """The round of a folder; DeclarationError names file, line or key, and a remedy.

    `instruments` is the folder that holds the instrument named in round.toml; without it, that is the folder
    `instruments` beside the folder `rounds`, if it is there and has it, else INSTRUMENTS.
    """
    if not (folder / "round.toml").exists():
        raise DeclarationError(str(folder), "there is no round.toml in this folder", _rounds_near(folder))
    settings = read_settings(folder / "round.toml")
    settings.check_keys(known_keys("round.toml"), ELSEWHERE)
    read_key(folder)
    period = _period(settings.table("reference_period", "first and last year, such as { start = 2024, end = 2025 }"))
    instrument = _instrument(settings, instruments or _beside(folder, settings) or INSTRUMENTS, period)
    deadlines, contact = settings.table("deadlines"), settings.table("contact")
    languages = _languages(settings, instrument)
    respondents = tuple(_frame(folder / "respondents.csv", languages))
    contacts = read_contacts(folder / CONTACTS, {respondent.code for respondent in respondents})
    respondents = _with_senders(respondents, contacts)
    participants = {respondent.code for respondent in respondents if respondent.participates}
    previous = read_previous(settings, instrument)
    references = read_references(folder / REFERENCES, instrument, [respondent.code for respondent in respondents])
    limits, mail = read_limits(settings), read_mail_settings(settings)
    return Round(
        name=_name(settings),
        folder=folder,
        title=settings.wording_in("title", tuple(dict.fromkeys((*instrument.languages, *LANGUAGES)))),
        instrument=replace(
            instrument if previous is None else instrument.with_comparisons(), reference_values=numbers_of(references)
        ),
        period=period,
        languages=languages,
        working_language=_working_language(settings),
        sent_on=deadlines.typed("questionnaire_sent", dt.date, "a date such as 2026-02-01"),
        return_by=deadlines.typed("return_by", dt.date, "a date such as 2026-04-30"),
        contact_name=contact.text("name"),
        contact_email=contact.text("email"),
        respondents=respondents,
        slices=read_slices(folder / SLICES, instrument, participants, languages),
        older_editions=_older_editions(settings, instrument),
        previous=previous,
        limits=limits,
        answered_at_least=_share(settings),
        approval=settings.typed("approval", bool, "true or false", Round.approval),
        cover=read_cover_page(settings, instrument.languages),
        correct_by=_correct_by(deadlines),
        contacts=contacts,
        mail=mail,
        references=references,
    )


def _rounds_near(folder: Path) -> str:
    """What to name in place of a folder that is no round: the rounds of the project that it is, in it, or around it."""
    for within, names in ((folder, "rounds/*"), (folder, "*"), (folder.parent, "*"), (folder.parent, ".")):
        if there := sorted(str(file.parent) for file in within.glob(f"{names}/round.toml")):
            return f"Type {'one of ' if len(there) > 1 else ''}{', '.join(there)} in its place"
    return "Name the folder of a round, such as rounds/demo"


def _with_senders(respondents: Iterable[Respondent], contacts: tuple[Contact, ...]) -> tuple[Respondent, ...]:
    """The respondents with who writes for each: by contacts.csv, and by the column `senders` of older rounds."""
    listed = senders(contacts)
    return tuple(
        replace(one, senders=tuple(dict.fromkeys((*one.senders, *listed.get(one.code, ()))))) for one in respondents
    )


def _correct_by(deadlines: Settings) -> dt.date | None:
    """The last day for corrections, if the round names one."""
    if "final" not in deadlines.values:
        return None
    day: dt.date = deadlines.typed("final", dt.date, "a date such as 2026-06-15")
    if day < deadlines.values["return_by"]:
        raise deadlines.fault("final", f"{day} is before return_by", "Write the last day for corrections, or remove it")
    return day


def _name(settings: Settings) -> str:
    """The name of the round, which is that of its folder: a copied round must not write over another's outputs."""
    name, folder = settings.text("name"), settings.path.resolve().parent.name
    if name != folder:
        raise settings.fault("name", f"the round is called “{name}”, its folder “{folder}”", f"Write “{folder}”")
    return name


def current_edition(folder: Path) -> str:
    """The edition that the instrument of a round has by now, whatever the round in this folder began with."""
    settings = read_settings(folder / "round.toml")
    instruments = _beside(folder, settings) or INSTRUMENTS
    return read_settings(instruments / settings.text("instrument") / "instrument.toml").text("edition")


def _beside(folder: Path, settings: Settings) -> Path | None:
    """The folder of instruments beside the folder of rounds, if the instrument of the round stands there."""
    beside = folder.resolve().parents[1] / "instruments" if len(folder.resolve().parents) > 1 else None
    name = settings.text("instrument")
    return beside if beside and name == Path(name).name and (beside / name / "instrument.toml").exists() else None


def _instrument(settings: Settings, instruments: Path, period: Period) -> Instrument:
    name = settings.text("instrument")
    folder = instruments / name
    if "/" in name or "\\" in name or not folder.is_dir():
        known = ", ".join(sorted(path.name for path in instruments.iterdir() if path.is_dir()))
        raise settings.fault("instrument", f"there is no instrument “{name}”", f"Use one of {known}")
    years, edition = (period.start, period.end), settings.text("edition")
    instrument = read_instrument(folder, period=years)
    if instrument.edition != edition and edition in (kept := kept_editions(folder)):
        # A round ends with the edition it began with, whatever a newer one asks.
        instrument = read_instrument(kept[edition], period=years)
    if instrument.edition != edition:
        what = f"the round is of edition {edition}, the instrument of {instrument.edition}"
        raise settings.fault("edition", what, "Use the edition that the instrument's folder holds, or keeps")
    return instrument


def _older_editions(settings: Settings, instrument: Instrument) -> tuple[str, ...]:
    editions = settings.texts("older_editions", ())
    if unknown := [edition for edition in editions if instrument.older_edition(edition) is None]:
        what = f"the instrument does not say what edition {', '.join(unknown)} called things"
        raise settings.fault("older_editions", what, f"List it in its {EDITIONS}, or remove it here")
    return editions


def _languages(settings: Settings, instrument: Instrument) -> tuple[str, ...]:
    languages = settings.texts("languages", instrument.languages)
    if unknown := [language for language in languages if language not in instrument.languages]:
        what = f"the instrument has no texts in {', '.join(unknown)}"
        raise settings.fault("languages", what, f"Use {', '.join(instrument.languages)}")
    return languages


def _working_language(settings: Settings) -> str:
    language = settings.text("working_language", "en")
    if language not in LANGUAGES:
        raise settings.fault("working_language", f"“{language}” is not available", f"Use one of {', '.join(LANGUAGES)}")
    return language


def _period(settings: Settings) -> Period:
    start, end = (settings.typed(key, int, "a year such as 2025") for key in ("start", "end"))
    if start > end:
        raise settings.fault("end", f"{end} is before {start}", "Write the last year of the period")
    return Period(start, end)


def _share(settings: Settings) -> float:
    share: float = settings.typed("answered_at_least", (int, float), "a share such as 0.5", Round.answered_at_least)
    if not 0 <= share <= 1:
        raise settings.fault("answered_at_least", f"{share} is no share", "Write a number from 0 to 1, such as 0.5")
    return share


def _frame(path: Path, languages: tuple[str, ...]) -> list[Respondent]:
    seen: set[str] = set()
    frame = []
    for row in read_rows(path, required_columns("respondents.csv")):
        respondent = _respondent(row, languages)
        if respondent.code in seen:
            raise row.fault("respondent", f"{respondent.code} stands twice", "Remove one of the two lines")
        seen.add(respondent.code)
        frame.append(respondent)
    return frame


def _respondent(row: Row, languages: tuple[str, ...]) -> Respondent:
    if not row["respondent"].replace("-", "").isalnum() or not row["respondent"].isascii():
        raise row.fault(
            "respondent", f"“{row['respondent']}” is not a code", "Use letters, digits and hyphens, as in BRA"
        )
    if row["participates"] not in ("yes", "no"):
        raise row.fault("participates", f"“{row['participates']}” is neither yes nor no", "Write yes or no")
    if row["participates"] == "no" and not row.get("reason"):
        raise row.fault("reason", f"{row['respondent']} does not take part and no reason is given", "Write the reason")
    if row["language"] not in languages:
        raise row.fault("language", f"“{row['language']}” is no language of the round", f"Use {', '.join(languages)}")
    return Respondent(
        code=row["respondent"],
        name=row.wording("name", LANGUAGES),
        language=row["language"],
        participates=row["participates"] == "yes",
        reason=row.get("reason"),
        aliases=_listed(row, "aliases"),
        senders=tuple(_sender(row, text) for text in _listed(row, "senders")),
    )


def _listed(row: Row, column: str) -> tuple[str, ...]:
    """The texts of a cell, which semicolons separate."""
    return tuple(text for part in row.get(column).split(";") if (text := part.strip()))


def _sender(row: Row, text: str) -> str:
    if not _SENDER.fullmatch(text):
        remedy = "Write addresses such as name@example.org or domains such as example.org, with semicolons between"
        raise row.fault("senders", f"“{text}” is neither an address nor a domain", remedy)
    return text.casefold()
