"""Texts to contacts about their role, and to the owner when one is lost."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from alerts.domain.events import EventKind
from alerts.domain.states import (
    LIVE_INCIDENT_STATES,
    RUNNING_MEETUP_STATES,
    ContactState,
    DeliveryState,
    Purpose,
    Trigger,
)
from alerts.domain.texts import TextId, sms_text
from alerts.models import Contact, Delivery, Meetup, OwnerIncident, Responder, User
from alerts.services.outbox import Order, enqueue
from alerts.services.timeline import record_event

# Whoever taps to and fro on a page makes one text in ten minutes, not one a tap.
NOTICE_BUCKET = len("2026-11-21T22:4")


def text_contact(contact: Contact, text: TextId, *, reason: str, now: datetime) -> None:
    """Queue one text to a contact; the same reason again changes nothing."""
    order = Order(
        dedupe_key=f"contact:{contact.pk}:{reason}",
        text=text,
        purpose=sms_text(text).purpose,
        due_at=now,
        contact_id=contact.pk,
        recipient_index=bytes(contact.phone_index),
    )
    enqueue([order], now=now)


def cancel_queued_texts(contact: Contact, *, now: datetime) -> None:
    """Take back what has not left yet: it would reach a number or a person it is not meant for."""
    Delivery.objects.filter(contact=contact, state=DeliveryState.Queued).update(
        state=DeliveryState.Cancelled, next_action_at=None, settled_at=now
    )


def tell_owner(
    *, owner_id: UUID, contact_id: UUID, reason: str, now: datetime, is_own_doing: bool = False
) -> None:
    """Queue the neutral "a setting needs a look", unless the owner's phone must keep quiet.

    It must after an SOS, and where the contact answers to an alert that nobody may know of; what
    the owner does gets the same text as ever.
    """
    if OwnerIncident.objects.filter(
        owner_id=owner_id, trigger=Trigger.Sos, resolved_at__isnull=True
    ).exists():
        return
    if not is_own_doing and _answers_to_hidden_alert(contact_id):
        return
    phone_index = User.objects.values_list("phone_index", flat=True).get(pk=owner_id)
    order = Order(
        dedupe_key=f"contact:{contact_id}:S23:{reason}:{bucket_of(now)}",
        text=TextId.OwnerSetting,
        purpose=Purpose.Notice,
        due_at=now,
        user_id=owner_id,
        recipient_index=bytes(phone_index),
    )
    enqueue([order], now=now)


def _answers_to_hidden_alert(contact_id: UUID) -> bool:
    return Responder.objects.filter(
        contact_id_at_opening=contact_id,
        incident__silent_since__isnull=False,
        incident__state__in=LIVE_INCIDENT_STATES,
    ).exists()


def meetups_counting_on(contact: Contact) -> list[UUID]:
    """Return the running meetups that count on a confirmed contact; ask before changing it."""
    if contact.state != ContactState.Confirmed:
        return []
    return list(
        Meetup.objects.filter(
            meetup_contacts__contact=contact, state__in=RUNNING_MEETUP_STATES
        ).values_list("pk", flat=True)
    )


def note_lost_contact(
    *,
    owner_id: UUID,
    contact_id: UUID,
    meetup_ids: Iterable[UUID],
    now: datetime,
    is_own_doing: bool = False,
) -> None:
    """Tell the owner of each running meetup that no confirmed contact is left for."""
    without_contact = Meetup.objects.filter(
        pk__in=list(meetup_ids), state__in=RUNNING_MEETUP_STATES
    ).exclude(meetup_contacts__contact__state=ContactState.Confirmed)
    for meetup_id in without_contact.values_list("pk", flat=True):
        record_event(EventKind.NoReachableContact, now=now, user_id=owner_id, meetup_id=meetup_id)
        tell_owner(
            owner_id=owner_id,
            contact_id=contact_id,
            reason="lost",
            now=now,
            is_own_doing=is_own_doing,
        )


def bucket_of(now: datetime) -> str:
    """Return the ten minutes an instant lies in, for keys that let one text through in each."""
    return now.isoformat()[:NOTICE_BUCKET]
