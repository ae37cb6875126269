"""Who is asking: the session whose token the request bears."""

from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from alerts.clock import database_now
from alerts.models import Session, User
from alerts.services.accounts.sign_in import note_seen

if TYPE_CHECKING:
    from rest_framework.request import Request

SCHEME = "Bearer"
TOKEN_CHARACTERS = frozenset(b"0123456789abcdef")
HEADER_PARTS = 2

# An hour is exact enough for a list of devices, and spares a write for each request.
SEEN_PERIOD = timedelta(hours=1)
WAS_AWAY = ExpressionWrapper(
    Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=Now() - SEEN_PERIOD),
    output_field=BooleanField(),
)


class SessionAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox has no types
    """`Authorization: Bearer TOKEN`, found by one query; anything else bears no session."""

    def authenticate(self, request: "Request") -> tuple[User, Session] | None:
        """Return the owner and the session, None without the header, or refuse it."""
        parts = get_authorization_header(request).split()
        if not parts:
            return None
        if len(parts) != HEADER_PARTS or parts[0].lower() != SCHEME.lower().encode():
            raise AuthenticationFailed
        return self.authenticate_credentials(parts[1])

    def authenticate_credentials(self, token: bytes) -> tuple[User, Session]:
        """Return the owner and the session of a token, or raise AuthenticationFailed."""
        if not TOKEN_CHARACTERS.issuperset(token):
            raise AuthenticationFailed
        text = token.decode("ascii")
        digest = hash_token(text)
        candidates = Session.objects.select_related("user").filter(
            Q(expiry__isnull=True) | Q(expiry__gt=Now()),
            token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
            user__is_active=True,
        )
        for session in candidates.annotate(was_away=WAS_AWAY):
            if compare_digest(digest, session.digest):
                if session.was_away:
                    note_seen(session, now=database_now())
                return session.user, session
        raise AuthenticationFailed

    def authenticate_header(self, request: "Request") -> str:  # noqa: ARG002
        """Return the challenge of a 401."""
        return SCHEME
