"""Decides whose return a file is: by the identities in it, held against key, file name, sender and acceptance.

The signed identity inside decides; whatever contradicts it, or its absence, holds the return until somebody has looked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from pipeline.commands import accept_command, undo_command
from pipeline.findings import Finding, finding
from pipeline.reading.attribution.file_names import named_in
from pipeline.reading.attribution.senders import sent_by
from pipeline.reading.places.locate import Located, Sighting
from pipeline.receiving.acceptance import Acceptance
from pipeline.receiving.received import ReceivedFile
from questionnaire.codelists import Wording
from questionnaire.declaration.earlier.editions import Edition
from questionnaire.messages import LANGUAGES, Effect, in_language
from questionnaire.rounds.identity import Identity, find_identity, is_genuine, short_fingerprint
from questionnaire.rounds.round import Round
from questionnaire.rounds.round_key import KEY
from questionnaire.rounds.slices import EVERYBODY, Slice
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class Attribution:
    """Whose return a file is: `respondent` is a code of the frame or "", `findings` say what contradicts.

    `part` is the slice of the questionnaire that it is, None for the whole; `older` the older edition that it is of, if
    the instrument maps it.
    """

    identity: Identity | None
    respondent: str
    findings: tuple[Finding, ...]
    part: Slice | None = None
    older: Edition | None = None

    @property
    def is_foreign(self) -> bool:
        """True for what asks something else than this round, or may: it is not to be read by this round's layout."""
        return any(found.traits.effect is Effect.FOREIGN for found in self.findings)


def attribute(located: Located, properties: tuple[str, ...], file: ReceivedFile, round_: Round) -> Attribution:
    """Whose return a workbook is; `properties` are its document properties, which stand in for lost cells."""
    sightings = _sighted(located.identities, properties)
    refused = _refused(sightings, located, file, round_)
    if refused is not None:
        return refused
    identity = sightings[0].identity if sightings else None
    claimed, decided = _claimed(sightings, round_), _decided(file, round_)
    respondent = decided.respondent if decided else claimed
    slice_ = identity.slice if identity else decided.slice if decided else ""
    part = round_.slice_of(respondent, slice_) if identity or decided else _likely_part(located, file, round_)
    doubts = tuple(_doubts(sightings, file, round_, part))
    if decided:
        doubts = _settled(doubts, claimed, decided, file, round_)
    findings = (*_form(identity, slice_, respondent, round_, part), *doubts, *_taking_part(respondent, round_))
    return Attribution(identity, respondent, findings, part, _older(identity, round_))


def _refused(
    sightings: tuple[Sighting, ...], located: Located, file: ReceivedFile, round_: Round
) -> Attribution | None:
    """What a file is that is not to be read: no questionnaire, several, or one that is not of this round."""
    if not sightings:
        if located.places:
            return None
        values = {"named": _names(round_, named_in(file.name, round_.respondents))}
        return Attribution(None, "", (finding("not_a_questionnaire", Severity.BLOCKER, values),))
    first = sightings[0]
    for other in sightings:
        if not _same_form(other, first):
            return Attribution(first.identity, "", (_conflict("identities_disagree", round_, first, other),))
    foreign = tuple(_origin(first.identity, round_))
    if not foreign:
        return None
    is_of_round = first.identity.round == round_.name
    return Attribution(first.identity, _claimed(sightings, round_) if is_of_round else "", foreign)


def _decided(file: ReceivedFile, round_: Round) -> Acceptance | None:
    """The acceptance of the file by a person, unless the frame no longer has its respondent."""
    return file.accepted if file.accepted and round_.respondent(file.accepted.respondent) else None


def older_edition(sightings: tuple[Sighting, ...], properties: tuple[str, ...], round_: Round) -> Edition | None:
    """The older edition of this round's questionnaire that a workbook states first, if the instrument maps it."""
    found = _sighted(sightings, properties)
    if not found or not all(_same_form(entry, found[0]) for entry in found):
        return None
    identity = found[0].identity
    return None if tuple(_origin(identity, round_)) else _older(identity, round_)


def _sighted(sightings: tuple[Sighting, ...], properties: tuple[str, ...]) -> tuple[Sighting, ...]:
    """The identities in the cells of a workbook, else those in its document properties."""
    return sightings or tuple(
        Sighting(found, "", "") for text in properties if (found := find_identity(text)) is not None
    )


def _claimed(sightings: tuple[Sighting, ...], round_: Round) -> str:
    """The respondent that the workbook names, if it names one only and the frame has it."""
    codes = {sighting.identity.respondent for sighting in sightings}
    return codes.pop() if len(codes) == 1 and all(map(round_.respondent, codes)) else ""


