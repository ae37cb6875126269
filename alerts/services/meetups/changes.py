"""Changing a meetup that is planned or running."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts.conf import alerts_settings
from alerts.domain.errors import IncidentOpen, MeetupEnded, NotFound
from alerts.domain.events import EventKind
from alerts.domain.planning import choose_grace
from alerts.domain.states import MeetupState
from alerts.models import Meetup, MeetupContact, User
from alerts.models.sealed import Document, open_column, seal_column
from alerts.services.meetups.meetups import choose_contacts, lock_meetup
from alerts.services.outbox import wake_watchers
from alerts.services.pins.pin_calls import pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event


@dataclass(frozen=True, kw_only=True)
class MeetupChanges:
    """What to change; None leaves a thing as it is."""

    stranger: Document | None = None
    place: Document | None = None
    contact_ids: Sequence[UUID] | None = None
    grace_period: timedelta | None = None


def change_meetup(
    *, owner: User, meetup_id: UUID, changes: MeetupChanges, pin: str | None, now: datetime
) -> Meetup:
    """Change a meetup that is not over; fewer contacts and a longer grace period take the PIN.

    A new place or new notes add to the old ones, which contacts go on seeing.
    """
    is_weaker = _is_known_to_weaken(owner, meetup_id, changes)
    with (
        pin_call(user=owner, pin=pin, is_needed=is_weaker, now=now) as call,
        transaction.atomic(),
    ):
        meetup = lock_meetup(owner, meetup_id)
        call.record(
            PinAction.ChangeMeetup, meetup_id=meetup.pk, is_needed=_weakens(meetup, changes)
        )
        _change_details(owner, meetup, changes, now=now)
        if changes.grace_period is not None:
            _change_grace(meetup, changes.grace_period)
        record_event(EventKind.MeetupChanged, now=now, user_id=owner.pk, meetup_id=meetup.pk)
    return meetup


@transaction.atomic
def _is_known_to_weaken(owner: User, meetup_id: UUID, changes: MeetupChanges) -> bool:
    """Whether the PIN is needed; what is wrong with the meetup is said once it has been heard."""
    try:
        return _weakens(lock_meetup(owner, meetup_id), changes)
    except (NotFound, MeetupEnded):
        return False


def _weakens(meetup: Meetup, changes: MeetupChanges) -> bool:
    if changes.grace_period is not None and changes.grace_period > meetup.grace_period:
        return True
    if changes.contact_ids is None:
        return False
    present = set(meetup.meetup_contacts.values_list("contact_id", flat=True))
    return not present <= set(changes.contact_ids)


def _change_details(owner: User, meetup: Meetup, changes: MeetupChanges, *, now: datetime) -> None:
    details = open_column(meetup, "sealed_details", key=meetup.data_key)
    replaced = {"place": details["place"], "notes": details["stranger"].get("notes")}
    if changes.stranger is not None:
        details["stranger"] = {**details["stranger"], **changes.stranger}
    if changes.place is not None:
        details["place"] = changes.place
    if replaced != {"place": details["place"], "notes": details["stranger"].get("notes")}:
        details["earlier"].append({**replaced, "replaced_at": now.isoformat()})
    if changes.contact_ids is not None:
        _change_contacts(owner, meetup, changes.contact_ids, details)
    seal_column(meetup, "sealed_details", details, key=meetup.data_key)
    meetup.save(update_fields=["sealed_details"])


def _change_contacts(
    owner: User, meetup: Meetup, contact_ids: Sequence[UUID], details: Document
) -> None:
    contacts = choose_contacts(owner, contact_ids, details)
    MeetupContact.objects.filter(meetup=meetup).exclude(contact__in=contacts).delete()
    MeetupContact.objects.bulk_create(
        [MeetupContact(meetup=meetup, contact=contact) for contact in contacts],
        ignore_conflicts=True,
    )


def _change_grace(meetup: Meetup, wanted: timedelta) -> None:
    if meetup.state == MeetupState.Alerting:
        raise IncidentOpen
    meetup.grace_period = choose_grace(wanted, bounds=alerts_settings())
    meetup.save(update_fields=["grace_period"])
    for timer in meetup.timers.open().select_for_update():
        timer.alert_at = timer.due_at + meetup.grace_period
        timer.next_action_at = min(timer.next_action_at or timer.alert_at, timer.alert_at)
        timer.save(update_fields=["alert_at", "next_action_at"])
    wake_watchers()
