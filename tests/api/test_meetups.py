"""Meetups over HTTP: the receipt, the refusals and their codes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from alerts.models import CheckInTimer, Contact, Event, Meetup, PinEntry, Position, User
from tests.factories import DURESS_PIN, PIN, ContactFactory, UserFactory, sign_in

HOUR = 3600


def plan(contact: Contact, **changes: Any) -> dict[str, Any]:
    return {
        "stranger": {"name": "Sam", "platform": "a site", "handle": "sam75"},
        "place": {"label": "Chez Sam", "address": "12 rue des Lilas, Paris", "country": "FR"},
        "check_ins": [{"kind": "end", "due_in_seconds": HOUR}],
        "contacts": [str(contact.pk)],
        **changes,
    }


def post(api: APIClient, path: str, body: dict[str, Any] | None = None) -> Any:
    return api.post(f"/api/v1/{path}", body or {}, format="json")


def planned(api: APIClient, mia: Contact, **changes: Any) -> dict[str, Any]:
    response = post(api, "meetups", plan(mia, **changes))
    assert response.status_code == 201, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def test_the_receipt_says_what_is_stored_and_who_will_be_told(api: APIClient, mia: Contact) -> None:
    receipt = planned(api, mia)
    assert receipt["state"] == "active"
    assert receipt["reachable_contacts"] == 1
    assert receipt["place"]["address"] == "12 rue des Lilas, Paris"
    (timer,) = receipt["timers"]
    due, alert = (datetime.fromisoformat(timer[name]) for name in ("due_at", "alert_at"))
    assert alert - due == timedelta(seconds=receipt["grace_seconds"])
    assert receipt["next_due_at"] == timer["due_at"]
    assert receipt["simulated"] is True
    assert api.get(f"/api/v1/meetups/{receipt['id']}").json()["id"] == receipt["id"]


def test_several_check_ins_are_armed_in_order(api: APIClient, mia: Contact) -> None:
    check_ins = [
        {"kind": "end", "due_in_seconds": 3 * HOUR},
        {"kind": "arrival", "due_in_seconds": 900},
        {"kind": "interval", "every_seconds": HOUR},
    ]
    receipt = planned(api, mia, check_ins=check_ins)
    assert [t["kind"] for t in receipt["timers"]] == ["arrival", "interval", "end"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"check_ins": []}, 400, "invalid"),
        ({"check_ins": [{"kind": "end"}]}, 400, "invalid"),
        ({"check_ins": [{"kind": "end", "due_in_seconds": 30}]}, 400, "deadline_out_of_range"),
        ({"check_ins": [{"kind": "end", "due_in_seconds": 90000}]}, 400, "deadline_out_of_range"),
        ({"check_ins": [{"kind": "end", "due_at": "2027-01-01T10:00:00"}]}, 400, None),
        ({"check_ins": [{"kind": "end", "due_in_seconds": HOUR}] * 2}, 400, "invalid"),
        ({"grace_seconds": 7}, 400, "grace_not_offered"),
        ({"starts_at": "2031-01-01T00:00:00Z"}, 400, "deadline_out_of_range"),
        ({"contacts": [str(uuid4())]}, 404, "not_found"),
        ({"surprise": 1}, 400, None),
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_code(
    api: APIClient, mia: Contact, change: dict[str, Any], status: int, code: str | None
) -> None:
    response = post(api, "meetups", plan(mia, **change))
    assert response.status_code == status, response.json()
    assert response["Content-Type"] == "application/problem+json"
    if code is not None:
        assert response.json()["code"] == code
    assert not Meetup.objects.exists()


def test_planning_needs_pins_and_a_confirmed_contact(mia: Contact, api: APIClient) -> None:
    other = UserFactory.create(without_pins=True)
    response = post(sign_in(other), "meetups", plan(ContactFactory.create(owner=other)))
    assert response.json()["code"] == "pins_required"
    invited = ContactFactory.create(owner=mia.owner, invited=True)
    assert post(api, "meetups", plan(invited)).json()["code"] == "contact_not_confirmed"


def test_two_meetups_do_not_overlap(api: APIClient, mia: Contact) -> None:
    planned(api, mia)
    assert post(api, "meetups", plan(mia)).json()["code"] == "meetups_overlap"


def test_an_early_check_in_is_kept_and_closes_nothing(api: APIClient, mia: Contact) -> None:
    receipt = planned(api, mia)
    response = post(api, f"meetups/{receipt['id']}/check-in")
    assert response.status_code == 200
    assert response.json()["timers"][0]["state"] == "armed"
    assert Event.objects.filter(kind="sign_of_life").count() == 1


def test_the_end_takes_the_pin(api: APIClient, mia: Contact) -> None:
    path = f"meetups/{planned(api, mia)['id']}/end"
    assert post(api, path).json()["code"] == "pin_required"
    assert post(api, path, {"pin": "0000"}).json()["code"] == "pin_wrong"
    response = post(api, path, {"pin": PIN})
    assert (response.json()["state"], response.json()["outcome"]) == ("ended", "safe")
    assert post(api, path, {"pin": PIN}).json()["code"] == "meetup_ended"


def test_both_pins_get_the_same_answer(ana: User) -> None:
    answers = []
    for pin in (PIN, DURESS_PIN):
        owner = UserFactory.create()
        api = sign_in(owner)
        receipt = planned(api, ContactFactory.create(owner=owner))
        response = post(api, f"meetups/{receipt['id']}/cancel", {"pin": pin})
        shown = response.json()
        moments = [shown.pop(name) for name in ("id", "starts_at", "ended_at", "server_time")]
        assert all(moments)
        shown.pop("contacts")
        for timer in shown["timers"]:
            for name in ("id", "due_at", "alert_at"):
                timer.pop(name)
        headers = {k: v for k, v in response.headers.items() if k.lower() != "x-request-id"}
        answers.append((response.status_code, headers, shown))
    assert answers[0] == answers[1]
    assert PinEntry.objects.count() == 2


def test_thirty_minutes_may_be_added_without_the_pin(api: APIClient, mia: Contact) -> None:
    path = f"meetups/{planned(api, mia)['id']}/extend"
    assert post(api, path, {"minutes": 30}).status_code == 200
    assert post(api, path, {"minutes": 1}).json()["code"] == "pin_required"
    assert post(api, path, {"minutes": 60, "pin": PIN}).status_code == 200
    response = post(api, path, {"minutes": 720, "pin": PIN})
    assert response.json()["code"] == "extension_too_long"


def test_fewer_contacts_take_the_pin_and_a_new_place_adds(
    api: APIClient, mia: Contact, leo: Contact
) -> None:
    receipt = planned(api, mia, contacts=[str(mia.pk), str(leo.pk)])
    path = f"/api/v1/meetups/{receipt['id']}"
    fewer = {"contacts": [str(mia.pk)]}
    assert api.patch(path, fewer, format="json").json()["code"] == "pin_required"
    assert api.patch(path, {**fewer, "pin": PIN}, format="json").status_code == 200
    moved = api.patch(path, {"place": {"label": "Elsewhere"}}, format="json").json()
    assert moved["place"]["label"] == "Elsewhere"
    assert moved["contacts"] == [str(mia.pk)]


def test_deleting_a_running_meetup_takes_the_pin(api: APIClient, mia: Contact) -> None:
    path = f"/api/v1/meetups/{planned(api, mia)['id']}"
    assert api.delete(path).json()["code"] == "pin_required"
    assert api.delete(path, headers={"X-Pin": PIN}).status_code == 204
    assert not Meetup.objects.exists()
    assert not CheckInTimer.objects.exists()


def test_positions_are_kept_sealed(api: APIClient, mia: Contact) -> None:
    receipt = planned(api, mia)
    fix = {
        "latitude": 48.8651,
        "longitude": 2.3983,
        "accuracy_m": 12,
        "recorded_at": "2026-11-21T21:00:00+01:00",
    }
    response = post(api, f"meetups/{receipt['id']}/positions", {"positions": [fix] * 3})
    assert (response.status_code, response.json()) == (202, {"accepted": 3})
    assert b"48.86" not in bytes(Position.objects.first().sealed_fix)  # type: ignore[union-attr]
    fix["latitude"] = 91
    assert post(api, f"meetups/{receipt['id']}/positions", {"positions": [fix]}).status_code == 400


def test_an_sos_answers_with_the_incident_and_emergency_numbers(
    api: APIClient, mia: Contact
) -> None:
    answer = post(api, "sos").json()
    assert answer["code"] == "contacts_are_told"
    assert answer["incident"]["trigger"] == "sos"
    assert {"17", "112"} <= {n["number"] for n in answer["emergency_numbers"]}
    incident = api.get(f"/api/v1/incidents/{answer['incident']['id']}").json()
    assert incident["state"] == "open"
    resolved = post(api, f"incidents/{incident['id']}/resolve", {"pin": PIN})
    assert resolved.json()["state"] == "resolved"
    again = post(api, f"incidents/{incident['id']}/resolve", {"pin": PIN})
    assert again.json()["code"] == "no_incident"


def test_an_sos_with_nobody_to_tell_says_so(api: APIClient) -> None:
    response = post(api, "sos")
    assert (response.status_code, response.json()["code"]) == (201, "nobody_to_tell")
    assert response.json()["emergency_numbers"]


def test_what_is_somebody_elses_does_not_exist(api: APIClient, mia: Contact) -> None:
    receipt = planned(api, mia)
    stranger = sign_in(UserFactory.create())
    paths = ["check-in", "end", "cancel", "extend", "sos", "positions"]
    fix = {"latitude": 1, "longitude": 1, "accuracy_m": 1, "recorded_at": "2026-11-21T21:00:00Z"}
    for name in paths:
        body: dict[str, Any] = {"pin": PIN} if name in {"check-in", "end", "cancel"} else {}
        body |= {"minutes": 5} if name == "extend" else {}
        body |= {"positions": [fix]} if name == "positions" else {}
        assert post(stranger, f"meetups/{receipt['id']}/{name}", body).status_code == 404, name
    assert stranger.get(f"/api/v1/meetups/{receipt['id']}").status_code == 404
    assert stranger.get("/api/v1/meetups").json()["results"] == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"position": {"latitude": "north"}}', "application/json"),
        ('{"surprise": 1}', "application/json"),
        ("{not json", "application/json"),
        ("help", "text/plain"),
    ],
)
def test_an_sos_is_not_refused_for_a_body_that_makes_no_sense(
    api: APIClient, mia: Contact, body: str, content_type: str
) -> None:
    response = api.post("/api/v1/sos", data=body, content_type=content_type)
    assert response.status_code == 201
    assert response.json()["body_ignored"] is True
    assert response.json()["code"] == "contacts_are_told"
