"""Requests as Twilio signs them, made with its own code."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from twilio.request_validator import RequestValidator

from alerts.conf import alerts_settings


def post_signed(
    path: str, fields: dict[str, Any], *, token: str = "", base: str = "", signed_as: str = ""
) -> HttpResponse:
    """Return the answer to a request signed by the account's token (or another)."""
    settings = alerts_settings()
    url = f"{base or settings.public_url}{signed_as or path}"
    validator = RequestValidator(token or settings.twilio.auth_tokens[0])
    signature = validator.compute_signature(url, fields)
    answer: HttpResponse = Client().post(path, fields, headers={"X-Twilio-Signature": signature})  # type: ignore[assignment]
    return answer
