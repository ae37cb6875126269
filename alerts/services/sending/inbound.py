"""What people text back. A number can be forged: a text may acknowledge, but never resolve."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.domain.errors import NotPossibleNow, QuotaExceeded
from alerts.domain.replies import Keyword, Reply, read_reply
from alerts.domain.states import LIVE_INCIDENT_STATES, Purpose
from alerts.domain.texts import TextId
from alerts.models import Contact, Delivery, Responder
from alerts.sealing.digests import index_digest, phone_index
from alerts.services.contacts.consent import stop_contact
from alerts.services.incidents.responses import acknowledge_incident, decline, stop_responder
from alerts.services.outbox import Order, enqueue
from alerts.services.quotas import use_quota

logger = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(days=1)
LEAST_LEVEL_WITH_DETAILS = 1


@dataclass(frozen=True, slots=True, repr=False)
class InboundText:
    """A text as the provider passes it on. Never printed: personal."""

    reference: str
    sender: str
    body: str
    is_opt_out: bool


def receive_text(text: InboundText, *, is_two_way: bool, now: datetime) -> Keyword | None:
    """Do what a text asks for and return its keyword; the same text again changes nothing.

    A stop counts always; the rest only where the sender's number takes replies.
    """
    reply = Reply(Keyword.Stop) if text.is_opt_out else read_reply(text.body)
    if reply is None or not _is_first_time(text.reference, now=now):
        return None
    index = phone_index(text.sender)
    if reply.keyword is Keyword.Stop:
        _stop(index, now=now)
    elif is_two_way and reply.keyword in _ACTIONS:
        responder = _find_responder(index, number=reply.number)
        if responder is not None:
            _act(reply.keyword, responder, text.reference, now=now)
    return reply.keyword


def _is_first_time(reference: str, *, now: datetime) -> bool:
    """Whether this text comes for the first time: a signature carries no time of its own."""
    digest = index_digest("inbound", reference)
    try:
        use_quota(kind="inbound", subject_digest=digest, limit=1, window=REMEMBERED_FOR, now=now)
    except QuotaExceeded:
        return False
    return True


def _stop(index: bytes, *, now: datetime) -> None:
    """Stop everything for this number: each owner's contact, and incidents that outlive one."""
    for contact_id in Contact.objects.filter(phone_index=index).values_list("pk", flat=True):
        stop_contact(contact_id=contact_id, now=now)
    for responder in _responders(index):
        stop_responder(responder_id=responder.pk, now=now)


def _responders(index: bytes) -> list[Responder]:
    return list(
        Responder.objects.filter(
            phone_index=index, stopped_at=None, incident__state__in=LIVE_INCIDENT_STATES
        ).select_related("incident")
    )


def _find_responder(index: bytes, *, number: int | None) -> Responder | None:
    """Return whom a reply comes from, in the incident it names or was last told of."""
    candidates = {responder.pk: responder for responder in _responders(index)}
    if number is not None:
        named = (r for r in candidates.values() if r.incident.number == number)
        return next(named, None)
    last_told = (
        Delivery.objects.filter(responder__in=candidates, first_sent_at__isnull=False)
        .order_by("-first_sent_at")
        .values_list("responder_id", flat=True)
        .first()
    )
    return candidates[last_told] if last_told else None


def _act(keyword: Keyword, responder: Responder, reference: str, *, now: datetime) -> None:
    try:
        _ACTIONS[keyword](responder, reference, now)
    except NotPossibleNow:
        logger.info("responder %s: a reply came too late", responder.pk)


def _acknowledge(responder: Responder, _reference: str, now: datetime) -> None:
    acknowledge_incident(responder_id=responder.pk, now=now)


def _decline(responder: Responder, reference: str, now: datetime) -> None:
    decline(responder_id=responder.pk, now=now)
    _answer(responder, TextId.CannotAct, Purpose.Notice, reference, now=now)


def _repeat_details(responder: Responder, reference: str, now: datetime) -> None:
    """Send place and position to those who may know them, to others the link again."""
    is_trusted = responder.is_confirmed or responder.accepted_at is not None
    text = TextId.DetailsWithoutWeb
    if not is_trusted or responder.disclosure_level < LEAST_LEVEL_WITH_DETAILS:
        text = TextId.AlertInvited if not is_trusted else TextId.Repeat
    _answer(responder, text, Purpose.Alert, reference, now=now)


def _answer(
    responder: Responder, text: TextId, purpose: Purpose, reference: str, *, now: datetime
) -> None:
    order = Order(
        dedupe_key=f"reply:{index_digest('inbound', reference).hex()}:{text}",
        text=text,
        purpose=purpose,
        due_at=now,
        responder_id=responder.pk,
        recipient_index=bytes(responder.phone_index),
        incident_id=responder.incident_id,
    )
    enqueue([order], now=now)


_ACTIONS: Mapping[Keyword, Callable[[Responder, str, datetime], None]] = {
    Keyword.Acknowledge: _acknowledge,
    Keyword.Decline: _decline,
    Keyword.Details: _repeat_details,
}
