"""When a check-in counts, and what a timer does next."""

from datetime import datetime, timedelta

from alerts.domain.states import TimerKind, TimerState

REMINDER_LEAD = timedelta(minutes=10)
WINDOW_SHARE = 0.8
MAX_START_AHEAD = timedelta(days=30)
EXTENSION_WITHOUT_PIN = timedelta(minutes=30)
POSITIONS_AFTER_END = timedelta(hours=12)
LATE_PERIOD = timedelta(days=1)


def is_late(due_at: datetime, *, now: datetime) -> bool:
    """Whether a deadline is told so late that its date has to be said, and the operator told."""
    return now - due_at > LATE_PERIOD


def window_opens_at(*, due_at: datetime, armed_at: datetime, starts_at: datetime) -> datetime:
    """Return the instant from which a check-in closes the timer.

    The later of ten minutes before `due_at` and four fifths of the way there: a double tap on
    arrival must not silence the night.
    """
    since = max(armed_at, starts_at)
    return max(due_at - REMINDER_LEAD, since + (due_at - since) * WINDOW_SHARE)


def first_action_at(*, kind: TimerKind, due_at: datetime, armed_at: datetime) -> datetime:
    """Return when a newly armed timer first needs the watcher: its reminder, else its deadline."""
    reminder_at = due_at - REMINDER_LEAD
    if kind is TimerKind.Interval or reminder_at <= armed_at:
        return due_at
    return reminder_at


def action_after(
    *, state: TimerState, due_at: datetime, alert_at: datetime, now: datetime
) -> datetime:
    """Return when a timer in this state needs the watcher next, having just been handled."""
    if state is TimerState.Armed:
        return due_at
    halfway = due_at + (alert_at - due_at) / 2
    return halfway if now < halfway else alert_at
