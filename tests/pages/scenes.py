"""Incidents as pages show them: one function for each state, with rows and a valid link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from alerts.domain.events import EventKind
from alerts.domain.states import IncidentState, MeetupState, Trigger
from alerts.models import Acknowledgement, Event, Incident, Position, Responder
from alerts.models.sealed import seal_column
from alerts.sealing.tokens import LinkPurpose, derive_token
from alerts.services.links import create_links
from tests.factories import IncidentFactory, MeetupFactory, ResponderFactory

MINUTE = timedelta(minutes=1)
STRANGER = {
    "name": "Sam Martin",
    "platform": "PlanRencontre",
    "handle": "sam75",
    "profile_url": "https://example.org/sam75",
    "phone": "+33639987001",
    "vehicle": "Clio grise, AB-123-CD",
    "notes": "Porte une casquette verte.",
}
PLACE = {
    "label": "Chez Sam",
    "address": "12 rue des Lilas, 75011 Paris",
    "access": "code 45B7, 3e étage gauche",
    "latitude": 48.8651,
    "longitude": 2.3983,
    "country": "FR",
}


def snapshot(now: datetime, **details: Any) -> dict[str, Any]:
    """Return what an incident keeps under its own key."""
    return {
        "owner": {"display_name": "Ana", "phone": "+33639980001"},
        "details": {"stranger": STRANGER, "place": PLACE, "earlier": [], **details},
        "positions": [
            {
                "latitude": 48.86512 - back * 0.0011,
                "longitude": 2.39834 + back * 0.0009,
                "accuracy_m": 18.0 + back,
                "battery_percent": 41 + back,
                "recorded_at": (now - (6 + 5 * back) * MINUTE).isoformat(),
            }
            for back in range(3)
        ],
    }


def incident(now: datetime, **columns: Any) -> Incident:
    """Return an open incident about a check-in missed 24 minutes ago."""
    details = columns.pop("snapshot", None) or snapshot(now)
    columns.setdefault("opened_at", now - 14 * MINUTE)
    columns.setdefault("due_at", now - 24 * MINUTE)
    if "meetup" not in columns:
        columns["meetup"] = MeetupFactory.create(
            state=MeetupState.Alerting,
            starts_at=now - 150 * MINUTE,
            sealed={"sealed_details": details["details"]},
        )
    row: Incident = IncidentFactory.create(sealed={"sealed_snapshot": details}, **columns)
    note(row, EventKind.IncidentOpened, at=row.opened_at, trigger=str(row.trigger))
    return row


def responder(row: Incident, now: datetime, **columns: Any) -> Responder:
    """Return a confirmed contact of the incident who sees everything, with a link."""
    columns.setdefault("disclosure_level", 3)
    columns.setdefault("told_at", row.opened_at)
    person: Responder = ResponderFactory.create(incident=row, **columns)
    create_links(LinkPurpose.Responder, [person.pk], now=now)
    return person


def path_of(person: Responder) -> str:
    """Return the address of a responder's alert page."""
    return f"/a/{derive_token(LinkPurpose.Responder, str(person.pk), person.link_version)}"


def note(row: Incident, kind: EventKind, *, at: datetime, **data: str) -> None:
    """Add an event to the incident's timeline."""
    person = data.pop("responder_id", None)
    Event.objects.create(incident=row, kind=kind, at=at, responder_id=person, data=data)


def acknowledgement(person: Responder, now: datetime) -> Acknowledgement:
    """Let a responder be on it since five minutes."""
    Incident.objects.filter(pk=person.incident_id).update(state=IncidentState.Acknowledged)
    person.incident.state = IncidentState.Acknowledged
    at = now - 5 * MINUTE
    note(person.incident, EventKind.Acknowledged, at=at, responder_id=str(person.pk))
    return Acknowledgement.objects.create(
        incident=person.incident,
        responder=person,
        acknowledged_at=at,
        updated_at=at,
        lapses_at=now + 15 * MINUTE,
    )


