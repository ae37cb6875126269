"""The catalogue of refusals: each a fact with a stable code. HTTP is not known here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its JSON pointer, a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


class AlertsError(Exception):
    """A refusal that the caller can understand by its code."""

    code = "refused"
    title = "The request was refused."

    def __init__(self, detail: str = "", *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors


class ImpossibleMove(AlertsError):
    """The state machine has no such move."""

    code = "impossible_move"
    title = "This is not possible in the present state."

    def __init__(self, *, current: str, wanted: str) -> None:
        super().__init__(f"{current} does not lead to {wanted}.")


class InvalidInput(AlertsError):
    """A value that cannot be accepted; `errors` says which."""

    code = "invalid"
    title = "A value cannot be accepted."


class NotFound(AlertsError):
    """There is no such thing, or it is somebody else's."""

    code = "not_found"
    title = "There is no such thing."


# --- people ---------------------------------------------------------------------------------


class ImpossiblePhone(InvalidInput):
    """The number cannot exist, or cannot receive a text."""

    code = "impossible_phone_number"
    title = "This phone number cannot exist or cannot receive texts."


class CountryNotServed(InvalidInput):
    """The operator does not serve numbers of this country."""

    code = "country_not_served"
    title = "Numbers of this country are not served."


class LatinFormRequired(InvalidInput):
    """Nothing of the name is left in the alphabet of text messages."""

    code = "latin_form_required"
    title = "Give this name in Latin letters too: nothing of it would be left in a text."


class CodeWrong(AlertsError):
    """The code is wrong, used, too old or guessed too often: never said which."""

    code = "code_wrong"
    title = "This code is not valid."


class QuotaExceeded(AlertsError):
    """Too many of these for now."""

    code = "quota_exceeded"
    title = "Too many requests of this kind for now."

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class PinsRequired(AlertsError):
    """The owner has not set both PINs yet."""

    code = "pins_required"
    title = "Set your PIN and your duress PIN first."


class PinsTooAlike(InvalidInput):
    """The two PINs differ in length or in fewer than two digits."""

    code = "pins_too_alike"
    title = "The two PINs have the same length and differ in two digits or more."


class PinRequired(AlertsError):
    """The call needs the PIN."""

    code = "pin_required"
    title = "This needs your PIN."


class PinWrong(AlertsError):
    """The PIN is wrong."""

    code = "pin_wrong"
    title = "This PIN is not right."


class PinLocked(AlertsError):
    """Too many wrong PINs; one entry a minute is evaluated."""

    code = "pin_locked"
    title = "Too many wrong entries; try again in a minute."

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class FreshSignInRequired(AlertsError):
    """Only a session signed in a moment ago may do this."""

    code = "fresh_sign_in_required"
    title = "Sign in again first."


# --- contacts -------------------------------------------------------------------------------


class TooManyContacts(AlertsError):
    """Ten trusted contacts at most."""

    code = "too_many_contacts"
    title = "Ten trusted contacts at most."


class OwnNumber(InvalidInput):
    """A contact cannot have the owner's own number."""

    code = "own_number"
    title = "This is your own number."


class StrangersNumber(InvalidInput):
    """A contact cannot have the number of the person to be met."""

    code = "strangers_number"
    title = "This is the number of the person you are going to meet."


class DuplicateContact(AlertsError):
    """There is a contact with this number already."""

    code = "duplicate_contact"
    title = "You have a contact with this number already."


class NumberRefused(AlertsError):
    """Whoever has this number said no to this owner, and is never written to again."""

    code = "number_refused"
    title = "The person with this number has said no."


class InvitationNotPossible(AlertsError):
    """The contact's state, or an invitation already sent, does not allow it."""

    code = "invitation_not_possible"
    title = "No invitation can be sent to this contact now."


class ContactNotConfirmed(AlertsError):
    """At least one contact must have confirmed their number."""

    code = "contact_not_confirmed"
    title = "At least one contact has to confirm their number first."


class DrillNotPossible(AlertsError):
    """Only a contact who has confirmed gets a test, and none while an incident is open."""

    code = "drill_not_possible"
    title = "No test can be sent to this contact now."


class TooManyUnconfirmed(AlertsError):
    """At most three contacts of a meetup may still be unconfirmed."""

    code = "too_many_unconfirmed"
    title = "At most three contacts of a meetup may still be unconfirmed."


# --- meetups and timers ---------------------------------------------------------------------


class OffsetRequired(InvalidInput):
    """A date-time without an offset has no meaning here."""

    code = "offset_required"
    title = "Give the date-time with an offset."


class DeadlineOutOfRange(InvalidInput):
    """A start or deadline outside of what can be promised."""

    code = "deadline_out_of_range"
    title = "This start or deadline is outside of what is possible."


class GraceNotOffered(InvalidInput):
    """The grace period is none of those offered."""

    code = "grace_not_offered"
    title = "This grace period is not offered."


class MeetupsOverlap(AlertsError):
    """Two meetups of one owner do not overlap."""

    code = "meetups_overlap"
    title = "Another meetup of yours is at that time."


class MeetupEnded(AlertsError):
    """The meetup is over."""

    code = "meetup_ended"
    title = "This meetup is over."


class MeetupNotStarted(AlertsError):
    """The meetup has not begun."""

    code = "meetup_not_started"
    title = "This meetup has not begun."


class IncidentOpen(AlertsError):
    """An incident is open; that is not possible while it is."""

    code = "incident_open"
    title = "An incident is open."


class NoIncident(AlertsError):
    """There is no open incident to act on."""

    code = "no_incident"
    title = "There is no open incident."


class NoOpenTimer(AlertsError):
    """There is no open timer."""

    code = "no_open_timer"
    title = "There is no open timer."


class ExtensionTooLong(AlertsError):
    """Without the PIN at most 30 minutes in all, with it at most twelve hours after the start."""

    code = "extension_too_long"
    title = "That is more than can be added."


class NotPossibleNow(AlertsError):
    """The page's action does not fit the state any more."""

    code = "not_possible_now"
    title = "That is not possible any more."


# --- requests -------------------------------------------------------------------------------


class IdempotencyConflict(AlertsError):
    """The first request with this key is still under way."""

    code = "idempotency_in_flight"
    title = "The first request with this key is still being answered."


class IdempotencyMismatch(AlertsError):
    """The key was used with another request."""

    code = "idempotency_mismatch"
    title = "This key was used with another request."


def all_error_classes() -> list[type[AlertsError]]:
    """Every class of the catalogue, the base included."""
    found: list[type[AlertsError]] = [AlertsError]
    for error in found:
        found.extend(error.__subclasses__())
    return found
