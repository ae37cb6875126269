"""Check-ins and extensions."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from alerts.conf import alerts_settings
from alerts.domain.errors import (
    ExtensionTooLong,
    IncidentOpen,
    NoOpenTimer,
    NotFound,
    PinRequired,
)
from alerts.domain.events import EventKind
from alerts.domain.states import MeetupOutcome, MeetupState, TimerKind, TimerState
from alerts.domain.timing import EXTENSION_WITHOUT_PIN, first_action_at, window_opens_at
from alerts.models import CheckInTimer, Meetup, User
from alerts.services.incidents.shown import end_meetup_now, move_meetup
from alerts.services.meetups.arming import arm_next_interval, arm_timer
from alerts.services.meetups.meetups import lock_meetup
from alerts.services.meetups.owner_incidents import resolve_shown_incident_of
from alerts.services.outbox import wake_watchers
from alerts.services.pins.pin_calls import PinCall, pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event


def check_in(
    *,
    owner: User,
    meetup_id: UUID,
    timer_id: UUID | None = None,
    pin: str | None = None,
    occurred_at: datetime | None = None,
    now: datetime,
) -> Meetup:
    """Record that the owner is well; within its window this closes the earliest open timer.

    Earlier it is kept as a sign of life. Raises NotFound, MeetupEnded, PinRequired (the sign of
    life is kept), PinWrong, PinLocked.
    """
    with pin_call(user=owner, pin=pin, now=now) as call, transaction.atomic():
        meetup = lock_meetup(owner, meetup_id)
        is_kept = _take_check_in(meetup, timer_id, call, occurred_at=occurred_at, now=now)
    if not is_kept:
        raise PinRequired
    return meetup


def extend(
    *,
    owner: User,
    meetup_id: UUID,
    minutes: int,
    timer_id: UUID | None = None,
    pin: str | None = None,
    now: datetime,
) -> Meetup:
    """Move the earliest open timer on, or the one named.

    Without the PIN by 30 minutes in all, and only before it is due.

    Raises IncidentOpen, ExtensionTooLong, NoOpenTimer, PinRequired and what `enter_pin` raises.
    """
    with pin_call(user=owner, pin=pin, now=now) as call, transaction.atomic():
        meetup = lock_meetup(owner, meetup_id)
        if meetup.state == MeetupState.Alerting:
            raise IncidentOpen
        timer = _find_timer(meetup, timer_id)
        if timer is None:
            raise NoOpenTimer
        call.record(PinAction.Extend, meetup_id=meetup.pk)
        if call.verdict is None:
            _spend_free_minutes(meetup, timer, minutes, now=now)
        _move_deadline(meetup, timer, timedelta(minutes=minutes), now=now)
    return meetup


def _take_check_in(
    meetup: Meetup,
    timer_id: UUID | None,
    call: PinCall,
    *,
    occurred_at: datetime | None,
    now: datetime,
) -> bool:
    """Carry out a check-in on a locked meetup; return False when only the PIN was missing."""
    timer = _find_timer(meetup, timer_id)
    is_alerting = meetup.state == MeetupState.Alerting
    counts = timer is not None and now >= _window_opens_at(meetup, timer)
    needs_pin = is_alerting or (timer is not None and counts and _needs_pin(meetup, timer, now=now))
    action = PinAction.CheckInWhileAlerting if is_alerting else PinAction.CheckIn
    call.record(action, meetup_id=meetup.pk)
    is_refused = call.verdict is None and (needs_pin or meetup.owner.pin_for_every_check_in)
    if is_refused or not (counts or is_alerting):
        _record_check_in(EventKind.SignOfLife, meetup, timer, occurred_at, now=now)
        return not is_refused
    if timer is not None and counts:
        _close_timer(timer, now=now)
    _record_check_in(EventKind.CheckedIn, meetup, timer, occurred_at, now=now)
    is_over = counts and timer is not None and timer.kind == TimerKind.End
    _move_on(meetup, timer if counts else None, is_over=is_over, now=now)
    return True


def _find_timer(meetup: Meetup, timer_id: UUID | None) -> CheckInTimer | None:
    """Return the earliest open timer, or the one named; a closed one counts for nothing more."""
    timers = meetup.timers.open().select_for_update()
    if timer_id is None:
        return timers.first()
    if not meetup.timers.filter(pk=timer_id).exists():
        raise NotFound
    return timers.filter(pk=timer_id).first()


def _window_opens_at(meetup: Meetup, timer: CheckInTimer) -> datetime:
    return window_opens_at(due_at=timer.due_at, armed_at=timer.armed_at, starts_at=meetup.starts_at)


def _needs_pin(meetup: Meetup, timer: CheckInTimer, *, now: datetime) -> bool:
    is_overdue = now >= timer.due_at or meetup.state == MeetupState.Overdue
    return is_overdue or timer.kind == TimerKind.End


def _close_timer(timer: CheckInTimer, *, now: datetime) -> None:
    timer.state = TimerState.CheckedIn
    timer.closed_at = now
    timer.next_action_at = None
    timer.save(update_fields=["state", "closed_at", "next_action_at"])


def _move_on(meetup: Meetup, timer: CheckInTimer | None, *, is_over: bool, now: datetime) -> None:
    """Move the meetup where the check-in leads: on with the night, or to its end."""
    if timer is not None and timer.kind == TimerKind.Interval:
        arm_next_interval(timer, now=now)
    if meetup.state == MeetupState.Alerting:
        resolve_shown_incident_of(meetup, MeetupOutcome.FalseAlarm, is_over=is_over, now=now)
    elif is_over or not meetup.timers.open().exists():
        end_meetup_now(meetup, MeetupOutcome.Safe, now=now)
    elif meetup.state == MeetupState.Overdue and not _has_overdue_timer(meetup):
        move_meetup(meetup, MeetupState.Active)


def _has_overdue_timer(meetup: Meetup) -> bool:
    return meetup.timers.filter(state=TimerState.Overdue).exists()


def _spend_free_minutes(
    meetup: Meetup, timer: CheckInTimer, minutes: int, *, now: datetime
) -> None:
    spent = meetup.extended_without_pin + timedelta(minutes=minutes)
    if now >= timer.due_at or spent > EXTENSION_WITHOUT_PIN:
        raise PinRequired
    meetup.extended_without_pin = spent


def _move_deadline(
    meetup: Meetup, timer: CheckInTimer, period: timedelta, *, now: datetime
) -> None:
    due_at = max(timer.due_at, now) + period
    _ensure_fits(meetup, timer, due_at)
    if timer.state == TimerState.Overdue:
        _close_timer(timer, now=now)  # the PIN is a check-in; the night goes on under a new timer
        timer = arm_timer(
            meetup,
            TimerKind(timer.kind),
            due_at=due_at,
            now=now,
            repeats_every=timer.repeats_every,
        )
    else:
        timer.due_at = due_at
        timer.alert_at = due_at + meetup.grace_period
        timer.next_action_at = first_action_at(
            kind=TimerKind(timer.kind), due_at=due_at, armed_at=now
        )
        timer.save(update_fields=["due_at", "alert_at", "next_action_at"])
        wake_watchers()
    meetup.last_deadline_at = max(meetup.last_deadline_at, due_at)
    meetup.save(update_fields=["last_deadline_at", "extended_without_pin"])
    if meetup.state == MeetupState.Overdue and not _has_overdue_timer(meetup):
        move_meetup(meetup, MeetupState.Active)
    record_event(
        EventKind.Extended,
        now=now,
        user_id=meetup.owner_id,
        meetup_id=meetup.pk,
        timer=str(timer.pk),
        minutes=int(period.total_seconds() // 60),
    )


def _ensure_fits(meetup: Meetup, timer: CheckInTimer, due_at: datetime) -> None:
    """Refuse what lies over twelve hours after the start, or past the end; intervals are passed."""
    if due_at > meetup.starts_at + alerts_settings().timer_max_period:
        raise ExtensionTooLong
    end = meetup.timers.open().filter(kind=TimerKind.End).exclude(pk=timer.pk)
    if end.filter(due_at__lte=due_at).exists():
        raise ExtensionTooLong


def _record_check_in(
    kind: EventKind,
    meetup: Meetup,
    timer: CheckInTimer | None,
    occurred_at: datetime | None,
    *,
    now: datetime,
) -> None:
    record_event(
        kind,
        now=now,
        user_id=meetup.owner_id,
        meetup_id=meetup.pk,
        timer=str(timer.pk) if timer else None,
        occurred_at=occurred_at.isoformat() if occurred_at else None,
    )
