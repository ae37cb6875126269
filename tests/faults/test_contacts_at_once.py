"""Several contacts answer at once while the watcher escalates and the owner comes back."""

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from django.db import connection

from alerts.clock import database_now
from alerts.domain.errors import AlertsError
from alerts.domain.states import DeliveryState, IncidentState
from alerts.models import Acknowledgement, Delivery, Incident, Responder
from alerts.services.incidents.responses import (
    acknowledge_incident,
    decline,
    doubt,
    hand_over,
    record_reveal,
    report_safe,
    stop_responder,
    take_back_decline,
    update_acknowledgement,
)
from alerts.services.meetups.timers import check_in
from tests.factories import PIN, ContactFactory, MeetupFactory, TimerFactory, UserFactory
from tests.faults.deadlines import REAL_CLOCK, forget_deadlines
from tests.faults.stage import Stage, deadlocks, eventually, is_all_sent, stop

CONTACTS = 4
INCIDENTS = 5
ANSWERS_AT_ONCE = 16
ANSWERS: list[Callable[..., None]] = [
    acknowledge_incident,
    acknowledge_incident,
    update_acknowledgement,
    hand_over,
    decline,
    take_back_decline,
    partial(report_safe, how="with_them"),
    doubt,
    record_reveal,
    stop_responder,
]


def test_answers_at_once_leave_one_consistent_state(stage: Stage) -> None:
    forget_deadlines()
    before = deadlocks()
    watchers = [stage.start_watcher(**REAL_CLOCK), stage.start_watcher(**REAL_CLOCK)]
    chance = random.Random(20261123)  # noqa: S311 - moments, not secrets
    for _ in range(INCIDENTS):
        incident = open_incident()
        jobs = [partial(answer, who, what) for who, what in choose_answers(incident, chance)]
        jobs.insert(chance.randrange(len(jobs)), partial(come_back, incident))
        with ThreadPoolExecutor(len(jobs)) as people:
            list(people.map(lambda job: job(), jobs))

    eventually(is_all_sent, seconds=60)

    assert [stop(watcher) for watcher in watchers] == [0, 0]
    assert deadlocks() == before
    for incident in Incident.objects.all():
        assert_consistent(incident)
    told = Delivery.objects.filter(
        state__in=[DeliveryState.Sent, DeliveryState.Delivered], incident__isnull=False
    )
    numbers = Counter(
        bytes(index or b"") for index in told.values_list("recipient_index", flat=True)
    )
    assert sorted(numbers.values()) == sorted(stage.accepted().values())  # one text for each row


def test_answers_while_the_network_refuses_every_number(stage: Stage) -> None:
    forget_deadlines()
    stage.behave(mode="reject", code=21610)
    before = deadlocks()
    watchers = [stage.start_watcher(**REAL_CLOCK), stage.start_watcher(**REAL_CLOCK)]
    chance = random.Random(20261124)  # noqa: S311 - answers, not secrets
    for _ in range(INCIDENTS):
        incident = open_incident(settled=1)  # the others are being settled meanwhile
        jobs = [partial(answer, who, what) for who, what in choose_answers(incident, chance)]
        with ThreadPoolExecutor(len(jobs)) as people:
            list(people.map(lambda job: job(), jobs))

    eventually(is_all_sent, seconds=60)

    assert [stop(watcher) for watcher in watchers] == [0, 0]
    assert deadlocks() == before
    for incident in Incident.objects.all():
        assert_consistent(incident)


def open_incident(*, settled: int = CONTACTS) -> Incident:
    """Let a deadline pass, and wait until so many contacts have been told, or could not be."""
    owner = UserFactory.create(reminder_call=False)
    contacts = [ContactFactory.create(owner=owner) for _ in range(CONTACTS)]
    meetup = MeetupFactory.create(owner=owner, contacts=contacts)
    now = database_now()
    TimerFactory.create(
        meetup=meetup, overdue=True, due_at=now - timedelta(minutes=10), alert_at=now
    )
    alerts = Delivery.objects.filter(incident__meetup_id=meetup.pk, settled_at__isnull=False)
    eventually(lambda: alerts.count() >= settled, seconds=20)
    return Incident.objects.get(meetup_id=meetup.pk)


def choose_answers(
    incident: Incident, chance: random.Random
) -> list[tuple[Responder, Callable[..., None]]]:
    """Return who does what, all of it at once."""
    responders = list(incident.responders.all())
    return [(chance.choice(responders), chance.choice(ANSWERS)) for _ in range(ANSWERS_AT_ONCE)]


def answer(responder: Responder, what: Callable[..., None]) -> None:
    """Do one thing as a contact; what is not possible any more is refused by name."""
    on_own_connection(lambda: what(responder_id=responder.pk, now=database_now()))


def come_back(incident: Incident) -> None:
    """Check in late, with the code."""
    meetup = incident.meetup
    assert meetup is not None
    on_own_connection(
        lambda: check_in(owner=meetup.owner, meetup_id=meetup.pk, pin=PIN, now=database_now())
    )


def on_own_connection(act: Callable[[], object]) -> None:
    """Act; a refusal is an answer, anything else fails the test."""
    try:
        with contextlib.suppress(AlertsError):
            act()
    finally:
        connection.close()


def assert_consistent(incident: Incident) -> None:
    """Find it acknowledged exactly while somebody is on it, and with a next step while live."""
    live = Acknowledgement.objects.live().filter(incident=incident)
    is_acknowledged = incident.state == IncidentState.Acknowledged
    assert is_acknowledged == live.exists()
    assert live.count() == live.values("responder").distinct().count()
    is_live = incident.state in {IncidentState.Open, IncidentState.Acknowledged}
    assert is_live == (incident.next_step_at is not None)
