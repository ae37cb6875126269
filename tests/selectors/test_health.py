"""What monitors and the auditor see."""

from datetime import datetime, timedelta

import pytest

from alerts.domain.states import DeliveryState
from alerts.models import CheckInTimer, Delivery, Incident, PinEntry
from alerts.models.sealed import create_data_key
from alerts.selectors.health import count_due, list_delays, list_findings, list_late_parts
from alerts.services.heartbeats import beat
from tests.factories import DeliveryFactory, IncidentFactory, TimerFactory
from tests.services.sending import accept, take_one

pytestmark = pytest.mark.django_db
LATE = timedelta(seconds=31)


@pytest.fixture
def alive(now: datetime) -> datetime:
    """Let sweep and sender beat for a good while to come."""
    beat(["sweep", "sender"], now=now + timedelta(hours=1))
    return now


def late_parts(now: datetime) -> set[str]:
    return {part.part for part in list_late_parts(now=now)}


def test_nothing_due_is_nothing_late(alive: datetime) -> None:
    assert list_late_parts(now=alive) == []
    assert list_findings(now=alive) == []


def test_a_part_that_was_never_seen_or_stopped_is_late(now: datetime) -> None:
    assert late_parts(now) == {"sweep", "sender"}
    beat(["sweep", "sender"], now=now)
    assert late_parts(now) == set()
    assert late_parts(now + LATE) == {"sweep", "sender"}


def test_each_kind_of_due_row_is_named(alive: datetime) -> None:
    TimerFactory.create(next_action_at=alive)
    assert late_parts(alive + LATE) == {"timers"}
    CheckInTimer.objects.all().delete()

    IncidentFactory.create(next_step_at=alive)
    assert late_parts(alive + LATE) == {"incidents"}
    Incident.objects.all().delete()

    key = create_data_key(now=alive)
    PinEntry.objects.create(data_key=key, action="end", entered_at=alive, next_action_at=alive)
    assert late_parts(alive + LATE) == {"pin_entries"}
    PinEntry.objects.all().delete()

    DeliveryFactory.create(created_at=alive, incident__next_step_at=alive + LATE)
    assert late_parts(alive + timedelta(seconds=30)) == set()
    assert "deliveries" in late_parts(alive + LATE)


def test_an_incident_that_nobody_was_told_of_is_found(alive: datetime) -> None:
    opened = alive - timedelta(seconds=121)
    incident = IncidentFactory.create(opened_at=opened, next_step_at=alive + LATE)
    codes = [finding.code for finding in list_findings(now=alive)]
    assert codes == ["incident_without_accepted_message"]

    Incident.objects.filter(pk=incident.pk).update(first_accepted_at=alive)
    assert list_findings(now=alive) == []


def test_a_delivery_whose_lease_ended_long_ago_is_found(alive: datetime) -> None:
    DeliveryFactory.create(
        created_at=alive,
        state=DeliveryState.Sending,
        responder__incident__next_step_at=alive + timedelta(hours=1),
    )

    codes = {finding.code for finding in list_findings(now=alive + LATE)}
    assert codes == {"deliveries_late", "delivery_stuck"}


def test_what_waits_is_counted(alive: datetime) -> None:
    DeliveryFactory.create(created_at=alive, responder__incident__next_step_at=alive + LATE)

    assert count_due(now=alive) == {"timers": 0, "pin_entries": 0, "incidents": 0, "deliveries": 1}


def test_delays_are_from_queued_to_taken(alive: datetime) -> None:
    DeliveryFactory.create(created_at=alive)
    accept(take_one(alive), now=alive + timedelta(seconds=2))

    assert list_delays(now=alive) == [("sms", "0.5", 2.0), ("sms", "0.99", 2.0)]
    assert Delivery.objects.count() == 1
