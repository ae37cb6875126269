"""What the service asks for, checked as Twilio checks it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from multidict import MultiMapping

from tools.phones.errors import Refused

MAX_BODY = 1600
DEFAULT_RING_SECONDS = 60
ALPHANUMERIC_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}")
SHORT_CODE = re.compile(r"\d{3,8}")
MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
OWN_MESSAGE_FIELDS = frozenset({"To", "From", "Body", "StatusCallback", "MessagingServiceSid"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a request reached the network: by the wall, and by the machine's monotonic clock."""

    at: str
    monotonic: float

    def as_fields(self) -> dict[str, object]:
        """Return the fields that the journal keeps."""
        return {"arrived_at": self.at, "arrived_monotonic": self.monotonic}


@dataclass(slots=True)
class Visit:
    """One request to Twilio's API, as much as is known of it so far."""

    arrival: Arrival
    method: str
    path: str
    phone: str | None = None
    body: str | None = None

    def as_fields(self) -> dict[str, object]:
        """Return the fields that the journal keeps of a request that was not accepted."""
        return {
            "phone": self.phone,
            "method": self.method,
            "path": self.path,
            "to": self.phone,
            "body": self.body,
            **self.arrival.as_fields(),
        }


@dataclass(frozen=True, slots=True)
class MessageOrder:
    """One message to send."""

    to: str
    sender: str | None
    body: str
    status_callback: str | None
    messaging_service_sid: str | None
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CallOrder:
    """One call to place; `events` are those that the service wants to hear of."""

    to: str
    sender: str
    events: list[str]
    parameters: dict[str, Any]


def plain_form(form: MultiMapping[Any]) -> dict[str, Any]:
    """Return a form as plain values; a field given several times becomes a list."""
    fields: dict[str, Any] = {}
    for name in form:
        values = [str(value) for value in form.getall(name)]
        fields[name] = values[0] if len(values) == 1 else values
    return fields


def whole_number(fields: Mapping[str, Any], name: str, default: int, *, at_least: int) -> int:
    """Return a field as a whole number; raises Refused (20001) when it is none, or too small."""
    given = str(fields.get(name) or default)
    if not given.isascii() or not given.isdigit() or int(given) < at_least:
        raise Refused(20001, name)
    return int(given)


def is_possible_number(number: str) -> bool:
    """Tell whether a text is an E.164 number of a length that its country has."""
    if not re.fullmatch(r"\+[1-9]\d{1,14}", number):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def parse_message(form: dict[str, Any]) -> MessageOrder:
    """Read the form of POST Messages.json; raises Refused with Twilio's code."""
    to, sender = form.get("To", ""), form.get("From")
    service, body = form.get("MessagingServiceSid"), form.get("Body", "")
    if not to:
        raise Refused(21604)
    if not sender and not service:
        raise Refused(21603)
    if not body and not form.get("MediaUrl") and not form.get("ContentSid"):
        raise Refused(21602)
    if not is_possible_number(to):
        raise Refused(21211, to)
    _check_sender(sender, service)
    if len(body) > MAX_BODY:
        raise Refused(21617)
    return MessageOrder(
        to=to,
        sender=sender or None,
        body=body,
        status_callback=_checked_callback(form.get("StatusCallback")),
        messaging_service_sid=service or None,
        parameters={name: form[name] for name in form if name not in OWN_MESSAGE_FIELDS},
    )


def parse_call(form: dict[str, Any]) -> CallOrder:
    """Read the form of POST Calls.json; raises Refused with Twilio's code."""
    to, sender = form.get("To", ""), form.get("From", "")
    if not to:
        raise Refused(21201)
    if not sender:
        raise Refused(21213)
    if not form.get("Url") and not form.get("Twiml"):
        raise Refused(21205)
    if not is_possible_number(to):
        raise Refused(21217, to)
    if not is_possible_number(sender):
        raise Refused(21212, sender)
    _checked_callback(form.get("StatusCallback"))
    whole_number(form, "Timeout", DEFAULT_RING_SECONDS, at_least=1)
    events = form.get("StatusCallbackEvent", ["completed"])
    return CallOrder(
        to=to,
        sender=sender,
        events=events.split() if isinstance(events, str) else events,
        parameters={name: form[name] for name in form if name not in ("To", "From")},
    )


def _check_sender(sender: str | None, service: str | None) -> None:
    if service and not MESSAGING_SERVICE.fullmatch(service):
        raise Refused(21606, service)
    if not sender:
        return
    named = ALPHANUMERIC_SENDER.fullmatch(sender) or SHORT_CODE.fullmatch(sender)
    if not named and not is_possible_number(sender):
        raise Refused(21212, sender)


def _checked_callback(url: str | None) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(21609, url)
    return url
