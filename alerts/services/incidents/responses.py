"""What a contact does on the alert page, in a call or by a text."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.conf import alerts_settings
from alerts.domain.errors import InvalidInput, NotPossibleNow
from alerts.domain.events import EventKind
from alerts.domain.states import (
    INCIDENT_MOVES,
    LIVE_INCIDENT_STATES,
    AcknowledgementEnd,
    IncidentState,
    Purpose,
    ensure_move,
)
from alerts.domain.texts import TextId
from alerts.models import Acknowledgement, Incident, Responder
from alerts.services.incidents.lapses import reopen_if_nobody_acts
from alerts.services.incidents.resolution import doubt_resolution, lock_incident, resolve_by_contact
from alerts.services.incidents.schedule import schedule_next_step
from alerts.services.incidents.tell import cancel_queued_alerts, tell_everyone_told
from alerts.services.outbox import wake_watchers
from alerts.services.timeline import record_event

WAYS_TO_KNOW = frozenset({"with_them", "heard_voice"})
SAFE_FROM = LIVE_INCIDENT_STATES | {IncidentState.ClosedUnconfirmed}


@transaction.atomic
def acknowledge_incident(*, responder_id: UUID, now: datetime) -> None:
    """Record that a contact is on it: the plan waits until the acknowledgement lapses.

    Several may join. A second press renews. Raises NotPossibleNow once the incident has ended.
    """
    responder, incident = _lock(responder_id)
    _ensure_may_act(responder, incident)
    acknowledgement, is_new = Acknowledgement.objects.get_or_create(
        responder=responder,
        ended_at=None,
        defaults={
            "incident": incident,
            "acknowledged_at": now,
            "updated_at": now,
            "lapses_at": now + alerts_settings().ack_lapse_period,
        },
    )
    if not is_new:
        _renew(acknowledgement, now=now)
    if incident.state == IncidentState.Open:
        ensure_move(INCIDENT_MOVES, IncidentState(incident.state), IncidentState.Acknowledged)
        incident.state = IncidentState.Acknowledged
        cancel_queued_alerts(incident, purposes=[Purpose.Repeat])
    responder.declined_at = None
    responder.save(update_fields=["declined_at"])
    _save_act(incident, now=now)
    if is_new:
        _record(EventKind.Acknowledged, responder, now=now)
        tell_everyone_told(
            incident,
            TextId.SomebodyActs,
            reason=f"ack:{acknowledgement.pk}",
            purpose=Purpose.Notice,
            now=now,
            about_id=responder.pk,
        )


@transaction.atomic
def update_acknowledgement(*, responder_id: UUID, now: datetime) -> None:
    """Record that the one who is on it still is: the lapse moves on."""
    responder, incident = _lock(responder_id)
    acknowledgement = _live_acknowledgement(responder)
    _renew(acknowledgement, now=now)
    _record(EventKind.AcknowledgementUpdated, responder, now=now)
    _save_act(incident, now=now)


@transaction.atomic
def hand_over(*, responder_id: UUID, now: datetime) -> None:
    """End the contact's acknowledgement at once; the plan goes on if nobody else is on it."""
    responder, incident = _lock(responder_id)
    _end_acknowledgement(_live_acknowledgement(responder), AcknowledgementEnd.HandedOver, now=now)
    reopen_if_nobody_acts(incident, now=now)
    _save_act(incident, now=now)
    wake_watchers()


@transaction.atomic
def decline(*, responder_id: UUID, now: datetime) -> None:
    """Record "I cannot": nothing more to this contact but the all-clear."""
    responder, incident = _lock(responder_id)
    _ensure_live(incident)
    if responder.declined_at is not None:
        return
    responder.declined_at = now
    responder.save(update_fields=["declined_at"])
    _record(EventKind.Declined, responder, now=now)
    for acknowledgement in Acknowledgement.objects.live().filter(responder=responder):
        _end_acknowledgement(acknowledgement, AcknowledgementEnd.Declined, now=now)
    reopen_if_nobody_acts(incident, now=now)
    _save_act(incident, now=now, is_looked_at_again=True)


@transaction.atomic
def take_back_decline(*, responder_id: UUID, now: datetime) -> None:
    """Let a contact who had declined be told again."""
    responder, incident = _lock(responder_id)
    _ensure_live(incident)
    if responder.declined_at is None:
        return
    responder.declined_at = None
    responder.save(update_fields=["declined_at"])
    _record(EventKind.DeclineTakenBack, responder, now=now)
    _save_act(incident, now=now)


