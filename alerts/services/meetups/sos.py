"""SOS: opens an incident at once, meetup or not, and always."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from alerts.domain.errors import NotFound
from alerts.domain.events import EventKind
from alerts.domain.states import RUNNING_MEETUP_STATES, MeetupKind, MeetupState, Trigger
from alerts.models import Contact, Incident, Meetup, MeetupContact, OwnerIncident, User
from alerts.models.sealed import create_data_key, seal_column
from alerts.services.incidents.incidents import Opening, open_incidents, raise_trigger
from alerts.services.incidents.shown import show_incident
from alerts.services.incidents.unhidden import is_hidden, unhide_incident
from alerts.services.meetups.positions import Fix, store_positions
from alerts.services.snapshots import CONFIRMED_STATES, take_snapshots
from alerts.services.timeline import record_event


@dataclass(frozen=True)
class SosAnswer:
    """What an SOS led to."""

    shown: OwnerIncident
    meetup: Meetup
    has_somebody_to_tell: bool


@transaction.atomic
def raise_sos(
    *, owner: User, meetup_id: UUID | None, position: Fix | None, now: datetime
) -> SosAnswer:
    """Open an incident, or let the live one become an SOS; never refused for a state.

    Without a meetup the running one is taken, else one of kind `sos` is made for all confirmed
    contacts. Raises NotFound for somebody else's meetup.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two taps are one SOS
    meetup = _find_meetup(owner, meetup_id)
    if meetup is None:
        meetup = _make_meetup(owner, now=now)
    if position is not None:
        store_positions(meetup, [position], now=now)
    record_event(EventKind.SosRaised, now=now, user_id=owner.pk, meetup_id=meetup.pk)
    snapshot = take_snapshots([meetup])[meetup.pk]
    incident = Incident.objects.live().filter(meetup=meetup).select_for_update().first()
    if incident is None:
        opening = Opening(
            trigger=Trigger.Sos,
            snapshot=snapshot,
            due_at=now,
            meetup_id=meetup.pk,
            owner_id=owner.pk,
        )
        (incident,) = open_incidents([opening], now=now)
    elif is_hidden(incident):
        unhide_incident(incident, Trigger.Sos, snapshot, due_at=now, now=now)
    else:
        raise_trigger(incident, Trigger.Sos, snapshot, now=now)
    shown = show_incident(incident, meetup, Trigger.Sos, now=now)
    return SosAnswer(
        shown=shown,
        meetup=meetup,
        has_somebody_to_tell=any(c["is_confirmed"] for c in snapshot.contacts),
    )


def _find_meetup(owner: User, meetup_id: UUID | None) -> Meetup | None:
    meetups = (
        Meetup.objects.filter(owner=owner)
        .select_related("owner__data_key", "data_key")
        .select_for_update(of=("self",))
    )
    if meetup_id is None:
        return meetups.filter(state__in=RUNNING_MEETUP_STATES).order_by("-starts_at").first()
    meetup = meetups.filter(pk=meetup_id).first()
    if meetup is None:
        raise NotFound
    return meetup


def _make_meetup(owner: User, *, now: datetime) -> Meetup:
    meetup = Meetup(
        id=uuid4(),
        owner=owner,
        kind=MeetupKind.Sos,
        data_key=create_data_key(now=now),
        state=MeetupState.Active,
        starts_at=now,
        last_deadline_at=now,
        time_zone=owner.time_zone,
        country=owner.country,
        grace_period=timedelta(0),
        extended_without_pin=timedelta(0),
        created_at=now,
    )
    seal_column(
        meetup, "sealed_details", {"stranger": {}, "place": {}, "earlier": []}, key=meetup.data_key
    )
    meetup.save(force_insert=True)
    contacts = Contact.objects.filter(owner=owner, state__in=CONFIRMED_STATES)
    MeetupContact.objects.bulk_create(MeetupContact(meetup=meetup, contact=c) for c in contacts)
    return meetup
