"""Numbers that refuse, stay silent, or make the API stumble."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests  # noqa: TID251  the errors that the library lets through
from twilio.base.exceptions import TwilioRestException

from tests.phones.stage import LEO, MIA, Stage


def test_a_number_rejects_with_the_code_it_was_told(stage: Stage) -> None:
    stage.control("POST", f"numbers/{MIA}", {"mode": "reject", "code": 21614})
    with pytest.raises(TwilioRestException) as refusal:
        stage.send(MIA)
    assert (refusal.value.status, refusal.value.code) == (400, 21614)
    assert stage.send(LEO).status == "queued"
    [item] = stage.control("GET", f"threads/{MIA}")["items"]
    assert (item["type"], item["code"], item["body"]) == ("refusal", 21614, "Hello")


@pytest.mark.parametrize(("mode", "end"), [("undelivered", "undelivered"), ("failed", "failed")])
def test_a_message_that_does_not_arrive_tells_why(stage: Stage, mode: str, end: str) -> None:
    stage.control("POST", f"numbers/{MIA}", {"mode": mode, "code": 30005})
    message = stage.send(MIA)
    stage.eventually(lambda: end in stage.service.told("/receipts", "MessageStatus"))
    assert stage.service.heard[-1].parameters["ErrorCode"] == "30005"
    assert stage.client().messages(message.sid).fetch().error_code == 30005


def test_a_silent_number_gets_the_message_and_tells_nobody(stage: Stage) -> None:
    stage.control("POST", f"numbers/{MIA}", {"mode": "silent"})
    message = stage.send(MIA)
    fetch = stage.client().messages(message.sid).fetch
    stage.eventually(lambda: fetch().status == "delivered")
    assert stage.service.heard == []


def test_receipts_can_come_twice_or_in_reverse(stage: Stage) -> None:
    stage.control("POST", f"numbers/{MIA}", {"mode": "receipts_twice"})
    stage.control("POST", f"numbers/{LEO}", {"mode": "receipts_reversed"})
    stage.send(MIA, status_callback=f"{stage.service.url}/mia")
    stage.send(LEO, status_callback=f"{stage.service.url}/leo")
    expected = ["queued", "queued", "sent", "sent", "delivered", "delivered"]
    stage.eventually(lambda: stage.service.told("/mia", "MessageStatus") == expected)
    expected = ["delivered", "sent", "queued"]
    stage.eventually(lambda: stage.service.told("/leo", "MessageStatus") == expected)


def test_a_slow_answer_is_overtaken_by_its_receipts(stage: Stage) -> None:
    stage.control("POST", f"numbers/{MIA}", {"mode": "slow", "seconds": 0.5})
    began = time.monotonic()
    stage.send(MIA)
    assert time.monotonic() - began >= 0.5
    assert "delivered" in stage.service.told("/receipts", "MessageStatus")


@pytest.mark.parametrize(("mode", "status"), [("error_500", 500), ("error_429", 429)])
def test_the_api_can_be_out_of_order(stage: Stage, mode: str, status: int) -> None:
    stage.control("POST", "behaviour", {"mode": mode, "times": 1})
    with pytest.raises(TwilioRestException) as refusal:
        stage.send()
    assert refusal.value.status == status
    assert [event["mode"] for event in stage.events("request_disturbed")] == [mode]
    assert stage.send().status == "queued"  # `times` is used up


def test_429_says_when_to_come_back(stage: Stage) -> None:
    stage.control("POST", f"numbers/{MIA}", {"mode": "error_429", "retry_after": 7})
    client = stage.client()
    with pytest.raises(TwilioRestException):
        client.messages.create(to=MIA, from_="Vigie", body="Hello")
    assert client.http_client._test_only_last_response.headers["Retry-After"] == "7"


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ({"mode": "bad_json"}, ValueError),
        ({"mode": "drop"}, requests.ConnectionError),
        ({"mode": "hang", "seconds": 3}, requests.Timeout),
    ],
)
def test_a_caller_in_doubt_may_have_been_accepted_or_not(
    stage: Stage, behaviour: dict[str, Any], error: type[Exception], *, accepts: bool
) -> None:
    stage.control("POST", f"numbers/{MIA}", behaviour | {"accepts": accepts})
    with pytest.raises(error):
        stage.client(timeout=0.3).messages.create(to=MIA, from_="Vigie", body="Hello")
    assert len(stage.events("message_accepted")) == accepts
    assert len(stage.events("request_disturbed")) == (not accepts)


def test_a_number_goes_back_to_what_all_do(stage: Stage) -> None:
    stage.control("POST", "behaviour", {"mode": "undelivered"})
    stage.control("POST", f"numbers/{MIA}", {"mode": "error_500"})
    told = stage.control("DELETE", f"numbers/{MIA}")
    assert (told["sms"]["mode"], told["sms"]["own"]) == ("undelivered", False)
    assert stage.control("DELETE", "behaviour")["sms"]["mode"] == "deliver"


@pytest.mark.parametrize(
    "body", [{"mode": "sing"}, {"mode": "busy"}, {"mode": "drop", "tmes": 1}, {"code": 21610}]
)
def test_a_wrong_behaviour_is_refused(stage: Stage, body: dict[str, Any]) -> None:
    status, answer = stage.exchange("POST", f"numbers/{MIA}", body)
    assert status == 400
    assert answer["error"]
    assert stage.events("behaviour_set") == []


def test_receipts_are_tried_again_after_a_server_error(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(callback_statuses=frozenset({"delivered"}), callback_tries=2)
    stage.service.statuses = [503]
    stage.send()
    [posted] = stage.eventually(lambda: stage.events("callback_posted"))
    assert (posted["tries"], posted["response_status"]) == (2, 200)
    assert stage.service.told("/receipts", "MessageStatus") == ["delivered", "delivered"]


def test_a_service_that_is_away_is_journalled(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(callback_statuses=frozenset({"delivered"}), callback_tries=1)
    stage.send(status_callback="http://127.0.0.1:9/receipts")
    [posted] = stage.eventually(lambda: stage.events("callback_posted"))
    assert posted["response_status"] is None
    assert "Connect" in posted["error"]
