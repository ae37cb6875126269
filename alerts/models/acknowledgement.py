"""Who is on it."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from alerts.domain.states import AcknowledgementEnd
from alerts.models.fields import random_id, state_column
from alerts.models.incident import Incident, Responder


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """Named filters."""

    def live(self) -> "AcknowledgementQuerySet":
        """Acknowledgements that have not ended."""
        return self.filter(ended_at__isnull=True)

    def lapsed(self, now: datetime) -> "AcknowledgementQuerySet":
        """Live ones whose last update is too long ago."""
        return self.live().filter(lapses_at__lte=now)


class Acknowledgement(models.Model):
    """A responder says "I am on it" until `lapses_at`; each update moves that on."""

    id = random_id()
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    responder = models.ForeignKey(
        Responder, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    acknowledged_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = state_column(AcknowledgementEnd, null=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["responder"],
                condition=Q(ended_at__isnull=True),
                name="one_live_acknowledgement_per_responder",
            )
        ]
