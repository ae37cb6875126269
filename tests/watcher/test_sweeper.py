"""The sweeping thread: woken early, never stopped by one broken sweep or a lost database."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import OperationalError, connection, transaction

from alerts.clock import database_now
from alerts.models import Heartbeat
from alerts.services.outbox import wake_watchers
from alerts.watcher.sweeper import (
    LONGEST_SLEEP,
    Sweep,
    Sweeper,
    SweepFunction,
    part_of_this_process,
)

pytestmark = pytest.mark.django_db(transaction=True)


class Recorder:
    """A sweep that remembers when it ran; `answers` are given in turn, then 0."""

    def __init__(self, *answers: int | Exception) -> None:
        self.runs: list[datetime] = []
        self._answers = list(answers)

    def __call__(self, *, now: datetime, limit: int) -> int:
        self.runs.append(now)
        answer = self._answers.pop(0) if self._answers else 0
        if isinstance(answer, Exception):
            raise answer
        return min(answer, limit)


def sweep_while(
    holds: Callable[[], bool], *recorders: SweepFunction, seconds: float = 5
) -> list[int]:
    """Sweep until the condition ends; return how often the sender was woken."""
    stop, wakes = threading.Event(), []
    sweeps = [Sweep(f"test {number}", run, limit=10) for number, run in enumerate(recorders)]
    sweeper = Sweeper(sweeps, stop=stop, wake_sender=lambda: wakes.append(1))
    thread = threading.Thread(target=sweeper.run)
    thread.start()
    deadline = time.monotonic() + seconds
    while holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    with transaction.atomic():
        wake_watchers()
    thread.join(timeout=5)
    assert not thread.is_alive()
    return wakes


def test_a_full_sweep_is_followed_by_another_at_once() -> None:
    recorder = Recorder(10, 10, 3)
    started = time.monotonic()

    wakes = sweep_while(lambda: len(recorder.runs) < 3, recorder)

    assert time.monotonic() - started < LONGEST_SLEEP
    assert len(wakes) >= 3


def test_a_notification_wakes_it_early() -> None:
    recorder = Recorder()

    def has_run_once() -> bool:
        if len(recorder.runs) == 1:
            wake_watchers()
        return len(recorder.runs) < 2

    sweep_while(has_run_once, recorder)

    assert (recorder.runs[1] - recorder.runs[0]).total_seconds() < LONGEST_SLEEP / 2


def test_one_broken_sweep_stops_no_other() -> None:
    for error in (ZeroDivisionError(), OperationalError("statement timeout")):
        broken, fine = Recorder(*[error] * 50), Recorder()

        sweep_while(lambda fine=fine: len(fine.runs) < 2, broken, fine)  # type: ignore[misc]

        assert len(fine.runs) >= 2


def test_a_lost_database_is_waited_out() -> None:
    """Ends the sweeper's own connection twice, in the middle of a sweep."""
    rounds = []

    def lose(*, now: datetime, limit: int) -> int:
        rounds.append(now)
        if len(rounds) <= 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 0

    sweep_while(lambda: len(rounds) < 4, lose)

    assert len(rounds) >= 4


def test_its_pulse_can_be_felt(now: datetime) -> None:
    sweep_while(lambda: not Heartbeat.objects.filter(part="sweep").exists(), Recorder())

    beats = dict(Heartbeat.objects.values_list("part", "at"))
    assert set(beats) == {"sweep", part_of_this_process()}
    assert now <= beats["sweep"] <= database_now()
    connection.close()
