"""What leaves for Twilio, and what its answers mean; payloads as recorded from it."""

import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta

import pytest

from alerts.conf import TwilioSettings
from alerts.delivery.provider import OutcomeUnknown, ProviderUnavailable, RecipientRejected
from alerts.delivery.twilio import client as client_module
from alerts.delivery.twilio.client import open_client
from alerts.delivery.twilio.sms import TwilioSms
from alerts.domain.states import Purpose
from tests.delivery.stub import ACCOUNT, DELIVERY_ID, TOKEN, StubTwilio, message, with_stub


def error(code: int, status: int = 400) -> StubTwilio:
    body = {"code": code, "message": "refused", "more_info": "", "status": status}
    return StubTwilio(status=status, body=json.dumps(body))


def test_a_text_leaves_with_everything_that_protects_it() -> None:
    stub = StubTwilio()

    reference = with_stub(stub, lambda sms: sms.send(message()))

    assert reference == "SM00000000000000000000000000000001"
    assert stub.forms == [
        {
            "To": "+33639980001",
            "From": "+33757050000",
            "Body": "Bonjour",
            "StatusCallback": f"https://vigie.example/webhooks/twilio/messages/{DELIVERY_ID}",
            "ValidityPeriod": "900",
            "ContentRetention": "discard",
            "RiskCheck": "disable",
        }
    ]


def test_codes_and_invitations_keep_the_guard_against_pumped_traffic() -> None:
    for purpose in (Purpose.Code, Purpose.Invitation):
        stub = StubTwilio()
        outbound = message(purpose=purpose)
        with_stub(stub, lambda sms, outbound=outbound: sms.send(outbound))  # type: ignore[misc]
        assert "RiskCheck" not in stub.forms[0]


def test_a_messaging_service_is_named_instead_of_a_number() -> None:
    stub = StubTwilio()

    with_stub(stub, lambda sms: sms.send(message()), sender="MG" + "2" * 32)

    assert stub.forms[0]["MessagingServiceSid"] == "MG" + "2" * 32
    assert "From" not in stub.forms[0]


@pytest.mark.parametrize("code", [21211, 21214, 21217, 21408, 21610, 21612, 21614, 21635])
def test_a_number_that_cannot_be_reached_is_rejected(code: int) -> None:
    with pytest.raises(RecipientRejected) as caught:
        with_stub(error(code), lambda sms: sms.send(message()))

    assert (caught.value.code, caught.value.tell_operator) == (str(code), False)


@pytest.mark.parametrize(
    ("code", "status"), [(20003, 401), (21606, 400), (21659, 400), (63038, 429)]
)
def test_trouble_with_the_account_goes_to_the_operator(code: int, status: int) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        with_stub(error(code, status), lambda sms: sms.send(message()))

    assert (caught.value.code, caught.value.tell_operator) == (str(code), True)


@pytest.mark.parametrize(
    ("status", "body"), [(500, "<html>"), (503, ""), (429, "{}"), (429, '{"code": 20429}')]
)
def test_an_overloaded_provider_is_tried_again(status: int, body: str) -> None:
    stub = StubTwilio(status=status, body=body, headers={"Retry-After": "7"})

    with pytest.raises(ProviderUnavailable) as caught:
        with_stub(stub, lambda sms: sms.send(message()))

    assert (caught.value.retry_after, caught.value.tell_operator) == (7.0, False)


@pytest.mark.parametrize(("status", "body"), [(400, '{"code": 99999}'), (404, "x"), (302, "")])
def test_any_other_refusal_goes_to_the_next_channel_and_the_operator(
    status: int, body: str
) -> None:
    with pytest.raises(RecipientRejected) as caught:
        with_stub(StubTwilio(status=status, body=body), lambda sms: sms.send(message()))

    assert caught.value.tell_operator


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"sid": null}', "\x00"])
def test_an_unreadable_success_is_neither_yes_nor_no(body: str) -> None:
    with pytest.raises(OutcomeUnknown):
        with_stub(StubTwilio(body=body), lambda sms: sms.send(message()))


def test_a_provider_that_hangs_is_left_after_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.2)

    with pytest.raises(OutcomeUnknown):
        with_stub(StubTwilio(seconds=5), lambda sms: sms.send(message()))


def test_a_provider_that_refuses_connections_has_taken_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings = TwilioSettings(ACCOUNT, (TOKEN,), "+33757050000", "", url, is_two_way=False)

        async def send() -> str:
            async with open_client(settings, connections=1) as client:
                return await TwilioSms(client, settings, public_url="").send(message())

        with pytest.raises(ProviderUnavailable, match="not_reached"):
            asyncio.run(send())


def test_a_look_up_finds_what_may_be_the_same_text() -> None:
    sent_at = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    rows = [
        ("SM4", "another text", "Sat, 21 Nov 2026 20:30:04 +0000"),
        ("SM3", "", "Sat, 21 Nov 2026 20:30:03 +0000"),
        ("SM2", "Bonjour", "Sat, 21 Nov 2026 20:30:02 +0000"),
        ("SM1", "Bonjour", "Sat, 21 Nov 2026 20:29:00 +0000"),
    ]
    listed = [{"sid": sid, "body": body, "date_created": at} for sid, body, at in rows]
    body = {"messages": listed, "next_page_uri": None, "page": 0, "page_size": 20}
    stub = StubTwilio(status=200, body=json.dumps(body))

    found = with_stub(stub, lambda sms: sms.find(message(), since=sent_at + timedelta(seconds=1)))

    assert found == ["SM2", "SM3"]  # the same words first, then what was discarded
    assert stub.queries[0]["To"] == "+33639980001"
