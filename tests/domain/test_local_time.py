"""Instants as the people who read them see their clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.local_time import (
    DEFAULT_ZONE,
    UnknownZone,
    clock_text,
    date_text,
    is_known_zone,
    local_hour,
    next_local_time,
    zone_for_country,
)

PARIS = "Europe/Paris"
EVENING = datetime(2027, 2, 14, 21, 30, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis takes naive bounds


def test_the_clock_is_written_as_each_language_does() -> None:
    assert clock_text(EVENING, PARIS, "fr") == "22h30"
    assert clock_text(EVENING, PARIS, "en") == "22:30"
    assert clock_text(EVENING, "America/New_York", "en") == "16:30"


def test_the_date_is_the_local_one() -> None:
    assert date_text(EVENING, PARIS) == "14/02"
    assert date_text(EVENING, "Asia/Tokyo") == "15/02"


def test_the_hour_is_the_local_one() -> None:
    assert local_hour(EVENING, PARIS) == 22
    assert local_hour(EVENING, "Asia/Tokyo") == 6


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        clock_text(datetime(2027, 2, 14, 21, 30), PARIS, "fr")  # noqa: DTZ001 -- the point here


def test_an_unknown_zone_is_refused_by_name() -> None:
    with pytest.raises(UnknownZone, match="Europe/Atlantis"):
        local_hour(EVENING, "Europe/Atlantis")


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        # an ordinary night, and the moment itself
        ("2027-02-14T23:30:00+01:00", "2027-02-15T08:00:00+01:00"),
        ("2027-02-15T07:59:59+01:00", "2027-02-15T08:00:00+01:00"),
        ("2027-02-15T08:00:00+01:00", "2027-02-16T08:00:00+01:00"),
        # the night of 23 hours
        ("2027-03-27T23:00:00+01:00", "2027-03-28T08:00:00+02:00"),
        ("2027-03-28T01:59:00+01:00", "2027-03-28T08:00:00+02:00"),
        ("2027-03-28T08:00:00+02:00", "2027-03-29T08:00:00+02:00"),
        # the night of 25 hours
        ("2027-10-30T23:00:00+02:00", "2027-10-31T08:00:00+01:00"),
        ("2027-10-31T02:30:00+02:00", "2027-10-31T08:00:00+01:00"),
        ("2027-10-31T02:30:00+01:00", "2027-10-31T08:00:00+01:00"),
    ],
)
def test_the_next_morning_comes_also_when_clocks_change(instant: str, expected: str) -> None:
    answer = next_local_time(datetime.fromisoformat(instant), PARIS, 8)
    assert answer == datetime.fromisoformat(expected)
    assert answer.tzinfo is UTC


def test_an_hour_that_is_left_out_is_the_one_after() -> None:
    midnight = datetime.fromisoformat("2027-03-28T00:00:00+01:00")
    expected = datetime.fromisoformat("2027-03-28T03:00:00+02:00")
    assert next_local_time(midnight, PARIS, 2) == expected


def test_an_hour_that_comes_twice_is_its_first_coming() -> None:
    midnight = datetime.fromisoformat("2027-10-31T00:00:00+02:00")
    expected = datetime.fromisoformat("2027-10-31T02:00:00+02:00")
    assert next_local_time(midnight, PARIS, 2) == expected


@given(INSTANTS, st.sampled_from([PARIS, "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]))
def test_the_next_morning_is_at_most_25_hours_ahead(instant: datetime, zone: str) -> None:
    answer = next_local_time(instant, zone, 8)
    assert timedelta(0) < answer - instant <= timedelta(hours=25)
    assert answer.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "08:00"


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("FR", PARIS),
        ("fr", PARIS),
        ("BE", "Europe/Brussels"),
        ("GB", "Europe/London"),
        ("CA-QC", "America/Toronto"),
        ("RE", "Indian/Reunion"),
        ("US", "America/New_York"),
        ("", DEFAULT_ZONE),
        ("XX", DEFAULT_ZONE),
    ],
)
def test_a_country_has_the_zone_most_of_its_people_live_in(country: str, zone: str) -> None:
    assert zone_for_country(country) == zone
    assert is_known_zone(zone)


@pytest.mark.parametrize(
    "name", ["", "Factory", "localtime", "../../etc/passwd", "Europe/\x00", "CEST", "europe/paris"]
)
def test_a_name_that_is_no_zone_is_not_known(name: str) -> None:
    assert not is_known_zone(name)
