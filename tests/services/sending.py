"""Helpers for tests of sending: rows that are due, attempts without a network."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts.delivery.outcomes import Accepted, Outcome
from alerts.domain.states import Purpose, RecipientKind
from alerts.models import Delivery, SignInCode
from alerts.models.sealed import create_data_key, seal_column
from alerts.services.sending.dispatch import Claimed, claim
from alerts.services.sending.settlement import Settlement, settle
from tests.factories import DeliveryFactory, french_mobile

LATER = timedelta(seconds=31)  # after any lease


def take(now: datetime, *, limit: int = 100) -> list[Claimed]:
    """Claim everything that is due."""
    return claim(limit=limit, now=now)


def take_one(now: datetime) -> Claimed:
    """Claim the only delivery that is due."""
    (claimed,) = take(now)
    return claimed


def write(claims: Iterable[Claimed], outcome: Outcome, *, now: datetime) -> int:
    """Settle all of these alike."""
    return settle([Settlement(claimed, outcome) for claimed in claims], now=now)


def accept(claimed: Claimed, *, now: datetime, reference: str = "SM1") -> int:
    """Settle one as taken by the provider."""
    return write([claimed], Accepted("twilio", reference), now=now)


def fresh(delivery: Delivery) -> Delivery:
    """Return the row as it stands now."""
    return Delivery.objects.get(pk=delivery.pk)


def code_delivery(now: datetime, *, digits: str = "123456", number: int = 1) -> Delivery:
    """Return a queued sign-in code."""
    key = create_data_key(now=now)
    code = SignInCode(
        phone_index=b"index",
        data_key=key,
        code_mac=b"mac",
        created_at=now,
        expires_at=now + timedelta(minutes=10),
    )
    destination = {"phone": french_mobile(number), "country": "FR", "language": "fr"}
    seal_column(code, "sealed_destination", destination, key=key)
    seal_column(code, "sealed_digits", {"digits": digits}, key=key)
    code.save(force_insert=True)
    return DeliveryFactory.create(
        text="S17",
        purpose=Purpose.Code,
        recipient_kind=RecipientKind.SignInCode,
        responder=None,
        incident=None,
        sign_in_code=code,
        created_at=now,
    )
