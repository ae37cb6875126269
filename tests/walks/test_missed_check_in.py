"""From a missed check-in to the all-clear."""

import pytest

from alerts.domain.errors import NotPossibleNow
from alerts.domain.states import IncidentState, MeetupOutcome, MeetupState
from alerts.services.owner_incidents import resolve_incident
from alerts.services.responses import (
    acknowledge_incident,
    decline,
    doubt,
    hand_over,
    report_safe,
    take_back_decline,
    update_acknowledgement,
)
from alerts.services.timers import check_in
from tests.factories import PIN
from tests.walks.walk import Walk


def test_a_missed_check_in_alerts_each_contact_once(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"])
    assert walk.at("20:50").sweep().take_pairs() == [("ana", "S04")]
    assert walk.at("21:00").sweep().take_pairs() == [("ana", "S05")]
    assert walk.at("21:05").sweep().take_pairs() == [("ana", "S05")]
    assert walk.at("21:09:59").sweep().take_pairs() == []
    assert walk.at("21:10").sweep().sweep().take_pairs() == [("mia", "S06")]
    assert walk.meetup_now().state == MeetupState.Alerting
    assert walk.at("21:15").sweep().take_pairs() == [("leo", "S06"), ("mia", "S08")]


def test_a_pair_of_calls_becomes_one_text(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    assert walk.at("21:12").sweep().take_pairs() == [("mia", "S08")]
    assert walk.at("21:14").sweep().take_pairs() == []
    assert walk.at("21:20").sweep().take_pairs() == [("mia", "S08")]
    assert walk.at("21:30").sweep().take_pairs() == [("mia", "S08")]


def test_a_check_in_during_the_grace_period_keeps_everyone_asleep(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:05").sweep().take()
    assert walk.meetup is not None
    check_in(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=walk.now)
    assert walk.at("23:00").sweep().take() == []
    assert walk.meetup_now().outcome == MeetupOutcome.Safe


def test_somebody_acts_lapses_hands_over_and_the_owner_comes_back(walk: Walk) -> None:
    walk.with_contact("noa")
    walk.plan(due="21:00", contacts=["mia", "noa", "leo"])
    walk.at("21:10").sweep().take()
    acknowledge_incident(responder_id=walk.responder("mia"), now=walk.now)
    assert walk.sweep().take_pairs() == [("noa", "S09")]

    walk.at("21:15")
    acknowledge_incident(responder_id=walk.responder("noa"), now=walk.now)
    assert walk.sweep().take_pairs() == [("mia", "S09")]

    # Mia's lapses at 21:30; Noa is still on it: quiet.
    assert walk.at("21:31").sweep().take_pairs() == []
    assert walk.incident.state == IncidentState.Acknowledged

    hand_over(responder_id=walk.responder("noa"), now=walk.now)
    assert walk.sweep().take_pairs() == [("mia", "S20"), ("noa", "S20")]
    assert walk.incident.state == IncidentState.Open

    # The next future step is the one of the thirtieth minute, 21:40, for everyone.
    assert walk.at("21:39").sweep().take_pairs() == []
    decline(responder_id=walk.responder("noa"), now=walk.now)
    assert walk.at("21:40").sweep().take_pairs() == [("leo", "S08"), ("mia", "S08")]

    resolve_incident(
        owner=walk.ana,
        shown_id=walk.shown.pk,
        pin=PIN,
        is_false_alarm=False,
        ends_meetup=True,
        now=walk.now,
    )
    assert walk.sweep().take_pairs() == [("leo", "S11"), ("mia", "S11"), ("noa", "S11")]
    assert walk.incident.state == IncidentState.Resolved
    assert walk.meetup_now().outcome == MeetupOutcome.ResolvedByOwner
    assert walk.after(hours=20).sweep().take() == []


def test_an_update_moves_the_lapse_on(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    acknowledge_incident(responder_id=walk.responder("mia"), now=walk.now)
    update_acknowledgement(responder_id=walk.responder("mia"), now=walk.at("21:25").now)
    assert walk.at("21:44").sweep().take() == []
    assert walk.at("21:45").sweep().take_pairs() == [("mia", "S20")]


def test_when_all_of_circle_one_decline_circle_two_is_told_at_once(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"]).at("21:10").sweep().take()
    decline(responder_id=walk.responder("mia"), now=walk.at("21:11").now)
    assert walk.sweep().take_pairs() == [("leo", "S06")]
    assert walk.at("21:13").sweep().take_pairs() == [("leo", "S08")]  # two minutes on


def test_a_decline_can_be_taken_back(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    decline(responder_id=walk.responder("mia"), now=walk.now)
    take_back_decline(responder_id=walk.responder("mia"), now=walk.at("21:11").now)
    assert walk.at("21:12").sweep().take_pairs() == [("mia", "S08")]


def test_a_check_in_while_alerting_is_a_false_alarm(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    assert walk.meetup is not None
    check_in(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=walk.at("21:11").now)
    assert walk.sweep().take_pairs() == [("mia", "S13")]
    assert walk.meetup_now().outcome == MeetupOutcome.FalseAlarm


def test_a_contact_says_that_all_is_well_and_another_doubts_it(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"]).at("21:10").sweep().at("21:15").sweep().take()
    report_safe(responder_id=walk.responder("mia"), how="with_them", now=walk.at("21:20").now)
    assert walk.sweep().take_pairs() == [("leo", "S12")]
    assert walk.meetup_now().outcome == MeetupOutcome.ResolvedByContact

    doubt(responder_id=walk.responder("leo"), now=walk.at("22:19").now)
    assert walk.sweep().take_pairs() == [("leo", "S26"), ("mia", "S26")]
    assert walk.incident.state == IncidentState.Open
    assert walk.meetup_now().state == MeetupState.Alerting

    report_safe(responder_id=walk.responder("leo"), how="heard_voice", now=walk.at("22:30").now)
    with pytest.raises(NotPossibleNow):
        doubt(responder_id=walk.responder("mia"), now=walk.at("23:31").now)


def test_an_incident_that_nobody_resolves_is_closed_with_a_last_round(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    walk.at("03:09").sweep().take()
    walk.at("03:10").sweep()
    assert walk.take() == []  # night: the last round waits for 08:00
    assert walk.at("08:00").sweep().take_pairs() == [("mia", "S08")]
    assert walk.at("08:59").sweep().take() == []
    assert walk.at("09:00").sweep().take_pairs() == [("mia", "S14")]
    assert walk.incident.state == IncidentState.ClosedUnconfirmed
    assert walk.meetup_now().outcome == MeetupOutcome.Unconfirmed
