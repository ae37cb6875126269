"""Incidents, as their owner is shown them."""

from uuid import UUID

from django.db.models import F
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.base import ApiView, owner_of
from alerts.api.idempotency import idempotent
from alerts.api.incident_shapes import HoldIn, IncidentOut, IncidentPageOut, ResolveIn
from alerts.api.pagination import PAGE_PARAMETERS, NewestFirst
from alerts.api.schema import problems
from alerts.clock import database_now
from alerts.domain.errors import NoIncident, NotFound
from alerts.models import User
from alerts.selectors.owner_view import list_incidents, read_incident, summarize_incident
from alerts.services.meetups.owner_incidents import hold_incident, resolve_incident


class Incidents(ApiView):
    """The incidents the owner is shown."""

    @extend_schema(
        operation_id="list_incidents", parameters=PAGE_PARAMETERS, responses=IncidentPageOut
    )
    def get(self, request: Request) -> Response:
        """Return a page of incidents, the latest first."""
        paginator = NewestFirst()
        shown = list_incidents(owner_of(request)).annotate(created_at=F("opened_at"))
        rows = paginator.paginate_queryset(shown, request) or []
        page = {
            "next": paginator.get_next_link(),
            "previous": paginator.get_previous_link(),
            "results": [summarize_incident(row) for row in rows],
        }
        return Response(IncidentPageOut(page).data)


class IncidentDetail(ApiView):
    """One incident."""

    @extend_schema(operation_id="get_incident", responses=IncidentOut)
    def get(self, request: Request, incident_id: UUID) -> Response:
        """Return who was told, who acts, who looked."""
        return _answer_incident(owner_of(request), incident_id)

    @extend_schema(operation_id="hold_incident", request=HoldIn, responses=IncidentOut)
    def patch(self, request: Request, incident_id: UUID) -> Response:
        """Keep the incident longer, for a complaint."""
        owner = owner_of(request)
        days = HoldIn.parse(request)["hold_days"]
        hold_incident(owner=owner, shown_id=incident_id, days=days, now=database_now())
        return _answer_incident(owner, incident_id)


class ResolveIncident(ApiView):
    """The end of an incident by its owner."""

    @extend_schema(operation_id="resolve_incident", request=ResolveIn, responses=IncidentOut)
    @problems(NoIncident)
    @idempotent
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Say by the PIN that it is over."""
        owner = owner_of(request)
        body = ResolveIn.parse(request)
        resolve_incident(
            owner=owner,
            shown_id=incident_id,
            pin=body.get("pin"),
            is_false_alarm=body["false_alarm"],
            ends_meetup=body["end_meetup"],
            now=database_now(),
        )
        return _answer_incident(owner, incident_id)


def _answer_incident(owner: User, incident_id: UUID) -> Response:
    shown = list_incidents(owner).filter(pk=incident_id).first()
    if shown is None:
        raise NotFound
    return Response(IncidentOut(read_incident(shown, now=database_now())).data)
