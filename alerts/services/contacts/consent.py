"""What a contact does by their own links: accept, refuse, prove the number, stop, come back.

Two links lead here. The invitation's may have been seen by anybody, so it can accept or refuse and
nothing else; only the link inside a text to the stored number shows that the number is theirs.
"""

import secrets
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.db import transaction

from alerts.domain.contacts import ANSWERABLE_STATES, PROVEN_STATES, ContactProfile
from alerts.domain.errors import NotFound, NotPossibleNow
from alerts.domain.events import EventKind
from alerts.domain.states import (
    CONTACT_MOVES,
    LIVE_INCIDENT_STATES,
    ContactState,
    ensure_move,
)
from alerts.domain.texts import TextId, pick_trust_word
from alerts.models import Contact, Responder
from alerts.models.sealed import seal_column
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token, open_profile
from alerts.selectors.links import find_link_subject
from alerts.services.contacts.invitations import (
    LAPSE_AFTER,
    lock_contact,
    next_action_of,
    send_proof,
    use_number_quota,
)
from alerts.services.contacts.texts import (
    bucket_of,
    cancel_queued_texts,
    meetups_counting_on,
    note_lost_contact,
    tell_owner,
    text_contact,
)
from alerts.services.incidents.responses import accept_role, refuse_role, stop_responder
from alerts.services.links import create_links
from alerts.services.timeline import record_event

PROOFS_PER_DAY = 5


def accept_invitation(*, token: str, now: datetime) -> Contact:
    """Record the yes, agree on a trust word, send the proof; said twice, nothing changes.

    Raises NotFound, NotPossibleNow, and QuotaExceeded: whoever adds and accepts over and over must
    not have somebody's number texted each time.
    """
    contact_id = find_contact_id(LinkPurpose.Invitation, token, now=now)
    invited = Contact.objects.filter(pk=contact_id, state=ContactState.Invited).first()
    if invited is not None:
        use_number_quota("proof", invited, limit=PROOFS_PER_DAY, now=now)
    return _accept(token=token, now=now)


@transaction.atomic
def _accept(*, token: str, now: datetime) -> Contact:
    contact = lock_by_link(LinkPurpose.Invitation, token, now=now)
    if contact.state == ContactState.Accepted:
        return contact
    if contact.state != ContactState.Invited:
        raise NotPossibleNow
    _take_yes(contact, now=now)
    return contact


def _take_yes(contact: Contact, *, now: datetime) -> None:
    cancel_queued_texts(contact, now=now)
    _agree_on_trust_word(contact)
    contact.state = ContactState.Accepted
    contact.proof_sent_at = now
    contact.proof_repeated_at = None
    contact.lapses_at = now + LAPSE_AFTER
    contact.next_action_at = next_action_of(contact)
    contact.save()
    create_links(LinkPurpose.Contact, [contact.pk], now=now, version=contact.proof_version)
    send_proof(contact, reason="first", now=now)
    _record(EventKind.ContactAccepted, contact, now=now)


@transaction.atomic
def refuse_invitation(*, token: str, now: datetime) -> Contact:
    """Record the no: nothing is ever sent, and the owner is told; said twice, nothing changes."""
    contact = lock_by_link(LinkPurpose.Invitation, token, now=now)
    if contact.state == ContactState.Refused:
        return contact
    if contact.state not in ANSWERABLE_STATES:
        raise NotPossibleNow
    _leave(contact, ContactState.Refused, EventKind.ContactRefused, now=now)
    return contact


@transaction.atomic
def confirm_number(*, token: str, now: datetime) -> Contact:
    """Record that a text arrived: the number is theirs. Raises NotPossibleNow before a yes."""
    contact = lock_by_link(LinkPurpose.Contact, token, now=now)
    if contact.state not in {ContactState.Accepted, *PROVEN_STATES}:
        raise NotPossibleNow
    is_news = contact.state != ContactState.Confirmed
    _confirm(contact, now=now)
    if is_news:
        _record(EventKind.ContactConfirmed, contact, now=now)
    return contact


@transaction.atomic
def stop_by_link(*, token: str, now: datetime) -> Contact:
    """Stop everything about this owner for the holder of the number; can be undone."""
    silence_contact(find_contact_id(LinkPurpose.Contact, token, now=now), now=now)
    contact = lock_by_link(LinkPurpose.Contact, token, now=now)
    _stop(contact, now=now)
    return contact


@transaction.atomic
def stop_contact(*, contact_id: UUID, now: datetime) -> Contact:
    """Stop everything for a contact who said so by a way that shows the number is theirs."""
    silence_contact(contact_id, now=now)
    contact = lock_contact(contact_id)
    _stop(contact, now=now)
    return contact


@transaction.atomic
def stop_from_alert(*, responder_id: UUID, now: datetime) -> None:
    """Stop everything for whoever said so on an alert page: its link was sent to their number."""
    stop_responder(responder_id=responder_id, now=now)
    contact_id = _contact_id_of(responder_id)
    if contact_id is not None:
        stop_contact(contact_id=contact_id, now=now)


@transaction.atomic
def accept_from_alert(*, responder_id: UUID, now: datetime) -> None:
    """Record the yes of somebody who had not answered the invitation when an alert came."""
    accept_role(responder_id=responder_id, now=now)
    contact_id = _contact_id_of(responder_id)
    if contact_id is None:
        return
    contact = lock_contact(contact_id)
    if contact.state == ContactState.Invited:
        _take_yes(contact, now=now)


