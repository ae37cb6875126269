"""What is due, and when the next thing will be."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alerts.domain.states import Channel, DeliveryState, MeetupState
from alerts.models import CheckInTimer, Contact, Delivery, Incident, Meetup, PinEntry


def next_sweep_at() -> datetime | None:
    """Return when the next row wants a sweep: perhaps already past, None if none does."""
    firsts = [
        _first(CheckInTimer.objects.all(), "next_action_at"),
        _first(PinEntry.objects.all(), "next_action_at"),
        _first(Incident.objects.all(), "next_step_at"),
        _first(Contact.objects.all(), "next_action_at"),
        _first(Meetup.objects.filter(state=MeetupState.Planned), "starts_at"),
    ]
    return min(firsts[0].union(*firsts[1:], all=True), default=None)


def next_delivery_at(channels: Collection[Channel]) -> datetime | None:
    """Return when the next message by one of these channels is due, None if there is none."""
    waiting = Delivery.objects.filter(next_action_at__isnull=False, channel__in=channels)
    return waiting.order_by("next_action_at").values_list("next_action_at", flat=True).first()


def list_overflow(
    *, now: datetime, channels: Collection[Channel], skip: int, limit: int
) -> list[UUID]:
    """Return queued deliveries that are due beyond the first `skip`, which one sender will take."""
    due = Delivery.objects.due(now).filter(state=DeliveryState.Queued, channel__in=channels)
    return list(due.values_list("pk", flat=True)[skip : skip + limit])


def _first(rows: QuerySet[Any], column: str) -> QuerySet[Any, Any]:
    waiting = rows.filter(**{f"{column}__isnull": False}).order_by(column)
    return waiting.values_list(column, flat=True)[:1]
