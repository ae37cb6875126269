"""Counters of what is limited."""

from django.db import models


class Quota(models.Model):
    """How often something was done in a window, by a subject known only by its digest."""

    kind = models.CharField(max_length=32)
    subject = models.BinaryField()
    window_started_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "window_started_at"], name="one_quota_per_window"
            )
        ]
        indexes = [models.Index(fields=["window_started_at"], name="quota_window")]
