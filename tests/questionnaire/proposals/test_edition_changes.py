"""What became of a code from one edition to the next: proposed where it is certain, asked where it is not."""

from collections.abc import Mapping

from questionnaire.proposals.edition_changes import Compared, How, Thing, compare

THEN = {"A": "Rivers monitored", "B": "Trees planted", "C": "Money spent on wells"}


def found(now: Mapping[str, str], then: Mapping[str, str] = THEN, decided: Mapping[str, str] | None = None) -> Compared:
    before, today = ({code: Thing({"en": text}) for code, text in texts.items()} for texts in (then, now))
    return compare("indicator", before, today, decided or {}, "en")


def said(compared: Compared) -> list[tuple[How, str, str]]:
    return [(change.how, change.then, change.now) for change in compared.changes]


def test_compare__nothing_changed__no_change() -> None:
    assert (said(found(THEN)), found(THEN).now) == ([], {"A": "A", "B": "B", "C": "C"})


def test_compare__dropped_and_added__named_and_not_paired() -> None:
    compared = found({"A": THEN["A"], "B": THEN["B"], "D": "Share of forests burnt"})
    assert said(compared) == [(How.DROPPED, "C", ""), (How.ADDED, "", "D")]
    assert compared.now == {"A": "A", "B": "B", "C": ""}


def test_compare__same_text_under_another_code__renamed() -> None:
    compared = found({"A": THEN["A"], "B": THEN["B"], "C2": THEN["C"]})
    assert said(compared) == [(How.RENAMED, "C", "C2")]


def test_compare__codes_exchanged__renamed_crosswise() -> None:
    compared = found({"A": THEN["B"], "B": THEN["A"], "C": THEN["C"]})
    assert (compared.now["A"], compared.now["B"]) == ("B", "A")


def test_compare__code_given_to_something_else__asked_and_not_guessed() -> None:
    compared = found({**THEN, "C": "Number of laws adopted"})
    assert said(compared) == [(How.ASKED, "C", "")]
    assert compared.changes[0].candidates == ("C",)
    assert "C" not in compared.now


def test_compare__other_code_and_other_words__renamed_where_nothing_else_is_alike() -> None:
    compared = found({"A": THEN["A"], "B": THEN["B"], "D": "Money spent on wells and pumps"})
    assert said(compared) == [(How.RENAMED, "C", "D"), (How.REWORDED, "C", "D")]


def test_compare__two_that_are_alike__asked_with_both() -> None:
    now = {"A": THEN["A"], "B": THEN["B"], "D": "Money spent on wells in towns", "E": "Money spent on wells elsewhere"}
    compared = found(now)
    assert said(compared) == [(How.ASKED, "C", "")]
    assert compared.changes[0].candidates == ("D", "E")


def test_compare__one_that_two_are_like__asked_for_both() -> None:
    then = {"A": "Money spent on wells in towns", "B": "Money spent on wells elsewhere"}
    compared = found({"D": "Money spent on wells"}, then)
    assert [(change.how, change.then, change.candidates) for change in compared.changes] == [
        (How.ASKED, "A", ("D",)),
        (How.ASKED, "B", ("D",)),
    ]


def test_compare__two_of_one_text__asked() -> None:
    compared = found({"D": "Trees planted", "E": "Trees planted"}, {"B": "Trees planted"})
    assert [change.how for change in compared.changes] == [How.ASKED]


def test_compare__what_a_person_decided__holds() -> None:
    now = {**THEN, "C": "Number of laws adopted"}
    assert found(now, decided={"C": "C"}).now["C"] == "C"
    assert found(now, decided={"C": ""}).now["C"] == ""
    assert found(now, decided={"C": "Z"}).changes[0].how is How.ASKED


def test_compare__other_sort_of_answer__asked_with_both_sorts() -> None:
    then, now = ({"q": Thing({"en": "Depth"}, sort=f"number, {unit}")} for unit in ("m", "cm"))
    [change] = compare("question", then, now, {}, "en").changes
    assert (change.how, change.values["sort_then"], change.values["sort_now"]) == (How.ASKED, "number, m", "number, cm")


def test_compare__other_section__moved() -> None:
    then, now = ({"A": Thing({"en": "Rivers"}, place)} for place in ("Water", "Land"))
    assert said(compare("indicator", then, now, {}, "en")) == [(How.MOVED, "A", "A")]


def test_compare__translation_alone_changed__reworded() -> None:
    then, now = ({"A": Thing({"en": "Rivers", "fr": text})} for text in ("Rivières", "Fleuves"))
    [change] = compare("indicator", then, now, {}, "en").changes
    assert (change.how, change.reason) == (How.REWORDED, "translation")
