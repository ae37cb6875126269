"""Statistics of rounds, and how they are written."""

import math
from collections.abc import Sequence
from statistics import median

__all__ = ["median", "percentile", "ratio", "spread", "written"]

LARGE = 100
THOUSAND = 1000


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    if not values:
        raise ValueError("there are no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(value: float, reference: float) -> float:
    """Return how many times the reference a value is; infinite where the reference is nothing."""
    return value / reference if reference else math.inf


def written(value: float) -> str:
    """Return a number with about three significant digits."""
    if not math.isfinite(value):
        return "-"
    if abs(value) >= THOUSAND:
        return f"{value:,.0f}"
    if abs(value) >= LARGE or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004 - two digits


def spread(values: Sequence[float]) -> str:
    """Return the median of some rounds and, where they differ, their range."""
    middle = written(median(values))
    lowest, highest = written(min(values)), written(max(values))
    return middle if lowest == highest else f"{middle} ({lowest}-{highest})"
