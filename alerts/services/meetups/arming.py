"""Arming check-in timers."""

from datetime import datetime, timedelta
from uuid import uuid4

from alerts.domain.states import TimerKind, TimerState
from alerts.domain.timing import first_action_at
from alerts.models import CheckInTimer, Meetup
from alerts.sealing.tokens import LinkPurpose
from alerts.services.links import create_links
from alerts.services.outbox import wake_watchers


def arm_timer(
    meetup: Meetup,
    kind: TimerKind,
    *,
    due_at: datetime,
    now: datetime,
    repeats_every: timedelta | None = None,
) -> CheckInTimer:
    """Store a timer of the meetup and wake the watchers for it."""
    timer = new_timer(meetup, kind, due_at=due_at, now=now)
    timer.repeats_every = repeats_every
    timer.save(force_insert=True)
    create_links(LinkPurpose.OwnerTimer, [timer.pk], now=now)
    wake_watchers()
    return timer


def new_timer(meetup: Meetup, kind: TimerKind, *, due_at: datetime, now: datetime) -> CheckInTimer:
    """Return an armed timer that is not stored yet."""
    return CheckInTimer(
        id=uuid4(),
        meetup=meetup,
        kind=kind,
        state=TimerState.Armed,
        due_at=due_at,
        alert_at=due_at + meetup.grace_period,
        armed_at=now,
        next_action_at=first_action_at(kind=kind, due_at=due_at, armed_at=now),
    )


def arm_next_interval(timer: CheckInTimer, *, now: datetime) -> None:
    """Arm the interval timer after one that has closed, while it lies before the end."""
    if timer.repeats_every is None:
        return
    end = timer.meetup.timers.open().filter(kind=TimerKind.End).first()
    due_at = max(now, timer.due_at) + timer.repeats_every
    if end is not None and due_at < end.due_at:
        arm_timer(
            timer.meetup,
            TimerKind.Interval,
            due_at=due_at,
            now=now,
            repeats_every=timer.repeats_every,
        )
