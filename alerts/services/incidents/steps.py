"""What one step of a plan sends to each responder."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from alerts.delivery.registry import is_channel_available
from alerts.domain.escalation import Audience, Means, Step
from alerts.domain.states import Channel, Purpose
from alerts.domain.texts import TextId
from alerts.models import Incident, Responder
from alerts.services.incidents.reach import audience_of, may_be_told, working_channels
from alerts.services.outbox import Order


def orders_for_step(
    incident: Incident,
    step: Step,
    number: int,
    responders: Sequence[Responder],
    *,
    now: datetime,
) -> Iterator[Order]:
    """Yield the messages of a step; a channel that does not work is replaced by the next one."""
    for place, responder in enumerate(audience_of(responders, step.audience)):
        for channel in _channels(step, responder):
            yield _order(incident, step, number, responder, channel, place=place, now=now)
    if step.audience is Audience.CircleTwo and step.means is Means.Message:
        yield from _orders_for_unconfirmed(incident, responders, now=now)


def _channels(step: Step, responder: Responder) -> list[Channel]:
    """Return by what a responder is told: written ones together, else the one meant or the next."""
    working = working_channels(responder)
    if step.means is Means.Message:
        return [channel for channel in working if channel is not Channel.Voice] or working
    if step.means in {Means.Call, Means.CallAgain} and Channel.Voice in working:
        return [Channel.Voice]
    if step.means is Means.CallAgain:
        return []  # a pair of calls becomes one text
    return working[:1]


def _order(
    incident: Incident,
    step: Step,
    number: int,
    responder: Responder,
    channel: Channel,
    *,
    place: int,
    now: datetime,
) -> Order:
    return Order(
        dedupe_key=(
            f"incident:{incident.pk}:v{incident.plan_version}:step{number}:{responder.pk}:{channel}"
        ),
        text=step.text,
        purpose=Purpose.Alert if step.means is Means.Message else Purpose.Repeat,
        channel=channel,
        due_at=now,
        responder_id=responder.pk,
        recipient_index=bytes(responder.phone_index),
        incident_id=incident.pk,
        instant=incident.due_at,
        plan_step=number,
        comes_later=place > 0,
    )


def _orders_for_unconfirmed(
    incident: Incident, responders: Iterable[Responder], *, now: datetime
) -> Iterator[Order]:
    """Yield one neutral text, once, for each who never answered the invitation."""
    if not is_channel_available(Channel.Sms):
        return
    for responder in responders:
        if responder.is_confirmed or responder.accepted_at or not may_be_told(responder):
            continue
        yield Order(
            dedupe_key=f"incident:{incident.pk}:unconfirmed:{responder.pk}:sms",
            text=TextId.AlertInvited,
            purpose=Purpose.Alert,
            due_at=now,
            responder_id=responder.pk,
            recipient_index=bytes(responder.phone_index),
            incident_id=incident.pk,
            instant=incident.due_at,
            comes_later=True,
        )
