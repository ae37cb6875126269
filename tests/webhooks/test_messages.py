"""The status callback: signature first, then only forward."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from alerts.conf import alerts_settings
from alerts.domain.states import DeliveryState
from tests.factories import DeliveryFactory
from tests.services.sending import fresh, take_one
from tests.webhooks.signing import post_signed

pytestmark = pytest.mark.django_db
DELIVERED = {"MessageStatus": "delivered", "MessageSid": "SM1"}


@pytest.fixture
def two_tokens(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rotate the account's token: the new one first, the old one still valid."""
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "new-token,old-token")
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()


def test_a_signed_receipt_counts(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    take_one(now)

    answer = post_signed(f"/webhooks/twilio/messages/{delivery.pk}", DELIVERED)

    assert answer.status_code == 204
    assert fresh(delivery).state == DeliveryState.Delivered


@pytest.mark.parametrize(
    "forgery",
    [
        {"token": "somebody-elses"},
        {"base": "http://evil.example"},
        {"signed_as": "/webhooks/twilio/inbound"},
    ],
)
def test_a_forged_receipt_is_refused(now: datetime, forgery: dict[str, str]) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    take_one(now)

    answer = post_signed(f"/webhooks/twilio/messages/{delivery.pk}", DELIVERED, **forgery)

    assert answer.status_code == 403
    assert fresh(delivery).state == DeliveryState.Sending


def test_a_request_without_signature_is_refused_and_not_an_error() -> None:
    for path in (f"/webhooks/twilio/messages/{uuid4()}", "/webhooks/twilio/inbound"):
        assert Client().post(path, DELIVERED).status_code == 403
        assert Client().get(path).status_code == 403
        assert Client().put(path, b"\xff\x00", content_type="text/plain").status_code == 403


@pytest.mark.usefixtures("two_tokens")
def test_each_token_of_the_account_counts_while_one_replaces_the_other() -> None:
    path = f"/webhooks/twilio/messages/{uuid4()}"
    assert post_signed(path, DELIVERED, token="new-token").status_code == 204
    assert post_signed(path, DELIVERED, token="old-token").status_code == 204
    assert post_signed(path, DELIVERED, token="older-token").status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MessageStatus": "x" * 5000, "ErrorCode": "y" * 5000, "MessageSid": "z" * 5000},
        {"MessageStatus": "\x00", "ErrorCode": "é\x00", "MessageSid": "\x00"},
        {"MessageStatus": "DELIVERED"},
    ],
)
def test_garbage_is_never_a_failure(now: datetime, fields: dict[str, object]) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    take_one(now)

    answer = post_signed(f"/webhooks/twilio/messages/{delivery.pk}", fields)

    assert answer.status_code in {204, 403}


@pytest.mark.parametrize("body", [b"\xff\xfe", b"--x\r\nbroken", b"a=1&" * 2000])
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    for content_type in (
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=nonsense",
    ):
        answer = Client().generic(
            "POST",
            "/webhooks/twilio/inbound",
            body,
            content_type=content_type,
            headers={"X-Twilio-Signature": "é"},
        )
        assert answer.status_code in {400, 403}


def test_an_address_without_a_delivery_is_nobodys_page() -> None:
    assert Client().post("/webhooks/twilio/messages/1").status_code == 404
