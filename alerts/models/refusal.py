"""Numbers that said no."""

from django.conf import settings
from django.db import models


class Refusal(models.Model):
    """A number that refused or stopped: this owner can never have it texted again.

    It outlives the contact, who may have asked for erasure: only the keyed look-up value is kept.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    phone_index = models.BinaryField()
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "phone_index"], name="one_refusal_per_owner_and_number"
            )
        ]
