"""A PIN that was forced: nothing shows it to whoever holds the phone, and the contacts are told."""

import pytest

from alerts.domain.errors import MeetupEnded, PinLocked, PinWrong
from alerts.domain.states import IncidentState, MeetupOutcome, MeetupState, Trigger
from alerts.models import Incident, Meetup, OwnerIncident, PinEntry, User
from alerts.services.accounts.erasure import delete_account
from alerts.services.incidents.responses import acknowledge_incident, report_safe
from alerts.services.meetups.meetups import delete_meetup, end_meetup
from alerts.services.meetups.owner_incidents import resolve_incident
from alerts.services.meetups.sos import raise_sos
from alerts.services.meetups.timers import check_in, extend
from alerts.services.pins.pins import enter_pin
from tests.factories import DURESS_PIN, PIN
from tests.walks.walk import Walk


def end(walk: Walk, pin: str) -> None:
    assert walk.meetup is not None
    end_meetup(owner=walk.ana, meetup_id=walk.meetup.pk, pin=pin, now=walk.now)


def test_the_duress_pin_ends_the_meetup_for_the_eye_and_tells_everyone(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia", "leo"]).at("22:00").sweep()
    end(walk, DURESS_PIN)
    assert walk.meetup_now().state == MeetupState.Ended
    assert walk.meetup_now().outcome == MeetupOutcome.Safe
    assert walk.sweep().take_pairs() == [("leo", "S07"), ("mia", "S07")]
    assert walk.incident.trigger == Trigger.Duress
    assert OwnerIncident.objects.count() == 0
    assert walk.at("22:01").sweep().take_pairs() == [("leo", "S19"), ("mia", "S19")]


def test_the_true_pin_tells_nobody(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    end(walk, PIN)
    assert walk.sweep().at("23:59").sweep().take() == []
    assert Incident.objects.count() == 0


def test_a_true_pin_after_the_duress_pin_changes_nothing(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    assert walk.meetup is not None
    extend(owner=walk.ana, meetup_id=walk.meetup.pk, minutes=15, pin=DURESS_PIN, now=walk.now)
    walk.sweep().take()
    walk.at("22:05")
    end(walk, PIN)
    walk.sweep()
    assert walk.incident.state == IncidentState.Open
    assert walk.incident.code_entered_at == walk.now
    assert "S11" not in [sent.text for sent in walk.take()]


def test_resolving_under_duress_upgrades_the_open_incident(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"]).at("21:10").sweep().take()
    acknowledge_incident(responder_id=walk.responder("mia"), now=walk.at("21:11").now)
    walk.sweep().take()
    resolve_incident(
        owner=walk.ana,
        shown_id=walk.shown.pk,
        pin=DURESS_PIN,
        is_false_alarm=True,
        ends_meetup=True,
        now=walk.at("21:12").now,
    )
    assert walk.meetup_now().outcome == MeetupOutcome.FalseAlarm
    assert walk.sweep().take_pairs() == [("leo", "S07"), ("mia", "S07")]
    assert walk.incident.trigger == Trigger.Duress
    assert walk.shown.resolved_at == walk.now
    assert walk.shown.trigger == Trigger.MissedCheckIn


def test_a_silent_incident_ends_by_a_contact_only_and_leaves_the_meetup_alone(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia", "leo"]).at("22:55").sweep().take()
    assert walk.meetup is not None
    extend(owner=walk.ana, meetup_id=walk.meetup.pk, minutes=15, pin=DURESS_PIN, now=walk.now)
    walk.sweep().take()
    report_safe(responder_id=walk.responder("mia"), how="with_them", now=walk.at("22:59").now)
    assert walk.sweep().take_pairs() == [("leo", "S12")]
    assert walk.meetup_now().state == MeetupState.Active


def test_deleting_the_meetup_under_duress_does_not_stop_the_incident(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    assert walk.meetup is not None
    delete_meetup(owner=walk.ana, meetup_id=walk.meetup.pk, pin=DURESS_PIN, now=walk.now)
    assert not Meetup.objects.exists()
    assert walk.sweep().take_pairs() == [("mia", "S07")]


def test_deleting_the_account_under_duress_does_not_stop_the_incident(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    delete_account(owner=walk.ana, pin=DURESS_PIN, now=walk.now)
    assert not User.objects.exists()
    assert walk.sweep().take_pairs() == [("mia", "S07")]
    assert walk.at("22:01").sweep().take_pairs() == [("mia", "S19")]


def test_both_worlds_leave_the_same_rows(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:50").sweep()
    assert walk.meetup is not None
    sizes = []
    for pin in (PIN, DURESS_PIN):
        extend(owner=walk.ana, meetup_id=walk.meetup.pk, minutes=15, pin=pin, now=walk.now)
        entry = PinEntry.objects.order_by("-pk").filter(processed_at=None).get()
        sizes.append((len(entry.sealed_verdict or b""), entry.action))
        walk.sweep()
    assert sizes[0] == sizes[1]


def test_five_wrong_pins_during_a_meetup_raise_a_silent_alarm(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    for _ in range(5):
        with pytest.raises(PinWrong):
            enter_pin(user=walk.ana, pin="0000", now=walk.now)
    with pytest.raises(PinLocked):
        enter_pin(user=walk.ana, pin=PIN, now=walk.now)
    assert walk.sweep().take_pairs() == [("mia", "S07")]
    assert walk.incident.trigger == Trigger.WrongPins
    assert OwnerIncident.objects.count() == 0
    assert str(enter_pin(user=walk.ana, pin=PIN, now=walk.after(seconds=61).now)) == "true"


def test_five_wrong_pins_without_a_meetup_lock_and_tell_the_owner(walk: Walk) -> None:
    for _ in range(5):
        with pytest.raises(PinWrong):
            enter_pin(user=walk.ana, pin="0000", now=walk.now)
    assert walk.sweep().take_pairs() == [("ana", "S23")]
    assert Incident.objects.count() == 0


def test_an_sos_over_a_silent_incident_is_shown_as_an_sos(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    assert walk.meetup is not None
    extend(owner=walk.ana, meetup_id=walk.meetup.pk, minutes=5, pin=DURESS_PIN, now=walk.now)
    walk.sweep().take()
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.at("22:02").now)
    assert walk.shown.trigger == Trigger.Sos
    assert walk.incident.trigger == Trigger.Duress
    assert walk.sweep().take_pairs() == [("mia", "S07")]


def test_no_all_clear_for_an_sos_while_a_silent_incident_is_live(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    end(walk, DURESS_PIN)
    walk.sweep().take()
    sos = raise_sos(owner=walk.ana, meetup_id=None, position=None, now=walk.at("22:02").now)
    walk.sweep().take()
    resolve_incident(
        owner=walk.ana,
        shown_id=sos.shown.pk,
        pin=PIN,
        is_false_alarm=False,
        ends_meetup=True,
        now=walk.at("22:05").now,
    )
    assert walk.shown.resolved_at == walk.now
    assert not {"S11", "S13"} & {sent.text for sent in walk.sweep().take()}
    duress = Incident.objects.get(trigger=Trigger.Duress)
    assert duress.state == IncidentState.Open
    assert duress.code_entered_at == walk.now


def test_a_missed_check_in_during_a_silent_incident_looks_like_any_other(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("20:55").sweep().take()
    assert walk.meetup is not None
    extend(owner=walk.ana, meetup_id=walk.meetup.pk, minutes=5, pin=DURESS_PIN, now=walk.now)
    walk.sweep().take()
    sent = walk.at("21:05").sweep().take_pairs()
    assert ("ana", "S05") in sent
    walk.at("21:15").sweep()
    assert walk.meetup_now().state == MeetupState.Alerting
    assert walk.shown.trigger == Trigger.MissedCheckIn
    assert Incident.objects.count() == 1
    check_in(owner=walk.ana, meetup_id=walk.meetup.pk, pin=PIN, now=walk.now)
    walk.sweep()
    assert walk.incident.state == IncidentState.Open
    assert walk.shown.resolved_at == walk.now


def test_a_duress_pin_for_something_refused_is_heard_all_the_same(walk: Walk) -> None:
    walk.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
    end(walk, PIN)
    walk.sweep().take()
    with pytest.raises(MeetupEnded):
        end(walk, DURESS_PIN)
    assert walk.sweep().take_pairs() == [("leo", "S07"), ("mia", "S07")]


def test_deleting_the_account_by_the_true_pin_gives_the_all_clear(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    delete_account(owner=walk.ana, pin=PIN, now=walk.now)
    assert walk.sweep().take_pairs() == [("mia", "S11")]
    assert walk.incident.state == IncidentState.Resolved


def test_wrong_pins_raise_the_alarm_also_where_the_lock_began_before_the_meetup(
    walk: Walk,
) -> None:
    for _ in range(5):
        with pytest.raises(PinWrong):
            enter_pin(user=walk.ana, pin="0000", now=walk.now)
    walk.plan(due="23:00", contacts=["mia"]).sweep().take()
    with pytest.raises(PinWrong):
        enter_pin(user=walk.ana, pin="0000", now=walk.after(seconds=61).now)
    assert walk.sweep().take_pairs() == [("mia", "S07")]
