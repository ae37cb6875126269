"""Deletions while the provider still reports on what was sent."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection

from alerts.clock import database_now
from alerts.domain.states import DeliveryState, MeetupState, RecipientKind
from alerts.models import CheckInTimer, Contact, Delivery, Meetup, PinEntry, Receipt, User
from alerts.services.accounts.erasure import delete_account
from alerts.services.contacts.contacts import delete_contact
from alerts.services.deletions import TRIES, begun_again
from alerts.services.meetups.meetups import delete_meetup
from tests.factories import (
    PIN,
    ContactFactory,
    DeliveryFactory,
    MeetupFactory,
    TimerFactory,
    UserFactory,
)


class LateReceipt:
    """Stores a receipt in the worst moment: once the receipts are gone, and their delivery not."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.arrivals = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: object) -> object:
        if sql.startswith('DELETE FROM "alerts_delivery"') and not self.arrivals:
            self.arrivals += 1
            provider = Thread(target=self._arrive)
            provider.start()
            provider.join()
        return execute(sql, *rest)

    def _arrive(self) -> None:
        Receipt.objects.create(
            delivery=self.delivery, status="delivered", received_at=database_now()
        )
        connection.close()


def sent(**about: object) -> Delivery:
    return DeliveryFactory.create(
        responder=None, incident=None, state=DeliveryState.Sent, next_action_at=None, **about
    )


@pytest.mark.django_db(transaction=True)
def test_a_contact_is_deleted_though_a_receipt_comes_in_between() -> None:
    mia = ContactFactory.create()
    late = LateReceipt(sent(recipient_kind=RecipientKind.Contact, contact=mia))
    with connection.execute_wrapper(late):
        delete_contact(owner=mia.owner, contact_id=mia.pk, pin=None, now=database_now())
    assert late.arrivals == 1
    assert not Contact.objects.exists()
    assert not Receipt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_meetup_is_deleted_though_a_receipt_comes_in_between() -> None:
    meetup = MeetupFactory.create(state=MeetupState.Active)
    timer = TimerFactory.create(meetup=meetup)
    late = LateReceipt(sent(recipient_kind=RecipientKind.Owner, user=meetup.owner, timer=timer))
    with connection.execute_wrapper(late):
        delete_meetup(owner=meetup.owner, meetup_id=meetup.pk, pin=PIN, now=database_now())
    assert late.arrivals == 1
    assert not Meetup.objects.exists()
    assert not CheckInTimer.objects.exists()
    assert PinEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_account_is_erased_though_a_receipt_comes_in_between() -> None:
    ana = UserFactory.create()
    late = LateReceipt(sent(recipient_kind=RecipientKind.Owner, user=ana))
    with connection.execute_wrapper(late):
        delete_account(owner=ana, pin=PIN, now=database_now())
    assert late.arrivals == 1
    assert not User.objects.exists()
    assert PinEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_does_not_begin_again_for_ever() -> None:
    calls: list[int] = []

    @begun_again
    def delete() -> None:
        calls.append(1)
        raise IntegrityError

    with pytest.raises(IntegrityError):
        delete()
    assert len(calls) == TRIES
