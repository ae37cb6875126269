"""Rows that are written in one statement."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from alerts.domain.events import EventKind
from alerts.domain.states import TimerState
from alerts.models import CheckInTimer, DataKey, Delivery, Event, User
from alerts.models.bulk import insert_rows, update_rows
from tests.factories import MeetupFactory, TimerFactory
from tests.services.sending import code_delivery

pytestmark = pytest.mark.django_db


def test_every_kind_of_value_comes_back_as_it_was(now: datetime) -> None:
    key = DataKey(wrapped=b"\x00\xff'\\", master_key_id='é"\n{}', created_at=now)

    insert_rows([key])

    stored = DataKey.objects.get()
    assert (bytes(stored.wrapped or b""), stored.master_key_id) == (b"\x00\xff'\\", 'é"\n{}')
    assert (stored.created_at, stored.destroyed_at, stored.pk) == (now, None, key.pk)


def test_a_row_can_be_saved_again_after_it_was_written(now: datetime) -> None:
    key = DataKey(wrapped=b"1", master_key_id="a", created_at=now)
    insert_rows([key])

    key.master_key_id = "b"
    key.save()

    assert DataKey.objects.get().master_key_id == "b"


def test_the_database_gives_the_keys_that_it_gives(ana: User, now: datetime) -> None:
    kinds = [EventKind.SignedIn, EventKind.SignedIn]
    data = {"list": [1, None, {"deep": True}], "text": "à"}

    insert_rows([Event(at=now, kind=kind, user_id=ana.pk, data=data) for kind in kinds])

    first, second = Event.objects.order_by("pk")
    assert first.pk < second.pk
    assert (first.data, second.kind) == (data, EventKind.SignedIn)


def test_what_is_there_already_stays(now: datetime) -> None:
    there = code_delivery(now, number=1)
    second = {**values_of(there), "id": uuid4()}

    insert_rows([Delivery(**second)], ignore_conflicts=True)

    assert Delivery.objects.get().pk == there.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([Delivery(**second)])


def test_only_the_named_columns_are_written(now: datetime) -> None:
    timers = [TimerFactory.create(meetup=MeetupFactory.create()) for _ in range(3)]
    untouched = TimerFactory.create(meetup=timers[0].meetup, repeats_every=timedelta(hours=1.5))
    for timer in timers:
        timer.state, timer.closed_at, timer.kind = TimerState.Missed, now, "nothing"

    update_rows(timers, ["state", "closed_at"])

    stored = CheckInTimer.objects.in_bulk()
    assert {stored[t.pk].state for t in timers} == {TimerState.Missed}
    assert {stored[t.pk].closed_at for t in timers} == {now}
    assert {stored[t.pk].kind for t in timers} == {untouched.kind}
    assert stored[untouched.pk].state == TimerState.Armed


def test_a_period_comes_back_as_it_was() -> None:
    timer = TimerFactory.create(meetup=MeetupFactory.create())
    timer.repeats_every = timedelta(days=1, microseconds=250)

    update_rows([timer], ["repeats_every"])

    assert CheckInTimer.objects.get().repeats_every == timer.repeats_every


def test_nothing_to_write_is_nothing() -> None:
    insert_rows([])
    update_rows([], ["state"])

    assert not CheckInTimer.objects.exists()


def test_a_value_without_a_written_form_is_refused(now: datetime) -> None:
    with pytest.raises(TypeError, match="object"):
        insert_rows([Event(at=now, kind=EventKind.SignedIn, data={"what": object()})])


def values_of(row: Delivery) -> dict[str, object]:
    """Return the columns of a row."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
