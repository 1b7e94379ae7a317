"""Verifies what a round has published: that it is what the manifests say, and comes out again of the returns kept."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.journey import NoReturnsError, consolidate_round
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.manifest import (
    MANIFEST,
    decisions_hash,
    hashes_of,
    inputs_of,
    read_manifest,
    sha256_of,
    software,
)
from pipeline.publication.outcome import GateError, NotPublishedError
from pipeline.publication.publish import PUBLISHING
from pipeline.publication.results import NotConsolidatedError
from pipeline.publication.same_content import same_content
from pipeline.receiving import register
from pipeline.receiving.decision import Decision
from pipeline.receiving.store import ChangedError, Store, read_unchanged
from pipeline.validation.batch import Progress
from questionnaire.messages import say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

_SHORT_HASH = 12


@dataclass(frozen=True)
class Verified:
    """What a verification found, a sentence each; `well` where nothing speaks against the results."""

    well: bool
    lines: tuple[str, ...]


def verify(round_: Round, progress: Progress = iter) -> Verified:
    """Compare the results with their manifests, and with what the returns in the store give when all is made again.

    Decisions taken since the run are left aside, and counted: the results are those of the decisions before.
    Nothing of the round is changed. Raises NotConsolidatedError where there are no results.
    """
    manifests = {access: read_manifest(round_.results(access)) for access in Access}
    if not any((round_.results(access) / MANIFEST).exists() for access in Access):
        raise NotConsolidatedError
    language, folder = round_.working_language, round_.folder
    if (round_.outputs / PUBLISHING).exists():
        return Verified(False, (say("summary", "status_interrupted", language, outputs=round_.outputs, folder=folder),))
    if unread := [access for access, manifest in manifests.items() if not manifest]:
        files = (f"{access}/{MANIFEST}" for access in unread)
        return Verified(
            False, tuple(say("verify", "no_manifest", language, file=file, folder=folder) for file in files)
        )
    restricted = manifests[Access.RESTRICTED]
    faults = [fault for access in Access for fault in _changed(round_, access, manifests[access]["outputs"])]
    decided = register.decisions(round_).rows
    then = _decided_then(decided, restricted["inputs"]["decisions"])
    lost = [*_inputs_changed(round_, restricted), *_returns_changed(round_, restricted["inputs"]["returns"])]
    if then is None:
        lost.append(say("verify", "decisions_changed", language))
    if then is None or lost:
        faults += [*lost, say("verify", "not_made_again", language)]
    else:
        faults += _made_again(round_, manifests, then, progress)
    notes = _other_software(round_, restricted["software"])
    if then is not None and (since := len(decided) - then):
        notes = (*notes, say("verify", "decided_since", language, count=since, folder=folder))
    if faults:
        return Verified(False, (*faults, *notes, say("verify", "not_well", language, count=len(faults), folder=folder)))
    count = sum(len(manifest["outputs"]) for manifest in manifests.values())
    returns = len(restricted["inputs"]["returns"])
    return Verified(True, (*notes, say("verify", "all_well", language, files=count, returns=returns)))


def _changed(round_: Round, access: Access, outputs: Mapping[str, str | None]) -> Iterator[str]:
    """The files that are no longer what a run wrote; those that carry its time are compared when made again."""
    for name, sha256 in outputs.items():
        path, file = round_.results(access) / name, f"{access}/{name}"
        if not path.is_file():
            yield say("verify", "output_missing", round_.working_language, file=file)
        elif sha256 is not None and sha256_of(path) != sha256:
            yield say("verify", "output_changed", round_.working_language, file=file)


def _inputs_changed(round_: Round, manifest: Mapping[str, Any]) -> Iterator[str]:
    """What the results were made of, beside the returns, and is another today."""
    language, then, now = round_.working_language, manifest["inputs"], inputs_of(round_, ())
    for name in sorted(then["declared"].keys() | now["declared"].keys()):
        if then["declared"].get(name) != now["declared"].get(name):
            yield say("verify", "input_changed", language, file=name)
    if then["previous"] != now["previous"] and round_.previous is not None:
        yield say("verify", "input_changed", language, file=round_.previous.answers)
    if manifest["instrument"]["fingerprint"] != round_.instrument.fingerprint:
        yield say("verify", "instrument_changed", language, name=round_.instrument.name)


def _decided_then(decided: Sequence[Decision], sha256: str) -> int | None:
    """How many of the decisions there were at the run; None where the register does not begin with those."""
    counts = range(len(decided), -1, -1)
    return next((count for count in counts if decisions_hash(decided[:count]) == sha256), None)


def _returns_changed(round_: Round, returns: Mapping[str, str | None]) -> Iterator[str]:
    """The returns that the store no longer has as they were received."""
    store, folder = Store(round_.store), f"{round_.folder.name}/{round_.store.name}"
    for file, sha256 in returns.items():
        if sha256 is None:
            values = {"file": file, "returns": round_.returns.name}
            yield say("verify", "return_never_read", round_.working_language, **values)
            continue
        try:
            read_unchanged(store.path(sha256), sha256)
        except ChangedError:
            key = "return_changed" if store.path(sha256).exists() else "return_missing"
            values = {"file": file, "sha256": sha256[:_SHORT_HASH], "store": folder}
            yield say("verify", key, round_.working_language, **values)


def _made_again(
    round_: Round, manifests: Mapping[Access, Mapping[str, Any]], decided: int, progress: Progress
) -> Iterator[str]:
    """The files that are not the same when all is made again, from nothing, in a folder of its own."""
    language, restricted = round_.working_language, manifests[Access.RESTRICTED]
    with tempfile.TemporaryDirectory(prefix="acopio-verify-") as scratch:
        again = _copied(with_previous_answers(round_), Path(scratch), restricted["inputs"]["returns"])
        if decided < len(register.decisions(again).rows):
            register.rewind(again, decided)
        settings = restricted["settings"]
        try:
            consolidate_round(again, progress, Flavour(settings["csv"]), settings["labels"])
        except NoReturnsError:
            yield say("summary", "no_returns", language, folder=round_.returns)
            return
        except (NotPublishedError, GateError) as error:
            yield say("verify", "not_published", language, detail=str(error))
            return
        for access in Access:
            then, folder, made = manifests[access]["outputs"], round_.results(access), again.results(access)
            now = hashes_of(made)
            now.pop(MANIFEST)
            for name in sorted(then.keys() | now.keys()):
                if then.get(name, "") != now.get(name, "") or _dated_differ(folder / name, made / name, now.get(name)):
                    yield say("verify", "not_the_same", language, file=f"{access}/{name}")


def _dated_differ(one: Path, other: Path, sha256: str | None) -> bool:
    """Whether two files that carry a time say different things; one that is gone was reported already."""
    return sha256 is None and one.is_file() and not same_content(one, other)


def _copied(round_: Round, scratch: Path, returns: Mapping[str, str]) -> Round:
    """The round in another folder, with the returns that its store has, under the names that they came under."""
    original = round_.folder.resolve()
    folder = scratch / original.parent.name / original.name
    folder.mkdir(parents=True)
    for path in original.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    copy = replace(round_, folder=folder)
    store = Store(round_.store)
    for name, sha256 in returns.items():
        target = copy.returns / name
        if not target.resolve().is_relative_to(copy.returns.resolve()):
            continue  # no run writes such a name; the results will differ
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read_unchanged(store.path(sha256), sha256))
    return copy


def _other_software(round_: Round, then: Mapping[str, str]) -> tuple[str, ...]:
    now, language = software(), round_.working_language
    return tuple(
        say("verify", "other_software", language, name=name, then=then.get(name, "–"), now=now.get(name, "–"))
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    )
