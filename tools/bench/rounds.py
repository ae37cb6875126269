"""Rounds of several variants, one after the other, so that a busy moment hits all of them."""

from tools.bench.figures import written
from tools.bench.result import Result, Variants
from tools.stack.terminal import report


def interleave(result: Result, variants: Variants, *, rounds: int) -> None:
    """Run each variant once in every round and keep the figures."""
    for number in range(1, rounds + 1):
        for name, run in variants.items():
            figures = run()
            result.rounds.setdefault(name, []).append(figures)
            shown = ", ".join(
                f"{what} {written(value)}" for what, value in list(figures.items())[:4]
            )
            report(f"{result.name} {number}/{rounds}, {name}: {shown}")
