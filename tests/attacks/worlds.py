"""Two worlds that differ in one thing, the PIN: what each shows to whoever holds the phone."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from alerts.clock import database_now
from alerts.models import CheckInTimer, OwnerIncident, Session
from alerts.sealing.tokens import LinkPurpose, derive_token
from tests.factories import DURESS_PIN, PIN, ContactFactory, UserFactory, sign_in
from tests.walks.walk import EVENING, Network, Walk

API = "/api/v1"
LATER_MINUTES = (0, 45)  # each after the one before
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRETS = re.compile(r"(?<=/[act]/)\w{16}|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}|cursor=[^\"&]+")
TRACE = re.compile(r'(?<="trace_id":")[0-9a-f]+|csrfmiddlewaretoken" value="\w+|nonce="[^"]+')
LITERALS = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+(?:\.\d+)?\b|\b(?:true|false|NULL)\b")
SAVEPOINTS = re.compile(r'"s\d+_x\d+"')
LISTS = re.compile(r"\((?:\?(?:, )?)+\)(?:, \((?:\?(?:, )?)+\))*")


class World(Walk):
    """A walk with names that are the same each time, and the phone in somebody's hand."""

    def __init__(self, pin: str) -> None:
        self.now = EVENING
        self.pin = pin
        self.network = Network()
        self.contacts, self.names, self.meetup = {}, {}, None
        self.ana = UserFactory.create(id=UUID(int=1), phone="+33639980001", created_at=EVENING)
        self.phone = sign_in(self.ana)
        Session.objects.update(created=EVENING, last_seen_at=EVENING)
        for number, name in enumerate(("mia", "leo", "zoe"), start=1):
            self.contacts[name] = ContactFactory.create(
                id=UUID(int=10 + number),
                owner=self.ana,
                name=name.title(),
                phone=f"+3363998710{number}",
                circle=2 if name == "leo" else 1,
                disclosure_level=2,
                created_at=EVENING - timedelta(minutes=number),
            )
            self.names[f"+3363998710{number}"] = name

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask the API from the phone, at the time of the walk."""
        return getattr(self.phone, method)(f"{API}{path}", body, format="json", **headers)

    def of_meetup(self, action: str = "") -> str:
        """Return the address of the meetup, or of something to do with it."""
        assert self.meetup is not None
        return f"/meetups/{self.meetup.pk}{action}"

    def of_incident(self) -> str:
        """Return the address of the latest incident that is shown."""
        return f"/incidents/{self.shown.pk}"

    def texts_to_the_owner(self) -> list[str]:
        """Return the bodies of what reached the owner's phone since the last time."""
        return [plain(sent.body) for sent in self.take() if sent.to == "ana"]


@contextmanager
def world(pin: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Yield a world on its own clock; nothing of it stays."""
    before = transaction.savepoint()  # an atomic block would forbid the durable ones inside
    made = World(pin)
    for module in _modules_with_a_clock():
        monkeypatch.setattr(module, "database_now", lambda: made.now)
    yield made
    monkeypatch.undo()
    transaction.savepoint_rollback(before)


def both_worlds(
    story: Callable[[World], list[Any]], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Any], list[Any]]:
    """Return what a story shows with the true PIN and with the duress PIN."""
    shown = []
    for pin in (PIN, DURESS_PIN):
        with world(pin, monkeypatch) as made:
            shown.append(story(made))
    return shown[0], shown[1]


def seen(response: Any) -> tuple[int, list[tuple[str, str]], str]:
    """Return an answer: status, headers, body, without what is random in either world."""
    headers = [
        (name, value) for name, value in response.items() if name != "Content-Security-Policy"
    ]
    return response.status_code, headers, plain(response.content.decode())


def plain(text: str) -> str:
    """Return a text with each id named by its first place, secrets by their length."""
    names: dict[str, str] = {}
    text = ID.sub(lambda found: names.setdefault(found[0], f"#{len(names)}".ljust(36, "#")), text)
    text = TRACE.sub(lambda found: "t" * len(found[0]), text)
    return SECRETS.sub(lambda found: "?" * len(found[0]), text)


def look_around(made: World) -> dict[str, Any]:
    """Return all that the phone can read of the account at this moment."""
    pages: dict[str, Any] = {}
    for path in _readable_paths(made):
        pages[plain(path)] = seen(made.call("get", path))
    for timer in CheckInTimer.objects.order_by("armed_at", "due_at"):
        token = derive_token(LinkPurpose.OwnerTimer, str(timer.pk), 1)
        status, _, body = seen(made.phone.get(f"/t/{token}"))
        pages[f"timer due {timer.due_at}"] = (status, body)
    pages["texts"] = made.texts_to_the_owner()
    return pages


def look_later(made: World) -> list[dict[str, Any]]:
    """Return what there is to see at once and in the hour after, the watcher at work."""
    shown = []
    for minutes in LATER_MINUTES:
        made.after(minutes=minutes).sweep()
        shown.append(look_around(made))
    return shown


def _readable_paths(made: World) -> list[str]:
    shown = OwnerIncident.objects.order_by("opened_at").values_list("pk", flat=True)
    return [
        "/me",
        "/me/readiness",
        "/sessions",
        "/contacts",
        "/meetups",
        *([made.of_meetup()] if made.meetup else []),
        "/incidents",
        f"/contacts/{made.contacts['zoe'].pk}/preview",
        *(f"/incidents/{pk}" for pk in shown),
    ]


def statements_of(action: Callable[[], Any]) -> tuple[Any, list[str]]:
    """Return what an action answers and the shape of every statement it makes."""
    with CaptureQueriesContext(connection) as captured:
        answer = action()
    return answer, [shape_of(query["sql"]) for query in captured]


def shape_of(sql: str) -> str:
    """Return a statement without its values and without how many they are."""
    return LISTS.sub("(…)", LITERALS.sub("?", SAVEPOINTS.sub("savepoint", sql)))


def _modules_with_a_clock() -> list[Any]:
    assert get_resolver().url_patterns  # every view is imported by now
    return [
        module
        for name, module in list(sys.modules.items())
        if name.startswith(("alerts.", "tests.factories"))
        and vars(module).get("database_now") is database_now
    ]
