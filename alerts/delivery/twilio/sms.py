"""Text messages by Twilio's Messages resource."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from alerts.conf import TwilioSettings
from alerts.delivery.provider import OutboundMessage, OutcomeUnknown
from alerts.domain.states import Purpose

MESSAGING_SERVICE_PREFIX = "MG"
LOOK_UP_LIMIT = 20
# What the library raises over a success that it cannot read.
BROKEN_ANSWERS = (ValueError, KeyError, TypeError, AttributeError, TwilioException)
CLOCK_SKEW = timedelta(seconds=5)  # between our database and Twilio
# People type numbers in to get these: Twilio's guard against pumped traffic stays on for them.
GUARDED_PURPOSES = frozenset({Purpose.Code, Purpose.Invitation})


class TwilioSms:
    """Sends texts, and can say whether a text of unknown outcome was taken."""

    name = "twilio"

    def __init__(self, client: Client, twilio: TwilioSettings, *, public_url: str) -> None:
        self._client = client
        self._public_url = public_url
        is_service = twilio.sender.startswith(MESSAGING_SERVICE_PREFIX)
        self._sender = {"messaging_service_sid" if is_service else "from_": twilio.sender}

    async def send(self, message: OutboundMessage) -> str:
        """Return the message's SID; raises one of the protocol's three exceptions."""
        options = {} if message.purpose in GUARDED_PURPOSES else {"risk_check": "disable"}
        try:
            created = await self._client.messages.create_async(
                to=message.to,
                body=message.body,
                status_callback=status_callback(self._public_url, message),
                validity_period=message.validity_seconds,
                content_retention="discard",
                **self._sender,
                **options,
            )
        except BROKEN_ANSWERS as error:
            raise OutcomeUnknown("broken_answer") from error
        if not created.sid:
            raise OutcomeUnknown("no_reference")
        return str(created.sid)

    async def find(self, message: OutboundMessage, *, since: datetime) -> Sequence[str]:
        """Return the SIDs of texts to this number since then that may be this one.

        Twilio's list does not show our callback URL, and a discarded body is empty: a text with
        another body is not ours, one without may be, and the caller knows which are taken.
        """
        try:
            listed = await self._client.messages.list_async(to=message.to, limit=LOOK_UP_LIMIT)
        except BROKEN_ANSWERS as error:
            raise OutcomeUnknown("broken_answer") from error
        earliest = since - CLOCK_SKEW
        ours = [
            found
            for found in listed
            if found.date_created >= earliest and found.body in {message.body, "", None}
        ]
        return [str(found.sid) for found in sorted(ours, key=lambda found: not found.body)]


def status_callback(public_url: str, message: OutboundMessage) -> str:
    """Return where receipts of a message go; our id in it proves acceptance whatever else fails."""
    return f"{public_url}/webhooks/twilio/messages/{message.delivery_id}"
