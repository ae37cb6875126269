"""What becomes of a delivery after an attempt: written by compare-and-set, many at once."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from alerts.conf import alerts_settings
from alerts.delivery.outcomes import (
    Accepted,
    LookedUp,
    NotTried,
    Outcome,
    Rejected,
    Unavailable,
    Unknown,
)
from alerts.domain.states import DeliveryState
from alerts.domain.texts import TextId, sms_text
from alerts.services.sending.acceptance import (
    hold_incidents,
    note_acceptances,
    taken_references,
)
from alerts.services.sending.dispatch import Claimed
from alerts.services.sending.failures import Failure, note_failures

logger = logging.getLogger(__name__)

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 30))
LOOK_UP_AFTER = timedelta(seconds=30)
ACCEPTED_RANK = 0
UNRANKED = -1


@dataclass(frozen=True, slots=True)
class Settlement:
    """One attempt and what came of it."""

    claimed: Claimed
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The columns that an outcome sets; `resends` is added."""

    state: DeliveryState
    next_action_at: datetime | None = None
    settled_at: datetime | None = None
    error_code: str = ""
    provider: str = ""
    reference: str = ""
    rank: int = UNRANKED
    resends: int = 0
    failure: Failure | None = None


def settle(settlements: Sequence[Settlement], *, now: datetime) -> int:
    """Write what came of many attempts; return how many still were ours to write.

    One that cannot be written does not keep the others from it; a lost database is the caller's.
    """
    try:
        return _settle_batch(settlements, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # the row's boundary: the batch again, one by one
        logger.exception("a batch of %s outcomes failed; going one by one", len(settlements))
        return sum(_settle_alone(settlement, now=now) for settlement in settlements)


def _settle_alone(settlement: Settlement, *, now: datetime) -> int:
    try:
        return _settle_batch([settlement], now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # the row's boundary
        logger.exception("delivery %s: no consequence drawn", settlement.claimed.delivery.pk)
        return _keep_what_is_certain(settlement, now=now)


def _keep_what_is_certain(settlement: Settlement, *, now: datetime) -> int:
    """Write the outcome without its consequences, or else that it is unknown."""
    outcome = settlement.outcome
    if isinstance(outcome, Accepted):
        change = _sent(outcome.provider, outcome.reference, now=now)
    elif isinstance(outcome, Rejected):
        change = Change(state=DeliveryState.Rejected, settled_at=now, error_code=outcome.code)
    else:
        change = _in_doubt(settlement.claimed, Unknown("internal"), now=now)
    return len(_write([(settlement, change)]))


@transaction.atomic
def _settle_batch(settlements: Sequence[Settlement], *, now: datetime) -> int:
    decided = _decide_all(settlements, now=now)
    written = _write(decided)
    ours = [(s, change) for s, change in decided if s.claimed.delivery.pk in written]
    hold_incidents(s.claimed.delivery for s, change in ours if change.failure)
    accepted = [s.claimed.delivery for s, change in ours if change.rank >= ACCEPTED_RANK]
    note_acceptances(accepted, now=now)
    note_failures([change.failure for _, change in ours if change.failure], now=now)
    return len(ours)


def _decide_all(
    settlements: Iterable[Settlement], *, now: datetime
) -> list[tuple[Settlement, Change]]:
    """Decide each; a reference found by look-up proves one delivery only."""
    settlements = list(settlements)
    looked_up = [s for s in settlements if isinstance(s.outcome, LookedUp) and s.outcome.references]
    taken = taken_references([s.claimed.delivery for s in looked_up])
    decided = []
    for settlement in settlements:
        change = _decide(settlement, now=now, taken=taken)
        if change.reference:
            taken = taken | {change.reference}
        decided.append((settlement, change))
    return decided


def _decide(settlement: Settlement, *, now: datetime, taken: frozenset[str]) -> Change:
    claimed = settlement.claimed
    match settlement.outcome:
        case Accepted() as outcome:
            return _sent(outcome.provider, outcome.reference, now=now)
        case LookedUp() as outcome:
            return _looked_up(claimed, outcome, now=now, taken=taken)
        case Rejected() as outcome:
            return _over(DeliveryState.Rejected, claimed, outcome, now=now, is_channel_dead=True)
        case Unavailable() as outcome:
            return _again_later(claimed, outcome, now=now)
        case Unknown() as outcome:
            return _in_doubt(claimed, outcome, now=now)
        case NotTried():
            return Change(state=_former(claimed), next_action_at=now)


def _in_doubt(claimed: Claimed, outcome: Unknown, *, now: datetime) -> Change:
    return Change(
        state=DeliveryState.Unknown,
        next_action_at=now + alerts_settings().scaled(LOOK_UP_AFTER),
        error_code=outcome.code,
        failure=Failure(claimed.delivery, outcome.code),
    )


def _looked_up(
    claimed: Claimed, outcome: LookedUp, *, now: datetime, taken: frozenset[str]
) -> Change:
    free = [reference for reference in outcome.references if reference not in taken]
    if free:
        return _sent(outcome.provider, free[0], now=now)
    return _not_found(claimed, now=now)


def _sent(provider: str, reference: str, *, now: datetime) -> Change:
    return Change(
        state=DeliveryState.Sent,
        settled_at=now,
        provider=provider,
        reference=reference,
        rank=ACCEPTED_RANK,
    )


def _not_found(claimed: Claimed, *, now: datetime) -> Change:
    """Send what was not found once more; twice unknown, it is given up and the operator told.

    A row whose sender died (`was` Sending) does not count against that: never lose an alert.
    """
    if claimed.was is DeliveryState.Unknown and claimed.delivery.resends:
        gone = Rejected("unknown_twice", tell_operator=True)
        return _over(DeliveryState.Failed, claimed, gone, now=now, is_channel_dead=False)
    is_resend = claimed.was is DeliveryState.Unknown
    return Change(state=DeliveryState.Queued, next_action_at=now, resends=int(is_resend))


def _again_later(claimed: Claimed, outcome: Unavailable, *, now: datetime) -> Change:
    """Retry with growing pauses for as long as the text stays true; the next channel goes now."""
    delivery = claimed.delivery
    holds = timedelta(seconds=sms_text(TextId(delivery.text)).validity_seconds)
    if now - (delivery.first_sent_at or now) > holds:
        gone = Rejected(outcome.code, tell_operator=outcome.tell_operator)
        return _over(DeliveryState.Failed, claimed, gone, now=now, is_channel_dead=False)
    pause = RETRY_AFTER[min(delivery.attempts, len(RETRY_AFTER) - 1)]
    if outcome.retry_after is not None:
        pause = max(pause, timedelta(seconds=outcome.retry_after))
    return Change(
        state=DeliveryState.Queued,
        next_action_at=now + alerts_settings().scaled(pause),
        error_code=outcome.code,
        failure=Failure(
            delivery,
            outcome.code,
            tell_operator=outcome.tell_operator,
            is_repeated=delivery.attempts > 0,
        ),
    )


def _over(
    state: DeliveryState, claimed: Claimed, why: Rejected, *, now: datetime, is_channel_dead: bool
) -> Change:
    return Change(
        state=state,
        settled_at=now,
        error_code=why.code,
        failure=Failure(
            claimed.delivery,
            why.code,
            tell_operator=why.tell_operator,
            is_final=True,
            is_channel_dead=is_channel_dead,
        ),
    )


def _former(claimed: Claimed) -> DeliveryState:
    """Return the state to fall back to: what was in doubt stays so, and is looked up first."""
    return DeliveryState.Unknown if claimed.is_doubtful else DeliveryState.Queued


WRITE = """
UPDATE alerts_delivery AS delivery
SET state = outcome.state, next_action_at = outcome.next_action_at,
    settled_at = outcome.settled_at, error_code = outcome.error_code,
    provider = outcome.provider, provider_reference = outcome.reference,
    status_rank = greatest(delivery.status_rank, outcome.rank),
    resends = delivery.resends + outcome.resends
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            %s::text[], %s::text[], %s::int[], %s::int[])
    AS outcome(id, attempt, state, next_action_at, settled_at, error_code, provider, reference,
               rank, resends)
WHERE delivery.id = outcome.id AND delivery.attempts = outcome.attempt
  AND delivery.state = 'sending'
RETURNING delivery.id
"""


def _write(decided: Sequence[tuple[Settlement, Change]]) -> set[UUID]:
    """Set the columns where nobody newer owns the row; return the ids that were still ours."""
    rows = [
        (
            settlement.claimed.delivery.pk,
            settlement.claimed.attempt,
            change.state.value,
            change.next_action_at,
            change.settled_at,
            change.error_code,
            change.provider,
            change.reference,
            change.rank,
            change.resends,
        )
        for settlement, change in decided
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
        return {delivery_id for (delivery_id,) in cursor.fetchall()}
