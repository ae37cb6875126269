"""Positions that the owner's phone reports."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from alerts.domain.errors import MeetupEnded, NotFound
from alerts.domain.timing import POSITIONS_AFTER_END
from alerts.models import Meetup, Position, User
from alerts.models.sealed import seal_column


@dataclass(frozen=True, kw_only=True)
class Fix:
    """A position: degrees (WGS 84), metres, percent."""

    latitude: float
    longitude: float
    accuracy_m: float
    recorded_at: datetime
    battery_percent: int | None = None


@transaction.atomic
def report_positions(*, owner: User, meetup_id: UUID, fixes: Sequence[Fix], now: datetime) -> int:
    """Store positions of a meetup, until twelve hours after its end whatever it ended by."""
    meetup = Meetup.objects.select_related("data_key").filter(owner=owner, pk=meetup_id).first()
    if meetup is None:
        raise NotFound
    if meetup.ended_at is not None and now - meetup.ended_at > POSITIONS_AFTER_END:
        raise MeetupEnded
    store_positions(meetup, fixes, now=now)
    return len(fixes)


def store_positions(meetup: Meetup, fixes: Sequence[Fix], *, now: datetime) -> None:
    """Seal and store positions under the meetup's key; a time in the future becomes now."""
    positions = []
    for fix in fixes:
        position = Position(
            id=uuid4(),
            meetup=meetup,
            recorded_at=min(fix.recorded_at, now),
            received_at=now,
        )
        document = asdict(fix)
        del document["recorded_at"]
        seal_column(position, "sealed_fix", document, key=meetup.data_key)
        positions.append(position)
    Position.objects.bulk_create(positions)
