"""Refusals about meetups, timers and incidents."""

from alerts.domain.errors.base import AlertsError, InvalidInput


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
