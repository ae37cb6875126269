"""What the owner's timer page shows: one timer, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.domain.events import EventKind
from alerts.domain.states import OPEN_TIMER_STATES, MeetupState, TimerState
from alerts.models import CheckInTimer, Event, User


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerView:
    """One timer at one moment, as its owner may see it."""

    timer_id: UUID
    meetup_id: UUID
    owner: User
    zone: str
    now: datetime
    due_at: datetime
    alert_at: datetime
    closed_at: datetime | None
    is_open: bool
    is_checked_in: bool
    can_check_in: bool
    can_extend: bool
    sign_of_life_at: datetime | None
    next_timer_id: UUID | None
    next_due_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self.now >= self.due_at


def view_timer(timer_id: UUID, *, now: datetime) -> TimerView | None:
    """Return the timer's page, or None when it is gone. Three queries."""
    timer = CheckInTimer.objects.select_related("meetup__owner").filter(pk=timer_id).first()
    if timer is None:
        return None
    meetup = timer.meetup
    is_open = TimerState(timer.state) in OPEN_TIMER_STATES
    is_alerting = meetup.state == MeetupState.Alerting
    following = CheckInTimer.objects.open().filter(meetup=meetup).exclude(pk=timer.pk).first()
    return TimerView(
        timer_id=timer.pk,
        meetup_id=meetup.pk,
        owner=meetup.owner,
        zone=meetup.time_zone,
        now=now,
        due_at=timer.due_at,
        alert_at=timer.alert_at,
        closed_at=timer.closed_at,
        is_open=is_open,
        is_checked_in=timer.state == TimerState.CheckedIn,
        can_check_in=meetup.state != MeetupState.Ended and (is_open or is_alerting),
        can_extend=is_open and not is_alerting,
        sign_of_life_at=_sign_of_life_at(timer),
        next_timer_id=following.pk if following else None,
        next_due_at=following.due_at if following else None,
    )


def _sign_of_life_at(timer: CheckInTimer) -> datetime | None:
    """Return when the owner last checked in too early for this timer."""
    return (
        Event.objects.filter(
            kind=EventKind.SignOfLife,
            meetup=timer.meetup,
            incident=None,
            data__timer=str(timer.pk),
        )
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
