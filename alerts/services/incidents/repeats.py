"""Repeats to one number keep a distance; they are delayed, never dropped."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Max
from django.db.models.functions import Coalesce

from alerts.conf import alerts_settings
from alerts.domain.escalation import REPEAT_SPACING
from alerts.domain.states import Channel, DeliveryState, Purpose
from alerts.models import Delivery
from alerts.services.outbox import Order

# What waits for the morning keeps nothing of tonight waiting.
QUEUE_HORIZON = timedelta(minutes=10)


def space_repeats(orders: Iterable[Order], *, now: datetime) -> list[Order]:
    """Return the orders, repeats moved on so that a number gets at most one text a minute."""
    orders = list(orders)
    repeats = {bytes(o.recipient_index) for o in orders if _is_limited(o) and o.recipient_index}
    last = _last_sent(repeats, before=now + QUEUE_HORIZON) if repeats else {}
    spacing = alerts_settings().scaled(REPEAT_SPACING)
    spaced = []
    for order in orders:
        index = bytes(order.recipient_index or b"")
        if _is_limited(order) and index in last:
            order = replace(order, due_at=max(order.due_at, last[index] + spacing))  # noqa: PLW2901
        if order.channel is Channel.Sms:
            last[index] = max(order.due_at, last.get(index, order.due_at))
        spaced.append(order)
    return spaced


def _is_limited(order: Order) -> bool:
    return order.purpose is Purpose.Repeat and order.channel is Channel.Sms


def _last_sent(indexes: set[bytes], *, before: datetime) -> dict[bytes, datetime]:
    rows = (
        Delivery.objects.filter(
            recipient_index__in=indexes,
            channel=Channel.Sms,
            purpose__in=[Purpose.Alert, Purpose.Repeat],
        )
        .exclude(state=DeliveryState.Cancelled)
        .annotate(leaves_at=Coalesce("first_sent_at", "next_action_at", "created_at"))
        .filter(leaves_at__lt=before)
        .values("recipient_index")
        .annotate(last=Max("leaves_at"))
    )
    return {bytes(row["recipient_index"] or b""): row["last"] for row in rows}
