"""Messages to everybody an incident concerns: stand-downs, lapses, who acts."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from alerts.delivery.registry import is_channel_available
from alerts.domain.states import ACCEPTED_DELIVERY_STATES, Channel, DeliveryState, Purpose
from alerts.domain.texts import TextId
from alerts.models import Delivery, Incident, Responder
from alerts.services.incidents.orders import order_for
from alerts.services.outbox import enqueue

LEFT_STATES = [*ACCEPTED_DELIVERY_STATES, DeliveryState.Sending, DeliveryState.Unknown]


def tell_everyone(
    incident: Incident,
    text: TextId,
    *,
    reason: str,
    purpose: Purpose,
    now: datetime,
    about_id: UUID | None = None,
    with_email: bool = False,
) -> None:
    """Queue one text for each responder who can act; `reason` makes it happen once."""
    responders = Responder.objects.filter(
        incident=incident, stopped_at=None, declined_at=None, is_confirmed=True
    )
    tell_responders(
        incident,
        responders,
        text,
        reason=reason,
        purpose=purpose,
        now=now,
        about_id=about_id,
        with_email=with_email,
    )


def tell_everyone_told(
    incident: Incident,
    text: TextId,
    *,
    reason: str,
    purpose: Purpose,
    now: datetime,
    about_id: UUID | None = None,
    with_declined: bool = False,
) -> None:
    """Queue one text for each responder who was told of the incident, but the one it is about."""
    responders = told_responders(incident).filter(stopped_at=None)
    if not with_declined:
        responders = responders.filter(declined_at=None)
    tell_responders(
        incident,
        responders,
        text,
        reason=reason,
        purpose=purpose,
        now=now,
        about_id=about_id,
        with_email=with_declined,
    )


def told_responders(incident: Incident) -> QuerySet[Responder]:
    """Return those to whom an alert has left, or may have."""
    alerts = Delivery.objects.filter(
        responder=OuterRef("pk"), purpose__in=[Purpose.Alert, Purpose.Repeat], state__in=LEFT_STATES
    )
    return Responder.objects.filter(Exists(alerts), incident=incident)


def cancel_queued_alerts(incident: Incident, *, purposes: list[Purpose]) -> None:
    """Take back what has not left; call it before asking who was told, so that nobody is missed."""
    Delivery.objects.filter(
        incident=incident, state=DeliveryState.Queued, purpose__in=purposes
    ).update(state=DeliveryState.Cancelled, next_action_at=None)


def tell_responders(
    incident: Incident,
    responders: QuerySet[Responder],
    text: TextId,
    *,
    reason: str,
    purpose: Purpose,
    now: datetime,
    about_id: UUID | None = None,
    with_email: bool = False,
) -> None:
    """Queue one text for each of these but the one it is about, by every written channel."""
    if about_id is not None:
        responders = responders.exclude(pk=about_id)
    enqueue(
        [
            order_for(
                incident,
                responder,
                text,
                reason=reason,
                purpose=purpose,
                channel=channel,
                due_at=now,
                about_id=about_id,
                instant=now if purpose is Purpose.StandDown else incident.due_at,
            )
            for responder in responders
            for channel in written_channels(responder, with_email=with_email)
        ],
        now=now,
    )


def written_channels(responder: Responder, *, with_email: bool) -> list[Channel]:
    """Return the written channels that work for a responder; SMS stays if nothing else does."""
    channels = [] if responder.sms_failed_at else [Channel.Sms]
    has_email = (
        responder.has_email
        and responder.email_failed_at is None
        and is_channel_available(Channel.Email)
    )
    if has_email and (with_email or not channels):
        channels.append(Channel.Email)
    return channels
