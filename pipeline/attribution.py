"""Owns deciding whose return a file is: by the identities in it, held against the round and the file's name.

The identity inside decides; whatever contradicts it keeps the return out until somebody has looked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.file_names import named_in
from pipeline.findings import Finding, finding
from pipeline.locate import Located, Sighting
from questionnaire.form import Instrument
from questionnaire.identity import Identity, find_identity, short_fingerprint
from questionnaire.messages import in_language
from questionnaire.rounds import Round
from questionnaire.rules import Severity
from questionnaire.slices import Slice


@dataclass(frozen=True)
class Attribution:
    """Whose return a file is: `respondent` is a code of the frame or "", `findings` say what contradicts.

    `part` is the slice of the questionnaire that it is, None for the whole.
    """

    identity: Identity | None
    respondent: str
    findings: tuple[Finding, ...]
    part: Slice | None = None


def attribute(located: Located, properties: tuple[str, ...], file: str, round_: Round) -> Attribution:
    """Whose return a workbook is; `properties` are its document properties, which stand in for lost cells."""
    sightings = located.identities or tuple(
        Sighting(found, "", "") for text in properties if (found := find_identity(text)) is not None
    )
    if not sightings:
        code = "no_identity" if located.places else "not_a_questionnaire"
        named = named_in(file, round_.respondents)
        values = {"named": _names(round_, named) or "—"}
        return Attribution(None, "", (finding(code, Severity.BLOCKER, values),))
    identity = sightings[0].identity
    conflict = next((other for other in sightings if other.identity != identity), None)
    if conflict is not None:
        return Attribution(identity, "", (_conflict(round_, sightings[0], conflict),))
    part = round_.slice_of(identity.respondent, identity.slice) if identity.slice else None
    findings = (*_origin(identity, round_, part), *_respondent(identity, round_), *_file_name(identity, file, round_))
    in_frame = identity.round == round_.name and round_.respondent(identity.respondent) is not None
    return Attribution(identity, identity.respondent if in_frame else "", findings, part)


def _conflict(round_: Round, one: Sighting, other: Sighting) -> Finding:
    both = one.identity.respondent, other.identity.respondent
    code = "two_respondents" if both[0] != both[1] else "identities_disagree"
    values = {
        "one": _names(round_, both[:1]), "other": _names(round_, both[1:]),
        "first_sheet": one.sheet, "second_sheet": other.sheet,
    }  # fmt: skip
    return finding(code, Severity.BLOCKER, values, sheet=other.sheet, cell=other.cell, value=str(other.identity))


def _origin(identity: Identity, round_: Round, part: Slice | None) -> Iterator[Finding]:
    """The first of: another instrument, round, edition, an unknown slice, another state of the same edition."""
    instrument = round_.instrument
    checks = (
        ("other_instrument", identity.instrument, instrument.name),
        ("other_round", identity.round, round_.name),
        ("other_edition", identity.edition, instrument.edition),
    )
    for code, found, expected in checks:
        if found != expected:
            yield finding(code, Severity.BLOCKER, {"found": found, "expected": expected}, value=found)
            return
    if identity.slice and part is None:
        known = ", ".join(entry.code for entry in round_.slices_of(identity.respondent)) or "—"
        values = {"slice": identity.slice, "known": known}
        yield finding("slice_unknown", Severity.BLOCKER, values, value=identity.slice)
        return
    yield from _state(identity, instrument, part)


def _state(identity: Identity, instrument: Instrument, part: Slice | None) -> Iterator[Finding]:
    """Whether the questions are those of today; of a slice also that it is one."""
    asked = instrument.only(part.indicators) if part else instrument
    found, expected = identity.fingerprint, short_fingerprint(asked.structure)
    values = {"found": found, "expected": expected, "slice": identity.slice}
    if found != expected:
        code = "slice_changed" if part else "other_fingerprint"
        yield finding(code, Severity.BLOCKER, values, value=found)
    elif part:
        yield finding("slice_waits", Severity.INFO, values, value=part.code)


def _respondent(identity: Identity, round_: Round) -> Iterator[Finding]:
    if identity.round != round_.name:
        return
    respondent = round_.respondent(identity.respondent)
    if respondent is None:
        values = {"respondent": identity.respondent}
        yield finding("respondent_unknown", Severity.BLOCKER, values, value=identity.respondent)
    elif not respondent.participates:
        values = {"respondent": _names(round_, (respondent.code,)), "reason": respondent.reason}
        yield finding("respondent_not_participating", Severity.BLOCKER, values, value=identity.respondent)


def _file_name(identity: Identity, file: str, round_: Round) -> Iterator[Finding]:
    named = named_in(file, round_.respondents)
    others = tuple(code for code in named if code != identity.respondent)
    if not others:
        return
    values: Mapping[str, object] = {
        "respondent": _names(round_, (identity.respondent,)), "others": _names(round_, others), "file": file,
    }  # fmt: skip
    if identity.respondent in named:
        yield finding("file_name_disagrees", Severity.WARNING, values, value=file)
    else:
        yield finding("respondent_unclear", Severity.BLOCKER, values, value=file)


def _names(round_: Round, codes: tuple[str, ...]) -> str:
    """Respondents as a person reads them: name and code."""
    listed = []
    for code in codes:
        respondent = round_.respondent(code)
        name = in_language(respondent.name, round_.working_language) if respondent else ""
        listed.append(f"{name} ({code})" if name and name != code else code)
    return ", ".join(listed)
