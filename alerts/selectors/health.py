"""Whether what is due is being carried out: for monitors, the auditor and metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Min

from alerts.conf import alerts_settings
from alerts.domain.states import DeliveryState, MeetupState
from alerts.models import CheckInTimer, Contact, Delivery, Heartbeat, Incident, Meetup, PinEntry

LATE_AFTER = timedelta(seconds=30)
ACCEPTED_WITHIN = timedelta(seconds=120)  # of the opening of an incident
BEATING_PARTS = ("sweep", "sender")
NEVER = timedelta(days=9999)
DELAYS_OVER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LatePart:
    """A part that is behind, and by how much."""

    part: str
    late_by: timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be: a stable code, and how many rows show it."""

    code: str
    count: int


def oldest_due() -> Mapping[str, datetime | None]:
    """Return for each kind of row with a due time the earliest one, perhaps in the future."""
    return {
        "timers": CheckInTimer.objects.aggregate(first=Min("next_action_at"))["first"],
        "pin_entries": PinEntry.objects.aggregate(first=Min("next_action_at"))["first"],
        "incidents": Incident.objects.aggregate(first=Min("next_step_at"))["first"],
        "deliveries": Delivery.objects.aggregate(first=Min("next_action_at"))["first"],
        "invitations": Contact.objects.aggregate(first=Min("next_action_at"))["first"],
        "meetups": Meetup.objects.filter(state=MeetupState.Planned).aggregate(
            first=Min("starts_at")
        )["first"],
    }


def heartbeats() -> Mapping[str, datetime]:
    """Return when each part that others depend on last finished a round."""
    return dict(Heartbeat.objects.filter(part__in=BEATING_PARTS).values_list("part", "at"))


def list_late_parts(*, now: datetime) -> list[LatePart]:
    """Return every part that is more than 30 s behind; one never seen is late by days."""
    beats = heartbeats()
    since = {**oldest_due(), **{part: beats.get(part, now - NEVER) for part in BEATING_PARTS}}
    late = {part: now - at for part, at in since.items() if at is not None}
    return [LatePart(part, by) for part, by in late.items() if by > LATE_AFTER]


def list_findings(*, now: datetime) -> list[Finding]:
    """Return what the auditor reports: lateness, and promises that no row will keep."""
    accepted_by = now - alerts_settings().scaled(ACCEPTED_WITHIN)
    live = Incident.objects.live()
    counts = {
        "incident_without_next_step": live.filter(next_step_at=None).count(),
        "incident_without_accepted_message": live.filter(
            first_accepted_at=None, opened_at__lt=accepted_by
        ).count(),
        "timer_without_next_action": CheckInTimer.objects.open()
        .filter(next_action_at=None)
        .count(),
        "delivery_stuck": Delivery.objects.filter(
            state=DeliveryState.Sending, next_action_at__lt=now - LATE_AFTER
        ).count(),
    }
    late = [Finding(f"{part.part}_late", 1) for part in list_late_parts(now=now)]
    return late + [Finding(code, count) for code, count in counts.items() if count]


def count_due(*, now: datetime) -> Mapping[str, int]:
    """Return how many rows of each kind wait to be carried out."""
    return {
        "timers": CheckInTimer.objects.due(now).count(),
        "pin_entries": PinEntry.objects.due(now).count(),
        "incidents": Incident.objects.due(now).count(),
        "deliveries": Delivery.objects.due(now).count(),
    }


def count_deliveries() -> list[tuple[str, str, int]]:
    """Return channel, state and number of all deliveries that are kept."""
    counted = Delivery.objects.values_list("channel", "state").annotate(number=Count("id"))
    return sorted(counted.order_by().values_list("channel", "state", "number"))


DELAYS = """
SELECT channel, percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
    ORDER BY extract(epoch FROM settled_at - created_at))
FROM alerts_delivery
WHERE settled_at >= %s AND provider <> ''
GROUP BY channel ORDER BY channel
"""


def list_delays(*, now: datetime) -> list[tuple[str, str, float]]:
    """Return channel, quantile and seconds from queued to taken, over the last hour."""
    with connection.cursor() as cursor:
        cursor.execute(DELAYS, [now - DELAYS_OVER])
        rows = cursor.fetchall()
    return [
        (channel, quantile, seconds)
        for channel, both in rows
        for quantile, seconds in zip(("0.5", "0.99"), both, strict=True)
    ]
