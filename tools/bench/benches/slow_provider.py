"""A provider that takes its time, against one Celery task for each alert."""

from tools.bench.arguments import Wish
from tools.bench.benches.burst import EARLY, RATE
from tools.bench.due import early_seconds, first_delays, plant, put_to_rest, wait_for
from tools.bench.figures import ratio
from tools.bench.reference.tasks import alert_when_due, queue_due
from tools.bench.result import Figures, Result
from tools.bench.rounds import interleave
from tools.bench.stage import Stage, used

MILLION = 1_000_000
FEW = 1_000
DELAY_MS = 100
THREADS = 16
PATIENCE = 110.0
VIGIE, REFERENCE = "2 watchers", "1 Celery task an alert"
ABOUT = """\
{count:,} check-ins missed in one instant, {armed:,} other timers armed; the provider answers after
100 ms. The reference: one Celery task for each alert on 16 threads, Twilio's synchronous client,
the first contact only (`tools/bench/reference/tasks.py`)."""


def slow_provider(stage: Stage, wish: Wish) -> Result:
    """Return how fast alerts leave when each answer takes 100 ms."""
    count, armed = (300, FEW) if wish.is_quick else (5_000, MILLION)
    stage.use(armed)
    result = Result("slow-provider", ABOUT.format(count=count, armed=armed))
    variants = {
        VIGIE: lambda: run_slow(stage, count, watchers=2),
        REFERENCE: lambda: run_reference(stage, count),
    }
    interleave(result, variants, rounds=wish.rounds)
    rate = result.middle(VIGIE, RATE)
    times = ratio(rate, result.middle(REFERENCE, RATE))
    result.judge("≥ 1,500 alerts/s with two watchers", f"{rate:,.0f}/s", is_met=rate >= 1500)  # noqa: PLR2004
    result.judge("≥ 10x the reference", f"{times:.1f}x", is_met=times >= 10)  # noqa: PLR2004
    return result


def run_slow(stage: Stage, count: int, *, watchers: int) -> Figures:
    """Return the figures of one burst to the slow provider."""
    with stage.watchers(watchers) as processes:
        stage.provider.reset(delay_ms=DELAY_MS)
        alerts = plant(count)
        before = used(sender=processes)
        arrivals = stage.await_texts(alerts, seconds=PATIENCE)
        after = used(sender=processes)
    put_to_rest()
    delays = first_delays(alerts, arrivals)
    return {
        RATE: len(delays) / max(delays),
        "all first contacts, s": max(delays),
        "all texts, s": max(arrivals.values()) - alerts[0].at,
        "incidents never told": count - len(delays),
        EARLY: early_seconds(alerts, arrivals),
        **after.since(before, count),
    }


def run_reference(stage: Stage, count: int) -> Figures:
    """Return the figures of the reference on the same kind of burst."""
    put_to_rest()
    with stage.workers(1, app="tools.bench.reference.celery", threads=THREADS) as processes:
        stage.provider.reset(delay_ms=DELAY_MS)
        alert_when_due.delay(None)  # connects, imports
        alerts = plant(count)
        before = used(sender=processes)
        queue_due(count)
        wait_for(lambda: stage.provider.count() >= count, seconds=PATIENCE)
        after = used(sender=processes)
    put_to_rest()
    delays = first_delays(alerts, stage.provider.arrivals())
    return {
        RATE: len(delays) / max(delays),
        "all first contacts, s": max(delays),
        "incidents never told": count - len(delays),
        **after.since(before, count),
    }
