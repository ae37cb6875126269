"""The sweep over check-in timers: remind, fall due, miss."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alerts.domain.events import EventKind
from alerts.domain.states import MeetupState, Purpose, TimerKind, TimerState, Trigger
from alerts.domain.texts import TextId
from alerts.domain.timing import action_after
from alerts.models import CheckInTimer, Event, Meetup, OwnerIncident
from alerts.models.bulk import update_rows
from alerts.services.meetups.missed import alert_degraded, miss_timers
from alerts.services.outbox import Order, enqueue
from alerts.services.sweeps import sweep
from alerts.services.timeline import event, record_events


def advance_due_timers(*, now: datetime, limit: int = 200) -> int:
    """Carry out what is due for timers; return how many were looked at."""

    def carry_out(due: QuerySet[CheckInTimer]) -> int:
        return _carry_out(due, now=now)

    def degrade(timer_id: UUID) -> None:
        alert_degraded(timer_id, now=now)

    return sweep(CheckInTimer.objects.due(now), limit=limit, carry_out=carry_out, degrade=degrade)


@transaction.atomic
def _carry_out(due: QuerySet[CheckInTimer], *, now: datetime) -> int:
    # Timer and meetup are locked together or not at all: a check-in holds the meetup first.
    timers = list(
        due.select_related("meetup__owner__data_key", "meetup__data_key").select_for_update(
            skip_locked=True, of=("self", "meetup")
        )
    )
    missed = [t for t in timers if t.state == TimerState.Overdue and t.alert_at <= now]
    missed += [t for t in timers if t.state == TimerState.Armed and t.alert_at <= now]
    others = [t for t in timers if t not in missed]
    _remind_owners(others, now=now)
    miss_timers(missed, now=now)
    return len(timers)


def _remind_owners(timers: list[CheckInTimer], *, now: datetime) -> None:
    """Remind before the deadline, at it and halfway through the grace period."""
    orders: list[Order] = []
    events: list[Event] = []
    silenced = _meetups_in_sos(timers)
    for timer in timers:
        text, reason = _reminder(timer, now=now)
        if timer.state == TimerState.Armed and timer.due_at <= now:
            events.append(_fall_due(timer, now=now))
        timer.next_action_at = action_after(
            state=TimerState(timer.state), due_at=timer.due_at, alert_at=timer.alert_at, now=now
        )
        if text is not None and timer.meetup_id not in silenced:
            orders.append(_reminder_order(timer, text, reason, now=now))
    update_rows(timers, ["state", "next_action_at"])
    overdue = [t.meetup_id for t in timers if t.state == TimerState.Overdue]
    Meetup.objects.filter(pk__in=overdue, state=MeetupState.Active).update(
        state=MeetupState.Overdue
    )
    enqueue(orders, now=now)
    record_events(events)


def _reminder(timer: CheckInTimer, *, now: datetime) -> tuple[TextId | None, str]:
    if timer.due_at > now:
        return (None if timer.kind == TimerKind.Interval else TextId.OwnerReminder), "before"
    if timer.state == TimerState.Armed:
        return TextId.OwnerOverdue, "due"
    # The call of this moment goes out as a text: no voice is set up.
    return (TextId.OwnerOverdue if timer.meetup.owner.reminder_call else None), "halfway"


def _fall_due(timer: CheckInTimer, *, now: datetime) -> Event:
    timer.state = TimerState.Overdue
    return event(
        EventKind.TimerOverdue,
        now=now,
        user_id=timer.meetup.owner_id,
        meetup_id=timer.meetup_id,
        data={"timer": str(timer.pk)},
    )


def _reminder_order(timer: CheckInTimer, text: TextId, reason: str, *, now: datetime) -> Order:
    owner = timer.meetup.owner
    return Order(
        dedupe_key=f"timer:{timer.pk}:{timer.due_at.isoformat()}:{text}:{reason}",
        text=text,
        purpose=Purpose.Reminder,
        due_at=now,
        user_id=owner.pk,
        recipient_index=bytes(owner.phone_index),
        timer_id=timer.pk,
        instant=timer.due_at,
    )


def _meetups_in_sos(timers: list[CheckInTimer]) -> set[UUID]:
    """Return the meetups whose owner must not be rung or texted: they asked for help openly."""
    return set(
        OwnerIncident.objects.filter(
            meetup_id__in=[t.meetup_id for t in timers], resolved_at=None, trigger=Trigger.Sos
        ).values_list("meetup_id", flat=True)
    )
