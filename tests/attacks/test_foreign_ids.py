"""Every route of the API with every method and somebody else's ids: not found, nothing told."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from alerts.models import Contact, DataKey, Meetup, OwnerIncident, Session, User
from alerts.models.sealed import open_column
from tests.factories import (
    DURESS_PIN,
    PIN,
    ContactFactory,
    IncidentFactory,
    MeetupFactory,
    ResponderFactory,
    TimerFactory,
    UserFactory,
    sign_in,
)

METHODS = ("get", "head", "post", "put", "patch", "delete")
BODIES: dict[str, dict[str, Any]] = {
    "check-in": {"pin": PIN},
    "end": {"pin": PIN},
    "cancel": {"pin": PIN},
    "extend": {"minutes": 5, "pin": PIN},
    "resolve": {"pin": PIN},
    "positions": {
        "positions": [
            {
                "latitude": 1.0,
                "longitude": 1.0,
                "accuracy_m": 1.0,
                "recorded_at": "2027-01-15T20:00:00Z",
            }
        ]
    },
    "<uuid:meetup_id>": {"grace_seconds": 300, "pin": PIN},
    "<uuid:contact_id>": {"disclosure_level": 3, "pin": PIN},
    "<uuid:incident_id>": {"hold_days": 90},
}
PARAMETER = re.compile(r"<uuid:(\w+)>")


def _routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path


ROUTES = sorted(
    path
    for path in _routes(get_resolver().url_patterns)
    if path.startswith("api/v1/") and PARAMETER.search(path)
)


@pytest.fixture
def theirs(now: Any) -> dict[str, UUID]:
    """Return the ids of what belongs to Zoe: a contact, an alerting meetup, its incident."""
    zoe = UserFactory.create(display_name="Zoe")
    contact = ContactFactory.create(owner=zoe, name="Canarymia", phone="+33639987001")
    incident = IncidentFactory.create(
        meetup=MeetupFactory.create(owner=zoe, state="alerting", contacts=[contact])
    )
    TimerFactory.create(meetup=incident.meetup)
    ResponderFactory.create(incident=incident, contact_id_at_opening=contact.pk)
    shown = OwnerIncident.objects.create(
        owner=zoe,
        meetup=incident.meetup,
        incident=incident,
        trigger="missed_check_in",
        opened_at=now,
    )
    client: Any = sign_in(zoe)
    return {
        "contact_id": contact.pk,
        "meetup_id": incident.meetup.pk,
        "incident_id": shown.pk,
        "session_id": client.session_id,
    }


def _everything() -> dict[str, list[str]]:
    """Return every row of every table but what a PIN leaves for the one who entered it."""
    return {
        model.__name__: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_app_config("alerts").get_models()
        if model.__name__ not in {"PinEntry", "DataKey"}
    }


def test_the_routes_with_ids_are_found() -> None:
    assert len(ROUTES) >= 12


@pytest.mark.parametrize(("route", "method"), list(product(ROUTES, METHODS)))
def test_what_belongs_to_others_is_not_there(
    api: APIClient, theirs: dict[str, UUID], route: str, method: str
) -> None:
    path = "/" + PARAMETER.sub(lambda found: str(theirs[found[1]]), route)
    unknown = "/" + PARAMETER.sub(str(uuid4()), route)
    body = BODIES.get(route.rpartition("/")[2], {})
    before, keys = _everything(), set(DataKey.objects.values_list())
    found = getattr(api, method)(path, body, format="json", HTTP_X_PIN=PIN)
    assert _everything() == before
    assert keys <= set(DataKey.objects.values_list())
    nowhere = getattr(api, method)(unknown, body, format="json", HTTP_X_PIN=PIN)
    assert found.status_code == nowhere.status_code
    assert found.status_code in {404, 405}
    assert _told(found, path) == _told(nowhere, unknown)


def _told(response: Any, path: str) -> Any:
    document = response.json() if response.content else {}
    document.pop("trace_id", None)
    return str(document).replace(path, "PATH")


@pytest.mark.parametrize("pin", [PIN, DURESS_PIN])
def test_a_pin_spent_on_somebody_elses_meetup_counts_for_ones_own_account_alone(
    api: APIClient, theirs: dict[str, UUID], pin: str
) -> None:
    api.post(f"/api/v1/meetups/{theirs['meetup_id']}/end", {"pin": pin})
    assert Meetup.objects.get(pk=theirs["meetup_id"]).state == "alerting"


def test_a_meetup_cannot_be_planned_with_somebody_elses_contacts(
    api: APIClient, mia: Contact, theirs: dict[str, UUID]
) -> None:
    body = {
        "check_ins": [{"kind": "end", "due_in_seconds": 3600}],
        "contacts": [str(mia.pk), str(theirs["contact_id"])],
    }
    assert api.post("/api/v1/meetups", body).status_code == 404
    assert Meetup.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/contacts", "owner"),
        ("/api/v1/contacts", "state"),
        ("/api/v1/contacts", "confirmed_at"),
        ("/api/v1/meetups", "owner"),
        ("/api/v1/meetups", "state"),
    ],
)
def test_no_field_can_be_slipped_in(api: APIClient, path: str, field: str) -> None:
    response = api.post(path, {field: "confirmed"})
    assert response.status_code == 400
    assert {"pointer": f"/{field}", "code": "unknown_field"}.items() <= {
        key: value
        for error in response.json()["errors"]
        if error["pointer"] == f"/{field}"
        for key, value in error.items()
    }.items()


@pytest.mark.parametrize("field", ["id", "phone", "pin_hash", "is_active", "phone_index"])
def test_no_column_of_the_account_can_be_slipped_in(ana: User, api: APIClient, field: str) -> None:
    assert api.patch("/api/v1/me", {field: "x"}).status_code == 400
    assert open_column(ana, "sealed_profile", key=ana.data_key)["display_name"] == "Ana"


def test_a_session_of_somebody_else_stays(api: APIClient, theirs: dict[str, UUID]) -> None:
    api.delete(f"/api/v1/sessions/{theirs['session_id']}")
    assert Session.objects.filter(id=theirs["session_id"]).exists()
