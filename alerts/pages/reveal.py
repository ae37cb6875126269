"""The cookie that remembers, for half an hour and one link, that the details were asked for."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

from alerts.conf import alerts_settings

COOKIE = "shown"
REVEAL_PERIOD = timedelta(minutes=30)
_SALT = "alerts.pages.reveal"


def remember_reveal(
    response: HttpResponse, *, path: str, responder_id: UUID, now: datetime
) -> None:
    """Let the browser show the details of this link for a while; nothing else can read it."""
    until = (now + REVEAL_PERIOD).timestamp()
    response.set_cookie(
        COOKIE,
        signing.dumps([str(responder_id), until], salt=_SALT),
        max_age=REVEAL_PERIOD,
        path=path,
        secure=not alerts_settings().is_loopback,
        httponly=True,
        samesite="Strict",
    )


def is_revealed(request: HttpRequest, *, responder_id: UUID, now: datetime) -> bool:
    """Return whether this browser asked for the details of this responder a short while ago."""
    try:
        shown_id, until = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
    except signing.BadSignature:
        return False
    return bool(shown_id == str(responder_id) and now.timestamp() < until)


def forget_reveal(response: HttpResponse, *, path: str) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=path, samesite="Strict")
