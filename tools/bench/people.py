"""Rows as the service itself would have made them: sealed under keys of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from alerts.conf import alerts_settings
from alerts.domain.states import ContactState, MeetupState, TimerKind, TimerState
from alerts.models import CheckInTimer, Contact, DataKey, Link, Meetup, MeetupContact, User
from alerts.models.sealed import Document, seal_column
from alerts.sealing.digests import phone_index
from alerts.sealing.keys import new_data_key, wrap
from alerts.sealing.tokens import LinkPurpose, derive_token, token_digest
from tools.bench.rows import copy_in

GRACE = timedelta(minutes=10)
DETAILS: Document = {
    "stranger": {"name": "Sam", "platform": "a site", "handle": "sam75", "notes": "red scarf"},
    "place": {"label": "Chez Sam", "address": "12 rue des Lilas, Paris", "country": "FR"},
    "earlier": [],
}
NOWHERE = "+999"  # a country code that nobody has: no number here can be anybody's


@dataclass
class Cast:
    """Rows that are written together."""

    keys: list[DataKey] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    meetups: list[Meetup] = field(default_factory=list)
    chosen: list[MeetupContact] = field(default_factory=list)
    timers: list[CheckInTimer] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def write(self) -> None:
        """Copy everything into the database; the timers come last."""
        copy_in(self.keys, self.users, self.contacts, self.meetups)
        copy_in(self.chosen, self.timers, self.links)

    def key(self, *, now: datetime) -> DataKey:
        """Add a data key."""
        key = DataKey(created_at=now)
        key.wrapped, key.master_key_id = wrap(
            new_data_key(), row_id=str(key.id), master_keys=alerts_settings().master_keys
        )
        self.keys.append(key)
        return key

    def owner(self, number: int, *, now: datetime) -> User:
        """Add an owner who has set PINs (that no input matches)."""
        phone = phone_number(number)
        user = User(
            id=uuid4(),
            phone_index=phone_index(phone),
            data_key=self.key(now=now),
            pin_hash="unmatched",
            duress_pin_hash="unmatched",
            created_at=now,
        )
        profile = {"phone": phone, "display_name": "Ana", "email": None}
        seal_column(user, "sealed_profile", profile, key=user.data_key)
        self.users.append(user)
        return user

    def contact(self, owner: User, number: int, *, now: datetime) -> Contact:
        """Add a contact of the first circle who has confirmed their number."""
        phone = phone_number(number)
        contact = Contact(
            id=uuid4(),
            owner=owner,
            data_key=self.key(now=now),
            phone_index=phone_index(phone),
            state=ContactState.Confirmed,
            created_at=now,
            confirmed_at=now,
        )
        profile = {"name": "Mia", "phone": phone, "email": None, "owner_alias": "Ana"}
        seal_column(
            contact, "sealed_profile", {**profile, "trust_word": "figue"}, key=contact.data_key
        )
        self.contacts.append(contact)
        return contact

    def meetup(self, owner: User, contacts: Sequence[Contact], *, now: datetime) -> Meetup:
        """Add a running meetup."""
        meetup = Meetup(
            id=uuid4(),
            owner=owner,
            data_key=self.key(now=now),
            state=MeetupState.Active,
            starts_at=now,
            last_deadline_at=now + timedelta(hours=12),
            time_zone="Europe/Paris",
            country="FR",
            grace_period=GRACE,
            extended_without_pin=timedelta(0),
            created_at=now,
        )
        seal_column(meetup, "sealed_details", DETAILS, key=meetup.data_key)
        self.meetups.append(meetup)
        self.chosen += [MeetupContact(meetup=meetup, contact=contact) for contact in contacts]
        return meetup

    def timer(
        self, meetup: Meetup, kind: TimerKind, *, armed_at: datetime, due_at: datetime
    ) -> CheckInTimer:
        """Add an armed timer with its link."""
        timer = CheckInTimer(
            id=uuid4(),
            meetup=meetup,
            kind=kind,
            state=TimerState.Armed,
            due_at=due_at,
            alert_at=due_at + meetup.grace_period,
            armed_at=armed_at,
            next_action_at=due_at,
        )
        self.timers.append(timer)
        token = derive_token(LinkPurpose.OwnerTimer, str(timer.pk), 1)
        link = Link(token_digest=token_digest(token), subject_id=timer.pk, created_at=armed_at)
        link.purpose = LinkPurpose.OwnerTimer
        self.links.append(link)
        return timer


def phone_number(number: int) -> str:
    """Return a number of nobody."""
    return f"{NOWHERE}{number:09}"
