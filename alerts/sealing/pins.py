"""PINs: Argon2id over a pepper kept outside the database (a leaked 4-digit table falls at once)."""

from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from alerts.conf import alerts_settings
from alerts.sealing.digests import keyed_digest

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice


class PinVerdict(StrEnum):
    """What an entered PIN turned out to be."""

    True_ = "true"
    Duress = "duress"
    Wrong = "wrong"


def hash_pin(pin: str) -> str:
    """Return the Argon2id hash of a peppered PIN."""
    return HASHER.hash(_peppered(pin))


def judge_pin(pin: str, *, pin_hash: str, duress_pin_hash: str) -> PinVerdict:
    """Compare with both hashes, always both, so that the time tells nothing."""
    is_true = _matches(pin, pin_hash)
    is_duress = _matches(pin, duress_pin_hash)
    if is_duress:
        return PinVerdict.Duress
    return PinVerdict.True_ if is_true else PinVerdict.Wrong


def _matches(pin: str, hashed: str) -> bool:
    try:
        return HASHER.verify(hashed, _peppered(pin))
    except (VerifyMismatchError, InvalidHashError):
        return False


def _peppered(pin: str) -> bytes:
    return keyed_digest("pin", pin, key=alerts_settings().pin_pepper)
