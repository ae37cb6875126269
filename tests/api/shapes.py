"""Addresses that exist in tests only: one strict shape, one view for each kind of failure."""

from typing import NoReturn
from uuid import UUID

from django.db import OperationalError
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.base import ApiView, Instant, StrictSerializer
from alerts.api.idempotency import idempotent
from alerts.api.permissions import Anyone
from alerts.domain.errors import DuplicateContact, PinLocked, QuotaExceeded
from backend import urls

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

CALLS: list[int] = []


class PlaceIn(StrictSerializer):
    name = serializers.CharField(max_length=10)
    latitude = serializers.FloatField(required=False, allow_null=True, max_value=90)


class PlanIn(StrictSerializer):
    at = Instant(required=False)
    minutes = serializers.IntegerField(required=False, max_value=10**6)
    is_long = serializers.BooleanField(required=False)
    place = PlaceIn(required=False)
    contacts = serializers.ListField(child=serializers.UUIDField(), required=False)
    places = PlaceIn(many=True, required=False)


class Plans(ApiView):
    permission_classes = (Anyone,)
    authentication_classes = ()

    def post(self, request: Request) -> Response:
        accepted = PlanIn.parse(request)
        return Response({"fields": sorted(accepted)})


class Closed(ApiView):
    def get(self, request: Request) -> Response:
        return Response({"id": str(request.user.pk)})


class Outage(Plans):
    def post(self, request: Request) -> NoReturn:  # noqa: ARG002
        raise OperationalError


class Locked(Plans):
    def post(self, request: Request) -> NoReturn:  # noqa: ARG002
        raise PinLocked(retry_after_seconds=42)


class Counted(ApiView):
    @idempotent
    def post(self, request: Request) -> Response:
        minutes = PlanIn.parse(request)["minutes"]
        CALLS.append(minutes)
        if minutes == 409:
            raise DuplicateContact
        if minutes == 429:
            raise QuotaExceeded(retry_after_seconds=1)
        if minutes == 503:
            raise OperationalError
        return Response({"count": len(CALLS)}, status=201)


class OnePlan(Plans):
    def get(self, request: Request, plan_id: UUID) -> Response:  # noqa: ARG002
        return Response({"id": str(plan_id)})


urlpatterns = [
    *urls.urlpatterns,
    path("api/v1/test/plans", Plans.as_view()),
    path("api/v1/test/plans/<uuid:plan_id>", OnePlan.as_view()),
    path("api/v1/test/counted", Counted.as_view()),
    path("api/v1/test/closed", Closed.as_view()),
    path("api/v1/test/outage", Outage.as_view()),
    path("api/v1/test/locked", Locked.as_view()),
]
