"""How often something may be done: counted by the database, one statement a use."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from alerts.domain.errors import QuotaExceeded
from alerts.models import Quota

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEPT_PERIOD = timedelta(days=1)

# The row lock of the conflict makes uses of one subject wait for each other, so that of any
# number at once exactly `limit` get through.
USE = """
INSERT INTO alerts_quota AS quota (kind, subject, window_started_at, used)
VALUES (%s, %s, %s, 1)
ON CONFLICT (kind, subject, window_started_at)
DO UPDATE SET used = quota.used + 1 WHERE quota.used < %s
RETURNING used
"""


@transaction.atomic(durable=True)
def use_quota(
    *, kind: str, subject_digest: bytes, limit: int, window: timedelta, now: datetime
) -> None:
    """Count one use, or raise QuotaExceeded with the time until the window ends.

    To be called outside of any transaction: a use counts whatever becomes of the request.
    """
    window_started_at = EPOCH + (now - EPOCH) // window * window
    with connection.cursor() as cursor:
        cursor.execute(USE, [kind, subject_digest, window_started_at, limit])
        is_allowed = cursor.fetchone() is not None
    if not is_allowed:
        wait = window_started_at + window - now
        raise QuotaExceeded(retry_after_seconds=int(wait.total_seconds()) + 1)


def forget_quotas(*, now: datetime) -> int:
    """Delete the counters of windows long past; return how many."""
    deleted, _ = Quota.objects.filter(window_started_at__lt=now - KEPT_PERIOD).delete()
    return deleted
