"""Words that nothing else contains, pushed through everything: no log and no table repeats one."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from alerts.models import Contact, User
from alerts.sealing.tokens import LinkPurpose, derive_token
from tests.attacks.worlds import API, World, world
from tests.factories import PIN

OWN_NUMBER, CONTACTS_NUMBER, STRANGERS_NUMBER = "+33639981234", "+33639985678", "+33639984321"
LONGEST_CODE = 6
NEW_PIN, NEW_DURESS_PIN, WRONG_PIN = "739152", "460813", "918273"
PLAN = {
    "stranger": {
        "name": "Kanarsam",
        "platform": "Kanarsite",
        "handle": "kanarhandle",
        "profile_url": "https://kanar.example.org/profile",
        "phone": STRANGERS_NUMBER,
        "vehicle": "Kanarcar",
        "notes": "Kanarnotes",
    },
    "place": {
        "label": "Kanarlabel",
        "address": "12 rue Kanarstreet",
        "access": "Kanaraccess",
        "latitude": 48.123457,
        "longitude": 2.765433,
        "country": "FR",
    },
    "check_ins": [{"kind": "end", "due_in_seconds": 3600}],
}
REFUSED: list[tuple[str, str, Any]] = [
    ("post", "/contacts", {"name": "Kanarbad" * 9, "phone": "+3363998KANAR", "owner": "Kanar"}),
    ("patch", "/me", {"email": "kanar-no-mail", "time_zone": "Kanar/Zone"}),
    ("get", "/meetups?cursor=Kanarcursor", None),
    ("get", "/meetups?limit=Kanarlimit&phone=" + STRANGERS_NUMBER, None),
    ("get", "/contacts/" + CONTACTS_NUMBER, None),
    ("get", "/Kanarpath/Kanarname", None),
    ("post", "/codes", {"phone": "+3363998KANAR"}),
    ("post", "/sessions", {"phone": OWN_NUMBER, "recovery_code": "KANA-RKAN-ARKA-NAR1"}),
]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Yield what the console is written while a test runs, as an installation writes it."""
    written = io.StringIO()
    consoles = [
        handler
        for handler in logging.getLogger().handlers
        if type(handler) is logging.StreamHandler and handler.filters
    ]
    before = [console.setStream(written) for console in consoles]
    assert consoles
    yield written
    for console, stream in zip(consoles, before, strict=True):
        console.setStream(stream)


