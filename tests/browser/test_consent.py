"""The pages of contacts in a real browser: usable, without scripts, in both languages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from alerts.domain.states import ContactState
from alerts.models import Contact
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token
from alerts.services.links import create_links
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import assert_usable, unfold
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db(transaction=True)
INVITATION, PROOF = LinkPurpose.Invitation, LinkPurpose.Contact


def page_of(purpose: LinkPurpose, state: ContactState, now: datetime, more: str = "") -> str:
    contact = ContactFactory.create(state=state, owner_alias="Nour")
    for each in (INVITATION, PROOF):
        create_links(each, [contact.pk], now=now)
    return f"/c/{current_token(purpose, contact)}{more}"


def saved_with_errors(page: Page) -> None:
    page.fill("#name", "")
    page.fill("#email", "mia")
    page.locator("form button.primary").click()


def erased(page: Page) -> None:
    unfold(page)
    page.click("#do-erase")


Doing = Callable[[Page], None]
SCENES: dict[str, tuple[LinkPurpose, ContactState, str, Doing]] = {
    "invited": (INVITATION, ContactState.Invited, "", lambda _: None),
    "said_yes": (INVITATION, ContactState.Invited, "", lambda page: page.click("#do-accept")),
    "answered": (INVITATION, ContactState.Invited, "", lambda page: page.click("#do-refuse")),
    "proof": (PROOF, ContactState.Accepted, "", lambda _: None),
    "ready": (PROOF, ContactState.Accepted, "", lambda page: page.click("#do-received")),
    "unreachable": (PROOF, ContactState.Unreachable, "", lambda _: None),
    "stopped": (PROOF, ContactState.Confirmed, "", lambda page: page.click("#do-stop")),
    "data": (PROOF, ContactState.Confirmed, "/data", lambda _: None),
    "errors": (PROOF, ContactState.Confirmed, "/data", saved_with_errors),
    "erased": (PROOF, ContactState.Confirmed, "/data", erased),
}


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("fr", 360, "light"), ("en", 360, "dark"), ("fr", 320, "dark"), ("en", 1280, "light")],
)
def test_every_state_of_both_pages_is_usable(
    live_server: Any,
    open_page: OpenPage,
    now: datetime,
    language: str,
    width: int,
    scheme: str,
) -> None:
    for purpose, state, more, doing in SCENES.values():
        path = page_of(purpose, state, now, more)
        page = open_page(f"{live_server.url}{path}?lang={language}", width=width, scheme=scheme)
        doing(page)
        page.wait_for_load_state()
        unfold(page)

        assert_usable(page)
        assert page.locator("html").get_attribute("lang") == language
        page.context.close()


def test_all_of_it_works_without_scripts(
    live_server: Any, open_page: OpenPage, now: datetime
) -> None:
    path = page_of(INVITATION, ContactState.Invited, now)
    page = open_page(f"{live_server.url}{path}", scripts=False)
    page.get_by_role("button", name="J'accepte").click()
    page.get_by_label("Langue des messages").select_option("English")
    page.get_by_label("Les autres contacts peuvent voir mon prénom").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    contact = Contact.objects.get()
    page.goto(f"{live_server.url}/c/{current_token(PROOF, contact)}")
    page.get_by_role("button", name="I received the text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are a trusted contact for Nour")
    page.get_by_role("link", name="See, correct or erase my data").click()
    page.get_by_role("textbox", name="First name").fill("Amélie")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Stop being a contact").click()
    expect(page.get_by_role("button", name="Undo: I stay a contact")).to_be_visible()

    contact.refresh_from_db()
    assert (contact.state, contact.language) == (ContactState.Stopped, "en")
    assert contact.shows_name_to_others


def test_an_error_leads_to_its_field(live_server: Any, open_page: OpenPage, now: datetime) -> None:
    path = page_of(PROOF, ContactState.Confirmed, now, "/data")
    page = open_page(f"{live_server.url}{path}")
    saved_with_errors(page)

    page.get_by_role("link", name="Donnez un prénom.").click()

    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name")).to_have_accessible_description(
        "Nos messages peuvent le montrer, en 12 lettres au plus. Donnez un prénom."
    )
    assert page.title().startswith("Erreur")
