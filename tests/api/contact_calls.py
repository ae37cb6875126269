"""How tests call the contacts of the API."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from alerts.models import Contact

CONTACTS = "/api/v1/contacts"
MIA = {
    "name": "Mia",
    "phone": "06 39 98 70 01",
    "email": "mia@example.org",
    "language": "en",
    "circle": 2,
    "disclosure_level": 3,
    "owner_alias": "Nour",
    "shows_owner_phone": True,
}
CountQueries = Callable[[int], AbstractContextManager[Any]]


def url(contact: Contact, action: str = "") -> str:
    return f"{CONTACTS}/{contact.pk}{action}"


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
