"""Opening incidents and letting a higher trigger take over."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from alerts.conf import alerts_settings
from alerts.domain.escalation import OPERATOR_WAIT, Reason, freeze_plan, make_plan
from alerts.domain.events import EventKind
from alerts.domain.local_time import is_known_zone, zone_for_country
from alerts.domain.states import AcknowledgementEnd, IncidentState, Purpose, Trigger
from alerts.domain.texts import TextId
from alerts.domain.timing import is_late
from alerts.models import Acknowledgement, Incident, Responder
from alerts.models.bulk import insert_rows
from alerts.models.sealed import create_data_keys, seal_column
from alerts.sealing.tokens import LinkPurpose
from alerts.services.incidents.operator import tell_operator
from alerts.services.incidents.responders import existing_contact_ids, make_responders
from alerts.services.incidents.schedule import schedule_next_step
from alerts.services.incidents.tell import cancel_queued_alerts, tell_everyone
from alerts.services.links import create_links
from alerts.services.outbox import keep_order, wake_watchers
from alerts.services.snapshots import Snapshot
from alerts.services.timeline import event, record_event, record_events

NUMBER_BITS = 40  # short enough to be read out, too many to be counted


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Why an incident opens, and what it works from."""

    trigger: Trigger
    snapshot: Snapshot
    due_at: datetime
    meetup_id: UUID | None = None
    owner_id: UUID | None = None


def open_incidents(openings: list[Opening], *, now: datetime) -> list[Incident]:
    """Open one incident for each, all or none; first steps are due at once, in the order given."""
    with transaction.atomic():
        keys = create_data_keys(len(openings), now=now)
        existing = existing_contact_ids(o.snapshot for o in openings)
        incidents = [_new_incident(o, now=now) for o in openings]
        keep_order(incidents, "next_step_at")
        responders: list[Responder] = []
        for incident, opening, key in zip(incidents, openings, keys, strict=True):
            incident.data_key = key
            seal_column(incident, "sealed_snapshot", opening.snapshot.to_document(), key=key)
            responders += make_responders(incident, opening.snapshot, existing=existing)
        insert_rows(incidents)
        insert_rows(responders)
        create_links(LinkPurpose.Responder, [r.pk for r in responders], now=now)
        _tell_operator_of_late(incidents, now=now)
        record_events(
            [
                event(EventKind.IncidentOpened, now=now, incident=i, data={"trigger": i.trigger})
                for i in incidents
            ]
        )
        wake_watchers()
    return incidents


def _tell_operator_of_late(incidents: list[Incident], *, now: datetime) -> None:
    """Tell the operator too of what is told more than a day late: everything was down."""
    for incident in incidents:
        if is_late(incident.due_at, now=now):
            tell_operator(f"incident:{incident.pk}:late", incident_id=incident.pk, now=now)


def raise_trigger(
    incident: Incident, trigger: Trigger, snapshot: Snapshot, *, now: datetime
) -> None:
    """Let a trigger act on a live incident that the caller has locked.

    A higher rank takes over with a new plan; the same or a lower one is an event (an SOS is also
    told to everyone).
    """
    if trigger.rank > Trigger(incident.trigger).rank:
        _upgrade(incident, trigger, snapshot, now=now)
        return
    record_event(EventKind.TriggerRepeated, now=now, incident_id=incident.pk, trigger=str(trigger))
    if trigger is Trigger.Sos:
        tell_everyone(
            incident,
            TextId.SosRepeat,
            reason=f"sos:{now.isoformat()}",
            purpose=Purpose.Alert,
            with_email=True,
            now=now,
        )


def restart_plan(incident: Incident, reason: Reason, *, now: datetime) -> None:
    """Freeze a new plan from now; saving the incident is the caller's."""
    scale = alerts_settings().escalation_scale
    plan = make_plan(Trigger(incident.trigger), scale=scale, reason=reason)
    incident.plan = freeze_plan(plan)
    incident.plan_version += 1
    incident.plan_started_at = now
    incident.next_step = 0
    incident.last_round_at = None
    incident.closing_at = None


def end_live_acknowledgements(
    incident: Incident, reason: AcknowledgementEnd, *, now: datetime
) -> int:
    """End every live acknowledgement of the incident; return how many there were."""
    return (
        Acknowledgement.objects.live()
        .filter(incident=incident)
        .update(ended_at=now, end_reason=reason)
    )


def _new_incident(opening: Opening, *, now: datetime) -> Incident:
    settings = alerts_settings()
    reason = Reason.OpenedLate if is_late(opening.due_at, now=now) else Reason.Opened
    plan = make_plan(opening.trigger, scale=settings.escalation_scale, reason=reason)
    return Incident(
        id=uuid4(),
        number=secrets.randbits(NUMBER_BITS),
        meetup_id=opening.meetup_id,
        owner_id=opening.owner_id,
        trigger=opening.trigger,
        silent_since=now if opening.trigger.is_silent else None,
        plan=freeze_plan(plan),
        plan_started_at=now,
        next_step_at=now,
        opened_at=now,
        due_at=opening.due_at,
        time_zone=_known_zone(opening.snapshot),
        country=opening.snapshot.country,
        operator_due_at=now + settings.scaled(OPERATOR_WAIT),
    )


def _known_zone(snapshot: Snapshot) -> str:
    """Return the meetup's zone, or its country's where no such zone exists any more."""
    if is_known_zone(snapshot.time_zone):
        return snapshot.time_zone
    return zone_for_country(snapshot.country)


def _upgrade(incident: Incident, trigger: Trigger, snapshot: Snapshot, *, now: datetime) -> None:
    """Replace the trigger; everyone is told anew, also who had acknowledged or declined."""
    end_live_acknowledgements(incident, AcknowledgementEnd.Superseded, now=now)
    cancel_queued_alerts(incident, purposes=[Purpose.Repeat])
    Responder.objects.filter(incident=incident).update(declined_at=None)
    if trigger.is_silent and incident.silent_since is None:
        incident.silent_since = now
    incident.trigger = trigger
    incident.state = IncidentState.Open
    incident.due_at = now
    _add_missing_responders(incident, snapshot, now=now)
    incident.first_accepted_at = None
    incident.operator_due_at = now + alerts_settings().scaled(OPERATOR_WAIT)
    incident.operator_told = 0
    restart_plan(incident, Reason.Opened, now=now)
    schedule_next_step(incident, now=now)
    incident.save()
    record_event(EventKind.IncidentUpgraded, now=now, incident_id=incident.pk, trigger=str(trigger))
    wake_watchers()


def _add_missing_responders(incident: Incident, snapshot: Snapshot, *, now: datetime) -> None:
    known = set(incident.responders.values_list("contact_id_at_opening", flat=True))
    existing = existing_contact_ids([snapshot])
    missing = [
        responder
        for responder in make_responders(incident, snapshot, existing=existing)
        if responder.contact_id_at_opening not in known
    ]
    insert_rows(missing)
    create_links(LinkPurpose.Responder, [r.pk for r in missing], now=now)
