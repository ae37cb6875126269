"""The watcher as a whole: its threads, its event loop, its end."""

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Sequence

from alerts.delivery.registry import open_providers
from alerts.domain.states import Channel
from alerts.watcher.overflow import Overflow, send_by_celery
from alerts.watcher.sender import Lane, Sender
from alerts.watcher.settler import Settler
from alerts.watcher.sweeper import Sweep, Sweeper

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 25.0
SWEEP_JOIN_SECONDS = 5.0
SWITCH_INTERVAL = 0.0005  # between threads; halves the p99 of a lone alert
PHONE_LANE = Lane("phones", frozenset(Channel) - {Channel.Email}, slots=256)
EMAIL_LANE = Lane("email", frozenset({Channel.Email}), slots=16)
CONNECTIONS = 256


class Watcher:
    """Sweeps in one thread, claims and settles in others, sends in the event loop."""

    def __init__(self, sweeps: Sequence[Sweep], lanes: Sequence[Lane]) -> None:
        self._sweeps = sweeps
        self._lanes = lanes
        self._stop = threading.Event()
        self._give_up = threading.Event()
        self._senders: list[Sender] = []

    def run(self) -> None:
        """Watch until SIGTERM or SIGINT; returns once what was in flight is written."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        asyncio.run(self._watch())

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        settler = Settler(give_up=self._give_up)
        sweeping = self._start_sweeper(loop)
        overflow = Overflow(stop=self._stop, send=send_by_celery)
        threading.Thread(target=overflow.run, name="overflow", daemon=True).start()
        async with open_providers(connections=CONNECTIONS) as providers:
            self._senders = [
                Sender(
                    lane,
                    providers,
                    hand_over=settler.add,
                    offer_overflow=overflow.offer,
                    stop=self._stop,
                )
                for lane in self._lanes
            ]
            logger.info("watching")
            await self._send_until_stopped(settler)
        await asyncio.to_thread(sweeping.join, SWEEP_JOIN_SECONDS)
        logger.info("watched to the end")

    async def _send_until_stopped(self, settler: Settler) -> None:
        settling = asyncio.create_task(settler.run())
        beating = asyncio.create_task(settler.beat("sender"))
        await asyncio.gather(*(sender.run() for sender in self._senders))
        await asyncio.gather(*(sender.drain(DRAIN_SECONDS) for sender in self._senders))
        beating.cancel()
        self._give_up.set()  # a database that is away now is not waited for
        settler.finish()
        await settling

    def _start_sweeper(self, loop: asyncio.AbstractEventLoop) -> threading.Thread:
        sweeper = Sweeper(
            self._sweeps,
            stop=self._stop,
            wake_sender=lambda: loop.call_soon_threadsafe(self._wake_senders),
        )
        thread = threading.Thread(target=sweeper.run, name="sweep", daemon=True)
        thread.start()
        return thread

    def _wake_senders(self) -> None:
        for sender in self._senders:
            sender.wake()

    def _end(self) -> None:
        logger.info("stopping: no more claims, what is in flight ends")
        self._stop.set()
        self._wake_senders()
