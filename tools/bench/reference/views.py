"""A check-in as it is usually written: knox as it comes, model serializers, one row at a time."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from knox.auth import TokenAuthentication
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts.clock import database_now
from alerts.domain.events import EventKind
from alerts.domain.states import OPEN_TIMER_STATES, MeetupState, TimerState
from alerts.models import CheckInTimer, Event, Meetup
from alerts.models.sealed import open_column


class CheckInIn(serializers.Serializer[Any]):
    """What an app may say with a check-in."""

    timer_id = serializers.UUIDField(required=False)
    occurred_at = serializers.DateTimeField(required=False)


class TimerOut(serializers.ModelSerializer[CheckInTimer]):
    """A timer."""

    class Meta:
        model = CheckInTimer
        fields = ["id", "kind", "state", "due_at", "alert_at"]


class MeetupOut(serializers.ModelSerializer[Meetup]):
    """A meetup with its timers and contacts."""

    timers = TimerOut(many=True)
    contacts = serializers.SerializerMethodField()
    details = serializers.SerializerMethodField()

    class Meta:
        model = Meetup
        fields = [
            "id",
            "kind",
            "state",
            "starts_at",
            "grace_period",
            "timers",
            "contacts",
            "details",
        ]

    def get_contacts(self, meetup: Meetup) -> list[str]:
        """Return who would be told."""
        return [str(row.contact_id) for row in meetup.meetup_contacts.all()]

    def get_details(self, meetup: Meetup) -> dict[str, Any]:
        """Return place and stranger."""
        return open_column(meetup, "sealed_details", key=meetup.data_key)


class CheckIn(APIView):
    """The owner says that all is well."""

    authentication_classes = [TokenAuthentication]

    def post(self, request: Request, meetup_id: UUID) -> Response:
        """Close the earliest open timer."""
        shape = CheckInIn(data=request.data)
        shape.is_valid(raise_exception=True)
        with transaction.atomic():
            rows = Meetup.objects.select_for_update().exclude(state=MeetupState.Ended)
            meetup = get_object_or_404(rows, owner=request.user, pk=meetup_id)
            timers = meetup.timers.filter(state__in=OPEN_TIMER_STATES).select_for_update()
            timer = timers.order_by("due_at").first()
            now = database_now()
            if timer is not None:
                timer.state, timer.closed_at, timer.next_action_at = TimerState.CheckedIn, now, None
                timer.save()
            if not meetup.timers.filter(state__in=OPEN_TIMER_STATES).exists():
                meetup.state, meetup.ended_at = MeetupState.Ended, now
            meetup.save()
            Event.objects.create(
                at=now, kind=EventKind.CheckedIn, user_id=meetup.owner_id, meetup=meetup, data={}
            )
        return Response(MeetupOut(meetup).data)
