"""Signs of life."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def beat(parts: Iterable[str], *, now: datetime) -> None:
    """Note that these parts have just finished a round; forgets processes long gone."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, at=now) for part in sorted(parts)],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["at"],
    )
    gone = Heartbeat.objects.filter(part__contains=":", at__lt=now - FORGOTTEN_AFTER)
    gone.delete()
