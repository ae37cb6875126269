"""Everything that the alert page shows one contact, and nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from alerts.domain.disclosure import Field, visible_fields
from alerts.domain.events import EventKind
from alerts.domain.local_time import zone_for_country
from alerts.domain.standing import (
    DETAILED_STANDINGS,
    Action,
    Standing,
    StandingFacts,
    possible_actions,
    standing_of,
)
from alerts.domain.states import IncidentState, Trigger
from alerts.models import Acknowledgement, Event, Incident, Link, Responder
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contact_details import Details, open_or_none, read_details, text_of

MOMENTS_SHOWN = 30


class Happening(StrEnum):
    """What a line of the page's timeline says; silent and open calls for help are one."""

    NoNews = "no_news"
    HelpAsked = "help_asked"
    Repeated = "repeated"
    Acknowledged = "acknowledged"
    Ended = "acknowledgement_ended"
    Declined = "declined"
    CodeEntered = "code_entered"
    Doubted = "doubted"
    Resolved = "resolved"
    Closed = "closed"


_HAPPENINGS = {
    EventKind.IncidentOpened: Happening.NoNews,
    EventKind.IncidentUpgraded: Happening.HelpAsked,
    EventKind.TriggerRepeated: Happening.Repeated,
    EventKind.Acknowledged: Happening.Acknowledged,
    EventKind.AcknowledgementEnded: Happening.Ended,
    EventKind.Declined: Happening.Declined,
    EventKind.CodeEntered: Happening.CodeEntered,
    EventKind.Doubted: Happening.Doubted,
    EventKind.IncidentResolved: Happening.Resolved,
    EventKind.IncidentClosed: Happening.Closed,
}
# What tells a hidden incident from a missed check-in.
_HIDDEN_KINDS = [
    EventKind.IncidentOpened,
    EventKind.IncidentUpgraded,
    EventKind.TriggerRepeated,
    EventKind.CodeEntered,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Who did something: the reader, another contact by first name, or just another contact."""

    is_reader: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    happening: Happening
    who: Somebody | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Somebody who is on it, since when, until when without a word from them."""

    who: Somebody
    since: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """The alert page of one contact at one moment; personal only where `is_revealed`."""

    responder_id: UUID
    standing: Standing
    actions: frozenset[Action]
    language: str
    country: str
    incident_country: str
    zone: str
    own_zone: str
    now: datetime
    is_urgent: bool
    since: datetime
    helpers: tuple[Helper, ...]
    timeline: tuple[Moment, ...]
    resolved_at: datetime | None
    is_resolved_by_contact: bool
    closed_at: datetime | None
    code_entered_at: datetime | None
    expires_at: datetime | None
    is_revealed: bool
    alias: str
    owner_phone: str
    details: Details | None

    @property
    def mine(self) -> Helper | None:
        """The reader's own acknowledgement."""
        return next((helper for helper in self.helpers if helper.who.is_reader), None)

    @property
    def others(self) -> tuple[Helper, ...]:
        """The other contacts who are on it."""
        return tuple(helper for helper in self.helpers if not helper.who.is_reader)

    def fingerprint(self) -> str:
        """Return a value that changes with what is shown, not with the clock."""
        timeless = replace(self, now=datetime.min.replace(tzinfo=UTC), actions=frozenset())
        shown = f"{timeless!r}{sorted(self.actions)}"
        return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def view_alert(responder_id: UUID, *, is_revealed: bool, now: datetime) -> ContactView | None:
    """Return the page of a responder, or None when the incident is gone. Nine queries at most."""
    responder = _find_responder(responder_id)
    if responder is None:
        return None
    incident = responder.incident
    acknowledgements = list(
        Acknowledgement.objects.live().filter(incident=incident).order_by("acknowledged_at")
    )
    standing = _standing(responder, acknowledgements)
    shows_details = is_revealed and standing in DETAILED_STANDINGS
    names = _shown_names(incident) if shows_details else {}
    return ContactView(
        responder_id=responder.pk,
        standing=standing,
        actions=possible_actions(standing, resolved_at=incident.resolved_at, now=now),
        language=responder.language,
        country=responder.country,
        incident_country=incident.country,
        zone=incident.time_zone,
        own_zone=zone_for_country(responder.country),
        now=now,
        is_urgent=Trigger(incident.trigger).is_urgent and not _is_kept_from(responder),
        since=incident.due_at,
        helpers=tuple(_helper(row, responder, names) for row in acknowledgements),
        timeline=_timeline(responder, names),
        resolved_at=incident.resolved_at,
        is_resolved_by_contact=incident.resolved_by == "contact",
        closed_at=incident.closed_at,
        code_entered_at=None if _is_kept_from(responder) else incident.code_entered_at,
        expires_at=_expires_at(responder),
        is_revealed=shows_details,
        **(_personal(responder) if shows_details else _NOTHING_PERSONAL),
    )


class _Personal(TypedDict):
    """What is shown after the reveal only."""

    alias: str
    owner_phone: str
    details: Details | None


_NOTHING_PERSONAL = _Personal(alias="", owner_phone="", details=None)


def _personal(responder: Responder) -> _Personal:
    incident = responder.incident
    level = responder.disclosure_level if responder.is_confirmed else 0
    fields = visible_fields(
        level=level,
        trigger=Trigger(incident.trigger),
        gives_place=responder.gives_place,
        is_confirmed=responder.is_confirmed,
    )
    profile = open_or_none(responder, "sealed_profile", key=incident.data_key)
    return _Personal(
        alias=text_of(profile, "owner_alias"),
        owner_phone=text_of(profile, "owner_phone") if Field.OwnerPhone in fields else "",
        details=read_details(incident, fields=fields, level=level),
    )


def _find_responder(responder_id: UUID) -> Responder | None:
    return (
        Responder.objects.select_related("incident__data_key", "incident__meetup__data_key")
        .filter(pk=responder_id)
        .first()
    )


def _standing(responder: Responder, acknowledgements: list[Acknowledgement]) -> Standing:
    on_it = {row.responder_id for row in acknowledgements}
    return standing_of(
        StandingFacts(
            state=IncidentState(responder.incident.state),
            is_confirmed=responder.is_confirmed,
            has_accepted=responder.accepted_at is not None,
            has_declined=responder.declined_at is not None,
            has_stopped=responder.stopped_at is not None,
            is_mine=responder.pk in on_it,
            is_somebody_elses=bool(on_it - {responder.pk}),
        )
    )


def _shown_names(incident: Incident) -> Mapping[UUID, str]:
    """Return the first names of those contacts who let the others know them."""
    rows = Responder.objects.filter(incident=incident, shows_name_to_others=True)
    documents = {row.pk: open_or_none(row, "sealed_profile", key=incident.data_key) for row in rows}
    return {pk: text_of(document, "name").partition(" ")[0] for pk, document in documents.items()}


def _somebody(
    responder_id: UUID | None, reader: Responder, names: Mapping[UUID, str]
) -> Somebody | None:
    if responder_id is None:
        return None
    return Somebody(
        is_reader=responder_id == reader.pk,
        name=names.get(responder_id, "") if responder_id != reader.pk else "",
    )


def _helper(row: Acknowledgement, reader: Responder, names: Mapping[UUID, str]) -> Helper:
    who = _somebody(row.responder_id, reader, names) or Somebody()
    return Helper(who=who, since=row.acknowledged_at, lapses_at=row.lapses_at)


def _timeline(responder: Responder, names: Mapping[UUID, str]) -> tuple[Moment, ...]:
    incident = responder.incident
    events = Event.objects.filter(incident=incident, kind__in=list(_HAPPENINGS))
    if _is_kept_from(responder):
        events = events.filter(at__gte=incident.opened_at).exclude(kind__in=_HIDDEN_KINDS)
    latest = events.order_by("-at", "-pk")[:MOMENTS_SHOWN]
    moments = [
        Moment(
            at=event.at,
            happening=_happening(event),
            who=_somebody(event.responder_id, responder, names),
        )
        for event in latest
    ]
    return (*reversed(moments),)


def _is_kept_from(responder: Responder) -> bool:
    """Whether this reader must not learn of a hidden trigger: they never proved their number."""
    return responder.incident.silent_since is not None and not responder.is_confirmed


def _happening(event: Event) -> Happening:
    """Return what an event says; which urgent trigger opened an incident is never told apart."""
    if (
        event.kind == EventKind.IncidentOpened
        and event.data.get("trigger") != Trigger.MissedCheckIn
    ):
        return Happening.HelpAsked
    return _HAPPENINGS[EventKind(event.kind)]


def _expires_at(responder: Responder) -> datetime | None:
    return (
        Link.objects.filter(
            purpose=LinkPurpose.Responder,
            subject_id=responder.pk,
            version=responder.link_version,
        )
        .values_list("expires_at", flat=True)
        .first()
    )
