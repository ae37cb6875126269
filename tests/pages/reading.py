"""What a person reads on a page: its visible text, links and numbers."""

import re
from html import unescape
from typing import Protocol

from django.utils.html import strip_tags

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
