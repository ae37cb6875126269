"""Signed-in devices."""

from uuid import uuid4

from django.db import models
from knox.models import AbstractAuthToken

from alerts.models.sealed import sealed_field


class Session(AbstractAuthToken):  # type: ignore[misc]  # knox has no types
    """A revocable sign-in of one device; knox keeps only a digest of its token."""

    id = models.UUIDField(unique=True, default=uuid4, editable=False)
    sealed_device = sealed_field()  # name, under the owner's key
    last_seen_at = models.DateTimeField(null=True)
