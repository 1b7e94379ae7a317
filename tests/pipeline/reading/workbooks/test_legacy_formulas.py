"""Which formulas of an .xls workbook have their result in the file, where LibreOffice writes 0 for a lost text too."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.workbooks.legacy_formulas import FORMULA, SHARED, Formulas, Zero
from pipeline.reading.workbooks.metadata import At

ZERO, TEXT, EMPTY, TRUE = (
    bytes(8),
    bytes(6) + b"\xff\xff",
    b"\3" + bytes(5) + b"\xff\xff",
    b"\1\0\1" + bytes(3) + b"\xff\xff",
)
HERE = (0, 7)

# What LibreOffice 7.4 writes for each formula; A1 holds 0, A2 a text, A9 nothing; Other!A1 a text, Other!A2 0.
TOKENS = {
    "=1-1": ("1e01001e010004", True),
    "=(1-1)": ("1e01001e01000415", True),
    "=10%-10%": ("1e0a00141e0a001404", True),
    "=-A1": ("44000000c013", True),
    "=SUM(A10:A12)": ("2509000b0000c000c019100000", True),
    "=COUNTA(A10:A12)": ("2509000b0000c000c04201a900", True),
    "=SUBTOTAL(9,A10:A12)": ("1e09002509000b0000c000c042025801", True),
    "=ROUND(0.2,0)": ("1f9a9999999999c93f1e0000411b00", True),
    "=A1": ("44000000c0", True),
    "=A9": ("44080000c0", True),
    "=Other!A2": ("5a0000010000c0", True),
    "=IF(1>0,0,5)": ("1e01001e00000d190207001e0000190809001e05001908030042030100", True),
    "=A2": ("44010000c0", False),
    "=Other!A1": ("5a0000000000c0", False),
    '="Lei "&"1"': ("1704004c6569201701003108", False),
    '=""': ("170000", False),
    "=1>2": ("1e01001e02000d", False),
    '=IF(1>0,0,"x")': ("1e01001e00000d190207001e000019080b00170100781908030042030100", False),
    '=IF(1>0,"x",0)': ("1e01001e00000d190208001701007819080a001e00001908030042030100", False),
    "=IF(1>0,0)": ("1e01001e00000d190207001e00001908030042020100", False),
    '=VLOOKUP("q",C1:D3,2,FALSE)': ("17010071250000020002c003c01e02001d0042046600", False),
    "=IFERROR(1/0,0)": ("23010000001e01001e0000061e00004203ff00", False),
    "=T(1)": ("1e0100418200", False),
}  # fmt: skip


def record(tokens: bytes, result: bytes = ZERO, at: At = HERE) -> bytes:
    return struct.pack("<3H8sHIH", *at, 0, result, 0, 0, len(tokens)) + tokens


def formulas(zero: Zero = Zero.BY_TOKENS) -> Formulas:
    texts = {("S", (1, 0)), ("Other", (0, 0))}
    return Formulas(zero, ["Other"], lambda cell: cell not in texts)


def result_of(tokens: str, result: bytes = ZERO, zero: Zero = Zero.BY_TOKENS) -> bool:
    made = formulas(zero)
    made.add("S", FORMULA, record(bytes.fromhex(tokens), result))
    return made.results("S")[HERE]


@pytest.mark.parametrize("formula", TOKENS)
def test_result_0__is_one_only_where_the_formula_can_give_nothing_but_a_number(formula: str) -> None:
    tokens, expected = TOKENS[formula]
    assert result_of(tokens) is expected


def test_result_0__of_excel_is_one__of_an_unknown_program_none() -> None:
    text, sum_ = TOKENS['="Lei "&"1"'][0], TOKENS["=1-1"][0]
    assert [result_of(tokens, zero=Zero.A_NUMBER) for tokens in (text, sum_)] == [True, True]
    assert [result_of(tokens, zero=Zero.NO_RESULT) for tokens in (text, sum_)] == [False, False]


@pytest.mark.parametrize(
    ("result", "expected"), [(TEXT, True), (TRUE, True), (EMPTY, False), (struct.pack("<d", 2), True)]
)
def test_result__that_the_file_states__is_there_whatever_the_formula(result: bytes, expected: bool) -> None:
    assert [result_of(tokens, result) for tokens, _ in TOKENS.values()] == [expected] * len(TOKENS)


def test_reference__to_a_formula__is_followed__and_in_a_circle_says_nothing() -> None:
    made = formulas()
    left, itself = bytes.fromhex("44000006c0"), bytes.fromhex("44010005c0")
    made.add("S", FORMULA, record(left, at=(0, 7)))
    made.add("S", FORMULA, record(bytes.fromhex(TOKENS["=1-1"][0]), at=(0, 6)))
    made.add("S", FORMULA, record(itself, at=(1, 5)))
    assert made.results("S") == {(0, 7): True, (0, 6): True, (1, 5): False}


def test_formula__shared_by_the_cells_of_an_area__looks_from_each_of_them() -> None:
    """The cell one column to the left and as many rows up as the first: A1 holds 0, A2 a text."""
    made = formulas()
    own = struct.pack("<BHH", 0x01, 0, 1)
    for row in (0, 1):
        made.add("S", FORMULA, record(own, at=(row, 1)))
    relative = struct.pack("<BHH", 0x4C, 0, 0xC000 | 0xFF)
    made.add("S", SHARED, struct.pack("<2H4BH", 0, 1, 1, 1, 0, 2, len(relative)) + relative)
    assert made.results("S") == {(0, 1): True, (1, 1): False}


def test_formula__shared_and_without_its_result__is_given_as_it_is_shared() -> None:
    """What the cells of a sorted table show: neighbours have one formula, and only that says which text it is."""
    made = formulas()
    made.add("S", FORMULA, record(struct.pack("<BHH", 0x01, 0, 1), at=(1, 1)))
    tokens = bytes.fromhex("23200000001e750042021d00")
    made.add("S", SHARED, struct.pack("<2H4BH", 0, 1, 1, 1, 0, 2, len(tokens)) + tokens)
    assert made.without_result("S") == {(1, 1): tokens}


@given(st.binary(max_size=40))
def test_tokens__of_any_bytes__tell_yes_or_no(tokens: bytes) -> None:
    assert result_of(tokens.hex()) in (True, False)
