"""What the provider says later of a message it took. Only a human stops an escalation."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.delivery.registry import ReceiptMeaning, meaning_of
from alerts.domain.states import DeliveryState
from alerts.models import Delivery, Receipt
from alerts.services.sending.acceptance import hold_incidents, note_acceptances
from alerts.services.sending.dispatch import load_for_sending
from alerts.services.sending.failures import Failure, note_failures

logger = logging.getLogger(__name__)

LONGEST_STATUS = 24
LONGEST_REFERENCE = 64
# Still to be settled: a receipt proves that the message was taken, whatever the sender saw.
UNSETTLED = frozenset({DeliveryState.Queued, DeliveryState.Sending, DeliveryState.Unknown})
SETTLED = frozenset({DeliveryState.Sent, DeliveryState.Delivered, DeliveryState.Undelivered})


@transaction.atomic
def record_receipt(
    *, delivery_id: UUID, status: str, error_code: str, reference: str, now: datetime
) -> bool:
    """Store one receipt and move its delivery forward; return whether anything changed.

    Repeats, latecomers and receipts of rows that are gone change nothing; an unknown status is
    stored and logged.
    """
    if not Delivery.objects.select_for_update().filter(pk=delivery_id).exists():
        return False
    status, error_code = status[:LONGEST_STATUS], error_code[:LONGEST_STATUS]
    _, is_new = Receipt.objects.get_or_create(
        delivery_id=delivery_id,
        status=status,
        error_code=error_code,
        defaults={"received_at": now},
    )
    if not is_new:
        return False
    meaning = meaning_of(status, error_code)
    if meaning is None:
        logger.error("delivery %s: unknown status %r", delivery_id, status)
        return False
    (delivery,) = load_for_sending([delivery_id])
    return _apply(delivery, meaning, error_code, reference[:LONGEST_REFERENCE], now=now)


def _apply(
    delivery: Delivery, meaning: ReceiptMeaning, error_code: str, reference: str, *, now: datetime
) -> bool:
    was_unsettled = delivery.state in UNSETTLED and delivery.attempts > 0
    if not _moves_forward(delivery, meaning, was_unsettled=was_unsettled):
        return False
    is_failure = meaning.state is DeliveryState.Undelivered
    Delivery.objects.filter(pk=delivery.pk).update(
        state=meaning.state,
        status_rank=meaning.rank,
        next_action_at=None,
        settled_at=delivery.settled_at or now,
        provider_reference=reference or delivery.provider_reference,
        error_code=error_code if is_failure else "",
    )
    if is_failure:
        hold_incidents([delivery])
    if was_unsettled:
        note_acceptances([delivery], now=now)
    if is_failure:
        note_failures([_failure(delivery, meaning, error_code)], now=now)
    return True


def _moves_forward(delivery: Delivery, meaning: ReceiptMeaning, *, was_unsettled: bool) -> bool:
    if was_unsettled:
        return True
    if delivery.state not in SETTLED:
        return False
    has_arrived_after_all = (
        delivery.state == DeliveryState.Undelivered and meaning.state is DeliveryState.Delivered
    )
    return meaning.rank > delivery.status_rank or has_arrived_after_all


def _failure(delivery: Delivery, meaning: ReceiptMeaning, error_code: str) -> Failure:
    return Failure(
        delivery,
        error_code or "undelivered",
        tell_operator=meaning.tell_operator,
        is_final=True,
        is_channel_dead=meaning.is_dead_number,
    )
