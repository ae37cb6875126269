"""Signs of life of the processes that alerts depend on."""

from django.db import models


class Heartbeat(models.Model):
    """When each part (`sweep`, `sender`, …) last finished a round."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
