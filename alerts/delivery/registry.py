"""Which provider serves which channel: the only place that knows their names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from alerts.conf import alerts_settings
from alerts.delivery.email import EmailProvider
from alerts.delivery.outcomes import Providers
from alerts.delivery.twilio.client import open_client
from alerts.delivery.twilio.signatures import is_signed
from alerts.delivery.twilio.sms import TwilioSms
from alerts.delivery.twilio.statuses import ReceiptMeaning, meaning_of
from alerts.domain.states import Channel

__all__ = [
    "ReceiptMeaning",
    "is_channel_available",
    "is_signed",
    "meaning_of",
    "open_providers",
]


def is_channel_available(channel: Channel) -> bool:
    """Whether messages by this channel can leave here: built, and set up."""
    if channel is Channel.Sms:
        return True
    return channel is Channel.Email and bool(alerts_settings().email_url)


@asynccontextmanager
async def open_providers(*, connections: int) -> AsyncIterator[Providers]:
    """Give the providers of every available channel, on at most so many connections each."""
    settings = alerts_settings()
    async with open_client(settings.twilio, connections=connections) as client:
        sms = TwilioSms(client, settings.twilio, public_url=settings.public_url)
        if not is_channel_available(Channel.Email):
            yield {Channel.Sms: sms}
            return
        with EmailProvider(settings.default_from_email) as email:
            yield {Channel.Sms: sms, Channel.Email: email}
