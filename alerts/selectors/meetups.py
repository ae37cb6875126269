"""What an owner is shown of their meetups."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from alerts.conf import alerts_settings
from alerts.domain.states import OPEN_TIMER_STATES, ContactState, MeetupState
from alerts.models import CheckInTimer, Contact, Meetup, User
from alerts.models.sealed import Document, open_column
from alerts.selectors.owner_view import current_incident, summarize_incident

Warnings = list[dict[str, str]]


def list_meetups(owner: User) -> QuerySet[Meetup]:
    """Return the owner's meetups, the latest first."""
    return (
        Meetup.objects.filter(owner=owner)
        .select_related("data_key")
        .prefetch_related("timers")
        .order_by("-created_at", "-pk")
    )


def get_meetup(owner: User, meetup_id: UUID) -> Meetup | None:
    """Return the owner's meetup, or None."""
    return list_meetups(owner).filter(pk=meetup_id).first()


def describe_meetup(meetup: Meetup, *, now: datetime) -> Document:
    """Return the whole meetup: what is stored, when each timer is due, who will be told."""
    details = open_column(meetup, "sealed_details", key=meetup.data_key)
    timers = sorted(meetup.timers.all(), key=lambda t: t.due_at)
    contacts = list(Contact.objects.filter(meetup_contacts__meetup=meetup).order_by("circle", "pk"))
    shown = current_incident(meetup.pk)
    reachable = [c for c in contacts if c.state == ContactState.Confirmed]
    return {
        "id": str(meetup.pk),
        "kind": meetup.kind,
        "state": meetup.state,
        "outcome": meetup.outcome,
        "starts_at": meetup.starts_at,
        "ended_at": meetup.ended_at,
        "stranger": details["stranger"],
        "place": details["place"],
        "grace_seconds": int(meetup.grace_period.total_seconds()),
        "timers": [describe_timer(t) for t in timers],
        "next_due_at": next_due_at(timers),
        "contacts": [str(c.pk) for c in contacts],
        "reachable_contacts": len(reachable),
        "incident": summarize_incident(shown) if shown else None,
        "warnings": _warnings(meetup, reachable),
        "simulated": alerts_settings().is_simulated,
        "server_time": now,
    }


def describe_timer(timer: CheckInTimer) -> Document:
    """Return a timer as its owner sees it."""
    return {
        "id": str(timer.pk),
        "kind": timer.kind,
        "state": timer.state,
        "due_at": timer.due_at,
        "alert_at": timer.alert_at,
    }


def next_due_at(timers: list[CheckInTimer]) -> datetime | None:
    """Return when the next check-in is due."""
    return min((t.due_at for t in timers if t.state in OPEN_TIMER_STATES), default=None)


def _warnings(meetup: Meetup, reachable: list[Contact]) -> Warnings:
    warnings = []
    if meetup.state != MeetupState.Ended and not reachable:
        warnings.append(_warning("no_reachable_contact", "Nobody can be told at present."))
    if reachable and all(c.disclosure_level == 0 for c in reachable):
        warnings.append(_warning("nobody_gets_the_place", "None of them would be told the place."))
    if alerts_settings().is_simulated:
        warnings.append(_warning("simulated", "This is a simulation: nobody will really be told."))
    return warnings


def _warning(code: str, detail: str) -> dict[str, str]:
    return {"code": code, "detail": detail}
