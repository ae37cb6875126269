"""Keeps the tokens of links, who followed them and what addresses may hold out of every log."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

_LINK = re.compile(r"(/[act]/)[^\s/?#\"'<>]+")
_QUERY = re.compile(r"(/[^\s?\"'<>]*\?)[^\s\"'<>]+")
_PATH = re.compile(r"(?:(?<=/api/)|(?<=/[act]/…/))[^\s?\"'<>]+")
# What addresses of ours are made of; whatever else was typed may be a name or a number.
_OWN_PART = re.compile(r"v1|[a-z-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WITHHELD = frozenset({"ip", "user_agent"})


def mask_tokens(text: str) -> str:
    """Return the text with tokens, queries and strange parts of paths replaced by an ellipsis."""
    text = _QUERY.sub(r"\1…", _LINK.sub(r"\1…", text))
    return _PATH.sub(lambda path: "/".join(map(_own_part, path[0].split("/"))), text)


def _own_part(part: str) -> str:
    return part if _OWN_PART.fullmatch(part) else "…"


class MaskTokens(logging.Filter):
    """Masks the message of a record; Django writes the path of what it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: every record passes, masked."""
        record.msg, record.args = mask_tokens(record.getMessage()), ()
        return True


def mask_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Return a structured event without tokens, addresses and browsers."""
    return {
        key: mask_tokens(value) if isinstance(value, str) else value
        for key, value in event.items()
        if key not in _WITHHELD
    }
