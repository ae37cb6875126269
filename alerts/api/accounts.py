"""Signing in, sessions, and the owner's own account."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.account_shapes import (
    CodeRequestIn,
    CodeRequestOut,
    SessionIn,
    SessionsOut,
    SignedInOut,
)
from alerts.api.base import ApiView, owner_of, session_of
from alerts.api.errors import language_of_reader
from alerts.api.idempotency import idempotent
from alerts.api.permissions import Anyone, SignedIn
from alerts.api.schema import problems
from alerts.api.throttling import client_address
from alerts.clock import database_now
from alerts.domain.errors import CodeWrong, CountryNotServed, ImpossiblePhone, QuotaExceeded
from alerts.domain.languages import Language
from alerts.selectors.accounts import describe_sessions, describe_user
from alerts.services.accounts.codes import request_code
from alerts.services.accounts.sign_in import (
    SignedIn as NewSession,
)
from alerts.services.accounts.sign_in import (
    revoke_session,
    sign_in_by_code,
    sign_in_by_recovery_code,
)


class Codes(ApiView):
    """Sign-in codes."""

    permission_classes = [Anyone]

    @extend_schema(
        operation_id="request_code", request=CodeRequestIn, responses={202: CodeRequestOut}
    )
    @problems(ImpossiblePhone, CountryNotServed, QuotaExceeded)
    @idempotent
    def post(self, request: Request) -> Response:
        """Send a code to a number; the answer is the same for every number."""
        code = request_code(
            phone=CodeRequestIn.parse(request)["phone"],
            address=client_address(request),
            language=_language_for(request),
            now=database_now(),
        )
        answer = {"id": code.id, "expires_in": int(code.expires_in.total_seconds())}
        return Response(CodeRequestOut(answer).data, status=202)


class Sessions(ApiView):
    """Signed-in devices."""

    def get_permissions(self) -> list[Any]:
        """Let anyone sign in; the list is the owner's."""
        return [Anyone() if self.request.method == "POST" else SignedIn()]

    @extend_schema(operation_id="list_sessions", responses=SessionsOut)
    def get(self, request: Request) -> Response:
        """Return the owner's signed-in devices, the latest first."""
        sessions = describe_sessions(owner_of(request), current=session_of(request))
        return Response(SessionsOut({"results": sessions}).data)

    @extend_schema(operation_id="sign_in", request=SessionIn, responses={201: SignedInOut}, auth=[])
    @problems(CodeWrong, QuotaExceeded, ImpossiblePhone, CountryNotServed)
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a session by a code, or by a recovery code from another phone."""
        signed_in = _sign_in(SessionIn.parse(request), client_address(request))
        user = describe_user(signed_in.user, now=database_now())
        return Response(SignedInOut({"token": signed_in.token, "user": user}).data, status=201)


class SessionDetail(ApiView):
    """One signed-in device."""

    @extend_schema(operation_id="revoke_session", responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Sign a device out; timers go on."""
        revoke_session(owner=owner_of(request), session_id=session_id, now=database_now())
        return Response(status=204)


class CurrentSession(ApiView):
    """The device that asks."""

    @extend_schema(operation_id="sign_out", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign this device out; timers go on."""
        session_id = session_of(request).id
        revoke_session(owner=owner_of(request), session_id=session_id, now=database_now())
        return Response(status=204)


def _language_for(request: Request) -> Language:
    """Return the language asked for; without a wish the one of the country we began in."""
    if "Accept-Language" in request.headers:
        return language_of_reader(request)
    return Language.French


def _sign_in(body: dict[str, Any], address: str) -> NewSession:
    now = database_now()
    if "id" in body:
        return sign_in_by_code(
            code_id=body["id"], code=body["code"], device_name=body["device_name"], now=now
        )
    return sign_in_by_recovery_code(
        phone=body["phone"],
        recovery_code=body["recovery_code"],
        device_name=body["device_name"],
        address=address,
        now=now,
    )
