"""Refusals about trusted contacts."""

from alerts.domain.errors.base import AlertsError, InvalidInput


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


class ContactNotAvailable(AlertsError):
    """One of the contacts refused, stopped, or never answered in time."""

    code = "contact_not_available"
    title = "One of the contacts has refused, stopped, or never answered."


class TooManyUnconfirmed(AlertsError):
    """At most three contacts of a meetup may still be unconfirmed."""

    code = "too_many_unconfirmed"
    title = "At most three contacts of a meetup may still be unconfirmed."
