"""Telling the operator: ids only, every few minutes, not for ever."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from alerts.conf import alerts_settings
from alerts.delivery.registry import is_channel_available
from alerts.domain.escalation import OPERATOR_NOTICES, OPERATOR_PERIOD
from alerts.domain.events import EventKind
from alerts.domain.states import Channel, Purpose
from alerts.domain.texts import TextId
from alerts.models import Event, Incident
from alerts.services.outbox import Order, enqueue
from alerts.services.timeline import event


def operator_orders(reason: str, *, incident_id: UUID | None, now: datetime) -> Iterator[Order]:
    """Yield the notice on every channel on which the operator can be told."""
    operator = alerts_settings().operator
    for channel, address in ((Channel.Sms, operator.phone), (Channel.Email, operator.email)):
        if address and is_channel_available(channel):
            yield Order(
                dedupe_key=f"operator:{reason}:{channel}",
                text=TextId.OperatorNobodyTold,
                purpose=Purpose.Operator,
                channel=channel,
                due_at=now,
                incident_id=incident_id,
            )


def tell_operator(reason: str, *, incident_id: UUID | None, now: datetime) -> None:
    """Queue a notice; the same reason is told once."""
    enqueue(operator_orders(reason, incident_id=incident_id, now=now), now=now)


def tell_operator_if_due(
    incident: Incident, *, is_nobody_left: bool, now: datetime
) -> tuple[list[Order], list[Event]]:
    """Return the notices that are due for an open incident, and move on its operator clock."""
    if is_nobody_left and incident.operator_due_at is None:
        incident.operator_due_at = now
    if incident.operator_due_at is None or incident.operator_told >= OPERATOR_NOTICES:
        return [], []
    if incident.first_accepted_at is not None and not is_nobody_left:
        incident.operator_due_at = None
        return [], []
    if is_nobody_left and incident.operator_told == 0:
        incident.operator_due_at = min(incident.operator_due_at, now)
    if incident.operator_due_at > now:
        return [], []
    reason = f"incident:{incident.pk}:{incident.operator_told}"
    incident.operator_told += 1
    incident.operator_due_at = now + alerts_settings().scaled(OPERATOR_PERIOD)
    told = event(EventKind.OperatorTold, now=now, incident=incident)
    return list(operator_orders(reason, incident_id=incident.pk, now=now)), [told]
