"""Identifiers in Twilio's form: two letters for the kind, then 32 hexadecimal digits."""

from uuid import uuid4


def new_sid(prefix: str) -> str:
    """Return a fresh identifier such as SM… for a message or CA… for a call."""
    return f"{prefix}{uuid4().hex}"
