"""What the watcher makes of a PIN: the all-clear, or a silent incident."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alerts.domain.events import EventKind
from alerts.domain.states import IncidentState, Trigger
from alerts.models import Incident, Meetup, PinEntry
from alerts.models.sealed import open_column
from alerts.sealing.pins import PinVerdict
from alerts.services.incidents.incidents import Opening, open_incidents, raise_trigger
from alerts.services.incidents.operator import tell_operator
from alerts.services.incidents.resolution import resolve_by_owner
from alerts.services.pins.pin_entries import WRONG_PINS, PinAction, incident_standing
from alerts.services.snapshots import Snapshot
from alerts.services.sweeps import sweep
from alerts.services.timeline import record_event

logger = logging.getLogger(__name__)

RETRY_PERIOD = timedelta(seconds=30)
TRIGGERS = {PinVerdict.Duress: Trigger.Duress, WRONG_PINS: Trigger.WrongPins}


def run_due_entries(*, now: datetime, limit: int = 100) -> int:
    """Carry out what PINs entered since the last sweep mean; return how many there were."""

    def carry_out(due: QuerySet[PinEntry]) -> int:
        return _carry_out(due, now=now)

    def degrade(entry_id: UUID) -> None:
        _tell_operator(entry_id, now=now)

    return sweep(PinEntry.objects.due(now), limit=limit, carry_out=carry_out, degrade=degrade)


@transaction.atomic
def _carry_out(due: QuerySet[PinEntry], *, now: datetime) -> int:
    entries = list(due.select_related("data_key").select_for_update(skip_locked=True, of=("self",)))
    for entry in entries:
        document = open_column(entry, "sealed_verdict", key=entry.data_key)
        verdict, seen = document["verdict"], document["seen"]
        incident = _lock_live_incident(entry)
        if verdict in TRIGGERS:
            _raise_alarm(entry, incident, TRIGGERS[verdict], now=now)
        else:
            _take_as_all_clear(entry, incident or _lock_unconfirmed(entry), seen, now=now)
        entry.processed_at = now
        entry.next_action_at = None
    PinEntry.objects.bulk_update(entries, ["processed_at", "next_action_at"])
    return len(entries)


def _lock_live_incident(entry: PinEntry) -> Incident | None:
    """Return the live incident the entry speaks to, locked after its meetup."""
    if entry.meetup_id is not None:
        Meetup.objects.select_for_update().filter(pk=entry.meetup_id).first()
        live = Incident.objects.live().filter(meetup_id=entry.meetup_id)
        return live.select_for_update().first()
    if entry.user_id is None:
        return None
    live = Incident.objects.live().filter(owner_id=entry.user_id, meetup_id__isnull=True)
    return live.select_for_update().first()


def _lock_unconfirmed(entry: PinEntry) -> Incident | None:
    """Return the incident that was closed without confirmation: its owner may come back late."""
    if entry.meetup_id is None:
        return None
    closed = Incident.objects.filter(
        meetup_id=entry.meetup_id, state=IncidentState.ClosedUnconfirmed
    )
    return closed.order_by("-opened_at").select_for_update().first()


def _raise_alarm(
    entry: PinEntry, incident: Incident | None, trigger: Trigger, *, now: datetime
) -> None:
    document = open_column(entry, "sealed_snapshot", key=entry.data_key)
    snapshot = Snapshot.from_document(document)
    if incident is not None:
        raise_trigger(incident, trigger, snapshot, now=now)
        return
    opening = Opening(
        trigger=trigger,
        snapshot=snapshot,
        due_at=entry.entered_at,
        meetup_id=entry.meetup_id,
        owner_id=entry.user_id,
    )
    open_incidents([opening], now=now)


def _take_as_all_clear(
    entry: PinEntry, incident: Incident | None, seen: str, *, now: datetime
) -> None:
    """Resolve a visible incident, unless a silent one is live: the code may have been forced.

    What was opened or raised since the code was entered goes on as well.
    """
    action = PinAction(entry.action)
    silent = _lock_silent_incidents(entry)
    if incident is not None and incident.silent_since is not None and incident not in silent:
        silent.append(incident)
    for each in silent:
        each.code_entered_at = entry.entered_at
        each.save(update_fields=["code_entered_at"])
        record_event(EventKind.CodeEntered, now=now, incident_id=each.pk)
    if silent or incident is None:
        return
    if action.resolves and _stands_as_seen(entry.meetup_id, seen):
        resolve_by_owner(incident, is_false_alarm=action.is_false_alarm, now=now)


def _lock_silent_incidents(entry: PinEntry) -> list[Incident]:
    """Return every live incident that began with a forced code, whatever meetup it belongs to."""
    if entry.user_id is None:
        return []
    live = Incident.objects.live().filter(owner_id=entry.user_id, silent_since__isnull=False)
    return list(live.order_by("pk").select_for_update())


def _stands_as_seen(meetup_id: UUID | None, seen: str) -> bool:
    if meetup_id is None:
        return False
    stands = incident_standing(meetup_id)
    if Meetup.objects.filter(pk=meetup_id).exists():
        return stands == seen
    return stands.rpartition(":")[0] == seen.rpartition(":")[0]  # its timers went with it


@transaction.atomic
def _tell_operator(entry_id: UUID, *, now: datetime) -> None:
    """Tell the operator of an entry that cannot be read, and try it again soon."""
    tell_operator(f"pin_entry:{entry_id}", incident_id=None, now=now)
    PinEntry.objects.filter(pk=entry_id).update(next_action_at=now + RETRY_PERIOD)
