"""The people an incident tells, copied from a snapshot under the incident's own key."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from alerts.domain.states import Trigger
from alerts.models import Contact, Incident, Responder
from alerts.models.sealed import Document, seal_column
from alerts.services.snapshots import Snapshot

UNCONFIRMED_TOLD = 3


def existing_contact_ids(snapshots: Iterable[Snapshot]) -> frozenset[UUID]:
    """Return which contacts of these snapshots have not been deleted since."""
    wanted = [contact["contact_id"] for snapshot in snapshots for contact in snapshot.contacts]
    return frozenset(Contact.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def make_responders(
    incident: Incident,
    snapshot: Snapshot,
    *,
    existing: frozenset[UUID],
    pace: Trigger | None = None,
) -> list[Responder]:
    """Return the responders of an incident, not stored yet.

    Contacts who never proved their number are told of a missed check-in only, three at most; also
    where it stands before something hidden, whose steps go at its `pace`.
    """
    confirmed = [c for c in snapshot.contacts if c["is_confirmed"]]
    unconfirmed = [c for c in snapshot.contacts if not c["is_confirmed"]][:UNCONFIRMED_TOLD]
    if (pace or Trigger(incident.trigger)).is_urgent:
        unconfirmed = []
    return [
        _make_responder(incident, contact, snapshot, existing)
        for contact in confirmed + unconfirmed
    ]


def _make_responder(
    incident: Incident, contact: Document, snapshot: Snapshot, existing: frozenset[UUID]
) -> Responder:
    contact_id = UUID(contact["contact_id"])
    profile = contact["profile"]
    responder = Responder(
        id=uuid4(),
        incident=incident,
        contact_id=contact_id if contact_id in existing else None,
        contact_id_at_opening=contact_id,
        phone_index=bytes.fromhex(contact["phone_index"]),
        has_email=bool(profile and profile.get("email")),
        is_confirmed=contact["is_confirmed"],
        language=contact["language"],
        country=contact["country"],
        circle=contact["circle"],
        disclosure_level=contact["disclosure_level"] if contact["is_confirmed"] else 0,
        gives_place=snapshot.gives_place,
        shows_name_to_others=contact["shows_name_to_others"],
    )
    if profile is not None:
        seal_column(responder, "sealed_profile", profile, key=incident.data_key)
    return responder
