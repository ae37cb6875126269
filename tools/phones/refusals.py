"""What the service asked for in vain, as a phone's thread shows it."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Refusal:
    """A message or call that never came to be: refused, or lost in the provider's trouble."""

    sid: str
    phone: str
    at: str
    body: str | None
    code: int | None
    mode: str | None
    changed_seq: int

    def item(self) -> dict[str, Any]:
        """Return the refusal as a thread shows it."""
        return {
            "type": "refusal",
            "sid": self.sid,
            "direction": "to_phone",
            "at": self.at,
            "body": self.body,
            "code": self.code,
            "mode": self.mode,
            "seq": self.changed_seq,
        }
