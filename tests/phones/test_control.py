"""The control API: the journal, threads, replies, and whom it answers."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.phones.stage import LEO, MIA, SERVICE, Stage


def test_the_journal_is_written_before_the_answer(stage: Stage, tmp_path: Path) -> None:
    before = time.monotonic()
    message = stage.send()
    first = json.loads((tmp_path / "phones.jsonl").read_text().splitlines()[0])
    assert (first["seq"], first["kind"], first["sid"]) == (1, "message_accepted", message.sid)
    assert (first["to"], first["body"]) == (MIA, "Hello")
    assert first["status_callback"] == f"{stage.service.url}/receipts"
    assert before < first["arrived_monotonic"] <= first["monotonic"] < time.monotonic()


def test_a_reader_waits_for_the_event_that_it_wants(stage: Stage) -> None:
    sender = threading.Timer(0.3, stage.send)
    sender.start()
    began = time.monotonic()
    page = stage.control("GET", "journal?kind=message_status&since=0&wait=10")
    assert time.monotonic() - began < 5
    assert page["events"][0]["status"] == "sent"
    assert page["next_since"] >= page["events"][0]["seq"]
    sender.join()


def test_a_reader_that_waits_in_vain_gets_nothing(stage: Stage) -> None:
    page = stage.control("GET", f"journal?wait=0.1&phone={LEO}")
    assert page == {"events": [], "last_seq": 0, "next_since": 0}


def test_a_limited_reader_goes_on_where_it_was(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(callbacks=False)
    for _ in range(3):
        stage.send()
    seen: list[int] = []
    since = 0
    while page := stage.control("GET", f"journal?since={since}&limit=2&kind=message_accepted"):
        if not page["events"]:
            break
        seen += [event["seq"] for event in page["events"]]
        since = page["next_since"]
    assert len(seen) == len(set(seen)) == 3


def test_threads_survive_a_restart_and_messages_travel_on(
    open_stage: Callable[..., Stage], tmp_path: Path
) -> None:
    first = open_stage(callback_delay=(60.0, 60.0))
    message = first.send()
    first.control("POST", f"numbers/{MIA}", {"name": "Mia", "mode": "undelivered"})
    first.close()
    with (tmp_path / "phones.jsonl").open("ab") as journal:
        journal.write(b'{"seq": 99, "cut by a cra')
    second = open_stage()
    fetch = second.client().messages(message.sid).fetch
    second.eventually(lambda: fetch().status == "delivered")
    [phone] = second.control("GET", "threads")["phones"]
    assert (phone["name"], phone["behaviour"]["sms"]["mode"]) == ("Mia", "undelivered")
    sequence = [event["seq"] for event in second.control("GET", "journal")["events"]]
    assert sequence == list(range(1, len(sequence) + 1))


def test_clearing_forgets_messages_but_not_how_numbers_behave(stage: Stage) -> None:
    message = stage.send()
    stage.eventually(lambda: stage.client().messages(message.sid).fetch().status == "delivered")
    stage.control("POST", f"numbers/{LEO}", {"mode": "drop"})
    seen = stage.control("GET", "threads")["seq"]
    stage.control("DELETE", "journal")
    threads = stage.control("GET", f"threads?since={seen}")
    assert threads["reset"]
    assert [phone["number"] for phone in threads["phones"]] == [LEO]
    assert stage.client().messages.list() == []


def test_only_changed_phones_are_listed_again(stage: Stage) -> None:
    stage.send(MIA)
    stage.eventually(lambda: "delivered" in stage.service.told("/receipts", "MessageStatus"))
    stage.eventually(lambda: len(stage.events("callback_posted")) == 3)
    seen = stage.control("GET", "threads")["seq"]
    stage.send(LEO)
    phones = stage.control("GET", f"threads?since={seen}")["phones"]
    assert [phone["number"] for phone in phones] == [LEO]


def test_a_reply_reaches_the_service_signed(stage: Stage) -> None:
    stage.send(MIA)
    answer = stage.control("POST", "reply", {"from": MIA, "body": "1 ✓"})
    assert answer["response_status"] == 200
    [inbound] = [heard for heard in stage.service.heard if heard.path == "/inbound"]
    assert inbound.is_signed
    assert inbound.parameters["From"] == MIA
    assert (inbound.parameters["To"], inbound.parameters["Body"]) == (SERVICE, "1 ✓")
    assert inbound.parameters["MessageSid"].startswith("SM")


def test_the_service_can_answer_a_reply_at_once(stage: Stage) -> None:
    stage.service.documents["/inbound"] = "<Response><Message>Merci</Message></Response>"
    stage.control("POST", "reply", {"from": MIA, "to": SERVICE, "body": "AIDE"})
    items = stage.control("GET", f"threads/{MIA}")["items"]
    assert [(item["direction"], item["body"]) for item in items] == [
        ("from_phone", "AIDE"),
        ("to_phone", "Merci"),
    ]


def test_nobody_can_reply_to_a_name(stage: Stage) -> None:
    stage.client().messages.create(to=MIA, from_="Vigie", body="Hello")
    assert stage.exchange("POST", "reply", {"from": MIA, "body": "1"})[0] == 409


def test_other_web_sites_are_kept_out(stage: Stage) -> None:
    assert stage.exchange("GET", "journal", headers={"Host": "evil.example"})[0] == 403
    form = stage.exchange("POST", "reply", data={"from": MIA, "body": "1"})
    assert form[0] == 415
    assert stage.exchange("GET", "journal", headers={"Host": "localhost:1"})[0] == 200


def test_wrong_values_are_400_and_unknown_phones_404(stage: Stage) -> None:
    assert stage.exchange("GET", "journal?since=soon")[0] == 400
    assert stage.exchange("POST", "numbers/12", {"mode": "deliver"})[0] == 400
    assert stage.exchange("POST", "keys", {"call_sid": "CA1", "digits": "x"})[0] == 400
    assert stage.exchange("GET", f"threads/{LEO}")[0] == 404
