"""What Celery workers add when one watcher has more than it can send."""

import re

from tools.bench.arguments import Wish
from tools.bench.benches.burst import RATE
from tools.bench.children import Process
from tools.bench.due import first_delays, plant, put_to_rest
from tools.bench.result import Figures, Result
from tools.bench.rounds import interleave
from tools.bench.stage import Stage, used

MILLION = 1_000_000
FEW = 1_000
DELAY_MS = 100
PATIENCE = 110.0
TOTAL, SHARE = "all texts, s", "sent by workers, %"
DONE = re.compile(r"Task alerts\.send_batch\[[^]]*\] succeeded in [\d.e-]+s: (\d+)")
ABOUT = """\
{count:,} check-ins missed in one instant, two contacts each, {armed:,} other timers armed; the
provider answers after 100 ms. One watcher, with Celery workers of 4 threads, as
`./run` starts them."""


def overflow(stage: Stage, wish: Wish) -> Result:
    """Return what workers add."""
    count, armed = (500, FEW) if wish.is_quick else (10_000, MILLION)
    stage.use(armed)
    result = Result("overflow", ABOUT.format(count=count, armed=armed))
    names = {"watcher alone": 0, "and 1 worker": 1, "and 3 workers": 3}
    variants = {
        name: (lambda workers=workers: run_overflow(stage, count, workers))
        for name, workers in names.items()
    }
    interleave(result, variants, rounds=wish.rounds)
    alone = result.middle("watcher alone", TOTAL)
    for name in list(names)[1:]:
        share, total = result.middle(name, SHARE), result.middle(name, TOTAL)
        result.judge(f"{name}: they take a share", f"{share:.0f} %", is_met=share > 0)
        result.judge(
            f"{name}: faster than alone", f"{total:.2f} s to {alone:.2f} s", is_met=total < alone
        )
    return result


def run_overflow(stage: Stage, count: int, workers: int) -> Figures:
    """Return the figures of one burst with so many workers beside the watcher."""
    with stage.workers(workers) as helpers, stage.watchers(1) as watchers:
        stage.provider.reset(delay_ms=DELAY_MS)
        alerts = plant(count)
        sent_before = sum(sent_by(helper) for helper in helpers)
        before = used(watcher=watchers, workers=helpers)
        arrivals = stage.await_texts(alerts, seconds=PATIENCE)
        after = used(watcher=watchers, workers=helpers)
        texts = stage.provider.count()
    put_to_rest()
    sent = sum(sent_by(helper) for helper in helpers) - sent_before
    delays = first_delays(alerts, arrivals)
    return {
        RATE: len(delays) / max(delays),
        TOTAL: max(arrivals.values()) - alerts[0].at,
        SHARE: 100 * sent / texts,
        "incidents never told": count - len(delays),
        **after.since(before, count),
    }


def sent_by(worker: Process) -> int:
    """Return how many texts a worker has claimed, from what it says of its tasks."""
    return sum(int(number) for number in DONE.findall(worker.said()))
