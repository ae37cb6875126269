"""What Twilio's answers mean here. The HTTP class decides first, known codes refine it.

Source: https://www.twilio.com/docs/api/errors. Twilio adds narrower codes now and then, so nothing
depends on a code being known: any other refusal goes to the next channel and to the operator.
"""

import json
from collections.abc import Mapping

from alerts.delivery.provider import ProviderUnavailable, RecipientRejected

TOO_MANY_REQUESTS = 429
FIRST_SERVER_ERROR = 500
FIRST_REFUSAL = 400

# The number or its owner cannot or will not take a text from us.
RECIPIENT_CODES = frozenset(
    {
        21211,  # invalid number
        21214,  # number cannot be reached
        21217,  # number does not appear to be valid
        21265,  # a short code
        21408,  # region not enabled for this account
        21610,  # unsubscribed: STOP was sent
        21612,  # no route between sender and number
        21614,  # not a mobile number
        21635,  # a landline
    }
)
# The account or its sender is at fault: every message fails until somebody repairs it.
ACCOUNT_CODES = frozenset(
    {
        20003,  # authentication
        21606,  # sender cannot send texts here
        21659,  # sender is not ours
        21660,  # sender belongs to another account
        63038,  # daily limit of the account reached
    }
)

# A receipt with one of these: the text did not arrive.
UNDELIVERED_CODES = frozenset(
    {
        "30003",  # handset unreachable
        "30004",  # blocked
        "30005",  # unknown handset
        "30006",  # landline or unreachable carrier
        "30007",  # filtered
        "30008",  # unknown error
        "30036",  # validity period over
    }
)
OPERATOR_RECEIPT_CODES = frozenset({"30004", "30007"})  # our wording or sender may be the cause
# A receipt with one of these says that the number itself takes no texts.
DEAD_NUMBER_CODES = frozenset({"30005", "30006"})


def refusal(
    status: int, body: str, headers: Mapping[str, str]
) -> RecipientRejected | ProviderUnavailable:
    """Return what an answer that is not a success means; to be raised by the caller."""
    code = code_of(body)
    name = str(code or f"http_{status}")
    if code in ACCOUNT_CODES:
        return ProviderUnavailable(name, tell_operator=True)
    if status == TOO_MANY_REQUESTS or status >= FIRST_SERVER_ERROR:
        return ProviderUnavailable(name, retry_after=seconds_of(headers.get("Retry-After", "")))
    if code in RECIPIENT_CODES:
        return RecipientRejected(name)
    return RecipientRejected(name, tell_operator=True)


def code_of(body: str) -> int | None:
    """Return the error code of an answer's body, or None when there is none to read."""
    try:
        code = json.loads(body)["code"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None


def seconds_of(header: str) -> float | None:
    """Return a Retry-After in seconds; None when it is missing, a date or out of all reason."""
    try:
        seconds = float(header)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= 60 else None  # noqa: PLR2004 - one minute