def position(row: Incident, now: datetime, **fix: float) -> Position:
    """Add a live position under the meetup's key."""
    assert row.meetup is not None
    found = Position(meetup=row.meetup, recorded_at=now, received_at=now)
    seal_column(found, "sealed_fix", dict(fix), key=row.meetup.data_key)
    found.save(force_insert=True)
    return found


# --- one scene for each state of the page -----------------------------------------------------


def open_scene(now: datetime) -> Responder:
    """Return a reader of an incident nobody has answered; the owner shows her number."""
    return responder(incident(now), now, profile={"owner_phone": "+33639980001"})


def mine_scene(now: datetime) -> Responder:
    """Return a reader who is on it."""
    person = responder(incident(now), now, profile={"owner_phone": "+33639980001"})
    acknowledgement(person, now)
    return person


def others_scene(now: datetime) -> Responder:
    """Return a reader who sees that another contact is on it, who allowed the name."""
    row = incident(now)
    leo = responder(row, now, shows_name_to_others=True, profile={"name": "Leo Petit"})
    acknowledgement(leo, now)
    return responder(row, now, disclosure_level=1)


def declined_scene(now: datetime) -> Responder:
    """Return a reader who cannot."""
    return responder(incident(now), now, declined_at=now - 3 * MINUTE)


def sos_scene(now: datetime) -> Responder:
    """Return a reader of a call for help."""
    row = incident(now, trigger=Trigger.Sos, due_at=now - 4 * MINUTE, opened_at=now - 4 * MINUTE)
    return responder(row, now, disclosure_level=2)


def duress_scene(now: datetime) -> Responder:
    """Return a reader of a silent call for help, a true code entered afterwards."""
    row = incident(now, trigger=Trigger.Duress, code_entered_at=now - 2 * MINUTE)
    return responder(row, now, disclosure_level=1)


def resolved_scene(now: datetime) -> Responder:
    """Return a reader of an incident that the owner ended."""
    row = incident(
        now, state=IncidentState.Resolved, resolved_at=now - 2 * MINUTE, next_step_at=None
    )
    Incident.objects.filter(pk=row.pk).update(resolved_by="owner")
    return responder(row, now)


def resolved_by_contact_scene(now: datetime) -> Responder:
    """Return a reader of an incident that another contact ended."""
    person = resolved_scene(now)
    Incident.objects.filter(pk=person.incident_id).update(resolved_by="contact")
    return person


def closed_scene(now: datetime) -> Responder:
    """Return a reader of an incident that was closed unconfirmed."""
    row = incident(
        now,
        state=IncidentState.ClosedUnconfirmed,
        opened_at=now - 480 * MINUTE,
        due_at=now - 490 * MINUTE,
        closed_at=now - 30 * MINUTE,
        next_step_at=None,
    )
    return responder(row, now)


def asked_scene(now: datetime) -> Responder:
    """Return a reader who never proved their number and is asked whether they help."""
    return responder(incident(now), now, is_confirmed=False, circle=2, disclosure_level=0)


def stopped_scene(now: datetime) -> Responder:
    """Return a reader who wants nothing more."""
    return responder(incident(now), now, stopped_at=now - MINUTE)


def abroad_scene(now: datetime) -> Responder:
    """Return a reader in Britain of an incident in France."""
    return responder(incident(now), now, country="GB", language="en")


SCENES: dict[str, Callable[[datetime], Responder]] = {
    "open": open_scene,
    "mine": mine_scene,
    "others": others_scene,
    "declined": declined_scene,
    "sos": sos_scene,
    "duress": duress_scene,
    "resolved": resolved_scene,
    "resolved_by_contact": resolved_by_contact_scene,
    "closed": closed_scene,
    "asked": asked_scene,
    "stopped": stopped_scene,
    "abroad": abroad_scene,
}
REVEALABLE = frozenset({"open", "mine", "others", "sos", "duress", "closed", "abroad"})
