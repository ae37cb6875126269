"""Keeps the tokens of links, and who followed them, out of every log."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

_LINK = re.compile(r"(/[act]/)[^\s/?#\"'<>]+")
_WITHHELD = frozenset({"ip", "user_agent"})


def mask_tokens(text: str) -> str:
    """Return the text with the token of each link replaced by an ellipsis."""
    return _LINK.sub(r"\1…", text)


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
