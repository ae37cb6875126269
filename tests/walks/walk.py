"""A walk: a story told on a clock of its own, through the real services and a real outbox."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.delivery.provider import OutboundMessage
from alerts.domain.planning import PlannedCheckIn
from alerts.domain.states import Channel, TimerKind
from alerts.models import Contact, Delivery, Incident, Meetup, OwnerIncident, Responder, User
from alerts.services.contacts.invitations import run_due_invitations
from alerts.services.incidents.escalation import run_due_steps
from alerts.services.incidents.verdicts import run_due_entries
from alerts.services.meetups.meetups import MeetupPlan, plan_meetup, start_due_meetups
from alerts.services.meetups.overdue import advance_due_timers
from alerts.services.sending.attempts import carry_out, prepare
from alerts.services.sending.dispatch import claim
from alerts.services.sending.settlement import settle
from tests.factories import ContactFactory, UserFactory

PARIS = ZoneInfo("Europe/Paris")
EVENING = datetime(2027, 1, 15, 20, 0, tzinfo=PARIS)
SWEEPS = (
    start_due_meetups,
    advance_due_timers,
    run_due_entries,
    run_due_steps,
    run_due_invitations,
)


@dataclass(frozen=True)
class Sent:
    """A message that has left."""

    to: str
    text: str
    body: str


@dataclass
class Network:
    """A provider that takes everything, but for the numbers told to fail."""

    failures: dict[str, Exception] = field(default_factory=dict)
    taken: list[OutboundMessage] = field(default_factory=list)
    name: str = "walk"

    async def send(self, message: OutboundMessage) -> str:
        """Take the message, or fail as told."""
        if message.to in self.failures:
            raise self.failures[message.to]
        self.taken.append(message)
        return f"SM{len(self.taken):032}"


class Walk:
    """Ana, her contacts, a clock, and the watcher's work done by hand."""

    def __init__(self) -> None:
        self.now = EVENING
        self.network = Network()
        self.ana: User = UserFactory.create(created_at=EVENING)
        self.contacts: dict[str, Contact] = {}
        self.names: dict[str, str] = {}
        self.meetup: Meetup | None = None

    def with_contact(self, name: str, *, circle: int = 1, **columns: object) -> "Walk":
        """Add a confirmed contact (unless the columns say otherwise)."""
        number = f"+3363998{len(self.contacts) + 7100:04}"
        contact = ContactFactory.create(
            owner=self.ana,
            name=name.title(),
            phone=number,
            circle=circle,
            created_at=self.now,
            **columns,
        )
        self.contacts[name] = contact
        self.names[number] = name
        return self

    def at(self, clock: str) -> "Walk":
        """Move to the next time the clock in Paris shows this ("21:10", "21:10:30")."""
        hour, minute, *rest = (int(part) for part in clock.split(":"))
        local = self.now.astimezone(PARIS)
        wanted = local.replace(hour=hour, minute=minute, second=rest[0] if rest else 0)
        self.now = wanted if wanted >= local else wanted + timedelta(days=1)
        return self

    def after(self, **period: float) -> "Walk":
        """Let time pass."""
        self.now += timedelta(**period)
        return self

    def plan(self, *, due: str, contacts: Sequence[str], **options: Any) -> "Walk":
        """Plan a meetup that starts now, with one check-in when the clock next shows `due`."""
        now = self.now
        due_at = self.at(due).now
        self.now = now
        return self.plan_at(due_at, contacts=contacts, **options)

    def plan_at(
        self,
        due_at: datetime,
        *,
        contacts: Sequence[str],
        kind: TimerKind = TimerKind.End,
        more: Sequence[PlannedCheckIn] = (),
    ) -> "Walk":
        """Plan a meetup that starts now, with one check-in at an instant."""
        plan = MeetupPlan(
            details={
                "stranger": {"name": "Sam", "platform": "x", "handle": "sam75", "notes": ""},
                "place": {"label": "Chez Sam", "address": "12 rue des Lilas, Paris"},
            },
            country="FR",
            check_ins=[PlannedCheckIn(kind=kind, due_at=due_at), *more],
            contact_ids=[self.contacts[name].pk for name in contacts],
        )
        self.meetup = plan_meetup(owner=self.ana, plan=plan, now=self.now)
        return self

    def sweep(self) -> "Walk":
        """Do what the watcher does until nothing is due any more."""
        while sum(run(now=self.now, limit=100) for run in SWEEPS) + self._send():
            pass
        return self

    def _send(self) -> int:
        claims = claim(limit=200, now=self.now)
        jobs, settlements = prepare(claims, now=self.now, claimed_at=time.monotonic())
        providers = {Channel.Sms: self.network}

        async def send_all() -> None:
            for job in jobs:
                settlements.append(await carry_out(job, providers))

        asyncio.run(send_all())
        if settlements:
            settle(settlements, now=self.now)
        return len(claims)

    def take(self) -> list[Sent]:
        """Return what has left since the last time this was asked."""
        taken, self.network.taken = self.network.taken, []
        texts = dict(
            Delivery.objects.filter(pk__in=[m.delivery_id for m in taken]).values_list("pk", "text")
        )
        return [Sent(self.names.get(m.to, "ana"), texts[m.delivery_id], m.body) for m in taken]

    def take_pairs(self) -> list[tuple[str, str]]:
        """Return who got which text since the last time, in the order of names."""
        return sorted((sent.to, sent.text) for sent in self.take())

    @property
    def incident(self) -> Incident:
        """The latest incident."""
        return Incident.objects.order_by("-opened_at").first() or _missing()

    @property
    def shown(self) -> OwnerIncident:
        """The latest incident that Ana is shown."""
        return OwnerIncident.objects.order_by("-opened_at").first() or _missing()

    def responder(self, name: str) -> UUID:
        """Return the id under which the latest incident knows a contact."""
        return Responder.objects.get(
            incident=self.incident, phone_index=self.contacts[name].phone_index
        ).pk

    def meetup_now(self) -> Meetup:
        """Return the meetup as it is stored now."""
        if self.meetup is None:
            _missing()
        return Meetup.objects.get(pk=self.meetup.pk)

    def number_of(self, name: str) -> str:
        """Return a contact's number."""
        return next(number for number, known in self.names.items() if known == name)


def _missing() -> NoReturn:
    msg = "the story has not come that far"
    raise AssertionError(msg)
