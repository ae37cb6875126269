"""The end of an incident that nobody resolved: a last round, then the closing text."""

from collections.abc import Sequence
from datetime import datetime

from alerts.conf import alerts_settings
from alerts.domain.escalation import CLOSING_AFTER_LAST_ROUND, PAGE_KEPT_PERIOD, thaw_plan
from alerts.domain.events import EventKind
from alerts.domain.local_time import local_hour, next_local_time, zone_for_country
from alerts.domain.states import (
    INCIDENT_MOVES,
    IncidentState,
    MeetupOutcome,
    Purpose,
    ensure_move,
)
from alerts.domain.texts import TextId
from alerts.models import Incident, Responder
from alerts.services.incidents.orders import order_for
from alerts.services.incidents.reach import can_act, working_channels
from alerts.services.incidents.schedule import closing_due_at
from alerts.services.incidents.shown import end_shown_incident
from alerts.services.incidents.tell import cancel_queued_alerts, tell_everyone_told
from alerts.services.links import expire_links
from alerts.services.outbox import enqueue
from alerts.services.pins.pin_entries import end_forced_pins
from alerts.services.timeline import record_event

FIRST_HOUR, LAST_HOUR = 8, 22


def advance_closing(incident: Incident, responders: Sequence[Responder], *, now: datetime) -> None:
    """Start the last round, or close, when the time for it has come. The meetup is locked."""
    if closing_due_at(incident) > now:
        return
    if incident.last_round_at is None:
        _start_last_round(incident, responders, now=now)
    else:
        _close(incident, responders, now=now)


def _start_last_round(
    incident: Incident, responders: Sequence[Responder], *, now: datetime
) -> None:
    text = thaw_plan(incident.plan)[-1].text
    reached = [r for r in responders if can_act(r)]
    times = [_civil_time(r, now=now) for r in reached]
    enqueue(
        [
            order_for(
                incident,
                r,
                text,
                reason=f"v{incident.plan_version}:last",
                purpose=Purpose.Repeat,
                channel=channel,
                due_at=at,
            )
            for r, at in zip(reached, times, strict=True)
            for channel in working_channels(r)[:1]
        ],
        now=now,
    )
    incident.last_round_at = now
    incident.closing_at = max([*times, now]) + alerts_settings().scaled(CLOSING_AFTER_LAST_ROUND)
    record_event(EventKind.LastRound, now=now, incident_id=incident.pk)


def _civil_time(responder: Responder, *, now: datetime) -> datetime:
    """Return now if it is day for the responder, else their next morning."""
    zone = zone_for_country(responder.country)
    is_compressed = alerts_settings().escalation_scale != 1
    if is_compressed or FIRST_HOUR <= local_hour(now, zone) < LAST_HOUR:
        return now
    return next_local_time(now, zone, FIRST_HOUR)


def _close(incident: Incident, responders: Sequence[Responder], *, now: datetime) -> None:
    ensure_move(INCIDENT_MOVES, IncidentState(incident.state), IncidentState.ClosedUnconfirmed)
    cancel_queued_alerts(incident, purposes=[Purpose.Alert, Purpose.Repeat])
    tell_everyone_told(
        incident,
        TextId.ClosedUnconfirmed,
        reason=f"closed:v{incident.plan_version}",
        purpose=Purpose.StandDown,
        now=now,
    )
    incident.state = IncidentState.ClosedUnconfirmed
    incident.closed_at = now
    expire_links([r.pk for r in responders], at=now + PAGE_KEPT_PERIOD)
    record_event(EventKind.IncidentClosed, now=now, incident_id=incident.pk)
    end_shown_incident(incident, MeetupOutcome.Unconfirmed, now=now)
    if incident.owner_id is not None and incident.silent_since is not None:
        end_forced_pins(user_id=incident.owner_id, now=now)
