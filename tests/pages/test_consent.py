"""The page behind the text to a contact's number."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from alerts.domain.states import ContactState
from alerts.domain.texts import forbidden_words
from alerts.models import Contact, DataKey, User
from alerts.pages.service_card import service_numbers
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token, open_profile
from alerts.services.contacts.consent import accept_invitation
from alerts.services.contacts.contacts import NewContact, create_contact, delete_contact
from alerts.services.links import revoke_links
from tests.factories import french_mobile
from tests.pages.consent_steps import (
    ACTIONS,
    invitation,
    make_contact,
    proof,
    state_of,
)
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


def test_received_confirms_the_number(client: Client, accepted: Contact) -> None:
    assert "Dernier pas pour Nour" in text_of_page(client.get(proof(accepted)))

    answer = client.post(f"{proof(accepted)}/received", follow=True)

    assert "Vous êtes contact de confiance pour Nour" in text_of_page(answer)
    assert state_of(accepted) == ContactState.Confirmed


def test_a_test_that_arrived_is_noted(
    client: Client, make: Callable[[ContactState], Contact]
) -> None:
    contact = make(ContactState.Confirmed)
    before = contact.confirmed_at

    answer = client.post(f"{proof(contact)}/received", follow=True)

    assert "C'est enregistré." in text_of_page(answer)
    contact.refresh_from_db()
    assert before is not None
    assert contact.confirmed_at is not None
    assert contact.confirmed_at > before


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_page_that_names_nobody_but_the_alias(
    client: Client, make: Callable[[ContactState], Contact], state: ContactState
) -> None:
    contact = make(state)

    for language in ("fr", "en"):
        answer = client.get(f"{proof(contact)}?lang={language}")
        text = text_of_page(answer)
        assert answer.status_code == 200
        assert forbidden_words(text) == []
        assert "Mia" not in text
        assert open_profile(contact).phone not in text
        assert f'lang="{language}"' in answer.content.decode()
    assert state_of(contact) == state


def test_stop_and_undo(client: Client, make: Callable[[ContactState], Contact]) -> None:
    contact = make(ContactState.Confirmed)

    stopped = client.post(f"{proof(contact)}/stop", follow=True)
    assert "Vous ne recevez plus rien au sujet de Nour" in text_of_page(stopped)
    assert state_of(contact) == ContactState.Stopped

    client.post(f"{proof(contact)}/undo")
    assert state_of(contact) == ContactState.Confirmed


def test_what_is_not_possible_any_more_is_said(
    client: Client, make: Callable[[ContactState], Contact]
) -> None:
    answer = client.post(f"{proof(make(ContactState.Lapsed))}/received", follow=True)

    assert "Ce n'est plus possible" in text_of_page(answer)


# --- their own data -------------------------------------------------------------------------


def test_the_data_page_shows_what_is_kept_but_the_whole_number(
    client: Client, make: Callable[[ContactState], Contact]
) -> None:
    contact = make(ContactState.Confirmed)

    answer = client.get(f"{proof(contact)}/data")

    phone = open_profile(contact).phone
    assert phone not in answer.content.decode()
    assert f"+33 •• •• •• {phone[-2:]}" in text_of_page(answer)
    assert 'value="Mia"' in answer.content.decode()


def test_a_correction_is_stored(client: Client, make: Callable[[ContactState], Contact]) -> None:
    contact = make(ContactState.Stopped)
    form = {"name": "Amélie", "email": "a@example.org", "language": "en", "country": "CH"}

    answer = client.post(f"{proof(contact)}/data", form, follow=True)

    assert "Saved." in text_of_page(answer)
    contact.refresh_from_db()
    profile = open_profile(contact)
    assert (profile.name, profile.email) == ("Amélie", "a@example.org")
    assert (contact.language, contact.country, contact.state) == ("en", "CH", "stopped")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Donnez un prénom."),
        ("name", "李雷", "Donnez ce prénom en lettres latines"),
        ("name", "x" * 41, "Ce prénom est trop long"),
        ("name", "a\0b", "Donnez ce prénom en lettres latines"),
        ("email", "mia", "Cette adresse n'est pas complète."),
        ("email", f"{'m' * 250}@example.org", "Cette adresse n'est pas complète."),
        ("language", "de", "Choisissez dans la liste."),
        ("country", "XX", "Choisissez dans la liste."),
    ],
)
def test_an_error_is_tied_to_its_field(
    client: Client,
    make: Callable[[ContactState], Contact],
    field: str,
    value: str,
    said: str,
) -> None:
    contact = make(ContactState.Confirmed)
    form = {"name": "Amy", "email": "", "language": "fr", "country": "FR", field: value}

    answer = client.post(f"{proof(contact)}/data", form)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in text_of_page(answer)
    widget = re.search(rf'<(input|select)[^>]* name="{field}"[^>]*>', html)
    assert widget is not None
    assert f"{field}-error" in widget[0]
    assert 'aria-invalid="true"' in widget[0]
    assert f'id="{field}-error"' in html
    assert open_profile(contact).name == "Mia"


def test_a_country_that_is_not_in_the_list_stays(client: Client, accepted: Contact) -> None:
    Contact.objects.update(country="KZ")

    assert '<option value="KZ" selected>' in client.get(f"{proof(accepted)}/data").content.decode()


def test_erasing_says_so_afterwards_and_when_pressed_twice(
    client: Client, make: Callable[[ContactState], Contact]
) -> None:
    contact = make(ContactState.Confirmed)
    page = proof(contact)

    erased = client.post(f"{page}/erase", follow=True)

    assert "Vos données sont effacées" in text_of_page(erased)
    assert not Contact.objects.exists()
    assert DataKey.objects.get(pk=contact.data_key_id).wrapped is None
    for path in (page, f"{page}/data"):
        again = client.get(path, follow=True)
        assert "Vos données sont effacées" in text_of_page(again)
    assert client.get(invitation(contact)).status_code == 404


# --- the service's card ---------------------------------------------------------------------


def test_the_card_holds_the_services_numbers_and_nothing_of_the_reader(
    client: Client, accepted: Contact
) -> None:
    answer = client.get(f"{proof(accepted)}/card")

    card = answer.content.decode()
    assert answer["Content-Type"].startswith("text/vcard")
    assert card.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:")
    assert [f"TEL;TYPE=CELL:{number}" in card for number in service_numbers()] == [True]
    assert "Nour" not in card
    assert "Mia" not in card


# --- links that open nothing ----------------------------------------------------------------


@pytest.mark.parametrize("action", ["", "/data", "/card", *(f"/{action}" for action in ACTIONS)])
def test_unknown_revoked_and_deleted_links_are_alike(
    client: Client, ana: User, accepted: Contact, now: datetime, action: str
) -> None:
    page = proof(accepted)
    unknown = client.get(f"/c/{'x' * 16}{action}")
    revoke_links([accepted.pk], now=now)
    revoked = client.get(page + action)
    delete_contact(owner=ana, contact_id=accepted.pk, pin=None, now=now)
    deleted = client.get(page + action)

    assert [answer.status_code for answer in (unknown, revoked, deleted)] == [404] * 3
    assert text_of_page(unknown) == text_of_page(revoked) == text_of_page(deleted)


def test_a_contact_whose_key_is_lost_gets_the_neutral_page(
    client: Client, accepted: Contact
) -> None:
    DataKey.objects.filter(pk=accepted.data_key_id).update(wrapped=None)

    assert client.get(proof(accepted)).status_code == 404


def test_an_action_that_is_none_is_not_found(client: Client, accepted: Contact) -> None:
    assert client.post(f"{proof(accepted)}/confirm-it").status_code == 404
    assert client.post(proof(accepted)).status_code == 405


def test_a_form_without_its_token_is_refused(accepted: Contact) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(f"{proof(accepted)}/received").status_code == 403
    assert state_of(accepted) == ContactState.Accepted


def test_the_pages_are_private(client: Client, accepted: Contact) -> None:
    for path in (invitation(accepted), proof(accepted), f"{proof(accepted)}/data"):
        answer = client.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "<title>Message</title>" in answer.content.decode()
        assert "og:" not in answer.content.decode()
        assert len(answer.content) < 50_000
