"""What a person reads on a page: its visible text, links and numbers."""

import re
from html import unescape

from django.http import HttpResponse
from django.utils.html import strip_tags

_UNSEEN = re.compile(r"<(head|script|style)\b.*?</\1>", re.DOTALL)
_SEEN_AT = re.compile(r"\d\d:\d\d:\d\d")


def text_of_page(answer: HttpResponse, *, without_time: bool = False) -> str:
    """Return the visible text with single spaces; `without_time` leaves out the page's seconds."""
    visible = strip_tags(_UNSEEN.sub(" ", answer.content.decode()).replace("<", " <"))
    text = " ".join(unescape(visible).split())
    return _SEEN_AT.sub("", text) if without_time else text
