"""What an incident changes of what its owner is shown: the meetup's state and one row."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from alerts.domain.events import EventKind
from alerts.domain.states import (
    MEETUP_MOVES,
    OPEN_TIMER_STATES,
    MeetupOutcome,
    MeetupState,
    TimerState,
    Trigger,
    ensure_move,
)
from alerts.models import CheckInTimer, Event, Incident, Meetup, OwnerIncident
from alerts.models.bulk import insert_rows
from alerts.services.timeline import event, record_event, record_events


def show_incident(
    incident: Incident, meetup: Meetup, trigger: Trigger, *, now: datetime
) -> OwnerIncident:
    """Let the owner see an incident from now on, as this trigger; the meetup is locked."""
    shown = OwnerIncident.objects.filter(meetup=meetup, resolved_at=None).first()
    if shown is None:
        shown = OwnerIncident.objects.create(
            owner_id=meetup.owner_id,
            meetup=meetup,
            incident=incident,
            trigger=trigger,
            opened_at=now,
        )
        record_events([_shown_event(meetup, trigger, now=now)])
    elif trigger.rank > Trigger(shown.trigger).rank:
        shown.trigger = trigger
        shown.save(update_fields=["trigger"])
    if meetup.state != MeetupState.Alerting:
        move_meetup(meetup, MeetupState.Alerting)
    return shown


def show_missed_check_ins(shown_now: Sequence[tuple[Incident, Meetup]], *, now: datetime) -> None:
    """Let owners see incidents that a missed check-in has just opened; their meetups are locked."""
    meetups = {meetup.pk: meetup for _, meetup in shown_now}
    already = set(
        OwnerIncident.objects.filter(meetup_id__in=meetups, resolved_at=None).values_list(
            "meetup_id", flat=True
        )
    )
    fresh = [(i, meetup) for i, meetup in shown_now if meetup.pk not in already]
    insert_rows(
        [
            OwnerIncident(
                owner_id=meetup.owner_id,
                meetup=meetup,
                incident=incident,
                trigger=Trigger.MissedCheckIn,
                opened_at=now,
            )
            for incident, meetup in fresh
        ]
    )
    record_events([_shown_event(meetup, Trigger.MissedCheckIn, now=now) for _, meetup in fresh])
    Meetup.objects.filter(pk__in=meetups).exclude(state=MeetupState.Alerting).update(
        state=MeetupState.Alerting
    )


def move_meetup(meetup: Meetup, state: MeetupState) -> None:
    """Move a locked meetup and store it."""
    ensure_move(MEETUP_MOVES, MeetupState(meetup.state), state)
    meetup.state = state
    if state is not MeetupState.Ended:
        meetup.outcome = None
        meetup.ended_at = None
    meetup.save(update_fields=["state", "outcome", "ended_at"])


def end_meetup_now(meetup: Meetup, outcome: MeetupOutcome, *, now: datetime) -> None:
    """End a locked meetup: open timers are cancelled, the outcome is kept."""
    meetup.timers.open().update(state=TimerState.Cancelled, closed_at=now, next_action_at=None)
    meetup.outcome = outcome
    meetup.ended_at = now
    move_meetup(meetup, MeetupState.Ended)
    record_event(
        EventKind.MeetupEnded,
        now=now,
        user_id=meetup.owner_id,
        meetup_id=meetup.pk,
        outcome=str(outcome),
    )


def settle_meetup_after_incident(
    meetup: Meetup, outcome: MeetupOutcome, *, now: datetime, is_over: bool = False
) -> None:
    """Go on with the night if a timer is still open, else end the meetup."""
    if is_over or not _open_timers(meetup).exists():
        end_meetup_now(meetup, outcome, now=now)
    else:
        move_meetup(meetup, MeetupState.Active)


def end_shown_incident(incident: Incident, outcome: MeetupOutcome, *, now: datetime) -> None:
    """Show the owner that others ended the incident, unless the owner's view stands still."""
    shown = OwnerIncident.objects.filter(incident=incident, resolved_at=None).first()
    if shown is None:
        return
    shown.resolved_at = now
    shown.outcome = outcome
    shown.save(update_fields=["resolved_at", "outcome"])
    meetup = Meetup.objects.get(pk=shown.meetup_id)
    if meetup.state == MeetupState.Alerting:
        settle_meetup_after_incident(
            meetup, outcome, now=now, is_over=outcome is MeetupOutcome.Unconfirmed
        )


def show_incident_again(incident: Incident, *, now: datetime) -> None:
    """Show the owner that the incident is open again, unless the owner's view stands still."""
    shown = (
        OwnerIncident.objects.filter(incident=incident, sealed_frozen_view=None)
        .select_related("meetup")
        .order_by("-opened_at")
        .first()
    )
    if (
        shown is None
        or OwnerIncident.objects.filter(meetup=shown.meetup, resolved_at=None).exists()
    ):
        return
    shown.resolved_at = None
    shown.outcome = None
    shown.save(update_fields=["resolved_at", "outcome"])
    move_meetup(shown.meetup, MeetupState.Alerting)
    record_events([_shown_event(shown.meetup, Trigger(shown.trigger), now=now)])


def _shown_event(meetup: Meetup, trigger: Trigger, *, now: datetime) -> Event:
    return event(
        EventKind.IncidentShown,
        now=now,
        user_id=meetup.owner_id,
        meetup_id=meetup.pk,
        data={"trigger": trigger},
    )


def _open_timers(meetup: Meetup) -> QuerySet[CheckInTimer]:
    return CheckInTimer.objects.filter(meetup=meetup, state__in=OPEN_TIMER_STATES)
