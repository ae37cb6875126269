"""What a text speaks of, taken from the rows that its delivery names."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from alerts.conf import alerts_settings
from alerts.domain.emergency import emergency_text
from alerts.domain.local_time import DEFAULT_ZONE, clock_text, date_text
from alerts.domain.states import RecipientKind
from alerts.domain.texts import SmsText, TextId, TextValues
from alerts.models import Contact, Delivery, Incident
from alerts.models.sealed import Document, open_column
from alerts.sealing.keys import CannotOpen
from alerts.sealing.tokens import LinkPurpose, derive_token, link_url
from alerts.services.sending.recipients import Recipient, open_responder

OWNER_TIMER_VERSION = 1
LEAST_LEVEL_WITH_PLACE = 1
MINUTE = timedelta(minutes=1)
_UNKNOWN_PLACE: Mapping[str, str] = {"fr": "inconnu", "en": "unknown"}
_UNKNOWN_POSITION: Mapping[str, str] = {"fr": "inconnue", "en": "unknown"}


def values_for(
    delivery: Delivery, recipient: Recipient, text: SmsText, *, now: datetime
) -> TextValues:
    """Return the values of one message; raises CannotOpen where a needed one cannot be read."""
    instant, zone = _instant_and_zone(delivery)
    return TextValues(
        trust_word=recipient.trust_word,
        owner=recipient.owner_alias,
        acting_contact=_acting_contact(delivery) if "acting_contact" in text.fields else "",
        time=clock_text(instant, zone, recipient.language) if instant else "",
        date=date_text(instant, zone) if instant else "",
        link=_LINKS[RecipientKind(delivery.recipient_kind)](delivery) if text.has_link else "",
        code=_code(delivery) if "code" in text.fields else "",
        domain=urlsplit(alerts_settings().public_url).hostname or "",
        number=_number(delivery, now=now),
        emergency=_emergency(delivery, recipient, text),
        **_whereabouts(delivery, recipient, text),
    )


def reason_of(delivery: Delivery) -> str:
    """Return what an operator's notice without incident is about: the middle of its dedupe key."""
    return delivery.dedupe_key.split(":")[1]


def _instant_and_zone(delivery: Delivery) -> tuple[datetime | None, str]:
    if delivery.timer is not None:
        return delivery.instant or delivery.timer.due_at, delivery.timer.meetup.time_zone
    if delivery.incident is not None:
        return delivery.instant or delivery.incident.due_at, delivery.incident.time_zone
    zone = delivery.user.time_zone if delivery.user is not None else DEFAULT_ZONE
    return delivery.instant, zone


def _acting_contact(delivery: Delivery) -> str:
    """Return the first name of who acted, "" unless that contact lets the others know it."""
    if delivery.about is None or not delivery.about.shows_name_to_others:
        return ""
    try:
        return str(open_responder(delivery.about).get("name") or "")
    except CannotOpen:
        return ""


def _number(delivery: Delivery, *, now: datetime) -> str:
    """Return the minutes left of a timer's grace, an incident's short number, or the reason."""
    if delivery.timer is not None:
        return str(max(1, -((now - delivery.timer.alert_at) // MINUTE)))
    if delivery.incident is not None:
        return str(delivery.incident.number)
    return reason_of(delivery) if delivery.recipient_kind == RecipientKind.Operator else ""


def _emergency(delivery: Delivery, recipient: Recipient, text: SmsText) -> str:
    country = delivery.incident.country if delivery.incident is not None else recipient.country
    return emergency_text(country, recipient.country, recipient.language, has_link=text.has_link)


def _code(delivery: Delivery) -> str:
    code = delivery.sign_in_code
    if code is None:
        raise CannotOpen("the code is gone")
    return str(open_column(code, "sealed_digits", key=code.data_key)["digits"])


def _whereabouts(delivery: Delivery, recipient: Recipient, text: SmsText) -> dict[str, str]:
    """Return place and last position, for the one text that names them, if the level allows."""
    if text.text_id is not TextId.DetailsWithoutWeb or delivery.incident is None:
        return {}
    no_place = _UNKNOWN_PLACE.get(recipient.language, _UNKNOWN_PLACE["fr"])
    no_position = _UNKNOWN_POSITION.get(recipient.language, _UNKNOWN_POSITION["fr"])
    level = delivery.responder.disclosure_level if delivery.responder is not None else 0
    if level < LEAST_LEVEL_WITH_PLACE:
        return {"place": no_place, "position": no_position}
    snapshot = _snapshot(delivery.incident)
    place: Document = (snapshot.get("details") or {}).get("place") or {}
    return {
        "place": place.get("address") or place.get("label") or no_place,
        "position": _last_position(snapshot) or no_position,
    }


def _snapshot(incident: Incident) -> Document:
    try:
        return open_column(incident, "sealed_snapshot", key=incident.data_key)
    except CannotOpen:
        return {}


def _last_position(snapshot: Document) -> str:
    positions = sorted(snapshot.get("positions") or (), key=lambda fix: str(fix["recorded_at"]))
    return f"{positions[-1]['latitude']},{positions[-1]['longitude']}" if positions else ""


def _link(purpose: LinkPurpose, subject_id: object, version: int) -> str:
    return link_url(purpose, derive_token(purpose, str(subject_id), version))


def _responder_link(delivery: Delivery) -> str:
    version = delivery.responder.link_version if delivery.responder is not None else 1
    return _link(LinkPurpose.Responder, delivery.responder_id, version)


def _contact_link(delivery: Delivery) -> str:
    """Return the invitation's link in an invitation, else the one that proves the number."""
    contact: Contact | None = delivery.contact
    if contact is None:
        raise CannotOpen("the contact is gone")
    if delivery.text == TextId.InviteByService:
        return _link(LinkPurpose.Invitation, contact.pk, contact.invitation_version)
    return _link(LinkPurpose.Contact, contact.pk, contact.proof_version)


def _owner_link(delivery: Delivery) -> str:
    return _link(LinkPurpose.OwnerTimer, delivery.timer_id, OWNER_TIMER_VERSION)


def _no_link(_delivery: Delivery) -> str:
    return ""


_LINKS: Mapping[RecipientKind, Callable[[Delivery], str]] = {
    RecipientKind.Responder: _responder_link,
    RecipientKind.Contact: _contact_link,
    RecipientKind.Owner: _owner_link,
    RecipientKind.SignInCode: _no_link,
    RecipientKind.Operator: _no_link,
}
