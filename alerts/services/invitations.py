"""Invitations and proofs of numbers: sent, reminded, lapsed."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts.domain.contacts import ANSWERABLE_STATES, PROVEN_STATES
from alerts.domain.errors import DrillNotPossible, InvitationNotPossible, NotFound
from alerts.domain.events import EventKind
from alerts.domain.states import CONTACT_MOVES, ContactState, MeetupState, ensure_move
from alerts.domain.texts import TextId
from alerts.models import Contact, Meetup, User
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import get_contact, has_refused
from alerts.services.contact_texts import text_contact
from alerts.services.links import create_links, expire_links, revoke_links
from alerts.services.timeline import record_event

logger = logging.getLogger(__name__)

REMINDER_AFTER = timedelta(hours=48)
PROOF_AGAIN_AFTER = timedelta(hours=24)
LAPSE_AFTER = timedelta(days=7)
RETRY_AFTER = timedelta(minutes=5)


def lock_contact(contact_id: UUID) -> Contact:
    """Return the contact, locked until the transaction ends, with data key and owner; or NotFound.

    Not its key: senders write rows that refer to it meanwhile.
    """
    contact = (
        Contact.objects.select_for_update(no_key=True, of=("self",))
        .select_related("data_key", "owner")
        .filter(pk=contact_id)
        .first()
    )
    if contact is None:
        raise NotFound
    return contact


def open_invitation(contact: Contact, *, now: datetime) -> None:
    """Make the present version of the invitation valid for seven days; saving is the caller's."""
    contact.state = ContactState.Invited
    contact.invited_by_service_at = None
    contact.reminded_at = None
    contact.lapses_at = now + LAPSE_AFTER
    contact.next_action_at = next_action_of(contact)
    create_links(
        LinkPurpose.Invitation,
        [contact.pk],
        now=now,
        version=contact.invitation_version,
        expires_at=contact.lapses_at,
    )


@transaction.atomic
def invite_contact(
    *, owner: User, contact_id: UUID, by_service: bool = True, now: datetime
) -> Contact:
    """Send the invitation once; a lapsed one is opened again, with a new link.

    Raises InvitationNotPossible once the service has written or the contact has answered.
    """
    get_contact(owner=owner, contact_id=contact_id)
    contact = lock_contact(contact_id)
    if contact.state == ContactState.Lapsed:
        _open_again(contact, now=now)
    if contact.state != ContactState.Invited or contact.invited_by_service_at is not None:
        raise InvitationNotPossible
    if has_refused(owner_id=owner.pk, phone_index=bytes(contact.phone_index)):
        raise InvitationNotPossible
    if by_service:
        _write_invitation(contact, now=now)
    contact.save()
    return contact


@transaction.atomic
def send_drill(*, owner: User, contact_id: UUID, now: datetime) -> None:
    """Send a text that says it is a test, or raise DrillNotPossible.

    None while an alert is shown to the owner: it says that all is well.
    """
    contact = get_contact(owner=owner, contact_id=contact_id)
    is_alerting = Meetup.objects.filter(owner=owner, state=MeetupState.Alerting).exists()
    if contact.state not in PROVEN_STATES or is_alerting:
        raise DrillNotPossible
    text_contact(contact, TextId.Drill, reason=f"S18:{now.isoformat()}", now=now)
    record_event(EventKind.ContactDrilled, now=now, user_id=owner.pk, contact_id=str(contact.pk))


def send_proof(contact: Contact, *, reason: str, now: datetime) -> None:
    """Queue the text whose link alone shows that the number is this contact's."""
    key = f"S03:i{contact.invitation_version}:p{contact.proof_version}:{reason}"
    text_contact(contact, TextId.ProveNumber, reason=key, now=now)


def next_action_of(contact: Contact) -> datetime | None:
    """Return when something is next to be done for a contact who has not confirmed."""
    if contact.state not in ANSWERABLE_STATES or contact.lapses_at is None:
        return None
    repeat_at = _repeat_due(contact)
    return min(repeat_at, contact.lapses_at) if repeat_at else contact.lapses_at


def run_due_invitations(*, now: datetime, limit: int = 100) -> int:
    """Remind, send the proof again, let lapse: whatever is due; return how many were."""
    due = Contact.objects.due(now).order_by("next_action_at").values_list("pk", flat=True)
    return sum(_run_or_postpone(contact_id, now=now) for contact_id in due[:limit])


def _run_or_postpone(contact_id: UUID, *, now: datetime) -> bool:
    try:
        return _run_due(contact_id, now=now)
    except Exception:
        logger.exception("the invitation of contact %s failed; it is tried again", contact_id)
        Contact.objects.filter(pk=contact_id).update(next_action_at=now + RETRY_AFTER)
        return False


@transaction.atomic
def _run_due(contact_id: UUID, *, now: datetime) -> bool:
    """Carry out what is due for one contact, unless another watcher is at it."""
    contact = (
        Contact.objects.due(now)
        .select_for_update(skip_locked=True, no_key=True)
        .filter(pk=contact_id)
        .first()
    )
    if contact is None:
        return False
    if contact.lapses_at is None or contact.lapses_at <= now:
        _let_lapse(contact, now=now)
    elif contact.state == ContactState.Invited:
        _write_reminder(contact, now=now)
    elif contact.state == ContactState.Accepted:
        contact.proof_repeated_at = now
        send_proof(contact, reason="again", now=now)
    contact.next_action_at = next_action_of(contact)
    contact.save()
    return True


def _repeat_due(contact: Contact) -> datetime | None:
    """Return when the one reminder, or the one repeat of the proof, is due."""
    if contact.state == ContactState.Invited:
        is_open = contact.invited_by_service_at is not None and contact.reminded_at is None
        return contact.invited_by_service_at + REMINDER_AFTER if is_open else None
    is_open = contact.proof_sent_at is not None and contact.proof_repeated_at is None
    return contact.proof_sent_at + PROOF_AGAIN_AFTER if is_open else None


def _let_lapse(contact: Contact, *, now: datetime) -> None:
    contact.lapses_at = None
    if contact.state not in {ContactState.Invited, ContactState.Accepted}:
        return
    ensure_move(CONTACT_MOVES, ContactState(contact.state), ContactState.Lapsed)
    contact.state = ContactState.Lapsed
    revoke_links([contact.pk], now=now, purpose=LinkPurpose.Invitation)
    record_event(
        EventKind.ContactLapsed, now=now, user_id=contact.owner_id, contact_id=str(contact.pk)
    )


def _open_again(contact: Contact, *, now: datetime) -> None:
    """Invite anew after a lapse: the old link stays dead, the proof must be sent again."""
    contact.invitation_version += 1
    contact.proof_sent_at = None
    contact.proof_repeated_at = None
    open_invitation(contact, now=now)


def _write_invitation(contact: Contact, *, now: datetime) -> None:
    contact.invited_by_service_at = now
    contact.lapses_at = now + LAPSE_AFTER
    contact.next_action_at = next_action_of(contact)
    expire_links([contact.pk], at=contact.lapses_at, purpose=LinkPurpose.Invitation)
    _text_invitation(contact, reason="first", now=now)
    record_event(
        EventKind.ContactInvited, now=now, user_id=contact.owner_id, contact_id=str(contact.pk)
    )


def _write_reminder(contact: Contact, *, now: datetime) -> None:
    contact.reminded_at = now
    _text_invitation(contact, reason="reminder", now=now)


def _text_invitation(contact: Contact, *, reason: str, now: datetime) -> None:
    key = f"S02:i{contact.invitation_version}:{reason}"
    text_contact(contact, TextId.InviteByService, reason=key, now=now)
