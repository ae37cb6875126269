"""What owners are shown of their own account."""

from datetime import datetime, timedelta

from alerts.conf import alerts_settings
from alerts.delivery.registry import is_channel_available
from alerts.domain.states import Channel, ContactState
from alerts.models import Contact, Heartbeat, Session, User
from alerts.models.sealed import Document, open_column
from alerts.sealing.keys import CannotOpen

PULSE_PERIOD = timedelta(seconds=30)
PARTS = ("sweep", "sender")
UNREADABLE: Document = {"phone": None, "display_name": None, "email": None}
SETTINGS = ("pin_for_every_check_in", "sos_gives_place", "reminder_call", "positions_kept_hours")


def describe_user(user: User, *, now: datetime) -> Document:
    """Return the account; what cannot be opened any more is null."""
    return {
        **_open_profile(user),
        "id": str(user.pk),
        "language": user.language,
        "time_zone": user.time_zone,
        "country": user.country,
        "settings": {name: getattr(user, name) for name in SETTINGS},
        "has_pins": bool(user.pin_hash),
        "new_pins_at": user.new_pins_at if user.new_pins_at and user.new_pins_at > now else None,
        "created_at": user.created_at,
        "simulated": alerts_settings().is_simulated,
        "server_time": now,
    }


def describe_sessions(user: User, *, current: Session) -> list[Document]:
    """Return the signed-in devices, the latest first."""
    return [
        {
            "id": session.id,
            "device_name": _device_name(session, user),
            "created_at": session.created,
            "last_seen_at": session.last_seen_at,
            "is_current": session.pk == current.pk,
        }
        for session in Session.objects.filter(user=user).order_by("-created")
    ]


def describe_readiness(user: User, *, now: datetime) -> Document:
    """Return what would work tonight and what would not."""
    checks = [
        _check("pins", bool(user.pin_hash), "Both PINs are set."),
        *_contact_checks(user),
        _check("sms", is_channel_available(Channel.Sms), "Texts can be sent."),
        _check("watcher", _has_pulse(now=now), "Deadlines are being watched."),
    ]
    return {
        "ready": all(check["ok"] for check in checks),
        "checks": checks,
        "simulated": alerts_settings().is_simulated,
        "server_time": now,
    }


def _contact_checks(user: User) -> list[Document]:
    states = list(Contact.objects.filter(owner=user).values_list("state", flat=True))
    return [
        _check(
            "confirmed_contact",
            ContactState.Confirmed in states,
            f"{states.count(ContactState.Confirmed)} contacts have proved their number.",
        ),
        _check(
            "reachable_contacts",
            ContactState.Unreachable not in states,
            f"{states.count(ContactState.Unreachable)} contacts cannot be reached by text.",
        ),
    ]


def _has_pulse(*, now: datetime) -> bool:
    fresh = Heartbeat.objects.filter(part__in=PARTS, at__gt=now - PULSE_PERIOD)
    return fresh.count() == len(PARTS)


def _check(code: str, ok: bool, detail: str) -> Document:  # noqa: FBT001 - the check's result
    return {"code": code, "ok": ok, "detail": detail}


def _device_name(session: Session, user: User) -> str:
    try:
        return str(open_column(session, "sealed_device", key=user.data_key)["name"])
    except CannotOpen:
        return ""


def _open_profile(user: User) -> Document:
    try:
        profile = open_column(user, "sealed_profile", key=user.data_key)
    except CannotOpen:
        return UNREADABLE
    return {name: profile[name] for name in UNREADABLE}
