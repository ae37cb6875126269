"""Signing in: by a code to the phone, or by a recovery code from another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from alerts.domain.errors import CodeWrong, NotFound
from alerts.domain.events import EventKind
from alerts.domain.languages import language_of
from alerts.domain.local_time import zone_for_country
from alerts.domain.states import Purpose, Trigger
from alerts.domain.texts import TextId
from alerts.models import OwnerIncident, Session, User
from alerts.models.sealed import Document, create_data_key, seal_column
from alerts.sealing.digests import index_digest, phone_index
from alerts.services.accounts.codes import parse_served_number, redeem_code
from alerts.services.accounts.recovery import redeem_recovery_code
from alerts.services.outbox import Order, enqueue
from alerts.services.quotas import use_quota
from alerts.services.timeline import record_event

RECOVERIES_PER_HOUR = 10
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SignedIn:
    """A new session; the token is shown this once."""

    token: str
    user: User


def sign_in_by_code(*, code_id: UUID, code: str, device_name: str, now: datetime) -> SignedIn:
    """Open a session by a code; the account is made at the first success. Raises CodeWrong."""
    destination = redeem_code(code_id=code_id, digits=code, now=now)
    user = _find_or_make_user(destination, now=now)
    return _open_session(user, device_name, now=now)


def sign_in_by_recovery_code(
    *, phone: str, recovery_code: str, device_name: str, address: str, now: datetime
) -> SignedIn:
    """Open a session without the phone. Raises CodeWrong and QuotaExceeded."""
    number = parse_served_number(phone)
    for kind, subject in (("recovery_phone", number.e164), ("recovery_address", address)):
        use_quota(
            kind=kind,
            subject_digest=index_digest(kind, subject),
            limit=RECOVERIES_PER_HOUR,
            window=HOUR,
            now=now,
        )
    user = User.objects.filter(phone_index=phone_index(number.e164), is_active=True).first()
    user_id = user.pk if user else uuid4()  # the same statements for a number without account
    is_right = redeem_recovery_code(user_id=user_id, code=recovery_code, now=now)
    if user is None or not is_right:
        raise CodeWrong
    return _open_session(user, device_name, now=now)


@transaction.atomic
def revoke_session(*, owner: User, session_id: UUID, now: datetime) -> None:
    """Sign a device out; timers are never touched. Raises NotFound."""
    deleted, _ = Session.objects.filter(user=owner, id=session_id).delete()
    if not deleted:
        raise NotFound
    record_event(EventKind.SessionRevoked, now=now, user_id=owner.pk)


def note_seen(session: Session, *, now: datetime) -> None:
    """Note when a device was last heard of, for the owner's list of devices."""
    Session.objects.filter(pk=session.pk).update(last_seen_at=now)


def _find_or_make_user(destination: Document, *, now: datetime) -> User:
    index = phone_index(destination["phone"])
    user = User.objects.filter(phone_index=index).first()
    if user is not None:
        return user
    try:
        return _make_user(destination, index, now=now)
    except IntegrityError:  # somebody with the same phone was a moment faster
        return User.objects.get(phone_index=index)


@transaction.atomic
def _make_user(destination: Document, index: bytes, *, now: datetime) -> User:
    country = destination["country"]
    user = User(
        id=uuid4(),
        phone_index=index,
        data_key=create_data_key(now=now),
        language=language_of(destination["language"]),
        time_zone=zone_for_country(country),
        country=country,
        created_at=now,
    )
    profile = {"phone": destination["phone"], "display_name": "", "email": None}
    seal_column(user, "sealed_profile", profile, key=user.data_key)
    user.save(force_insert=True)
    return user


@transaction.atomic
def _open_session(user: User, device_name: str, *, now: datetime) -> SignedIn:
    has_others = Session.objects.filter(user=user).exists()
    session, token = Session.objects.create(user, last_seen_at=now)
    seal_column(session, "sealed_device", {"name": device_name}, key=user.data_key)
    session.save(update_fields=["sealed_device"])
    record_event(EventKind.SignedIn, now=now, user_id=user.pk)
    if has_others and not _is_to_be_left_alone(user):
        order = Order(
            dedupe_key=f"session:{session.id}:S24:sms",
            text=TextId.OwnerNewSession,
            purpose=Purpose.Notice,
            due_at=now,
            user_id=user.pk,
            recipient_index=bytes(user.phone_index),
            instant=now,
        )
        enqueue([order], now=now)
    return SignedIn(token=token, user=user)


def _is_to_be_left_alone(user: User) -> bool:
    """Whether the owner has asked for help: then nothing lights up their phone."""
    shown = OwnerIncident.objects.filter(owner=user, trigger=Trigger.Sos, resolved_at=None)
    return shown.exists()
