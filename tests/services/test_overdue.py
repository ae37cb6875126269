"""The sweep over timers, many at once."""

import random
from datetime import datetime, timedelta

import pytest

from alerts.models import User
from alerts.services.incidents.escalation import run_due_steps
from alerts.services.meetups.overdue import advance_due_timers
from alerts.services.sending.dispatch import claim
from tests.factories import ContactFactory, MeetupFactory, TimerFactory

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_after_a_pause_the_oldest_alert_leaves_first(ana: User, now: datetime) -> None:
    deadlines = [now - minutes * MINUTE for minutes in range(1, 21)]
    random.Random(7).shuffle(deadlines)  # noqa: S311 - an order, not a secret
    for alert_at in deadlines:
        contacts = [ContactFactory.create(owner=ana) for _ in range(2)]
        TimerFactory.create(
            meetup=MeetupFactory.create(owner=ana, contacts=contacts),
            overdue=True,
            due_at=alert_at - MINUTE,
            alert_at=alert_at,
            next_action_at=alert_at,
        )

    advance_due_timers(now=now)
    run_due_steps(now=now)
    claims = claim(limit=100, now=now)

    order = [c.delivery.instant for c in claims]
    oldest_first = sorted(alert_at - MINUTE for alert_at in deadlines)
    assert order == oldest_first + oldest_first  # everybody's first contact, then the second ones
