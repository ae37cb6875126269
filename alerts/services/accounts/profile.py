"""What an owner changes of their own profile and settings."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from alerts.domain.errors import FieldError, FreshSignInRequired, InvalidInput, NumberTaken
from alerts.domain.events import EventKind
from alerts.domain.gsm7 import latin_form
from alerts.domain.local_time import is_known_zone
from alerts.models import Meetup, Session, User
from alerts.models.sealed import open_column, seal_column
from alerts.sealing.digests import phone_index
from alerts.services.accounts.codes import redeem_code
from alerts.services.pins.pin_calls import pin_call
from alerts.services.pins.pin_entries import PinAction
from alerts.services.timeline import record_event

FRESH_PERIOD = timedelta(minutes=10)
PROTECTING = ("pin_for_every_check_in", "sos_gives_place", "reminder_call")
SEALED = ("display_name", "email")


@dataclass(frozen=True, kw_only=True)
class ProfileChanges:
    """What to change; `columns` are those of the user row, `sealed` those of its profile."""

    columns: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)


def change_profile(*, owner: User, changes: ProfileChanges, pin: str | None, now: datetime) -> User:
    """Change profile and settings; an e-mail, and what protects less meanwhile, take the PIN."""
    is_needed = _needs_pin(owner, changes)
    with pin_call(user=owner, pin=pin, is_needed=is_needed, now=now) as call, transaction.atomic():
        _ensure_sensible(changes)
        call.record(PinAction.ChangeSettings)
        user = _lock(owner)
        for column, value in changes.columns.items():
            setattr(user, column, value)
        if changes.sealed:
            _reseal(user, changes.sealed)
        user.save(update_fields=[*changes.columns, "sealed_profile"])
        record_event(EventKind.ProfileChanged, now=now, user_id=user.pk)
    return user


def change_phone(
    *, owner: User, session: Session, code_id: UUID, code: str, pin: str | None, now: datetime
) -> User:
    """Move the account to the number a new code was sent to.

    Takes a fresh sign-in, the code and the PIN. Raises FreshSignInRequired, CodeWrong, NumberTaken.
    """
    is_fresh = now - session.created <= FRESH_PERIOD
    is_needed = is_fresh and bool(owner.pin_hash)
    with pin_call(user=owner, pin=pin, is_needed=is_needed, now=now) as call:
        if not is_fresh:
            raise FreshSignInRequired
        destination = redeem_code(code_id=code_id, digits=code, now=now)
        try:
            with transaction.atomic():
                call.record(PinAction.ChangePhone)
                user = _lock(owner)
                user.phone_index = phone_index(destination["phone"])
                _reseal(user, {"phone": destination["phone"]})
                user.save(update_fields=["phone_index", "sealed_profile"])
                record_event(EventKind.ProfileChanged, now=now, user_id=user.pk)
        except IntegrityError as error:
            raise NumberTaken from error
    return user


def _ensure_sensible(changes: ProfileChanges) -> None:
    zone = changes.columns.get("time_zone")
    if zone is not None and not is_known_zone(zone):
        raise InvalidInput(errors=(FieldError("/time_zone", "unknown_zone", "No such zone."),))
    name = changes.sealed.get("display_name")
    if name and latin_form(name) is None:
        pointer = FieldError("/display_name", "latin_form_required", "Give Latin letters too.")
        raise InvalidInput(errors=(pointer,))


def _needs_pin(owner: User, changes: ProfileChanges) -> bool:
    if "email" in changes.sealed:
        return bool(owner.pin_hash)
    weaker = any(getattr(owner, name) and changes.columns.get(name) is False for name in PROTECTING)
    return weaker and Meetup.objects.not_ended().filter(owner=owner).exists()


def _lock(owner: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("data_key").get(pk=owner.pk)


def _reseal(user: User, changes: dict[str, Any]) -> None:
    profile = open_column(user, "sealed_profile", key=user.data_key)
    seal_column(user, "sealed_profile", {**profile, **changes}, key=user.data_key)
