"""Check-ins, extensions, SOS and positions of a running meetup."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError, UnsupportedMediaType, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.base import ApiView, owner_of
from alerts.api.idempotency import idempotent
from alerts.api.meetup_shapes import (
    CheckInIn,
    ExtendIn,
    MeetupOut,
    PositionsIn,
    PositionsOut,
    SosIn,
    SosOut,
)
from alerts.api.meetups import answer_meetup
from alerts.api.schema import problems
from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.domain.emergency import emergency_numbers
from alerts.domain.errors import ExtensionTooLong, IncidentOpen, MeetupEnded, NoOpenTimer
from alerts.models import User
from alerts.selectors.owner_view import summarize_incident
from alerts.services.meetups.positions import Fix, report_positions
from alerts.services.meetups.sos import SosAnswer, raise_sos
from alerts.services.meetups.timers import check_in, extend

# Whatever is sent, the contacts are told: the document promises to refuse nothing.
SOS_BODY = {
    "application/json": {
        "description": (
            "`position` (as in `PositionIn`), where there is one; a body that makes no sense is "
            "left aside."
        ),
        "examples": [
            {
                "position": {
                    "latitude": 48.8651,
                    "longitude": 2.3983,
                    "accuracy_m": 12,
                    "recorded_at": "2026-11-21T22:40:07+01:00",
                }
            }
        ],
    }
}


class CheckIn(ApiView):
    """The owner says that all is well."""

    @extend_schema(operation_id="check_in", request=CheckInIn, responses=MeetupOut)
    @problems(MeetupEnded, NoOpenTimer)
    @idempotent
    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Check in; before the window opens this is kept as a sign of life."""
        owner = owner_of(request)
        body = CheckInIn.parse(request)
        check_in(
            owner=owner,
            meetup_id=meetup_id,
            timer_id=body.get("timer_id"),
            pin=body.get("pin"),
            occurred_at=body.get("occurred_at"),
            now=database_now(),
        )
        return answer_meetup(owner, meetup_id)


class Extend(ApiView):
    """More time until the next check-in."""

    @extend_schema(operation_id="extend_meetup", request=ExtendIn, responses=MeetupOut)
    @problems(MeetupEnded, IncidentOpen, NoOpenTimer, ExtensionTooLong)
    @idempotent
    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Move the next check-in on."""
        owner = owner_of(request)
        body = ExtendIn.parse(request)
        extend(
            owner=owner,
            meetup_id=meetup_id,
            minutes=body["minutes"],
            pin=body.get("pin"),
            now=database_now(),
        )
        return answer_meetup(owner, meetup_id)


class Positions(ApiView):
    """Where the owner's phone is."""

    @extend_schema(
        operation_id="report_positions", request=PositionsIn, responses={202: PositionsOut}
    )
    @problems(MeetupEnded)
    @idempotent
    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Keep up to a hundred positions, sealed."""
        fixes = [Fix(**fix) for fix in PositionsIn.parse(request)["positions"]]
        accepted = report_positions(
            owner=owner_of(request), meetup_id=meetup_id, fixes=fixes, now=database_now()
        )
        return Response(PositionsOut({"accepted": accepted}).data, status=202)


class MeetupSos(ApiView):
    """An SOS from a meetup."""

    ignores_invalid_keys = True

    @extend_schema(operation_id="raise_meetup_sos", request=SOS_BODY, responses={201: SosOut})
    @idempotent
    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Ask for help: every contact of the meetup is told at once."""
        return _answer_sos(request, meetup_id)


class Sos(ApiView):
    """An SOS without a meetup."""

    ignores_invalid_keys = True

    @extend_schema(operation_id="raise_sos", request=SOS_BODY, responses={201: SosOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask for help: every confirmed contact is told at once."""
        return _answer_sos(request, None)


def _answer_sos(request: Request, meetup_id: UUID | None) -> Response:
    owner = owner_of(request)
    position, is_ignored = _read_position(request)
    now = database_now()
    answer = raise_sos(owner=owner, meetup_id=meetup_id, position=position, now=now)
    described = {**_describe_sos(owner, answer, now), "body_ignored": is_ignored}
    return Response(SosOut(described).data, status=201)


def _read_position(request: Request) -> tuple[Fix | None, bool]:
    """Return the position, and whether the body made no sense: an SOS is not refused for that."""
    try:
        position = SosIn.parse(request).get("position")
    except (ValidationError, ParseError, UnsupportedMediaType):
        return None, True
    return (Fix(**position) if position else None), False


def _describe_sos(owner: User, answer: SosAnswer, now: datetime) -> dict[str, Any]:
    numbers = emergency_numbers(answer.meetup.country or owner.country, owner.country)
    return {
        "incident": summarize_incident(answer.shown),
        "meetup_id": str(answer.meetup.pk),
        "code": "contacts_are_told" if answer.has_somebody_to_tell else "nobody_to_tell",
        "emergency_numbers": [
            {"number": n.number, "name": n.name(owner.language), "is_written": n.is_written}
            for n in numbers
        ],
        "simulated": alerts_settings().is_simulated,
        "server_time": now,
    }