def _settled(
    doubts: tuple[Finding, ...], claimed: str, decided: Acceptance, file: ReceivedFile, round_: Round
) -> tuple[Finding, ...]:
    """What is left of doubts once a person has accepted the file: one note, where there was any doubt."""
    if decided.respondent == claimed and not doubts:
        return doubts
    details = {
        "respondent": _names(round_, (decided.respondent,)), "who": decided.who, "when": decided.when[:10],
        "why": decided.why, "command": undo_command(round_, file.name, file.sha256),
    }  # fmt: skip
    held_for = " ".join(dict.fromkeys(doubt.code for doubt in doubts))
    return (finding("accepted_by_hand", Severity.INFO, details, value=held_for, explanation=decided.why),)


# --- which questionnaire it is ------------------------------------------------------------------------------


def _same_form(one: Sighting, other: Sighting) -> bool:
    """True if two identities are of the same questionnaire, whosever it is."""
    a, b = one.identity, other.identity
    names = ("instrument", "edition", "fingerprint", "round", "slice")
    return all(getattr(a, name) == getattr(b, name) for name in names)


def _conflict(code: str, round_: Round, one: Sighting, other: Sighting, **values: str) -> Finding:
    details = {
        "one": _names(round_, (one.identity.respondent,)), "other": _names(round_, (other.identity.respondent,)),
        "first_sheet": one.sheet, "second_sheet": other.sheet, **values,
    }  # fmt: skip
    return finding(code, Severity.BLOCKER, details, sheet=other.sheet, cell=other.cell, value=other.identity.respondent)


def _origin(identity: Identity, round_: Round) -> Iterator[Finding]:
    """The first of: another instrument, round, edition that the instrument does not map."""
    instrument = round_.instrument
    checks = (
        ("other_instrument", identity.instrument, instrument.name),
        ("other_round", identity.round, round_.name),
        ("other_edition", identity.edition, instrument.edition),
    )
    for code, found, expected in checks:
        if found != expected and not (code == "other_edition" and _older(identity, round_)):
            yield finding(code, Severity.BLOCKER, {"found": found, "expected": expected}, value=found)
            return


def _older(identity: Identity | None, round_: Round) -> Edition | None:
    """The older edition that a whole questionnaire is of; in a part of one, nobody knows what was not asked."""
    return round_.instrument.older_edition(identity.edition) if identity and not identity.slice else None


def _likely_part(located: Located, file: ReceivedFile, round_: Round) -> Slice | None:
    """The part that a file without identity seems to be: the one that asks just what it holds; a person decides."""
    named = named_in(file.name, round_.respondents)
    asked = {place.slot.block.code for places in located.places.values() for place in places}
    known = round_.slices_of(named[0] if len(named) == 1 else EVERYBODY)
    fitting = [part for part in known if part.indicators == asked]
    return fitting[0] if len(fitting) == 1 else None


def _form(
    identity: Identity | None, slice_: str, respondent: str, round_: Round, part: Slice | None
) -> Iterator[Finding]:
    """What is wrong with the form: an unknown slice, or another state of the same edition; or that it is a slice.

    The state of an older edition is not today's.
    """
    if _older(identity, round_):
        return
    if slice_ and part is None:
        known = ", ".join(entry.code for entry in round_.slices_of(respondent)) or "—"
        yield finding("slice_unknown", Severity.BLOCKER, {"slice": slice_, "known": known}, value=slice_)
        return
    if identity is not None:
        asked = round_.instrument.only(part.indicators) if part else round_.instrument
        found, expected = identity.fingerprint, short_fingerprint(asked.structure)
        if found != expected:
            code = "slice_changed" if part else "other_fingerprint"
            values = {"found": found, "expected": expected, "slice": slice_}
            yield finding(code, Severity.BLOCKER, values, value=found)
            return
    if part:
        yield finding("slice_read", Severity.INFO, {"slice": part.code}, value=part.code)


# --- whose it is --------------------------------------------------------------------------------------------


