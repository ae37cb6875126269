"""Claims: each row once, under a lease, and nothing that has lost its point."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.clock import database_now
from alerts.domain.states import Channel, ContactState, DeliveryState, IncidentState, Purpose
from alerts.models import Contact, Delivery, Incident, SignInCode
from alerts.services.sending.dispatch import LEASE, claim
from tests.factories import DeliveryFactory, IncidentFactory, ResponderFactory
from tests.services.sending import LATER, code_delivery, fresh, take, take_one

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_a_due_delivery_is_held_under_a_lease(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)

    claimed = take_one(now)

    row = fresh(delivery)
    assert (row.state, row.attempts, row.next_action_at) == (DeliveryState.Sending, 1, now + LEASE)
    assert (row.first_sent_at, claimed.attempt, claimed.is_doubtful) == (now, 1, False)
    assert take(now + LEASE - SECOND) == []


def test_the_future_is_not_claimed(now: datetime) -> None:
    DeliveryFactory.create(created_at=now, next_action_at=now + SECOND)

    assert take(now) == []


def test_the_most_urgent_come_first(now: datetime) -> None:
    incident = IncidentFactory.create()
    for priority in (4, 1, 2):
        responder = ResponderFactory.create(incident=incident)
        DeliveryFactory.create(responder=responder, priority=priority, created_at=now)

    assert [c.delivery.priority for c in take(now, limit=2)] == [1, 2]


def test_a_lane_claims_its_own_channels_only(now: datetime) -> None:
    DeliveryFactory.create(created_at=now, channel=Channel.Email)

    assert claim(limit=9, now=now, channels={Channel.Sms}) == []
    assert len(claim(limit=9, now=now, channels={Channel.Email})) == 1


def test_a_worker_claims_what_it_was_handed_unless_somebody_was_faster(now: datetime) -> None:
    mine, other = DeliveryFactory.create(created_at=now), DeliveryFactory.create(created_at=now)

    (claimed,) = claim(limit=9, now=now, ids=[mine.pk])

    assert claimed.delivery.pk == mine.pk
    assert claim(limit=9, now=now, ids=[mine.pk]) == []
    assert fresh(other).state == DeliveryState.Queued


def test_a_row_whose_sender_died_comes_back_in_doubt(now: datetime) -> None:
    DeliveryFactory.create(created_at=now)
    take_one(now)

    claimed = take_one(now + LATER)

    assert (claimed.attempt, claimed.was, claimed.is_doubtful) == (2, DeliveryState.Sending, True)


def test_the_number_of_queries_does_not_grow_with_the_batch(now: datetime) -> None:
    counts = []
    for size in (1, 12):
        for _ in range(size):
            DeliveryFactory.create(created_at=now)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(take(now)) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_a_repeat_does_not_leave_once_somebody_acts(now: datetime) -> None:
    incident = IncidentFactory.create(state=IncidentState.Acknowledged)
    responder = ResponderFactory.create(incident=incident)
    repeat = DeliveryFactory.create(
        responder=responder, purpose=Purpose.Repeat, text="S08", plan_step=3, created_at=now
    )
    first = DeliveryFactory.create(responder=responder, created_at=now)

    assert [c.delivery.pk for c in take(now)] == [first.pk]
    assert fresh(repeat).state == DeliveryState.Cancelled
    assert fresh(repeat).next_action_at is None


def test_no_alert_leaves_after_the_end_but_the_all_clear_does(now: datetime) -> None:
    incident = IncidentFactory.create(state=IncidentState.Resolved, resolved_at=now)
    responder = ResponderFactory.create(incident=incident)
    alert = DeliveryFactory.create(responder=responder, created_at=now)
    clear = DeliveryFactory.create(
        responder=responder, purpose=Purpose.StandDown, text="S11", created_at=now
    )

    assert [c.delivery.pk for c in take(now)] == [clear.pk]
    assert fresh(alert).state == DeliveryState.Cancelled


def test_who_declined_hears_the_end_and_what_came_after_only(now: datetime) -> None:
    responder = ResponderFactory.create(declined_at=now)
    before = DeliveryFactory.create(responder=responder, created_at=now - SECOND)
    upgrade = DeliveryFactory.create(responder=responder, text="S07", created_at=now + SECOND)
    clear = DeliveryFactory.create(
        responder=responder, purpose=Purpose.StandDown, text="S11", created_at=now
    )

    assert {c.delivery.pk for c in take(now + SECOND)} == {upgrade.pk, clear.pk}
    assert fresh(before).state == DeliveryState.Cancelled


def test_who_stopped_gets_nothing_ever(now: datetime) -> None:
    responder = ResponderFactory.create(stopped_at=now)
    for text, purpose in (("S06", Purpose.Alert), ("S11", Purpose.StandDown)):
        DeliveryFactory.create(responder=responder, text=text, purpose=purpose, created_at=now)

    assert take(now) == []


def test_who_refused_meanwhile_gets_nothing(now: datetime, mia: Contact) -> None:
    responder = ResponderFactory.create(contact=mia, is_confirmed=False)
    DeliveryFactory.create(responder=responder, text="S21", created_at=now)
    Contact.objects.update(state=ContactState.Refused)

    assert take(now) == []


def test_a_code_that_is_over_does_not_leave_and_is_forgotten(now: datetime) -> None:
    delivery = code_delivery(now)

    assert take(now + timedelta(minutes=10)) == []
    assert fresh(delivery).state == DeliveryState.Cancelled
    assert SignInCode.objects.get().sealed_digits is None


def test_what_may_have_left_is_over_but_not_undone(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    take_one(now)
    Incident.objects.update(state=IncidentState.Resolved)

    assert take(now + LATER) == []
    assert fresh(delivery).state == DeliveryState.Failed


@pytest.mark.django_db(transaction=True)
def test_each_delivery_goes_to_one_of_several_senders() -> None:
    now = database_now()
    incident = IncidentFactory.create()
    for _ in range(40):
        DeliveryFactory.create(responder=ResponderFactory.create(incident=incident), created_at=now)
    taken: list[object] = []

    def claim_all() -> None:
        while claims := take(now, limit=3):
            taken.extend(claimed.delivery.pk for claimed in claims)
        connection.close()

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 40
    assert Delivery.objects.filter(attempts=1).count() == 40
