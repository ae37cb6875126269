"""What every message of an incident to a responder has in common."""

from datetime import datetime
from typing import Any

from alerts.domain.states import Channel, Purpose
from alerts.models import Incident, Responder
from alerts.services.outbox import Order


def order_for(
    incident: Incident,
    responder: Responder,
    text: str,
    *,
    reason: str,
    purpose: Purpose,
    due_at: datetime,
    channel: Channel = Channel.Sms,
    **more: Any,  # noqa: ANN401 - further columns of the order
) -> Order:
    """Return one message; the reason makes it happen once to this responder on this channel."""
    return Order(
        dedupe_key=f"incident:{incident.pk}:{reason}:{responder.pk}:{channel}",
        text=text,
        purpose=purpose,
        channel=channel,
        due_at=due_at,
        responder_id=responder.pk,
        recipient_index=bytes(responder.phone_index),
        incident_id=incident.pk,
        **{"instant": incident.due_at, **more},
    )
