"""Settles what a round's files say: makes one submission of each respondent's sound files, and judges each file by it.

An error keeps out the file that has it only while the answer is the one that counts; what is left is then merged anew.
The result does not depend on the order in which files come.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pipeline.findings import Finding
from pipeline.merging.amendments import Amendments, with_decided
from pipeline.merging.answer_rows import AnswerRows
from pipeline.merging.claims import Claim, Unit, claims_in
from pipeline.merging.merge import Merged, Merging
from pipeline.merging.rulings import (
    CORRECTION,
    RESOLUTION,
    amends_a_line,
    answered_by,
    decided_rows,
    is_known,
    lines_of_files,
    rulings,
)
from pipeline.merging.verdicts import Judged, Judgement, own_judgement
from pipeline.merging.versions import Evidence, Order
from pipeline.merging.whole import as_one, broken_rules, derive
from pipeline.reading.computed import FROM_KNOWN, PARSED_BY
from pipeline.receiving.decision import DECISION, Decision, Kind
from pipeline.receiving.register import History
from pipeline.validation.batch import Batch
from pipeline.validation.completeness import is_incomplete
from questionnaire.layout import Layout
from questionnaire.messages import Effect
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import TOO_LITTLE, VERDICTS, Outcome, Verdict
from questionnaire.rules.rule import Severity

_DISPLACED = (Verdict.TO_CORRECT, Verdict.UNREADABLE_IN_PART)

RETURNED, OF_READING = "return", ("confirmed", PARSED_BY)
"""Where a value comes from: a file, or what reading made of it, by the name of its parsing rule."""


@dataclass(frozen=True)
class Settled:
    """What became of all files and answers.

    `answers` is the tidy table with the rows of decisions, what becomes of each row (`outcome`) and where its value
    comes from (`value_source`). `findings` are those of the batch, but what rules find is asked of the whole where a
    respondent has sent several files. `decided` are the decisions that are answers, by their source.
    """

    judgements: Mapping[str, Judgement]
    answers: pd.DataFrame
    merged: Mapping[str, Merged]
    findings: Sequence[Finding]
    decided: Mapping[str, Decision]


def settle(round_: Round, batch: Batch, judged: Sequence[Judged], history: History) -> Settled:
    """Judge every file and every answer of a batch."""
    settling = _Settling(round_, batch, judged, history)
    settling.run(set(settling.pools))
    settling.keep_out_incomplete()
    settling.keep_out_unapproved()
    return settling.settled()


@dataclass
class _Pool:
    """The files and decisions of one respondent that are merged, what came of it, and which rules the whole breaks.

    `kept_out_by` is what the whole broke while a file or block was still part of it that an error has kept out; `held`
    are the blocks whose answers break a rule only together, so that no one file is at fault.
    """

    sources: set[str]
    merged: Merged = field(default_factory=Merged)
    broken: list[Finding] = field(default_factory=list)
    kept_out_by: list[Finding] = field(default_factory=list)
    held: set[str] = field(default_factory=set)


class _Settling:
    def __init__(self, round_: Round, batch: Batch, judged: Sequence[Judged], history: History) -> None:
        self._round, self._batch = round_, batch
        self._judged = {entry.submission: entry for entry in judged}
        self._chosen = {choice.sha256 for choice in history.choices}
        self._reviews = {entry.respondent: entry for entry in history.decisions.of(Kind.APPROVE, Kind.REOPEN)}
        evidence = Evidence({entry.submission: entry.times for entry in judged}, history.choices)
        known = [
            entry for entry in history.decisions.of(Kind.CORRECT, Kind.RESOLVE) if is_known(round_.instrument, entry)
        ]
        lines = lines_of_files(round_.instrument, batch.answers, known)
        self.decided = answered_by(round_.instrument, known, lines)
        self._rulings = rulings(round_.instrument, known, evidence)
        rows = decided_rows(round_.instrument, self.decided.values(), lines)
        amending = {name: entry.sha256 for name, entry in self.decided.items() if amends_a_line(entry)}
        self.answers = with_decided(batch.answers, rows, amending)
        self._rows = AnswerRows(round_.instrument, self.answers, batch.findings)
        self._evidence, self._amendments = evidence, Amendments(amending, self.answers, self._rows.by_source)
        self._merging = Merging(round_.instrument, evidence, self.answers["field"].tolist())
        self._rules, self._own = _by_submission(batch)
        self.judgements = {sha256: self._judgement(sha256) for sha256 in self._judged}
        self.pools = self._pooled()
        self._claims: dict[tuple[str, frozenset[str]], Mapping[Unit, Sequence[Claim]]] = {}

    def _judgement(self, sha256: str) -> Judgement:
        """What a file is worth by what no other file can put right."""
        lasting = [found for found in self._own[sha256] if not self._rows.of_finding(found)]
        lasting = [found for found in lasting if found.traits.effect is not Effect.INCOMPLETE]
        return own_judgement(lasting, sha256 in self._chosen)

    def _pooled(self) -> dict[str, _Pool]:
        pools: dict[str, _Pool] = {}
        for sha256, judgement in self.judgements.items():
            if judgement.verdict is Verdict.ACCEPTED:
                pools.setdefault(self._judged[sha256].respondent, _Pool(set())).sources.add(sha256)
        for source, decision in self.decided.items():
            if decision.respondent in pools:
                pools[decision.respondent].sources.add(source)
        return pools

    # --- merging ----------------------------------------------------------------------------------------------

    def run(self, due: set[str]) -> None:
        """Merge what is due, and again without the files that have an error where their answer counts."""
        while due:
            for respondent in due:
                self._merge(respondent)
            self._validate(sorted(respondent for respondent in due if self._is_many(respondent)))
            again = set()
            for respondent in sorted(due):
                if held := self._between_files(self.pools[respondent]):
                    self.pools[respondent].held |= held
                    again.add(respondent)
                if wrong := self._wrong(self.pools[respondent]):
                    pool = self.pools[respondent]
                    pool.kept_out_by += [
                        found for found in pool.broken if found.submission in wrong and _is_error(found)
                    ]
                    self._keep_out(respondent, set(wrong), Judgement(Verdict.TO_CORRECT))
                    for source, codes in wrong.items():
                        self.judgements[source] = Judgement(Verdict.TO_CORRECT, " ".join(sorted(codes)))
                    again.add(respondent)
            due = again

    def _is_many(self, respondent: str) -> bool:
        return len(self.pools[respondent].sources) > 1

    def _merge(self, respondent: str) -> None:
        pool = self.pools[respondent]
        if not self._is_many(respondent):
            rows = {place for source in pool.sources for place in self._rows.of_source(source)}
            pool.merged = Merged(published=rows, counting=set(pool.sources))
            pool.broken = [found for source in pool.sources for found in self._rules[source]]
            return
        claims = {
            unit: [claim for claim in found if claim.source in pool.sources]
            for unit, found in self._claims_of(respondent, pool).items()
        }
        pool.merged = self._merging.merge(claims, self._rulings.get(respondent, {}))
        pool.merged.outranked += self._amendments.replaced(pool.sources, pool.merged, claims)
        if pool.held:
            blocks = self.answers.loc[sorted(pool.merged.published), "block"].astype("str")
            waiting = set(blocks.index[blocks.isin(pool.held)])
            pool.merged.published -= waiting
            pool.merged.waiting |= waiting

    def _claims_of(self, respondent: str, pool: _Pool) -> Mapping[Unit, Sequence[Claim]]:
        """What the sources say; a line that a person corrected says what was corrected."""
        amending = self._amendments.of(pool.sources)
        key = respondent, frozenset(amending)
        if key not in self._claims:
            slices = {sha256: entry.slice for sha256, entry in self._judged.items()}
            rows = self.answers.loc[self._amendments.said(pool.sources)]
            self._claims[key] = claims_in(rows, slices, self._round.instrument, amending)
        return self._claims[key]

    def _validate(self, respondents: Sequence[str]) -> None:
        """Ask the rules of the whole of several files."""
        if not respondents:
            return
        places = {place for respondent in respondents for place in self.pools[respondent].merged.published}
        layout = Layout.of(self._round)
        whole = derive(self._round, layout, as_one(self._round.instrument, self.answers, places))
        waiting = {respondent: self._waiting(respondent) for respondent in respondents}
        found = broken_rules(self._round, layout, whole, waiting)
        sources = {entry.file: sha256 for sha256, entry in self._judged.items()}
        older = {read.submission for read in self._batch.submissions.values() if read.older}
        for respondent in respondents:
            self.pools[respondent].broken = [
                replace(entry, submission=source)
                for entry in found
                if entry.respondent == respondent
                for source in (sources.get(entry.file, f"{DECISION}{entry.cell}"),)
                if entry.cell or source not in older
            ]

    def _waiting(self, respondent: str) -> set[tuple[str, str]]:
        rows = self.answers.loc[sorted(self.pools[respondent].merged.waiting)]
        return set(zip(rows["block"].astype("str"), rows["field"].astype("str"), strict=True))

    def _between_files(self, pool: _Pool) -> set[str]:
        """The blocks with an error that only answers of several files make together; they wait, the rest does not."""
        between = [found for found in pool.broken if _is_error(found) and not self._is_own(found, pool)]
        pool.kept_out_by += between
        pool.broken = [found for found in pool.broken if found not in between]
        lists = {block.code for block in self._round.instrument.lists}
        return {block if (block := found.field.partition(".")[0]) in lists else found.indicator for found in between}

    def _is_own(self, found: Finding, pool: _Pool) -> bool:
        """True if a file breaks a rule by itself, or together with decisions alone; or if a decision breaks it."""
        if found.submission.startswith(DECISION) or pool.merged.counting - self.decided.keys() == {found.submission}:
            return True
        return any(_place(own) == _place(found) for own in self._rules[found.submission])

    def _wrong(self, pool: _Pool) -> dict[str, set[str]]:
        """The sources with an error at an answer that counts, or waits, and the codes of these errors."""
        wrong: dict[str, set[str]] = {}
        standing = pool.merged.published | pool.merged.waiting
        for source in pool.sources:
            own = [found for found in self._own[source] if _is_error(found) and self._counts(found, pool, standing)]
            codes = {found.code for found in (*own, *pool.broken) if found.submission == source and _is_error(found)}
            if codes:
                wrong[source] = codes
        return wrong

    def _counts(self, found: Finding, pool: _Pool, standing: set[int]) -> bool:
        """True for an error at an answer that counts or waits.

        So it is where a file leaves blank what another answers, and something stands there all the same that was not
        read: it may be the newer answer.
        """
        rows = self._rows.of_finding(found)
        if not standing.isdisjoint(rows):
            return True
        is_unread = bool(found.cell and rows) and not self._rows.is_answered(rows)
        return is_unread and not self._is_answered_later(found, pool, standing)

    def _is_later(self, one: str, other: str) -> bool:
        return self._evidence.order(one, other) is Order.LATER

    def _is_answered_later(self, found: Finding, pool: _Pool, standing: set[int]) -> bool:
        """True where a file that is proved newer, or a person's decision, answers the question of a finding."""
        unit = self._rows.unit(self._rows.of_finding(found)[0])
        claims = self._claims_of(self._judged[found.submission].respondent, pool).get(unit, ())
        return any(
            claim.source in pool.sources
            and not standing.isdisjoint(claim.rows)
            and (claim.source in self.decided or (claim.says and self._is_later(claim.source, found.submission)))
            for claim in claims
        )

    # --- what keeps out sound files -----------------------------------------------------------------------------

    def keep_out_incomplete(self) -> None:
        """Let the files of a respondent wait that answer too little even together, unless a person has chosen one."""
        for respondent, pool in self.pools.items():
            files = pool.sources - self.decided.keys()
            if files and self._chosen.isdisjoint(files) and self._is_incomplete(respondent, files):
                self._keep_out(respondent, files, Judgement(Verdict.TO_COMPLETE, TOO_LITTLE))

    def _is_incomplete(self, respondent: str, files: set[str]) -> bool:
        if len(files) == 1 and not self._is_many(respondent):
            return any(found.traits.effect is Effect.INCOMPLETE for file in files for found in self._own[file])
        merged = self.pools[respondent].merged
        rows = self.answers.loc[sorted(merged.published | merged.waiting)]
        return is_incomplete(rows, [self._batch.submissions[file] for file in sorted(files)], self._round)

    def keep_out_unapproved(self) -> None:
        """Let the files wait that nobody has approved, where the round asks for it or a submission was reopened."""
        changed = set()
        for respondent, pool in self.pools.items():
            review = self._reviews.get(respondent)
            if not self._round.approval and (review is None or review.kind is Kind.APPROVE):
                continue
            approved = set(review.value.split()) if review is not None and review.kind is Kind.APPROVE else set()
            if files := pool.sources - self.decided.keys() - approved:
                self._keep_out(respondent, files, Judgement(Verdict.TO_APPROVE))
                changed.add(respondent)
        self.run(changed)

    def _keep_out(self, respondent: str, files: set[str], judgement: Judgement) -> None:
        pool = self.pools[respondent]
        pool.sources -= files
        if pool.sources <= self.decided.keys():
            # A decision about answers that are not in the dataset waits with them.
            pool.sources, pool.merged = set(), Merged()
        self.judgements |= dict.fromkeys(files, judgement)

    # --- the result ---------------------------------------------------------------------------------------------

    def settled(self) -> Settled:
        """The result, once everything that can keep a file out has done so."""
        for sha256 in self._judged:
            self.judgements[sha256] = self._final(sha256)
        published = {place for pool in self.pools.values() for place in pool.merged.published}
        many = [respondent for respondent in self.pools if self._is_many(respondent)]
        if many:
            whole = as_one(self._round.instrument, self.answers, published)
            self._take_over(derive(self._round, Layout.of(self._round), whole))
        answers = self.answers.assign(outcome=self._outcomes(published), value_source=self._value_sources())
        merged = {respondent: pool.merged for respondent, pool in self.pools.items()}
        return Settled(self.judgements, answers, merged, self._findings(many), self.decided)

    def _take_over(self, whole: pd.DataFrame) -> None:
        for column in ("status", "parsed_by", "number"):
            values = self.answers[column].astype(whole[column].dtype)
            values.loc[whole.index] = whole[column]
            self.answers[column] = values

    def _final(self, sha256: str) -> Judgement:
        entry, judgement = self._judged[sha256], self.judgements[sha256]
        pool = self.pools.get(entry.respondent)
        if pool is None:
            return judgement
        if sha256 in pool.sources:
            if sha256 in pool.merged.counting:
                return Judgement(Verdict.ACCEPTED)
            lost = pool.merged.lost_to[sha256]
            return Judgement(Verdict.SUPERSEDED, "", min(lost, key=lambda name: (-lost[name], name), default=""))
        later = self._covered_by(sha256, pool) if judgement.verdict in _DISPLACED else ""
        return Judgement(Verdict.SUPERSEDED, judgement.reason, later) if later else judgement

    def _covered_by(self, sha256: str, pool: _Pool) -> str:
        """The file that is proved newer and with others answers all that a file answers, "" if none does."""
        later = [source for source in pool.sources if self._is_later(source, sha256)]
        unread = [found for found in self._own[sha256] if _is_error(found) and found.cell]
        own = self._rows.answered_by(sha256)
        own |= {self._rows.unit(rows[0]) for found in unread if (rows := self._rows.of_finding(found))}
        shares = {source: own & self._rows.answered_by(source) for source in sorted(later)}
        covered = set().union(*shares.values())
        return max(shares, key=lambda source: len(shares[source])) if own and covered >= own else ""

    def _outcomes(self, published: set[int]) -> "pd.Series[str]":
        waiting = {place for pool in self.pools.values() for place in pool.merged.waiting}
        pooled = {source for pool in self.pools.values() for source in pool.sources}
        pooled -= self._amendments.files.keys() - self._amendments.of(pooled).keys()
        of_source = {source: str(Outcome.SUPERSEDED) for source in pooled}
        for source in self._judged.keys() - pooled:
            of_source[source] = str(VERDICTS[self.judgements[source].verdict].outcome)
        for source in self.decided.keys() - pooled:
            rejected = source in self.judgements
            of_source[source] = str(Outcome.REJECTED if rejected else Outcome.WAITING)
        outcomes = self.answers["submission"].map(of_source).astype(object)
        outcomes.loc[sorted(published)] = str(Outcome.PUBLISHED)
        outcomes.loc[sorted(waiting)] = str(Outcome.WAITING)
        return outcomes.astype("str")

    def _value_sources(self) -> "pd.Series[str]":
        parsed_by = self.answers["parsed_by"].astype(object).replace(FROM_KNOWN, PARSED_BY)
        sources = parsed_by.where(parsed_by.isin(OF_READING), RETURNED).astype(object)
        for source, decision in self.decided.items():
            sources.loc[list(self._rows.of_source(source))] = (
                CORRECTION if decision.kind is Kind.CORRECT else RESOLUTION
            )
        for pool in self.pools.values():
            for named in set(pool.merged.ruled.values()):
                sources.loc[[place for place, found in pool.merged.ruled.items() if found == named]] = named
        return sources.astype("str")

    def _findings(self, many: Sequence[str]) -> list[Finding]:
        """Those of the batch; what the whole breaks stands for what the files that count break by themselves."""
        together = {source for respondent in many for source in self.pools[respondent].merged.counting}
        rules = {id(found) for found in self._batch.broken}
        incomplete = {file for file, found in self.judgements.items() if found.reason == TOO_LITTLE}
        kept = [
            found
            for found in self._batch.findings
            if not (id(found) in rules and found.submission in together)
            and not (found.traits.effect is Effect.INCOMPLETE and found.submission in together - incomplete)
        ]
        said = {_place(found) for found in kept}
        beside = [found for pool in self.pools.values() for found in pool.kept_out_by if _place(found) not in said]
        return [*kept, *beside, *(found for respondent in many for found in self.pools[respondent].broken)]


def _by_submission(batch: Batch) -> tuple[dict[str, list[Finding]], dict[str, list[Finding]]]:
    """Which rules each file breaks by itself, and whatever else was found in it."""
    broken = {id(found) for found in batch.broken}
    rules: dict[str, list[Finding]] = defaultdict(list)
    own: dict[str, list[Finding]] = defaultdict(list)
    for found in batch.findings:
        (rules if id(found) in broken else own)[found.submission].append(found)
    return rules, own


def _place(found: Finding) -> tuple[str, ...]:
    return found.submission, found.code, found.indicator, found.field, found.cell


def _is_error(found: Finding) -> bool:
    return found.severity is Severity.ERROR and found.traits.effect not in (Effect.INCOMPLETE, Effect.UNSEEN)
