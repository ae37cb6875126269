"""Checking in at the deadline itself, two watchers on the same rows."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from django.db import connection

from alerts.clock import database_now
from alerts.domain.errors import PinRequired
from alerts.domain.states import (
    LIVE_INCIDENT_STATES,
    IncidentState,
    MeetupState,
    TimerKind,
    TimerState,
)
from alerts.models import CheckInTimer, Incident, Meetup
from alerts.services.meetups.timers import check_in
from tests.factories import PIN, ContactFactory, MeetupFactory, TimerFactory, UserFactory
from tests.faults.deadlines import REAL_CLOCK, forget_deadlines
from tests.faults.stage import Stage, deadlocks, eventually, stop

TRIALS = 50
APART = timedelta(milliseconds=60)
AROUND = 0.05  # seconds before and after the deadline


def test_a_check_in_at_the_deadline_counts_or_comes_too_late(stage: Stage) -> None:
    timers = arm_trials()
    answers = check_in_around(timers, stage, pin=None)

    for timer, has_counted in zip(timers, answers, strict=True):
        state = CheckInTimer.objects.get(pk=timer.pk).state
        incidents = Incident.objects.filter(meetup_id=timer.meetup_id).count()
        assert (state, incidents) == (
            (TimerState.CheckedIn, 0) if has_counted else (TimerState.Missed, 1)
        )


def test_a_code_at_the_deadline_ends_what_the_deadline_began(stage: Stage) -> None:
    timers = arm_trials()
    answers = check_in_around(timers, stage, pin=PIN)

    assert all(answers)
    live = Incident.objects.filter(state__in=LIVE_INCIDENT_STATES)
    eventually(lambda: not live.exists(), seconds=20)
    assert not Meetup.objects.exclude(state=MeetupState.Ended).exists()
    assert set(Incident.objects.values_list("state", flat=True)) <= {IncidentState.Resolved}
    assert Incident.objects.count() == Meetup.objects.filter(timers__state="missed").count()


def arm_trials() -> list[CheckInTimer]:
    """Store meetups whose arrival checks are due, without grace, one shortly after the other."""
    forget_deadlines()
    meetups = []
    for _ in range(TRIALS):
        owner = UserFactory.create(reminder_call=False)
        contacts = [ContactFactory.create(owner=owner)]
        meetups.append(MeetupFactory.create(owner=owner, contacts=contacts))
    first = database_now() + timedelta(seconds=8)
    return [
        TimerFactory.create(
            meetup=meetup,
            kind=TimerKind.Arrival,
            armed_at=first - timedelta(hours=1),
            due_at=first + number * APART,
            alert_at=first + number * APART,
            next_action_at=first + number * APART,
        )
        for number, meetup in enumerate(meetups)
    ]


def check_in_around(timers: list[CheckInTimer], stage: Stage, *, pin: str | None) -> list[bool]:
    """Check in to each about its deadline; return which check-ins counted."""
    before = deadlocks()
    watchers = [stage.start_watcher(**REAL_CLOCK), stage.start_watcher(**REAL_CLOCK)]
    offset = time.monotonic() - database_now().timestamp()
    with ThreadPoolExecutor(12) as people:
        answers = list(people.map(partial(check_in_at, offset=offset, pin=pin), timers))
    open_timers = CheckInTimer.objects.open()
    eventually(lambda: not open_timers.exists(), seconds=20)
    assert [stop(watcher) for watcher in watchers] == [0, 0]
    assert deadlocks() == before
    return answers


def check_in_at(timer: CheckInTimer, *, offset: float, pin: str | None) -> bool:
    """Check in to one timer within 50 ms of its deadline, on a connection of its own."""
    chance = random.Random(timer.pk.int)  # noqa: S311 - moments, not secrets
    wait_for(timer.alert_at, offset=offset + chance.uniform(-AROUND, AROUND))
    meetup = timer.meetup
    try:
        check_in(owner=meetup.owner, meetup_id=meetup.pk, pin=pin, now=database_now())
    except PinRequired:
        return False
    finally:
        connection.close()
    return True


def wait_for(instant: datetime, *, offset: float) -> None:
    """Sleep until an instant of the database's clock."""
    time.sleep(max(0.0, instant.timestamp() + offset - time.monotonic()))
