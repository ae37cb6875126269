"""Setting the two PINs."""

from datetime import datetime, timedelta

from django.db import transaction

from alerts.domain.errors import PinRequired, PinsTooAlike
from alerts.domain.events import EventKind
from alerts.domain.states import Purpose
from alerts.domain.texts import TextId
from alerts.models import Meetup, User
from alerts.sealing.pins import hash_pin
from alerts.services.outbox import Order, enqueue
from alerts.services.pins.pin_calls import pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event

WAIT_WITHOUT_PIN = timedelta(hours=24)
LEAST_DIFFERENCE = 2


def set_pins(
    *, owner: User, pin: str, duress_pin: str, current_pin: str | None, now: datetime
) -> datetime | None:
    """Set both PINs; return when they take effect, None for at once.

    Without the current PIN that is in 24 hours, told to the owner, withdrawn by any use of the old
    one, and refused (PinRequired) while a meetup is planned or running. Raises PinsTooAlike and
    what `enter_pin` does.
    """
    if current_pin is None or not owner.pin_hash:
        _ensure_different(pin, duress_pin)
    hashes = hash_pin(pin), hash_pin(duress_pin)
    if _set_first(owner, hashes, now=now):
        return None
    if current_pin is None:
        return _set_later(owner, hashes, now=now)
    with (
        pin_call(user=owner, pin=current_pin, is_needed=True, now=now) as call,
        transaction.atomic(),
    ):
        _ensure_different(pin, duress_pin)
        call.record(PinAction.ChangePins)
        _store(owner, hashes)
        record_event(EventKind.PinsSet, now=now, user_id=owner.pk)
    return None


def _ensure_different(pin: str, duress_pin: str) -> None:
    if len(pin) != len(duress_pin):
        raise PinsTooAlike
    if sum(a != b for a, b in zip(pin, duress_pin, strict=True)) < LEAST_DIFFERENCE:
        raise PinsTooAlike


@transaction.atomic
def _set_first(owner: User, hashes: tuple[str, str], *, now: datetime) -> bool:
    """Set the PINs of an owner who has none; return whether that was so."""
    pin_hash, duress_pin_hash = hashes
    is_first = (
        User.objects.filter(pk=owner.pk, pin_hash="").update(
            pin_hash=pin_hash, duress_pin_hash=duress_pin_hash
        )
        == 1
    )
    if is_first:
        record_event(EventKind.PinsSet, now=now, user_id=owner.pk)
    return is_first


@transaction.atomic
def _set_later(owner: User, hashes: tuple[str, str], *, now: datetime) -> datetime:
    user = User.objects.select_for_update().get(pk=owner.pk)
    if Meetup.objects.not_ended().filter(owner=user).exists():
        raise PinRequired
    if user.new_pins_at is None or user.new_pins_at <= now:
        user.former_pin_hash, user.former_duress_pin_hash = user.pin_hash, user.duress_pin_hash
    user.pin_hash, user.duress_pin_hash = hashes
    user.new_pins_at = now + WAIT_WITHOUT_PIN
    user.save(
        update_fields=[
            "pin_hash",
            "duress_pin_hash",
            "former_pin_hash",
            "former_duress_pin_hash",
            "new_pins_at",
        ]
    )
    record_event(EventKind.PinsPending, now=now, user_id=owner.pk)
    order = Order(
        dedupe_key=f"user:{owner.pk}:new_pins:{user.new_pins_at.isoformat()}:sms",
        text=TextId.OwnerSetting,
        purpose=Purpose.Notice,
        due_at=now,
        user_id=owner.pk,
        recipient_index=bytes(user.phone_index),
    )
    enqueue([order], now=now)
    return user.new_pins_at


def _store(owner: User, hashes: tuple[str, str]) -> None:
    pin_hash, duress_pin_hash = hashes
    User.objects.filter(pk=owner.pk).update(
        pin_hash=pin_hash,
        duress_pin_hash=duress_pin_hash,
        former_pin_hash="",
        former_duress_pin_hash="",
        new_pins_at=None,
    )
