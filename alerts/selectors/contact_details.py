"""What the owner wrote, as far as one contact may read it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.domain.disclosure import Field, discreet
from alerts.models import Incident, Meetup, Position
from alerts.models.sealed import Document, open_column
from alerts.sealing.keys import CannotOpen

POSITIONS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShown:
    """One place the owner named; `replaced_at` says until when, if another took over."""

    label: str
    address: str
    access: str
    latitude: float | None
    longitude: float | None
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionShown:
    """Where the owner's phone was; accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float | None
    battery_percent: float | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    """Whom the owner meets; what this contact may not see is empty."""

    name: str = ""
    phone: str = ""
    vehicle: str = ""
    platform: str = ""
    handle: str = ""
    profile_url: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything at all may be said."""
        return self != PersonShown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Places and positions, the newest first, and the person; `is_complete` when all opened."""

    planned_from: datetime | None = None
    places: tuple[PlaceShown, ...] = ()
    positions: tuple[PositionShown, ...] = ()
    person: PersonShown = PersonShown()
    is_complete: bool = True


def read_details(incident: Incident, *, fields: Collection[Field], level: int) -> Details:
    """Return the incident's own copy and, where it differs, what the meetup says now.

    The incident comes with its key, its meetup and that one's key. What cannot be opened is left
    out, and said to be missing.
    """
    meetup = incident.meetup
    snapshot = open_or_none(incident, "sealed_snapshot", key=incident.data_key)
    current = open_or_none(meetup, "sealed_details", key=meetup.data_key) if meetup else None
    copied = _document(snapshot, "details")
    versions = [version for version in (current, copied) if version]
    shows_place, shows_positions = Field.Place in fields, Field.Positions in fields
    shows_time = Field.PlannedTime in fields and meetup is not None
    return Details(
        planned_from=meetup.starts_at if meetup and shows_time else None,
        places=tuple(_places(versions, level=level)) if shows_place else (),
        positions=tuple(_positions(meetup, snapshot)) if shows_positions else (),
        person=_person(versions, fields=fields, level=level),
        is_complete=snapshot is not None,
    )


def open_or_none(row: Any, column: str, *, key: Any) -> Document | None:  # noqa: ANN401 - any sealed row
    """Return a sealed document, or None when it cannot be opened: the page never fails."""
    try:
        return open_column(row, column, key=key)
    except CannotOpen:
        return None


def _places(versions: Iterable[Document], *, level: int) -> Iterator[PlaceShown]:
    shown: set[PlaceShown] = set()
    for place, replaced_at in _places_written(versions):
        candidate = _place(place, level=level)
        if candidate not in shown and candidate != _place({}, level=level):
            shown.add(candidate)
            yield _place(place, level=level, replaced_at=replaced_at)


def _places_written(versions: Iterable[Document]) -> Iterator[tuple[Document, datetime | None]]:
    """Yield each place with when it was replaced, the newest first."""
    for version in versions:
        yield _document(version, "place"), None
        for entry in reversed(version.get("earlier") or []):
            yield _document(entry, "place"), _instant(entry, "replaced_at")


def _place(place: Document, *, level: int, replaced_at: datetime | None = None) -> PlaceShown:
    address = text_of(place, "address")
    label = text_of(place, "label")
    return PlaceShown(
        # The address alone finds the place; a label that is all there is stays as it is.
        label=discreet(label, level=level) if address else label,
        address=address,
        access=text_of(place, "access"),
        latitude=_number(place, "latitude"),
        longitude=_number(place, "longitude"),
        replaced_at=replaced_at,
    )


def _person(versions: list[Document], *, fields: Collection[Field], level: int) -> PersonShown:
    strangers = [_document(version, "stranger") for version in versions]

    def allowed(field: Field) -> str:
        if field not in fields:
            return ""
        texts = (text_of(stranger, field.value) for stranger in strangers)
        return discreet(next(filter(None, texts), ""), level=level)

    return PersonShown(
        name=allowed(Field.StrangerName),
        phone=allowed(Field.StrangerPhone),
        vehicle=allowed(Field.StrangerVehicle),
        platform=allowed(Field.Platform),
        handle=allowed(Field.Handle),
        profile_url=allowed(Field.ProfileUrl),
        notes=tuple(_notes(versions)) if Field.Notes in fields else (),
    )


def _notes(versions: Iterable[Document]) -> list[str]:
    """Return every note the owner left, the newest first, each once."""
    notes: list[str] = []
    for version in versions:
        notes.append(text_of(_document(version, "stranger"), "notes"))
        notes += [text_of(entry, "notes") for entry in reversed(version.get("earlier") or [])]
    return list(dict.fromkeys(filter(None, notes)))


def _positions(meetup: Meetup | None, snapshot: Document | None) -> list[PositionShown]:
    copied = [_position(fix, _instant(fix, "recorded_at")) for fix in _fixes(snapshot)]
    found = {fix.recorded_at: fix for fix in (*copied, *_live_positions(meetup)) if fix}
    return sorted(found.values(), key=lambda fix: fix.recorded_at, reverse=True)[:POSITIONS_SHOWN]


def _live_positions(meetup: Meetup | None) -> Iterator[PositionShown | None]:
    if meetup is None or meetup.data_key.wrapped is None:
        return
    latest = Position.objects.filter(meetup=meetup).order_by("-recorded_at")[:POSITIONS_SHOWN]
    for row in latest:
        fix = open_or_none(row, "sealed_fix", key=meetup.data_key)
        yield _position(fix or {}, row.recorded_at)


def _position(fix: Document, recorded_at: datetime | None) -> PositionShown | None:
    latitude, longitude = _number(fix, "latitude"), _number(fix, "longitude")
    if latitude is None or longitude is None or recorded_at is None:
        return None
    return PositionShown(
        latitude=latitude,
        longitude=longitude,
        accuracy_m=_number(fix, "accuracy_m"),
        battery_percent=_number(fix, "battery_percent"),
        recorded_at=recorded_at,
    )


def text_of(document: Document | None, key: str) -> str:
    """Return a text of a document, "" when there is none."""
    value = (document or {}).get(key)
    return value.strip() if isinstance(value, str) else ""


def _fixes(snapshot: Document | None) -> list[Document]:
    return list((snapshot or {}).get("positions") or [])


def _document(document: Document | None, key: str) -> Document:
    value = (document or {}).get(key)
    return value if isinstance(value, dict) else {}


def _number(document: Document, key: str) -> float | None:
    value = document.get(key)
    return float(value) if isinstance(value, int | float) else None


def _instant(document: Document, key: str) -> datetime | None:
    value = document.get(key)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
