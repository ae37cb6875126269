"""One answer for each key: claimed before the action, settled after it, sealed for a day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from alerts.domain.errors import IdempotencyConflict, IdempotencyMismatch
from alerts.models import DataKey, IdempotencyKey
from alerts.models.sealed import create_data_key, open_column, seal_column
from alerts.sealing.digests import index_digest

KEPT_PERIOD = timedelta(hours=24)
CRASHED_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to answer under a key; lost when somebody else has claimed it since."""

    row: IdempotencyKey
    claimed_at: datetime


def claim_key(
    *, scope: str, key: str, request_parts: tuple[str, ...], now: datetime
) -> Claim | Answer:
    """Return the right to answer, or the first answer.

    Raises IdempotencyConflict while the first request is under way, IdempotencyMismatch when
    the key was used with another one.
    """
    key_digest = index_digest("idempotency_key", scope, key)
    request_digest = index_digest("idempotent_request", *request_parts)
    try:
        return _claim_new(key_digest, request_digest, now=now)
    except IntegrityError:
        return _claim_again(key_digest, request_digest, now=now)


def settle_claim(claim: Claim, answer: Answer) -> None:
    """Keep the answer, sealed, unless the claim was lost."""
    row = claim.row
    document = {"status": answer.status, "body": answer.body, "headers": answer.headers}
    seal_column(row, "sealed_answer", document, key=row.data_key)
    mine = IdempotencyKey.objects.filter(pk=row.pk, created_at=claim.claimed_at)
    mine.update(sealed_answer=row.sealed_answer)


@transaction.atomic
def release_claim(claim: Claim) -> None:
    """Let the next request with this key act: this one did nothing."""
    mine = IdempotencyKey.objects.filter(pk=claim.row.pk, created_at=claim.claimed_at)
    if mine.delete()[0]:
        DataKey.objects.filter(pk=claim.row.data_key_id).delete()


@transaction.atomic
def forget_answers(*, now: datetime, limit: int = 1000) -> int:
    """Delete answers older than a day with their keys; return how many."""
    old = IdempotencyKey.objects.filter(created_at__lte=now - KEPT_PERIOD)
    rows = list(old.select_for_update(skip_locked=True).values_list("pk", "data_key_id")[:limit])
    IdempotencyKey.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    DataKey.objects.filter(pk__in=[key_id for _, key_id in rows]).delete()
    return len(rows)


@transaction.atomic
def _claim_new(key_digest: bytes, request_digest: bytes, *, now: datetime) -> Claim:
    row = IdempotencyKey(
        key_digest=key_digest,
        request_digest=request_digest,
        data_key=create_data_key(now=now),
        created_at=now,
    )
    row.save(force_insert=True)
    return Claim(row=row, claimed_at=now)


@transaction.atomic
def _claim_again(key_digest: bytes, request_digest: bytes, *, now: datetime) -> Claim | Answer:
    rows = IdempotencyKey.objects.select_related("data_key").select_for_update(of=("self",))
    row = rows.filter(key_digest=key_digest).first()
    if row is None:  # released or forgotten a moment ago
        raise IdempotencyConflict
    age = now - row.created_at
    if age < KEPT_PERIOD:
        if bytes(row.request_digest) != request_digest:
            raise IdempotencyMismatch
        if row.sealed_answer is not None:
            return Answer(**open_column(row, "sealed_answer", key=row.data_key))
        if age < CRASHED_AFTER:
            raise IdempotencyConflict
    row.request_digest, row.sealed_answer, row.created_at = request_digest, None, now
    row.save(update_fields=["request_digest", "sealed_answer", "created_at"])
    return Claim(row=row, claimed_at=now)
