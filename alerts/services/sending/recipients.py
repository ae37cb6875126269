"""Whom a delivery is for: where it goes, in which language, under which name of the owner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alerts.conf import alerts_settings
from alerts.domain.languages import Language
from alerts.domain.states import Channel, RecipientKind
from alerts.models import Contact, Delivery, Responder
from alerts.models.sealed import Document, open_column
from alerts.sealing.keys import CannotOpen


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recipient:
    """Everything of a person that a message needs. Never printed: personal."""

    phone: str
    email: str
    language: str
    country: str
    trust_word: str = ""
    owner_alias: str = ""

    def address(self, channel: Channel) -> str:
        """Return where this channel reaches the person, "" if nowhere."""
        return self.email if channel is Channel.Email else self.phone


def find_recipient(delivery: Delivery) -> Recipient:
    """Return whom a delivery is for, or raise CannotOpen when nothing of them can be read."""
    return _FINDERS[RecipientKind(delivery.recipient_kind)](delivery)


def open_responder(responder: Responder) -> Document:
    """Return a responder's profile; the contact's own, under another key, where that is lost."""
    try:
        return open_column(responder, "sealed_profile", key=responder.incident.data_key)
    except CannotOpen:
        if responder.contact is None:
            raise
        return _open_contact(responder.contact)


def _open_contact(contact: Contact) -> Document:
    return open_column(contact, "sealed_profile", key=contact.data_key)


def _responder(delivery: Delivery) -> Recipient:
    responder = delivery.responder
    if responder is None:
        raise CannotOpen("the responder is gone")
    return _contact_like(responder, open_responder(responder))


def _contact(delivery: Delivery) -> Recipient:
    contact = delivery.contact
    if contact is None:
        raise CannotOpen("the contact is gone")
    return _contact_like(contact, _open_contact(contact))


def _contact_like(row: Responder | Contact, profile: Document) -> Recipient:
    return Recipient(
        phone=profile.get("phone") or "",
        email=profile.get("email") or "",
        language=row.language,
        country=row.country,
        trust_word=profile.get("trust_word") or "",
        owner_alias=profile.get("owner_alias") or "",
    )


def _owner(delivery: Delivery) -> Recipient:
    user = delivery.user
    if user is None:
        raise CannotOpen("the owner is gone")
    profile = open_column(user, "sealed_profile", key=user.data_key)
    return Recipient(
        phone=profile.get("phone") or "",
        email=profile.get("email") or "",
        language=user.language,
        country=user.country,
    )


def _sign_in_code(delivery: Delivery) -> Recipient:
    code = delivery.sign_in_code
    if code is None:
        raise CannotOpen("the code is gone")
    destination = open_column(code, "sealed_destination", key=code.data_key)
    return Recipient(
        phone=destination.get("phone") or "",
        email="",
        language=destination.get("language") or Language.French,
        country=destination.get("country") or "",
    )


def _operator(_delivery: Delivery) -> Recipient:
    settings = alerts_settings()
    return Recipient(
        phone=settings.operator.phone,
        email=settings.operator.email,
        language=Language.French,
        country=settings.allowed_countries[0],
    )


_FINDERS: Mapping[RecipientKind, Callable[[Delivery], Recipient]] = {
    RecipientKind.Responder: _responder,
    RecipientKind.Contact: _contact,
    RecipientKind.Owner: _owner,
    RecipientKind.SignInCode: _sign_in_code,
    RecipientKind.Operator: _operator,
}
