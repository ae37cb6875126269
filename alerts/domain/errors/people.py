"""Refusals about people: numbers, codes, PINs."""

from alerts.domain.errors.base import AlertsError, InvalidInput


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


class NumberTaken(AlertsError):
    """Another account has this number."""

    code = "number_taken"
    title = "Another account has this number."


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
