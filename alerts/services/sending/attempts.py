"""One attempt, from a claimed row to its outcome; in between no transaction is open."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.delivery.outcomes import NotTried, Providers, Rejected, attempt, look_up
from alerts.delivery.provider import OutboundMessage
from alerts.services.sending.dispatch import Claimed
from alerts.services.sending.messages import Unsendable, compose
from alerts.services.sending.settlement import Settlement

# A call of 13 s has to end, and be written, before the lease does.
LEAST_LEASE_LEFT = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Job:
    """A message to send, or to look up first, until an instant of this process's own clock."""

    claimed: Claimed
    message: OutboundMessage
    start_before: float  # time.monotonic()


def prepare(
    claims: Iterable[Claimed], *, now: datetime, claimed_at: float
) -> tuple[list[Job], list[Settlement]]:
    """Return what can be sent, and the outcomes of what cannot even be written.

    `claimed_at` is what time.monotonic() said before the rows were claimed at `now`: leases are
    counted on it, for the database's clock cannot be asked before each call.
    """
    claims = list(claims)
    messages = compose((claimed.delivery for claimed in claims), now=now)
    jobs, unsendable = [], []
    for claimed in claims:
        message = messages[claimed.delivery.pk]
        if isinstance(message, Unsendable):
            code = Rejected(message.code, tell_operator=message.code != "no_address")
            unsendable.append(Settlement(claimed, code))
        else:
            left = claimed.lease_ends_at - now - LEAST_LEASE_LEFT
            jobs.append(Job(claimed, message, claimed_at + left.total_seconds()))
    return jobs, unsendable


async def carry_out(job: Job, providers: Providers) -> Settlement:
    """Send one message, or look it up where an earlier attempt may have arrived."""
    claimed = job.claimed
    if time.monotonic() > job.start_before:
        return Settlement(claimed, NotTried())
    if claimed.is_doubtful:
        since = claimed.delivery.first_sent_at or claimed.delivery.created_at
        return Settlement(claimed, await look_up(job.message, providers, since=since))
    return Settlement(claimed, await attempt(job.message, providers))
