"""Erasing an account: rows deleted, keys destroyed; an incident goes on under a key of its own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.models import CheckInTimer, Contact, DataKey, Meetup, SignInCode, User
from alerts.services.deletions import begun_again
from alerts.services.links import revoke_links
from alerts.services.pins.pin_calls import PinCall, pin_call
from alerts.services.pins.pin_entries import PinAction


def delete_account(*, owner: User, pin: str | None, now: datetime) -> None:
    """Erase everything the owner sees; takes the PIN of whoever has set one."""
    is_needed = bool(owner.pin_hash)
    with pin_call(user=owner, pin=pin, is_needed=is_needed, now=now) as call:
        _erase(owner.pk, call, now=now)


@begun_again
@transaction.atomic
def _erase(owner_id: UUID, call: PinCall, *, now: datetime) -> None:
    owner = User.objects.select_for_update().get(pk=owner_id)
    call.record(PinAction.DeleteAccount)
    key_ids = _keys_of(owner)
    _revoke_links_of(owner, now=now)
    SignInCode.objects.filter(phone_index=owner.phone_index).delete()
    owner.delete()
    DataKey.objects.filter(pk__in=key_ids).update(wrapped=None, destroyed_at=now)


def _keys_of(owner: User) -> list[UUID]:
    """Return the keys of the profile, the contacts, the meetups and the codes."""
    keys = [owner.data_key_id]
    keys += Contact.objects.filter(owner=owner).values_list("data_key_id", flat=True)
    keys += Meetup.objects.filter(owner=owner).values_list("data_key_id", flat=True)
    codes = SignInCode.objects.filter(phone_index=owner.phone_index)
    keys += codes.values_list("data_key_id", flat=True)
    return keys


def _revoke_links_of(owner: User, *, now: datetime) -> None:
    contacts = Contact.objects.filter(owner=owner).values_list("pk", flat=True)
    timers = CheckInTimer.objects.filter(meetup__owner=owner).values_list("pk", flat=True)
    revoke_links([*contacts, *timers], now=now)
