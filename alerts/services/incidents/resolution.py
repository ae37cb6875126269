"""The end of an incident by a human, and the doubt that opens it again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.conf import alerts_settings
from alerts.domain.errors import NotPossibleNow
from alerts.domain.escalation import (
    DOUBT_PERIOD,
    OPERATOR_WAIT,
    PAGE_KEPT_PERIOD,
    Reason,
)
from alerts.domain.events import EventKind
from alerts.domain.states import (
    INCIDENT_MOVES,
    AcknowledgementEnd,
    IncidentState,
    MeetupOutcome,
    Purpose,
    Trigger,
    ensure_move,
)
from alerts.domain.texts import TextId
from alerts.models import Incident, Link, Meetup, Responder
from alerts.services.incidents.incidents import end_live_acknowledgements, restart_plan
from alerts.services.incidents.schedule import schedule_next_step
from alerts.services.incidents.shown import end_shown_incident, show_incident_again
from alerts.services.incidents.tell import cancel_queued_alerts, tell_everyone, tell_everyone_told
from alerts.services.links import expire_links
from alerts.services.outbox import wake_watchers
from alerts.services.pins.pin_entries import end_forced_pins
from alerts.services.timeline import record_event

BY_OWNER = "owner"
BY_CONTACT = "contact"


def resolve_by_owner(incident: Incident, *, is_false_alarm: bool, now: datetime) -> None:
    """End a locked incident because its owner entered the true PIN; all told hear of it once."""
    is_missed = Trigger(incident.trigger) is Trigger.MissedCheckIn
    text = TextId.FalseAlarm if is_false_alarm and is_missed else TextId.AllClear
    _resolve(incident, text, by=BY_OWNER, about=None, now=now)


def resolve_by_contact(incident: Incident, responder: Responder, *, now: datetime) -> None:
    """End a locked incident because a contact is with the owner or heard them speak freely."""
    _resolve(incident, TextId.ClearByContact, by=BY_CONTACT, about=responder, now=now)
    end_shown_incident(incident, MeetupOutcome.ResolvedByContact, now=now)


def lock_incident(incident_id: UUID) -> Incident:
    """Return the incident locked, its meetup first: everyone takes them in this order."""
    meetup_id = Incident.objects.values_list("meetup_id", flat=True).get(pk=incident_id)
    if meetup_id is not None:
        Meetup.objects.select_for_update().filter(pk=meetup_id).first()
    return Incident.objects.select_for_update().get(pk=incident_id)


@transaction.atomic
def doubt_resolution(*, responder: Responder, now: datetime) -> None:
    """Open a resolved incident again: a contact doubts that all is well (60 min long)."""
    incident = lock_incident(responder.incident_id)
    resolved_at = incident.resolved_at
    is_resolved = incident.state == IncidentState.Resolved and resolved_at is not None
    if not is_resolved or resolved_at is None or now - resolved_at > DOUBT_PERIOD:
        raise NotPossibleNow
    record_event(EventKind.Doubted, now=now, incident_id=incident.pk, responder_id=responder.pk)
    other = _other_live_incident(incident)
    if other is not None:
        _tell_doubt(other, now=now)
        return
    ensure_move(INCIDENT_MOVES, IncidentState(incident.state), IncidentState.Open)
    incident.state = IncidentState.Open
    incident.resolved_at = None
    incident.resolved_by = ""
    incident.last_human_act_at = now
    incident.operator_due_at = now + alerts_settings().scaled(OPERATOR_WAIT)
    restart_plan(incident, Reason.Doubted, now=now)
    schedule_next_step(incident, now=now)
    incident.save()
    Link.objects.filter(subject_id__in=incident.responders.values("pk")).update(expires_at=None)
    show_incident_again(incident, now=now)
    wake_watchers()


def _resolve(
    incident: Incident, text: TextId, *, by: str, about: Responder | None, now: datetime
) -> None:
    ensure_move(INCIDENT_MOVES, IncidentState(incident.state), IncidentState.Resolved)
    end_live_acknowledgements(incident, AcknowledgementEnd.Superseded, now=now)
    cancel_queued_alerts(
        incident, purposes=[Purpose.Alert, Purpose.Repeat, Purpose.Operator, Purpose.Notice]
    )
    tell_everyone_told(
        incident,
        text,
        reason=f"resolved:v{incident.plan_version}",
        purpose=Purpose.StandDown,
        now=now,
        about_id=about.pk if about else None,
        with_declined=True,
    )
    incident.state = IncidentState.Resolved
    incident.resolved_at = now
    incident.resolved_by = by
    incident.last_human_act_at = now
    incident.next_step_at = None
    incident.save()
    expire_links(list(incident.responders.values_list("pk", flat=True)), at=now + PAGE_KEPT_PERIOD)
    record_event(
        EventKind.IncidentResolved,
        now=now,
        incident_id=incident.pk,
        responder_id=about.pk if about else None,
        by=by,
    )
    if incident.owner_id is not None and incident.silent_since is not None:
        end_forced_pins(user_id=incident.owner_id, now=now)


def _other_live_incident(incident: Incident) -> Incident | None:
    if incident.meetup_id is None:
        return None
    return Incident.objects.live().filter(meetup_id=incident.meetup_id).select_for_update().first()


def _tell_doubt(incident: Incident, *, now: datetime) -> None:
    """Pass the doubt on where a later incident of the same meetup is live already."""
    is_urgent = Trigger(incident.trigger).is_urgent
    tell_everyone(
        incident,
        TextId.SosRepeat if is_urgent else TextId.Doubt,
        reason=f"doubt:{now.isoformat()}",
        purpose=Purpose.Alert,
        now=now,
    )
