"""The owner's own account: profile, PINs, recovery codes, readiness, help lines, erasure."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.account_shapes import (
    MeChangesIn,
    PinOnlyIn,
    PinsIn,
    PinsPendingOut,
    ReadinessOut,
    RecoveryCodesOut,
    ResourcesOut,
    UserOut,
)
from alerts.api.base import ApiView, QuerySerializer, owner_of, session_of
from alerts.api.idempotency import idempotent
from alerts.api.schema import PIN_HEADER, problems
from alerts.clock import database_now
from alerts.domain.emergency import all_resources
from alerts.domain.errors import (
    CodeWrong,
    FreshSignInRequired,
    NumberTaken,
    PinLocked,
    PinRequired,
    PinsRequired,
    PinsTooAlike,
    PinWrong,
)
from alerts.models import User
from alerts.selectors.accounts import describe_readiness, describe_user
from alerts.services.accounts.erasure import delete_account
from alerts.services.accounts.new_pins import set_pins
from alerts.services.accounts.profile import ProfileChanges, change_phone, change_profile
from alerts.services.accounts.recovery import make_recovery_codes

OF_THE_PIN = (PinRequired, PinWrong, PinLocked, PinsRequired)
COLUMNS = ("language", "time_zone", "country")
SEALED = ("display_name", "email")


class Me(ApiView):
    """The owner's own account."""

    @extend_schema(operation_id="get_me", responses=UserOut)
    def get(self, request: Request) -> Response:
        """Return the account."""
        return _answer_user(owner_of(request))

    @extend_schema(operation_id="change_me", request=MeChangesIn, responses=UserOut)
    @problems(*OF_THE_PIN, CodeWrong, FreshSignInRequired, NumberTaken)
    def patch(self, request: Request) -> Response:
        """Change profile, settings or number; what weakens protection takes the PIN."""
        owner = owner_of(request)
        body = MeChangesIn.parse(request)
        now, pin = database_now(), body.get("pin")
        if "code_id" in body:
            owner = change_phone(
                owner=owner,
                session=session_of(request),
                code_id=body["code_id"],
                code=body["code"],
                pin=pin,
                now=now,
            )
        changes = _read_changes(body)
        if changes.columns or changes.sealed:
            owner = change_profile(owner=owner, changes=changes, pin=pin, now=now)
        return _answer_user(owner)

    @extend_schema(operation_id="delete_me", parameters=[PIN_HEADER], responses={204: None})
    @problems(*OF_THE_PIN)
    def delete(self, request: Request) -> Response:
        """Erase the account and everything in it; takes the PIN in `X-Pin`."""
        pin = request.headers.get(PIN_HEADER.name)
        delete_account(owner=owner_of(request), pin=pin, now=database_now())
        return Response(status=204)


class Pins(ApiView):
    """The two PINs."""

    @extend_schema(
        operation_id="set_pins", request=PinsIn, responses={204: None, 202: PinsPendingOut}
    )
    @problems(PinRequired, PinWrong, PinLocked, PinsTooAlike)
    def put(self, request: Request) -> Response:
        """Set both PINs; without the current one they take effect in 24 hours (202)."""
        body = PinsIn.parse(request)
        effective_at = set_pins(
            owner=owner_of(request),
            pin=body["pin"],
            duress_pin=body["duress_pin"],
            current_pin=body.get("current_pin"),
            now=database_now(),
        )
        if effective_at is None:
            return Response(status=204)
        return Response(PinsPendingOut({"effective_at": effective_at}).data, status=202)


class RecoveryCodes(ApiView):
    """Codes that sign in from another phone."""

    @extend_schema(
        operation_id="make_recovery_codes", request=PinOnlyIn, responses={201: RecoveryCodesOut}
    )
    @problems(*OF_THE_PIN)
    @idempotent
    def post(self, request: Request) -> Response:
        """Return ten new codes, shown once; the former ones count no more."""
        pin = PinOnlyIn.parse(request).get("pin")
        codes = make_recovery_codes(owner=owner_of(request), pin=pin, now=database_now())
        return Response(RecoveryCodesOut({"codes": codes}).data, status=201)


class Readiness(ApiView):
    """What would fail tonight."""

    @extend_schema(operation_id="get_readiness", responses=ReadinessOut)
    def get(self, request: Request) -> Response:
        """Return what would work tonight and what would not."""
        readiness = describe_readiness(owner_of(request), now=database_now())
        return Response(ReadinessOut(readiness).data)


class CountryQuery(QuerySerializer):
    """Which country's help lines."""

    country = serializers.RegexField(r"^[A-Z]{2}\Z", required=False)


class Resources(ApiView):
    """Help lines and emergency numbers."""

    @extend_schema(
        operation_id="list_resources",
        parameters=[OpenApiParameter("country", {"type": "string", "pattern": "^[A-Z]{2}$"})],
        responses=ResourcesOut,
    )
    def get(self, request: Request) -> Response:
        """Return the help lines of a country, the owner's own by default."""
        owner = owner_of(request)
        country = CountryQuery.parse(request).get("country", owner.country)
        return Response(ResourcesOut(_describe_resources(country, owner.language)).data)


def _answer_user(owner: User) -> Response:
    return Response(UserOut(describe_user(owner, now=database_now())).data)


def _read_changes(body: dict[str, Any]) -> ProfileChanges:
    return ProfileChanges(
        columns={
            **{name: body[name] for name in COLUMNS if name in body},
            **body.get("settings", {}),
        },
        sealed={name: body[name] for name in SEALED if name in body},
    )


def _describe_resources(country: str, language: str) -> dict[str, Any]:
    return {
        "country": country,
        "results": [
            {
                "code": line.code,
                "name": line.name(language),
                "purpose": line.purpose,
                "hours": line.hours(language) or "",
                "note": line.note(language) or "",
                "channels": dict(line.channels),
            }
            for line in all_resources(country)
        ],
    }
