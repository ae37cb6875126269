"""What a missed check-in sets off."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from alerts.domain.events import EventKind
from alerts.domain.states import (
    AcknowledgementEnd,
    TimerKind,
    TimerState,
    Trigger,
)
from alerts.models import CheckInTimer, Incident
from alerts.services.incidents.incidents import (
    Opening,
    end_live_acknowledgements,
    open_incidents,
    raise_trigger,
)
from alerts.services.incidents.lapses import reopen_if_nobody_acts
from alerts.services.incidents.operator import tell_operator
from alerts.services.incidents.schedule import schedule_next_step
from alerts.services.incidents.shown import show_missed_check_ins
from alerts.services.incidents.unhidden import is_hidden, unhide_incident
from alerts.services.meetups.arming import arm_next_interval
from alerts.services.snapshots import Snapshot, take_bare_snapshot, take_snapshots
from alerts.services.timeline import event, record_events

logger = logging.getLogger(__name__)

RETRY_PERIOD = timedelta(seconds=30)
OPERATOR_PERIOD = timedelta(minutes=5)


def miss_timers(timers: list[CheckInTimer], *, now: datetime) -> None:
    """Mark locked timers as missed and open an incident for each meetup without a live one."""
    if not timers:
        return
    for timer in timers:
        timer.state = TimerState.Missed
        timer.closed_at = now
        timer.next_action_at = None
    CheckInTimer.objects.filter(pk__in=[t.pk for t in timers]).update(
        state=TimerState.Missed, closed_at=now, next_action_at=None
    )
    record_events(
        [
            event(
                EventKind.TimerMissed,
                now=now,
                user_id=t.meetup.owner_id,
                meetup_id=t.meetup_id,
                data={"timer": str(t.pk)},
            )
            for t in timers
        ]
    )
    first_missed = {t.meetup_id: t for t in sorted(timers, key=lambda t: t.due_at, reverse=True)}
    snapshots = take_snapshots(t.meetup for t in first_missed.values())
    live = _repeat_on_live(first_missed, snapshots, now=now)
    fresh = [t for t in first_missed.values() if t.meetup_id not in live]
    fresh.sort(key=lambda t: t.due_at)  # who has waited longest is told first
    opened = _open_for(fresh, snapshots, now=now)
    incidents = {**opened, **live}
    show_missed_check_ins(
        [(incidents[t.meetup_id], t.meetup) for t in first_missed.values()], now=now
    )
    for timer in timers:
        if timer.kind == TimerKind.Interval:
            arm_next_interval(timer, now=now)


def _repeat_on_live(
    timers: dict[UUID, CheckInTimer], snapshots: dict[UUID, Snapshot], *, now: datetime
) -> dict[UUID, Incident]:
    """Add the miss to incidents that are live already; whoever was on it has to look again."""
    live: dict[UUID, Incident] = {}
    for incident in Incident.objects.live().filter(meetup_id__in=timers).select_for_update():
        meetup_id = incident.meetup_id
        if meetup_id is None:
            continue
        live[meetup_id] = incident
        if is_hidden(incident):
            unhide_incident(
                incident,
                Trigger.MissedCheckIn,
                snapshots[meetup_id],
                due_at=timers[meetup_id].due_at,
                now=now,
            )
            continue
        raise_trigger(incident, Trigger.MissedCheckIn, snapshots[meetup_id], now=now)
        end_live_acknowledgements(incident, AcknowledgementEnd.TimerMissed, now=now)
        reopen_if_nobody_acts(incident, now=now)
        schedule_next_step(incident, now=now)
        incident.save(update_fields=["state", "next_step", "next_step_at"])
    return live


def _open_for(
    timers: list[CheckInTimer], snapshots: dict[UUID, Snapshot], *, now: datetime
) -> dict[UUID, Incident]:
    openings = [
        Opening(
            trigger=Trigger.MissedCheckIn,
            snapshot=snapshots[timer.meetup_id],
            due_at=timer.due_at,
            meetup_id=timer.meetup_id,
            owner_id=timer.meetup.owner_id,
        )
        for timer in timers
    ]
    opened = open_incidents(openings, now=now)
    return {t.meetup_id: incident for t, incident in zip(timers, opened, strict=True)}


def alert_degraded(timer_id: UUID, *, now: datetime) -> None:
    """Alert with the bare contacts when a timer cannot be handled as it should; tell the operator.

    If not even that is possible the timer is tried again soon: it is never forgotten.
    """
    period = int(now.timestamp() // OPERATOR_PERIOD.total_seconds())
    tell_operator(f"timer:{timer_id}:{period}", incident_id=None, now=now)
    try:
        _open_degraded(timer_id, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("timer %s: not even a degraded alert is possible", timer_id)
        CheckInTimer.objects.filter(pk=timer_id).update(next_action_at=now + RETRY_PERIOD)


@transaction.atomic
def _open_degraded(timer_id: UUID, *, now: datetime) -> None:
    timer = (
        CheckInTimer.objects.select_related("meetup")
        .select_for_update(of=("self", "meetup"))
        .get(pk=timer_id)
    )
    if timer.alert_at > now:
        timer.next_action_at = timer.alert_at
        timer.save(update_fields=["next_action_at"])
        return
    timer.state = TimerState.Missed
    timer.closed_at = now
    timer.next_action_at = None
    timer.save(update_fields=["state", "closed_at", "next_action_at"])
    if Incident.objects.live().filter(meetup_id=timer.meetup_id).exists():
        return
    opening = Opening(
        trigger=Trigger.MissedCheckIn,
        snapshot=take_bare_snapshot(timer.meetup),
        due_at=timer.due_at,
        meetup_id=timer.meetup_id,
        owner_id=timer.meetup.owner_id,
    )
    (incident,) = open_incidents([opening], now=now)
    record_events([event(EventKind.IncidentDegraded, now=now, incident=incident)])
