"""Every state machine of Vigie: its states and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from alerts.domain.errors import ImpossibleMove

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[State, frozenset[State]]


class TimerState(StrEnum):
    """Where a check-in timer stands."""

    Armed = "armed"
    Overdue = "overdue"
    CheckedIn = "checked_in"
    Missed = "missed"
    Cancelled = "cancelled"


OPEN_TIMER_STATES = frozenset({TimerState.Armed, TimerState.Overdue})
TIMER_MOVES: Moves[TimerState] = {
    TimerState.Armed: frozenset(
        {TimerState.Overdue, TimerState.CheckedIn, TimerState.Missed, TimerState.Cancelled}
    ),
    TimerState.Overdue: frozenset({TimerState.CheckedIn, TimerState.Missed, TimerState.Cancelled}),
    TimerState.CheckedIn: frozenset(),
    TimerState.Missed: frozenset(),
    TimerState.Cancelled: frozenset(),
}


class MeetupState(StrEnum):
    """Where a meetup stands, as its owner is shown it."""

    Planned = "planned"
    Active = "active"
    Overdue = "overdue"
    Alerting = "alerting"
    Ended = "ended"


RUNNING_MEETUP_STATES = frozenset({MeetupState.Active, MeetupState.Overdue, MeetupState.Alerting})
MEETUP_MOVES: Moves[MeetupState] = {
    MeetupState.Planned: frozenset({MeetupState.Active, MeetupState.Alerting, MeetupState.Ended}),
    MeetupState.Active: frozenset({MeetupState.Overdue, MeetupState.Alerting, MeetupState.Ended}),
    MeetupState.Overdue: frozenset({MeetupState.Active, MeetupState.Alerting, MeetupState.Ended}),
    MeetupState.Alerting: frozenset({MeetupState.Active, MeetupState.Ended}),
    MeetupState.Ended: frozenset({MeetupState.Alerting}),  # an SOS is never refused
}


class MeetupKind(StrEnum):
    """Why the meetup exists: planned by its owner, or made by an SOS."""

    Planned = "planned"
    Sos = "sos"


class MeetupOutcome(StrEnum):
    """How a meetup ended, as its owner is shown it."""

    Safe = "safe"
    Cancelled = "cancelled"
    FalseAlarm = "false_alarm"
    ResolvedByOwner = "resolved_by_owner"
    ResolvedByContact = "resolved_by_contact"
    Unconfirmed = "unconfirmed"


class TimerKind(StrEnum):
    """Which promise the timer stands for."""

    Arrival = "arrival"
    Interval = "interval"
    End = "end"


class IncidentState(StrEnum):
    """Where an incident stands."""

    Open = "open"
    Acknowledged = "acknowledged"
    Resolved = "resolved"
    ClosedUnconfirmed = "closed_unconfirmed"


LIVE_INCIDENT_STATES = frozenset({IncidentState.Open, IncidentState.Acknowledged})
INCIDENT_MOVES: Moves[IncidentState] = {
    IncidentState.Open: frozenset(
        {IncidentState.Acknowledged, IncidentState.Resolved, IncidentState.ClosedUnconfirmed}
    ),
    IncidentState.Acknowledged: frozenset({IncidentState.Open, IncidentState.Resolved}),
    IncidentState.Resolved: frozenset({IncidentState.Open}),
    IncidentState.ClosedUnconfirmed: frozenset({IncidentState.Resolved}),
}


class Trigger(StrEnum):
    """What opened an incident; a higher rank takes over from a lower one."""

    MissedCheckIn = "missed_check_in"
    Sos = "sos"
    WrongPins = "wrong_pins"
    Duress = "duress"

    @property
    def rank(self) -> int:
        """The order in which triggers take over, lowest first."""
        return list(Trigger).index(self)

    @property
    def is_silent(self) -> bool:
        """Whether the owner's own views must never show it."""
        return self in {Trigger.WrongPins, Trigger.Duress}

    @property
    def is_urgent(self) -> bool:
        """Whether contacts must neither call nor write to the owner."""
        return self is not Trigger.MissedCheckIn


