"""All that an owner may see of incidents: the only way from the API and the export to them.

The owner is shown `OwnerIncident` rows. A PIN entered meanwhile makes the view stand still, the
true one as well as the other: what either sets off must not be seen. What concerns somebody who is
no contact of the meetup any more is left out, for a hidden incident goes on telling them.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from alerts.conf import alerts_settings
from alerts.domain.events import EventKind
from alerts.domain.states import DeliveryState, IncidentState, MeetupOutcome, Purpose
from alerts.models import (
    Acknowledgement,
    Delivery,
    Event,
    MeetupContact,
    OwnerIncident,
    PinEntry,
    Responder,
    User,
)
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
    until = min(now, _stands_still_since(shown) or now)
    responders = _shown_responders(shown)
    return {
        **summarize_incident(shown),
        "told": _describe_deliveries(shown, responders, until=until),
        "acknowledgements": _describe_acknowledgements(shown, responders, until=until),
        "views": _describe_views(shown, responders, until=until),
        "timeline": _describe_timeline(shown, responders, until=until),
    }


def _stands_still_since(shown: OwnerIncident) -> datetime | None:
    """Return the last instant before a PIN was first entered since then, if one was."""
    entries = PinEntry.objects.filter(meetup_id=shown.meetup_id, entered_at__gt=shown.opened_at)
    first = entries.aggregate(at=Min("entered_at"))["at"]
    return first - datetime.resolution if first else None


def _shown_responders(shown: OwnerIncident) -> dict[UUID, Responder]:
    """Return the people told, as far as they are contacts of the meetup still."""
    chosen = MeetupContact.objects.filter(meetup_id=shown.meetup_id).values("contact_id")
    responders = Responder.objects.filter(incident=shown.incident, contact_id_at_opening__in=chosen)
    return {responder.pk: responder for responder in responders}


def _shown_state(shown: OwnerIncident) -> str:
    if shown.outcome == MeetupOutcome.Unconfirmed:
        return IncidentState.ClosedUnconfirmed
    if shown.resolved_at is not None:
        return IncidentState.Resolved
    until = _stands_still_since(shown)
    if until is None:
        return IncidentState(shown.incident.state)
    present = _visible_acknowledgements(shown, until=until)
    is_acknowledged = any(not _has_ended(a, until=until) for a in present)
    return IncidentState.Acknowledged if is_acknowledged else IncidentState.Open


def _visible(shown: OwnerIncident, column: str, *, until: datetime) -> Q:
    """Return the filter for rows the owner may see, by when they came about."""
    return Q(**{f"{column}__gte": shown.opened_at, f"{column}__lte": until})


def _describe_deliveries(
    shown: OwnerIncident, responders: dict[UUID, Responder], *, until: datetime
) -> list[Document]:
    deliveries = Delivery.objects.filter(
        _visible(shown, "created_at", until=until),
        incident=shown.incident,
        purpose__in=SHOWN_PURPOSES,
        responder__in=responders,
    ).order_by("created_at", "responder__circle", "responder__contact_id_at_opening", "channel")
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


def _visible_acknowledgements(
    shown: OwnerIncident, *, until: datetime
) -> QuerySet[Acknowledgement]:
    return Acknowledgement.objects.filter(
        _visible(shown, "acknowledged_at", until=until), incident=shown.incident
    ).order_by("acknowledged_at")


def _describe_acknowledgements(
    shown: OwnerIncident, responders: dict[UUID, Responder], *, until: datetime
) -> list[Document]:
    """Return who was on it then: what ended or renewed an acknowledgement later is left out."""
    return [
        {
            "contact_id": _contact_id(responders, a.responder_id),
            "acknowledged_at": _instant(a.acknowledged_at),
            "updated_at": _instant(min(a.updated_at, until)),
            "lapses_at": _instant(min(a.updated_at, until) + alerts_settings().ack_lapse_period),
            "ended_at": _instant(a.ended_at) if _has_ended(a, until=until) else None,
            "end_reason": a.end_reason if _has_ended(a, until=until) else None,
        }
        for a in _visible_acknowledgements(shown, until=until).filter(responder__in=responders)
    ]


def _has_ended(acknowledgement: Acknowledgement, *, until: datetime) -> bool:
    return acknowledgement.ended_at is not None and acknowledgement.ended_at <= until


def _describe_views(
    shown: OwnerIncident, responders: dict[UUID, Responder], *, until: datetime
) -> list[Document]:
    return [
        {"contact_id": _contact_id(responders, r.pk), "revealed_at": _instant(r.revealed_at)}
        for r in responders.values()
        if r.revealed_at is not None and shown.opened_at <= r.revealed_at <= until
    ]


def _describe_timeline(
    shown: OwnerIncident, responders: dict[UUID, Responder], *, until: datetime
) -> list[Document]:
    events = Event.objects.filter(
        _visible(shown, "at", until=until),
        Q(incident=shown.incident) | Q(meetup_id=shown.meetup_id, incident=None),
        Q(responder_id=None) | Q(responder_id__in=responders),
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
