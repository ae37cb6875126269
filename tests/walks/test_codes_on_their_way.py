"""A code takes a moment: what it ends is what stood when it arrived, whatever the clocks say."""

from datetime import timedelta

from alerts.domain.planning import PlannedCheckIn
from alerts.domain.states import IncidentState, MeetupState, TimerKind, Trigger
from alerts.services.incidents.verdicts import run_due_entries
from alerts.services.meetups.meetups import end_meetup
from alerts.services.meetups.overdue import advance_due_timers
from alerts.services.meetups.sos import raise_sos
from alerts.services.meetups.timers import check_in
from tests.factories import PIN
from tests.walks.walk import Walk


def test_a_code_sent_before_the_alert_and_judged_after_it_ends_it(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep()
    assert walk.take_pairs()[-1] == ("mia", "S06")
    assert walk.meetup is not None
    sent_at = walk.now - timedelta(milliseconds=100)

    meetup = check_in(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=sent_at)

    assert meetup.state == MeetupState.Ended
    assert ("mia", "S13") in walk.sweep().take_pairs()
    assert walk.incident.state == IncidentState.Resolved


def test_an_sos_after_the_code_is_not_ended_by_it(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    assert walk.meetup is not None
    end_meetup(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=walk.now)

    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.now)

    assert walk.sweep().take_pairs() == [("mia", "S07")]
    assert (walk.incident.state, walk.incident.trigger) == (IncidentState.Open, Trigger.Sos)


def test_a_deadline_missed_after_the_code_is_not_met_by_it(walk: Walk) -> None:
    arrival = walk.now + timedelta(hours=1)
    end = PlannedCheckIn(kind=TimerKind.End, due_at=arrival + timedelta(minutes=30))
    walk.plan_at(arrival, contacts=["mia"], kind=TimerKind.Arrival, more=[end])
    walk.at("21:10").sweep().take()
    assert walk.meetup is not None
    check_in(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=walk.now)

    walk.at("21:40")  # nobody swept meanwhile, and the timers come first now
    assert advance_due_timers(now=walk.now) == 1
    assert run_due_entries(now=walk.now) == 1

    assert walk.incident.state == IncidentState.Open
