"""A call that takes a PIN, from the guess to the entry it leaves, whatever becomes of the call."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError

from alerts.domain.errors import AlertsError, PinRequired
from alerts.models import User
from alerts.sealing.pins import PinVerdict
from alerts.services.pins.pin_entries import PinAction, record_entry
from alerts.services.pins.pins import enter_pin


@dataclass(frozen=True)
class PinCall:
    """What the PIN of a call turned out to be; None when there was none and none was needed."""

    user: User
    verdict: PinVerdict | None
    now: datetime

    def record(
        self, action: PinAction, *, meetup_id: UUID | None = None, is_needed: bool = False
    ) -> None:
        """Keep the entry: before the change, in its transaction.

        Raises PinRequired when it turned out only now that the PIN is needed.
        """
        if self.verdict is not None:
            record_entry(
                user=self.user,
                action=action,
                verdict=self.verdict,
                meetup_id=meetup_id,
                now=self.now,
            )
        elif is_needed:
            raise PinRequired


@contextmanager
def pin_call(
    *, user: User, pin: str | None, now: datetime, is_needed: bool = False
) -> Iterator[PinCall]:
    """Judge the PIN, carry out the call, and keep the entry also when the call is refused.

    A PIN that is given always counts, and a call for help is never undone by a refusal. To be
    entered outside of any transaction. Raises what `enter_pin` does.
    """
    verdict = None
    if pin is not None or is_needed:
        verdict = enter_pin(user=user, pin=pin, now=now)
    try:
        yield PinCall(user, verdict, now)
    except (AlertsError, DatabaseError):
        if verdict is not None:
            record_entry(user=user, action=PinAction.Refused, verdict=verdict, now=now)
        raise
