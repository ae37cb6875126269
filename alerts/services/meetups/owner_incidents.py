"""What an owner does to the incident they are shown: the same in both worlds."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts.domain.errors import NoIncident, NotFound
from alerts.domain.events import EventKind
from alerts.domain.states import MeetupOutcome, MeetupState
from alerts.models import Meetup, OwnerIncident, User
from alerts.models.sealed import seal_column
from alerts.selectors.owner_view import describe_incident
from alerts.services.incidents.shown import end_meetup_now, settle_meetup_after_incident
from alerts.services.pins.pin_calls import pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event


def resolve_incident(
    *,
    owner: User,
    shown_id: UUID,
    pin: str | None,
    is_false_alarm: bool,
    ends_meetup: bool,
    now: datetime,
) -> OwnerIncident:
    """Say by the PIN that it is over; later timers stay armed unless the meetup is over too.

    Raises NotFound, NoIncident when it is over already, and what `enter_pin` raises.
    """
    shown = OwnerIncident.objects.filter(owner=owner, pk=shown_id).first()
    is_needed = shown is not None
    action = PinAction.ResolveFalseAlarm if is_false_alarm else PinAction.Resolve
    outcome = MeetupOutcome.FalseAlarm if is_false_alarm else MeetupOutcome.ResolvedByOwner
    with pin_call(user=owner, pin=pin, is_needed=is_needed, now=now) as call, transaction.atomic():
        if shown is None:
            raise NotFound
        meetup = (
            Meetup.objects.select_for_update(of=("self",))
            .select_related("data_key", "owner")
            .get(pk=shown.meetup_id)
        )
        shown = OwnerIncident.objects.select_related("incident").get(pk=shown_id)
        if shown.resolved_at is not None and shown.outcome != MeetupOutcome.Unconfirmed:
            raise NoIncident
        call.record(action, meetup_id=meetup.pk)
        return _resolve(shown, meetup, outcome, is_over=ends_meetup, now=now)


def resolve_shown_incident_of(
    meetup: Meetup, outcome: MeetupOutcome, *, is_over: bool, now: datetime
) -> OwnerIncident:
    """End what the owner of a locked, alerting meetup is shown; from now on it stands still."""
    shown = (
        OwnerIncident.objects.filter(meetup=meetup, resolved_at=None)
        .select_related("incident")
        .first()
    )
    if shown is None:
        raise NoIncident
    return _resolve(shown, meetup, outcome, is_over=is_over, now=now)


def _resolve(
    shown: OwnerIncident, meetup: Meetup, outcome: MeetupOutcome, *, is_over: bool, now: datetime
) -> OwnerIncident:
    shown.resolved_at = now
    shown.outcome = outcome
    view = describe_incident(shown, now=now)
    seal_column(shown, "sealed_frozen_view", view, key=meetup.data_key)
    shown.save(update_fields=["resolved_at", "outcome", "sealed_frozen_view"])
    record_event(
        EventKind.IncidentResolvedByOwner, now=now, user_id=meetup.owner_id, meetup_id=meetup.pk
    )
    if meetup.state == MeetupState.Alerting:
        settle_meetup_after_incident(meetup, outcome, is_over=is_over, now=now)
    elif is_over and meetup.state != MeetupState.Ended:
        end_meetup_now(meetup, outcome, now=now)
    return shown


def hold_incident(*, owner: User, shown_id: UUID, days: int, now: datetime) -> OwnerIncident:
    """Keep an incident longer than 30 days, for a complaint."""
    with transaction.atomic():
        shown = OwnerIncident.objects.select_for_update().filter(owner=owner, pk=shown_id).first()
        if shown is None:
            raise NotFound
        shown.held_until = now + timedelta(days=days)
        shown.save(update_fields=["held_until"])
    return shown
