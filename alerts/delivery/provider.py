"""What a provider is: one method, two errors, and the honest third answer, "I do not know"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from alerts.domain.states import Channel, Purpose


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutboundMessage:
    """One message, ready to leave. Never printed: `to`, `subject` and `body` are personal."""

    delivery_id: UUID
    channel: Channel
    to: str
    body: str
    subject: str
    validity_seconds: int
    purpose: Purpose


class RecipientRejected(Exception):
    """The message can never reach this address by this channel; trying again is idle."""

    def __init__(self, code: str, *, tell_operator: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.tell_operator = tell_operator


class ProviderUnavailable(Exception):
    """The provider did not take the message, but may take it later (`retry_after` in seconds)."""

    def __init__(
        self, code: str, *, retry_after: float | None = None, tell_operator: bool = False
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.tell_operator = tell_operator


class OutcomeUnknown(Exception):
    """The message may have been taken or not: the answer was late, cut off or unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Provider(Protocol):
    """A way to hand a message to the outside world."""

    @property
    def name(self) -> str:
        """What the delivery row remembers of who sent it."""

    async def send(self, message: OutboundMessage) -> str:
        """Return the provider's reference; raises one of this module's three exceptions."""


@runtime_checkable
class CanLookUp(Protocol):
    """A provider that can be asked what became of a message it may have taken."""

    async def find(self, message: OutboundMessage, *, since: datetime) -> Sequence[str]:
        """Return the references of messages that may be this one, the likeliest first."""
