"""A call of the simulated network and its face in Twilio's API."""

from dataclasses import dataclass, field
from typing import Any

from tools.phones.clock import parse_journal_time, twilio_time
from tools.phones.messages import API_VERSION
from tools.phones.orders import DEFAULT_RING_SECONDS

FINAL_CALL_STATUSES = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


@dataclass(slots=True)
class Call:
    """One call placed to a simulated phone, with what was said and typed."""

    sid: str
    account_sid: str
    to: str
    sender: str
    created_at: str
    parameters: dict[str, Any] = field(default_factory=dict)
    events: list[str] = field(default_factory=lambda: ["completed"])
    behaviour: dict[str, Any] | None = None
    status: str = "queued"
    started_at: str | None = None
    ended_at: str | None = None
    updated_at: str = ""
    answered_by: str | None = None
    gathering: bool = False
    transcript: list[dict[str, Any]] = field(default_factory=list)
    changed_seq: int = 0

    @property
    def phone(self) -> str:
        """Return the number of the simulated phone that rings."""
        return self.to

    @property
    def is_final(self) -> bool:
        """Tell whether the call is over."""
        return self.status in FINAL_CALL_STATUSES

    @property
    def ring_seconds(self) -> float:
        """Return how long the phone rings before nobody answers; Twilio's default is 60."""
        return float(self.parameters.get("Timeout") or DEFAULT_RING_SECONDS)

    @property
    def duration(self) -> int | None:
        """Return the whole seconds between answer and end, if both happened."""
        if self.started_at is None or self.ended_at is None:
            return None
        talked = parse_journal_time(self.ended_at) - parse_journal_time(self.started_at)
        return round(talked.total_seconds())

    def resource(self) -> dict[str, Any]:
        """Return the Call resource of Twilio's REST API."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "answered_by": self.answered_by,
            "api_version": API_VERSION,
            "caller_name": None,
            "date_created": twilio_time(self.created_at),
            "date_updated": twilio_time(self.updated_at or self.created_at),
            "direction": "outbound-api",
            "duration": None if self.duration is None else str(self.duration),
            "end_time": twilio_time(self.ended_at),
            "forwarded_from": None,
            "from": self.sender,
            "from_formatted": self.sender,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": twilio_time(self.started_at),
            "status": self.status,
            "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": f"{uri}.json",
        }

    def webhook_parameters(self) -> dict[str, str]:
        """Return what Twilio posts with every request about this call."""
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.sender,
            "Direction": "outbound-api",
            "From": self.sender,
            "To": self.to,
        }

    def item(self) -> dict[str, Any]:
        """Return the call as a thread shows it."""
        return {
            "type": "call",
            "sid": self.sid,
            "direction": "to_phone",
            "at": self.created_at,
            "to": self.to,
            "from": self.sender,
            "status": self.status,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "duration": self.duration,
            "answered_by": self.answered_by,
            "gathering": self.gathering,
            "transcript": self.transcript,
            "seq": self.changed_seq,
        }
