"""The append-only timeline."""

import pgtrigger
from django.conf import settings
from django.db import models

from alerts.models.incident import Incident
from alerts.models.meetup import Meetup


class Event(models.Model):
    """Something that happened: kind, when, ids. Never names, numbers, places or texts.

    Events with an incident belong to it and may be hidden from the owner; those without belong to
    the owner's own timeline.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    meetup = models.ForeignKey(Meetup, null=True, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.CASCADE, related_name="events"
    )
    responder_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["meetup", "at"], name="event_of_meetup"),
            models.Index(fields=["incident", "at"], name="event_of_incident"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]
