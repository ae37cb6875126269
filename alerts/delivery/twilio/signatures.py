"""Whether a request really comes from Twilio."""

from collections.abc import Iterable

from django.http import QueryDict
from twilio.request_validator import RequestValidator


def is_signed(url: str, parameters: QueryDict, signature: str, tokens: Iterable[str]) -> bool:
    """Whether the signature is that of one of the account's tokens; a missing one is not.

    `url` is the address Twilio was told to call, never one taken from the request's own headers.
    """
    if not signature:
        return False
    return any(RequestValidator(token).validate(url, parameters, signature) for token in tokens)
