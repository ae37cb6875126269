"""The invitation's page: what whoever holds the link can see and do."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from alerts.domain.states import ContactState
from alerts.models import Contact, Delivery, Event, User
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token, open_profile
from alerts.services.contacts.consent import accept_invitation
from alerts.services.contacts.contacts import NewContact, create_contact
from tests.contact_steps import add, remove
from tests.factories import french_mobile
from tests.pages.consent_steps import ACTIONS, FORM, invitation, make_contact, say_yes, state_of
from tests.pages.reading import text_of_page

STATES = list(ContactState)


@pytest.fixture
def invited(ana: User, now: datetime) -> Contact:
    entry = NewContact(name="Mia", phone=french_mobile(7001), owner_alias="Nour")
    return create_contact(owner=ana, entry=entry, now=now)


@pytest.fixture
def accepted(invited: Contact, now: datetime) -> Contact:
    return accept_invitation(token=current_token(LinkPurpose.Invitation, invited), now=now)


@pytest.fixture
def make(ana: User, now: datetime) -> Callable[[ContactState], Contact]:
    """Return a maker of contacts in any state, with both links."""
    return lambda state: make_contact(ana, state, now)


def test_the_invitation_says_what_the_role_is_and_names_only_the_alias(
    client: Client, invited: Contact
) -> None:
    text = text_of_page(client.get(invitation(invited)))

    assert "Nour vous demande d'être son contact de confiance" in text
    assert "Vous recevez des SMS, jour et nuit." in text
    assert "N'allez pas sur place sans la police" in text
    assert "Nous gardons votre numéro" in text
    for secret in ("Mia", "Ana", "7001", "39 98"):
        assert secret not in text


def test_reading_changes_nothing(client: Client, invited: Contact) -> None:
    before = list(Contact.objects.values())
    for query in ("", "?lang=en", "?saved=1", "/accept", "/refuse", "/preferences"):
        client.get(invitation(invited) + query)

    assert list(Contact.objects.values()) == before
    assert not Delivery.objects.exists()
    assert Event.objects.count() == 1  # that the contact was added


def test_a_yes_shows_the_trust_word_and_asks_how_to_speak(client: Client, invited: Contact) -> None:
    answer = client.post(f"{invitation(invited)}/accept")
    assert (answer.status_code, answer["Location"]) == (303, invitation(invited))
    assert state_of(invited) == ContactState.Accepted

    text = text_of_page(client.get(invitation(invited)))
    invited.refresh_from_db()
    assert str(open_profile(invited).trust_word) in text
    assert "Un SMS part vers le numéro que Nour a donné" in text

    saved = client.post(f"{invitation(invited)}/preferences", FORM, follow=True)
    assert "Saved." not in text_of_page(client.get(invitation(invited)))
    assert "Saved." in text_of_page(saved)
    invited.refresh_from_db()
    assert (invited.language, invited.country, invited.shows_name_to_others) == ("en", "BE", True)


def test_the_language_picked_on_the_page_is_proposed(client: Client, invited: Contact) -> None:
    client.post(f"{invitation(invited)}/accept?lang=en")

    page = client.get(f"{invitation(invited)}?lang=en").content.decode()
    assert '<option value="en" selected>' in page


def test_pressed_twice_one_proof_leaves(client: Client, invited: Contact) -> None:
    for _ in range(2):
        say_yes(client, invited)

    assert [delivery.text for delivery in Delivery.objects.all()] == ["S03"]


def test_a_number_texted_too_often_has_to_wait(client: Client, ana: User, now: datetime) -> None:
    for _ in range(5):
        contact = add(ana, now)
        accept_invitation(token=current_token(LinkPurpose.Invitation, contact), now=now)
        remove(contact)
    contact = add(ana, now)

    assert "Réessayez demain" in text_of_page(say_yes(client, contact))
    assert state_of(contact) == ContactState.Invited


def test_only_the_browser_that_said_yes_sees_the_word(client: Client, invited: Contact) -> None:
    say_yes(client, invited)
    word = str(open_profile(Contact.objects.get()).trust_word)

    others = Client().get(invitation(invited))

    assert "Cette invitation a déjà une réponse" in text_of_page(others)
    assert word not in others.content.decode()


def test_others_with_the_link_change_nothing_any_more(client: Client, invited: Contact) -> None:
    say_yes(client, invited)

    for action in ("accept", "refuse", "preferences"):
        Client().post(f"{invitation(invited)}/{action}", FORM)

    assert state_of(invited) == ContactState.Accepted
    invited.refresh_from_db()
    assert (invited.language, invited.country) == ("fr", "FR")


def test_a_no_is_one_tap_and_says_nothing_more(client: Client, invited: Contact) -> None:
    answer = client.post(f"{invitation(invited)}/refuse", follow=True)

    assert "Si vous avez refusé, nous ne vous écrirons pas" in text_of_page(answer)
    assert state_of(invited) == ContactState.Refused
    assert [delivery.text for delivery in Delivery.objects.all()] == ["S23"]


def test_a_mistaken_yes_is_taken_back_where_it_was_said(client: Client, invited: Contact) -> None:
    say_yes(client, invited)
    client.post(f"{invitation(invited)}/refuse")

    assert state_of(invited) == ContactState.Refused


def test_after_a_no_a_yes_comes_too_late(client: Client, invited: Contact) -> None:
    client.post(f"{invitation(invited)}/refuse")
    client.post(f"{invitation(invited)}/accept")

    assert state_of(invited) == ContactState.Refused


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_the_invitations_link_reaches_neither_confirmed_nor_stopped(
    client: Client, make: Callable[[ContactState], Contact], state: ContactState, action: str
) -> None:
    contact = make(state)

    client.post(f"{invitation(contact)}/{action}", {**FORM, "name": "Eve", "email": "e@e.org"})

    reached = state_of(contact)
    assert reached == state or reached not in {ContactState.Confirmed, ContactState.Stopped}
    assert open_profile(contact).name == "Mia"


def test_the_proofs_link_is_on_no_page_of_the_invitation(client: Client, invited: Contact) -> None:
    token = current_token(LinkPurpose.Contact, invited)
    seen = client.get(invitation(invited)).content
    seen += say_yes(client, invited).content
    seen += client.post(f"{invitation(invited)}/preferences", FORM, follow=True).content
    seen += Client().get(invitation(invited)).content

    assert token not in seen.decode()
