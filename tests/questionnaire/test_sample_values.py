"""Values of one answer type: within its limits, with its decimals, on the wanted side of a comparison."""

from __future__ import annotations

from random import Random

import pytest

from questionnaire.declaration.answer_types import Number, NumericType, Percent, WholeNumber, Year
from questionnaire.sample_values import ValueSampler
from tests.given import PERIOD


@pytest.mark.parametrize(
    ("scalar", "sign", "wanted", "value"),
    [
        (Percent(), "==", 72.7, 72.7),
        (Percent(), "<=", 100 - 27.3, 72.7),
        (Percent(0, 50), "==", 72.7, None),
        (Number(), ">", 0.5, 1.5),
        (WholeNumber(), "<=", 3.6, 3),
        (WholeNumber(), "<", 3, 2),
        (Year(), "==", 1800, None),
        (Year(), "!=", 2000, None),
    ],
)
def test_compared__within_the_limits__is_on_the_wanted_side(
    scalar: NumericType, sign: str, wanted: float, value: float | None
) -> None:
    assert ValueSampler(PERIOD, Random(1), "en").compared(scalar, sign, wanted) == value


@pytest.mark.parametrize("scalar", [Number(-1.5, 40.5, 1), Percent(0.5, 99.5, 2)])
def test_plausible__measured__keeps_limits_and_decimals(scalar: Number | Percent) -> None:
    sampler = ValueSampler(PERIOD, Random(1), "en")
    drawn = [sampler.plausible(scalar).value for _ in range(200)]
    assert len(set(drawn)) > 20
    for value in drawn:
        assert isinstance(value, float)
        assert scalar.minimum <= value <= scalar.maximum  # type: ignore[operator]
        assert value == round(value, scalar.decimals)


@pytest.mark.parametrize("scalar", [Number(-1e12), Number(-100, 10_000), WholeNumber(-1000)])
def test_plausible__of_what_may_be_negative__is_near_0(scalar: NumericType) -> None:
    sampler = ValueSampler(PERIOD, Random(1), "en")
    drawn = [sampler.plausible(scalar).value for _ in range(50)]
    assert all(isinstance(value, int | float) and 0 <= value < 1000 for value in drawn)


def test_plausible__of_what_is_always_negative__keeps_its_limits() -> None:
    drawn = [ValueSampler(PERIOD, Random(seed), "en").plausible(Number(-50, -10)).value for seed in range(50)]
    assert all(isinstance(value, int | float) and -50 <= value <= -10 for value in drawn)
    assert len(set(drawn)) > 10
