"""What a right PIN leaves behind, the same in both worlds, and what the watcher makes of it."""

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from alerts.domain.states import RUNNING_MEETUP_STATES, IncidentState, TimerState
from alerts.models import Incident, Meetup, PinEntry, User
from alerts.models.sealed import create_data_key, open_column, seal_column
from alerts.sealing.keys import CannotOpen
from alerts.sealing.pins import PinVerdict
from alerts.services.outbox import wake_watchers
from alerts.services.snapshots import Snapshot, take_owner_snapshot, take_snapshots

logger = logging.getLogger(__name__)

WRONG_PINS = "wrong_pins"
FORCED_PINS_PERIOD = timedelta(hours=72)
VERDICT_LENGTH = 80


class PinAction(StrEnum):
    """What was done with a PIN."""

    CheckIn = "check_in"
    CheckInWhileAlerting = "check_in_while_alerting"
    Extend = "extend"
    End = "end"
    Cancel = "cancel"
    Resolve = "resolve"
    ResolveFalseAlarm = "resolve_false_alarm"
    DeleteMeetup = "delete_meetup"
    ChangeMeetup = "change_meetup"
    ChangeContact = "change_contact"
    DeleteContact = "delete_contact"
    ChangePins = "change_pins"
    ChangeSettings = "change_settings"
    ChangePhone = "change_phone"
    MakeRecoveryCodes = "make_recovery_codes"
    DeleteAccount = "delete_account"
    WrongPins = "wrong_pins"
    Refused = "refused"  # a right PIN for something that was refused all the same

    @property
    def resolves(self) -> bool:
        """Whether the true PIN, entered for this, says that an open incident is over."""
        return self in {
            PinAction.CheckInWhileAlerting,
            PinAction.End,
            PinAction.Cancel,
            PinAction.Resolve,
            PinAction.ResolveFalseAlarm,
            PinAction.DeleteMeetup,
            PinAction.DeleteAccount,
        }

    @property
    def is_false_alarm(self) -> bool:
        """Whether the owner said that there was never anything the matter."""
        return self in {
            PinAction.CheckInWhileAlerting,
            PinAction.End,
            PinAction.Cancel,
            PinAction.ResolveFalseAlarm,
        }


def record_entry(
    *,
    user: User,
    action: PinAction,
    verdict: PinVerdict,
    now: datetime,
    meetup_id: UUID | None = None,
) -> None:
    """Keep the sealed verdict and a sealed snapshot; call it before the change, in its transaction.

    Without a meetup the one that runs is taken, else all the confirmed contacts.
    """
    _write_entry(user, action, str(verdict), meetup_id=meetup_id, now=now)


def record_wrong_pins(*, user: User, meetup_id: UUID, now: datetime) -> None:
    """Keep that five wrong PINs in a row were entered while a meetup ran."""
    _write_entry(user, PinAction.WrongPins, WRONG_PINS, meetup_id=meetup_id, now=now)


def last_pins_were_forced(*, user_id: UUID, now: datetime) -> bool:
    """Return whether the present PINs were set under duress and so both mean duress."""
    entry = (
        PinEntry.objects.filter(user_id=user_id, action=PinAction.ChangePins)
        .select_related("data_key")
        .order_by("-entered_at")
        .first()
    )
    if entry is None:
        return False
    try:
        verdict = open_column(entry, "sealed_verdict", key=entry.data_key)
    except CannotOpen:
        logger.exception("pin entry %s cannot be opened", entry.pk)
        return False
    ends_at = verdict.get("forced_until")
    is_over = ends_at is not None and datetime.fromisoformat(ends_at) <= now
    return verdict["verdict"] == PinVerdict.Duress and not is_over


def end_forced_pins(*, user_id: UUID, now: datetime) -> None:
    """Let PINs set under duress mean what they say again, 72 h after the close."""
    entries = PinEntry.objects.filter(user_id=user_id, action=PinAction.ChangePins)
    for entry in entries.select_related("data_key").select_for_update(of=("self",)):
        try:
            verdict = open_column(entry, "sealed_verdict", key=entry.data_key)
        except CannotOpen:
            logger.exception("pin entry %s cannot be opened", entry.pk)
            continue
        verdict["forced_until"] = (now + FORCED_PINS_PERIOD).isoformat()
        seal_column(entry, "sealed_verdict", verdict, key=entry.data_key)
        entry.save(update_fields=["sealed_verdict"])


def incident_standing(meetup_id: UUID) -> str:
    """Return what tells the meetup's incident, as it stands, from a later or a renewed one.

    A code ends what was there when it was entered. Instants cannot say so: the code was on its way
    while the deadline passed. The lock on the meetup can: who holds it knows what came before.
    """
    found = (
        Incident.objects.filter(meetup_id=meetup_id)
        .exclude(state=IncidentState.Resolved)
        .annotate(missed=Count("meetup__timers", filter=Q(meetup__timers__state=TimerState.Missed)))
        .order_by("-opened_at")
        .values_list("pk", "plan_version", "missed")
        .first()
    )
    return "" if found is None else ":".join(str(part) for part in found)


@transaction.atomic
def _write_entry(
    user: User, action: PinAction, verdict: str, *, meetup_id: UUID | None, now: datetime
) -> None:
    meetup = _find_meetup(user, meetup_id)
    snapshot = _take_snapshot(user, meetup)
    entry = PinEntry(
        user=user,
        meetup=meetup,
        data_key=create_data_key(now=now),
        action=action,
        entered_at=now,
        next_action_at=now,
    )
    seen = incident_standing(meetup.pk) if meetup is not None else ""
    # The same length whatever it says: a stolen row must not tell by its size.
    padding = "." * (VERDICT_LENGTH - len(verdict) - len(seen))
    padded = {"verdict": verdict, "seen": seen, "padding": padding}
    seal_column(entry, "sealed_verdict", padded, key=entry.data_key)
    seal_column(entry, "sealed_snapshot", snapshot.to_document(), key=entry.data_key)
    entry.save(force_insert=True)
    wake_watchers()


def _find_meetup(user: User, meetup_id: UUID | None) -> Meetup | None:
    meetups = Meetup.objects.filter(owner=user).select_related("owner__data_key", "data_key")
    if meetup_id is not None:
        return meetups.filter(pk=meetup_id).first()
    return meetups.filter(state__in=RUNNING_MEETUP_STATES).order_by("-starts_at").first()


def _take_snapshot(user: User, meetup: Meetup | None) -> Snapshot:
    if meetup is not None:
        return take_snapshots([meetup])[meetup.pk]
    return take_owner_snapshot(user)
