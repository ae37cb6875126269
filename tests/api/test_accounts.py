"""Signing in, sessions, PINs and the account, over HTTP."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from alerts.clock import database_now
from alerts.models import Delivery, MeetupContact, RecoveryCode, Session, SignInCode, User
from alerts.models.sealed import open_column
from tests.factories import DURESS_PIN, PIN, MeetupFactory, UserFactory, sign_in

PHONE = "+33639981111"
AT_ONCE = 200


def post(api: APIClient, path: str, body: dict[str, Any] | None = None) -> Any:
    return api.post(f"/api/v1/{path}", body or {}, format="json")


def ask(api: APIClient, phone: str = PHONE) -> dict[str, Any]:
    response = post(api, "codes", {"phone": phone})
    assert response.status_code == 202, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def digits_of(code_id: str) -> str:
    code = SignInCode.objects.select_related("data_key").get(pk=code_id)
    return str(open_column(code, "sealed_digits", key=code.data_key)["digits"])


def sign_in_at(api: APIClient, phone: str = PHONE) -> Any:
    code_id = ask(api, phone)["id"]
    return post(api, "sessions", {"id": code_id, "code": digits_of(code_id), "device_name": "A"})


@pytest.mark.django_db
def test_a_code_opens_a_session_and_makes_the_account(anonymous: APIClient) -> None:
    response = sign_in_at(anonymous)
    assert response.status_code == 201
    answer = response.json()
    assert answer["user"]["phone"] == PHONE
    assert answer["user"]["has_pins"] is False
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['token']}")
    assert anonymous.get("/api/v1/me").json()["id"] == answer["user"]["id"]
    assert User.objects.count() == 1
    assert Delivery.objects.filter(text="S17").count() == 1


@pytest.mark.django_db
def test_the_answer_is_the_same_for_every_number(anonymous: APIClient) -> None:
    UserFactory.create(phone="+33639982222")
    known, unknown = (post(anonymous, "codes", {"phone": p}) for p in ("+33639982222", PHONE))
    assert known.status_code == unknown.status_code
    assert known.json().keys() == unknown.json().keys()
    assert known.json()["expires_in"] == unknown.json()["expires_in"] == 600


@pytest.mark.django_db
def test_a_code_is_good_once_and_for_ten_minutes(anonymous: APIClient) -> None:
    code_id = ask(anonymous)["id"]
    body = {"id": code_id, "code": digits_of(code_id)}
    assert post(anonymous, "sessions", body).status_code == 201
    assert post(anonymous, "sessions", body).json()["code"] == "code_wrong"
    late = ask(anonymous)["id"]
    digits = digits_of(late)
    SignInCode.objects.filter(pk=late).update(expires_at=database_now())
    assert post(anonymous, "sessions", {"id": late, "code": digits}).json()["code"] == "code_wrong"


@pytest.mark.django_db
def test_a_number_gets_five_codes_an_hour(anonymous: APIClient) -> None:
    answers = [post(anonymous, "codes", {"phone": PHONE}) for _ in range(6)]
    assert [a.status_code for a in answers] == [202] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    foreign = post(anonymous, "codes", {"phone": "+4915112345678"})
    assert foreign.json()["code"] == "country_not_served"
    assert post(anonymous, "codes", {"phone": "12"}).json()["code"] == "impossible_phone_number"


def at_once(count: int, work: Callable[[int], int]) -> Counter[int]:
    """Run the work in so many threads at once; return how often each status was answered."""
    statuses: list[int] = []
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        try:
            statuses.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_guesses_at_once_five_are_evaluated() -> None:
    code_id = ask(APIClient())["id"]
    digits = digits_of(code_id)
    wrong = "000000" if digits != "000000" else "111111"
    body = {"id": code_id, "code": wrong}
    statuses = at_once(40, lambda _: post(APIClient(), "sessions", body).status_code)
    assert statuses == {403: 40}
    assert SignInCode.objects.get(pk=code_id).guesses == 5
    right = post(APIClient(), "sessions", {"id": code_id, "code": digits})
    assert right.json()["code"] == "code_wrong"


@pytest.mark.django_db(transaction=True)
def test_the_right_code_sent_many_times_at_once_opens_one_session() -> None:
    code_id = ask(APIClient())["id"]
    body = {"id": code_id, "code": digits_of(code_id)}
    statuses = at_once(40, lambda _: post(APIClient(), "sessions", body).status_code)
    assert statuses == {201: 1, 403: 39}
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_pins_at_once_five_are_evaluated() -> None:
    owner = UserFactory.create()
    meetup = MeetupFactory.create(owner=owner)
    clients = [sign_in(owner) for _ in range(20)]
    path = f"meetups/{meetup.pk}/end"
    statuses = at_once(20, lambda n: post(clients[n], path, {"pin": "0000"}).status_code)
    assert statuses == {403: 5, 429: 15}
    assert post(clients[0], path, {"pin": PIN}).json()["code"] == "pin_locked"


def test_sessions_are_listed_and_revoked(api: APIClient, ana: User) -> None:
    other = sign_in(ana)
    sessions = api.get("/api/v1/sessions").json()["results"]
    assert sorted(s["is_current"] for s in sessions) == [False, True]
    foreign = sign_in(UserFactory.create())
    (foreign_session,) = foreign.get("/api/v1/sessions").json()["results"]
    assert api.delete(f"/api/v1/sessions/{foreign_session['id']}").status_code == 404
    (other_id,) = [s["id"] for s in sessions if not s["is_current"]]
    assert api.delete(f"/api/v1/sessions/{other_id}").status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    assert api.delete("/api/v1/sessions/current").status_code == 204
    assert api.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("pin", "duress_pin"), [("1234", "1235"), ("1234", "12345"), ("1234", "1234")]
)
def test_pins_that_are_too_alike_are_refused(db: None, pin: str, duress_pin: str) -> None:
    api = sign_in(UserFactory.create(without_pins=True))
    body = {"pin": pin, "duress_pin": duress_pin}
    response = api.put("/api/v1/me/pins", body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "pins_too_alike")


def test_pins_are_set_at_once_by_the_current_one_and_later_without(
    api: APIClient, ana: User
) -> None:
    new = {"pin": "5678", "duress_pin": "8765"}
    assert api.put("/api/v1/me/pins", {**new, "current_pin": PIN}, format="json").status_code == 204
    later = api.put("/api/v1/me/pins", {"pin": "1111", "duress_pin": "2222"}, format="json")
    assert later.status_code == 202
    assert post(api, "me/recovery-codes", {"pin": "1111"}).json()["code"] == "pin_wrong"
    assert post(api, "me/recovery-codes", {"pin": "5678"}).status_code == 201
    assert api.get("/api/v1/me").json()["new_pins_at"] is None  # using the old one withdrew them


def test_pins_without_the_current_one_wait_for_the_night_to_end(api: APIClient, ana: User) -> None:
    MeetupFactory.create(owner=ana)
    body = {"pin": "1111", "duress_pin": "2222"}
    response = api.put("/api/v1/me/pins", body, format="json")
    assert response.json()["code"] == "pin_required"


def test_a_recovery_code_signs_in_once(db: None) -> None:
    owner = UserFactory.create(phone=PHONE)
    codes = post(sign_in(owner), "me/recovery-codes", {"pin": PIN}).json()["codes"]
    assert len(set(codes)) == 10
    body = {"phone": PHONE, "recovery_code": codes[0].lower().replace("-", " ")}
    assert post(APIClient(), "sessions", body).status_code == 201
    assert post(APIClient(), "sessions", body).json()["code"] == "code_wrong"
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_the_profile_is_changed_and_bad_values_are_named(api: APIClient) -> None:
    changed = api.patch(
        "/api/v1/me",
        {"display_name": "Ana B", "language": "en", "settings": {"reminder_call": False}},
        format="json",
    ).json()
    assert (changed["display_name"], changed["language"]) == ("Ana B", "en")
    assert changed["settings"]["reminder_call"] is False
    zone = api.patch("/api/v1/me", {"time_zone": "Mars/Olympus"}, format="json").json()
    assert zone["errors"][0]["pointer"] == "/time_zone"
    email = api.patch("/api/v1/me", {"email": "a@b.example"}, format="json")
    assert email.json()["code"] == "pin_required"


def test_weaker_settings_take_the_pin_while_a_meetup_is_on(api: APIClient, ana: User) -> None:
    User.objects.update(pin_for_every_check_in=True)
    MeetupFactory.create(owner=ana)
    body: dict[str, Any] = {"settings": {"pin_for_every_check_in": False}}
    assert api.patch("/api/v1/me", body, format="json").json()["code"] == "pin_required"
    assert api.patch("/api/v1/me", {**body, "pin": PIN}, format="json").status_code == 200


def test_a_new_number_takes_a_code_a_fresh_session_and_the_pin(api: APIClient, ana: User) -> None:
    code_id = ask(APIClient(), "+33639983333")["id"]
    body = {"code_id": code_id, "code": digits_of(code_id), "pin": PIN}
    Session.objects.update(created=database_now() - timedelta(hours=1))
    stale = api.patch("/api/v1/me", body, format="json")
    assert stale.json()["code"] == "fresh_sign_in_required"
    Session.objects.update(created=database_now())
    assert api.patch("/api/v1/me", body, format="json").json()["phone"] == "+33639983333"


@pytest.mark.parametrize("pin", [PIN, DURESS_PIN])
def test_the_account_is_erased_by_either_pin(api: APIClient, ana: User, pin: str) -> None:
    MeetupFactory.create(owner=ana)
    assert api.delete("/api/v1/me").json()["code"] == "pin_required"
    assert api.delete("/api/v1/me", headers={"X-Pin": pin}).status_code == 204
    assert not User.objects.exists()
    assert not MeetupContact.objects.exists()
    assert api.get("/api/v1/me").status_code == 401


def test_readiness_says_what_would_fail_tonight(api: APIClient) -> None:
    readiness = api.get("/api/v1/me/readiness").json()
    checks = {check["code"]: check["ok"] for check in readiness["checks"]}
    assert checks["pins"] is True
    assert checks["confirmed_contact"] is False
    assert checks["watcher"] is False
    assert readiness["ready"] is False


def test_help_lines_are_for_the_signed_in_owner_only(api: APIClient, anonymous: APIClient) -> None:
    lines = api.get("/api/v1/resources?country=FR").json()["results"]
    assert {"17", "112"} <= {line["code"] for line in lines}
    assert anonymous.get("/api/v1/resources?country=FR").status_code == 401
