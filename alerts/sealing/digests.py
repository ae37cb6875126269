"""Keyed look-ups and codes: what can be compared but not read back."""

import hashlib
import hmac

from alerts.conf import alerts_settings


def keyed_digest(purpose: str, *parts: str, key: bytes) -> bytes:
    """Return HMAC-SHA-256 over a purpose and its parts (RFC 2104), 32 bytes."""
    message = "\x1f".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).digest()


def index_digest(purpose: str, *parts: str) -> bytes:
    """Return the look-up value of something that is never stored in clear."""
    return keyed_digest(purpose, *parts, key=alerts_settings().index_key)


def phone_index(e164: str) -> bytes:
    """Return the look-up value of a phone number in E.164 form."""
    return index_digest("phone", e164)
