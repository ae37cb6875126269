"""The data kept about a contact: corrected or erased by the contact, removed with the contact."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from alerts.domain.contacts import clean_name
from alerts.domain.events import EventKind
from alerts.models import Contact, Refusal
from alerts.models.sealed import destroy_data_key
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import open_profile
from alerts.services.contacts.consent import (
    find_contact_id,
    lock_by_link,
    save_profile,
    silence_contact,
)
from alerts.services.contacts.texts import meetups_counting_on, note_lost_contact, tell_owner
from alerts.services.deletions import begun_again
from alerts.services.links import expire_links, revoke_links
from alerts.services.timeline import record_event

ERASED_PAGE_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Preferences:
    """How a contact wants to be spoken to."""

    language: str
    country: str
    shows_name_to_others: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Correction:
    """What a contact says of themselves; never the number, which only a text can prove."""

    name: str
    email: str | None
    preferences: Preferences


@transaction.atomic
def set_preferences(
    *, purpose: LinkPurpose, token: str, preferences: Preferences, now: datetime
) -> Contact:
    """Store how a contact wants to be spoken to."""
    contact = lock_by_link(purpose, token, now=now)
    _prefer(contact, preferences)
    contact.save(update_fields=["language", "country", "shows_name_to_others"])
    return contact


@transaction.atomic
def correct_contact(*, token: str, correction: Correction, now: datetime) -> Contact:
    """Store what the holder of the number says is right; LatinFormRequired for the name."""
    contact = lock_by_link(LinkPurpose.Contact, token, now=now)
    profile = open_profile(contact).but(
        name=clean_name(correction.name, pointer="/name"), email=correction.email
    )
    _prefer(contact, correction.preferences)
    save_profile(contact, profile)
    record_event(
        EventKind.ContactChanged,
        now=now,
        user_id=contact.owner_id,
        contact_id=str(contact.pk),
        by="contact",
    )
    return contact


@begun_again
@transaction.atomic
def erase_contact(*, token: str, now: datetime) -> None:
    """Destroy everything kept about a contact, but that this number said no to this owner."""
    contact_id = find_contact_id(LinkPurpose.Contact, token, now=now)
    silence_contact(contact_id, now=now)
    contact = lock_by_link(LinkPurpose.Contact, token, now=now)
    owner_id = contact.owner_id
    meetup_ids = meetups_counting_on(contact)
    remember_refusal(contact, now=now)
    expire_links([contact_id], at=now + ERASED_PAGE_LASTS, purpose=LinkPurpose.Contact)
    revoke_links([contact_id], now=now, purpose=LinkPurpose.Invitation)
    remove_contact(contact, now=now)
    record_event(EventKind.ContactErased, now=now, user_id=owner_id, contact_id=str(contact_id))
    tell_owner(owner_id=owner_id, contact_id=contact_id, reason="erased", now=now)
    note_lost_contact(owner_id=owner_id, contact_id=contact_id, meetup_ids=meetup_ids, now=now)


def remove_contact(contact: Contact, *, now: datetime) -> None:
    """Delete the row with what hangs on it, and the key of what was sealed."""
    key_id = contact.data_key_id
    contact.delete()
    destroy_data_key(key_id, now=now)


def remember_refusal(contact: Contact, *, now: datetime) -> None:
    """Keep that this number is not to be written to for this owner, whatever becomes of the row."""
    Refusal.objects.get_or_create(
        owner_id=contact.owner_id,
        phone_index=bytes(contact.phone_index),
        defaults={"refused_at": now},
    )


def _prefer(contact: Contact, preferences: Preferences) -> None:
    contact.language = preferences.language
    contact.country = preferences.country
    contact.shows_name_to_others = preferences.shows_name_to_others
