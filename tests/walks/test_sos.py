"""SOS: at once, always, with whatever there is."""

from alerts.delivery.provider import ProviderUnavailable
from alerts.domain.states import IncidentState, MeetupKind, MeetupState, Trigger
from alerts.services.incidents.responses import decline
from alerts.services.meetups.owner_incidents import resolve_incident
from alerts.services.meetups.positions import Fix
from alerts.services.meetups.sos import raise_sos
from tests.factories import PIN
from tests.walks.walk import Walk


def test_an_sos_without_a_meetup_tells_every_confirmed_contact(walk: Walk) -> None:
    position = Fix(latitude=48.86, longitude=2.39, accuracy_m=12, recorded_at=walk.now)
    answer = raise_sos(owner=walk.ana, meetup_id=None, position=position, now=walk.now)
    assert answer.has_somebody_to_tell
    assert answer.meetup.kind == MeetupKind.Sos
    assert walk.sweep().take_pairs() == [("leo", "S07"), ("mia", "S07")]


def test_an_sos_with_nobody_to_tell_reaches_the_operator(walk: Walk) -> None:
    for contact in walk.contacts.values():
        contact.delete()
    answer = raise_sos(owner=walk.ana, meetup_id=None, position=None, now=walk.now)
    assert not answer.has_somebody_to_tell
    assert walk.sweep().take_pairs() == []
    assert walk.incident.operator_told == 1


def test_an_sos_takes_over_a_missed_check_in_and_asks_everyone_again(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"]).at("21:10").sweep().take()
    decline(responder_id=walk.responder("mia"), now=walk.now)
    walk.sweep().take()
    assert walk.meetup is not None
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.at("21:12").now)
    assert walk.sweep().take_pairs() == [("leo", "S07"), ("mia", "S07")]
    assert walk.incident.trigger == Trigger.Sos
    assert walk.shown.trigger == Trigger.Sos


def test_a_second_sos_is_told_again(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"])
    assert walk.meetup is not None
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.now)
    walk.sweep().take()
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.now)
    assert walk.sweep().take_pairs() == [("mia", "S19")]


def test_after_an_sos_nothing_reaches_the_owners_phone(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("20:30")
    assert walk.meetup is not None
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.now)
    walk.sweep().take()
    for clock in ("20:50", "21:00", "21:05", "21:10"):
        assert "ana" not in [sent.to for sent in walk.at(clock).sweep().take()]


def test_an_sos_is_over_by_the_pin_and_never_a_false_alarm(walk: Walk) -> None:
    raise_sos(owner=walk.ana, meetup_id=None, position=None, now=walk.now)
    walk.sweep().take()
    resolve_incident(
        owner=walk.ana,
        shown_id=walk.shown.pk,
        pin=PIN,
        is_false_alarm=True,
        ends_meetup=False,
        now=walk.now,
    )
    assert walk.sweep().take_pairs() == [("leo", "S11"), ("mia", "S11")]
    assert walk.incident.state == IncidentState.Resolved
    assert walk.shown.meetup.state == MeetupState.Ended


def test_an_sos_at_night_after_the_last_round_is_told_at_once(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep()
    walk.at("03:11").sweep().take()
    assert walk.meetup is not None
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.at("03:30").now)
    assert walk.sweep().take_pairs() == [("mia", "S07")]
    assert walk.at("03:31").sweep().take_pairs() == [("mia", "S19")]


def test_the_operator_hears_of_an_sos_that_nobody_takes(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10").sweep().take()
    assert walk.incident.first_accepted_at is not None
    walk.network.failures[walk.number_of("mia")] = ProviderUnavailable("20500")
    assert walk.meetup is not None
    raise_sos(owner=walk.ana, meetup_id=walk.meetup.pk, position=None, now=walk.at("21:20").now)
    walk.sweep().at("21:22").sweep()
    assert walk.incident.operator_told == 1
