"""How tests come to the consent pages: contacts in every state, the paths of their links."""

from datetime import datetime

from django.http import HttpResponse
from django.test import Client

from alerts.domain.states import ContactState
from alerts.models import Contact, User
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token
from alerts.services.links import create_links
from tests.factories import ContactFactory

FORM = {"language": "en", "country": "BE", "shows_name": "on"}
ACTIONS = ["received", "stop", "undo", "erase", "accept", "refuse", "preferences", "data"]


def make_contact(owner: User, state: ContactState, now: datetime) -> Contact:
    """Return a contact in any state, with both links."""
    contact: Contact = ContactFactory.create(owner=owner, state=state, owner_alias="Nour")
    for purpose in (LinkPurpose.Invitation, LinkPurpose.Contact):
        create_links(purpose, [contact.pk], now=now)
    return contact


def invitation(contact: Contact) -> str:
    return f"/c/{current_token(LinkPurpose.Invitation, contact)}"


def proof(contact: Contact) -> str:
    return f"/c/{current_token(LinkPurpose.Contact, contact)}"


def state_of(contact: Contact) -> str:
    state: str = Contact.objects.values_list("state", flat=True).get(pk=contact.pk)
    return state


def say_yes(client: Client, contact: Contact) -> HttpResponse:
    return client.post(f"{invitation(contact)}/accept", follow=True)  # type: ignore[return-value]
