"""Link tokens: derived, so that a message can be rendered again; stored only as a digest."""

import hashlib
from enum import StrEnum

from alerts.conf import alerts_settings
from alerts.sealing.digests import keyed_digest

# No 0, 1, I, O, l: read aloud or typed from a screen they are mistaken for each other.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TOKEN_LENGTH = 16


class LinkPurpose(StrEnum):
    """What a link gives access to."""

    Invitation = "invitation"
    Contact = "contact"
    Responder = "responder"
    OwnerTimer = "owner_timer"


LINK_PATHS = {
    LinkPurpose.Invitation: "/c/",
    LinkPurpose.Contact: "/c/",
    LinkPurpose.Responder: "/a/",
    LinkPurpose.OwnerTimer: "/t/",
}


def derive_token(purpose: LinkPurpose, subject_id: str, version: int) -> str:
    """Return 16 characters of a 57-symbol alphabet (93 bits); a new version revokes."""
    digest = keyed_digest(
        f"link:{purpose}", subject_id, str(version), key=alerts_settings().link_key
    )
    number = int.from_bytes(digest, "big")
    characters = []
    for _ in range(TOKEN_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[rest])
    return "".join(characters)


def token_digest(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def link_url(purpose: LinkPurpose, token: str) -> str:
    """Return the whole address of a link."""
    return f"{alerts_settings().public_url}{LINK_PATHS[purpose]}{token}"
