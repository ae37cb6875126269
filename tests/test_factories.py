"""The rows that tests build upon open and hold what they say."""

import pytest

from alerts.models import Contact, MeetupContact, Session, User
from alerts.models.sealed import open_column
from tests.factories import DeliveryFactory, MeetupFactory, ResponderFactory, TimerFactory, sign_in

pytestmark = pytest.mark.django_db


def test_ana_and_her_contacts_open(ana: User, mia: Contact, leo: Contact) -> None:
    assert open_column(ana, "sealed_profile", key=ana.data_key)["display_name"] == "Ana"
    profiles = [open_column(row, "sealed_profile", key=row.data_key) for row in (mia, leo)]
    assert [profile["name"] for profile in profiles] == ["Mia", "Leo"]


def test_a_meetup_has_its_contacts_and_an_overdue_timer(ana: User, mia: Contact) -> None:
    meetup = MeetupFactory.create(owner=ana, contacts=[mia])
    timer = TimerFactory.create(meetup=meetup, overdue=True)
    assert MeetupContact.objects.get(meetup=meetup).contact == mia
    assert timer.next_action_at == timer.alert_at


def test_a_delivery_belongs_to_a_responder_of_an_incident() -> None:
    responder = ResponderFactory.create()
    delivery = DeliveryFactory.create(responder=responder)
    assert delivery.incident == responder.incident
    profile = open_column(responder, "sealed_profile", key=responder.incident.data_key)
    assert profile["name"] == "Mia"


def test_signing_in_makes_a_session(ana: User) -> None:
    client = sign_in(ana)
    assert Session.objects.get(user=ana).id == client.session_id  # type: ignore[attr-defined]