class ContactState(StrEnum):
    """What is known of a trusted contact's consent and number."""

    Invited = "invited"
    Accepted = "accepted"
    Confirmed = "confirmed"
    Unreachable = "unreachable"
    Refused = "refused"
    Lapsed = "lapsed"
    Stopped = "stopped"


CONTACT_MOVES: Moves[ContactState] = {
    ContactState.Invited: frozenset(
        {ContactState.Accepted, ContactState.Refused, ContactState.Lapsed, ContactState.Stopped}
    ),
    ContactState.Accepted: frozenset(
        {
            ContactState.Confirmed,
            ContactState.Refused,
            ContactState.Lapsed,
            ContactState.Stopped,
            ContactState.Invited,
        }
    ),
    ContactState.Confirmed: frozenset(
        {ContactState.Unreachable, ContactState.Stopped, ContactState.Invited}
    ),
    ContactState.Unreachable: frozenset(
        {ContactState.Confirmed, ContactState.Stopped, ContactState.Invited}
    ),
    ContactState.Refused: frozenset({ContactState.Stopped, ContactState.Invited}),
    ContactState.Lapsed: frozenset({ContactState.Stopped, ContactState.Invited}),
    ContactState.Stopped: frozenset({ContactState.Confirmed}),
}


class DeliveryState(StrEnum):
    """Where one message to one person by one channel stands."""

    Queued = "queued"
    Sending = "sending"
    Sent = "sent"
    Delivered = "delivered"
    Undelivered = "undelivered"
    Unknown = "unknown"
    Rejected = "rejected"
    Failed = "failed"
    Cancelled = "cancelled"


DELIVERY_MOVES: Moves[DeliveryState] = {
    DeliveryState.Queued: frozenset({DeliveryState.Sending, DeliveryState.Cancelled}),
    DeliveryState.Sending: frozenset(
        {
            DeliveryState.Sent,
            DeliveryState.Delivered,
            DeliveryState.Undelivered,
            DeliveryState.Unknown,
            DeliveryState.Queued,
            DeliveryState.Rejected,
            DeliveryState.Failed,
        }
    ),
    DeliveryState.Unknown: frozenset(
        {
            DeliveryState.Sent,
            DeliveryState.Delivered,
            DeliveryState.Undelivered,
            DeliveryState.Sending,
            DeliveryState.Failed,
        }
    ),
    DeliveryState.Sent: frozenset({DeliveryState.Delivered, DeliveryState.Undelivered}),
    DeliveryState.Delivered: frozenset(),
    DeliveryState.Undelivered: frozenset({DeliveryState.Delivered}),
    DeliveryState.Rejected: frozenset(),
    DeliveryState.Failed: frozenset(),
    DeliveryState.Cancelled: frozenset(),
}
ACCEPTED_DELIVERY_STATES = frozenset(
    {DeliveryState.Sent, DeliveryState.Delivered, DeliveryState.Undelivered}
)


class Channel(StrEnum):
    """How a message reaches a person."""

    Sms = "sms"
    Voice = "voice"
    Email = "email"
    Push = "push"


class Purpose(StrEnum):
    """What a delivery is for."""

    Alert = "alert"
    Repeat = "repeat"
    StandDown = "stand_down"
    Reminder = "reminder"
    Notice = "notice"
    Invitation = "invitation"
    Code = "code"
    Operator = "operator"


class RecipientKind(StrEnum):
    """Whom a delivery is for, and so where the number is found."""

    Responder = "responder"
    Contact = "contact"
    Owner = "owner"
    SignInCode = "sign_in_code"
    Operator = "operator"


class AcknowledgementEnd(StrEnum):
    """Why somebody is no longer on it."""

    Lapsed = "lapsed"
    HandedOver = "handed_over"
    Declined = "declined"
    TimerMissed = "timer_missed"
    Superseded = "superseded"


def ensure_move(moves: Moves[State], current: State, wanted: State) -> None:
    """Raise ImpossibleMove unless the table allows the move."""
    if wanted not in moves[current]:
        raise ImpossibleMove(current=current, wanted=wanted)
