"""From delivery rows to messages that can leave; no queries, and no row stops another."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.delivery.provider import OutboundMessage
from alerts.domain.languages import language_of
from alerts.domain.states import Channel, Purpose, RecipientKind
from alerts.domain.texts import (
    EmailId,
    EmailText,
    MissingTextValue,
    TextId,
    TextValues,
    render_degraded_sms,
    render_email,
    render_sms,
    sms_text,
)
from alerts.models import Delivery
from alerts.sealing.keys import CannotOpen
from alerts.services.sending.recipients import Recipient, find_recipient
from alerts.services.sending.values import values_for

logger = logging.getLogger(__name__)

EMAIL_OF_TEXT: Mapping[TextId, EmailId] = {
    TextId.AlertFirst: EmailId.Alert,
    TextId.Repeat: EmailId.Alert,
    TextId.AlertSos: EmailId.AlertSos,
    TextId.SosRepeat: EmailId.AlertSos,
    TextId.AllClear: EmailId.Closed,
    TextId.FalseAlarm: EmailId.Closed,
    TextId.ClosedUnconfirmed: EmailId.ClosedUnconfirmed,
    TextId.OperatorNobodyTold: EmailId.Operator,
}
_TROUBLE: Mapping[str, str] = {
    "fr": "Envoi des messages : incident technique ({reason}). Voir la console.",
    "en": "Sending of messages: technical trouble ({reason}). See the console.",
}
_SUBJECT: Mapping[str, str] = {
    "fr": "{name} vous a laissé un message",
    "en": "{name} left you a message",
}


@dataclass(frozen=True, slots=True)
class Unsendable:
    """Nothing can leave for this row: `code` says why."""

    code: str


def compose(
    deliveries: Iterable[Delivery], *, now: datetime
) -> dict[UUID, OutboundMessage | Unsendable]:
    """Return the message of each delivery; the rows come loaded with all that texts need."""
    return {delivery.pk: _compose_one(delivery, now=now) for delivery in deliveries}


def _compose_one(delivery: Delivery, *, now: datetime) -> OutboundMessage | Unsendable:
    try:
        recipient = find_recipient(delivery)
        channel = Channel(delivery.channel)
        address = recipient.address(channel)
        if not address:
            return Unsendable("no_address")
        return _message(delivery, recipient, channel, address, now=now)
    except CannotOpen:
        logger.exception("delivery %s: its recipient cannot be read", delivery.pk)
        return Unsendable("cannot_open")
    except Exception:  # the row's boundary: one bad row stops no other
        logger.exception("delivery %s cannot be put into words", delivery.pk)
        return Unsendable("cannot_render")


def _message(
    delivery: Delivery, recipient: Recipient, channel: Channel, address: str, *, now: datetime
) -> OutboundMessage:
    text = sms_text(TextId(delivery.text))
    values = values_for(delivery, recipient, text, now=now)
    is_email = channel is Channel.Email
    written = (_email if is_email else _sms)(delivery, recipient, values)
    return OutboundMessage(
        delivery_id=delivery.pk,
        channel=channel,
        to=address,
        subject=written.subject,
        body=written.body,
        validity_seconds=text.validity_seconds,
        purpose=Purpose(delivery.purpose),
    )


def _sms(delivery: Delivery, recipient: Recipient, values: TextValues) -> EmailText:
    if _is_trouble(delivery):
        template = _TROUBLE[language_of(recipient.language)]
        return EmailText("", template.format(reason=values.number))
    text_id = TextId(delivery.text)
    try:
        return EmailText("", render_sms(text_id, recipient.language, values))
    except MissingTextValue as error:
        logger.warning("delivery %s: degraded for want of %s", delivery.pk, error.field)
        return EmailText("", render_degraded_sms(text_id, recipient.language, values))


def _email(delivery: Delivery, recipient: Recipient, values: TextValues) -> EmailText:
    """Return the e-mail of a text; the text itself under a plain subject where there is none."""
    email_id = EMAIL_OF_TEXT.get(TextId(delivery.text))
    if email_id and not _is_trouble(delivery):
        try:
            return render_email(email_id, recipient.language, values)
        except MissingTextValue as error:
            logger.warning("delivery %s: degraded for want of %s", delivery.pk, error.field)
    name = values.owner or "Vigie"
    subject = _SUBJECT[language_of(recipient.language)].format(name=" ".join(name.split()))
    return EmailText(subject, _sms(delivery, recipient, values).body + "\n")


def _is_trouble(delivery: Delivery) -> bool:
    return delivery.recipient_kind == RecipientKind.Operator and delivery.incident_id is None
