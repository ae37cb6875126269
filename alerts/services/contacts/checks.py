"""What has to hold before a contact is added or changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from alerts.domain.errors import (
    AlertsError,
    FieldError,
    ImpossiblePhone,
    NumberRefused,
    OwnNumber,
    PinRequired,
    StrangersNumber,
)
from alerts.domain.phone_numbers import PhoneNumber, parse_phone
from alerts.models import Meetup, User
from alerts.models.sealed import open_column
from alerts.sealing.digests import index_digest, phone_index
from alerts.sealing.keys import CannotOpen
from alerts.sealing.pins import PinVerdict
from alerts.selectors.contacts import has_refused
from alerts.services.pins.pin_entries import PinAction, record_entry
from alerts.services.pins.pins import enter_pin
from alerts.services.quotas import use_quota

DAY = timedelta(days=1)
NUMBER_PER_DAY = 20
CONTACTS_PER_DAY = 60


def lock_owner(owner: User) -> None:
    """Let one request at a time change this owner's contacts, until the transaction ends.

    Not the key: pages of contacts write rows that refer to the owner meanwhile.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)


def read_number(owner: User, raw: str) -> PhoneNumber:
    """Return the number, national ones as of the owner's country, or ImpossiblePhone."""
    try:
        number = parse_phone(raw, owner.country)
    except ImpossiblePhone as error:
        raise at_phone(ImpossiblePhone) from error
    if not number.is_mobile_possible:  # a contact proves the number by a text that arrives
        raise at_phone(ImpossiblePhone)
    return number


def refuse_number(owner: User, number: PhoneNumber) -> None:
    """Raise OwnNumber, StrangersNumber or NumberRefused for a number no contact can have."""
    index = phone_index(number.e164)
    if index == bytes(owner.phone_index):
        raise at_phone(OwnNumber)
    if number.e164 in _strangers_numbers(owner):
        raise at_phone(StrangersNumber)
    if has_refused(owner_id=owner.pk, phone_index=index):
        raise at_phone(NumberRefused)


def enter_pin_for(
    *, owner: User, weakens: bool, pin: str | None, now: datetime
) -> PinVerdict | None:
    """Judge a PIN that is given or needed; None when it is neither. Call outside a transaction.

    A PIN that is given always counts: the duress PIN must work wherever the app asks for one.
    """
    if pin is None and not (weakens and _has_meetup(owner)):
        return None
    return enter_pin(user=owner, pin=pin, now=now)


def record_verdict(
    *, owner: User, weakens: bool, verdict: PinVerdict | None, action: PinAction, now: datetime
) -> None:
    """Keep the entry, in the change's transaction and before the change.

    Raises PinRequired when a meetup was planned since the PIN was judged not to be needed.
    """
    if verdict is not None:
        record_entry(user=owner, action=action, verdict=verdict, now=now)
    elif weakens and _has_meetup(owner):
        raise PinRequired


def _has_meetup(owner: User) -> bool:
    return Meetup.objects.filter(owner=owner).not_ended().exists()


def _strangers_numbers(owner: User) -> set[str]:
    """Return the numbers, in E.164, of those the owner is about to meet."""
    meetups = Meetup.objects.filter(owner=owner).not_ended().select_related("data_key")
    found = (_strangers_number(meetup, owner) for meetup in meetups)
    return {number for number in found if number}


def _strangers_number(meetup: Meetup, owner: User) -> str | None:
    try:
        details = open_column(meetup, "sealed_details", key=meetup.data_key)
        raw = (details.get("stranger") or {}).get("phone")
        return parse_phone(raw, owner.country).e164 if raw else None
    except (CannotOpen, ImpossiblePhone):
        return None  # nothing to compare with


def use_adding_quota(owner: User, number: PhoneNumber, *, now: datetime) -> None:
    """Count one more number, or raise QuotaExceeded; call outside a transaction.

    Added and deleted over and over, a contact would be a way to have a stranger's number texted.
    """
    parts = (str(owner.pk), number.e164)
    for kind, subject, limit in (
        ("contact_number", parts, NUMBER_PER_DAY),
        ("contact_added", parts[:1], CONTACTS_PER_DAY),
    ):
        use_quota(
            kind=kind,
            subject_digest=index_digest(kind, *subject),
            limit=limit,
            window=DAY,
            now=now,
        )


@contextmanager
def verdict_kept(
    *, owner: User, verdict: PinVerdict | None, action: PinAction, now: datetime
) -> Iterator[None]:
    """Keep the entry also when the change itself is refused: a call for help is never undone."""
    try:
        yield
    except AlertsError:
        if verdict is not None:
            record_entry(user=owner, action=action, verdict=verdict, now=now)
        raise


def at_phone(error: type[AlertsError]) -> AlertsError:
    """Return the refusal, pointing at the number."""
    return error(errors=(FieldError("/phone", error.code, error.title),))
