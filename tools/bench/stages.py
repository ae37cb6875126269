"""What one burst costs the watcher's own code, stage by stage, in one thread and in order.

Counted in processor time, so that a busy machine changes it little; PostgreSQL's share is not
in it.
"""

import asyncio
import cProfile
import io
import pstats
import time
from collections.abc import Callable
from typing import TypeVar

from alerts.clock import database_now
from alerts.delivery.outcomes import Providers
from alerts.delivery.registry import open_providers
from alerts.services.incidents.escalation import run_due_steps
from alerts.services.meetups.overdue import advance_due_timers
from alerts.services.sending.attempts import Job, carry_out, prepare
from alerts.services.sending.dispatch import claim
from alerts.services.sending.settlement import Settlement, settle
from tools.bench.due import plant, put_to_rest
from tools.bench.tables import table

Answer = TypeVar("Answer")
BATCH = 200
SHOWN = 25
OPEN, STEP, CLAIM, WRITE, SEND, SETTLE = (
    "open incidents",
    "carry out the first step",
    "claim",
    "write the texts",
    "send",
    "settle",
)


class Stages:
    """Processor time by stage, in milliseconds, and a profile of each."""

    def __init__(self, *, is_profiled: bool) -> None:
        self.spent: dict[str, float] = {}
        self.profiles: dict[str, cProfile.Profile] = {}
        self._is_profiled = is_profiled

    def run(self, stage: str, work: Callable[[], Answer]) -> Answer:
        """Return what the work returns; its time counts for the stage."""
        profile = self.profiles.setdefault(stage, cProfile.Profile())
        if self._is_profiled:
            profile.enable()
        started = time.process_time()
        try:
            return work()
        finally:
            spent = (time.process_time() - started) * 1000
            profile.disable()
            self.spent[stage] = self.spent.get(stage, 0.0) + spent

    def text(self, alerts: int) -> str:
        """Return the milliseconds of each stage for each alert, as a table."""
        rows = [(stage, f"{ms / alerts:.3f}") for stage, ms in self.spent.items()]
        total = ("together", f"{sum(self.spent.values()) / alerts:.3f}")
        return table(("stage", "CPU-ms each alert"), [*rows, total])

    def hottest(self, stage: str) -> str:
        """Return where a stage spends its time, callers included."""
        output = io.StringIO()
        stats = pstats.Stats(self.profiles[stage], stream=output)
        stats.strip_dirs().sort_stats("cumulative").print_stats(SHOWN)
        return output.getvalue()


def run_stages(count: int, *, is_profiled: bool) -> Stages:
    """Return what so many alerts cost; the provider has to be there, and no watcher."""
    stages = Stages(is_profiled=is_profiled)
    alerts = plant(count)
    time.sleep(max(0.0, alerts[0].at - time.monotonic()) + 0.05)
    while stages.run(OPEN, lambda: advance_due_timers(now=database_now(), limit=BATCH)):
        pass
    while stages.run(STEP, lambda: run_due_steps(now=database_now(), limit=BATCH)):
        pass
    with asyncio.Runner() as runner:
        opened = open_providers(connections=BATCH)
        providers = runner.run(opened.__aenter__())
        while _send_batch(stages, runner, providers):
            pass
        runner.run(opened.__aexit__(None, None, None))
    put_to_rest()
    return stages


def _send_batch(stages: Stages, runner: asyncio.Runner, providers: Providers) -> int:
    now = database_now()
    claims = stages.run(CLAIM, lambda: claim(limit=BATCH, now=now))
    at = time.monotonic()
    jobs, unsendable = stages.run(WRITE, lambda: prepare(claims, now=now, claimed_at=at))
    outcomes = stages.run(SEND, lambda: runner.run(_send_all(jobs, providers)))
    if claims:
        stages.run(SETTLE, lambda: settle([*unsendable, *outcomes], now=database_now()))
    return len(claims)


async def _send_all(jobs: list[Job], providers: Providers) -> list[Settlement]:
    return await asyncio.gather(*(carry_out(job, providers) for job in jobs))
