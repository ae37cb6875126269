"""Messages: what the library reads back, what the service is told, what is refused."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from tests.phones.stage import ACCOUNT, LEO, MIA, SERVICE, TOKEN, LocalAsyncHttp, Stage

RECEIPTS = ["queued", "sent", "delivered"]


def test_the_library_reads_a_message_back(stage: Stage) -> None:
    message = stage.send(body="Ça va ?")
    assert (message.status, message.to, message.from_, message.body) == (
        "queued",
        MIA,
        SERVICE,
        "Ça va ?",
    )
    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    assert message.num_segments == "1"
    assert abs(datetime.now(UTC) - message.date_created) < timedelta(seconds=5)  # noqa: TID251  outside the domain
    assert message.uri == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message.sid}.json"


def test_receipts_come_in_order_and_signed_for_the_exact_address(stage: Stage) -> None:
    message = stage.send(status_callback=f"{stage.service.url}/receipts?delivery=7&x=a%20b")
    path = "/receipts?delivery=7&x=a%20b"
    stage.eventually(lambda: stage.service.told(path, "MessageStatus") == RECEIPTS)
    assert all(heard.is_signed for heard in stage.service.heard)
    assert set(stage.service.told(path, "MessageSid")) == {message.sid}
    assert stage.client().messages(message.sid).fetch().status == "delivered"


def test_the_asynchronous_client_is_understood(stage: Stage) -> None:
    async def send() -> str:
        async with LocalAsyncHttp(stage.url) as http_client:
            client = Client(ACCOUNT, TOKEN, http_client=http_client)
            message = await client.messages.create_async(to=MIA, from_=SERVICE, body="Hello")
            fetched = await client.messages(message.sid).fetch_async()
            assert fetched.body == "Hello"
            return str(message.sid)

    sid = asyncio.run(send())
    assert [event["sid"] for event in stage.events("message_accepted")] == [sid]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": ""}, 21604),
        ({"from_": ""}, 21603),
        ({"body": ""}, 21602),
        ({"to": "+331"}, 21211),
        ({"to": "0639981001"}, 21211),
        ({"from_": "more than eleven"}, 21212),
        ({"body": "x" * 1601}, 21617),
        ({"status_callback": "localhost/receipts"}, 21609),
    ],
)
def test_a_wrong_message_is_refused_in_twilio_s_words(
    stage: Stage, fields: dict[str, str], code: int
) -> None:
    order = {"to": MIA, "from_": SERVICE, "body": "Hello"} | fields
    with pytest.raises(TwilioRestException) as refusal:
        stage.client().messages.create(**order)
    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert [event["code"] for event in stage.events("request_refused")] == [code]
    assert stage.events("message_accepted") == []


def test_a_wrong_token_is_refused(stage: Stage) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        stage.client(token="another").messages.create(to=MIA, from_=SERVICE, body="Hello")
    assert (refusal.value.status, refusal.value.code) == (401, 20003)


def test_a_messaging_service_chooses_its_sender(stage: Stage) -> None:
    service = "MG" + "b" * 32
    message = stage.client().messages.create(
        to=MIA,
        messaging_service_sid=service,
        body="Hello",
        status_callback=f"{stage.service.url}/receipts",
    )
    assert message.from_ is None
    stage.eventually(lambda: stage.service.told("/receipts", "MessageStatus") == RECEIPTS)
    assert stage.service.told("/receipts", "From")[-1] == SERVICE
    assert set(stage.service.told("/receipts", "MessagingServiceSid")) == {service}


def test_messages_are_listed_newest_first_and_in_pages(stage: Stage) -> None:
    sent = [stage.send(to=MIA, body=f"number {index}").sid for index in range(5)]
    stage.send(to=LEO)
    listed = stage.client().messages.list(to=MIA, page_size=2)
    assert [message.sid for message in listed] == sent[::-1]
    page = stage.client().messages.page(to=MIA, page_size=2)
    assert [message.sid for message in page] == sent[:2:-1]
    assert len(stage.client().messages.list()) == 6


def test_the_list_is_filtered_by_the_time_of_sending(stage: Stage) -> None:
    stage.send()
    now = datetime.now(UTC)  # noqa: TID251  outside the domain
    messages = stage.client().messages
    assert len(messages.list(date_sent_after=now - timedelta(minutes=1))) == 1
    assert messages.list(date_sent_after=now + timedelta(minutes=1)) == []
    assert len(messages.list(date_sent_before=now + timedelta(minutes=1))) == 1
    assert messages.list(date_sent_before=now - timedelta(minutes=1)) == []
    assert len(messages.list(date_sent=now.date())) == 1


def test_a_text_can_be_redacted_and_a_message_deleted(stage: Stage) -> None:
    message = stage.send()
    context = stage.client().messages(message.sid)
    assert context.update(body="").body == ""
    assert context.fetch().body == ""
    assert context.delete()
    with pytest.raises(TwilioRestException) as refusal:
        context.fetch()
    assert (refusal.value.status, refusal.value.code) == (404, 20404)
    assert stage.client().messages.list() == []


def test_a_discarded_text_is_gone_once_it_was_delivered(stage: Stage) -> None:
    message = stage.send(content_retention="discard", risk_check="disable", validity_period=900)
    context = stage.client().messages(message.sid)
    stage.eventually(lambda: context.fetch().status == "delivered")
    assert context.fetch().body == ""
    [accepted] = stage.events("message_accepted")
    assert accepted["body"] == "Hello"
    assert accepted["parameters"] == {
        "ContentRetention": "discard",
        "RiskCheck": "disable",
        "ValidityPeriod": "900",
    }


def test_a_page_size_that_is_no_number_is_refused(stage: Stage) -> None:
    with pytest.raises(TwilioException, match="20001"):
        stage.client().messages.page(page_size="many")
