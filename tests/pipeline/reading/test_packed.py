"""What is packed is the same when it is asked for, and takes little until then."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.in_children import given_to_readers
from pipeline.reading.packed import Packed
from questionnaire.rules.evaluate import Answer
from tests.schemas.tidy_rows import mini_round

_ANSWERS = st.dictionaries(
    st.tuples(st.text(), st.text()), st.builds(Answer, st.none() | st.text() | st.floats(allow_nan=False) | st.dates())
)


@given(st.dictionaries(st.text(), _ANSWERS))
def test_packed__of_any_answers__is_the_same_mapping_also_in_another_process(values: dict[str, object]) -> None:
    packed: Packed[object] = pickle.loads(pickle.dumps(Packed(values)))
    assert packed == values
    assert packed.get("") == values.get("")
    assert list(packed) == list(values)


def test_packed__of_whom_nothing_is_known__says_so() -> None:
    packed = Packed({"AAA": 1})
    assert packed.get("BBB", "nothing") == "nothing"
    with pytest.raises(KeyError, match="BBB"):
        packed["BBB"]


def test_given_to_readers__of_a_round_with_a_previous_one__has_its_answers_and_takes_half_the_room_at_most() -> None:
    answers = {("W01a", f"field {number}"): Answer(float(number)) for number in range(500)}
    round_ = mini_round()
    codes = [f"R{number}" for number in range(50)]
    before = replace(round_, previous_answers={code: dict(answers) for code in codes}, previous_lines={"R1": {}})
    given_, layout = given_to_readers(before)
    assert given_.previous_answers["R7"] == answers
    assert given_.previous_lines == {"R1": {}}
    assert layout.instrument == given_.instrument
    plain, packed, nothing = (len(pickle.dumps(one)) for one in (before, given_, round_))
    assert packed - nothing < (plain - nothing) / 2
