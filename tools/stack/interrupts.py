"""Signals as plain control flow: a pause that ends early, or raises when it is time to stop."""

import contextlib
import os
import select
import signal
from collections.abc import Iterable
from types import FrameType, TracebackType
from typing import Self

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Somebody asked this program to stop."""


class Interrupts:
    """Turns signals into `pause()` ending early (a child ended) or raising (time to stop).

    `ignored` are stop signals that an interactive child receives and answers by itself.
    """

    def __init__(self, ignored: Iterable[signal.Signals] = ()) -> None:
        self.requests = 0
        self._ignored = frozenset(ignored)
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, only_wake)
        for number in STOP_SIGNALS:
            handler = only_wake if number in self._ignored else self._ask_to_stop
            signal.signal(number, handler)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The handlers stay: from here on the process only has to end, and nothing may cut that.
        signal.set_wakeup_fd(-1)
        os.close(self._reader)
        os.close(self._writer)

    def pause(self, seconds: float) -> None:
        """Wait at most `seconds`, less when a signal arrives; raises StopRequested."""
        self.check()
        self.wait(seconds)
        self.check()

    def check(self) -> None:
        """Raise StopRequested when a stop signal has arrived."""
        if self.requests:
            raise StopRequested

    def wait(self, seconds: float) -> None:
        """Wait at most `seconds`, less when a signal arrives; for the time after the stop."""
        select.select([self._reader], [], [], max(0.0, seconds))
        with contextlib.suppress(BlockingIOError):
            os.read(self._reader, 4096)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Count the request; the second one means at once."""
        self.requests += 1


def only_wake(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the wake-up pipe has been written to."""
