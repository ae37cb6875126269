"""What tests of contacts do over and over, in the words of the stories."""

from datetime import datetime
from threading import Barrier, Thread

from django.db import connection
from django.db.models import Model

from alerts.clock import database_now
from alerts.domain.errors import (
    AlertsError,
)
from alerts.models import (
    Contact,
    Delivery,
    User,
)
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import current_token
from alerts.services.contacts.contacts import (
    ContactChanges,
    NewContact,
    create_contact,
    delete_contact,
    update_contact,
)
from alerts.services.links import create_links
from tests.factories import (
    STRANGER,
    french_mobile,
)

MIAS_NUMBER = french_mobile(7001)
AS_WRITTEN = "06 39 98 70 01"


def entry(**values: object) -> NewContact:
    return NewContact(**{"name": "Mia", "phone": MIAS_NUMBER, **values})  # type: ignore[arg-type]


def add(owner: User, now: datetime, **values: object) -> Contact:
    return create_contact(owner=owner, entry=entry(**values), now=now)


def change(contact: Contact, *, pin: str | None = None, **changes: object) -> Contact:
    return update_contact(
        owner=contact.owner,
        contact_id=contact.pk,
        changes=ContactChanges(**changes),  # type: ignore[typeddict-item]
        pin=pin,
        now=database_now(),
    )


def remove(contact: Contact, *, pin: str | None = None) -> None:
    delete_contact(owner=contact.owner, contact_id=contact.pk, pin=pin, now=database_now())


def token_of(url: str | None) -> str:
    assert url
    return url.rpartition("/")[2]


def invitation_token(contact: Contact) -> str:
    return current_token(LinkPurpose.Invitation, contact)


def proof_token(contact: Contact) -> str:
    return current_token(LinkPurpose.Contact, contact)


def with_link(contact: Contact, now: datetime) -> Contact:
    """Give a contact made by a factory the links that the walk would have given."""
    for purpose in (LinkPurpose.Invitation, LinkPurpose.Contact):
        create_links(purpose, [contact.pk], now=now)
    return contact


def texts() -> list[str]:
    return list(Delivery.objects.order_by("created_at", "text").values_list("text", flat=True))


def state_of(contact: Contact) -> str:
    state: str = Contact.objects.values_list("state", flat=True).get(pk=contact.pk)
    return state


def details_with_phone(phone: str) -> dict[str, object]:
    return {
        "sealed_details": {"stranger": {**STRANGER, "phone": phone}, "place": {}, "earlier": []}
    }


def rows_of(model: type[Model]) -> int:
    return model._default_manager.count()


def queue_text(contact: Contact, now: datetime) -> Delivery:
    return Delivery.objects.create(
        dedupe_key=f"test:{contact.pk}",
        purpose="invitation",
        channel="sms",
        text="S02",
        recipient_kind="contact",
        contact=contact,
        created_at=now,
        next_action_at=now,
    )


def at_once(calls: list) -> list[str]:  # type: ignore[type-arg]
    """Return what came of calls made in threads at the same moment, sorted."""
    outcomes: list[str] = []
    barrier = Barrier(len(calls))

    def run(call) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        barrier.wait()
        try:
            call()
            outcomes.append("added")
        except AlertsError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
