"""Where the owner's phone was."""

from django.db import models

from alerts.models.fields import random_id
from alerts.models.meetup import Meetup
from alerts.models.sealed import sealed_field


class Position(models.Model):
    """One fix, under the meetup's key: latitude, longitude, accuracy_m, battery_percent."""

    id = random_id()
    meetup = models.ForeignKey(Meetup, on_delete=models.CASCADE, related_name="positions")
    sealed_fix = sealed_field()
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["meetup", "-recorded_at"], name="position_of_meetup")]