def _doubts(
    sightings: tuple[Sighting, ...], file: ReceivedFile, round_: Round, part: Slice | None
) -> Iterator[Finding]:
    """All that contradicts, or fails to prove, that the return is of the respondent it names."""
    if not sightings:
        accepting = accept_command(round_, file.name, file.sha256, "", part.code if part else "")
        named = named_in(file.name, round_.respondents)
        values = {"named": _names(round_, named), "command": accepting}
        yield finding("no_identity", Severity.BLOCKER, values)
        return
    whose = sightings[0].identity.respondent
    # Most returns are in no doubt, and a command names one of all respondents.
    command = partial(accept_command, round_, file.name, file.sha256, whose)
    if other := next((entry for entry in sightings if entry.identity.respondent != whose), None):
        yield _conflict("two_respondents", round_, sightings[0], other, command=command())
        return
    if round_.respondent(whose) is None:
        values = {"respondent": whose, "command": command()}
        yield finding("respondent_unknown", Severity.BLOCKER, values, value=whose)
    unproved = tuple(_unproved(sightings, round_, command))
    yield from unproved
    yield from _named_otherwise(whose, file, round_, command)
    yield from _sent_by_others(whose, file, round_, command, is_proved=not unproved)


def _unproved(sightings: tuple[Sighting, ...], round_: Round, command: Callable[[], str]) -> Iterator[Finding]:
    """The first identity without a token, or with one that the key of the round did not make."""
    key = round_.key
    for sighting in sightings:
        identity = sighting.identity
        code = "token_missing" if not identity.token else "key_missing" if key is None else "token_wrong"
        if code == "token_wrong" and key is not None and is_genuine(identity, key):
            continue
        values = {"respondent": _names(round_, (identity.respondent,)), "command": command(), "file": KEY}
        # What is the same on every sheet concerns the file.
        alike = all(other.identity == identity for other in sightings)
        where = {} if alike else {"sheet": sighting.sheet, "cell": sighting.cell}
        yield finding(code, Severity.BLOCKER, values, value=identity.respondent, **where)
        return


def _named_otherwise(whose: str, file: ReceivedFile, round_: Round, command: Callable[[], str]) -> Iterator[Finding]:
    """The first name of the file that names another respondent: a warning where some name of it names this one too."""
    named = [(entry, named_in(entry.name, round_.respondents)) for entry in file.arrivals]
    is_named_too = any(whose in codes for _, codes in named)
    for entry, codes in named:
        if others := tuple(code for code in codes if code != whose):
            values = {"respondent": _names(round_, (whose,)), "command": command()}
            details = {**values, "file": entry.name, "others": _names(round_, others)}
            code, severity = (
                ("file_name_disagrees", Severity.WARNING) if is_named_too else ("respondent_unclear", Severity.BLOCKER)
            )
            yield finding(code, severity, details, value=entry.name)
            return


def _sent_by_others(
    whose: str, file: ReceivedFile, round_: Round, command: Callable[[], str], is_proved: bool
) -> Iterator[Finding]:
    """Each sender listed for somebody else, which holds a file that the respondent did not send as well.

    Also those listed for nobody, of a return that is proved to be the respondent's and of copies: the respondent may
    not know that others have its answers.
    """
    sent = {entry.sender: entry for entry in reversed(file.arrivals) if entry.sender}
    speaks = {sender: sent_by(sender, round_.respondents) for sender in sorted(sent)}
    sent_too = any(whose in codes for codes in speaks.values())
    entry = round_.respondent(whose)
    for sender, codes in speaks.items():
        values = {"respondent": _names(round_, (whose,)), "command": command()}
        details = {**values, "sender": sender, "file": sent[sender].name, "others": _names(round_, codes)}
        if codes and whose not in codes:
            code, severity = (
                ("copy_sent_by_other", Severity.WARNING) if sent_too else ("sender_disagrees", Severity.BLOCKER)
            )
            yield finding(code, severity, details, value=sender)
        elif not codes and file.copies and entry is not None and entry.senders:
            yield finding("copy_from_stranger", Severity.INFO, details, value=sender)
        elif not codes and is_proved and entry is not None:
            yield finding("sender_unknown", Severity.INFO, details, value=sender)


def _taking_part(respondent: str, round_: Round) -> Iterator[Finding]:
    entry = round_.respondent(respondent)
    if entry is not None and not entry.participates:
        values = {"respondent": _names(round_, (respondent,)), "reason": entry.reason}
        yield finding("respondent_not_participating", Severity.BLOCKER, values, value=respondent)


def _names(round_: Round, codes: tuple[str, ...]) -> Wording:
    """Respondents as a person reads them, in each language: name and code; a dash for none."""
    return {language: ", ".join(_named(round_, code, language) for code in codes) or "—" for language in LANGUAGES}


def _named(round_: Round, code: str, language: str) -> str:
    respondent = round_.respondent(code)
    name = in_language(respondent.name, language) if respondent else ""
    return f"{name} ({code})" if name and name != code else code