@transaction.atomic
def report_safe(*, responder_id: UUID, how: str, now: datetime) -> None:
    """End the incident: the contact is with the owner, or heard their voice, free to speak."""
    if how not in WAYS_TO_KNOW:
        raise InvalidInput
    responder, incident = _lock(responder_id)
    if not _has_role(responder) or IncidentState(incident.state) not in SAFE_FROM:
        raise NotPossibleNow
    resolve_by_contact(incident, responder, now=now)


def doubt(*, responder_id: UUID, now: datetime) -> None:
    """Open a resolved incident again."""
    responder = Responder.objects.get(pk=responder_id)
    if responder.stopped_at is not None:
        raise NotPossibleNow
    doubt_resolution(responder=responder, now=now)


@transaction.atomic
def record_reveal(*, responder_id: UUID, now: datetime) -> None:
    """Record that the contact opened the details; the owner sees it later."""
    responder, _ = _lock(responder_id)
    responder.revealed_at = responder.revealed_at or now
    responder.seen_at = responder.seen_at or now
    responder.save(update_fields=["revealed_at", "seen_at"])
    _record(EventKind.DetailsRevealed, responder, now=now)


@transaction.atomic
def stop_responder(*, responder_id: UUID, now: datetime) -> None:
    """Let this incident send nothing more to the contact, ever."""
    responder, incident = _lock(responder_id)
    if responder.stopped_at is not None:
        return
    responder.stopped_at = now
    responder.save(update_fields=["stopped_at"])
    _record(EventKind.ResponderStopped, responder, now=now)
    for acknowledgement in Acknowledgement.objects.live().filter(responder=responder):
        _end_acknowledgement(acknowledgement, AcknowledgementEnd.Declined, now=now)
    reopen_if_nobody_acts(incident, now=now)
    _save_act(incident, now=now, is_looked_at_again=True)


@transaction.atomic
def accept_role(*, responder_id: UUID, now: datetime) -> None:
    """Record that a contact who never answered the invitation takes the role in this incident."""
    responder, incident = _lock(responder_id)
    _ensure_live(incident)
    if responder.is_confirmed or responder.stopped_at is not None:
        raise NotPossibleNow
    responder.accepted_at = responder.accepted_at or now
    responder.save(update_fields=["accepted_at"])
    _save_act(incident, now=now)


def refuse_role(*, responder_id: UUID, now: datetime) -> None:
    """Record that a contact who never answered the invitation does not take the role."""
    stop_responder(responder_id=responder_id, now=now)


def _lock(responder_id: UUID) -> tuple[Responder, Incident]:
    incident_id = Responder.objects.values_list("incident_id", flat=True).get(pk=responder_id)
    incident = lock_incident(incident_id)
    return Responder.objects.select_for_update().get(pk=responder_id), incident


def _ensure_live(incident: Incident) -> None:
    if IncidentState(incident.state) not in LIVE_INCIDENT_STATES:
        raise NotPossibleNow


def _ensure_may_act(responder: Responder, incident: Incident) -> None:
    _ensure_live(incident)
    if not _has_role(responder):
        raise NotPossibleNow


def _has_role(responder: Responder) -> bool:
    """Whether the contact took the role, and has not left it."""
    has_accepted = responder.is_confirmed or responder.accepted_at is not None
    return has_accepted and responder.stopped_at is None


def _live_acknowledgement(responder: Responder) -> Acknowledgement:
    acknowledgement = Acknowledgement.objects.live().filter(responder=responder).first()
    if acknowledgement is None:
        raise NotPossibleNow
    return acknowledgement


def _renew(acknowledgement: Acknowledgement, *, now: datetime) -> None:
    acknowledgement.updated_at = now
    acknowledgement.lapses_at = now + alerts_settings().ack_lapse_period
    acknowledgement.save(update_fields=["updated_at", "lapses_at"])


def _end_acknowledgement(
    acknowledgement: Acknowledgement, reason: AcknowledgementEnd, *, now: datetime
) -> None:
    acknowledgement.ended_at = now
    acknowledgement.end_reason = reason
    acknowledgement.save(update_fields=["ended_at", "end_reason"])
    record_event(
        EventKind.AcknowledgementEnded,
        now=now,
        incident_id=acknowledgement.incident_id,
        responder_id=acknowledgement.responder_id,
        reason=str(reason),
    )


def _save_act(incident: Incident, *, now: datetime, is_looked_at_again: bool = False) -> None:
    """Store a human act; the watcher looks again when it may have changed who can be told."""
    incident.last_human_act_at = now
    schedule_next_step(incident, now=now)
    if is_looked_at_again and incident.state == IncidentState.Open:
        incident.next_step_at = now
        wake_watchers()
    incident.save()


def _record(kind: EventKind, responder: Responder, *, now: datetime) -> None:
    record_event(kind, now=now, incident_id=responder.incident_id, responder_id=responder.pk)
