"""What an incident works from: contacts and details as they stand at one moment."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from alerts.domain.states import ContactState
from alerts.models import Contact, Meetup, MeetupContact, Position, User
from alerts.models.sealed import Document, open_column
from alerts.sealing.keys import CannotOpen

POSITIONS_KEPT = 50
TOLD_STATES = [
    ContactState.Confirmed,
    ContactState.Unreachable,
    ContactState.Invited,
    ContactState.Accepted,
]
CONFIRMED_STATES = frozenset({ContactState.Confirmed, ContactState.Unreachable})


@dataclass
class Snapshot:
    """Everything an incident needs; what could not be opened is None, never an error."""

    time_zone: str
    country: str
    gives_place: bool
    owner: Document | None
    details: Document | None
    positions: list[Document]
    contacts: list[Document] = field(default_factory=list)

    def to_document(self) -> Document:
        """Return it as JSON can hold it."""
        return dict(vars(self))

    @classmethod
    def from_document(cls, document: Document) -> "Snapshot":
        """Return what `to_document` gave."""
        return cls(**document)


def take_snapshots(meetups: Iterable[Meetup]) -> dict[UUID, Snapshot]:
    """Return a snapshot for each meetup, in a number of queries that does not grow with them.

    The meetups come with `owner`, `owner__data_key` and `data_key` selected.
    """
    meetups = list(meetups)
    ids = [meetup.pk for meetup in meetups]
    contacts: dict[UUID, list[Document]] = defaultdict(list)
    chosen = (
        MeetupContact.objects.filter(meetup_id__in=ids, contact__state__in=TOLD_STATES)
        .select_related("contact__data_key")
        .order_by("contact__circle", "contact__created_at")
    )
    owner_phones = {meetup.pk: _open_owner(meetup.owner) for meetup in meetups}
    for row in chosen:
        contacts[row.meetup_id].append(_describe_contact(row.contact, owner_phones[row.meetup_id]))
    positions = _open_positions(meetups)
    return {
        meetup.pk: Snapshot(
            time_zone=meetup.time_zone,
            country=meetup.country,
            gives_place=meetup.owner.sos_gives_place,
            owner=owner_phones[meetup.pk],
            details=_open_details(meetup),
            positions=positions[meetup.pk],
            contacts=contacts[meetup.pk],
        )
        for meetup in meetups
    }


def take_bare_snapshot(meetup: Meetup) -> Snapshot:
    """Return a snapshot of the contacts alone, for a meetup that cannot be read as it should."""
    rows = MeetupContact.objects.filter(meetup=meetup, contact__state__in=TOLD_STATES)
    contacts = [row.contact for row in rows.select_related("contact__data_key")]
    return Snapshot(
        time_zone=meetup.time_zone,
        country=meetup.country,
        gives_place=False,
        owner=None,
        details=None,
        positions=[],
        contacts=[_describe_contact(contact, None) for contact in contacts],
    )


def take_owner_snapshot(user: User) -> Snapshot:
    """Return a snapshot for an owner without a meetup: all the contacts who confirmed."""
    owner = _open_owner(user)
    contacts = Contact.objects.filter(owner=user, state__in=CONFIRMED_STATES).select_related(
        "data_key"
    )
    return Snapshot(
        time_zone=user.time_zone,
        country=user.country,
        gives_place=user.sos_gives_place,
        owner=owner,
        details=None,
        positions=[],
        contacts=[_describe_contact(c, owner) for c in contacts.order_by("circle", "created_at")],
    )


def _describe_contact(contact: Contact, owner: Document | None) -> Document:
    try:
        profile: Document | None = open_column(contact, "sealed_profile", key=contact.data_key)
    except CannotOpen:
        profile = None
    if profile is not None:
        shows_phone = contact.shows_owner_phone and owner is not None
        profile["owner_phone"] = owner["phone"] if shows_phone and owner else None
    return {
        "contact_id": str(contact.pk),
        "profile": profile,
        "phone_index": bytes(contact.phone_index).hex(),
        "is_confirmed": contact.state in CONFIRMED_STATES,
        "language": contact.language,
        "country": contact.country,
        "circle": contact.circle,
        "disclosure_level": contact.disclosure_level,
        "shows_name_to_others": contact.shows_name_to_others,
    }


def _open_owner(user: User) -> Document | None:
    try:
        return open_column(user, "sealed_profile", key=user.data_key)
    except CannotOpen:
        return None


def _open_details(meetup: Meetup) -> Document | None:
    try:
        return open_column(meetup, "sealed_details", key=meetup.data_key)
    except CannotOpen:
        return None


def _open_positions(meetups: list[Meetup]) -> dict[UUID, list[Document]]:
    by_id = {meetup.pk: meetup for meetup in meetups}
    found: dict[UUID, list[Document]] = defaultdict(list)
    for position in Position.objects.filter(meetup_id__in=by_id).order_by("-recorded_at"):
        fixes = found[position.meetup_id]
        if len(fixes) < POSITIONS_KEPT:
            fix = open_position(position, by_id[position.meetup_id])
            fixes.extend([fix] if fix else [])
    return found


def open_position(position: Position, meetup: Meetup) -> dict[str, Any] | None:
    """Return a fix with its time, or None when it cannot be opened."""
    try:
        fix = open_column(position, "sealed_fix", key=meetup.data_key)
    except CannotOpen:
        return None
    return {**fix, "recorded_at": position.recorded_at.isoformat()}
