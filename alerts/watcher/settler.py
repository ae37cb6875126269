"""The settler: gathers outcomes for a moment and writes them at once, one fsync for many."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from alerts.clock import database_now
from alerts.services.heartbeats import beat
from alerts.services.sending.settlement import Settlement, settle
from alerts.watcher.database import forget_connection, persist

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.05
LARGEST_BATCH = 500
BEAT_EVERY = 5.0  # seconds


class Settler:
    """Writes what came of attempts; outcomes wait in memory while the database is away."""

    def __init__(self, *, give_up: threading.Event) -> None:
        self._waiting: asyncio.Queue[Settlement | None] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="settle")
        self._give_up = give_up

    def add(self, settlement: Settlement) -> None:
        """Take one outcome; call it in the event loop."""
        self._waiting.put_nowait(settlement)

    async def run(self) -> None:
        """Settle until `finish` is called, and then what is still waiting."""
        loop = asyncio.get_running_loop()
        is_last = False
        while not is_last:
            batch, is_last = await self._gather()
            if batch:
                await loop.run_in_executor(self._thread, self._settle_now, batch)
        await loop.run_in_executor(self._thread, forget_connection)
        self._thread.shutdown(wait=False)

    def finish(self) -> None:
        """Let `run` return once everything that was added is written."""
        self._waiting.put_nowait(None)

    async def beat(self, part: str) -> None:
        """Show every few seconds that outcomes can be written and the event loop turns."""
        while True:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._beat_now, part)
            await asyncio.sleep(BEAT_EVERY)

    async def _gather(self) -> tuple[list[Settlement], bool]:
        """Return what has come within a moment, and whether it is the last."""
        taken = [await self._waiting.get()]
        if taken[0] is not None:
            await asyncio.sleep(GATHER_SECONDS)
        while len(taken) < LARGEST_BATCH and not self._waiting.empty():
            taken.append(self._waiting.get_nowait())
        return [settlement for settlement in taken if settlement], None in taken

    def _settle_now(self, batch: list[Settlement]) -> None:
        persist(lambda: settle(batch, now=database_now()), stop=self._give_up)

    def _beat_now(self, part: str) -> None:
        persist(lambda: beat([part], now=database_now()), stop=self._give_up)
