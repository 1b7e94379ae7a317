"""Merges what the files of a respondent say into one submission, question by question, and finds what contradicts.

A later answer corrects an earlier one, a blank removes nothing, and where no order is proved, or two ministries differ,
the answers wait. It knows neither cells nor verdicts.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.merging.claims import IDLE, Claim, Said, Unit
from pipeline.merging.versions import Evidence, Order
from pipeline.receiving.decision import DECISION
from questionnaire.declaration.form import Instrument


@dataclass(frozen=True)
class Ruling:
    """What a person decided about a unit: that the claim of one source counts, over all that is not newer.

    `is_part` where it settles one field only, as a decision does that gives a number and leaves its currency.
    """

    source: str
    is_newer: Callable[[str], bool]
    is_part: bool = False
    value_source: str = ""


@dataclass(frozen=True)
class Conflict:
    """The claims of a unit among which nothing decides."""

    unit: Unit
    claims: tuple[Claim, ...]


@dataclass
class Merged:
    """One submission of a respondent: which rows count, which wait, and what took the place of what.

    `ruled` has the rows that count by a decision, `outranked` the decisions that a newer answer of the state replaced.
    """

    published: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    conflicts: list[Conflict] = field(default_factory=list)
    lost_to: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    counting: set[str] = field(default_factory=set)
    ruled: dict[int, str] = field(default_factory=dict)
    outranked: list[tuple[str, Claim]] = field(default_factory=list)


@dataclass(frozen=True)
class Merging:
    """What merging goes by: the instrument, which file is newer, and how a file comes before another of no order."""

    instrument: Instrument
    evidence: Evidence
    fields: Mapping[int, str] | Sequence[str]
    """The field of each row."""

    def merge(self, claims: Mapping[Unit, Sequence[Claim]], rulings: Mapping[Unit, Sequence[Ruling]]) -> Merged:
        """One submission of the claims of one respondent, the same whatever the order in which they come."""
        merged, blank = Merged(), dict[Unit, list[Claim]]()
        answering: dict[str, Counter[str]] = defaultdict(Counter)
        for unit in sorted(claims):
            own = sorted(claims[unit], key=lambda claim: claim.source)
            blank[unit] = self._merge_unit(unit, own, rulings.get(unit, ()), merged, answering[unit[0]])
        for unit, left in blank.items():
            # What nobody answered is missing in the file that answers what stands around it.
            most = max((answering[unit[0]][claim.source] for claim in left), default=0)
            around = [claim for claim in left if answering[unit[0]][claim.source] == most]
            merged.published |= set(self._newest(around).rows) if around else set()
        return merged

    def _merge_unit(
        self, unit: Unit, claims: Sequence[Claim], rulings: Sequence[Ruling], merged: Merged, answering: Counter[str]
    ) -> list[Claim]:
        """Merge what is said of a unit; returns the claims of which one stands for it where nobody says anything."""
        decided = {ruling.source for ruling in rulings if ruling.value_source != "resolution" or ruling.is_part}
        own = [claim for claim in claims if claim.says and not claim.source.startswith(DECISION)]
        by_source = {claim.source: claim for claim in claims}
        for ruling in rulings:
            own = self._ruled(unit, own, by_source, ruling, merged)
        if all(claim.says == IDLE for claim in own):
            return [claim for claim in claims if claim.source not in decided]
        winners, waiting = self._settled(unit, own)
        counted: set[Said] = set()
        for claim in winners:
            # A line that two ministries list counts once.
            again = {row for said, rows in claim.lines if said in counted for row in rows}
            merged.published |= set(claim.rows) - again
            counted |= {said for said, _ in claim.lines if said}
        for claim in waiting:
            merged.waiting |= {*claim.rows, *by_source[_sources(claim)[0]].rows}
        if waiting:
            # What a decision has settled of it is not what the files say.
            merged.conflicts.append(Conflict(unit, tuple(by_source[_sources(claim)[0]] for claim in waiting)))
        standing = {source for claim in (*winners, *waiting) for source in _sources(claim)}
        merged.counting |= standing
        answering.update(standing)
        for claim in claims:
            if claim.says and claim.source not in standing:
                merged.lost_to[claim.source].update(_sources((winners or waiting)[0])[-1:])
        return []

    def _ruled(
        self, unit: Unit, claims: list[Claim], by_source: Mapping[str, Claim], ruling: Ruling, merged: Merged
    ) -> list[Claim]:
        """The claims after a ruling: what it settles in the place of all that is not newer."""
        taken = by_source.get(ruling.source)
        if taken is None:
            return claims
        newer = [claim for claim in claims if any(map(ruling.is_newer, _files(claim)))]
        before = [claim for claim in claims if claim not in newer and claim.source != taken.source]
        if ruling.is_part:
            merged.ruled |= dict.fromkeys(taken.rows, ruling.value_source)
            blank = [claim for claim in by_source.values() if not claim.source.startswith(DECISION)]
            overlaid = [self._overlaid(claim, taken) for claim in before or blank]
            winners, waiting = self._settled(unit, overlaid)
            if waiting:
                # They differ in another field too: until that is settled, all of the question waits.
                return [*newer, *overlaid]
            taken = winners[0] if winners else taken
        else:
            merged.ruled |= dict.fromkeys(taken.rows, ruling.value_source)
        differing = [claim for claim in newer if claim.says != taken.says]
        if differing:
            merged.outranked += [(ruling.source, claim) for claim in differing]
            return newer
        return [taken]

    def _overlaid(self, base: Claim, part: Claim) -> Claim:
        """A claim with some of its fields from another."""
        named = {self.fields[row] for row in part.rows}
        kept = tuple(row for row in base.rows if self.fields[row] not in named)
        says = tuple(sorted([*(cell for cell in base.says if cell[0] not in named), *part.says], key=str))
        return Claim(f"{base.source} {part.source}", base.slice, (*kept, *part.rows), says)

    def _settled(self, unit: Unit, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
        """The claims that count, of which no two say the same, and those that wait."""
        standing = [claim for claim in claims if not any(self._beats(unit, other, claim) for other in claims)]
        # Where each of several is older than another, none is proved to be the newest.
        standing = standing or list(claims)
        waiting = [claim for claim in standing if any(self._rivals(unit, claim, other) for other in standing)]
        free = [claim for claim in standing if claim not in waiting]
        said = dict.fromkeys(claim.says for claim in free)
        return [self._newest([claim for claim in free if claim.says == says]) for says in said], waiting

    def _rivals(self, unit: Unit, one: Claim, other: Claim) -> bool:
        return one.rivals(other, unit, self.instrument)

    def _beats(self, unit: Unit, one: Claim, other: Claim) -> bool:
        if not self._rivals(unit, one, other):
            return False
        files = _files(one)[0], _files(other)[0]
        if one.slice and other.slice and one.slice != other.slice:
            # Two ministries that differ: no time says which of them is right.
            return self.evidence.is_chosen(*files)
        return self.evidence.order(*files) is Order.LATER

    def _newest(self, claims: Sequence[Claim]) -> Claim:
        """One of several that say the same: that of a file proved newer than all others, else the first by hash."""
        for claim in claims:
            others = [other for other in claims if other is not claim]
            if all(self.evidence.order(_files(claim)[0], _files(other)[0]) is Order.LATER for other in others):
                return claim
        return min(claims, key=lambda claim: claim.source)


def _sources(claim: Claim) -> list[str]:
    return claim.source.split()


def _files(claim: Claim) -> list[str]:
    """The files of a claim, or the decision that stands alone."""
    return [source for source in _sources(claim) if not source.startswith(DECISION)] or _sources(claim)
