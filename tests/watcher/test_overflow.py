"""What goes to the workers, and what happens when the broker is gone."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from kombu.exceptions import OperationalError as BrokerUnavailable

from alerts.domain.states import Channel
from alerts.watcher.overflow import Overflow
from alerts.watcher.sender import Lane
from tests.factories import DeliveryFactory, IncidentFactory, ResponderFactory

pytestmark = pytest.mark.django_db(transaction=True)
LANE = Lane("phones", frozenset({Channel.Sms}), slots=2)


@contextmanager
def running(send: Callable[[list[str]], None]) -> Iterator[Overflow]:
    """Give an overflow whose thread runs meanwhile."""
    stop = threading.Event()
    overflow = Overflow(stop=stop, send=send)
    thread = threading.Thread(target=overflow.run, daemon=True)
    thread.start()
    yield overflow
    stop.set()
    thread.join(timeout=5)


def queue_five(now: datetime) -> list[str]:
    """Return the ids of five due deliveries, the most urgent first."""
    responder = ResponderFactory.create(incident=IncidentFactory.create())
    return [
        str(DeliveryFactory.create(responder=responder, priority=place, created_at=now).pk)
        for place in range(5)
    ]


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert holds()


def test_what_one_watcher_cannot_take_is_handed_over_once(now: datetime) -> None:
    ids = queue_five(now)
    sent: list[list[str]] = []
    with running(sent.append) as overflow:
        overflow.offer(LANE)
        wait_for(lambda: len(sent) == 1)
        overflow.offer(LANE)
        time.sleep(0.2)

    assert sent == [ids[2:]]  # its own two slots are the watcher's


def test_after_a_failure_the_broker_is_left_alone_for_a_while(now: datetime) -> None:
    queue_five(now)
    tries = []

    def fail(ids: list[str]) -> None:
        tries.append(ids)
        raise BrokerUnavailable

    with running(fail) as overflow:
        overflow.offer(LANE)
        wait_for(lambda: len(tries) == 1)
        time.sleep(0.1)
        overflow.offer(LANE)
        time.sleep(0.2)

    assert len(tries) == 1


def test_offering_never_waits(now: datetime) -> None:
    queue_five(now)
    release = threading.Event()

    def block(_ids: list[str]) -> None:
        release.wait(5)

    with running(block) as overflow:
        started = time.monotonic()
        for _ in range(100):
            overflow.offer(LANE)
        assert time.monotonic() - started < 0.5
        release.set()
