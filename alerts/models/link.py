"""Capability links."""

from django.db import models

from alerts.models.fields import only_values_of, random_id, state_column
from alerts.sealing.tokens import LinkPurpose


class Link(models.Model):
    """A link somebody holds; the token is derived again when needed, only its digest is kept."""

    id = random_id()
    token_digest = models.BinaryField(unique=True)
    purpose = state_column(LinkPurpose)
    subject_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            only_values_of(LinkPurpose, "purpose", "link_purpose_known"),
            models.UniqueConstraint(
                fields=["purpose", "subject_id", "version"], name="one_link_per_version"
            ),
        ]
