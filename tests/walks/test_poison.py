"""Rows that cannot be read: a neutral alert instead of none, and nobody else waits."""

from alerts.domain.states import TimerState
from alerts.models import CheckInTimer, Contact, DataKey, Delivery, Incident, Meetup
from alerts.models.sealed import destroy_data_key
from alerts.services.meetups.missed import alert_degraded
from tests.walks.walk import Walk


def operator_notices() -> int:
    return Delivery.objects.filter(recipient_kind="operator").count()


def test_details_that_do_not_open_do_not_keep_the_contacts_from_being_told(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"])
    destroy_data_key(walk.meetup_now().data_key_id, now=walk.now)
    walk.at("21:10").sweep()
    assert ("mia", "S06") in walk.take_pairs()


def test_a_contact_whose_key_is_lost_leaves_the_others_told_at_once(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"])
    destroy_data_key(walk.contacts["mia"].data_key_id, now=walk.now)
    walk.at("21:10").sweep()
    assert ("leo", "S06") in walk.take_pairs()


def test_damaged_bytes_and_a_swapped_key_count_as_lost(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia", "leo"])
    Meetup.objects.update(sealed_details=b"\x00" * 40)
    Contact.objects.filter(pk=walk.contacts["mia"].pk).update(
        sealed_profile=Contact.objects.get(pk=walk.contacts["leo"].pk).sealed_profile
    )
    walk.at("21:10").sweep()
    assert [sent.to for sent in walk.take() if sent.text == "S06"] == ["leo"]


def test_a_broken_time_zone_does_not_stop_the_alert(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"])
    Meetup.objects.update(time_zone="Nowhere/Land")
    assert "mia" in [sent.to for sent in walk.at("21:10").sweep().take()]


def test_a_timer_that_cannot_be_handled_becomes_a_degraded_alert(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"]).at("21:10")
    timer = CheckInTimer.objects.get()
    alert_degraded(timer.pk, now=walk.now)
    assert CheckInTimer.objects.get().state == TimerState.Missed
    assert ("mia", "S06") in walk.sweep().take_pairs()
    assert Incident.objects.count() == 1


def test_every_key_is_bound_to_its_row(walk: Walk) -> None:
    walk.plan(due="21:00", contacts=["mia"])
    key, other = DataKey.objects.all()[:2]
    DataKey.objects.filter(pk=key.pk).update(wrapped=other.wrapped)
    walk.at("21:10").sweep()
    assert Incident.objects.count() == 1
