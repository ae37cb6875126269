"""What follows when a message did not leave, or did not arrive."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts.domain.events import EventKind
from alerts.domain.states import Channel, Purpose
from alerts.models import Delivery, Responder, SignInCode
from alerts.services.contacts.consent import mark_unreachable
from alerts.services.incidents.escalation import fall_back
from alerts.services.sending.trouble import report_trouble
from alerts.services.timeline import record_event

logger = logging.getLogger(__name__)

FAILED_COLUMNS = {Channel.Sms: "sms_failed_at", Channel.Email: "email_failed_at"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery that failed for now, or for good (`is_final`).

    `is_channel_dead` says that this channel will not reach the person any more; unless the operator
    has to be told, the person or their number is the cause. After a repeated failure the next
    channel has had its turn already.
    """

    delivery: Delivery
    code: str
    tell_operator: bool = False
    is_final: bool = False
    is_channel_dead: bool = False
    is_repeated: bool = False


def note_failures(failures: Iterable[Failure], *, now: datetime) -> None:
    """Mark dead channels, queue the next channel, tell the operator what is theirs to repair.

    It is called in the transaction that settles the deliveries, so that no consequence is lost.
    """
    failures = list(failures)
    for failure in failures:
        delivery = failure.delivery
        logger.warning("delivery %s: %s failed, %s", delivery.pk, delivery.channel, failure.code)
        if failure.is_channel_dead:
            _mark_channel_dead(failure, now=now)
        if delivery.incident_id and delivery.responder_id and not failure.is_repeated:
            fall_back(delivery_id=delivery.pk, now=now)
    _forget_codes([failure.delivery for failure in failures if failure.is_final])
    report_trouble({failure.code for failure in failures if failure.tell_operator}, now=now)


def _mark_channel_dead(failure: Failure, *, now: datetime) -> None:
    """Remember that a channel does not reach somebody: for this incident, and for planning."""
    delivery = failure.delivery
    column = FAILED_COLUMNS.get(Channel(delivery.channel))
    if delivery.responder_id and column:
        Responder.objects.filter(pk=delivery.responder_id).update(**{column: now})
        record_event(
            EventKind.ChannelFailed,
            now=now,
            incident_id=delivery.incident_id,
            responder_id=delivery.responder_id,
            channel=delivery.channel,
            code=failure.code,
        )
    contact_id = delivery.contact_id
    if delivery.responder is not None:
        contact_id = delivery.responder.contact_id
    if _is_hidden_from_owner(delivery, now=now):
        return
    if contact_id and delivery.channel == Channel.Sms and not failure.tell_operator:
        mark_unreachable(contact_id=contact_id, now=now)


def _is_hidden_from_owner(delivery: Delivery, *, now: datetime) -> bool:
    """Whether the owner must not learn by a contact's state that this message was sent at all.

    Of what ends an incident neither: after a forced code it is not sent.
    """
    if delivery.incident is None:
        return False
    silent_since = delivery.incident.silent_since
    is_silent = silent_since is not None and (delivery.first_sent_at or now) >= silent_since
    return is_silent or delivery.purpose == Purpose.StandDown


def _forget_codes(deliveries: list[Delivery]) -> None:
    codes = [delivery.sign_in_code_id for delivery in deliveries if delivery.sign_in_code_id]
    if codes:
        SignInCode.objects.filter(pk__in=codes).update(sealed_digits=None)
