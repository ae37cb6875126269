"""What an owner does with trusted contacts: add, change, delete."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction

from alerts.domain.contacts import ENDED_STATES, MOST_CONTACTS, ContactProfile, clean_name
from alerts.domain.errors import DuplicateContact, FieldError, InvalidInput, TooManyContacts
from alerts.domain.events import EventKind
from alerts.domain.phone_numbers import PhoneNumber
from alerts.domain.states import CONTACT_MOVES, ContactState, ensure_move
from alerts.models import Contact, User
from alerts.models.sealed import create_data_key, open_column, seal_column
from alerts.sealing.digests import phone_index
from alerts.sealing.pins import PinVerdict
from alerts.selectors.contacts import get_contact, read_profile
from alerts.services.contacts.checks import (
    at_phone,
    enter_pin_for,
    lock_owner,
    read_number,
    record_verdict,
    refuse_number,
    use_adding_quota,
    verdict_kept,
)
from alerts.services.contacts.data import remember_refusal, remove_contact
from alerts.services.contacts.invitations import lock_contact, open_invitation
from alerts.services.contacts.texts import (
    cancel_queued_texts,
    meetups_counting_on,
    note_lost_contact,
)
from alerts.services.deletions import begun_again
from alerts.services.links import revoke_links
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewContact:
    """What an owner says of somebody to be told; without alias the owner's own name is taken."""

    name: str
    phone: str
    email: str | None = None
    language: str = "fr"
    circle: int = 1
    disclosure_level: int = 1
    owner_alias: str | None = None
    shows_owner_phone: bool = False


class ContactChanges(TypedDict, total=False):
    """What is to be different; what is absent stays."""

    name: str
    phone: str
    email: str | None
    language: str
    circle: int
    disclosure_level: int
    owner_alias: str
    shows_owner_phone: bool


def create_contact(*, owner: User, entry: NewContact, now: datetime) -> Contact:
    """Add a contact with an invitation that is valid for seven days; nothing is sent yet.

    Raises LatinFormRequired, ImpossiblePhone, OwnNumber, StrangersNumber, NumberRefused,
    DuplicateContact, TooManyContacts, QuotaExceeded.
    """
    profile, number = _read_entry(owner, entry)
    use_adding_quota(owner, number, now=now)
    return _create(owner=owner, entry=entry, profile=profile, number=number, now=now)


def update_contact(
    *, owner: User, contact_id: UUID, changes: ContactChanges, pin: str | None, now: datetime
) -> Contact:
    """Change a contact; a new number starts again from the invitation.

    What weakens protection takes the PIN while a meetup is not ended. Raises what `create_contact`
    and `enter_pin` do, and NotFound.
    """
    get_contact(owner=owner, contact_id=contact_id)
    verdict = enter_pin_for(owner=owner, weakens=False, pin=pin, now=now)
    with verdict_kept(owner=owner, verdict=verdict, action=PinAction.ChangeContact, now=now):
        if "phone" in changes:
            use_adding_quota(owner, read_number(owner, changes["phone"]), now=now)
        return _change(
            owner=owner, contact_id=contact_id, changes=changes, verdict=verdict, now=now
        )


def delete_contact(*, owner: User, contact_id: UUID, pin: str | None, now: datetime) -> None:
    """Delete a contact and the key of their data; takes the PIN while a meetup is not ended."""
    get_contact(owner=owner, contact_id=contact_id)
    verdict = enter_pin_for(owner=owner, weakens=True, pin=pin, now=now)
    with verdict_kept(owner=owner, verdict=verdict, action=PinAction.DeleteContact, now=now):
        _delete(owner=owner, contact_id=contact_id, verdict=verdict, now=now)


@transaction.atomic
def _create(
    *, owner: User, entry: NewContact, profile: ContactProfile, number: PhoneNumber, now: datetime
) -> Contact:
    lock_owner(owner)
    if Contact.objects.filter(owner=owner).count() >= MOST_CONTACTS:
        raise TooManyContacts
    refuse_number(owner, number)
    contact = Contact(
        owner=owner,
        data_key=create_data_key(now=now),
        phone_index=phone_index(number.e164),
        language=entry.language,
        country=number.country,
        circle=entry.circle,
        disclosure_level=entry.disclosure_level,
        shows_owner_phone=entry.shows_owner_phone,
        created_at=now,
    )
    seal_column(contact, "sealed_profile", profile.to_document(), key=contact.data_key)
    open_invitation(contact, now=now)
    _store(contact, is_new=True)
    _record(EventKind.ContactAdded, contact, now=now)
    return contact


