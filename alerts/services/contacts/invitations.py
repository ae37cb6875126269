"""Invitations and proofs of numbers: sent, reminded, lapsed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alerts.domain.contacts import ANSWERABLE_STATES, PROVEN_STATES
from alerts.domain.errors import DrillNotPossible, InvitationNotPossible, NotFound
from alerts.domain.events import EventKind
from alerts.domain.states import CONTACT_MOVES, ContactState, MeetupState, ensure_move
from alerts.domain.texts import TextId
from alerts.models import Contact, Meetup, User
from alerts.sealing.digests import index_digest
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import get_contact
from alerts.services.contacts.texts import text_contact
from alerts.services.links import create_links, expire_links, revoke_links
from alerts.services.quotas import use_quota
from alerts.services.sweeps import sweep
from alerts.services.timeline import record_event

REMINDER_AFTER = timedelta(hours=48)
PROOF_AGAIN_AFTER = timedelta(hours=24)
LAPSE_AFTER = timedelta(days=7)
RETRY_AFTER = timedelta(minutes=5)
DAY = timedelta(days=1)
INVITATIONS_PER_DAY = 3
DRILLS_PER_DAY = 3


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


def invite_contact(
    *, owner: User, contact_id: UUID, by_service: bool = True, now: datetime
) -> Contact:
    """Send the invitation once; a lapsed one is opened again, with a new link.

    Raises InvitationNotPossible once the service has written or the contact has answered, and
    QuotaExceeded when too many have invited this number today.
    """
    contact = get_contact(owner=owner, contact_id=contact_id)
    _ensure_invitable(contact)
    if by_service:
        use_number_quota("invitation", contact, limit=INVITATIONS_PER_DAY, now=now)
    return _invite(contact_id=contact_id, by_service=by_service, now=now)


def send_drill(*, owner: User, contact_id: UUID, now: datetime) -> None:
    """Send a text that says it is a test, or raise DrillNotPossible, QuotaExceeded.

    None while an alert is shown to the owner: it says that all is well.
    """
    contact = get_contact(owner=owner, contact_id=contact_id)
    is_alerting = Meetup.objects.filter(owner=owner, state=MeetupState.Alerting).exists()
    if contact.state not in PROVEN_STATES or is_alerting:
        raise DrillNotPossible
    use_number_quota("drill", contact, limit=DRILLS_PER_DAY, now=now)
    _drill(contact, now=now)


@transaction.atomic
def _invite(*, contact_id: UUID, by_service: bool, now: datetime) -> Contact:
    contact = lock_contact(contact_id)
    _ensure_invitable(contact)
    if contact.state == ContactState.Lapsed:
        _open_again(contact, now=now)
    if by_service:
        _write_invitation(contact, now=now)
    contact.save()
    return contact


@transaction.atomic
def _drill(contact: Contact, *, now: datetime) -> None:
    text_contact(contact, TextId.Drill, reason=f"S18:{now.isoformat()}", now=now)
    record_event(
        EventKind.ContactDrilled, now=now, user_id=contact.owner_id, contact_id=str(contact.pk)
    )


def use_number_quota(kind: str, contact: Contact, *, limit: int, now: datetime) -> None:
    """Count by the number alone: somebody whom many invite is not flooded either."""
    digest = index_digest(kind, bytes(contact.phone_index).hex())
    use_quota(kind=kind, subject_digest=digest, limit=limit, window=DAY, now=now)


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

    def carry_out(due: QuerySet[Contact]) -> int:
        return _carry_out(due, now=now)

    def degrade(contact_id: UUID) -> None:
        Contact.objects.filter(pk=contact_id).update(next_action_at=now + RETRY_AFTER)

    due = Contact.objects.due(now).order_by("next_action_at")
    return sweep(due, limit=limit, carry_out=carry_out, degrade=degrade)


@transaction.atomic
def _carry_out(due: QuerySet[Contact], *, now: datetime) -> int:
    contacts = list(due.select_for_update(skip_locked=True, no_key=True))
    for contact in contacts:
        _carry_out_one(contact, now=now)
        contact.next_action_at = next_action_of(contact)
        contact.save()
    return len(contacts)


def _carry_out_one(contact: Contact, *, now: datetime) -> None:
    if contact.lapses_at is None or contact.lapses_at <= now:
        _let_lapse(contact, now=now)
    elif contact.state == ContactState.Invited:
        contact.reminded_at = now
        _text_invitation(contact, reason="reminder", now=now)
    elif contact.state == ContactState.Accepted:
        contact.proof_repeated_at = now
        send_proof(contact, reason="again", now=now)


def _ensure_invitable(contact: Contact) -> None:
    is_new = contact.state == ContactState.Invited and contact.invited_by_service_at is None
    if not is_new and contact.state != ContactState.Lapsed:
        raise InvitationNotPossible


def _repeat_due(contact: Contact) -> datetime | None:
    """Return when the one reminder, or the one repeat of the proof, is due."""
    if contact.state == ContactState.Invited:
        sent_at, is_repeated = contact.invited_by_service_at, contact.reminded_at is not None
        wait = REMINDER_AFTER
    else:
        sent_at, is_repeated = contact.proof_sent_at, contact.proof_repeated_at is not None
        wait = PROOF_AGAIN_AFTER
    return None if sent_at is None or is_repeated else sent_at + wait


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


def _text_invitation(contact: Contact, *, reason: str, now: datetime) -> None:
    key = f"S02:i{contact.invitation_version}:{reason}"
    text_contact(contact, TextId.InviteByService, reason=key, now=now)
