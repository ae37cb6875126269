"""Inviting, testing and previewing contacts over the API, and who may."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from alerts.domain.states import ContactState
from alerts.domain.texts import forbidden_words
from alerts.models import Contact, Delivery, User
from tests.api.contact_calls import CONTACTS, MIA, url
from tests.factories import (
    ContactFactory,
    UserFactory,
    sign_in,
)


def test_the_service_invites_once(api: APIClient, ana: User) -> None:
    api.post(CONTACTS, MIA)
    contact = Contact.objects.get(owner=ana)

    invited = api.post(url(contact, "/invite"))
    assert (invited.status_code, invited.json()["state"]) == (202, "invited")
    assert invited.json()["invited_by_service_at"]
    again = api.post(url(contact, "/invite"))
    assert (again.status_code, again.json()["code"]) == (409, "invitation_not_possible")
    assert [d.text for d in Delivery.objects.all()] == ["S02"]


def test_a_lapsed_contact_is_invited_again_from_the_owners_phone(api: APIClient, ana: User) -> None:
    contact = ContactFactory.create(owner=ana, state=ContactState.Lapsed)

    body = api.post(url(contact, "/invite"), {"via": "own_phone"}).json()

    assert body["state"] == "invited"
    assert body["invite_url"] in body["share_text"]
    assert not Delivery.objects.exists()


def test_a_drill_goes_to_confirmed_contacts_only(api: APIClient, ana: User, mia: Contact) -> None:
    assert api.post(url(mia, "/drill")).status_code == 202
    assert [d.text for d in Delivery.objects.all()] == ["S18"]

    refused = api.post(url(ContactFactory.create(owner=ana, invited=True), "/drill"))
    assert (refused.status_code, refused.json()["code"]) == (409, "drill_not_possible")


def test_too_many_drills(api: APIClient, mia: Contact) -> None:
    answers = [api.post(url(mia, "/drill")) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.parametrize("level", range(4))
def test_the_preview_shows_what_the_level_allows(api: APIClient, ana: User, level: int) -> None:
    contact = ContactFactory.create(owner=ana, owner_alias="Nour", disclosure_level=level)

    missed, sos = api.get(url(contact, "/preview")).json()["alerts"]

    assert (missed["trigger"], sos["trigger"]) == ("missed_check_in", "sos")
    assert ("place" in missed["fields_shown"]) == (level >= 1)
    assert ("phone" in missed["fields_shown"]) == (level >= 2)
    assert ("notes" in missed["fields_shown"]) == (level >= 3)
    assert "place" in sos["fields_shown"]
    for alert in (missed, sos):
        assert alert["text"].startswith("Nour ")
        assert forbidden_words(alert["text"]) == []


def test_the_preview_names_the_owners_number_only_where_it_is_shown(
    api: APIClient, ana: User
) -> None:
    def shown(**values: Any) -> list[bool]:
        contact = ContactFactory.create(owner=ana, **values)
        alerts = api.get(url(contact, "/preview")).json()["alerts"]
        return ["owner_phone" in alert["fields_shown"] for alert in alerts]

    assert shown(shows_owner_phone=True) == [True, False]
    assert shown(shows_owner_phone=False) == [False, False]


# --- who may --------------------------------------------------------------------------------


CALLS: list[tuple[str, str]] = [
    ("get", ""),
    ("patch", ""),
    ("delete", ""),
    ("post", "/invite"),
    ("post", "/drill"),
    ("get", "/preview"),
]


@pytest.mark.parametrize(("method", "action"), CALLS)
def test_somebody_elses_contact_does_not_exist(mia: Contact, method: str, action: str) -> None:
    stranger = sign_in(UserFactory.create())

    theirs = getattr(stranger, method)(url(mia, action))
    nobodys = getattr(stranger, method)(f"{CONTACTS}/{uuid4()}{action}")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json()["code"] == "not_found"
    mia.refresh_from_db()
    assert mia.state == ContactState.Confirmed


@pytest.mark.parametrize(("method", "action"), CALLS)
def test_nobody_without_a_session(
    anonymous: APIClient, mia: Contact, method: str, action: str
) -> None:
    assert getattr(anonymous, method)(url(mia, action)).status_code == 401
