"""Webhooks believe a signature, nothing else; without one there is no answer but 403."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alerts.conf import alerts_settings
from alerts.delivery.registry import is_signed

logger = logging.getLogger(__name__)

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def signed(view: View[Rest]) -> View[Rest]:
    """Let only requests through that the provider has signed for exactly this address.

    The address is made of PUBLIC_URL, never of the request's own host, and every token of the
    account is tried, so that one can be replaced without losing receipts.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        settings = alerts_settings()
        url = settings.public_url + request.get_full_path()
        signature = request.headers.get("X-Twilio-Signature", "")
        if not is_signed(url, request.POST, signature, settings.twilio.auth_tokens):
            return HttpResponse(status=403)
        try:
            return require_POST(view)(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            logger.warning("webhook: database: %s", type(error).__name__)
            return HttpResponse(status=503)  # the provider may come again

    return csrf_exempt(guarded)


def plain_field(request: HttpRequest, name: str) -> str:
    """Return a posted field without what the database cannot store, "" when it is missing."""
    return (request.POST.get(name) or "").replace("\x00", "")
