"""Handing to Celery what exceeds this watcher; no broker, dead or slow, ever holds it up."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from uuid import UUID

from celery import current_app
from django.db import InterfaceError, OperationalError, connection
from kombu.exceptions import OperationalError as BrokerUnavailable

from alerts.clock import database_now
from alerts.selectors.due import list_overflow
from alerts.watcher.database import forget_connection
from alerts.watcher.sender import Lane

logger = logging.getLogger(__name__)

TASK = "alerts.send_batch"
BATCH = 100
MOST_AT_ONCE = 2000
REST_AFTER_FAILURE = 10.0  # seconds without an attempt once the broker has failed
OFFERED_FOR = 30.0  # seconds in which an id is not handed over a second time


class Overflow:
    """A thread that offers ids, never messages, to the workers; whoever takes the lease sends."""

    def __init__(self, *, stop: threading.Event, send: Callable[[list[str]], None]) -> None:
        self._stop = stop
        self._send = send
        self._lanes: queue.Queue[Lane] = queue.Queue(maxsize=1)
        self._offered: dict[UUID, float] = {}
        self._closed_until = 0.0

    def offer(self, lane: Lane) -> None:
        """Say that a lane is full; returns at once, whatever the broker does."""
        if time.monotonic() >= self._closed_until and self._lanes.empty():
            try:
                self._lanes.put_nowait(lane)
            except queue.Full:
                return

    def run(self) -> None:
        """Hand over until told to stop; meant for a daemon thread, for a broker may block it."""
        while not self._stop.is_set():
            try:
                self._hand_over(self._lanes.get(timeout=1.0))
            except queue.Empty:
                continue
            except (BrokerUnavailable, OSError) as error:
                self._closed_until = time.monotonic() + REST_AFTER_FAILURE
                logger.warning("the broker is away (%s); sending alone", type(error).__name__)
            except (OperationalError, InterfaceError):
                forget_connection()
        connection.close()

    def _hand_over(self, lane: Lane) -> None:
        ids = list_overflow(
            now=database_now(), channels=lane.channels, skip=lane.slots, limit=MOST_AT_ONCE
        )
        fresh = self._not_offered(ids)
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            self._send([str(delivery_id) for delivery_id in batch])
            self._offered.update(dict.fromkeys(batch, time.monotonic() + OFFERED_FOR))
        if fresh:
            logger.info("handed %s deliveries to the workers", len(fresh))

    def _not_offered(self, ids: Iterable[UUID]) -> list[UUID]:
        now = time.monotonic()
        self._offered = {key: until for key, until in self._offered.items() if until > now}
        return [delivery_id for delivery_id in ids if delivery_id not in self._offered]


def send_by_celery(ids: list[str]) -> None:
    """Queue one batch of ids; raises kombu's OperationalError when the broker does not answer."""
    current_app.send_task(TASK, args=[ids], retry=False, expires=OFFERED_FOR)
