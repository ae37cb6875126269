"""Many deadlines in one second, while the watcher dies or the provider hangs."""

import random
import time
from datetime import datetime, timedelta

from alerts.clock import database_now
from alerts.domain.states import DeliveryState
from alerts.models import CheckInTimer, Delivery, Incident, Meetup, User
from tests.factories import ContactFactory, MeetupFactory, TimerFactory, UserFactory
from tests.faults.stage import Stage, end_leases, eventually, stop

DEADLINES = 300
KILLS = 10
REAL_CLOCK = {"ESCALATION_SCALE": "1"}  # no repeat within the test: a second text is a duplicate


def test_a_hanging_provider_keeps_no_incident_from_opening(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=10.5)
    watchers = [stage.start_watcher(**REAL_CLOCK), stage.start_watcher(**REAL_CLOCK)]
    alert_at = arm_deadlines(DEADLINES, alert_in=timedelta(seconds=6))
    eventually(lambda: database_now() >= alert_at, seconds=10)

    eventually(lambda: Incident.objects.count() == DEADLINES, seconds=6)

    eventually(lambda: bool(stage.accepted()), seconds=20)
    assert max(stage.accepted().values()) == 1
    for watcher in watchers:
        watcher.kill()


def test_a_killed_watcher_loses_no_deadline(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=0.3)
    arm_deadlines(DEADLINES, alert_in=timedelta(seconds=1))
    chance = random.Random(20261122)  # noqa: S311 - moments, not secrets
    in_flight = 0
    for _ in range(KILLS):
        watcher = stage.start_watcher(**REAL_CLOCK)
        time.sleep(chance.uniform(0.0, 0.4))
        watcher.kill()
        watcher.wait()
        in_flight += Delivery.objects.filter(state=DeliveryState.Sending).count()
        end_leases()
    last = stage.start_watcher(**REAL_CLOCK)

    eventually(is_everybody_told, seconds=60)

    accepted = stage.accepted()
    assert len(accepted) == DEADLINES
    assert Incident.objects.count() == DEADLINES
    assert accepted.total() - DEADLINES <= in_flight
    assert stop(last) == 0


def arm_deadlines(count: int, *, alert_in: timedelta) -> datetime:
    """Store so many meetups of one owner, each with a contact and a timer; return the instant."""
    Incident.objects.all().delete()
    Meetup.objects.all().delete()
    User.objects.all().delete()
    owner = UserFactory.create(reminder_call=False)
    meetups = [
        MeetupFactory.create(owner=owner, contacts=[ContactFactory.create(owner=owner)])
        for _ in range(count)
    ]
    alert_at = database_now() + alert_in
    for meetup in meetups:
        TimerFactory.create(
            meetup=meetup, overdue=True, alert_at=alert_at, due_at=alert_at - timedelta(minutes=10)
        )
    assert CheckInTimer.objects.count() == count
    return alert_at


def is_everybody_told() -> bool:
    """Whether every deadline has its incident and every first alert has left."""
    waiting = [DeliveryState.Queued, DeliveryState.Sending, DeliveryState.Unknown]
    return (
        Delivery.objects.count() >= DEADLINES
        and not Delivery.objects.filter(state__in=waiting).exists()
    )