@pytest.mark.django_db
def test_no_log_and_no_table_repeats_what_people_entrust_us_with(
    monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    with world(PIN, monkeypatch) as made:
        secrets = _tell_the_whole_story(made)
        assert len(secrets) > 25
        kept = "\n".join(_rows())
    written = log.getvalue()
    assert "request_finished" in written
    assert _found(secrets, written) == []
    assert _found(secrets, kept) == []


def _tell_the_whole_story(made: World) -> set[str]:
    """Sign in, name a contact, plan, miss, open the page, force a code; return every secret."""
    secrets = {OWN_NUMBER, CONTACTS_NUMBER, STRANGERS_NUMBER, "kanar", "Kanar", "KANAR"}
    secrets |= {NEW_PIN, NEW_DURESS_PIN, WRONG_PIN, "48.123457", "2.765433", "48.777771"}
    secrets |= _sign_in(made)
    owner = User.objects.exclude(pk=made.ana.pk).get()
    contact, more = _name_a_contact(made, owner)
    secrets |= more
    made.call("post", "/meetups", {**PLAN, "contacts": [str(contact.pk)]})
    meetup = made.call("get", "/meetups").json()["results"][0]["id"]
    fix = {"latitude": 48.777771, "longitude": 2.1, "accuracy_m": 5}
    fixes = [{**fix, "recorded_at": made.now.isoformat()}]
    made.call("post", f"/meetups/{meetup}/positions", {"positions": fixes})
    made.call("post", f"/meetups/{meetup}/check-in", {"pin": WRONG_PIN})
    for method, path, body in REFUSED:
        made.call(method, path, body)
    made.sweep().after(minutes=61).sweep().after(minutes=10).sweep()
    secrets |= _open_links(made, _links(made))
    made.call("post", f"/meetups/{meetup}/end", {"pin": NEW_DURESS_PIN})
    made.sweep()
    return secrets


def _sign_in(made: World) -> set[str]:
    made.phone = APIClient()
    asked = made.call("post", "/codes", {"phone": OWN_NUMBER}).json()
    made.sweep()
    (code,) = re.findall(r"^\d{6}", made.network.taken[-1].body)
    body = {"id": asked["id"], "code": code, "device_name": "Kanardevice"}
    token = made.call("post", "/sessions", body).json()["token"]
    made.phone.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    made.call("patch", "/me", {"display_name": "Kanarname"})
    made.call("put", "/me/pins", {"pin": NEW_PIN, "duress_pin": NEW_DURESS_PIN})
    made.call("patch", "/me", {"email": "kanar@example.org", "pin": NEW_PIN})
    codes = made.call(
        "post", "/me/recovery-codes", {"pin": NEW_PIN}, HTTP_IDEMPOTENCY_KEY="Kanarkey"
    ).json()["codes"]
    wrong = {"Authorization": "Bearer " + "abcdef0123456789" * 4}
    made.phone.get(f"{API}/me", headers=wrong)
    return {code, token, *codes, "abcdef0123456789" * 4}


def _name_a_contact(made: World, owner: User) -> tuple[Contact, set[str]]:
    body = {
        "name": "Kanarmia",
        "phone": CONTACTS_NUMBER,
        "email": "mia@kanar.example.org",
        "owner_alias": "Kanaralias",
    }
    invited = made.call("post", "/contacts", body, HTTP_IDEMPOTENCY_KEY="Kanarkey2").json()
    contact = Contact.objects.get(owner=owner)
    browser = Client()
    path = "/c/" + invited["invite_url"].rpartition("/")[2]
    browser.post(f"{path}/accept")
    made.sweep()
    proof = "/c/" + derive_token(LinkPurpose.Contact, str(contact.pk), 1)
    browser.post(f"{proof}/received")
    return contact, {path.rpartition("/")[2], proof.rpartition("/")[2]}


def _links(made: World) -> set[str]:
    """Return the path of every link that left in a text."""
    bodies = " ".join(message.body for message in made.network.taken)
    return set(re.findall(r"/[act]/\w{16}", bodies))


def _open_links(_made: World, links: set[str]) -> set[str]:
    browser = Client()
    assert {link[1] for link in links} == set("act")
    for link in sorted(links):
        for path in (link, f"{link}/state", f"{link}/Kanaraction", f"{link}Kanar"):
            browser.get(path)
        for action in ("reveal", "acknowledge", "check-in"):
            browser.post(f"{link}/{action}", {"pin": WRONG_PIN})
    return {link.rpartition("/")[2] for link in links}


def _rows() -> Iterator[str]:
    """Yield every row of every table, binary columns in hexadecimal."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT stored::text FROM {table} AS stored")  # noqa: S608
            yield from (row for (row,) in cursor.fetchall())


def _found(secrets: set[str], text: str) -> list[str]:
    """Return the secrets that stand in a text, as they are or as bytes."""
    return sorted(
        secret
        for secret in secrets
        if any(_stands_in(form, text) for form in (secret.lstrip("+"), secret.encode().hex()))
    )


def _stands_in(form: str, text: str) -> bool:
    """Whether a text holds this; six digits only as a word, for instants and ids hold such too."""
    if len(form) > LONGEST_CODE or not form.isdecimal():
        return form in text
    return re.search(rf"(?<![\w.:-]){form}(?![\w:-])", text) is not None


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("739152", "pin='739152'"),
        ("Kanar", "name Kanarmia"),
        ("+33639985678", "GET /contacts/33639985678"),
        ("Kanar", "\\x4b616e6172"),
    ],
)
def test_what_looks_for_secrets_finds_them(secret: str, text: str) -> None:
    assert _found({secret}, text) == [secret]


def test_digits_within_an_instant_or_an_id_are_no_code() -> None:
    assert _found({"739152"}, "20:00:00.739152+00 3a739152-11aa") == []
