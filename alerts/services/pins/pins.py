"""Entering a PIN: both worlds do the same, a guess is counted before it is compared."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from alerts.domain.errors import PinLocked, PinRequired, PinsRequired, PinWrong
from alerts.domain.events import EventKind
from alerts.domain.states import RUNNING_MEETUP_STATES, Purpose
from alerts.domain.texts import TextId
from alerts.models import Meetup, User
from alerts.sealing.pins import PinVerdict, judge_pin
from alerts.services.outbox import Order, enqueue
from alerts.services.pins.pin_entries import last_pins_were_forced, record_wrong_pins
from alerts.services.timeline import record_event

MISSES_BEFORE_LOCK = 5
LOCK_PERIOD = timedelta(minutes=15)
LOCKED_ENTRY_PERIOD = timedelta(minutes=1)

# One statement counts the guess and decides whether it may be compared at all: of any number of
# guesses sent at once no more than five are.
SPEND_GUESS = """
UPDATE alerts_user SET
    pin_misses = CASE WHEN pin_locked_until <= %(now)s THEN 1 ELSE pin_misses + 1 END,
    pin_locked_until = CASE
        WHEN pin_locked_until <= %(now)s THEN NULL
        WHEN pin_misses + 1 >= %(limit)s THEN %(now)s::timestamptz + %(lock)s::interval
        ELSE pin_locked_until END,
    pin_next_entry_at = CASE
        WHEN pin_misses + 1 >= %(limit)s THEN %(now)s::timestamptz + %(pause)s::interval END
WHERE id = %(user_id)s
  AND (pin_misses < %(limit)s OR pin_locked_until <= %(now)s OR pin_next_entry_at <= %(now)s)
RETURNING pin_misses
"""


def enter_pin(*, user: User, pin: str | None, now: datetime) -> PinVerdict:
    """Return whether the PIN is the true or the duress one.

    To be called outside of any transaction: the count of guesses must survive a refusal. Raises
    PinRequired, PinsRequired, PinLocked, PinWrong.
    """
    if not user.pin_hash:
        raise PinsRequired
    if pin is None:
        raise PinRequired
    misses = _spend_guess(user, now=now)
    verdict = _judge(user, pin, now=now)
    if verdict is PinVerdict.Wrong:
        if misses >= MISSES_BEFORE_LOCK:
            _answer_many_misses(user, is_first=misses == MISSES_BEFORE_LOCK, now=now)
        raise PinWrong
    _forget_misses(user, now=now)
    return verdict


def _spend_guess(user: User, *, now: datetime) -> int:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            SPEND_GUESS,
            {
                "now": now,
                "limit": MISSES_BEFORE_LOCK,
                "lock": str(LOCK_PERIOD),
                "pause": str(LOCKED_ENTRY_PERIOD),
                "user_id": user.pk,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise PinLocked(retry_after_seconds=int(LOCKED_ENTRY_PERIOD.total_seconds()))
    return int(row[0])


def _judge(user: User, pin: str, *, now: datetime) -> PinVerdict:
    is_pending = user.new_pins_at is not None and user.new_pins_at > now
    verdict = judge_pin(
        pin,
        pin_hash=user.former_pin_hash if is_pending else user.pin_hash,
        duress_pin_hash=user.former_duress_pin_hash if is_pending else user.duress_pin_hash,
    )
    were_forced = last_pins_were_forced(user_id=user.pk, now=now)
    if verdict is PinVerdict.True_ and were_forced:
        return PinVerdict.Duress
    return verdict


@transaction.atomic(durable=True)
def _forget_misses(user: User, *, now: datetime) -> None:
    """Start counting anew; any use of the old PIN withdraws new ones that are still waiting."""
    columns: dict[str, Any] = {"pin_misses": 0, "pin_locked_until": None, "pin_next_entry_at": None}
    if user.new_pins_at is not None and user.new_pins_at > now:
        columns |= {
            "pin_hash": user.former_pin_hash,
            "duress_pin_hash": user.former_duress_pin_hash,
            "new_pins_at": None,
        }
        record_event(EventKind.PinsWithdrawn, now=now, user_id=user.pk)
    User.objects.filter(pk=user.pk).update(**columns)


@transaction.atomic(durable=True)
def _answer_many_misses(user: User, *, is_first: bool, now: datetime) -> None:
    """Raise a silent alarm while a meetup runs, however the lock began; else say it once."""
    running = Meetup.objects.filter(owner=user, state__in=RUNNING_MEETUP_STATES).first()
    if running is not None:
        record_wrong_pins(user=user, meetup_id=running.pk, now=now)
        return
    if not is_first:
        return
    record_event(EventKind.PinLocked, now=now, user_id=user.pk)
    enqueue(
        [
            Order(
                dedupe_key=f"user:{user.pk}:pin_locked:{now.isoformat()}",
                text=TextId.OwnerSetting,
                purpose=Purpose.Notice,
                due_at=now,
                user_id=user.pk,
                recipient_index=bytes(user.phone_index),
            )
        ],
        now=now,
    )
