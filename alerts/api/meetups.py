"""Meetups: plan, read, change, end, cancel, delete."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.base import ApiView, owner_of
from alerts.api.idempotency import idempotent
from alerts.api.meetup_shapes import MeetupChangesIn, MeetupIn, MeetupOut, MeetupPageOut, PinIn
from alerts.api.pagination import PAGE_PARAMETERS, NewestFirst
from alerts.api.schema import PIN_HEADER, problems
from alerts.clock import database_now
from alerts.domain.errors import (
    ContactNotConfirmed,
    DeadlineOutOfRange,
    GraceNotOffered,
    ImpossiblePhone,
    IncidentOpen,
    MeetupEnded,
    MeetupsOverlap,
    NotFound,
    OffsetRequired,
    PinsRequired,
    StrangersNumber,
    TooManyUnconfirmed,
)
from alerts.domain.phone_numbers import parse_phone
from alerts.domain.planning import PlannedCheckIn
from alerts.domain.states import TimerKind
from alerts.models import User
from alerts.models.sealed import Document
from alerts.selectors.meetups import describe_meetup, get_meetup, list_meetups
from alerts.services.meetups.changes import MeetupChanges, change_meetup
from alerts.services.meetups.meetups import (
    MeetupPlan,
    cancel_meetup,
    delete_meetup,
    end_meetup,
    plan_meetup,
)

OF_THE_CONTACTS = (ContactNotConfirmed, TooManyUnconfirmed, StrangersNumber)
OF_THE_PLAN = (
    *OF_THE_CONTACTS,
    DeadlineOutOfRange,
    GraceNotOffered,
    MeetupsOverlap,
    OffsetRequired,
    PinsRequired,
)


def answer_meetup(owner: User, meetup_id: UUID, *, status: int = 200) -> Response:
    """Answer with the meetup as it is now."""
    meetup = get_meetup(owner, meetup_id)
    if meetup is None:
        raise NotFound
    now = database_now()
    return Response(MeetupOut(describe_meetup(meetup, now=now)).data, status=status)


class Meetups(ApiView):
    """The owner's meetups."""

    @extend_schema(operation_id="list_meetups", parameters=PAGE_PARAMETERS, responses=MeetupPageOut)
    def get(self, request: Request) -> Response:
        """Return a page of meetups, the latest first."""
        paginator = NewestFirst()
        rows = paginator.paginate_queryset(list_meetups(owner_of(request)), request) or []
        now = database_now()
        page = {
            "next": paginator.get_next_link(),
            "previous": paginator.get_previous_link(),
            "results": [describe_meetup(meetup, now=now) for meetup in rows],
        }
        return Response(MeetupPageOut(page).data)

    @extend_schema(operation_id="plan_meetup", request=MeetupIn, responses={201: MeetupOut})
    @problems(*OF_THE_PLAN)
    @idempotent
    def post(self, request: Request) -> Response:
        """Plan a meetup; only this answer says that it is watched over."""
        owner = owner_of(request)
        plan = _read_plan(MeetupIn.parse(request), owner)
        meetup = plan_meetup(owner=owner, plan=plan, now=database_now())
        return answer_meetup(owner, meetup.pk, status=201)


class MeetupDetail(ApiView):
    """One meetup."""

    @extend_schema(operation_id="get_meetup", responses=MeetupOut)
    def get(self, request: Request, meetup_id: UUID) -> Response:
        """Return the meetup."""
        return answer_meetup(owner_of(request), meetup_id)

    @extend_schema(operation_id="change_meetup", request=MeetupChangesIn, responses=MeetupOut)
    @problems(MeetupEnded, IncidentOpen, GraceNotOffered, *OF_THE_CONTACTS)
    def patch(self, request: Request, meetup_id: UUID) -> Response:
        """Change a meetup; fewer contacts or a longer grace period take the PIN."""
        owner = owner_of(request)
        body = MeetupChangesIn.parse(request)
        changes = MeetupChanges(
            stranger=_read_stranger(body["stranger"], owner) if "stranger" in body else None,
            place=body.get("place"),
            contact_ids=body.get("contacts"),
            grace_period=_seconds(body, "grace_seconds"),
        )
        change_meetup(
            owner=owner,
            meetup_id=meetup_id,
            changes=changes,
            pin=body.get("pin"),
            now=database_now(),
        )
        return answer_meetup(owner, meetup_id)

    @extend_schema(operation_id="delete_meetup", parameters=[PIN_HEADER], responses={204: None})
    def delete(self, request: Request, meetup_id: UUID) -> Response:
        """Erase a meetup; while it is not ended this takes the PIN in `X-Pin`."""
        delete_meetup(
            owner=owner_of(request),
            meetup_id=meetup_id,
            pin=request.headers.get(PIN_HEADER.name),
            now=database_now(),
        )
        return Response(status=204)


class EndMeetup(ApiView):
    """The end of a meetup."""

    @extend_schema(operation_id="end_meetup", request=PinIn, responses=MeetupOut)
    @problems(MeetupEnded)
    @idempotent
    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Say by the PIN that the meetup is over and all is well."""
        owner = owner_of(request)
        pin = PinIn.parse(request).get("pin")
        end_meetup(owner=owner, meetup_id=meetup_id, pin=pin, now=database_now())
        return answer_meetup(owner, meetup_id)


class CancelMeetup(ApiView):
    """The cancellation of a meetup."""

    @extend_schema(operation_id="cancel_meetup", request=PinIn, responses=MeetupOut)
    @problems(MeetupEnded)
    @idempotent
    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Say by the PIN that the meetup does not take place."""
        owner = owner_of(request)
        pin = PinIn.parse(request).get("pin")
        cancel_meetup(owner=owner, meetup_id=meetup_id, pin=pin, now=database_now())
        return answer_meetup(owner, meetup_id)


def _read_plan(body: dict[str, Any], owner: User) -> MeetupPlan:
    place = body.get("place", {})
    return MeetupPlan(
        details={"stranger": _read_stranger(body.get("stranger", {}), owner), "place": place},
        country=place.get("country", owner.country),
        check_ins=[_read_check_in(item) for item in body["check_ins"]],
        contact_ids=body["contacts"],
        starts_at=body.get("starts_at"),
        grace_period=_seconds(body, "grace_seconds"),
    )


def _read_check_in(item: dict[str, Any]) -> PlannedCheckIn:
    return PlannedCheckIn(
        kind=TimerKind(item["kind"]),
        due_at=item.get("due_at"),
        due_in=_seconds(item, "due_in_seconds"),
        every=_seconds(item, "every_seconds"),
    )


def _read_stranger(stranger: Document, owner: User) -> Document:
    """Return the stranger with the number in E.164 form where it can be read as one."""
    phone = stranger.get("phone", "")
    if not phone:
        return stranger
    try:
        return {**stranger, "phone": parse_phone(phone, owner.country).e164}
    except ImpossiblePhone:
        return stranger  # kept as it was given: a clue, not an address of ours


def _seconds(body: dict[str, Any], name: str) -> timedelta | None:
    return timedelta(seconds=body[name]) if name in body else None
