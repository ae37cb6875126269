"""When an incident needs the watcher next."""

from datetime import datetime

from django.db.models import Min

from alerts.conf import alerts_settings
from alerts.domain.escalation import (
    CLOSING_AFTER_HUMAN_ACT,
    CLOSING_AFTER_OPENING,
    OPERATOR_NOTICES,
    step_at,
    thaw_plan,
)
from alerts.domain.states import IncidentState
from alerts.models import Acknowledgement, Incident


def schedule_next_step(incident: Incident, *, now: datetime) -> None:
    """Set `next_step_at` to the earliest thing this incident waits for; saving is the caller's."""
    if incident.state == IncidentState.Acknowledged:
        lapses_at = (
            Acknowledgement.objects.live()
            .filter(incident=incident)
            .aggregate(first=Min("lapses_at"))["first"]
        )
        incident.next_step_at = lapses_at or now
        return
    if incident.state != IncidentState.Open:
        incident.next_step_at = None
        return
    waits = [closing_due_at(incident)]
    if incident.last_round_at is None:
        waits.append(next_plan_step_at(incident))
    if incident.operator_due_at and incident.operator_told < OPERATOR_NOTICES:
        waits.append(incident.operator_due_at)
    incident.next_step_at = min(waits)


def next_plan_step_at(incident: Incident) -> datetime:
    """Return when the plan's next step is due."""
    return step_at(
        thaw_plan(incident.plan),
        incident.next_step,
        started_at=incident.plan_started_at,
        scale=alerts_settings().escalation_scale,
    )


def closing_due_at(incident: Incident) -> datetime:
    """Return when the last round, or after it the closing, is due."""
    if incident.closing_at is not None:
        return incident.closing_at
    scaled = alerts_settings().scaled
    due_at = incident.plan_started_at + scaled(CLOSING_AFTER_OPENING)  # a new plan, a new night
    if incident.last_human_act_at is None:
        return due_at
    return max(due_at, incident.last_human_act_at + scaled(CLOSING_AFTER_HUMAN_ACT))
