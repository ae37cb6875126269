"""Recovery codes: ten, each signs in once from another phone."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.domain.events import EventKind
from alerts.models import RecoveryCode, User
from alerts.sealing.digests import index_digest
from alerts.services.pins.pin_calls import pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event

CODES = 10
# Crockford's alphabet: no I, L, O, U. Sixteen letters hold 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LETTERS = 4, 4
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make_recovery_codes(*, owner: User, pin: str | None, now: datetime) -> list[str]:
    """Return ten new codes, shown this once; the former ones count no more. Takes the PIN."""
    codes = [_make_code() for _ in range(CODES)]
    with pin_call(user=owner, pin=pin, is_needed=True, now=now) as call, transaction.atomic():
        call.record(PinAction.MakeRecoveryCodes)
        RecoveryCode.objects.filter(user=owner).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=owner, code_mac=_mac(owner.pk, code), created_at=now)
            for code in codes
        )
        record_event(EventKind.RecoveryCodesMade, now=now, user_id=owner.pk)
    return codes


@transaction.atomic(durable=True)
def redeem_recovery_code(*, user_id: UUID, code: str, now: datetime) -> bool:
    """Use a code up; return whether it was one that was not used yet."""
    unused = RecoveryCode.objects.filter(
        user_id=user_id, code_mac=_mac(user_id, code), used_at=None
    )
    return unused.update(used_at=now) == 1


def _make_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def _mac(user_id: UUID, code: str) -> bytes:
    letters = code.upper().translate(LOOK_ALIKES)
    plain = "".join(letter for letter in letters if letter in ALPHABET)
    return index_digest("recovery_code", str(user_id), plain)
