"""Tables: columns, constraints and named filters, nothing else."""

from alerts.models.acknowledgement import Acknowledgement
from alerts.models.contact import Contact
from alerts.models.data_key import DataKey
from alerts.models.delivery import Delivery, Receipt
from alerts.models.event import Event
from alerts.models.heartbeat import Heartbeat
from alerts.models.idempotency_key import IdempotencyKey
from alerts.models.incident import Incident, OwnerIncident, Responder
from alerts.models.link import Link
from alerts.models.meetup import Meetup, MeetupContact
from alerts.models.pin_entry import PinEntry
from alerts.models.position import Position
from alerts.models.quota import Quota
from alerts.models.refusal import Refusal
from alerts.models.session import Session
from alerts.models.sign_in_code import RecoveryCode, SignInCode
from alerts.models.timer import CheckInTimer
from alerts.models.user import User

__all__ = [
    "Acknowledgement",
    "CheckInTimer",
    "Contact",
    "DataKey",
    "Delivery",
    "Event",
    "Heartbeat",
    "IdempotencyKey",
    "Incident",
    "Link",
    "Meetup",
    "MeetupContact",
    "OwnerIncident",
    "PinEntry",
    "Position",
    "Quota",
    "Receipt",
    "RecoveryCode",
    "Refusal",
    "Responder",
    "Session",
    "SignInCode",
    "User",
]
