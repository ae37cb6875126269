"""Deadlines to be missed: stored as an owner's plan leaves them."""

from datetime import datetime, timedelta

from django.db import transaction

from alerts.clock import database_now
from alerts.domain.states import DeliveryState
from alerts.models import CheckInTimer, Delivery, Incident, Meetup, User
from tests.factories import ContactFactory, MeetupFactory, TimerFactory, UserFactory

NOW = timedelta(0)
REAL_CLOCK = {"ESCALATION_SCALE": "1"}  # no repeat within the test: a second text is a duplicate


def forget_deadlines() -> None:
    """Delete what an earlier test has left."""
    Incident.objects.all().delete()
    Meetup.objects.all().delete()
    User.objects.all().delete()


def arm_deadlines(count: int, *, alert_in: timedelta) -> datetime:
    """Store so many meetups of one owner, each with a contact and a timer; return the instant."""
    forget_deadlines()
    with transaction.atomic():
        return _store_deadlines(count, alert_in=alert_in)


def is_everybody_told(count: int) -> bool:
    """Whether every deadline has its first alert, and all of them have left."""
    waiting = [DeliveryState.Queued, DeliveryState.Sending, DeliveryState.Unknown]
    return (
        Delivery.objects.count() >= count
        and not Delivery.objects.filter(state__in=waiting).exists()
    )


def _store_deadlines(count: int, *, alert_in: timedelta) -> datetime:
    owner = UserFactory.create(reminder_call=False)
    meetups = [
        MeetupFactory.create(owner=owner, contacts=[ContactFactory.create(owner=owner)])
        for _ in range(count)
    ]
    alert_at = database_now() + alert_in
    for meetup in meetups:
        TimerFactory.create(
            meetup=meetup,
            overdue=True,
            alert_at=alert_at,
            due_at=alert_at - timedelta(minutes=10),
            next_action_at=alert_at,
        )
    assert CheckInTimer.objects.count() == count
    return alert_at
