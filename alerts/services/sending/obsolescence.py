"""Whether a message has lost its point since it was queued: judged when it is about to leave."""

from datetime import datetime

from alerts.domain.states import (
    LIVE_INCIDENT_STATES,
    OPEN_TIMER_STATES,
    ContactState,
    IncidentState,
    Purpose,
    TimerState,
)
from alerts.domain.texts import TextId
from alerts.models import Contact, Delivery, Incident, Responder, SignInCode

ENDED = frozenset({IncidentState.Resolved, IncidentState.ClosedUnconfirmed})
TELLING = frozenset({Purpose.Alert, Purpose.Repeat})
ALWAYS_ANSWERED = frozenset({TextId.Stopped, TextId.CannotAct})
UNASKED_STATES = frozenset({ContactState.Refused, ContactState.Stopped})
PROVABLE_STATES = frozenset({ContactState.Accepted, ContactState.Unreachable})


def is_obsolete(delivery: Delivery, *, now: datetime) -> bool:
    """Whether this message must not leave any more; its rows come loaded with it."""
    if delivery.sign_in_code is not None and is_code_over(delivery.sign_in_code, now=now):
        return True
    if delivery.contact is not None and _is_unwanted(delivery, delivery.contact):
        return True
    if delivery.responder is not None and _has_left(delivery, delivery.responder):
        return True
    if delivery.incident is not None and _is_overtaken(delivery, delivery.incident):
        return True
    return _is_reminder_over(delivery, now=now)


def is_code_over(code: SignInCode, *, now: datetime) -> bool:
    """Whether a sign-in code is used up or too old to be typed in."""
    return code.used_at is not None or code.expires_at <= now


def _is_unwanted(delivery: Delivery, contact: Contact) -> bool:
    if delivery.text in ALWAYS_ANSWERED:
        return False
    if delivery.text == TextId.InviteByService:
        return bool(contact.state != ContactState.Invited)
    if delivery.text == TextId.Drill and _is_being_alerted(contact):
        return True  # "this is a test" would pass for the explanation of the alert
    if delivery.text == TextId.ProveNumber:
        return contact.state not in PROVABLE_STATES
    return contact.state in UNASKED_STATES


def _is_being_alerted(contact: Contact) -> bool:
    """Whether an incident is live for this contact, which its owner may know nothing of."""
    return Responder.objects.filter(
        contact_id_at_opening=contact.pk, incident__state__in=LIVE_INCIDENT_STATES
    ).exists()


def _has_left(delivery: Delivery, responder: Responder) -> bool:
    """Whether the responder wants nothing more: all, or all but the end for one who declined."""
    if delivery.text in ALWAYS_ANSWERED:
        return False
    if responder.stopped_at is not None or _has_said_no(responder.contact):
        return True
    if responder.declined_at is None or delivery.purpose == Purpose.StandDown:
        return False
    return delivery.created_at <= responder.declined_at  # an upgrade tells them again, later


def _has_said_no(contact: Contact | None) -> bool:
    return contact is not None and contact.state in UNASKED_STATES


def _is_overtaken(delivery: Delivery, incident: Incident) -> bool:
    """Whether the incident has moved past what the message says."""
    if delivery.text == TextId.SomebodyActs:
        return bool(incident.state != IncidentState.Acknowledged)
    is_asking = delivery.text == TextId.AcknowledgementEnded or (
        delivery.purpose == Purpose.Repeat and delivery.plan_step is not None
    )
    if is_asking:  # "can you act?", while somebody does
        return bool(incident.state != IncidentState.Open)
    return delivery.purpose in TELLING and incident.state in ENDED


def _is_reminder_over(delivery: Delivery, *, now: datetime) -> bool:
    timer = delivery.timer
    if timer is None or delivery.purpose != Purpose.Reminder:
        return False
    if delivery.text == TextId.OwnerReminder:
        return timer.state != TimerState.Armed or timer.due_at <= now
    if delivery.text == TextId.OwnerOverdue:
        return timer.state not in OPEN_TIMER_STATES or timer.due_at > now
    return timer.state not in OPEN_TIMER_STATES
