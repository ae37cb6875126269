"""A message of the simulated network and its face in Twilio's API."""

from dataclasses import dataclass, field
from typing import Any

from tools.phones.clock import twilio_time
from tools.phones.errors import CARRIER_ERRORS

API_VERSION = "2010-04-01"
FINAL_STATUSES = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})
INBOUND = "inbound"


@dataclass(slots=True)
class Message:
    """One SMS in either direction; `sender` is None until a messaging service has chosen one."""

    sid: str
    account_sid: str
    to: str
    sender: str | None
    body: str
    direction: str
    status: str
    created_at: str
    num_segments: int
    status_callback: str | None = None
    messaging_service_sid: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    behaviour: dict[str, Any] | None = None
    updated_at: str = ""
    sent_at: str | None = None
    error_code: int | None = None
    redacted: bool = False
    deleted: bool = False
    position: int = 0
    changed_seq: int = 0

    @property
    def phone(self) -> str:
        """Return the number of the simulated phone that this message concerns."""
        return (self.sender or "") if self.direction == INBOUND else self.to

    @property
    def is_final(self) -> bool:
        """Tell whether no further status can follow."""
        return self.status in FINAL_STATUSES

    @property
    def stored_body(self) -> str:
        """Return the text as Twilio still keeps it: nothing once redacted or discarded."""
        discarded = self.parameters.get("ContentRetention") == "discard" and self.is_final
        return "" if self.redacted or discarded else self.body

    def resource(self) -> dict[str, Any]:
        """Return the Message resource of Twilio's REST API."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.stored_body,
            "date_created": twilio_time(self.created_at),
            "date_sent": twilio_time(self.sent_at),
            "date_updated": twilio_time(self.updated_at or self.created_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": CARRIER_ERRORS.get(self.error_code) if self.error_code else None,
            "from": self.sender,
            "messaging_service_sid": self.messaging_service_sid,
            "num_media": "0",
            "num_segments": str(self.num_segments),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def callback_parameters(self) -> dict[str, str]:
        """Return what Twilio posts to the status callback for the present status."""
        parameters = {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "From": self.sender or "",
            "MessageSid": self.sid,
            "MessageStatus": self.status,
            "SmsSid": self.sid,
            "SmsStatus": self.status,
            "To": self.to,
        }
        if self.messaging_service_sid:
            parameters["MessagingServiceSid"] = self.messaging_service_sid
        if self.error_code is not None:
            parameters["ErrorCode"] = str(self.error_code)
        return parameters

    def item(self) -> dict[str, Any]:
        """Return the message as a thread shows it; here the text stays, this is a simulation."""
        return {
            "type": "message",
            "sid": self.sid,
            "direction": "from_phone" if self.direction == INBOUND else "to_phone",
            "at": self.created_at,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "status": self.status,
            "error_code": self.error_code,
            "redacted": self.redacted,
            "deleted": self.deleted,
            "seq": self.changed_seq,
        }
