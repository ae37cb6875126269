"""Meetups whose contacts are to be told at given instants."""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from alerts.clock import database_now
from alerts.domain.states import MeetupState, TimerKind, TimerState
from tools.bench.people import Cast, phone_number

OWNER_NUMBERS = itertools.count(1)
CONTACT_NUMBERS = itertools.count(500_000_000)
CONTACTS = 2
ROWS_A_SECOND = 12_000  # slowly enough that the rows are there before the first deadline
SHORTEST_LEAD = 2.0
REST = """
UPDATE alerts_delivery SET state = 'cancelled', next_action_at = NULL
WHERE next_action_at IS NOT NULL;
UPDATE alerts_incident SET state = 'resolved', next_step_at = NULL WHERE next_step_at IS NOT NULL;
ANALYZE alerts_delivery, alerts_incident, alerts_responder, alerts_checkintimer, alerts_meetup;
CHECKPOINT
"""


@dataclass(frozen=True)
class Alert:
    """One incident to come: when its contacts are to be told (CLOCK_MONOTONIC), and where."""

    at: float
    numbers: tuple[str, ...]


def plant(count: int, *, spacing: float = 0.0) -> list[Alert]:
    """Let so many check-ins be missed soon, `spacing` seconds apart; return what has to follow."""
    cast = Cast()
    now = database_now()
    alerts = [_prepare(cast, now=now) for _ in range(count)]
    lead = SHORTEST_LEAD + count * CONTACTS / ROWS_A_SECOND
    start = database_now() + timedelta(seconds=lead)
    for place, timer in enumerate(cast.timers):
        timer.alert_at = timer.next_action_at = start + timedelta(seconds=place * spacing)
        timer.due_at = timer.alert_at - timer.meetup.grace_period
    cast.write()
    if database_now() >= start:
        raise RuntimeError("the rows were not written in time: the machine is too busy")
    offset = time.monotonic() - datetime.now(UTC).timestamp()  # noqa: TID251 - one machine, one clock
    first = start.timestamp() + offset
    return [Alert(first + place * spacing, numbers) for place, numbers in enumerate(alerts)]


def put_to_rest() -> None:
    """Let nothing of earlier rounds send or step any more."""
    for statement in REST.split(";"):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def is_settled() -> bool:
    """Tell whether every delivery so far is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM alerts_delivery WHERE next_action_at IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


def wait_for(holds: Callable[[], bool], *, seconds: float, every: float = 0.1) -> bool:
    """Return whether something came to hold within some seconds."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def _prepare(cast: Cast, *, now: datetime) -> tuple[str, ...]:
    """Add an owner, two contacts and a meetup whose one timer is overdue."""
    numbers = list(itertools.islice(CONTACT_NUMBERS, CONTACTS))
    owner = cast.owner(next(OWNER_NUMBERS), now=now)
    contacts = [cast.contact(owner, number, now=now) for number in numbers]
    meetup = cast.meetup(owner, contacts, now=now)
    meetup.state = MeetupState.Overdue
    timer = cast.timer(meetup, TimerKind.End, armed_at=now, due_at=now)
    timer.state = TimerState.Overdue
    return tuple(phone_number(number) for number in numbers)


def first_delays(alerts: Sequence[Alert], arrivals: dict[str, float]) -> list[float]:
    """Return how long after its deadline the first text of each incident arrived, in seconds."""
    return [
        min(arrivals[number] for number in alert.numbers if number in arrivals) - alert.at
        for alert in alerts
        if any(number in arrivals for number in alert.numbers)
    ]


def early_seconds(alerts: Sequence[Alert], arrivals: dict[str, float]) -> int:
    """Return how many second contacts were told before every incident's first one was."""
    instants = [sorted(arrivals[n] for n in alert.numbers if n in arrivals) for alert in alerts]
    last_first = max(times[0] for times in instants if times)
    return sum(time < last_first for times in instants for time in times[1:])
