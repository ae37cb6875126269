"""The append-only record of what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.domain.events import EventKind
from alerts.models import Event
from alerts.models.bulk import insert_rows


def record_event(
    kind: EventKind,
    *,
    now: datetime,
    user_id: UUID | None = None,
    meetup_id: UUID | None = None,
    incident_id: UUID | None = None,
    responder_id: UUID | None = None,
    **data: str | int | bool | None,
) -> None:
    """Add one event; `data` holds ids, counts and codes only."""
    record_events(
        [
            Event(
                at=now,
                kind=kind,
                user_id=user_id,
                meetup_id=meetup_id,
                incident_id=incident_id,
                responder_id=responder_id,
                data=data,
            )
        ]
    )


def record_events(events: list[Event]) -> None:
    """Add many events at once."""
    insert_rows(events)


def event(kind: EventKind, *, now: datetime, **columns: Any) -> Event:  # noqa: ANN401
    """Return an event that is not stored yet, for `record_events`."""
    return Event(at=now, kind=kind, **columns)
