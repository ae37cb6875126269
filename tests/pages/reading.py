"""What a person reads on a page: its visible text, links and numbers."""

import re
from html import unescape
from typing import Protocol

from django.test import Client
from django.utils.html import strip_tags

from alerts.models import Responder
from tests.pages.scenes import path_of

_UNSEEN = re.compile(r"<(head|script|style)\b.*?</\1>", re.DOTALL)
_SEEN_AT = re.compile(r"\d\d:\d\d:\d\d")


class Answer(Protocol):
    """What a view or the test client answers."""

    @property
    def content(self) -> bytes:
        """The body."""


def text_of_page(answer: Answer, *, without_time: bool = False) -> str:
    """Return the visible text with single spaces; `without_time` leaves out the page's seconds."""
    visible = strip_tags(_UNSEEN.sub(" ", answer.content.decode()).replace("<", " <"))
    text = " ".join(unescape(visible).split())
    return _SEEN_AT.sub("", text) if without_time else text


def read(client: Client, person: Responder, language: str = "fr") -> str:
    """Return what the alert page of a responder says in this browser."""
    return text_of_page(client.get(f"{path_of(person)}?lang={language}"))


def reveal(client: Client, person: Responder) -> str:
    """Ask for the details and return what the page says then."""
    client.post(f"{path_of(person)}/reveal")
    return read(client, person)
