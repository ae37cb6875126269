"""Planning, changing, ending and deleting meetups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from alerts.conf import alerts_settings
from alerts.domain.errors import (
    ContactNotAvailable,
    ContactNotConfirmed,
    FieldError,
    MeetupEnded,
    MeetupsOverlap,
    NotFound,
    PinsRequired,
    StrangersNumber,
    TooManyUnconfirmed,
)
from alerts.domain.events import EventKind
from alerts.domain.planning import (
    Deadline,
    PlannedCheckIn,
    choose_grace,
    plan_deadlines,
    plan_start,
)
from alerts.domain.states import ContactState, MeetupOutcome, MeetupState
from alerts.models import CheckInTimer, Contact, Meetup, MeetupContact, User
from alerts.models.sealed import Document, create_data_key, destroy_data_key, seal_column
from alerts.sealing.digests import phone_index
from alerts.sealing.tokens import LinkPurpose
from alerts.services.deletions import begun_again
from alerts.services.incidents.shown import end_meetup_now
from alerts.services.links import create_links, revoke_links
from alerts.services.meetups.arming import new_timer
from alerts.services.meetups.owner_incidents import resolve_shown_incident_of
from alerts.services.outbox import wake_watchers
from alerts.services.pins.pin_calls import PinCall, pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.sweeps import sweep
from alerts.services.timeline import event, record_event, record_events

GONE_STATES = frozenset({ContactState.Refused, ContactState.Lapsed, ContactState.Stopped})
UNCONFIRMED_STATES = frozenset({ContactState.Invited, ContactState.Accepted})
MAX_UNCONFIRMED = 3


@dataclass(frozen=True, kw_only=True)
class MeetupPlan:
    """What an owner asks for; numbers are in E.164 form already."""

    details: Document
    country: str
    check_ins: Sequence[PlannedCheckIn]
    contact_ids: Sequence[UUID]
    starts_at: datetime | None = None
    grace_period: timedelta | None = None


@transaction.atomic
def plan_meetup(*, owner: User, plan: MeetupPlan, now: datetime) -> Meetup:
    """Store a meetup with its timers armed; only the answer to this is a promise.

    Raises PinsRequired, ContactNotConfirmed, MeetupsOverlap, InvalidInput and its kinds.
    """
    settings = alerts_settings()
    User.objects.select_for_update().get(pk=owner.pk)  # one plan of an owner at a time
    if not owner.pin_hash:
        raise PinsRequired
    starts_at = plan_start(plan.starts_at, now=now)
    deadlines = plan_deadlines(plan.check_ins, starts_at=starts_at, now=now, bounds=settings)
    grace = choose_grace(plan.grace_period, bounds=settings)
    contacts = choose_contacts(owner, plan.contact_ids, plan.details)
    _ensure_no_overlap(owner, starts_at, deadlines[-1].due_at + grace)
    meetup = _store_meetup(owner, plan, starts_at, grace, deadlines[-1].due_at, now=now)
    MeetupContact.objects.bulk_create(MeetupContact(meetup=meetup, contact=c) for c in contacts)
    _arm_all(meetup, deadlines, now=now)
    record_event(EventKind.MeetupPlanned, now=now, user_id=owner.pk, meetup_id=meetup.pk)
    return meetup


def choose_contacts(owner: User, contact_ids: Sequence[UUID], details: Document) -> list[Contact]:
    """Return the contacts who can be told, or raise why these cannot be chosen."""
    chosen = list(Contact.objects.filter(owner=owner, pk__in=contact_ids))
    if len(chosen) != len(set(contact_ids)):
        raise NotFound("One of the contacts does not exist.")
    states = [ContactState(c.state) for c in chosen]
    if GONE_STATES & set(states):
        raise ContactNotAvailable
    if ContactState.Confirmed not in states:
        raise ContactNotConfirmed
    if sum(state in UNCONFIRMED_STATES for state in states) > MAX_UNCONFIRMED:
        raise TooManyUnconfirmed
    strangers_phone = details.get("stranger", {}).get("phone")
    if strangers_phone and phone_index(strangers_phone) in {bytes(c.phone_index) for c in chosen}:
        pointer = FieldError("/stranger/phone", StrangersNumber.code, StrangersNumber.title)
        raise StrangersNumber(errors=(pointer,))
    return chosen


def end_meetup(*, owner: User, meetup_id: UUID, pin: str | None, now: datetime) -> Meetup:
    """End a meetup by the PIN: all is well."""
    with pin_call(user=owner, pin=pin, is_needed=True, now=now) as call, transaction.atomic():
        meetup = lock_meetup(owner, meetup_id)
        call.record(PinAction.End, meetup_id=meetup.pk)
        _end(meetup, MeetupOutcome.Safe, now=now)
    return meetup


def cancel_meetup(*, owner: User, meetup_id: UUID, pin: str | None, now: datetime) -> Meetup:
    """Cancel a meetup by the PIN: it does not take place."""
    with pin_call(user=owner, pin=pin, is_needed=True, now=now) as call, transaction.atomic():
        meetup = lock_meetup(owner, meetup_id)
        call.record(PinAction.Cancel, meetup_id=meetup.pk)
        _end(meetup, MeetupOutcome.Cancelled, now=now)
    return meetup


def delete_meetup(*, owner: User, meetup_id: UUID, pin: str | None, now: datetime) -> None:
    """Erase a meetup; while it is not ended this takes the PIN."""
    is_needed = Meetup.objects.not_ended().filter(owner=owner, pk=meetup_id).exists()
    with pin_call(user=owner, pin=pin, is_needed=is_needed, now=now) as call:
        _erase(meetup_id, call, now=now)


@begun_again
@transaction.atomic
def _erase(meetup_id: UUID, call: PinCall, *, now: datetime) -> None:
    meetup = lock_meetup(call.user, meetup_id, allow_ended=True)
    call.record(PinAction.DeleteMeetup, meetup_id=meetup.pk)
    revoke_links(list(meetup.timers.values_list("pk", flat=True)), now=now)
    key_id = meetup.data_key_id
    meetup.delete()
    destroy_data_key(key_id, now=now)


def start_due_meetups(*, now: datetime, limit: int = 200) -> int:
    """Make meetups active whose start has come; return how many."""

    def carry_out(due: QuerySet[Meetup]) -> int:
        return _start(due, now=now)

    return sweep(
        Meetup.objects.starting(now).order_by("starts_at"),
        limit=limit,
        carry_out=carry_out,
        degrade=lambda _pk: None,  # its timers are armed all the same
    )


def lock_meetup(owner: User, meetup_id: UUID, *, allow_ended: bool = False) -> Meetup:
    """Return the owner's meetup locked, or raise NotFound or MeetupEnded."""
    meetup = (
        Meetup.objects.select_for_update(of=("self",))
        .select_related("data_key")
        .filter(owner=owner, pk=meetup_id)
        .first()
    )
    if meetup is None:
        raise NotFound
    if meetup.state == MeetupState.Ended and not allow_ended:
        raise MeetupEnded
    meetup.owner = owner
    return meetup


