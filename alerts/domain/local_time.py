"""Instants as people read them: clock, date and waking hours in an IANA time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from alerts.domain.languages import Language, language_of

DEFAULT_ZONE = "Europe/Paris"

# Where the first zone of the time zone database is not the one most people live in.
_POPULOUS_ZONES: Mapping[str, str] = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}


class UnknownZone(ValueError):
    """The name is none of the time zone database's."""


def clock_text(instant: datetime, zone: str, language: str) -> str:
    """Return the local time in five characters: 22h30 in French, 22:30 in English."""
    local = _local(instant, zone)
    return local.strftime("%Hh%M" if language_of(language) is Language.French else "%H:%M")


def date_text(instant: datetime, zone: str) -> str:
    """Return the local day and month in five characters, day first: 14/02."""
    return _local(instant, zone).strftime("%d/%m")


def local_hour(instant: datetime, zone: str) -> int:
    """Return the hour on the zone's clocks, 0 to 23."""
    return _local(instant, zone).hour


def next_local_time(instant: datetime, zone: str, hour: int) -> datetime:
    """Return the first instant after this one at which the zone's clocks show the full hour.

    On the night an hour is left out, that hour is taken as the one after; on the night it
    comes twice, as its first coming. The answer is in UTC.
    """
    local = _local(instant, zone)
    days = (local.date() + timedelta(days=ahead) for ahead in range(3))
    candidates = (datetime.combine(day, time(hour), local.tzinfo).astimezone(UTC) for day in days)
    return next(candidate for candidate in candidates if candidate > instant)


def zone_for_country(country: str) -> str:
    """Return the zone most people of the country live in; that of Paris for an unknown one."""
    code = country.upper().partition("-")[0]
    return _POPULOUS_ZONES.get(code) or _first_zones().get(code, DEFAULT_ZONE)


def is_known_zone(name: str) -> bool:
    """Whether the name is one of the time zone database's."""
    return name in _zone_names()


def _local(instant: datetime, zone: str) -> datetime:
    """Return the instant on the zone's clocks, or UnknownZone; refuses one without an offset."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    if not is_known_zone(zone):
        raise UnknownZone(zone)
    return instant.astimezone(ZoneInfo(zone))


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


@cache
def _first_zones() -> Mapping[str, str]:
    """Return each country's first zone in the `zone.tab` of the time zone database."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[0]: row[2] for row in reversed(rows)}
