"""Telling the operator of trouble that only they can repair."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts.conf import alerts_settings
from alerts.services.incidents.operator import operator_orders
from alerts.services.outbox import enqueue

ONE_NOTICE_PER = timedelta(minutes=5)


def report_trouble(codes: Iterable[str], *, now: datetime) -> None:
    """Queue one notice for each code and five minutes, by every channel the operator has."""
    period = alerts_settings().scaled(ONE_NOTICE_PER)
    bucket = int(now.timestamp() // period.total_seconds())
    enqueue(
        [
            order
            for code in sorted(set(codes))
            for order in operator_orders(f"{code}:{bucket}", incident_id=None, now=now)
        ],
        now=now,
    )
