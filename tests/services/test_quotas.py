"""Quotas: exact under concurrency, free again in the next window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from alerts.domain.errors import QuotaExceeded
from alerts.models import Quota
from alerts.services.quotas import forget_quotas, use_quota

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def use(now: datetime = NOON, *, subject: bytes = b"ana", limit: int = 5) -> bool:
    """Return whether one more use was allowed."""
    try:
        use_quota(kind="test", subject_digest=subject, limit=limit, window=HOUR, now=now)
    except QuotaExceeded:
        return False
    finally:
        if not connection.in_atomic_block:  # a thread of its own
            connection.close()
    return True


@pytest.mark.django_db
def test_the_limit_is_allowed_and_no_more() -> None:
    assert [use() for _ in range(7)] == [True] * 5 + [False] * 2
    assert use(subject=b"mia")


@pytest.mark.django_db
def test_the_wait_ends_with_the_window() -> None:
    ten_to_one = NOON + timedelta(minutes=50)
    assert use(ten_to_one, limit=1)
    with pytest.raises(QuotaExceeded) as refusal:
        use_quota(kind="test", subject_digest=b"ana", limit=1, window=HOUR, now=ten_to_one)
    assert refusal.value.retry_after_seconds == 601
    assert use(NOON + HOUR)


@pytest.mark.django_db
def test_old_counters_are_forgotten() -> None:
    use()
    use(NOON + 30 * HOUR)
    assert forget_quotas(now=NOON + 30 * HOUR) == 1
    assert Quota.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_exactly_the_limit_gets_through() -> None:
    with ThreadPoolExecutor(16) as pool:
        allowed = list(pool.map(lambda _: use(), range(50)))
    assert sum(allowed) == 5
