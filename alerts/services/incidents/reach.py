"""Who of an incident's responders can still be told, and by what."""

from collections.abc import Sequence

from alerts.delivery.registry import is_channel_available
from alerts.domain.escalation import Audience
from alerts.domain.states import Channel
from alerts.models import Responder


def may_be_told(responder: Responder) -> bool:
    """Whether the responder wants to hear of it."""
    return responder.declined_at is None and responder.stopped_at is None


def working_channels(responder: Responder) -> list[Channel]:
    """Return the channels that have not failed for a responder, best first."""
    works = {
        Channel.Sms: responder.sms_failed_at is None,
        Channel.Voice: True,
        Channel.Email: responder.has_email and responder.email_failed_at is None,
        Channel.Push: False,
    }
    return [c for c, is_working in works.items() if is_working and is_channel_available(c)]


def can_act(responder: Responder) -> bool:
    """Whether the responder can be told and proved their number, or accepted on the page."""
    is_known = responder.is_confirmed or responder.accepted_at is not None
    return is_known and may_be_told(responder) and bool(working_channels(responder))


def is_circle_exhausted(responders: Sequence[Responder], circle: int) -> bool:
    """Whether nobody of the circle is left who could act."""
    return not any(can_act(r) for r in responders if r.circle == circle and r.is_confirmed)


def audience_of(responders: Sequence[Responder], audience: Audience) -> list[Responder]:
    """Return the confirmed responders a step is for."""
    circles = {Audience.CircleOne: {1}, Audience.CircleTwo: {2}, Audience.Everyone: {1, 2}}
    return [
        r
        for r in responders
        if r.circle in circles[audience]
        and (r.is_confirmed or r.accepted_at is not None)
        and may_be_told(r)
    ]
