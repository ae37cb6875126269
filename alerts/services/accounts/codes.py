"""Sign-in codes: six digits sent to a phone; five guesses, one use, ten minutes."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from alerts.conf import alerts_settings
from alerts.domain.errors import (
    AlertsError,
    CodeWrong,
    CountryNotServed,
    FieldError,
    ImpossiblePhone,
)
from alerts.domain.phone_numbers import PhoneNumber, parse_phone
from alerts.domain.states import Purpose
from alerts.domain.texts import TextId
from alerts.models import DataKey, SignInCode
from alerts.models.sealed import Document, create_data_key, open_column, seal_column
from alerts.sealing.digests import index_digest, phone_index
from alerts.sealing.keys import CannotOpen
from alerts.services.outbox import Order, enqueue
from alerts.services.quotas import use_quota

DIGITS = 6
MOST_GUESSES = 5
VALID_PERIOD = timedelta(minutes=10)
HOUR = timedelta(hours=1)
CODES_PER_COUNTRY_PER_HOUR = 2000


@dataclass(frozen=True)
class CodeRequest:
    """What the answer to a request for a code says; the same for every number."""

    id: UUID
    expires_in: timedelta


def request_code(*, phone: str, address: str, language: str, now: datetime) -> CodeRequest:
    """Send a code to a number, whether or not somebody has an account under it.

    Raises ImpossiblePhone, CountryNotServed and QuotaExceeded, none of which tell about accounts.
    """
    number = parse_served_number(phone)
    _use_quotas(number, address, now=now)
    return _store_code(number, language, now=now)


def parse_served_number(phone: str) -> PhoneNumber:
    """Return a number that can get texts, or raise ImpossiblePhone or CountryNotServed."""
    countries = alerts_settings().allowed_countries
    try:
        number = parse_phone(phone, countries[0])
    except ImpossiblePhone as error:
        raise _at_phone(ImpossiblePhone) from error
    if not number.is_mobile_possible:
        raise _at_phone(ImpossiblePhone)
    if number.country not in countries:
        raise _at_phone(CountryNotServed)
    return number


def redeem_code(*, code_id: UUID, digits: str, now: datetime) -> Document:
    """Use a code up and return where it was sent: phone, country, language.

    A guess is counted before it is compared, for good; raises CodeWrong for whatever is wrong.
    """
    code = _spend_guess(code_id, now=now)
    if code is None or not hmac.compare_digest(bytes(code.code_mac), _mac(code_id, digits)):
        raise CodeWrong
    if not _use_up(code_id, now=now):
        raise CodeWrong
    try:
        return open_column(code, "sealed_destination", key=code.data_key)
    except CannotOpen as error:
        raise CodeWrong from error


@transaction.atomic
def forget_codes(*, now: datetime, limit: int = 1000) -> int:
    """Erase what is sealed about codes whose time is over; return how many there were."""
    past = SignInCode.objects.filter(expires_at__lte=now, sealed_destination__isnull=False)
    rows = list(past.select_for_update(skip_locked=True).values_list("pk", "data_key_id")[:limit])
    SignInCode.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        sealed_digits=None, sealed_destination=None
    )
    DataKey.objects.filter(pk__in=[key_id for _, key_id in rows]).update(
        wrapped=None, destroyed_at=now
    )
    return len(rows)


def _at_phone(error: type[AlertsError]) -> AlertsError:
    return error(errors=(FieldError("/phone", error.code, error.title),))


def _use_quotas(number: PhoneNumber, address: str, *, now: datetime) -> None:
    settings = alerts_settings()
    quotas = (
        ("code_phone", number.e164, settings.codes_per_phone_per_hour),
        ("code_address", address, settings.codes_per_address_per_hour),
        ("code_country", number.country, CODES_PER_COUNTRY_PER_HOUR),
    )
    for kind, subject, limit in quotas:
        digest = index_digest(kind, subject)
        use_quota(kind=kind, subject_digest=digest, limit=limit, window=HOUR, now=now)


@transaction.atomic
def _store_code(number: PhoneNumber, language: str, *, now: datetime) -> CodeRequest:
    code_id = uuid4()
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code = SignInCode(
        id=code_id,
        phone_index=phone_index(number.e164),
        data_key=create_data_key(now=now),
        code_mac=_mac(code_id, digits),
        created_at=now,
        expires_at=now + VALID_PERIOD,
    )
    destination = {"phone": number.e164, "country": number.country, "language": language}
    seal_column(code, "sealed_destination", destination, key=code.data_key)
    seal_column(code, "sealed_digits", {"digits": digits}, key=code.data_key)
    code.save(force_insert=True)
    order = Order(
        dedupe_key=f"code:{code_id}:sms",
        text=TextId.SignInCode,
        purpose=Purpose.Code,
        due_at=now,
        sign_in_code_id=code_id,
        recipient_index=bytes(code.phone_index),
    )
    enqueue([order], now=now)
    return CodeRequest(id=code_id, expires_in=VALID_PERIOD)


@transaction.atomic(durable=True)
def _spend_guess(code_id: UUID, *, now: datetime) -> SignInCode | None:
    """Count a guess if one is left; of any number at once no more than five are."""
    is_counted = SignInCode.objects.filter(
        pk=code_id, guesses__lt=MOST_GUESSES, used_at=None, expires_at__gt=now
    ).update(guesses=F("guesses") + 1)
    if not is_counted:
        return None
    return SignInCode.objects.select_related("data_key").get(pk=code_id)


@transaction.atomic(durable=True)
def _use_up(code_id: UUID, *, now: datetime) -> bool:
    return SignInCode.objects.filter(pk=code_id, used_at=None).update(used_at=now) == 1


def _mac(code_id: UUID, digits: str) -> bytes:
    return index_digest("sign_in_code", str(code_id), digits)
