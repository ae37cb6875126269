"""The catalogue of refusals: each a fact with a stable code. HTTP is not known here."""

from alerts.domain.errors.base import (
    AlertsError,
    FieldError,
    ImpossibleMove,
    InvalidInput,
    NotFound,
)
from alerts.domain.errors.contacts import (
    ContactNotAvailable,
    ContactNotConfirmed,
    DrillNotPossible,
    DuplicateContact,
    InvitationNotPossible,
    NumberRefused,
    OwnNumber,
    StrangersNumber,
    TooManyContacts,
    TooManyUnconfirmed,
)
from alerts.domain.errors.meetups import (
    DeadlineOutOfRange,
    ExtensionTooLong,
    GraceNotOffered,
    IncidentOpen,
    MeetupEnded,
    MeetupNotStarted,
    MeetupsOverlap,
    NoIncident,
    NoOpenTimer,
    NotPossibleNow,
    OffsetRequired,
)
from alerts.domain.errors.people import (
    CodeWrong,
    CountryNotServed,
    FreshSignInRequired,
    ImpossiblePhone,
    LatinFormRequired,
    NumberTaken,
    PinLocked,
    PinRequired,
    PinsRequired,
    PinsTooAlike,
    PinWrong,
    QuotaExceeded,
)
from alerts.domain.errors.requests import IdempotencyConflict, IdempotencyMismatch

__all__ = [
    "AlertsError",
    "CodeWrong",
    "ContactNotAvailable",
    "ContactNotConfirmed",
    "CountryNotServed",
    "DeadlineOutOfRange",
    "DrillNotPossible",
    "DuplicateContact",
    "ExtensionTooLong",
    "FieldError",
    "FreshSignInRequired",
    "GraceNotOffered",
    "IdempotencyConflict",
    "IdempotencyMismatch",
    "ImpossibleMove",
    "ImpossiblePhone",
    "IncidentOpen",
    "InvalidInput",
    "InvitationNotPossible",
    "LatinFormRequired",
    "MeetupEnded",
    "MeetupNotStarted",
    "MeetupsOverlap",
    "NoIncident",
    "NoOpenTimer",
    "NotFound",
    "NotPossibleNow",
    "NumberRefused",
    "NumberTaken",
    "OffsetRequired",
    "OwnNumber",
    "PinLocked",
    "PinRequired",
    "PinWrong",
    "PinsRequired",
    "PinsTooAlike",
    "QuotaExceeded",
    "StrangersNumber",
    "TooManyContacts",
    "TooManyUnconfirmed",
    "all_error_classes",
]


def all_error_classes() -> list[type[AlertsError]]:
    """Every class of the catalogue, the base included."""
    found: list[type[AlertsError]] = [AlertsError]
    for error in found:
        found.extend(error.__subclasses__())
    return found
