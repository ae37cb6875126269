"""Receipts: ranked, repeated, late, out of order."""

from datetime import datetime

import pytest

from alerts.delivery.outcomes import Rejected, Unknown
from alerts.domain.states import Channel, ContactState, DeliveryState, IncidentState, RecipientKind
from alerts.models import Contact, Delivery, Incident, Receipt, Responder, SignInCode
from alerts.services.sending.receipts import record_receipt
from tests.factories import DeliveryFactory, ResponderFactory
from tests.services.sending import accept, code_delivery, fresh, take_one, write

pytestmark = pytest.mark.django_db


def receive(
    delivery: Delivery, status: str, error_code: str = "", *, now: datetime, reference: str = "SM1"
) -> bool:
    return record_receipt(
        delivery_id=delivery.pk,
        status=status,
        error_code=error_code,
        reference=reference,
        now=now,
    )


def sent(now: datetime, **fields: object) -> Delivery:
    """Return a delivery that the provider has taken."""
    delivery = DeliveryFactory.create(created_at=now, **fields)
    accept(take_one(now), now=now)
    return delivery


def test_receipts_move_a_delivery_forward_only(now: datetime) -> None:
    delivery = sent(now)
    for status, state in (
        ("queued", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("sending", "delivered"),
        ("undelivered", "delivered"),
    ):
        receive(delivery, status, now=now)
        assert fresh(delivery).state == state


def test_a_repeated_receipt_changes_nothing(now: datetime) -> None:
    delivery = sent(now)

    assert receive(delivery, "undelivered", "30003", now=now)
    assert not receive(delivery, "undelivered", "30003", now=now)
    assert Receipt.objects.count() == 1


def test_what_arrives_after_all_has_arrived(now: datetime) -> None:
    delivery = sent(now)
    receive(delivery, "undelivered", "30008", now=now)

    receive(delivery, "delivered", now=now)

    assert fresh(delivery).state == DeliveryState.Delivered
    assert fresh(delivery).error_code == ""


def test_an_unknown_status_is_kept_and_harmless(now: datetime) -> None:
    delivery = sent(now)

    assert not receive(delivery, "teleported", now=now)
    assert Receipt.objects.get().status == "teleported"
    assert fresh(delivery).state == DeliveryState.Sent


def test_a_receipt_proves_acceptance_while_the_answer_is_still_out(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    claimed = take_one(now)

    assert receive(delivery, "sent", now=now, reference="SM7")

    row = Delivery.objects.select_related("incident", "responder").get()
    assert (row.state, row.provider_reference, row.next_action_at) == ("sent", "SM7", None)
    assert row.incident is not None
    assert row.incident.first_accepted_at == now
    assert write([claimed], Unknown("no_answer"), now=now) == 0


def test_a_receipt_settles_what_was_unknown_and_forgets_the_code(now: datetime) -> None:
    delivery = code_delivery(now)
    write([take_one(now)], Unknown("no_answer"), now=now)

    assert receive(delivery, "delivered", now=now)

    assert fresh(delivery).state == DeliveryState.Delivered
    assert SignInCode.objects.get().sealed_digits is None


def test_a_receipt_does_not_revive_what_was_rejected(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    write([take_one(now)], Rejected("21610"), now=now)

    assert not receive(delivery, "delivered", now=now)
    assert fresh(delivery).state == DeliveryState.Rejected


@pytest.mark.usefixtures("with_email")
def test_a_text_that_did_not_arrive_goes_by_the_next_channel(now: datetime) -> None:
    responder = ResponderFactory.create(has_email=True)
    delivery = sent(now, responder=responder)

    receive(delivery, "undelivered", "30003", now=now)

    email = Delivery.objects.get(channel=Channel.Email)
    assert (email.responder_id, email.text) == (responder.pk, "S06")
    assert Responder.objects.get().sms_failed_at is None


def test_a_landline_is_dead_for_texts(now: datetime, mia: Contact) -> None:
    delivery = sent(now, responder=ResponderFactory.create(contact=mia))

    receive(delivery, "undelivered", "30006", now=now)

    assert Responder.objects.get().sms_failed_at == now
    mia.refresh_from_db()
    assert mia.state == ContactState.Unreachable


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize(("code", "notices"), [("30004", 1), ("30007", 1), ("30005", 0)])
def test_what_may_be_our_fault_is_told_to_the_operator(
    now: datetime, code: str, notices: int
) -> None:
    receive(sent(now), "undelivered", code, now=now)

    told = Delivery.objects.filter(recipient_kind=RecipientKind.Operator)
    assert told.count() == notices


def test_a_delivered_text_stops_no_escalation(now: datetime) -> None:
    delivery = sent(now)

    receive(delivery, "delivered", now=now)

    incident = Incident.objects.get()
    assert incident.state == IncidentState.Open
    assert incident.next_step_at is not None


def test_a_receipt_for_nothing_is_nothing(now: datetime) -> None:
    gone = DeliveryFactory.create(created_at=now)
    Delivery.objects.all().delete()

    assert not receive(gone, "delivered", now=now)
    assert not Receipt.objects.exists()
