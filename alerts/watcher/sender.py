"""The sender: claims as many messages as it has free slots, and keeps them all in flight."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.clock import database_now
from alerts.delivery.outcomes import Providers
from alerts.domain.states import Channel
from alerts.selectors.due import next_delivery_at
from alerts.services.sending.attempts import Job, carry_out, prepare
from alerts.services.sending.dispatch import claim
from alerts.services.sending.settlement import Settlement
from alerts.watcher.database import forget_connection, persist

logger = logging.getLogger(__name__)

LARGEST_CLAIM = 200
LONGEST_SLEEP = 1.0  # seconds
SHORTEST_SLEEP = 0.005
GATHER_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Lane:
    """Channels that share slots, so that a provider which hangs holds up no other one's."""

    name: str
    channels: frozenset[Channel]
    slots: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one claim has brought; `sleep` is how long nothing more is due, in seconds."""

    jobs: list[Job]
    unsendable: list[Settlement]
    sleep: float
    is_full: bool


class Sender:
    """Sends one lane's messages; a connection to the database is never held during a call."""

    def __init__(
        self,
        lane: Lane,
        providers: Providers,
        *,
        hand_over: Callable[[Settlement], None],
        offer_overflow: Callable[[Lane], None],
        stop: threading.Event,
    ) -> None:
        self._lane = lane
        self._providers = providers
        self._hand_over = hand_over
        self._offer_overflow = offer_overflow
        self._stop = stop
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"claim-{lane.name}")

    def wake(self) -> None:
        """Let it look for due messages at once; call it in the event loop."""
        self._wake.set()

    async def run(self) -> None:
        """Claim and send until told to stop; what is in flight then is left to `drain`."""
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            self._wake.clear()
            free = self._lane.slots - len(self._tasks)
            if free <= 0:
                await self._sleep(LONGEST_SLEEP)
                await asyncio.sleep(GATHER_SECONDS)  # one claim for several slots
                continue
            found = await loop.run_in_executor(self._thread, self._claim, free)
            if found is None:
                continue
            self._start(found)
            if found.is_full and len(self._tasks) >= self._lane.slots:
                self._offer_overflow(self._lane)
            if not found.is_full:
                await self._sleep(found.sleep)
        await loop.run_in_executor(self._thread, forget_connection)
        self._thread.shutdown(wait=False)

    async def drain(self, seconds: float) -> None:
        """Wait for what is in flight; what does not end in time is looked up by whoever is next."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()

    def _start(self, found: Round) -> None:
        for settlement in found.unsendable:
            self._hand_over(settlement)
        for job in found.jobs:
            task = asyncio.create_task(self._send(job))
            self._tasks.add(task)
            task.add_done_callback(self._finish)

    async def _send(self, job: Job) -> None:
        self._hand_over(await carry_out(job, self._providers))

    def _finish(self, task: asyncio.Task[None]) -> None:
        was_full = len(self._tasks) >= self._lane.slots
        self._tasks.discard(task)
        if was_full:
            self._wake.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    # --- in the claiming thread -------------------------------------------------------------

    def _claim(self, free: int) -> Round | None:
        return persist(lambda: self._claim_once(min(free, LARGEST_CLAIM)), stop=self._stop)

    def _claim_once(self, limit: int) -> Round:
        claimed_at, now = time.monotonic(), database_now()
        claims = claim(limit=limit, now=now, channels=self._lane.channels)
        jobs, unsendable = prepare(claims, now=now, claimed_at=claimed_at)
        is_full = len(claims) >= limit
        sleep = 0.0 if is_full else self._seconds_to_next(now)
        return Round(jobs, unsendable, sleep, is_full)

    def _seconds_to_next(self, now: datetime) -> float:
        until = next_delivery_at(self._lane.channels)
        if until is None:
            return LONGEST_SLEEP
        seconds = (until - now) / timedelta(seconds=1)
        return min(LONGEST_SLEEP, max(SHORTEST_SLEEP, seconds))
