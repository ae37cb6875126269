"""Erasing what has served its time and nobody asks for any more."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from alerts.services.accounts.codes import forget_codes
from alerts.services.idempotency import forget_answers
from alerts.services.quotas import forget_quotas

EVERY = timedelta(minutes=1)
PART = "housekeeping"

# Of any number of watchers one a minute gets the turn.
TAKE_TURN = """
INSERT INTO alerts_heartbeat AS beat (part, at) VALUES (%s, %s)
ON CONFLICT (part) DO UPDATE SET at = excluded.at WHERE beat.at <= %s
RETURNING part
"""


def forget_past(*, now: datetime, limit: int) -> int:
    """Erase expired codes, answers and counters, once a minute; return how many."""
    if not _take_turn(now=now):
        return 0
    forgotten = forget_codes(now=now, limit=limit) + forget_answers(now=now, limit=limit)
    return forgotten + forget_quotas(now=now)


@transaction.atomic
def _take_turn(*, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, [PART, now, now - EVERY])
        return cursor.fetchone() is not None
