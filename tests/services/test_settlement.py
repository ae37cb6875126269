"""What becomes of deliveries after an attempt."""

from datetime import datetime, timedelta

import pytest

from alerts.conf import alerts_settings
from alerts.delivery.outcomes import LookedUp, NotTried, Rejected, Unavailable, Unknown
from alerts.domain.states import Channel, ContactState, DeliveryState, RecipientKind
from alerts.models import Contact, Delivery, Event, Responder, SignInCode
from alerts.services.sending.settlement import LOOK_UP_AFTER, RETRY_AFTER
from tests.factories import DeliveryFactory, ResponderFactory
from tests.services.sending import LATER, accept, code_delivery, fresh, take, take_one, write

pytestmark = pytest.mark.django_db


def test_an_accepted_alert_tells_the_incident_and_the_responder(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)

    assert accept(take_one(now), now=now) == 1

    row = Delivery.objects.select_related("incident", "responder").get()
    assert (row.state, row.provider, row.provider_reference) == ("sent", "twilio", "SM1")
    assert (row.next_action_at, row.settled_at) == (None, now)
    assert row.incident is not None
    assert row.responder is not None
    assert (row.incident.first_accepted_at, row.responder.told_at) == (now, now)
    assert fresh(delivery).status_rank == 0


def test_a_code_is_forgotten_once_it_has_left(now: datetime) -> None:
    code_delivery(now)

    accept(take_one(now), now=now)

    assert SignInCode.objects.get().sealed_digits is None


