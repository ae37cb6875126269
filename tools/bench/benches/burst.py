"""Many deadlines in one instant."""

import os

from tools.bench.arguments import Wish
from tools.bench.due import early_seconds, first_delays, plant, put_to_rest
from tools.bench.figures import percentile
from tools.bench.result import Figures, Result
from tools.bench.rounds import interleave
from tools.bench.stage import WARM_UP, Stage, memory, used
from tools.bench.stages import run_stages
from tools.bench.statements import Count, counted
from tools.stack.terminal import say

MILLION = 1_000_000
FEW = 1_000
PATIENCE = 110.0  # seconds; after two minutes the plan's next step would be due
COUNTED = 1_000
ONE, TWO = "1 watcher", "2 watchers"
OUT, FIRST, RATE = "all first contacts, s", "first alert, ms", "alerts/s"
ALLOWED = "alerts/s that this CPU time allows"
EARLY = "second contacts before the last first"


def burst_1k(stage: Stage, wish: Wish) -> Result:
    """Return what becomes of 1,000 deadlines in one instant."""
    result = _burst(stage, wish, "burst-1k", 200 if wish.is_quick else 1_000)
    out = result.middle(ONE, OUT)
    result.judge("1k: all out ≤ 1 s", f"{out:.2f} s", is_met=out <= 1)
    _judge_order(result)
    return result


def burst_10k(stage: Stage, wish: Wish) -> Result:
    """Return what becomes of 10,000 deadlines in one instant."""
    result = _burst(stage, wish, "burst-10k", 500 if wish.is_quick else 10_000)
    one, two = result.middle(ONE, RATE), result.middle(TWO, RATE)
    first = result.middle(TWO, FIRST)
    result.judge("two watchers ≥ 2,000 alerts/s", f"{two:,.0f}/s", is_met=two >= 2000)  # noqa: PLR2004
    result.judge("one watcher ≥ 1,200 alerts/s", f"{one:,.0f}/s", is_met=one >= 1200)  # noqa: PLR2004
    result.judge("first alert ≤ 250 ms", f"{first:.0f} ms", is_met=first <= 250)  # noqa: PLR2004
    _judge_order(result)
    return result


def run_burst(stage: Stage, count: int, watchers: int) -> Figures:
    """Return the figures of one burst."""
    with stage.watchers(watchers) as processes:
        stage.provider.reset()
        alerts = plant(count)
        before = used(watcher=processes, sink=[stage.sink])
        arrivals = stage.await_texts(alerts, seconds=PATIENCE)
        after = used(watcher=processes, sink=[stage.sink])
        sizes = memory(processes)
    put_to_rest()
    delays = first_delays(alerts, arrivals)
    spent = after.since(before, count)
    last = max(arrivals.values()) - alerts[0].at
    return {
        RATE: len(delays) / max(delays),
        FIRST: min(delays) * 1000,
        "first contacts, p50 s": percentile(delays, 0.5),
        OUT: max(delays),
        "all texts, s": last,
        "incidents never told": count - len(delays),
        EARLY: early_seconds(alerts, arrivals),
        **spent,
        ALLOWED: allowed_rate(spent, watchers),
        **sizes,
    }


def allowed_rate(spent: Figures, watchers: int) -> float:
    """Return the alerts/s that this processor time allows when nothing else runs.

    One watcher's own code runs on one core at most; everything together has all of them.
    """
    together = sum(ms for name, ms in spent.items() if name.startswith("CPU-ms"))
    cores = os.cpu_count() or 1
    return min(watchers * 1000 / spent["CPU-ms each, watcher"], cores * 1000 / together)


def count_burst(stage: Stage, count: int) -> Count:
    """Return the statements of a burst that one watcher handles."""
    with stage.watchers(1):
        stage.provider.reset()
        alerts = plant(count)
        with counted() as statements:
            stage.await_texts(alerts, seconds=PATIENCE)
    put_to_rest()
    return statements


def _burst(stage: Stage, wish: Wish, name: str, count: int) -> Result:
    armed = FEW if wish.is_quick else MILLION
    about = (
        f"{count:,} check-ins missed in one instant, two contacts each, {armed:,} other timers"
        " armed. Counted at the provider, from the deadline to the request."
    )
    result = Result(name, about)
    stage.use(armed)
    variants = {ONE: lambda: run_burst(stage, count, 1), TWO: lambda: run_burst(stage, count, 2)}
    interleave(result, variants, rounds=wish.rounds)
    counted_alerts = min(count, COUNTED)
    statements = count_burst(stage, counted_alerts)
    queries = statements.queries / counted_alerts
    result.notes.append(
        f"PostgreSQL ran {queries:.2f} queries for each of {counted_alerts:,} alerts (one watcher);"
        f" those that took longest:\n\n{statements.by_time()}"
    )
    _add_stages(result, stage, counted_alerts, is_profiled=wish.is_profiled)
    return result


def _add_stages(result: Result, stage: Stage, count: int, *, is_profiled: bool) -> None:
    stage.provider.reset()
    put_to_rest()
    run_stages(WARM_UP, is_profiled=False)
    stages = run_stages(count, is_profiled=is_profiled)
    result.notes.append(
        "What one alert costs the watcher's own code, all stages in one thread:\n\n"
        + stages.text(count)
    )
    if is_profiled:
        for name in stages.profiles:
            say(f"{name}:\n{stages.hottest(name)}")


def _judge_order(result: Result) -> None:
    early = max(f[EARLY] for rounds in result.rounds.values() for f in rounds)
    lost = max(f["incidents never told"] for rounds in result.rounds.values() for f in rounds)
    result.judge(
        "every incident's first contact before any second one",
        f"{early:.0f} early",
        is_met=not early,
    )
    result.judge("every incident told", f"{lost:.0f} missing", is_met=not lost)