@transaction.atomic
def refuse_from_alert(*, responder_id: UUID, now: datetime) -> None:
    """Record the no of somebody who had not answered the invitation when an alert came."""
    refuse_role(responder_id=responder_id, now=now)
    contact_id = _contact_id_of(responder_id)
    if contact_id is None:
        return
    contact = lock_contact(contact_id)
    if contact.state in ANSWERABLE_STATES:
        _leave(contact, ContactState.Refused, EventKind.ContactRefused, now=now)


@transaction.atomic
def undo_stop(*, token: str, now: datetime) -> Contact:
    """Take a stop back: the only way from `stopped` to `confirmed`."""
    contact = lock_by_link(LinkPurpose.Contact, token, now=now)
    if contact.state == ContactState.Confirmed:
        return contact
    if contact.state != ContactState.Stopped:
        raise NotPossibleNow
    if open_profile(contact).trust_word is None:  # stopped before a yes
        _agree_on_trust_word(contact)
    _confirm(contact, now=now)
    _speak_again(contact)
    _record(EventKind.ContactStopUndone, contact, now=now)
    return contact


@transaction.atomic
def mark_unreachable(*, contact_id: UUID, now: datetime) -> None:
    """Record that the last text was rejected for good; the owner is told."""
    try:
        contact = lock_contact(contact_id)
    except NotFound:
        return  # deleted since the text was sent
    if contact.state == ContactState.Confirmed:
        meetup_ids = meetups_counting_on(contact)
        contact.state = ContactState.Unreachable
        contact.save(update_fields=["state"])
        _note_lost(contact, meetup_ids, now=now)
    elif contact.state not in ANSWERABLE_STATES:
        return
    _record(EventKind.ContactUnreachable, contact, now=now)
    tell_owner(owner_id=contact.owner_id, contact_id=contact.pk, reason="unreachable", now=now)


def find_contact_id(purpose: LinkPurpose, token: str, *, now: datetime) -> UUID:
    """Return whom a valid link of this purpose leads to, or raise NotFound."""
    contact_id = find_link_subject(purpose, token, now=now)
    if contact_id is None:
        raise NotFound
    return contact_id


def lock_by_link(purpose: LinkPurpose, token: str, *, now: datetime) -> Contact:
    """Return the contact a valid link of this purpose leads to, locked; or raise NotFound.

    The version is compared under the lock: a link revoked a moment ago opens nothing.
    """
    contact = lock_contact(find_contact_id(purpose, token, now=now))
    if not compare_digest(current_token(purpose, contact).encode(), token.encode()):
        raise NotFound
    return contact


def save_profile(contact: Contact, profile: ContactProfile) -> None:
    """Seal what is known of a contact and save the row."""
    seal_column(contact, "sealed_profile", profile.to_document(), key=contact.data_key)
    contact.save()


def silence_contact(contact_id: UUID, *, now: datetime) -> None:
    """Let no incident tell this contact anything more.

    To be called before the contact is locked: whoever settles a message locks incidents first.
    """
    told = Responder.objects.filter(contact_id_at_opening=contact_id, stopped_at=None)
    for responder_id in told.filter(incident__state__in=LIVE_INCIDENT_STATES).values_list(
        "pk", flat=True
    ):
        stop_responder(responder_id=responder_id, now=now)
    told.update(stopped_at=now)


def _contact_id_of(responder_id: UUID) -> UUID | None:
    """Return the contact behind a responder, None once the contact was deleted."""
    return Responder.objects.only("contact_id").get(pk=responder_id).contact_id


def _speak_again(contact: Contact) -> None:
    Responder.objects.filter(
        contact_id_at_opening=contact.pk, incident__state__in=LIVE_INCIDENT_STATES
    ).update(stopped_at=None)


def _agree_on_trust_word(contact: Contact) -> None:
    word = pick_trust_word(contact.language, secrets.choice)
    profile = open_profile(contact).but(trust_word=word)
    seal_column(contact, "sealed_profile", profile.to_document(), key=contact.data_key)


def _confirm(contact: Contact, *, now: datetime) -> None:
    if contact.state != ContactState.Confirmed:
        ensure_move(CONTACT_MOVES, ContactState(contact.state), ContactState.Confirmed)
    contact.state = ContactState.Confirmed
    contact.confirmed_at = now
    contact.lapses_at = None
    contact.next_action_at = None
    contact.save()


def _stop(contact: Contact, *, now: datetime) -> None:
    if contact.state == ContactState.Stopped:
        return
    _leave(contact, ContactState.Stopped, EventKind.ContactStopped, now=now)
    create_links(LinkPurpose.Contact, [contact.pk], now=now, version=contact.proof_version)
    text_contact(contact, TextId.Stopped, reason=f"S15:{bucket_of(now)}", now=now)


def _leave(contact: Contact, wanted: ContactState, kind: EventKind, *, now: datetime) -> None:
    """Move a contact who said no, take back what is queued, tell the owner."""
    ensure_move(CONTACT_MOVES, ContactState(contact.state), wanted)
    meetup_ids = meetups_counting_on(contact)
    cancel_queued_texts(contact, now=now)
    contact.state = wanted
    contact.lapses_at = None
    contact.next_action_at = None
    contact.save()
    _record(kind, contact, now=now)
    tell_owner(owner_id=contact.owner_id, contact_id=contact.pk, reason=wanted, now=now)
    _note_lost(contact, meetup_ids, now=now)


def _note_lost(contact: Contact, meetup_ids: list[UUID], *, now: datetime) -> None:
    note_lost_contact(
        owner_id=contact.owner_id, contact_id=contact.pk, meetup_ids=meetup_ids, now=now
    )


def _record(kind: EventKind, contact: Contact, *, now: datetime) -> None:
    record_event(kind, now=now, user_id=contact.owner_id, contact_id=str(contact.pk))
