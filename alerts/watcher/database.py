"""The database from the watcher's threads: each has its own connection, and may lose it."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0  # seconds


def persist(work: Callable[[], Answer], *, stop: threading.Event) -> Answer | None:
    """Return what `work` returns, trying again while the database is away; None once stopped."""
    pause = FIRST_PAUSE
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            forget_connection()
            logger.warning("database: %s; again in %.1f s", type(error).__name__, pause)
        if stop.wait(pause):
            return None
        pause = min(pause * 2, LONGEST_PAUSE)


def forget_connection() -> None:
    """Close this thread's connection, so that the next query makes a new one."""
    try:
        connection.close()
    except (OperationalError, InterfaceError):
        connection.connection = None
