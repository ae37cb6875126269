"""What one step of a plan sends to each responder."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from alerts.delivery.registry import is_channel_available
from alerts.domain.escalation import Audience, Means, Step
from alerts.domain.states import Channel, Purpose
from alerts.domain.texts import TextId
from alerts.models import Incident, Responder
from alerts.services.incidents.orders import order_for
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
            yield order_for(
                incident,
                responder,
                step.text,
                reason=f"v{incident.plan_version}:step{number}",
                purpose=Purpose.Alert if step.means is Means.Message else Purpose.Repeat,
                channel=channel,
                due_at=now,
                plan_step=number,
                comes_later=place > 0,
            )
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


def _orders_for_unconfirmed(
    incident: Incident, responders: Iterable[Responder], *, now: datetime
) -> Iterator[Order]:
    """Yield one neutral text, once, for each who never answered the invitation."""
    if not is_channel_available(Channel.Sms):
        return
    for responder in responders:
        if responder.is_confirmed or responder.accepted_at or not may_be_told(responder):
            continue
        yield order_for(
            incident,
            responder,
            TextId.AlertInvited,
            reason="unconfirmed",
            purpose=Purpose.Alert,
            due_at=now,
            comes_later=True,
        )
