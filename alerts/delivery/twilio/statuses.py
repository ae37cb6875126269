"""Twilio's statuses of a message, ranked: they arrive twice, late and out of order."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.delivery.twilio.error_codes import DEAD_NUMBER_CODES, OPERATOR_RECEIPT_CODES
from alerts.domain.states import DeliveryState

RANKS: Mapping[str, int] = {
    "accepted": 0,
    "scheduled": 0,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "read": 4,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
}
ARRIVED = frozenset({"delivered", "read"})
FAILED = frozenset({"undelivered", "failed", "canceled"})


@dataclass(frozen=True, slots=True)
class ReceiptMeaning:
    """What one status says; `is_dead_number` and `tell_operator` come from its error code."""

    rank: int
    state: DeliveryState
    is_dead_number: bool = False
    tell_operator: bool = False


def meaning_of(status: str, error_code: str) -> ReceiptMeaning | None:
    """Return what a receipt says, None for a status that nobody knows yet."""
    rank = RANKS.get(status)
    if rank is None:
        return None
    if status in ARRIVED:
        return ReceiptMeaning(rank, DeliveryState.Delivered)
    if status not in FAILED:
        return ReceiptMeaning(rank, DeliveryState.Sent)
    return ReceiptMeaning(
        rank,
        DeliveryState.Undelivered,
        is_dead_number=error_code in DEAD_NUMBER_CODES,
        tell_operator=error_code in OPERATOR_RECEIPT_CODES,
    )
