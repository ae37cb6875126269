"""All that an owner may see of incidents: the only way from the API and the export to them.

The owner is shown `OwnerIncident` rows. What happened after a trigger that must stay hidden took
over, or after the owner resolved, is never part of the answer.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from alerts.domain.events import EventKind
from alerts.domain.states import DeliveryState, IncidentState, MeetupOutcome, Purpose
from alerts.models import Acknowledgement, Delivery, Event, Incident, OwnerIncident, Responder, User
from alerts.models.sealed import Document, open_column
from alerts.sealing.keys import CannotOpen

SHOWN_PURPOSES = [Purpose.Alert, Purpose.Repeat, Purpose.Notice, Purpose.StandDown]
# How the machinery works inside, and what only contacts may know.
HIDDEN_KINDS = [
    EventKind.IncidentUpgraded,
    EventKind.TriggerRepeated,
    EventKind.CodeEntered,
    EventKind.IncidentOpened,
    EventKind.OperatorTold,
]
PENDING = "pending"
FAILED = "failed"
RESULTS = {
    DeliveryState.Queued: PENDING,
    DeliveryState.Sending: PENDING,
    DeliveryState.Unknown: PENDING,
    DeliveryState.Sent: "sent",
    DeliveryState.Delivered: "delivered",
    DeliveryState.Undelivered: FAILED,
    DeliveryState.Rejected: FAILED,
    DeliveryState.Failed: FAILED,
    DeliveryState.Cancelled: "cancelled",
}


def list_incidents(owner: User) -> QuerySet[OwnerIncident]:
    """Return the incidents the owner is shown, the latest first."""
    return (
        OwnerIncident.objects.filter(owner=owner)
        .select_related("incident", "meetup__data_key")
        .order_by("-opened_at", "-pk")
    )


def current_incident(meetup_id: UUID) -> OwnerIncident | None:
    """Return the incident of a meetup that the owner is shown as not over, if any."""
    return (
        OwnerIncident.objects.filter(meetup_id=meetup_id, resolved_at=None)
        .select_related("incident")
        .first()
    )


def summarize_incident(shown: OwnerIncident) -> Document:
    """Return the short form of a shown incident."""
    return {
        "id": str(shown.pk),
        "meetup_id": str(shown.meetup_id),
        "state": _shown_state(shown),
        "trigger": shown.trigger,
        "outcome": shown.outcome,
        "opened_at": _instant(shown.opened_at),
        "resolved_at": _instant(shown.resolved_at),
        "held_until": _instant(shown.held_until),
    }


def read_incident(shown: OwnerIncident, *, now: datetime) -> Document:
    """Return everything the owner may see; once they resolved it, what they saw then."""
    if shown.sealed_frozen_view is None:
        return describe_incident(shown, now=now)
    try:
        frozen = open_column(shown, "sealed_frozen_view", key=shown.meetup.data_key)
    except CannotOpen:
        return {**summarize_incident(shown), **_nothing_more()}
    return {**frozen, **summarize_incident(shown)}


def describe_incident(shown: OwnerIncident, *, now: datetime) -> Document:
    """Return the present view: who was told, who is on it, who looked, the timeline."""
    incident = shown.incident
    responders = {r.pk: r for r in Responder.objects.filter(incident=incident)}
    return {
        **summarize_incident(shown),
        "told": _describe_deliveries(shown, responders, now=now),
        "acknowledgements": _describe_acknowledgements(incident, responders, now=now),
        "views": _describe_views(responders, now=now),
        "timeline": _describe_timeline(shown, responders, now=now),
    }


def _shown_state(shown: OwnerIncident) -> str:
    if shown.resolved_at is None:
        return IncidentState(shown.incident.state)
    if shown.outcome == MeetupOutcome.Unconfirmed:
        return IncidentState.ClosedUnconfirmed
    return IncidentState.Resolved


def _visible(shown: OwnerIncident, column: str, *, now: datetime) -> Q:
    """Return the filter for rows the owner may see, by when they came about."""
    visible = Q(**{f"{column}__gte": shown.opened_at, f"{column}__lte": now})
    silent_since = shown.incident.silent_since
    if silent_since is not None and silent_since > shown.opened_at:
        visible &= Q(**{f"{column}__lte": silent_since})
    return visible


def _describe_deliveries(
    shown: OwnerIncident, responders: dict[UUID, Responder], *, now: datetime
) -> list[Document]:
    deliveries = Delivery.objects.filter(
        _visible(shown, "created_at", now=now),
        incident=shown.incident,
        purpose__in=SHOWN_PURPOSES,
        responder__isnull=False,
    ).order_by("created_at", "priority")
    return [
        {
            "contact_id": _contact_id(responders, delivery.responder_id),
            "channel": delivery.channel,
            "purpose": delivery.purpose,
            "result": RESULTS[DeliveryState(delivery.state)],
            "queued_at": _instant(delivery.created_at),
            "sent_at": _instant(delivery.first_sent_at),
        }
        for delivery in deliveries
    ]


def _describe_acknowledgements(
    incident: Incident, responders: dict[UUID, Responder], *, now: datetime
) -> list[Document]:
    acknowledgements = Acknowledgement.objects.filter(
        incident=incident, acknowledged_at__lte=now
    ).order_by("acknowledged_at")
    return [
        {
            "contact_id": _contact_id(responders, a.responder_id),
            "acknowledged_at": _instant(a.acknowledged_at),
            "updated_at": _instant(a.updated_at),
            "lapses_at": _instant(a.lapses_at),
            "ended_at": _instant(a.ended_at),
            "end_reason": a.end_reason,
        }
        for a in acknowledgements
    ]


def _describe_views(responders: dict[UUID, Responder], *, now: datetime) -> list[Document]:
    return [
        {"contact_id": _contact_id(responders, r.pk), "revealed_at": _instant(r.revealed_at)}
        for r in responders.values()
        if r.revealed_at is not None and r.revealed_at <= now
    ]


def _describe_timeline(
    shown: OwnerIncident, responders: dict[UUID, Responder], *, now: datetime
) -> list[Document]:
    events = Event.objects.filter(
        _visible(shown, "at", now=now),
        Q(incident=shown.incident) | Q(meetup_id=shown.meetup_id, incident=None),
    ).exclude(kind__in=HIDDEN_KINDS)
    return [
        {
            "at": _instant(event.at),
            "kind": event.kind,
            "contact_id": _contact_id(responders, event.responder_id),
        }
        for event in events.order_by("at", "pk")
    ]


def _instant(instant: datetime | None) -> str | None:
    """Return an instant as the API writes them all, and as a frozen view can keep it."""
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")


def _contact_id(responders: dict[UUID, Responder], responder_id: UUID | None) -> str | None:
    if responder_id is None or responder_id not in responders:
        return None
    return str(responders[responder_id].contact_id_at_opening)


def _nothing_more() -> Document:
    return {"told": [], "acknowledgements": [], "views": [], "timeline": []}