@transaction.atomic
def _change(
    *,
    owner: User,
    contact_id: UUID,
    changes: ContactChanges,
    verdict: PinVerdict | None,
    now: datetime,
) -> Contact:
    lock_owner(owner)
    contact = lock_contact(contact_id)
    number = read_number(owner, changes["phone"]) if "phone" in changes else None
    weakens = _weakens(contact, changes, number)
    action = PinAction.ChangeContact
    record_verdict(owner=owner, weakens=weakens, verdict=verdict, action=action, now=now)
    meetup_ids = meetups_counting_on(contact)
    profile = _changed_profile(read_profile(contact), changes)
    for column in ("language", "circle", "disclosure_level", "shows_owner_phone"):
        setattr(contact, column, changes.get(column, getattr(contact, column)))
    if number is not None and phone_index(number.e164) != bytes(contact.phone_index):
        refuse_number(owner, number)
        profile = profile.but(phone=number.e164, trust_word=None)
        _renumber(contact, number, now=now)
    seal_column(contact, "sealed_profile", profile.to_document(), key=contact.data_key)
    _store(contact, is_new=False)
    _record(EventKind.ContactChanged, contact, now=now, fields=",".join(sorted(changes)))
    if contact.state != ContactState.Confirmed:
        note_lost_contact(
            owner_id=owner.pk,
            contact_id=contact.pk,
            meetup_ids=meetup_ids,
            now=now,
            is_own_doing=True,
        )
    return contact


@begun_again
@transaction.atomic
def _delete(*, owner: User, contact_id: UUID, verdict: PinVerdict | None, now: datetime) -> None:
    lock_owner(owner)
    contact = lock_contact(contact_id)
    action = PinAction.DeleteContact
    record_verdict(owner=owner, weakens=True, verdict=verdict, action=action, now=now)
    meetup_ids = meetups_counting_on(contact)
    if contact.state in ENDED_STATES:
        remember_refusal(contact, now=now)
    _record(EventKind.ContactDeleted, contact, now=now)
    revoke_links([contact_id], now=now)
    remove_contact(contact, now=now)
    note_lost_contact(
        owner_id=owner.pk,
        contact_id=contact_id,
        meetup_ids=meetup_ids,
        now=now,
        is_own_doing=True,
    )


def _renumber(contact: Contact, number: PhoneNumber, *, now: datetime) -> None:
    """Start again from the invitation: whoever has the new number has agreed to nothing yet."""
    if contact.state != ContactState.Invited:
        ensure_move(CONTACT_MOVES, ContactState(contact.state), ContactState.Invited)
    if contact.state in ENDED_STATES:
        remember_refusal(contact, now=now)
    cancel_queued_texts(contact, now=now)
    revoke_links([contact.pk], now=now)
    contact.phone_index = phone_index(number.e164)
    contact.country = number.country
    contact.shows_name_to_others = False
    contact.confirmed_at = None
    contact.proof_sent_at = None
    contact.proof_repeated_at = None
    contact.proof_version += 1
    contact.invitation_version += 1
    open_invitation(contact, now=now)


def _weakens(contact: Contact, changes: ContactChanges, number: PhoneNumber | None) -> bool:
    """Whether less would reach this contact, later, or nobody we know of."""
    if number is not None and phone_index(number.e164) != bytes(contact.phone_index):
        return True
    return (
        changes.get("disclosure_level", contact.disclosure_level) < contact.disclosure_level
        or changes.get("circle", contact.circle) > contact.circle
        or (contact.shows_owner_phone and not changes.get("shows_owner_phone", True))
        or _takes_email_away(contact, changes)
    )


def _takes_email_away(contact: Contact, changes: ContactChanges) -> bool:
    if "email" not in changes:
        return False
    present = read_profile(contact).email
    return present is not None and changes["email"] != present


def _read_entry(owner: User, entry: NewContact) -> tuple[ContactProfile, PhoneNumber]:
    number = read_number(owner, entry.phone)
    alias = entry.owner_alias or _display_name(owner)
    profile = ContactProfile(
        name=clean_name(entry.name, pointer="/name"),
        phone=number.e164,
        email=entry.email or None,
        owner_alias=clean_name(alias, pointer="/owner_alias"),
    )
    return profile, number


def _display_name(owner: User) -> str:
    """Return the owner's own name, for want of an alias; InvalidInput when there is none."""
    profile = open_column(owner, "sealed_profile", key=owner.data_key)
    name = profile.get("display_name")
    if not name:
        missing = FieldError("/owner_alias", "required", "Say under which name they know you.")
        raise InvalidInput(errors=(missing,))
    return str(name)


def _changed_profile(profile: ContactProfile, changes: ContactChanges) -> ContactProfile:
    cleaned: dict[str, str | None] = {
        name: clean_name(changes[name], pointer=f"/{name}")
        for name in ("name", "owner_alias")
        if name in changes
    }
    email = {"email": changes["email"] or None} if "email" in changes else {}
    return profile.but(**cleaned, **email)


def _store(contact: Contact, *, is_new: bool) -> None:
    """Write the row; a number that another contact of this owner has is refused."""
    try:
        with transaction.atomic():
            contact.save(force_insert=is_new, force_update=not is_new)
    except IntegrityError as error:
        raise at_phone(DuplicateContact) from error


def _record(kind: EventKind, contact: Contact, *, now: datetime, fields: str | None = None) -> None:
    record_event(kind, now=now, user_id=contact.owner_id, contact_id=str(contact.pk), fields=fields)
