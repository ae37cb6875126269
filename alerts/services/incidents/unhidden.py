"""A silent incident whose owner triggers a visible one: seen from now on, from its first step."""

from datetime import datetime
from uuid import UUID, uuid4

from alerts.conf import alerts_settings
from alerts.domain.escalation import Reason, freeze_plan, make_plan
from alerts.domain.events import EventKind
from alerts.domain.states import AcknowledgementEnd, IncidentState, Purpose, Trigger
from alerts.models import Incident, OwnerIncident, Responder
from alerts.models.bulk import insert_rows
from alerts.sealing.tokens import LinkPurpose
from alerts.services.incidents.incidents import end_live_acknowledgements, restart_plan
from alerts.services.incidents.responders import existing_contact_ids, make_responders
from alerts.services.incidents.schedule import schedule_next_step
from alerts.services.incidents.tell import cancel_queued_alerts
from alerts.services.links import create_links
from alerts.services.outbox import wake_watchers
from alerts.services.snapshots import Snapshot
from alerts.services.timeline import record_event


def is_hidden(incident: Incident) -> bool:
    """Whether the owner is shown nothing of a live incident."""
    if incident.silent_since is None:
        return False
    return not OwnerIncident.objects.filter(incident=incident, resolved_at=None).exists()


def unhide_incident(
    incident: Incident, trigger: Trigger, snapshot: Snapshot, *, due_at: datetime, now: datetime
) -> None:
    """Start a locked, hidden incident anew at the pace of a trigger that its owner is shown.

    Whoever holds the phone sees who is told and when, and must see what an incident that opens now
    would show: the same people, the same steps, nobody on it yet. Trigger and texts stay those of
    what was hidden. Everyone is told once more, which a missed check-in or an SOS deserves anyway.
    """
    end_live_acknowledgements(incident, AcknowledgementEnd.Superseded, now=now)
    cancel_queued_alerts(incident, purposes=[Purpose.Alert, Purpose.Repeat])
    _adopt_contacts(incident, snapshot)
    _add_missing_responders(incident, trigger, snapshot, now=now)
    incident.state = IncidentState.Open
    incident.opened_at = now
    incident.due_at = due_at
    incident.last_human_act_at = None
    restart_plan(incident, Reason.Opened, now=now)
    scale = alerts_settings().escalation_scale
    incident.plan = freeze_plan(make_plan(Trigger(incident.trigger), scale=scale, pace=trigger))
    schedule_next_step(incident, now=now)
    incident.save()
    record_event(EventKind.TriggerRepeated, now=now, incident_id=incident.pk, trigger=str(trigger))
    wake_watchers()


def _adopt_contacts(incident: Incident, snapshot: Snapshot) -> None:
    """Let responders be told as the contacts of now would be; what they may see stays.

    Whoever had a number that was changed since is told on, but is nobody the owner knows of.
    """
    contacts = {UUID(contact["contact_id"]): contact for contact in snapshot.contacts}
    for responder in Responder.objects.filter(incident=incident).select_for_update():
        responder.declined_at = None
        responder.revealed_at = None
        contact = contacts.get(responder.contact_id_at_opening)
        if contact is not None and contact["phone_index"] == bytes(responder.phone_index).hex():
            responder.circle = contact["circle"]
            responder.has_email = bool((contact["profile"] or {}).get("email"))
        elif contact is not None:
            responder.contact = None
            responder.contact_id_at_opening = uuid4()
        responder.save()


def _add_missing_responders(
    incident: Incident, trigger: Trigger, snapshot: Snapshot, *, now: datetime
) -> None:
    known = set(incident.responders.values_list("contact_id_at_opening", flat=True))
    existing = existing_contact_ids([snapshot])
    missing = [
        responder
        for responder in make_responders(incident, snapshot, existing=existing, pace=trigger)
        if responder.contact_id_at_opening not in known
    ]
    insert_rows(missing)
    create_links(LinkPurpose.Responder, [r.pk for r in missing], now=now)
