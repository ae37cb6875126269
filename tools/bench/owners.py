"""Signed-in owners, and the requests that their apps send."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from alerts.clock import database_now
from alerts.domain.states import TimerKind
from alerts.models import Contact, Session, User
from tools.bench.due import CONTACT_NUMBERS, OWNER_NUMBERS
from tools.bench.people import Cast

MEETUPS_OF_AN_OWNER = 20
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Call:
    """One request to come: whose token it bears and what it is about."""

    token: str
    path: str
    body: bytes


def check_in_calls(count: int) -> list[Call]:
    """Return check-ins to so many running meetups, each on time and without a PIN.

    Each meetup has two contacts and two open timers: the arrival that is due, and the end.
    """
    cast, now = Cast(), database_now()
    owned: list[tuple[User, str]] = []
    while len(owned) < count:
        owner = cast.owner(next(OWNER_NUMBERS), now=now)
        contacts = _contacts(cast, owner, 2)
        for _ in range(min(MEETUPS_OF_AN_OWNER, count - len(owned))):
            meetup = cast.meetup(owner, contacts, now=now)
            armed_at = now - 60 * MINUTE
            cast.timer(meetup, TimerKind.Arrival, armed_at=armed_at, due_at=now + 9 * MINUTE)
            cast.timer(meetup, TimerKind.End, armed_at=armed_at, due_at=now + 300 * MINUTE)
            owned.append((owner, f"meetups/{meetup.pk}/check-in"))
    cast.write()
    tokens = _sign_in(cast.users)
    return [Call(tokens[str(owner.pk)], path, b"{}") for owner, path in owned]


def plan_calls(count: int) -> list[Call]:
    """Return plans of so many owners for a meetup with three contacts and two timers."""
    cast, now = Cast(), database_now()
    owners = [cast.owner(next(OWNER_NUMBERS), now=now) for _ in range(count)]
    bodies = [_plan_body(_contacts(cast, owner, 3)) for owner in owners]
    cast.write()
    tokens = _sign_in(owners)
    return [
        Call(tokens[str(owner.pk)], "meetups", body)
        for owner, body in zip(owners, bodies, strict=True)
    ]


def _contacts(cast: Cast, owner: User, count: int) -> list[Contact]:
    now = database_now()
    return [cast.contact(owner, next(CONTACT_NUMBERS), now=now) for _ in range(count)]


def _plan_body(contacts: list[Contact]) -> bytes:
    return json.dumps(
        {
            "stranger": {"name": "Sam", "platform": "a site", "handle": "sam75"},
            "place": {"label": "Chez Sam", "address": "12 rue des Lilas, Paris", "country": "FR"},
            "check_ins": [
                {"kind": "arrival", "due_in_seconds": 1800},
                {"kind": "end", "due_in_seconds": 10800},
            ],
            "contacts": [str(contact.pk) for contact in contacts],
        }
    ).encode()


@transaction.atomic
def _sign_in(users: list[User]) -> dict[str, str]:
    """Return a token for each owner, by the owner's id."""
    now = database_now()
    return {str(user.pk): Session.objects.create(user, last_seen_at=now)[1] for user in users}
