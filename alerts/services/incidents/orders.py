"""What every message of an incident to a responder has in common."""

from datetime import datetime
from typing import Any

from alerts.domain.states import Channel, Purpose
from alerts.domain.texts import TextId
from alerts.models import Incident, Responder
from alerts.services.outbox import Order

# Who never proved their number may be whoever forced the code: no word of what is hidden.
_OPENLY = {TextId.AlertSos: TextId.AlertFirst, TextId.SosRepeat: TextId.Repeat}


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
        text=_text_for(incident, responder, text),
        purpose=purpose,
        channel=channel,
        due_at=due_at,
        responder_id=responder.pk,
        recipient_index=bytes(responder.phone_index),
        incident_id=incident.pk,
        **{"instant": incident.due_at, **more},
    )


def _text_for(incident: Incident, responder: Responder, text: str) -> str:
    is_hidden_from = incident.silent_since is not None and not responder.is_confirmed
    return _OPENLY.get(TextId(text), text) if is_hidden_from else text
