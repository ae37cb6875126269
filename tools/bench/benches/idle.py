"""A watcher for which nothing is due."""

import time

from tools.bench.arguments import Wish
from tools.bench.figures import ratio
from tools.bench.result import Figures, Result
from tools.bench.rounds import interleave
from tools.bench.stage import Stage, memory, used

MILLION = 1_000_000
FEW = 1_000
CORE, SIZE = "watcher, % of a core", "RSS MB a process"
ABOUT = "One warm watcher with nothing due for {seconds} s."


def idle(stage: Stage, wish: Wish) -> Result:
    """Return what waiting costs."""
    seconds = 8 if wish.is_quick else 30
    few, many = f"{FEW:,} armed", f"{MILLION:,} armed"
    sizes = {few: FEW} if wish.is_quick else {few: FEW, many: MILLION}
    result = Result("idle", ABOUT.format(seconds=seconds))
    variants = {
        name: (lambda armed=armed: run_idle(stage, armed, seconds)) for name, armed in sizes.items()
    }
    interleave(result, variants, rounds=wish.rounds)
    last = list(sizes)[-1]
    share, size = result.middle(last, CORE), result.middle(last, SIZE)
    growth = ratio(size, result.middle(few, SIZE)) - 1
    result.judge("≤ 1 % of a core", f"{share:.2f} %", is_met=share <= 1)
    result.judge("≤ 100 MB a process", f"{size:.0f} MB", is_met=size <= 100)  # noqa: PLR2004
    result.judge("growth from 1k ≤ 10 %", f"{growth:.1%}", is_met=growth <= 0.1)  # noqa: PLR2004
    return result


def run_idle(stage: Stage, armed: int, seconds: int) -> Figures:
    """Return the figures of one wait."""
    stage.use(armed)
    with stage.watchers(1) as watchers:
        time.sleep(2)  # what the warm-up left to do
        before, started = used(watcher=watchers), time.monotonic()
        time.sleep(seconds)
        after, passed = used(watcher=watchers), time.monotonic() - started
        sizes = memory(watchers)
    shares = {
        f"{name}, % of a core": (ms - before.parts[name]) / passed / 10
        for name, ms in after.parts.items()
    }
    return {**shares, **sizes}
