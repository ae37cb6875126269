"""The sweeping thread: moves states when their time has come, and hears what wakes it."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import InterfaceError, OperationalError, connection

from alerts.clock import database_now
from alerts.selectors.due import next_sweep_at
from alerts.services.heartbeats import beat
from alerts.services.outbox import WAKE_CHANNEL
from alerts.watcher.database import persist

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 1.0  # seconds
BEAT_EVERY = 5.0
PART_LENGTH = 40


class SweepFunction(Protocol):
    """Carries out what is due by `now`, at most `limit` rows."""

    def __call__(self, *, now: datetime, limit: int) -> int:
        """Return how many rows there were."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One kind of due rows; `limit` rows in a round, and a full round is followed by another."""

    name: str
    run: SweepFunction
    limit: int


def part_of_this_process() -> str:
    """Return the name under which this process's sweeps show their pulse."""
    host = socket.gethostname()[: PART_LENGTH - len("sweep::") - len(str(os.getpid()))]
    return f"sweep:{host}:{os.getpid()}"


class Sweeper:
    """Runs every sweep whenever something is due; one that fails does not stop the others."""

    def __init__(
        self, sweeps: Sequence[Sweep], *, stop: threading.Event, wake_sender: Callable[[], object]
    ) -> None:
        self._sweeps = sweeps
        self._stop = stop
        self._wake_sender = wake_sender
        self._beat_at = 0.0

    def run(self) -> None:
        """Sweep until told to stop; the loss of the database is waited out."""
        while not self._stop.is_set():
            persist(self._rounds, stop=self._stop)
        connection.close()

    def _rounds(self) -> None:
        self._listen()
        while not self._stop.is_set():
            now = database_now()
            if self._sweep_all(now):
                continue
            self._beat_if_due(now)
            self._sleep(until=next_sweep_at(), now=now)

    def _sweep_all(self, now: datetime) -> bool:
        """Run every sweep once; return whether one of them was full."""
        found = [(sweep, self._sweep(sweep, now)) for sweep in self._sweeps]
        if any(count for _, count in found):
            self._wake_sender()
        return any(count >= sweep.limit for sweep, count in found)

    def _sweep(self, sweep: Sweep, now: datetime) -> int:
        try:
            return sweep.run(now=now, limit=sweep.limit)
        except (OperationalError, InterfaceError):
            if not connection.is_usable():
                raise
            logger.exception("the database refused the sweep of %s", sweep.name)
        except Exception:  # one broken sweep must not stop the others
            logger.exception("the sweep of %s failed", sweep.name)
        return 0

    def _listen(self) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {WAKE_CHANNEL}")

    def _sleep(self, *, until: datetime | None, now: datetime) -> None:
        """Wait for the next due row or a notification; a failed sweep's row does not spin."""
        seconds = LONGEST_SLEEP
        if until is not None and until > now:
            seconds = min(LONGEST_SLEEP, (until - now) / timedelta(seconds=1))
        if self._hears_within(seconds):
            self._wake_sender()

    def _hears_within(self, seconds: float) -> bool:
        """Wait for a notification; all that have come meanwhile count as one."""
        with connection.wrap_database_errors:
            heard = list(connection.connection.notifies(timeout=seconds, stop_after=1))
            return bool(heard) | bool(list(connection.connection.notifies(timeout=0)))

    def _beat_if_due(self, now: datetime) -> None:
        if time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + BEAT_EVERY
            beat(["sweep", part_of_this_process()], now=now)
