"""From a missed check-in to the all-clear."""

from datetime import timedelta

import pytest

from alerts.delivery.provider import RecipientRejected
from alerts.domain.errors import NotPossibleNow
from alerts.domain.planning import PlannedCheckIn
from alerts.domain.states import (
    ContactState,
    IncidentState,
    MeetupOutcome,
    MeetupState,
    TimerKind,
)
from alerts.models import Contact, Incident
from alerts.services.contacts.consent import accept_from_alert
from alerts.services.incidents.responses import (
    acknowledge_incident,
    decline,
    doubt,
    hand_over,
    report_safe,
    take_back_decline,
    update_acknowledgement,
)
from alerts.services.meetups.owner_incidents import resolve_incident
from alerts.services.meetups.timers import check_in
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


def test_the_owner_may_come_back_after_the_closing(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep()
    walk.at("03:10").sweep().at("08:00").sweep().at("09:00").sweep().take()
    resolve_incident(
        owner=walk.ana,
        shown_id=walk.shown.pk,
        pin=PIN,
        is_false_alarm=False,
        ends_meetup=False,
        now=walk.at("10:00").now,
    )
    assert walk.sweep().take_pairs() == [("mia", "S11")]
    assert walk.incident.state == IncidentState.Resolved


def test_what_is_late_by_more_than_a_day_is_told_with_its_date(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"])
    walk.after(days=2).sweep()
    assert ("mia", "S27") in walk.take_pairs()


def test_a_contact_who_never_answered_is_told_once_and_neutrally(walk: Walk) -> None:
    walk.with_contact("zoe", invited=True)
    walk.plan(due="21:00", contacts=["mia", "zoe"]).at("21:10").sweep().take()
    assert walk.at("21:15").sweep().take_pairs() == [("mia", "S08"), ("zoe", "S21")]
    assert walk.at("21:20").sweep().take_pairs() == [("mia", "S08")]


def test_two_check_ins_missed_in_one_evening_are_one_incident(walk: Walk) -> None:
    end = PlannedCheckIn(kind=TimerKind.End, due_at=walk.now + timedelta(hours=2))
    walk.plan(due="21:00", kind=TimerKind.Arrival, contacts=["mia"], more=[end])
    walk.at("21:10").sweep().take()
    acknowledge_incident(responder_id=walk.responder("mia"), now=walk.at("22:05").now)
    walk.sweep().take()
    sent = walk.at("22:10").sweep().take_pairs()
    assert ("mia", "S20") in sent
    assert Incident.objects.count() == 1
    assert walk.incident.state == IncidentState.Open


def test_the_night_goes_on_after_a_false_alarm_on_arrival(walk: Walk) -> None:
    end = PlannedCheckIn(kind=TimerKind.End, due_at=walk.now + timedelta(hours=4))
    walk.plan(due="20:30", kind=TimerKind.Arrival, contacts=["mia"], more=[end])
    walk.at("20:40").sweep().take()
    assert walk.meetup is not None
    check_in(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=walk.at("20:41").now)
    assert walk.sweep().take_pairs() == [("mia", "S13")]
    assert walk.meetup_now().state == MeetupState.Active
    assert walk.at("00:10").sweep().take_pairs()[-1] == ("mia", "S06")


def test_the_operator_is_told_while_nothing_is_accepted(walk: Walk) -> None:
    walk.network.failures[walk.number_of("mia")] = RecipientRejected("21211")
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    assert walk.incident.operator_told == 1
    walk.at("21:15").sweep()
    assert walk.incident.operator_told == 2
    walk.at("23:59").sweep()
    assert walk.incident.operator_told <= 12


def test_the_operator_hears_of_what_is_late_by_more_than_a_day(
    walk: Walk, operator_phone: str
) -> None:
    walk.plan(due="21:00", contacts=["mia"])
    walk.after(days=2).sweep()
    assert operator_phone in [message.to for message in walk.network.taken]


def test_who_accepts_on_the_alert_page_has_answered_the_invitation(walk: Walk) -> None:
    walk.with_contact("zoe", invited=True)
    walk.plan(due="21:00", contacts=["mia", "zoe"]).at("21:10").sweep()
    walk.at("21:15").sweep().take()
    accept_from_alert(responder_id=walk.responder("zoe"), now=walk.now)
    assert Contact.objects.get(pk=walk.contacts["zoe"].pk).state == ContactState.Accepted
    assert ("zoe", "S03") in walk.sweep().take_pairs()
    assert ("zoe", "S08") in walk.at("21:20").sweep().take_pairs()
