"""Nights on which the clock jumps: instants are kept, texts show what the clock shows."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.domain.planning import PlannedCheckIn
from alerts.domain.states import TimerKind
from alerts.models import CheckInTimer
from alerts.services.meetups.timers import check_in
from tests.walks.walk import PARIS, Walk


@pytest.mark.parametrize(
    ("evening", "due", "shown"),
    [
        ((2027, 3, 27, 23, 0), (2027, 3, 28, 4, 30), "4h30"),  # 02:00 becomes 03:00
        ((2027, 10, 30, 23, 0), (2027, 10, 31, 4, 30), "4h30"),  # 03:00 becomes 02:00
        ((2027, 1, 31, 22, 0), (2027, 2, 1, 1, 0), "1h00"),
        ((2028, 2, 28, 22, 0), (2028, 2, 29, 1, 0), "1h00"),
    ],
)
def test_nothing_fires_early_twice_or_late(
    walk: Walk, evening: tuple[int, ...], due: tuple[int, ...], shown: str
) -> None:
    walk.now = datetime(*evening, tzinfo=PARIS)  # type: ignore[arg-type,misc]
    due_at = datetime(*due, tzinfo=PARIS)  # type: ignore[arg-type,misc]
    walk.plan_at(due_at, contacts=["mia"])
    alert_at = due_at.astimezone(UTC) + timedelta(minutes=10)
    walk.now = alert_at - timedelta(seconds=1)
    walk.sweep()
    assert "mia" not in [sent.to for sent in walk.take()]
    walk.now = alert_at
    (first,) = walk.sweep().take()
    assert (first.to, first.text) == ("mia", "S06")
    assert shown in first.body
    assert walk.sweep().take() == []


def test_intervals_come_one_at_a_time_until_the_end(walk: Walk) -> None:
    every = PlannedCheckIn(kind=TimerKind.Interval, every=timedelta(minutes=30))
    walk.plan(due="22:00", contacts=["mia"], more=[every])
    assert walk.meetup is not None
    for clock in ("20:30", "21:00", "21:30"):
        open_timers = CheckInTimer.objects.open()
        assert [t.kind for t in open_timers] == [TimerKind.Interval, TimerKind.End]
        walk.at(clock)
        walk.now -= timedelta(minutes=1)
        check_in(owner=walk.ana, meetup_id=walk.meetup.pk, now=walk.now)
    assert [t.kind for t in CheckInTimer.objects.open()] == [TimerKind.End]


def test_a_double_tap_on_arrival_does_not_close_the_night(walk: Walk) -> None:
    end = PlannedCheckIn(kind=TimerKind.End, due_at=walk.now + timedelta(hours=3))
    walk.plan(due="20:20", kind=TimerKind.Arrival, contacts=["mia"], more=[end])
    assert walk.meetup is not None
    walk.at("20:17")
    for _ in range(3):
        check_in(owner=walk.ana, meetup_id=walk.meetup.pk, now=walk.now)
    assert [t.kind for t in CheckInTimer.objects.open()] == [TimerKind.End]


def test_three_hours_of_outage_are_made_up_for_without_a_flood(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"]).at("21:10").sweep().take()
    assert walk.at("23:59").sweep().take_pairs() == [("leo", "S06"), ("mia", "S08")]
