"""Adding, reading, changing and deleting contacts over the API."""

from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from alerts.domain.states import ContactState
from alerts.models import Contact, DataKey, Delivery, PinEntry, User
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token
from alerts.services.contacts.consent import accept_invitation, confirm_number
from tests.api.contact_calls import CONTACTS, MIA, CountQueries, codes, url
from tests.factories import (
    DURESS_PIN,
    PIN,
    ContactFactory,
    MeetupFactory,
    UserFactory,
    french_mobile,
    sign_in,
)


def test_the_answer_holds_what_was_said_and_how_to_invite(api: APIClient) -> None:
    answer = api.post(CONTACTS, MIA)

    body = answer.json()
    assert answer.status_code == 201
    assert body | MIA | {"phone": "+33639987001"} == body
    assert (body["state"], body["unconfirmed_reason"]) == ("invited", "not_answered")
    assert body["invite_url"] in body["share_text"]
    assert body["share_text"].startswith("Mia, can I make you my trusted contact?")
    assert body["created_at"].endswith("Z")
    assert not Delivery.objects.exists()


def test_what_is_left_out_is_the_usual(api: APIClient) -> None:
    body = api.post(CONTACTS, {"name": "Mia", "phone": "+33639987001"}).json()

    assert (body["language"], body["circle"], body["disclosure_level"]) == ("fr", 1, 1)
    assert (body["owner_alias"], body["shows_owner_phone"], body["email"]) == ("Ana", False, None)


