"""The keys that sealed columns are opened with."""

from django.db import models

from alerts.models.fields import random_id


class DataKey(models.Model):
    """One key for one meetup, profile, contact, incident…; `wrapped` is null once destroyed."""

    id = random_id()
    wrapped = models.BinaryField(null=True)
    master_key_id = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