def test_a_sender_that_lost_its_lease_changes_nothing(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    zombie = take_one(now)
    owner = take_one(now + LATER)

    assert write([zombie], Rejected("21610"), now=now + LATER) == 0
    assert fresh(delivery).state == DeliveryState.Sending
    assert accept(owner, now=now + LATER) == 1


def test_an_unavailable_provider_is_tried_again_later_and_later(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    at = now
    for pause in (*RETRY_AFTER, RETRY_AFTER[-1]):
        write(take(at), Unavailable("500"), now=at)
        row = fresh(delivery)
        assert (row.state, row.next_action_at) == (DeliveryState.Queued, at + pause)
        at += pause


def test_a_provider_may_ask_for_a_longer_pause(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)

    write(take(now), Unavailable("429", retry_after=20), now=now)

    assert fresh(delivery).next_action_at == now + timedelta(seconds=20)


def test_retries_end_when_the_text_is_no_longer_true(now: datetime) -> None:
    delivery = code_delivery(now)
    write(take(now), Unavailable("500"), now=now)
    over = now + timedelta(seconds=301)  # a code's text holds for five minutes

    write(take(over), Unavailable("500"), now=over)

    assert fresh(delivery).state == DeliveryState.Failed
    assert SignInCode.objects.get().sealed_digits is None


def test_a_rejected_number_is_dead_for_the_incident_and_for_planning(
    now: datetime, mia: Contact
) -> None:
    responder = ResponderFactory.create(contact=mia, incident__owner=mia.owner)
    delivery = DeliveryFactory.create(responder=responder, created_at=now)

    write(take(now), Rejected("21610"), now=now)

    assert fresh(delivery).state == DeliveryState.Rejected
    assert fresh(delivery).error_code == "21610"
    assert Responder.objects.get().sms_failed_at == now
    mia.refresh_from_db()
    assert mia.state == ContactState.Unreachable
    failed = Event.objects.get(kind="channel_failed")
    assert (failed.responder_id, failed.data) == (responder.pk, {"channel": "sms", "code": "21610"})


@pytest.mark.usefixtures("operator")
def test_a_refusal_that_is_our_own_fault_leaves_the_contact_as_it_is(
    now: datetime, mia: Contact
) -> None:
    responder = ResponderFactory.create(contact=mia)
    DeliveryFactory.create(responder=responder, created_at=now)

    write(take(now), Rejected("21617", tell_operator=True), now=now)

    mia.refresh_from_db()
    assert mia.state == ContactState.Confirmed
    notice = Delivery.objects.get(recipient_kind=RecipientKind.Operator)
    assert notice.dedupe_key.startswith("operator:21617:")


@pytest.mark.usefixtures("operator")
def test_the_operator_hears_of_one_trouble_once_in_five_minutes(now: datetime) -> None:
    for _ in range(3):
        DeliveryFactory.create(created_at=now)
    write(take(now, limit=2), Unavailable("20003", tell_operator=True), now=now)
    write(take(now, limit=1), Unavailable("20003", tell_operator=True), now=now)

    assert Delivery.objects.filter(recipient_kind=RecipientKind.Operator).count() == 1


@pytest.mark.usefixtures("with_email")
def test_the_next_channel_does_not_wait_for_a_provider_in_trouble(now: datetime) -> None:
    for outcome in (Unavailable("500"), Unknown("no_answer"), Rejected("21610")):
        responder = ResponderFactory.create(has_email=True)
        sms = DeliveryFactory.create(
            responder=responder, dedupe_key=f"incident:{outcome}:sms", created_at=now
        )
        write(take(now), outcome, now=now)
        email = Delivery.objects.exclude(pk=sms.pk).get(responder=responder)
        assert (email.channel, email.text) == (Channel.Email, "S06")
        accept(take_one(now), now=now)


def test_an_unknown_outcome_is_looked_up_before_it_is_sent_again(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    write(take(now), Unknown("no_answer"), now=now)
    assert fresh(delivery).state == DeliveryState.Unknown
    assert fresh(delivery).next_action_at == now + LOOK_UP_AFTER

    claimed = take_one(now + LATER)
    assert claimed.is_doubtful
    write([claimed], LookedUp("twilio", ("SM9",)), now=now + LATER)

    assert (fresh(delivery).state, fresh(delivery).provider_reference) == ("sent", "SM9")


def test_a_reference_proves_one_delivery_only(now: datetime) -> None:
    responder = ResponderFactory.create()
    for _ in range(3):
        DeliveryFactory.create(responder=responder, created_at=now)
    first, *others = take(now)
    accept(first, now=now, reference="SM1")
    write(others, Unknown("no_answer"), now=now)

    write(take(now + LATER), LookedUp("twilio", ("SM1", "SM2")), now=now + LATER)

    states = Delivery.objects.order_by("state", "provider_reference").values_list(
        "state", "provider_reference"
    )
    assert list(states) == [("queued", ""), ("sent", "SM1"), ("sent", "SM2")]


@pytest.mark.usefixtures("operator")
def test_what_is_not_found_is_sent_once_more_then_given_up(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    at = now
    write(take(at), Unknown("no_answer"), now=at)
    at += LATER
    write(take(at), LookedUp("twilio"), now=at)
    assert (fresh(delivery).state, fresh(delivery).resends) == (DeliveryState.Queued, 1)
    again = take_one(at)
    assert not again.is_doubtful
    write([again], Unknown("no_answer"), now=at)
    at += LATER
    write(take(at), LookedUp("twilio"), now=at)

    assert (fresh(delivery).state, fresh(delivery).error_code) == ("failed", "unknown_twice")
    assert Delivery.objects.filter(recipient_kind=RecipientKind.Operator).count() == 1


def test_a_crash_never_uses_up_the_resend(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    at = now
    for _ in range(4):
        take_one(at)  # and the process dies
        at += LATER
        write(take(at), LookedUp("twilio"), now=at)
        assert (fresh(delivery).state, fresh(delivery).resends) == (DeliveryState.Queued, 0)


def test_what_was_not_tried_is_free_for_anybody(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)

    write(take(now), NotTried(), now=now)
    assert (fresh(delivery).state, fresh(delivery).next_action_at) == (DeliveryState.Queued, now)

    take_one(now)
    write(take(now + LATER), NotTried(), now=now)
    assert fresh(delivery).state == DeliveryState.Unknown


def test_one_outcome_that_cannot_be_written_keeps_no_other_from_it(now: datetime) -> None:
    for _ in range(3):
        DeliveryFactory.create(created_at=now)
    first, *others = take(now)
    first.delivery.text = "no such text"  # its retries cannot be planned
    claims = [first, *others]

    write(claims, Unavailable("x"), now=now)

    queued = Delivery.objects.filter(state=DeliveryState.Queued)
    assert {row.pk for row in queued} == {claimed.delivery.pk for claimed in others}


def test_pauses_follow_the_scale_of_the_installation(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    monkeypatch.setenv("ESCALATION_SCALE", "0.01")
    alerts_settings.cache_clear()

    write(take(now), Unavailable("500"), now=now)

    alerts_settings.cache_clear()
    assert fresh(delivery).next_action_at == now + RETRY_AFTER[0] / 100
