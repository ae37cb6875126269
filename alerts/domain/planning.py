"""What may be planned: starts, deadlines, grace periods. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from alerts.domain.errors import DeadlineOutOfRange, FieldError, GraceNotOffered, InvalidInput
from alerts.domain.states import TimerKind
from alerts.domain.timing import MAX_START_AHEAD

NETWORK_SHARE = 0.95  # a deadline computed on the phone loses some seconds on its way
CLOCK_TOLERANCE = timedelta(minutes=5)  # a phone's clock: a start this far back means now


class Bounds(Protocol):
    """What an installation offers."""

    @property
    def timer_min_period(self) -> timedelta:
        """The shortest time to a deadline."""

    @property
    def timer_max_period(self) -> timedelta:
        """The longest time from the start to the last deadline."""

    @property
    def grace_choices(self) -> tuple[timedelta, ...]:
        """The grace periods to choose from."""

    @property
    def default_grace(self) -> timedelta:
        """The grace period of who does not choose."""


@dataclass(frozen=True, kw_only=True)
class PlannedCheckIn:
    """A check-in as it was asked for: an instant, a delay from now, or a period."""

    kind: TimerKind
    due_at: datetime | None = None
    due_in: timedelta | None = None
    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A check-in as it will be armed."""

    kind: TimerKind
    due_at: datetime
    repeats_every: timedelta | None = None


def plan_start(starts_at: datetime | None, *, now: datetime) -> datetime:
    """Return when the meetup starts, or raise DeadlineOutOfRange."""
    if starts_at is None:
        return now
    if not now - CLOCK_TOLERANCE <= starts_at <= now + MAX_START_AHEAD:
        raise DeadlineOutOfRange(errors=(_error("/starts_at", "start_out_of_range"),))
    return max(starts_at, now)


def plan_deadlines(
    check_ins: Sequence[PlannedCheckIn],
    *,
    starts_at: datetime,
    now: datetime,
    bounds: Bounds,
) -> list[Deadline]:
    """Return the deadlines to arm, the earliest first, or raise InvalidInput naming the field."""
    _ensure_one_of_each(check_ins)
    fixed = [
        Deadline(kind=c.kind, due_at=_due_at(c, place, now=now))
        for place, c in enumerate(check_ins)
        if c.kind is not TimerKind.Interval
    ]
    end = next((d for d in fixed if d.kind is TimerKind.End), None)
    for place, check_in in enumerate(check_ins):
        if check_in.kind is TimerKind.Interval:
            fixed += _first_interval(check_in, place, end=end, starts_at=starts_at, bounds=bounds)
    for deadline in fixed:
        _ensure_in_range(deadline, starts_at=starts_at, now=now, bounds=bounds)
    return _in_order(fixed)


def choose_grace(period: timedelta | None, *, bounds: Bounds) -> timedelta:
    """Return the grace period asked for, or the default; GraceNotOffered for any other."""
    if period is None:
        return bounds.default_grace
    if period not in bounds.grace_choices:
        raise GraceNotOffered(errors=(_error("/grace_seconds", GraceNotOffered.code),))
    return period


def _ensure_one_of_each(check_ins: Sequence[PlannedCheckIn]) -> None:
    kinds = [c.kind for c in check_ins]
    if not kinds:
        raise InvalidInput(errors=(_error("/check_ins", "required"),))
    if len(kinds) != len(set(kinds)):
        raise InvalidInput(errors=(_error("/check_ins", "kind_twice"),))


def _due_at(check_in: PlannedCheckIn, place: int, *, now: datetime) -> datetime:
    if check_in.every is not None or (check_in.due_at is None) == (check_in.due_in is None):
        raise InvalidInput(errors=(_error(f"/check_ins/{place}", "one_of_due_at_due_in_seconds"),))
    if check_in.due_at is not None:
        return check_in.due_at
    return now + (check_in.due_in or timedelta())


def _first_interval(
    check_in: PlannedCheckIn,
    place: int,
    *,
    end: Deadline | None,
    starts_at: datetime,
    bounds: Bounds,
) -> list[Deadline]:
    every = check_in.every
    if every is None or check_in.due_at is not None or check_in.due_in is not None:
        raise InvalidInput(errors=(_error(f"/check_ins/{place}/every_seconds", "required"),))
    if end is None:
        raise InvalidInput(errors=(_error(f"/check_ins/{place}", "interval_needs_an_end"),))
    if every < bounds.timer_min_period:
        raise DeadlineOutOfRange(errors=(_error(f"/check_ins/{place}/every_seconds", "too_short"),))
    due_at = starts_at + every
    return [Deadline(kind=TimerKind.Interval, due_at=due_at, repeats_every=every)] * (
        due_at < end.due_at
    )


def _ensure_in_range(
    deadline: Deadline, *, starts_at: datetime, now: datetime, bounds: Bounds
) -> None:
    earliest = max(now + bounds.timer_min_period * NETWORK_SHARE, starts_at)
    if not earliest <= deadline.due_at <= starts_at + bounds.timer_max_period:
        raise DeadlineOutOfRange(errors=(_error("/check_ins", "deadline_out_of_range"),))


def _in_order(deadlines: list[Deadline]) -> list[Deadline]:
    ordered = sorted(deadlines, key=lambda d: d.due_at)
    if any(d.kind is TimerKind.End for d in ordered[:-1]):
        raise DeadlineOutOfRange(errors=(_error("/check_ins", "end_is_not_last"),))
    return ordered


def _error(pointer: str, code: str) -> FieldError:
    return FieldError(pointer=pointer, code=code, detail=code.replace("_", " "))
