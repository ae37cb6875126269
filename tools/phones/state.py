"""What the journal adds up to: messages, calls, phones and how they behave."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.phones.behaviour import Behaviour, Channel, normal, parse_behaviour
from tools.phones.calls import Call
from tools.phones.journal import Event
from tools.phones.messages import Message
from tools.phones.orders import is_possible_number
from tools.phones.refusals import Refusal

EVERY_NUMBER = "*"


@dataclass(slots=True)
class Phone:
    """One number: its name, what it received and sent, and how it was told to behave."""

    number: str
    name: str = ""
    items: list[Message | Call | Refusal] = field(default_factory=list)
    changed_seq: int = 0


class State:
    """The network as of the last event; only `apply` changes it."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.calls: dict[str, Call] = {}
        self.phones: OrderedDict[str, Phone] = OrderedDict()  # the latest change comes last
        self.behaviours: dict[tuple[str, Channel], Behaviour] = {}
        self.cleared_seq = 0
        self._ordered: list[Message] = []
        self._by_number: dict[str, list[Message]] = {}
        self._handlers: dict[str, Callable[[Event], None]] = {
            "message_accepted": self._add_message,
            "inbound_created": self._add_message,
            "message_status": self._change_message,
            "message_redacted": self._redact_message,
            "message_deleted": self._delete_message,
            "call_placed": self._add_call,
            "call_status": self._change_call,
            "call_said": self._add_to_transcript,
            "call_keys": self._add_to_transcript,
            "call_error": self._add_to_transcript,
            "call_gathering": self._change_gathering,
            "request_refused": self._add_refusal,
            "request_disturbed": self._add_refusal,
            "phone_named": self._name_phone,
            "behaviour_set": self._set_behaviour,
            "journal_cleared": self._clear,
        }

    def apply(self, event: Event) -> None:
        """Take one event into account; events that change nothing to see are passed over."""
        handler = self._handlers.get(event["kind"])
        if handler is not None:
            handler(event)

    def behaviour(self, number: str, channel: Channel) -> Behaviour:
        """Return how a number behaves: as told, else as all numbers, else normally."""
        own = self.behaviours.get((number, channel))
        return own or self.behaviours.get((EVERY_NUMBER, channel)) or normal(channel)

    def newest_messages(self, to: str | None, before: str | None) -> Iterator[Message]:
        """Yield messages from newest to oldest, those to one number if given, after a token."""
        messages = self._ordered if to is None else self._by_number.get(to, [])
        anchor = self.messages.get(before) if before else None
        end = len(messages)
        if anchor is not None:
            end = bisect_left(messages, anchor.position, key=lambda message: message.position)
        for index in range(end - 1, -1, -1):
            if not messages[index].deleted:
                yield messages[index]

    def touch(self, number: str, seq: int) -> Phone:
        """Return the phone of a number, made if new and moved to the end as just changed."""
        phone = self.phones.get(number)
        if phone is None:
            phone = self.phones[number] = Phone(number)
        self.phones.move_to_end(number)
        phone.changed_seq = seq
        return phone

    def _add_message(self, event: Event) -> None:
        message = Message(
            sid=event["sid"],
            account_sid=event["account_sid"],
            to=event["to"],
            sender=event["from"],
            body=event["body"],
            direction=event["direction"],
            status=event["status"],
            created_at=event["at"],
            num_segments=event["num_segments"],
            status_callback=event.get("status_callback"),
            messaging_service_sid=event.get("messaging_service_sid"),
            parameters=event.get("parameters", {}),
            behaviour=event.get("behaviour"),
            position=len(self._ordered),
            changed_seq=event["seq"],
        )
        self.messages[message.sid] = message
        self._ordered.append(message)
        self._by_number.setdefault(message.to, []).append(message)
        self.touch(message.phone, event["seq"]).items.append(message)

    def _change_message(self, event: Event) -> None:
        message = self._changed_message(event)
        if message is None:
            return
        message.status = event["status"]
        message.updated_at = event["at"]
        message.error_code = event.get("error_code")
        message.sender = event.get("from", message.sender)
        if event["status"] == "sent":
            message.sent_at = event["at"]

    def _redact_message(self, event: Event) -> None:
        message = self._changed_message(event)
        if message is not None:
            message.redacted = True
            message.updated_at = event["at"]

    def _delete_message(self, event: Event) -> None:
        message = self._changed_message(event)
        if message is not None:
            message.deleted = True

    def _changed_message(self, event: Event) -> Message | None:
        message = self.messages.get(event["sid"])
        if message is not None:  # it may have been cleared while its receipts were under way
            message.changed_seq = event["seq"]
            self.touch(message.phone, event["seq"])
        return message

    def _add_call(self, event: Event) -> None:
        call = Call(
            sid=event["sid"],
            account_sid=event["account_sid"],
            to=event["to"],
            sender=event["from"],
            created_at=event["at"],
            parameters=event["parameters"],
            events=event["events"],
            behaviour=event.get("behaviour"),
            changed_seq=event["seq"],
        )
        self.calls[call.sid] = call
        self.touch(call.phone, event["seq"]).items.append(call)

    def _changed_call(self, event: Event) -> Call | None:
        call = self.calls.get(event["sid"])
        if call is not None:
            call.changed_seq = event["seq"]
            call.updated_at = event["at"]
            self.touch(call.phone, event["seq"])
        return call

    def _change_call(self, event: Event) -> None:
        call = self._changed_call(event)
        if call is None:
            return
        call.status = event["status"]
        call.answered_by = event.get("answered_by") or call.answered_by
        if event["status"] == "in-progress":
            call.started_at = event["at"]
        if call.is_final:
            call.ended_at = event["at"]
            call.gathering = False

    def _add_to_transcript(self, event: Event) -> None:
        call = self._changed_call(event)
        if call is not None:
            kind = event["kind"].removeprefix("call_")
            call.transcript.append({"kind": kind, "text": event["text"], "at": event["at"]})

    def _change_gathering(self, event: Event) -> None:
        call = self._changed_call(event)
        if call is not None:
            call.gathering = event["waiting"]

    def _add_refusal(self, event: Event) -> None:
        number: str | None = event["phone"]
        if number is None or not is_possible_number(number):
            return  # no phone has that number
        refusal = Refusal(
            sid=f"refusal-{event['seq']}",
            phone=number,
            at=event["at"],
            body=event["body"],
            code=event.get("code"),
            mode=event.get("mode"),
            changed_seq=event["seq"],
        )
        self.touch(number, event["seq"]).items.append(refusal)

    def _name_phone(self, event: Event) -> None:
        self.touch(event["phone"], event["seq"]).name = event["name"]

    def _set_behaviour(self, event: Event) -> None:
        key = (event["number"], Channel(event["channel"]))
        told: dict[str, Any] | None = event["behaviour"]
        if told is None:
            self.behaviours.pop(key, None)
        else:
            self.behaviours[key] = parse_behaviour(key[1], told)
        if event["number"] != EVERY_NUMBER:
            self.touch(event["number"], event["seq"])

    def _clear(self, event: Event) -> None:
        self.messages.clear()
        self.calls.clear()
        self.phones.clear()
        self._ordered.clear()
        self._by_number.clear()
        self.cleared_seq = event["seq"]
