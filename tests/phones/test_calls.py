"""Calls: ringing, words, keys, and what the service hears of them."""

import time

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.phones.stage import LEO, MIA, SERVICE, Stage

MENU = """<Response><Gather numDigits="1" timeout="{seconds}" action="/keys?call=7" {options}>
  <Say language="fr-FR">Bonjour. Tapez 1.</Say><Pause length="1"/></Gather>
  <Say>Au revoir.</Say></Response>"""


def menu(seconds: float = 5, options: str = "") -> str:
    return MENU.format(seconds=seconds, options=options)


def words(stage: Stage) -> list[str]:
    return [event["text"] for event in stage.events("call_said")]


def statuses(stage: Stage) -> list[str]:
    return stage.service.told("/calls", "CallStatus")


def test_a_person_answers_and_presses_a_key(stage: Stage) -> None:
    stage.service.documents |= {
        "/twiml": menu(),
        "/keys": "<Response><Say>Merci.</Say></Response>",
    }
    call = stage.call()
    assert call.sid.startswith("CA")
    stage.eventually(lambda: "ringing" in statuses(stage))
    assert stage.exchange("POST", "keys", {"call_sid": call.sid, "digits": "1"})[0] == 409
    stage.control("POST", "answer", {"call_sid": call.sid})
    stage.eventually(lambda: words(stage) == ["Bonjour. Tapez 1."])
    stage.control("POST", "keys", {"call_sid": call.sid, "digits": "1"})
    stage.eventually(lambda: "completed" in statuses(stage))
    assert words(stage) == ["Bonjour. Tapez 1.", "Merci."]
    assert statuses(stage) == ["initiated", "ringing", "in-progress", "completed"]
    assert stage.service.told("/keys?call=7", "Digits") == ["1"]
    assert all(heard.is_signed for heard in stage.service.heard)
    assert stage.client().calls(call.sid).fetch().status == "completed"


def test_the_thread_shows_the_transcript(stage: Stage) -> None:
    stage.service.documents["/twiml"] = "<Response><Say>Bonjour.</Say><Hangup/></Response>"
    stage.control("POST", f"numbers/{MIA}", {"calls": {"mode": "answer", "seconds": 0}})
    stage.call()
    stage.eventually(lambda: "completed" in statuses(stage))
    [item] = stage.control("GET", f"threads/{MIA}")["items"]
    assert (item["type"], item["status"], item["gathering"]) == ("call", "completed", False)
    assert [line["text"] for line in item["transcript"]] == ["Bonjour."]


@pytest.mark.parametrize(("options", "posted"), [('actionOnEmptyResult="true"', [""]), ("", [])])
def test_no_key_goes_on_with_the_document_or_is_posted(
    stage: Stage, options: str, posted: list[str]
) -> None:
    stage.service.documents |= {"/twiml": menu(0.1, options), "/keys": "<Response/>"}
    stage.control("POST", f"numbers/{MIA}", {"calls": {"mode": "answer", "seconds": 0}})
    stage.call()
    stage.eventually(lambda: "completed" in statuses(stage))
    assert stage.service.told("/keys?call=7", "Digits") == posted
    assert ("Au revoir." in words(stage)) == (not posted)


def test_several_keys_end_with_the_hash(stage: Stage) -> None:
    document = (
        '<Response><Gather action="/keys?call=7" timeout="5"><Say>Code</Say></Gather></Response>'
    )
    stage.service.documents |= {"/twiml": document, "/keys": "<Response/>"}
    stage.control("POST", f"numbers/{MIA}", {"calls": {"mode": "answer", "keys": "1234#"}})
    stage.call()
    stage.eventually(lambda: "completed" in statuses(stage))
    assert stage.service.told("/keys?call=7", "Digits") == ["1234"]


@pytest.mark.parametrize(
    ("mode", "status"), [("busy", "busy"), ("no_answer", "no-answer"), ("failed", "failed")]
)
def test_a_call_that_nobody_takes_ends_so(stage: Stage, mode: str, status: str) -> None:
    stage.control("POST", f"numbers/{MIA}", {"calls": {"mode": mode, "seconds": 0}})
    stage.call()
    stage.eventually(lambda: statuses(stage) == ["initiated", "ringing", status])


def test_a_phone_rings_as_long_as_the_service_says(stage: Stage) -> None:
    stage.call(timeout=1)
    began = time.monotonic()
    stage.eventually(lambda: statuses(stage)[-1:] == ["no-answer"])
    assert time.monotonic() - began > 0.5


def test_a_person_declines_another_hangs_up(stage: Stage) -> None:
    stage.service.documents["/twiml"] = menu()
    declined, taken = stage.call(MIA), stage.call(LEO)
    stage.eventually(lambda: statuses(stage).count("ringing") == 2)
    stage.control("POST", "decline", {"call_sid": declined.sid})
    stage.control("POST", "answer", {"call_sid": taken.sid})
    stage.eventually(lambda: words(stage))
    stage.control("POST", "hang-up", {"call_sid": taken.sid})
    fetch = stage.client().calls
    stage.eventually(lambda: fetch(taken.sid).fetch().status == "completed")
    assert fetch(declined.sid).fetch().status == "busy"


def test_a_voicemail_is_told_and_the_call_redirected(stage: Stage) -> None:
    stage.service.documents["/twiml"] = menu(30)
    stage.control("POST", f"numbers/{MIA}", {"calls": {"mode": "machine", "seconds": 0}})
    call = stage.call(
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{stage.service.url}/amd",
    )
    stage.eventually(lambda: stage.service.told("/amd", "AnsweredBy") == ["machine_end_beep"])
    stage.client().calls(call.sid).update(twiml="<Response><Say>Message.</Say></Response>")
    stage.eventually(lambda: "completed" in statuses(stage))
    assert words(stage) == ["Bonjour. Tapez 1.", "Message."]
    assert not stage.control("GET", f"threads/{MIA}")["last"]["gathering"]


def test_the_service_ends_and_cancels_calls(stage: Stage) -> None:
    stage.service.documents["/twiml"] = menu(30)
    taken, ringing = stage.call(MIA), stage.call(LEO)
    stage.eventually(lambda: statuses(stage).count("ringing") == 2)
    stage.control("POST", "answer", {"call_sid": taken.sid})
    stage.eventually(lambda: words(stage))
    stage.client().calls(taken.sid).update(status="completed")
    stage.client().calls(ringing.sid).update(status="canceled")
    stage.eventually(lambda: {"completed", "canceled"} <= set(statuses(stage)))
    with pytest.raises(TwilioRestException) as refusal:
        stage.client().calls(taken.sid).update(status="completed")
    assert refusal.value.code == 21220


def test_a_broken_document_is_said_to_be_so(stage: Stage) -> None:
    stage.service.documents["/twiml"] = "<Response><Say>"
    stage.control("POST", f"numbers/{MIA}", {"calls": {"mode": "answer", "seconds": 0}})
    stage.call()
    stage.eventually(lambda: "completed" in statuses(stage))
    [error] = stage.events("call_error")
    assert error["text"].startswith("12100")
    assert "application error" in words(stage)[0]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"to": "+33"}, 21217),
        ({"url": ""}, 21205),
        ({"timeout": "long"}, 20001),
    ],
)
def test_a_wrong_call_is_refused(stage: Stage, fields: dict[str, str], code: int) -> None:
    order = {"to": MIA, "from_": SERVICE, "url": f"{stage.service.url}/twiml"} | fields
    with pytest.raises(TwilioRestException) as refusal:
        stage.client().calls.create(**order)
    assert (refusal.value.status, refusal.value.code) == (400, code)
