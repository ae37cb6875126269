"""A steady trickle of deadlines, with few and with many armed timers beside it."""

from tools.bench.arguments import Wish
from tools.bench.due import first_delays, plant, put_to_rest
from tools.bench.figures import percentile, ratio
from tools.bench.result import Figures, Result
from tools.bench.rounds import interleave
from tools.bench.stage import Stage, used

MILLION = 1_000_000
FEW = 1_000
RATE = 100  # a second
P50, P99 = "p50 ms", "p99 ms"
ABOUT = f"""\
{RATE} check-ins missed a second, evenly, for {{seconds}} s, two contacts each, one watcher: from
the deadline to the request for the first contact."""


def steady(stage: Stage, wish: Wish) -> Result:
    """Return how late alerts are that come one by one."""
    seconds = 5 if wish.is_quick else 20
    few, many = f"{FEW:,} armed", f"{MILLION:,} armed"
    sizes = {few: FEW} if wish.is_quick else {few: FEW, many: MILLION}
    result = Result("steady", ABOUT.format(seconds=seconds))
    variants = {
        name: (lambda armed=armed: run_steady(stage, armed, seconds))
        for name, armed in sizes.items()
    }
    interleave(result, variants, rounds=wish.rounds)
    for name in sizes:
        p50, p99 = result.middle(name, P50), result.middle(name, P99)
        result.judge(f"{name}: p50 ≤ 10 ms", f"{p50:.1f} ms", is_met=p50 <= 10)  # noqa: PLR2004
        result.judge(f"{name}: p99 ≤ 50 ms", f"{p99:.1f} ms", is_met=p99 <= 50)  # noqa: PLR2004
    if len(sizes) > 1:
        growth = ratio(result.middle(many, P99), result.middle(few, P99))
        result.judge("p99 at 1M ≤ 3x that at 1k", f"{growth:.2f}x", is_met=growth <= 3)  # noqa: PLR2004
    return result


def run_steady(stage: Stage, armed: int, seconds: int) -> Figures:
    """Return the figures of one trickle."""
    stage.use(armed)
    with stage.watchers(1) as watchers:
        stage.provider.reset()
        alerts = plant(RATE * seconds, spacing=1 / RATE)
        before = used(watcher=watchers)
        arrivals = stage.await_texts(alerts, seconds=seconds + 60)
        after = used(watcher=watchers)
    put_to_rest()
    delays = [delay * 1000 for delay in first_delays(alerts, arrivals)]
    return {
        P50: percentile(delays, 0.5),
        P99: percentile(delays, 0.99),
        "slowest ms": max(delays),
        "incidents never told": len(alerts) - len(delays),
        **after.since(before, len(alerts)),
    }
