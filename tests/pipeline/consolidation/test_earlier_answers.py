"""Answers that only an earlier return has, where the latest counts: reported at the latest, and taken over by nobody."""

from __future__ import annotations

import pandas as pd

from pipeline.consolidation.earlier_answers import EarlierAnswers
from pipeline.consolidation.verdicts import Judgement
from questionnaire.rounds.standings import Verdict

LATEST = Judgement(Verdict.ACCEPTED)
EARLIER = Judgement(Verdict.SUPERSEDED, "", "last")


def table(**statuses: tuple[str, ...]) -> pd.DataFrame:
    """The answers of some returns to the questions a, b, c, d by their status."""
    rows = [
        {
            "submission": name, "file": f"{name}.xlsx", "respondent": "BRA", "block": "W01", "indicator": "W01", "field": field,
            "status": status, "sheet": "W", "cell": f"D{row}",
        }
        for name, given in statuses.items()
        for row, (field, status) in enumerate(zip("abcd", given, strict=True), 7)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_answers__that_only_a_superseded_return_has__are_counted_at_the_one_that_counts() -> None:
    answers = table(
        first=("answered", "answered", "answered", "not_available"), last=("answered", "blank", "skipped", "blank")
    )
    [found] = EarlierAnswers(answers).findings({"first": EARLIER, "last": LATEST})
    assert (found.code, str(found.severity), found.file, found.respondent) == (
        "earlier_answers", "warning", "last.xlsx", "BRA",
    )  # fmt: skip
    assert (found.indicator, found.field, found.sheet, found.cell) == ("W01", "b", "W", "D8")
    assert found.value == "W01 b, W01 d"
    assert "(first.xlsx) has 2 answers that this one leaves blank" in found.message_in("en")


def test_answers__of_returns_that_lack_nothing_or_do_not_count__say_nothing() -> None:
    full, half = ("answered",) * 4, ("answered", "blank", "answered", "blank")
    assert list(EarlierAnswers(table(first=half, last=full)).findings({"first": EARLIER, "last": LATEST})) == []
    rejected = {"first": Judgement(Verdict.TO_CORRECT), "last": LATEST}
    assert list(EarlierAnswers(table(first=full, last=half)).findings(rejected)) == []
    assert list(EarlierAnswers(table(last=half)).findings({"first": EARLIER, "last": LATEST})) == []


def test_left_blank__more_than_a_fifth_of_what_was_answered__is_a_good_part() -> None:
    full = ("answered",) * 4
    for later, found in (
        (full, False), (("answered", "answered", "answered", "blank"), True), (("answered", "skipped", "skipped", "skipped"), False),
        # Where the indicator is not answered at all, no answer made the others idle.
        (("blank", "skipped", "skipped", "skipped"), True), (("skipped",) * 4, True),
    ):  # fmt: skip
        assert EarlierAnswers(table(first=full, last=later)).left_blank("last", "first") is found, later
    assert not EarlierAnswers(table(last=full)).left_blank("last", "first")


def test_left_blank__of_many_answers__a_fifth_is_not_yet_a_good_part() -> None:
    def one(name: str, blanks: int) -> pd.DataFrame:
        rows = table(**{name: ("answered",) * 4}).head(1)
        return pd.concat([rows.assign(field=f"f{n}", status="blank" if n < blanks else "answered") for n in range(20)])

    for blanks, found in ((4, False), (5, True)):
        both = pd.concat([one("first", 0), one("last", blanks)], ignore_index=True)
        assert EarlierAnswers(both).left_blank("last", "first") is found


def test_left_blank__lines_of_a_list__are_counted_whatever_their_order() -> None:
    first, last = (
        table(first=("answered",) * 4, last=("answered",) * 4),
        table(last=("answered", "blank", "blank", "blank")),
    )
    lines = first.assign(block="projects"), last.assign(block="projects", field=["d", "c", "b", "a"])
    before, after = first, pd.concat([first[first["submission"] == "last"], lines[1]])
    both = pd.concat([before[before["submission"] == "first"], lines[0][lines[0]["submission"] == "first"], after])
    assert EarlierAnswers(both).left_blank("last", "first")
    assert not EarlierAnswers(pd.concat([before, lines[0]])).left_blank("last", "first")