def test_a_repeat_with_the_same_key_adds_nobody(api: APIClient) -> None:
    answers = [api.post(CONTACTS, MIA, headers={"Idempotency-Key": "k1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "status", "code", "pointer"),
    [
        ({"phone": "12"}, 400, "impossible_phone_number", "/phone"),
        ({"name": "李雷"}, 400, "latin_form_required", "/name"),
        ({"owner_alias": "…"}, 400, "latin_form_required", "/owner_alias"),
        ({"name": "x" * 41}, 400, "invalid", "/name"),
        ({"name": ""}, 400, "invalid", "/name"),
        ({"name": 5}, 400, "invalid", "/name"),
        ({"email": "mia"}, 400, "invalid", "/email"),
        ({"email": f"{'m' * 250}@example.org"}, 400, "invalid", "/email"),
        ({"language": "de"}, 400, "invalid", "/language"),
        ({"circle": 3}, 400, "invalid", "/circle"),
        ({"circle": "1"}, 400, "invalid", "/circle"),
        ({"disclosure_level": 4}, 400, "invalid", "/disclosure_level"),
        ({"shows_owner_phone": "yes"}, 400, "invalid", "/shows_owner_phone"),
        ({"state": "confirmed"}, 400, "unknown_field", "/state"),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_a_code(
    api: APIClient, wrong: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    answer = api.post(CONTACTS, {**MIA, **wrong})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [at for at, _ in codes(answer)] == [pointer]
    assert not Contact.objects.exists()


def test_refusals_that_depend_on_what_is_there(db: None) -> None:
    ana = UserFactory.create(phone=french_mobile(7009))
    api = sign_in(ana)
    ContactFactory.create(owner=ana, phone=french_mobile(7001))
    ContactFactory.create(owner=ana, phone=french_mobile(7002), state=ContactState.Refused)
    MeetupFactory.create(
        owner=ana, sealed={"sealed_details": {"stranger": {"phone": french_mobile(7003)}}}
    )

    def code_for(number: int) -> tuple[int, str]:
        answer = api.post(CONTACTS, {**MIA, "phone": french_mobile(number)})
        return answer.status_code, answer.json()["code"]

    assert code_for(7009) == (400, "own_number")
    assert code_for(7001) == (409, "duplicate_contact")
    assert code_for(7002) == (409, "number_refused")
    assert code_for(7003) == (400, "strangers_number")
    ContactFactory.create_batch(8, owner=ana)
    assert code_for(7004) == (409, "too_many_contacts")


# --- reading --------------------------------------------------------------------------------


def test_the_list_takes_two_queries(
    ana: User, api: APIClient, django_assert_num_queries: CountQueries
) -> None:
    ContactFactory.create_batch(10, owner=ana)
    ContactFactory.create()  # somebody else's

    with django_assert_num_queries(2):  # the session, the contacts
        answer = api.get(CONTACTS)

    assert len(answer.json()["results"]) == 10
    assert {contact["state"] for contact in answer.json()["results"]} == {"confirmed"}


def test_the_proofs_link_and_the_trust_word_are_in_no_answer(
    api: APIClient, ana: User, now: datetime
) -> None:
    api.post(CONTACTS, MIA)
    contact = Contact.objects.get(owner=ana)
    accept_invitation(token=current_token(LinkPurpose.Invitation, contact), now=now)
    contact.refresh_from_db()
    proof = current_token(LinkPurpose.Contact, contact)
    answers = [api.get(CONTACTS), api.get(url(contact)), api.get(url(contact, "/preview"))]
    confirm_number(token=proof, now=now)
    answers += [
        api.get(url(contact)),
        api.post(url(contact, "/drill")),
        api.patch(url(contact), {"name": "Amélie"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 202, 200]
    for answer in answers:
        assert proof not in answer.content.decode()
        assert "trust_word" not in answer.content.decode()


def test_once_confirmed_there_is_nothing_to_invite_with(api: APIClient, mia: Contact) -> None:
    body = api.get(url(mia)).json()

    assert (body["invite_url"], body["share_text"], body["unconfirmed_reason"]) == (None,) * 3


def test_a_lost_key_hides_the_contact_but_breaks_nothing(api: APIClient, mia: Contact) -> None:
    DataKey.objects.filter(pk=mia.data_key_id).update(wrapped=None)

    assert api.get(CONTACTS).json()["results"][0]["name"] is None
    assert api.get(url(mia, "/preview")).status_code == 404
    assert api.patch(url(mia), {"circle": 2}).status_code == 404
    assert api.delete(url(mia)).status_code == 204


# --- changing and deleting ------------------------------------------------------------------


def test_a_change_without_meetup_needs_no_pin(api: APIClient, mia: Contact) -> None:
    answer = api.patch(url(mia), {"disclosure_level": 0, "email": None})

    assert (answer.status_code, answer.json()["disclosure_level"]) == (200, 0)


def test_a_new_number_gives_a_new_invitation(api: APIClient, mia: Contact) -> None:
    body = api.patch(url(mia), {"phone": french_mobile(7001)}).json()

    assert (body["state"], body["phone"]) == ("invited", french_mobile(7001))
    assert body["invite_url"] in body["share_text"]


@pytest.mark.parametrize("pin", [PIN, DURESS_PIN])
def test_the_pin_is_in_the_body_of_a_change_and_in_the_header_of_a_deletion(
    ana: User, api: APIClient, mia: Contact, leo: Contact, pin: str
) -> None:
    MeetupFactory.create(owner=ana, contacts=[mia, leo])

    refused = api.patch(url(mia), {"disclosure_level": 0})
    assert (refused.status_code, refused.json()["code"]) == (403, "pin_required")
    changed = api.patch(url(mia), {"disclosure_level": 0, "pin": pin})
    assert (changed.status_code, changed.json()["disclosure_level"]) == (200, 0)

    refused = api.delete(url(mia))
    assert (refused.status_code, refused.json()["code"]) == (403, "pin_required")
    refused = api.delete(url(mia), headers={"X-Pin": "0000"})
    assert (refused.status_code, refused.json()["code"]) == (403, "pin_wrong")
    deleted = api.delete(url(mia), headers={"X-Pin": pin})
    assert (deleted.status_code, deleted.content) == (204, b"")

    assert PinEntry.objects.count() == 2
    assert api.get(url(mia)).status_code == 404


def test_both_pins_get_the_same_answer(ana: User, api: APIClient) -> None:
    answers = []
    for pin, number in ((PIN, 1), (DURESS_PIN, 2)):
        contact = ContactFactory.create(owner=ana, name="Mia", phone=french_mobile(7000 + number))
        meetup = MeetupFactory.create(owner=ana, contacts=[contact])
        answers.append(api.patch(url(contact), {"circle": 2, "pin": pin}))
        meetup.delete()

    first, second = answers
    varying = {"id", "phone", "created_at", "confirmed_at"}
    assert {k: v for k, v in first.json().items() if k not in varying} == {
        k: v for k, v in second.json().items() if k not in varying
    }
    assert (first.status_code, len(first.content)) == (second.status_code, len(second.content))
    assert first.headers == second.headers
