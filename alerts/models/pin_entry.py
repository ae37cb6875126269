"""Calls that took a PIN."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.models.fields import random_id, remembered
from alerts.models.meetup import Meetup
from alerts.models.sealed import data_key_field, sealed_field


class PinEntryQuerySet(models.QuerySet["PinEntry"]):
    """Named filters."""

    def due(self, now: datetime) -> "PinEntryQuerySet":
        """Entries whose meaning the watcher has not carried out yet."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at")


class PinEntry(models.Model):
    """One right PIN, true or duress: the row is the same, only the sealed verdict differs.

    `sealed_verdict`: is_duress, is_wrong_pins. `sealed_snapshot`: contacts and details before the
    change.
    """

    id = random_id()
    user = remembered(settings.AUTH_USER_MODEL, related_name="+")
    meetup = remembered(Meetup, related_name="+")
    data_key = data_key_field()
    sealed_verdict = sealed_field()
    sealed_snapshot = sealed_field()
    action = models.CharField(max_length=24)
    entered_at = models.DateTimeField()
    next_action_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)

    objects = PinEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_action_at"],
                name="pin_entry_next_action_at",
                condition=Q(next_action_at__isnull=False),
            )
        ]
