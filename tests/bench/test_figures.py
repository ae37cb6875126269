"""Statistics and the way they are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.bench.figures import percentile, ratio, spread, written

FINITE = st.floats(min_value=-1e9, max_value=1e9)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.01, 1), (0.5, 50), (0.99, 99), (1.0, 100)]
)
def test_a_percentile_is_the_value_that_the_share_does_not_exceed(
    share: float, expected: int
) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


@given(st.lists(FINITE, min_size=1), st.floats(min_value=0, max_value=1))
def test_a_percentile_is_one_of_the_values_and_covers_its_share(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_ratio_to_nothing_is_infinite() -> None:
    assert ratio(6, 3) == 2
    assert math.isinf(ratio(1, 0))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.1234, "0.12"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12,346")],
)
def test_a_number_is_written_with_three_digits_or_so(value: float, text: str) -> None:
    assert written(value) == text


def test_what_is_no_number_is_a_dash() -> None:
    assert written(math.inf) == "-"


def test_rounds_are_written_as_median_and_range() -> None:
    assert spread([3, 1, 2]) == "2 (1-3)"
    assert spread([2, 2]) == "2"