@transaction.atomic
def _start(due: QuerySet[Meetup], *, now: datetime) -> int:
    meetups = list(due.select_for_update(skip_locked=True))
    Meetup.objects.filter(pk__in=[m.pk for m in meetups]).update(state=MeetupState.Active)
    record_events(
        [
            event(EventKind.MeetupStarted, now=now, user_id=m.owner_id, meetup_id=m.pk)
            for m in meetups
        ]
    )
    return len(meetups)


def _end(meetup: Meetup, outcome: MeetupOutcome, *, now: datetime) -> None:
    """End a locked meetup; an incident that the owner is shown ends as a false alarm."""
    if meetup.state == MeetupState.Alerting:
        resolve_shown_incident_of(meetup, MeetupOutcome.FalseAlarm, is_over=True, now=now)
    else:
        end_meetup_now(meetup, outcome, now=now)


def _ensure_no_overlap(owner: User, starts_at: datetime, ends_at: datetime) -> None:
    others = Meetup.objects.not_ended().filter(owner=owner, starts_at__lt=ends_at)
    for other in others:
        if other.last_deadline_at + other.grace_period > starts_at:
            raise MeetupsOverlap


def _store_meetup(
    owner: User,
    plan: MeetupPlan,
    starts_at: datetime,
    grace: timedelta,
    last_deadline_at: datetime,
    *,
    now: datetime,
) -> Meetup:
    meetup = Meetup(
        id=uuid4(),
        owner=owner,
        data_key=create_data_key(now=now),
        state=MeetupState.Active if starts_at <= now else MeetupState.Planned,
        starts_at=starts_at,
        last_deadline_at=last_deadline_at,
        time_zone=owner.time_zone,
        country=plan.country,
        grace_period=grace,
        extended_without_pin=timedelta(0),
        created_at=now,
    )
    details = {**plan.details, "earlier": []}
    seal_column(meetup, "sealed_details", details, key=meetup.data_key)
    meetup.save(force_insert=True)
    return meetup


def _arm_all(meetup: Meetup, deadlines: list[Deadline], *, now: datetime) -> None:
    timers = [new_timer(meetup, d.kind, due_at=d.due_at, now=now) for d in deadlines]
    for timer, deadline in zip(timers, deadlines, strict=True):
        timer.repeats_every = deadline.repeats_every
    CheckInTimer.objects.bulk_create(timers)
    create_links(LinkPurpose.OwnerTimer, [t.pk for t in timers], now=now)
    wake_watchers()
