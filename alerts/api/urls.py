"""The addresses of the API, version 1."""

from django.urls import URLPattern, URLResolver, include, path

from alerts.api.accounts import Codes, CurrentSession, SessionDetail, Sessions
from alerts.api.contacts import (
    ContactDetail,
    Contacts,
    DrillContact,
    InviteContact,
    PreviewContact,
)
from alerts.api.incidents import IncidentDetail, Incidents, ResolveIncident
from alerts.api.me import Me, Pins, Readiness, RecoveryCodes, Resources
from alerts.api.meetups import CancelMeetup, EndMeetup, MeetupDetail, Meetups
from alerts.api.timers import CheckIn, Extend, MeetupSos, Positions, Sos

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("alerts.api.docs")),
    path("codes", Codes.as_view()),
    path("sessions", Sessions.as_view()),
    path("sessions/current", CurrentSession.as_view()),
    path("sessions/<uuid:session_id>", SessionDetail.as_view()),
    path("me", Me.as_view()),
    path("me/pins", Pins.as_view()),
    path("me/recovery-codes", RecoveryCodes.as_view()),
    path("me/readiness", Readiness.as_view()),
    path("resources", Resources.as_view()),
    path("contacts", Contacts.as_view()),
    path("contacts/<uuid:contact_id>", ContactDetail.as_view()),
    path("contacts/<uuid:contact_id>/invite", InviteContact.as_view()),
    path("contacts/<uuid:contact_id>/drill", DrillContact.as_view()),
    path("contacts/<uuid:contact_id>/preview", PreviewContact.as_view()),
    path("meetups", Meetups.as_view()),
    path("meetups/<uuid:meetup_id>", MeetupDetail.as_view()),
    path("meetups/<uuid:meetup_id>/check-in", CheckIn.as_view()),
    path("meetups/<uuid:meetup_id>/end", EndMeetup.as_view()),
    path("meetups/<uuid:meetup_id>/cancel", CancelMeetup.as_view()),
    path("meetups/<uuid:meetup_id>/extend", Extend.as_view()),
    path("meetups/<uuid:meetup_id>/sos", MeetupSos.as_view()),
    path("meetups/<uuid:meetup_id>/positions", Positions.as_view()),
    path("sos", Sos.as_view()),
    path("incidents", Incidents.as_view()),
    path("incidents/<uuid:incident_id>", IncidentDetail.as_view()),
    path("incidents/<uuid:incident_id>/resolve", ResolveIncident.as_view()),
]
